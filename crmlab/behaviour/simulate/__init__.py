"""Worlds of behaviour whose truth is known.

trade      simulate_assortment, simulate_lines, simulate_payments, simulate_deliveries: what is
           bought, at which prices, and how it is paid and sent
catalogue  simulate_catalogue: answers to a catalogue, and the next offer at random
offers     simulate_letters: customers who buy anyway, or because of a letter
base       simulate_base: customers with a planted group among them
groups     simulate_groups: groups that overlap, and two that interact
holders    simulate_card_holders: the card users of the printed tree
prospects  simulate_prospects: chances and values, with a leak and a drift
"""

from .base import Base as Base
from .base import simulate_base as simulate_base
from .catalogue import Catalogue as Catalogue
from .catalogue import simulate_catalogue as simulate_catalogue
from .groups import simulate_groups as simulate_groups
from .holders import simulate_card_holders as simulate_card_holders
from .offers import letter_answers as letter_answers
from .offers import simulate_letters as simulate_letters
from .prospects import simulate_prospects as simulate_prospects
from .trade import Assortment as Assortment
from .trade import simulate_assortment as simulate_assortment
from .trade import simulate_deliveries as simulate_deliveries
from .trade import simulate_lines as simulate_lines
from .trade import simulate_payments as simulate_payments
