from .simulate import concentrate as concentrate
from .simulate import draw_purchases as draw_purchases
from .simulate import draw_refunds as draw_refunds
from .simulate import simulate_purchases as simulate_purchases

__all__: list[str]
