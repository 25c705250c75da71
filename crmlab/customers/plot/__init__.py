"""Pictures of customers: result frames in, Axes out."""

from .customers import plot_lasting_by_score as plot_lasting_by_score
from .customers import plot_relationship_types as plot_relationship_types
from .customers import plot_type_confusion as plot_type_confusion
from .customers import plot_want_value as plot_want_value
from .economics import plot_brought as plot_brought
from .economics import plot_budget_curve as plot_budget_curve
from .economics import plot_contact_yield as plot_contact_yield
from .economics import plot_referral_effect as plot_referral_effect
from .growth import plot_growth as plot_growth
from .growth import plot_sales_change as plot_sales_change
from .parties import plot_customer_flow as plot_customer_flow
from .parties import plot_party_sets as plot_party_sets
from .shares import plot_share_paths as plot_share_paths
from .stages import plot_stage_confusion as plot_stage_confusion
from .stages import plot_stage_flow as plot_stage_flow
from .stages import plot_stage_shares as plot_stage_shares
