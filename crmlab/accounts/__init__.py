"""What we really know about key accounts: visits, cues, SWOT, rivals, value chains and deals.

simulate arguments, seed -> data, truth   accounts, leads, raters, rivals
measure  frames -> frames   visit plans, hit rates, weights, matrices, rivals, what tables imply
insurer  the case of OK, an insurer
swot     a SWOT that cannot be filled wrongly
"""

import lazy_loader

# The names themselves stand in the stub beside this file; each verb loads when first used.
__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
