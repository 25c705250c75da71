"""Pictures of sources, surveys and what makes them wrong.

sources    plot_information_scores, plot_channels, plot_sources
survey     plot_bias_audit, plot_methods, plot_timeline
careless   plot_precheck, plot_flag_curve
"""

from .careless import plot_flag_curve as plot_flag_curve
from .careless import plot_precheck as plot_precheck
from .sources import plot_channels as plot_channels
from .sources import plot_information_scores as plot_information_scores
from .sources import plot_sources as plot_sources
from .survey import plot_bias_audit as plot_bias_audit
from .survey import plot_methods as plot_methods
from .survey import plot_timeline as plot_timeline
