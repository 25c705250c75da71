from .measure import Repurchase as Repurchase
from .measure import quadrant_summary as quadrant_summary
from .measure import quadrants as quadrants
from .measure import repurchase as repurchase
from .measure import repurchase_gaps as repurchase_gaps
from .measure import repurchase_summary as repurchase_summary
from .plot import plot_quadrants as plot_quadrants
from .plot import plot_repurchase as plot_repurchase
from .simulate import Cards as Cards
from .simulate import simulate_cards as simulate_cards

__all__: list[str]
