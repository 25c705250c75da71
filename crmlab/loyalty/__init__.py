"""Whether customers are satisfied, or only still here.

simulate  arguments, seed -> data, truth   answers, choices, spending, a points programme
measure   frames -> frames                 scores with intervals, drivers, classes, switching
model     frames -> fitted -> frames       NBD-Dirichlet, choice with price, ordered logit
plot      result frames -> Axes            the pictures
explore   widgets -> pictures              drivers moved; sample size and a ranking
"""

import lazy_loader

# The names themselves stand in the stub beside this file; each verb loads when first used.
__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
