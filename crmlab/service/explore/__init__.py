"""What a reader can move: offers made by hand, thresholds of rules, the degree of tailoring.

bandit     explore_bandit: make the offers yourself, beside Thompson
rules      explore_rules: thresholds, and what they find
tailoring  explore_tailoring: how unlike customers are, how noisy the trials, what a version costs
"""

from .bandit import explore_bandit as explore_bandit
from .bandit import played_by_hand as played_by_hand
from .rules import explore_rules as explore_rules
from .rules import rules_picture as rules_picture
from .tailoring import explore_tailoring as explore_tailoring
from .tailoring import tailoring_picture as tailoring_picture
