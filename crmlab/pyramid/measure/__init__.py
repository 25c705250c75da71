"""Pyramids, concentration, cost to serve and migration, from money per customer.

ranking        checks of money per customer, and its order
tiers          pyramid, pyramid_tiers, metal_pyramid, metal_tiers
concentration  lorenz, concentration
migration      migration
"""

from .concentration import Concentration as Concentration
from .concentration import concentration as concentration
from .concentration import lorenz as lorenz
from .migration import migration as migration
from .tiers import metal_pyramid as metal_pyramid
from .tiers import metal_tiers as metal_tiers
from .tiers import pyramid as pyramid
from .tiers import pyramid_tiers as pyramid_tiers
