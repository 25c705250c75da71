"""Pictures of pyramids, concentration, cost to serve and migration: frames in, Axes out.

tiers          plot_pyramid, plot_migration
concentration  plot_lorenz
"""

from .concentration import plot_lorenz as plot_lorenz
from .tiers import plot_migration as plot_migration
from .tiers import plot_pyramid as plot_pyramid
