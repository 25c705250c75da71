"""Fans, referrals, sellers who win sellers, two offers, and a stall."""

from .club import FanClub as FanClub
from .club import simulate_fan_club as simulate_fan_club
from .direct_selling import DirectSelling as DirectSelling
from .direct_selling import simulate_sellers as simulate_sellers
from .fans import Fans as Fans
from .fans import simulate_fans as simulate_fans
from .friends import Friends as Friends
from .friends import simulate_friends as simulate_friends
from .launch import Launch as Launch
from .launch import simulate_launch as simulate_launch
from .offers import simulate_arrivals as simulate_arrivals
from .offers import simulate_reposts as simulate_reposts
from .referrals import simulate_referrals as simulate_referrals
from .spread import simulate_spread as simulate_spread
from .stall import simulate_stall as simulate_stall
