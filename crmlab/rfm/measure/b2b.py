"""A scorecard for business customers, and how far its ranking hangs on the weights."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from crmlab._checks import require_at_least, require_columns, require_probability, require_values
from crmlab.errors import OutOfRangeError

# The weights of the course, in its order.
_WEIGHTS = {
    "average_turnover": 0.30,
    "change_in_turnover": 0.25,
    "current_relation": 0.15,
    "technical_link": 0.20,
    "partnership": 0.10,
}


def b2b_score(scores: pd.DataFrame, *, weights: Mapping[str, float] | None = None) -> pd.DataFrame:
    """Weighted score and rank of each business customer.

    The course calls it the RFM of business customers, but it is a scorecard: nothing in it
    says when a customer last bought. Its criteria and weights are average turnover 30%, change
    in turnover 25%, current relation 15%, technical link 20% and partnership 10%.

    Parameters
    ----------
    scores : DataFrame, one row per customer
        A column per criterion with scores from 1 to 5, higher is better. Other columns are kept.
    weights : mapping of column to share, optional
        Shares of 0 or more that sum to 1; the course's when omitted, for the columns
        average_turnover, change_in_turnover, current_relation, technical_link, partnership.

    Returns
    -------
    DataFrame, the rows of `scores` with two more columns
        b2b_score : float64, 1 to 5
        b2b_rank : int64, 1 is best; equal scores share the best of their ranks

    Raises
    ------
    MissingColumnsError
        If a criterion has no column.
    BadRowsError
        If a score is missing.
    OutOfRangeError
        If the weights do not sum to 100%, one is negative, or a score lies outside 1 to 5.

    See Also
    --------
    rank_stability : whether other weights give other ranks.

    Examples
    --------
    >>> scores = pd.DataFrame({
    ...     "customer_id": ["A"], "average_turnover": [5], "change_in_turnover": [4],
    ...     "current_relation": [3], "technical_link": [2], "partnership": [1],
    ... })
    >>> b2b_score(scores)[["customer_id", "b2b_score", "b2b_rank"]]
      customer_id  b2b_score  b2b_rank
    0           A       3.45         1
    """
    shares = _shares(weights)
    values = _values(scores, shares)
    score = _score(values, shares)
    return scores.assign(b2b_score=score, b2b_rank=_rank(score))


def rank_stability(
    scores: pd.DataFrame, *, weights: Mapping[str, float] | None = None, change: float = 0.10
) -> pd.DataFrame:
    """How the ranking changes when one weight falls or rises and the others make room.

    Each weight in turn is lowered and raised by `change` (never below 0 or above 1). What the
    others had in common is shared among them in their old proportions, evenly if all were 0.

    Parameters
    ----------
    scores : DataFrame, one row per customer, two or more, as for `b2b_score`
    weights : mapping of column to share, optional
        As for `b2b_score`.
    change : float in (0, 1]
        Share of the total weight: 0.10 turns 30% into 20% and 40%.

    Returns
    -------
    DataFrame, two rows per criterion, in the order of the weights
        criterion : str
        direction : str, "less" or "more"
        weight : float64, its weight after the change
        agreement : float64 in [-1, 1], Kendall's tau-b with the old ranking; missing where all
            customers of one of the rankings are equal
        moved : int64, customers whose rank is another one
        mean_move : float64, places by which a customer moves on average
        same_leaders : bool, whether the same customers come first

    Raises
    ------
    MissingColumnsError, BadRowsError, OutOfRangeError
        As `b2b_score`; also if there are fewer than two customers or `change` is no share.

    See Also
    --------
    crmlab.rfm.plot.plot_rank_stability : draws this frame as a tornado.

    Source
    ------
    Kendall (1945), doi:10.1093/biomet/33.3.239.

    Examples
    --------
    >>> scores = pd.DataFrame({"price": [5, 2], "trust": [3, 5]})
    >>> table = rank_stability(scores, weights={"price": 0.5, "trust": 0.5}, change=0.2)
    >>> table[["criterion", "direction", "weight", "moved"]]
      criterion direction  weight  moved
    0     price      less     0.3      2
    1     price      more     0.7      0
    2     trust      less     0.3      0
    3     trust      more     0.7      2
    """
    shares = _shares(weights)
    values = _values(scores, shares)
    require_at_least("the number of customers", len(scores), 2)
    require_probability("change", change)

    before = _rank(_score(values, shares))
    rows = []
    for position, criterion in enumerate(shares.index):
        for direction, step in (("less", -change), ("more", change)):
            tilted = _tilted(shares, position, step)
            after = _rank(_score(values, tilted))
            row = {"criterion": criterion, "direction": direction, "weight": tilted.iloc[position]}
            rows.append(row | _compared(before, after))
    return pd.DataFrame(rows)


def _shares(weights: Mapping[str, float] | None) -> pd.Series:
    """Return the weights as a Series, or raise if they are no shares of a whole."""
    shares = pd.Series(dict(_WEIGHTS if weights is None else weights), dtype="float64")
    if not (shares >= 0).all() or not np.isclose(shares.sum(), 1, rtol=0, atol=1e-9):
        raise OutOfRangeError(
            f"weights must be shares of 0 or more that sum to 1, which is 100%; "
            f"got {shares.to_dict()}, which sum to {shares.sum():.6g}."
        )
    return shares


def _values(scores: pd.DataFrame, shares: pd.Series) -> np.ndarray:
    """Return the scores, a row per customer and a column per criterion."""
    criteria = [str(name) for name in shares.index]
    require_columns(scores, *criteria)
    require_values(scores, *criteria)
    values = scores[criteria].to_numpy(dtype="float64")
    outside = (values < 1) | (values > 5)
    if outside.any():
        rows = np.flatnonzero(outside.any(axis=1))
        raise OutOfRangeError(
            f"scores must lie from 1 to 5; {rows.size} row(s) have others: {rows.tolist()}."
        )
    return values


def _score(values: np.ndarray, shares: pd.Series) -> np.ndarray:
    # Rounded, so that customers with equal scores tie whatever the order of the sum.
    return (values @ shares.to_numpy()).round(9)


def _rank(score: np.ndarray) -> np.ndarray:
    return pd.Series(-score).rank(method="min").to_numpy("int64")


def _tilted(shares: pd.Series, position: int, step: float) -> pd.Series:
    """Return the weights after one moves by `step` and the others keep their proportions."""
    others = shares.to_numpy().copy()
    weight = np.clip(others[position] + step, 0, 1)
    others[position] = 0
    if others.sum() == 0:
        others = np.where(np.arange(others.size) == position, 0.0, 1.0)
    tilted = others / max(others.sum(), 1e-300) * (1 - weight)
    tilted[position] = weight
    return pd.Series(tilted, index=shares.index)


def _compared(before: np.ndarray, after: np.ndarray) -> dict[str, object]:
    """Return how far two rankings of the same customers agree."""
    places = np.abs(before - after)
    return {
        "agreement": pd.Series(before).corr(pd.Series(after), method="kendall"),
        "moved": int((places > 0).sum()),
        "mean_move": float(places.mean()),
        "same_leaders": bool(((before == 1) == (after == 1)).all()),
    }
