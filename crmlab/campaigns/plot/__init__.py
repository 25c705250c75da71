"""Pictures of campaigns: result frames in, Axes out."""

from .effects import plot_design_effects as plot_design_effects
from .effects import plot_response_by_hour as plot_response_by_hour
from .manage import plot_gap_7s as plot_gap_7s
from .manage import plot_maturity as plot_maturity
from .manage import plot_staffing as plot_staffing
from .panel import plot_event_study as plot_event_study
from .panel import plot_site_change as plot_site_change
from .trials import plot_doors as plot_doors
from .trials import plot_peeking as plot_peeking
from .trials import plot_power_curve as plot_power_curve
from .trials import plot_treatment_effect as plot_treatment_effect
from .uplift import plot_loop_profit as plot_loop_profit
from .uplift import plot_uplift as plot_uplift
from .uplift import plot_uplift_profit as plot_uplift_profit
from .weeks import plot_effect_by_week as plot_effect_by_week
from .weeks import plot_points_triangle as plot_points_triangle
from .weeks import plot_synthetic_control as plot_synthetic_control
