"""Answers of customers who say how satisfied they are, and what they choose and spend."""

from .attitudes import simulate_loyalty as simulate_loyalty
from .choices import simulate_choices as simulate_choices
from .panel import simulate_satisfaction_panel as simulate_satisfaction_panel
from .points import simulate_points as simulate_points
from .prices import simulate_priced_choices as simulate_priced_choices
from .reactions import simulate_reactions as simulate_reactions
from .recommendation import simulate_recommendation as simulate_recommendation
from .satisfaction import simulate_satisfaction as simulate_satisfaction
