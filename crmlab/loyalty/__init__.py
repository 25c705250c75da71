"""Whether customers are satisfied, or only still here.

simulate  arguments, seed -> data, truth   answers and what drives them, with the truth
measure   frames -> frames                 scores with intervals, drivers, indices of loyalty
plot      result frames -> Axes            the pictures
"""

import lazy_loader

# The names themselves stand in the stub beside this file; each verb loads when first used.
__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
