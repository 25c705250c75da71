from .measure import cumulative_amount as cumulative_amount
from .measure import return_rate as return_rate
from .simulate import Assortment as Assortment
from .simulate import simulate_assortment as simulate_assortment
from .simulate import simulate_deliveries as simulate_deliveries
from .simulate import simulate_lines as simulate_lines
from .simulate import simulate_payments as simulate_payments

__all__: list[str]
