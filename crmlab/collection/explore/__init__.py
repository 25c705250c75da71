"""Sliders over the pure functions of this topic.

methods    explore_methods: what each way of asking gives for a budget
weighting  explore_weighting: what weighting mends, and what it cannot
"""

from .methods import explore_methods as explore_methods
from .methods import methods_picture as methods_picture
from .weighting import explore_weighting as explore_weighting
from .weighting import weighting_picture as weighting_picture
