"""People and organisations that cannot be reached, since nobody is there."""

from .eras import simulate_eras as simulate_eras
from .lifecycle import simulate_lifecycle as simulate_lifecycle
from .orders import simulate_orders as simulate_orders
from .organisations import Organisations as Organisations
from .organisations import simulate_organisations as simulate_organisations
from .parties import simulate_parties as simulate_parties
from .parties import simulate_slips as simulate_slips
from .people import People as People
from .people import simulate_consents as simulate_consents
from .people import simulate_people as simulate_people
from .prospects import simulate_prospects as simulate_prospects
from .referred import simulate_referred as simulate_referred
from .relationships import simulate_relationships as simulate_relationships
from .selling import simulate_selling as simulate_selling
from .selling import simulate_spending as simulate_spending
from .wallets import simulate_wallets as simulate_wallets
