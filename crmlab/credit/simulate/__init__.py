"""Situations of chapter 12 whose truth is known."""

from crmlab.credit.simulate.firms import Loans as Loans
from crmlab.credit.simulate.firms import simulate_loans as simulate_loans
from crmlab.credit.simulate.firms import simulate_statements as simulate_statements
