"""Who brings whom."""

from .network import reach_through_network as reach_through_network
from .network import seller_tree as seller_tree
