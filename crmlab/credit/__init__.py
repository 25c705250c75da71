"""Whom a firm can trust with credit: expert schemes, statements and scorecards.

simulate  arguments, seed -> data, truth   statements, loans, borrowers, sellers
measure   frame -> frame                   ratios, verdicts, how good a score is, where to stop
model     frame -> fitted object -> frame  weights of evidence and the scorecard made of them
plot      result frame -> Axes             the pictures
explore   widgets -> picture               move cut-offs, borders and base rates
"""

import lazy_loader

# The names themselves stand in the stub beside this file; each verb loads when first used.
__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
