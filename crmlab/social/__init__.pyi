from .simulate import Fans as Fans
from .simulate import draw_fans as draw_fans
from .simulate import draw_referrals as draw_referrals
from .simulate import simulate_fans as simulate_fans

__all__: list[str]
