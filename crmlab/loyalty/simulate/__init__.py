"""Answers of customers who say how satisfied they are."""

from .satisfaction import simulate_satisfaction as simulate_satisfaction
