"""How long customers stay, and what they bring.

simulate  arguments, seed -> data, truth   purchases until each customer drops out unseen
measure   frames -> frames                 survival curves, hazards and their comparison
"""

import lazy_loader

# The names themselves stand in the stub beside this file; each verb loads when first used.
__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
