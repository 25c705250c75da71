from .simulate import Assortment as Assortment
from .simulate import draw_assortment as draw_assortment
from .simulate import draw_deliveries as draw_deliveries
from .simulate import draw_lines as draw_lines
from .simulate import draw_payments as draw_payments
from .simulate import simulate_lines as simulate_lines

__all__: list[str]
