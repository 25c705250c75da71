"""Whether customers are satisfied, or only still here.

simulate  arguments, seed -> data, truth   answers about satisfaction, with the true weights
measure   frames -> frames                 indices of loyalty, and what satisfies
plot      result frames -> Axes            the pictures
"""

import lazy_loader

# The names themselves stand in the stub beside this file; each verb loads when first used.
__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
