"""Sliders over the pure functions of this topic.

ranking  explore_ranking: answers per branch, and what is left of a ranking
drivers  explore_drivers: drivers moved, and what that is said to bring
"""

from .drivers import drivers_picture as drivers_picture
from .drivers import explore_drivers as explore_drivers
from .ranking import explore_ranking as explore_ranking
from .ranking import ranking_picture as ranking_picture
