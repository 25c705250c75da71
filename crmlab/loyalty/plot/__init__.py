"""Pictures of satisfaction: result frames in, Axes out."""

from .drivers import plot_satisfaction_drivers as plot_satisfaction_drivers
