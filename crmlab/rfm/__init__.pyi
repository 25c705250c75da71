from .measure import return_probability as return_probability
from .plot import plot_return_probability as plot_return_probability
from .simulate import draw_supermarket as draw_supermarket
from .simulate import four_customers as four_customers
from .simulate import simulate_supermarket as simulate_supermarket

__all__: list[str]
