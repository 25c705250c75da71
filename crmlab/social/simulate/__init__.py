"""Fans, referrals, and sellers who win sellers."""

from .direct_selling import DirectSelling as DirectSelling
from .direct_selling import simulate_sellers as simulate_sellers
from .fans import Fans as Fans
from .fans import simulate_fans as simulate_fans
from .referrals import simulate_referrals as simulate_referrals
