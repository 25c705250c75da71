"""How long customers stay, from durations that may be unfinished, and from purchases.

durations    checks, and who was at risk when
survival     kaplan_meier, nelson_aalen, survival_quantiles, log_rank
budget       budget_split
retention    expected_life, retention_value, retention_gain, value_elasticity
cohorts      cohort_table
history      buying_history
calibration  calibration, holdout_table
competing    cumulative_incidence
hazards      observed_durations, hazard_by_age, episodes
response     response_speed
warning      raise_alarms, alarm_quality
"""

from .budget import budget_split as budget_split
from .calibration import calibration as calibration
from .calibration import holdout_table as holdout_table
from .cohorts import cohort_table as cohort_table
from .competing import cumulative_incidence as cumulative_incidence
from .hazards import episodes as episodes
from .hazards import hazard_by_age as hazard_by_age
from .hazards import observed_durations as observed_durations
from .history import buying_history as buying_history
from .response import response_speed as response_speed
from .retention import expected_life as expected_life
from .retention import retention_gain as retention_gain
from .retention import retention_value as retention_value
from .retention import value_elasticity as value_elasticity
from .survival import LogRank as LogRank
from .survival import kaplan_meier as kaplan_meier
from .survival import log_rank as log_rank
from .survival import nelson_aalen as nelson_aalen
from .survival import survival_quantiles as survival_quantiles
from .warning import alarm_quality as alarm_quality
from .warning import raise_alarms as raise_alarms
