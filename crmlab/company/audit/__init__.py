"""The auditor: what must hold in every believable firm, and the rows that break it.

books   the tables of a world as the sentences read them, and what a sentence is
people  ages, homes, roles, consents
trade   purchases, lines, payments, deliveries, returns, what comes after
firm    promotions, fans, referrals, sellers, organisations, loans, records
laws    shares and means against the scenario, within three standard errors
check   check_company: all of them at once
"""

from .check import Audit as Audit
from .check import check_company as check_company
