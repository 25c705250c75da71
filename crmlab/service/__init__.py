"""What to do for one customer next: what went wrong, what they said, and what serving them costs.

simulate  arguments, seed -> data, truth   failures, complaints, ratings and calls after purchases
measure   frames -> frames                 what complaints do
plot      result frames -> Axes            the pictures
"""

import lazy_loader

# The names themselves stand in the stub beside this file; each verb loads when first used.
__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
