"""Play the game of doors, and look at a test too early."""

from .doors import doors_by_hand as doors_by_hand
from .doors import explore_doors as explore_doors
from .peeking import explore_peeking as explore_peeking
from .peeking import peeking_picture as peeking_picture
