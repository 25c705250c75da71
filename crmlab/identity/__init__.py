"""Which records are one person.

measure  frames -> frames                 normal forms, candidate pairs, clusters, golden records
model    frame -> fitted object -> frame  how much each field says, learned from the records
plot     result frame -> Axes             the pictures
explore  slider over the others           from which weight on pairs are joined
steps    the five steps of knowing who is who, and what the kit has for each
"""

import lazy_loader

# The names themselves stand in the stub beside this file; each verb loads when first used.
__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
