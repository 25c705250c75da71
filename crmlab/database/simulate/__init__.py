"""Situations in which a customer database is needed, with their truth."""

from .cards import Selling as Selling
from .cards import SimulatedSelling as SimulatedSelling
from .cards import simulate_direct_selling as simulate_direct_selling
from .direct_selling import DirectSelling as DirectSelling
from .direct_selling import simulate_sellers as simulate_sellers
from .prospects import simulate_prospects as simulate_prospects
from .relationships import simulate_relationships as simulate_relationships
from .satisfaction import simulate_satisfaction as simulate_satisfaction
from .sheet import OrderSheetTruth as OrderSheetTruth
from .sheet import SimulatedSheet as SimulatedSheet
from .sheet import simulate_order_sheet as simulate_order_sheet
