"""Worlds of cards, visits and contacts whose truth is known.

cards       simulate_cards: who opens one, under two policies
openings    simulate_openings: stores that push the card at random, with a best rate
visits      simulate_visits: rhythms that never change, regular or not, alike or not
contacts    simulate_contacts: contact intervals at random, with a best one
profile     simulate_members: who joins, under a policy and a change
treatments  simulate_treatments: a trial with effects by quadrant
tastes      simulate_tastes: what members like, and buy
"""

from .cards import Cards as Cards
from .cards import simulate_cards as simulate_cards
from .contacts import Patience as Patience
from .contacts import simulate_contacts as simulate_contacts
from .openings import simulate_openings as simulate_openings
from .profile import simulate_members as simulate_members
from .tastes import simulate_tastes as simulate_tastes
from .treatments import simulate_treatments as simulate_treatments
from .visits import simulate_visits as simulate_visits
