from .measure import PromotionROI as PromotionROI
from .measure import fedex_rfm as fedex_rfm
from .measure import growth_target as growth_target
from .measure import promotion_roi as promotion_roi
from .measure import return_probability as return_probability
from .measure import rfm as rfm
from .measure import rfm_map as rfm_map
from .measure import rfm_scores as rfm_scores
from .measure import rfm_segments as rfm_segments
from .measure import segment_guide as segment_guide
from .measure import segment_summary as segment_summary
from .measure import trajectories as trajectories
from .measure import trajectory_group as trajectory_group
from .plot import plot_return_probability as plot_return_probability
from .plot import plot_rfm_map as plot_rfm_map
from .plot import plot_segments as plot_segments
from .plot import plot_trajectories as plot_trajectories
from .simulate import draw_letter as draw_letter
from .simulate import draw_shippers as draw_shippers
from .simulate import draw_supermarket as draw_supermarket
from .simulate import four_customers as four_customers
from .simulate import simulate_letter as simulate_letter
from .simulate import simulate_shippers as simulate_shippers
from .simulate import simulate_supermarket as simulate_supermarket

__all__: list[str]
