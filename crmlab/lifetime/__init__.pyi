from .measure import LogRank as LogRank
from .measure import kaplan_meier as kaplan_meier
from .measure import log_rank as log_rank
from .measure import nelson_aalen as nelson_aalen
from .measure import survival_quantiles as survival_quantiles
from .simulate import concentrate as concentrate
from .simulate import simulate_purchases as simulate_purchases
from .simulate import simulate_refunds as simulate_refunds

__all__: list[str]
