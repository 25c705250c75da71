"""What is fitted to customers' histories and then looks ahead.

likelihood   maxima of likelihoods, with standard errors
histories    different buying histories, each once
btyd         what the next two share
bgnbd        BGNBD, MBGNBD
pareto       ParetoNBD
gamma_gamma  GammaGamma
sbg          ShiftedBetaGeometric, naive_projections
value        customer_value, base_value
cox          CoxModel
grids        alive_over_time, frequency_recency
warning      warning_scores
"""

from .bgnbd import BGNBD as BGNBD
from .bgnbd import MBGNBD as MBGNBD
from .cox import CoxModel as CoxModel
from .gamma_gamma import GammaGamma as GammaGamma
from .grids import alive_over_time as alive_over_time
from .grids import frequency_recency as frequency_recency
from .pareto import ParetoNBD as ParetoNBD
from .sbg import ShiftedBetaGeometric as ShiftedBetaGeometric
from .sbg import naive_projections as naive_projections
from .value import base_value as base_value
from .value import customer_value as customer_value
from .warning import warning_scores as warning_scores
