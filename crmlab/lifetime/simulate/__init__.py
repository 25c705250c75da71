"""Purchases of customers who drop out one day without saying so."""

from .concentration import concentrate as concentrate
from .log import Log as Log
from .log import Refunds as Refunds
from .log import draw_log as draw_log
from .log import draw_refunded as draw_refunded
from .purchases import draw_purchases as draw_purchases
from .purchases import draw_refunds as draw_refunds
from .purchases import simulate_purchases as simulate_purchases
