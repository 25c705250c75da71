"""Worlds of spend, service and migration whose truth is known.

concentrated  simulate_concentrated: 80:20 by law, lognormal or Pareto
service       simulate_service: margins, service events, and customers who cost money
periods       simulate_two_periods: habit and luck, lost and new
"""

from .concentrated import lognormal_sigma as lognormal_sigma
from .concentrated import pareto_shape as pareto_shape
from .concentrated import simulate_concentrated as simulate_concentrated
from .periods import simulate_two_periods as simulate_two_periods
from .service import Service as Service
from .service import simulate_service as simulate_service
