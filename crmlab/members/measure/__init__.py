"""What can be counted of a membership card, and what it is worth.

cards      opening_rate, effective_cards
churn      rolling_churn
openings   opening_profit, best_opening_rate
gaps       repurchase, repurchase_gaps, repurchase_summary
rhythm     repurchase_by_month, gap_survival, gap_length
promotion  promotion_coverage
contact    contact_plan, contact_test
grid       quadrants, quadrant_summary, quadrant_flow
profile    profile, profile_drift, stability_index, drift_after_policy
value      added_value
suggest    suggestions, hit_rates, assistant_card
window     next_purchase_window
"""

from .cards import effective_cards as effective_cards
from .cards import opening_rate as opening_rate
from .churn import rolling_churn as rolling_churn
from .contact import contact_plan as contact_plan
from .contact import contact_test as contact_test
from .gaps import Repurchase as Repurchase
from .gaps import repurchase as repurchase
from .gaps import repurchase_gaps as repurchase_gaps
from .gaps import repurchase_summary as repurchase_summary
from .grid import quadrant_flow as quadrant_flow
from .grid import quadrant_summary as quadrant_summary
from .grid import quadrants as quadrants
from .openings import BestRate as BestRate
from .openings import best_opening_rate as best_opening_rate
from .openings import opening_profit as opening_profit
from .profile import drift_after_policy as drift_after_policy
from .profile import profile as profile
from .profile import profile_drift as profile_drift
from .profile import stability_index as stability_index
from .promotion import promotion_coverage as promotion_coverage
from .rhythm import GapLength as GapLength
from .rhythm import gap_length as gap_length
from .rhythm import gap_survival as gap_survival
from .rhythm import repurchase_by_month as repurchase_by_month
from .suggest import AssistantCard as AssistantCard
from .suggest import assistant_card as assistant_card
from .suggest import hit_rates as hit_rates
from .suggest import suggestions as suggestions
from .value import AddedValue as AddedValue
from .value import added_value as added_value
from .window import next_purchase_window as next_purchase_window
