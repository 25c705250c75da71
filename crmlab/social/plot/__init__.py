"""Pictures of networks: result frames in, Axes out."""

from .sellers import plot_seller_tree as plot_seller_tree
