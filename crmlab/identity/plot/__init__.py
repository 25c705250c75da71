"""Pictures of matching: result frames in, Axes out."""

from .match import plot_match_quality as plot_match_quality
from .match import plot_match_scores as plot_match_scores
from .match import plot_match_weights as plot_match_weights
from .steps import plot_identification_steps as plot_identification_steps
