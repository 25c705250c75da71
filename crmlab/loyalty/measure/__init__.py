"""Scores with intervals, what satisfies, who is loyal, who switches, what a programme brings."""

from .attitude import loyalty_classes as loyalty_classes
from .attitude import within_between as within_between
from .drivers import satisfaction_drivers as satisfaction_drivers
from .importance import driver_importance as driver_importance
from .indices import loyalty_index as loyalty_index
from .indices import potential_index as potential_index
from .indices import wallet as wallet
from .kano import reward_penalty as reward_penalty
from .performance import importance_performance as importance_performance
from .programme import programme_effect as programme_effect
from .response import response_weights as response_weights
from .scores import csat as csat
from .scores import net_promoter as net_promoter
from .shrink import shrunken as shrunken
from .switching import ChoiceMemory as ChoiceMemory
from .switching import choice_memory as choice_memory
from .switching import steady_state as steady_state
from .switching import switching_matrix as switching_matrix
