from .measure import Concentration as Concentration
from .measure import concentration as concentration
from .measure import lorenz as lorenz
from .measure import metal_pyramid as metal_pyramid
from .measure import metal_tiers as metal_tiers
from .measure import migration as migration
from .measure import pyramid as pyramid
from .measure import pyramid_tiers as pyramid_tiers
from .plot import plot_lorenz as plot_lorenz
from .plot import plot_migration as plot_migration
from .plot import plot_pyramid as plot_pyramid

__all__: list[str]
