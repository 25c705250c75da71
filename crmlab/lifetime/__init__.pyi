from .simulate import concentrate as concentrate
from .simulate import simulate_purchases as simulate_purchases
from .simulate import simulate_refunds as simulate_refunds

__all__: list[str]
