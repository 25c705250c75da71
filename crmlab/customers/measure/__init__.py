"""Which customers there are: relationships, needs, and whom to win."""

from .needs import needs_and_wants as needs_and_wants
from .needs import want_value as want_value
from .prospects import Foretelling as Foretelling
from .prospects import foretelling as foretelling
from .prospects import lasting_by_score as lasting_by_score
from .prospects import prospect_principles as prospect_principles
from .prospects import prospect_reasons as prospect_reasons
from .prospects import score_prospects as score_prospects
from .relationships import quarterly_profit as quarterly_profit
from .relationships import relationship_types as relationship_types
from .relationships import type_confusion as type_confusion
