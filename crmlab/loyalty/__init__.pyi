from .measure import loyalty_index as loyalty_index
from .measure import potential_index as potential_index
from .measure import satisfaction_drivers as satisfaction_drivers
from .measure import wallet as wallet
from .plot import plot_satisfaction_drivers as plot_satisfaction_drivers
from .simulate import simulate_satisfaction as simulate_satisfaction

__all__: list[str]
