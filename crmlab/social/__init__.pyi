from .simulate import Fans as Fans
from .simulate import simulate_fans as simulate_fans
from .simulate import simulate_referrals as simulate_referrals

__all__: list[str]
