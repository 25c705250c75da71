"""Purchases of customers who drop out one day without saying so."""

from .concentration import concentrate as concentrate
from .log import Log as Log
from .log import Refunds as Refunds
from .log import purchase_log as purchase_log
from .log import refunded_rows as refunded_rows
from .purchases import simulate_purchases as simulate_purchases
from .purchases import simulate_refunds as simulate_refunds
