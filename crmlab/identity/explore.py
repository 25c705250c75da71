"""A slider over the pure functions of this topic."""

from __future__ import annotations

import pandas as pd
from ipywidgets import FloatSlider, VBox
from matplotlib.figure import Figure

from crmlab._checks import require_columns, require_numbers, require_real
from crmlab._theme import figure_html
from crmlab._widgets import follow
from crmlab._words import _
from crmlab.identity.measure import MatchQuality
from crmlab.identity.plot import plot_match_scores

__all__ = ["explore_threshold", "threshold_picture", "threshold_quality"]


def threshold_quality(pairs: pd.DataFrame, truth: pd.DataFrame, *, weight: float) -> MatchQuality:
    """Precision, recall and F1 if every pair of at least this weight is joined.

    Parameters
    ----------
    pairs : DataFrame, one row per pair that was compared
        left, right : record ids
        weight : float64
    truth : DataFrame, one row per record, with record_id and customer_id
    weight : float
        From which weight on a pair counts as one person.

    Returns
    -------
    MatchQuality
        Over the pairs themselves: what follows from two joined pairs is not added.

    Raises
    ------
    MissingColumnsError
        If a frame lacks a column.

    See Also
    --------
    crmlab.identity.measure.match_quality : of records that were joined into people.

    Examples
    --------
    >>> pairs = pd.DataFrame({"left": [1, 1], "right": [2, 3], "weight": [5.0, -2.0]})
    >>> truth = pd.DataFrame({"record_id": [1, 2, 3], "customer_id": [7, 7, 7]})
    >>> threshold_quality(pairs, truth, weight=0)
    MatchQuality(found=1, true=3, right=1, precision=1.0, recall=0.3333333333333333, f1=0.5)
    """
    require_real(weight=weight)
    require_columns(pairs, "left", "right", "weight")
    require_numbers(pairs, "weight")
    require_columns(truth, "record_id", "customer_id")

    joined = pairs[pairs["weight"] >= weight]
    who = truth.set_index("record_id")["customer_id"]
    same = joined["left"].map(who).to_numpy() == joined["right"].map(who).to_numpy()
    heads = who.value_counts()
    found, right = len(joined), int(same.sum())
    true = int((heads * (heads - 1) // 2).sum())
    shares = (right / n if n else float("nan") for n in (found, true, (found + true) / 2))
    return MatchQuality(found, true, right, *shares)


def threshold_picture(pairs: pd.DataFrame, *, weight: float) -> Figure:
    """Return the weights of all pairs, joined from `weight` on.

    The figure is not registered with pyplot, so a notebook shows it once, where asked.

    Parameters
    ----------
    pairs : DataFrame, of `match_records`, with the weight of each pair
    weight : float, the weight from which pairs are joined
    """
    figure = Figure(figsize=(8, 4), layout="constrained")
    joined = pairs.assign(match=pairs["weight"] >= weight)
    plot_match_scores(joined, threshold=1 / (1 + 2.0**-weight), ax=figure.subplots())
    return figure


def explore_threshold(pairs: pd.DataFrame, truth: pd.DataFrame) -> VBox:
    """Return a slider for the weight from which pairs are joined, above what comes of it.

    Parameters
    ----------
    pairs : DataFrame, of `match_records`, with the weight of each pair
    truth : DataFrame, the pairs that are one person, of the simulator
    """
    low, high = pairs["weight"].min() // 1, pairs["weight"].max() // 1
    slider = FloatSlider(0, min=min(low, 0), max=max(high, 0), step=1, description=_("join from"),
                         readout_format=".0f")  # fmt: skip

    def page(weight: float) -> str:
        quality = threshold_quality(pairs, truth, weight=weight)
        words = _("precision {precision:.1%}, recall {recall:.1%}")
        words = words.format(precision=quality.precision, recall=quality.recall)
        joined = _("Joined from {weight:.0f} on: {words}").format(weight=weight, words=words)
        alt = _("Weights of all pairs, joined from {weight:.0f} on: {words}")
        alt = alt.format(weight=weight, words=words)
        return f"<p>{joined}</p>{figure_html(threshold_picture(pairs, weight=weight), alt=alt)}"

    return follow({"weight": slider}, page)
