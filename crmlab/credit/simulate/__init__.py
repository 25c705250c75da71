"""Situations of chapter 12 whose truth is known."""

from crmlab.credit.simulate.applicants import simulate_applicants as simulate_applicants
from crmlab.credit.simulate.dressing import Dressing as Dressing
from crmlab.credit.simulate.dressing import simulate_dressing as simulate_dressing
from crmlab.credit.simulate.files import simulate_files as simulate_files
from crmlab.credit.simulate.files import simulate_raters as simulate_raters
from crmlab.credit.simulate.files import three_files as three_files
from crmlab.credit.simulate.firms import Loans as Loans
from crmlab.credit.simulate.firms import simulate_loans as simulate_loans
from crmlab.credit.simulate.firms import simulate_statements as simulate_statements
from crmlab.credit.simulate.sellers import Marketplace as Marketplace
from crmlab.credit.simulate.sellers import simulate_sellers as simulate_sellers
