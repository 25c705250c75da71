"""Is the membership card working: opened, used, lost, contacted, and worth its records.

simulate arguments, seed -> data, truth   cards, openings, visits, contacts, profiles, tastes
measure  purchases -> frames   openings, effective cards, churn, gaps, quadrants, tests, suggestions
plot     result frames -> Axes each of them as a picture
explore  widgets -> pictures   when a card is effective, how often to call, how long to promote
"""

import lazy_loader

# The names themselves stand in the stub beside this file; each verb loads when first used.
__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
