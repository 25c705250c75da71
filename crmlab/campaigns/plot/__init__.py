"""Pictures of campaigns: result frames in, Axes out."""

from .effects import plot_design_effects as plot_design_effects
from .effects import plot_response_by_hour as plot_response_by_hour
