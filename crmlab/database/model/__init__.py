"""Fitted, then used: what is learned from a customer database."""

from .effects import DesignEffects as DesignEffects
from .match import Matcher as Matcher
from .match_records import Matched as Matched
from .match_records import match_records as match_records
