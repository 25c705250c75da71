"""Who is a customer, and what is one worth keeping: the people and organisations of a firm.

simulate  arguments, seed -> data, truth   people with households, addresses and consents;
                                            organisations and what they order; prospects; parties,
                                            contacts, referrals, wallets and lives in five stages
measure   frames -> frames                 who is a customer, stock and flow, what changed and why,
                                            costs, budgets, referrals, shares, stages; needs,
                                            relationships, prospects
model     frames -> fitted object          how success grows with spend
plot      result frames -> Axes            the pictures
explore   widgets over the others          flags of a party, split of a budget
"""

import lazy_loader

# The names themselves stand in the stub beside this file; each verb loads when first used.
__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
