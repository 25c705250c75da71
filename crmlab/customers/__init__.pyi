from .measure import Foretelling as Foretelling
from .measure import foretelling as foretelling
from .measure import lasting_by_score as lasting_by_score
from .measure import needs_and_wants as needs_and_wants
from .measure import prospect_principles as prospect_principles
from .measure import prospect_reasons as prospect_reasons
from .measure import quarterly_profit as quarterly_profit
from .measure import relationship_types as relationship_types
from .measure import score_prospects as score_prospects
from .measure import type_confusion as type_confusion
from .measure import want_value as want_value
from .plot import plot_lasting_by_score as plot_lasting_by_score
from .plot import plot_relationship_types as plot_relationship_types
from .plot import plot_type_confusion as plot_type_confusion
from .plot import plot_want_value as plot_want_value
from .simulate import Organisations as Organisations
from .simulate import People as People
from .simulate import simulate_consents as simulate_consents
from .simulate import simulate_orders as simulate_orders
from .simulate import simulate_organisations as simulate_organisations
from .simulate import simulate_people as simulate_people
from .simulate import simulate_prospects as simulate_prospects
from .simulate import simulate_relationships as simulate_relationships

__all__: list[str]
