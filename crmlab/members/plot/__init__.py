"""Pictures of members. Nothing here computes: result frames in, Axes out.

grid  plot_quadrants, plot_repurchase
"""

from .grid import plot_quadrants as plot_quadrants
from .grid import plot_repurchase as plot_repurchase
