"""Who pays for the party: tiers, concentration, cost to serve and migration.

simulate  arguments, seed -> data, truth   spend of a chosen concentration, service, two periods
measure   money per customer -> frames     pyramids, Lorenz, net value, whale curve, migration
plot      result frames -> Axes            each of them as a picture
explore   widgets -> pictures              move the cuts, move the tariffs
"""

import lazy_loader

# The names themselves stand in the stub beside this file; each verb loads when first used.
__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
