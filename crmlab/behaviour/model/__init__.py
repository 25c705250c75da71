"""What is fitted and then foretells who answers.

cycle       BehaviourCycle: analyse, discover, evaluate, round after round
tree        ResponseTree, split_stability, pruning_path: a tree a manager can read
propensity  PropensityModel, ValueModel: the chance to buy, and what a sale brings
leaks       leak_report: columns that know the future
"""

from .cycle import BehaviourCycle as BehaviourCycle
from .leaks import leak_report as leak_report
from .propensity import PropensityModel as PropensityModel
from .propensity import ValueModel as ValueModel
from .tree import ResponseTree as ResponseTree
from .tree import pruning_path as pruning_path
from .tree import split_stability as split_stability
