"""Tables made anonymous: fit finds how coarsely to tell each column, transform tells it.

lattice   FullDomain: one step of its ladder per column, the same for all rows
mondrian  Mondrian: boxes of people, small where people are many
tradeoff  risk_utility: what each k costs and what it buys
"""

from .lattice import FullDomain as FullDomain
from .mondrian import Mondrian as Mondrian
from .tradeoff import risk_utility as risk_utility
