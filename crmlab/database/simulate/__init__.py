"""Situations in which a customer database is needed, with their truth."""

from .direct_selling import DirectSelling as DirectSelling
from .direct_selling import draw_direct_selling as draw_direct_selling
from .sheet import OrderSheetTruth as OrderSheetTruth
from .sheet import SimulatedSheet as SimulatedSheet
from .sheet import draw_order_sheet as draw_order_sheet
from .sheet import simulate_order_sheet as simulate_order_sheet
