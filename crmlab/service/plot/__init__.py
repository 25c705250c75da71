"""Pictures of service: result frames in, Axes out.

complaints  plot_complaint_to_churn
rules       plot_rules, plot_rules_by_chance
learning    plot_recommenders, plot_regret, plot_off_policy, plot_tailoring
cycles      plot_cycles
prices      plot_elasticity, plot_promotion
"""

from .complaints import plot_complaint_to_churn as plot_complaint_to_churn
from .cycles import plot_cycles as plot_cycles
from .learning import plot_off_policy as plot_off_policy
from .learning import plot_recommenders as plot_recommenders
from .learning import plot_regret as plot_regret
from .learning import plot_tailoring as plot_tailoring
from .prices import plot_elasticity as plot_elasticity
from .prices import plot_promotion as plot_promotion
from .rules import plot_rules as plot_rules
from .rules import plot_rules_by_chance as plot_rules_by_chance
