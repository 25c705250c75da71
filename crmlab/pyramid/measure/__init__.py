"""Pyramids, concentration, cost to serve and migration, from money per customer.

ranking     checks of money per customer, and its order
tiers       pyramid, pyramid_tiers, metal_pyramid, metal_tiers
inequality  lorenz, concentration
moves       migration
periods     pyramid_by_period
service     cost_to_serve, shift_events
value       net_value, whale_curve, value_cost
"""

from .inequality import Concentration as Concentration
from .inequality import concentration as concentration
from .inequality import lorenz as lorenz
from .moves import migration as migration
from .periods import pyramid_by_period as pyramid_by_period
from .service import cost_to_serve as cost_to_serve
from .service import shift_events as shift_events
from .tiers import metal_pyramid as metal_pyramid
from .tiers import metal_tiers as metal_tiers
from .tiers import pyramid as pyramid
from .tiers import pyramid_tiers as pyramid_tiers
from .value import net_value as net_value
from .value import value_cost as value_cost
from .value import whale_curve as whale_curve
