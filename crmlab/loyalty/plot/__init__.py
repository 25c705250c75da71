"""Pictures of satisfaction and loyalty: result frames in, Axes out."""

from .choices import plot_double_jeopardy as plot_double_jeopardy
from .choices import plot_switching as plot_switching
from .drivers import plot_satisfaction_drivers as plot_satisfaction_drivers
from .performance import plot_importance_performance as plot_importance_performance
from .scores import plot_ranking as plot_ranking
