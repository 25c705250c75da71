from .measure import csat as csat
from .measure import driver_importance as driver_importance
from .measure import loyalty_index as loyalty_index
from .measure import net_promoter as net_promoter
from .measure import potential_index as potential_index
from .measure import response_weights as response_weights
from .measure import satisfaction_drivers as satisfaction_drivers
from .measure import shrunken as shrunken
from .measure import wallet as wallet
from .plot import plot_satisfaction_drivers as plot_satisfaction_drivers
from .simulate import simulate_recommendation as simulate_recommendation
from .simulate import simulate_satisfaction as simulate_satisfaction

__all__: list[str]
