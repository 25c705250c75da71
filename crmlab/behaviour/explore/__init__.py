"""Sliders and lists over the pure functions of this topic.

modes  explore_modes: a rule, condition by condition
tree   explore_tree: depth and size of boxes, where it grew and on new data
"""

from .modes import explore_modes as explore_modes
from .modes import mode_picture as mode_picture
from .tree import explore_tree as explore_tree
from .tree import tree_picture as tree_picture
