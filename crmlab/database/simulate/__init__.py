"""Situations in which a customer database is needed, with their truth."""

from .direct_selling import DirectSelling as DirectSelling
from .direct_selling import draw_direct_selling as draw_direct_selling
