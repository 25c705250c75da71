"""What happens to one customer after a purchase, and worlds in which the next one can be foretold.

aftersales  simulate_aftersales, simulate_failures, tariffs
baskets     simulate_baskets
extensions  simulate_extensions
prices      simulate_prices
bandit      simulate_bandit, simulate_logged
tailoring   simulate_tailoring
grocer      simulate_grocer, simulate_mailing
"""

from .aftersales import AfterSales as AfterSales
from .aftersales import AfterSalesTruth as AfterSalesTruth
from .aftersales import simulate_aftersales as simulate_aftersales
from .aftersales import simulate_failures as simulate_failures
from .aftersales import tariffs as tariffs
from .bandit import simulate_bandit as simulate_bandit
from .bandit import simulate_logged as simulate_logged
from .baskets import simulate_baskets as simulate_baskets
from .extensions import simulate_extensions as simulate_extensions
from .grocer import simulate_grocer as simulate_grocer
from .grocer import simulate_mailing as simulate_mailing
from .prices import simulate_prices as simulate_prices
from .tailoring import simulate_tailoring as simulate_tailoring
