"""Records of one person, found by what was learned from pairs."""

from .match import Matcher as Matcher
from .match_records import Matched as Matched
from .match_records import match_records as match_records
