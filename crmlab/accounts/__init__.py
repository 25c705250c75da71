"""What we really know about key accounts: visits, cues, SWOT, rivals, value chains and deals.

simulate arguments, seed -> data, truth   accounts, leads, raters, rivals, flows, deals
measure  frames -> frames      visit plans, hit rates, matrices, rivals, waits, forecasts
plot     result frames -> Axes maps, clouds, ladders, plans, control charts
explore  widgets -> pictures   hours for visits, a point in a matrix, a line that grows
insurer, chain, swot, account_file   the case OK, and what cannot be filled wrongly
"""

import lazy_loader

# The names themselves stand in the stub beside this file; each verb loads when first used.
__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
