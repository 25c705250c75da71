"""Sliders over the pure functions of this topic.

matrix  explore_matrix: move a point and its cloud among four zones
flow    explore_flow: load and servers of a value chain, beside M/M/c
visits  explore_visits: the hours for visits, by plan and by the biggest
"""

from .flow import explore_flow as explore_flow
from .flow import flow_picture as flow_picture
from .matrix import explore_matrix as explore_matrix
from .matrix import matrix_picture as matrix_picture
from .visits import explore_visits as explore_visits
from .visits import visits_picture as visits_picture
