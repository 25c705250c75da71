"""Survival curves, cohorts, and forecasts of buying, as pictures.

survival   plot_survival, plot_incidence, plot_projection, plot_lexis
retention  plot_retention_gain, plot_budget_split, plot_response_speed
customers  plot_cohorts, plot_alive, plot_frequency_recency, plot_calibration, plot_holdout
"""

from .customers import plot_alive as plot_alive
from .customers import plot_calibration as plot_calibration
from .customers import plot_cohorts as plot_cohorts
from .customers import plot_frequency_recency as plot_frequency_recency
from .customers import plot_holdout as plot_holdout
from .retention import plot_budget_split as plot_budget_split
from .retention import plot_response_speed as plot_response_speed
from .retention import plot_retention_gain as plot_retention_gain
from .survival import plot_incidence as plot_incidence
from .survival import plot_lexis as plot_lexis
from .survival import plot_projection as plot_projection
from .survival import plot_survival as plot_survival
