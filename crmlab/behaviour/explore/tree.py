"""Let a tree grow, and see what its boxes say on new data."""

from __future__ import annotations

from functools import partial

import pandas as pd
from ipywidgets import IntSlider, VBox
from matplotlib.figure import Figure

from crmlab._widgets import under
from crmlab._words import _
from crmlab.behaviour.model import ResponseTree
from crmlab.behaviour.plot import plot_tree

Parts = tuple[pd.DataFrame, pd.Series]


def tree_picture(old: Parts, new: Parts, *, depth: int, least: int) -> Figure:
    """Return the boxes of a tree grown on `old`, with the rates of `new` beside its own.

    The figure is not registered with pyplot, so a notebook shows it once, where asked.

    Parameters
    ----------
    old, new : tuple of columns and outcome, as `ResponseTree.fit` reads them
    depth : int, at least 1; questions asked of a customer at most
    least : int, at least 1; customers in a box at least
    """
    tree = ResponseTree(max_depth=depth, min_customers=least).fit(*old)
    figure = Figure(figsize=(max(9.0, 4.3 * depth), 2 + 1.3 * depth), layout="constrained")
    plot_tree(tree.boxes(*new), ax=figure.subplots())
    return figure


def explore_tree(old: Parts, new: Parts) -> VBox:
    """Return sliders for the depth and the least box of a tree, above its boxes.

    Parameters
    ----------
    old, new : tuple of columns and outcome, as `ResponseTree.fit` reads them
    """
    made = {
        "depth": IntSlider(1, min=1, max=3, description=_("depth")),
        "least": IntSlider(100, min=20, max=1_000, step=20, description=_("least box")),
    }
    alt = _("Decision tree of depth {depth}, boxes of at least {least} customers")
    return under(made, partial(tree_picture, old, new), alt)
