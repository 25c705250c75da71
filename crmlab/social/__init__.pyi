from .measure import reach_through_network as reach_through_network
from .measure import seller_tree as seller_tree
from .plot import plot_seller_tree as plot_seller_tree
from .simulate import DirectSelling as DirectSelling
from .simulate import Fans as Fans
from .simulate import simulate_fans as simulate_fans
from .simulate import simulate_referrals as simulate_referrals
from .simulate import simulate_sellers as simulate_sellers

__all__: list[str]
