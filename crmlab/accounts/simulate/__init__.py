"""Worlds of accounts, leads, raters, rivals and deals whose truth is known.

accounts  simulate_accounts: a firm's accounts, and the potential behind them
leads     simulate_leads: seven cues, three of which work
raters    simulate_raters, simulate_comparisons: judges with planted errors
rivals    simulate_rivals: a pair of rivals, and a pair that only looks like one
knowledge simulate_knowledge, simulate_ratings, simulate_copies: a rival, known and rated
flow      simulate_flow, simulate_losses: a value chain, and what it loses
pipeline  simulate_pipeline: deals, guesses and what came of them
"""

from .accounts import Accounts as Accounts
from .accounts import simulate_accounts as simulate_accounts
from .flow import simulate_flow as simulate_flow
from .flow import simulate_losses as simulate_losses
from .knowledge import simulate_copies as simulate_copies
from .knowledge import simulate_knowledge as simulate_knowledge
from .knowledge import simulate_ratings as simulate_ratings
from .leads import simulate_leads as simulate_leads
from .pipeline import simulate_pipeline as simulate_pipeline
from .raters import simulate_comparisons as simulate_comparisons
from .raters import simulate_raters as simulate_raters
from .rivals import Rivals as Rivals
from .rivals import simulate_rivals as simulate_rivals
