"""Is the membership card working: who returns, after how long, and in which quadrant.

simulate arguments, seed -> data, truth   cards under two policies
measure  purchases -> frames   repurchase frequency and days, four quadrants
plot     result frames -> Axes gaps between purchases, the quadrants with their cross
"""

import lazy_loader

# The names themselves stand in the stub beside this file; each verb loads when first used.
__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
