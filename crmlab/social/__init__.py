"""Whether fans buy or buyers follow: fans, what they do, and whom they bring.

simulate  arguments, seed -> data, truth   fans, follows, interactions, referrals; direct sellers
measure   frames -> frames                 who reaches whom through a network
plot      result frames -> Axes            the pictures
"""

import lazy_loader

# The names themselves stand in the stub beside this file; each verb loads when first used.
__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
