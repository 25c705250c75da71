"""Indices of loyalty, and what satisfies."""

from .drivers import satisfaction_drivers as satisfaction_drivers
from .indices import loyalty_index as loyalty_index
from .indices import potential_index as potential_index
from .indices import wallet as wallet
