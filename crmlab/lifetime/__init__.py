"""How long customers stay, and what they bring.

simulate  arguments, seed -> data, truth   purchases until each customer drops out unseen
measure   frames -> frames                 survival curves, hazards, cohorts, retention, histories
model     frames -> fitted -> frames       when contracts end, who is alive, what they will bring
plot      result frames -> Axes            curves, cohorts, forecasts and whether they came true
explore   widgets -> pictures              click a customer together, split a budget
"""

import lazy_loader

# The names themselves stand in the stub beside this file; each verb loads when first used.
__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
