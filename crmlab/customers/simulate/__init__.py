"""People and organisations that cannot be reached, since nobody is there."""

from .orders import draw_orders as draw_orders
from .orders import simulate_orders as simulate_orders
from .organisations import Organisations as Organisations
from .organisations import SimulatedOrganisations as SimulatedOrganisations
from .organisations import draw_organisations as draw_organisations
from .organisations import simulate_organisations as simulate_organisations
from .people import People as People
from .people import draw_consents as draw_consents
from .people import draw_people as draw_people
from .people import simulate_people as simulate_people
