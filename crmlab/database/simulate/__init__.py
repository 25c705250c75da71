"""Situations in which a customer database is needed, with their truth."""

from .cards import Selling as Selling
from .cards import SimulatedSelling as SimulatedSelling
from .cards import simulate_direct_selling as simulate_direct_selling
from .direct_selling import DirectSelling as DirectSelling
from .direct_selling import draw_direct_selling as draw_direct_selling
from .prospects import draw_prospects as draw_prospects
from .prospects import simulate_prospects as simulate_prospects
from .relationships import draw_relationships as draw_relationships
from .relationships import simulate_relationships as simulate_relationships
from .satisfaction import draw_satisfaction as draw_satisfaction
from .satisfaction import simulate_satisfaction as simulate_satisfaction
from .sheet import OrderSheetTruth as OrderSheetTruth
from .sheet import SimulatedSheet as SimulatedSheet
from .sheet import draw_order_sheet as draw_order_sheet
from .sheet import simulate_order_sheet as simulate_order_sheet
