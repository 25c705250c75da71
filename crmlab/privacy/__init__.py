"""How much can be learned without learning who: pseudonyms, groups, noise, rules and attacks.

simulate   arguments, seed -> data, truth   a town in two files, a panel of shoppers
measure    frames -> frames                 anonymity, published tables, noisy answers, attacks
model      fit -> transform                 tables made anonymous: full-domain lattice, Mondrian
plot       result frames -> Axes            risk, utility, published cells, noise
explore    widgets -> pictures              move k or epsilon, see what the analyst loses
vault      keys and identities              pseudonyms that only the vault can undo
spelling   one spelling for ids and names that a reader cannot tell apart
gate       who asked what, and why not      purpose, consent, retention, minimisation, audit log
budget     epsilon, spent once              refuses when nothing is left
hierarchy  from a day to a decade           how each column can be told more coarsely
"""

import lazy_loader

# The names themselves stand in the stub beside this file; each verb loads when first used.
__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
