"""Where customer data come from: several systems, and the same people in each of them.

simulate  arguments, seed -> data, truth   records with typing errors, old and missing fields
"""

import lazy_loader

# The names themselves stand in the stub beside this file; each verb loads when first used.
__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
