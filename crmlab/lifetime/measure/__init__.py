"""How long customers stay, from durations that may be unfinished.

durations  checks, and who was at risk when
survival   kaplan_meier, nelson_aalen, survival_quantiles, log_rank
"""

from .survival import LogRank as LogRank
from .survival import kaplan_meier as kaplan_meier
from .survival import log_rank as log_rank
from .survival import nelson_aalen as nelson_aalen
from .survival import survival_quantiles as survival_quantiles
