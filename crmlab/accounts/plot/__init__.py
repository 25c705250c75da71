"""Pictures of visits, cues, clouds, rivals, plans, value chains and deals.

visits   plot_visit_plan, plot_cue_hit_rates: whom to visit, and which cue to follow
clouds   plot_zone_chances: opportunities or threats with how unsure they are
rivals   plot_rival_map, plot_knowledge_level, plot_persistence: competitors
insurer  plot_share_readings, plot_strategy: a printed table, and a plan with its gap
flow     plot_steps, plot_control_chart: value chains
deals    plot_forecast: what a pipeline may bring
"""

from .clouds import plot_zone_chances as plot_zone_chances
from .deals import plot_forecast as plot_forecast
from .flow import plot_control_chart as plot_control_chart
from .flow import plot_steps as plot_steps
from .insurer import plot_share_readings as plot_share_readings
from .insurer import plot_strategy as plot_strategy
from .rivals import plot_knowledge_level as plot_knowledge_level
from .rivals import plot_persistence as plot_persistence
from .rivals import plot_rival_map as plot_rival_map
from .visits import plot_cue_hit_rates as plot_cue_hit_rates
from .visits import plot_visit_plan as plot_visit_plan
