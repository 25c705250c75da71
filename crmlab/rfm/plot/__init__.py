"""Pictures of chapter 06. Nothing here computes: result frames in, Axes out."""

from crmlab.rfm.plot.returns import plot_return_probability as plot_return_probability
