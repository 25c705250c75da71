"""Who will buy again.

simulate  arguments, seed -> data, truth      purchases, shippers and segments we chose
measure   frame -> frame                      recency, frequency, money and what follows from them
model     frame -> fitted object -> frame     groups that are found rather than defined
plot      result frame -> Axes                the pictures
explore   widgets -> picture                  move the weights and the cuts
"""

import lazy_loader

# The names themselves stand in the stub beside this file; each verb loads when first used.
__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
