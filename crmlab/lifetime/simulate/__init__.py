"""Customers who stay for a time: contracts, purchases until an unseen dropout, cards, shoes."""

from .calls import simulate_delayed_calls as simulate_delayed_calls
from .concentration import concentrate as concentrate
from .contracts import simulate_contracts as simulate_contracts
from .fading import simulate_fading as simulate_fading
from .gold import simulate_gold_cards as simulate_gold_cards
from .purchases import simulate_purchases as simulate_purchases
from .purchases import simulate_refunds as simulate_refunds
from .saving import simulate_saving as simulate_saving
from .shoes import simulate_running_shoes as simulate_running_shoes
