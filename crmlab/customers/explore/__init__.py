"""Toggles and sliders over the pure functions of this topic.

parties  explore_party: six flags, three labels, and the place among three circles
budget   explore_returns: what winning and keeping cost, and the best split of a budget
"""

from .budget import explore_returns as explore_returns
from .budget import returns_picture as returns_picture
from .parties import explore_party as explore_party
from .parties import party_picture as party_picture
