"""What customers do: what lies in their baskets, at which prices, and how it is paid and sent.

simulate  arguments, seed -> data, truth   products, prices, lines, payments, deliveries
measure   frames -> frames                 what was bought so far, and what came back
"""

import lazy_loader

# The names themselves stand in the stub beside this file; each verb loads when first used.
__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
