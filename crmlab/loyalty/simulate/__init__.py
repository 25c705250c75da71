"""Answers of customers who say how satisfied they are, and what they do."""

from .recommendation import simulate_recommendation as simulate_recommendation
from .satisfaction import simulate_satisfaction as simulate_satisfaction
