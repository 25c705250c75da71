from .simulate import Organisations as Organisations
from .simulate import People as People
from .simulate import draw_consents as draw_consents
from .simulate import draw_orders as draw_orders
from .simulate import draw_organisations as draw_organisations
from .simulate import draw_people as draw_people
from .simulate import simulate_orders as simulate_orders
from .simulate import simulate_organisations as simulate_organisations
from .simulate import simulate_people as simulate_people

__all__: list[str]
