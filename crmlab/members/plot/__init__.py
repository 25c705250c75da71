"""Pictures of members. Nothing here computes: result frames in, Axes out.

grid    plot_quadrants, plot_repurchase
base    plot_quadrant_flow, plot_profile
cards   plot_effective_cards, plot_rolling_churn, plot_opening_profit
rhythm  plot_repurchase_by_month, plot_gap_survival
trials  plot_contact_test, plot_promotion_coverage
"""

from .base import plot_profile as plot_profile
from .base import plot_quadrant_flow as plot_quadrant_flow
from .cards import plot_effective_cards as plot_effective_cards
from .cards import plot_opening_profit as plot_opening_profit
from .cards import plot_rolling_churn as plot_rolling_churn
from .grid import plot_quadrants as plot_quadrants
from .grid import plot_repurchase as plot_repurchase
from .rhythm import plot_gap_survival as plot_gap_survival
from .rhythm import plot_repurchase_by_month as plot_repurchase_by_month
from .trials import plot_contact_test as plot_contact_test
from .trials import plot_promotion_coverage as plot_promotion_coverage
