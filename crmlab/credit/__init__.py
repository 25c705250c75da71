"""Whom a firm can trust with credit: statements that balance, loans, and who repays.

simulate  arguments, seed -> data, truth   statements, loans, repayments
"""

import lazy_loader

# The names themselves stand in the stub beside this file; each verb loads when first used.
__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
