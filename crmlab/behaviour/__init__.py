"""What customers do, and which of them answer; what lies in a basket, and what it costs.

simulate  arguments, seed -> data, truth   baskets, letters, catalogues, groups, prospects
measure   frames -> frames                 modes, indices, overlap, a printed tree, lists
model     frames -> fitted -> frames       the loop of three stages, trees, chances and values
plot      result frames -> Axes            the pictures
explore   widgets -> pictures              a rule of answers, a tree that grows
"""

import lazy_loader

# The names themselves stand in the stub beside this file; each verb loads when first used.
__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
