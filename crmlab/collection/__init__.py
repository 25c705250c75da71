"""Where customer data come from, and whether we can believe them.

simulate  arguments, seed -> data, truth      files, leads, sources and surveys, their truth known
measure   frames -> frames                    freshness, conversion, bias, made-up answers
model     frames -> fitted object -> frames   raked weights, and sources whose reliability is learnt
plot      result frames -> Axes               the pictures
explore   widgets over the others             methods for a budget, and what weighting misses
"""

import lazy_loader

# The names themselves stand in the stub beside this file; each verb loads when first used.
__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
