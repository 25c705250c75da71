"""Whether fans buy or buyers follow: fans, what they do, and whom they bring.

simulate  arguments, seed -> data, truth   fans, follows, interactions, referrals; offers, a stall
measure   frames -> frames                 what fans do and cause, whom they bring; waits and fees
plot      result frames -> Axes            the pictures
explore   widgets over the others          cause or mark; the line of a stall
"""

import lazy_loader

# The names themselves stand in the stub beside this file; each verb loads when first used.
__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
