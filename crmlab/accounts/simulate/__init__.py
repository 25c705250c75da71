"""Worlds of accounts, leads, raters, rivals and deals whose truth is known.

accounts  simulate_accounts: a firm's accounts, and the potential behind them
leads     simulate_leads: seven cues, three of which work
raters    simulate_raters, simulate_comparisons: judges with planted errors
rivals    simulate_rivals: a pair of rivals, and a pair that only looks like one
"""

from .accounts import Accounts as Accounts
from .accounts import simulate_accounts as simulate_accounts
from .leads import simulate_leads as simulate_leads
from .raters import simulate_comparisons as simulate_comparisons
from .raters import simulate_raters as simulate_raters
from .rivals import Rivals as Rivals
from .rivals import simulate_rivals as simulate_rivals
