"""Who is a customer: the people and organisations a firm deals with.

simulate  arguments, seed -> data, truth   people with households, addresses and consents;
                                            organisations and what they order; prospects
measure   frames -> frames                 kinds of relationships, needs and wants, prospects
plot      result frames -> Axes            the pictures
"""

import lazy_loader

# The names themselves stand in the stub beside this file; each verb loads when first used.
__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
