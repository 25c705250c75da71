"""Pictures of pyramids, concentration, cost to serve and migration: frames in, Axes out.

tiers          plot_pyramid, plot_migration
concentration  plot_lorenz
periods        plot_pyramid_by_period
value          plot_whale_curve, plot_value_cost
"""

from .concentration import plot_lorenz as plot_lorenz
from .periods import plot_pyramid_by_period as plot_pyramid_by_period
from .tiers import plot_migration as plot_migration
from .tiers import plot_pyramid as plot_pyramid
from .value import plot_value_cost as plot_value_cost
from .value import plot_whale_curve as plot_whale_curve
