"""Pictures of risk, of what is lost, and of what is published: frames in, Axes out.

risk       plot_risk_by_quasi, plot_risk_utility
published  plot_published_table, plot_seen_by_band, plot_noisy_histogram
"""

from .published import plot_noisy_histogram as plot_noisy_histogram
from .published import plot_published_table as plot_published_table
from .published import plot_seen_by_band as plot_seen_by_band
from .risk import plot_risk_by_quasi as plot_risk_by_quasi
from .risk import plot_risk_utility as plot_risk_utility
