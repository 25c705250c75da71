"""People and organisations that cannot be reached, since nobody is there."""

from .orders import simulate_orders as simulate_orders
from .organisations import Organisations as Organisations
from .organisations import SimulatedOrganisations as SimulatedOrganisations
from .organisations import simulate_organisations as simulate_organisations
from .people import People as People
from .people import simulate_consents as simulate_consents
from .people import simulate_people as simulate_people
from .prospects import simulate_prospects as simulate_prospects
from .relationships import simulate_relationships as simulate_relationships
