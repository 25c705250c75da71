"""Indices of loyalty, how satisfied customers say they are, and what satisfies."""

from .drivers import satisfaction_drivers as satisfaction_drivers
from .importance import driver_importance as driver_importance
from .indices import loyalty_index as loyalty_index
from .indices import potential_index as potential_index
from .indices import wallet as wallet
from .response import response_weights as response_weights
from .scores import csat as csat
from .scores import net_promoter as net_promoter
from .shrink import shrunken as shrunken
