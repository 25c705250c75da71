"""Hehua (荷华), the fictional cosmetics and household firm of the course.

personas  the kinds of customers it has, planted for chapters to find
calendar  its window and its season
firm      company, truth = simulate_company(seed=…): its tables, and what only we know
"""

import lazy_loader

# The names themselves stand in the stub beside this file; each module loads when first used.
__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
