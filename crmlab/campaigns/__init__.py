"""Whether a campaign worked, or its customers would have bought anyway.

simulate  arguments, seed -> data, truth   promotions, who was contacted or held out, who answered
measure   frames -> frames                 what promotions cost and bring, and when answers come
model     fit -> summary                   what each part of a promotion adds
plot      result frames -> Axes            the pictures
"""

import lazy_loader

# The names themselves stand in the stub beside this file; each verb loads when first used.
__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
