"""A town whose people stand in two files, and a panel of shoppers: data with truth.

people  simulate_people
panel   simulate_panel
"""

from .panel import simulate_panel as simulate_panel
from .people import People as People
from .people import PeopleTruth as PeopleTruth
from .people import SimulatedPeople as SimulatedPeople
from .people import reserved_phones as reserved_phones
from .people import simulate_people as simulate_people
