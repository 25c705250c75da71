"""Pictures of a customer database: result frames in, Axes out."""

from .customers import plot_lasting_by_score as plot_lasting_by_score
from .customers import plot_relationship_types as plot_relationship_types
from .customers import plot_type_confusion as plot_type_confusion
from .customers import plot_want_value as plot_want_value
from .dependencies import plot_dependencies as plot_dependencies
from .effects import plot_complaint_to_churn as plot_complaint_to_churn
from .effects import plot_design_effects as plot_design_effects
from .effects import plot_response_by_hour as plot_response_by_hour
from .effects import plot_satisfaction_drivers as plot_satisfaction_drivers
from .match import plot_match_quality as plot_match_quality
from .match import plot_match_scores as plot_match_scores
from .match import plot_match_weights as plot_match_weights
from .sellers import plot_seller_tree as plot_seller_tree
from .steps import plot_identification_steps as plot_identification_steps
