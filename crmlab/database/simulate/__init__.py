"""Situations in which a customer database is needed, with their truth."""

from .cards import Selling as Selling
from .cards import SimulatedSelling as SimulatedSelling
from .cards import simulate_direct_selling as simulate_direct_selling
from .sheet import OrderSheetTruth as OrderSheetTruth
from .sheet import SimulatedSheet as SimulatedSheet
from .sheet import simulate_order_sheet as simulate_order_sheet
