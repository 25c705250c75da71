from .simulate import Organisations as Organisations
from .simulate import People as People
from .simulate import simulate_consents as simulate_consents
from .simulate import simulate_orders as simulate_orders
from .simulate import simulate_organisations as simulate_organisations
from .simulate import simulate_people as simulate_people

__all__: list[str]
