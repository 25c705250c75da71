"""What to do for one customer next: what goes together, what to offer, and what went wrong.

simulate  arguments, seed -> data, truth   after-sales events, baskets, offers, households
measure   frames -> frames                 complaints, rules, rankings, regret, cycles, degrees
model     frames -> fitted object          recommenders with reasons
plot      result frames -> Axes            each of them as a picture
explore   widgets                          offers by hand, thresholds, the degree of tailoring
"""

import lazy_loader

# The names themselves stand in the stub beside this file; each verb loads when first used.
__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
