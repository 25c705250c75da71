"""Named segments of scores: nobody left out, nobody in two."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from crmlab._checks import require_at_least, require_columns, require_numbers, require_values
from crmlab.errors import OutOfRangeError
from crmlab.rfm.measure.guide import segment_guide
from crmlab.rfm.measure.scores import DIMENSIONS

_ELSE = "else"  # the rule of who is in no other segment
_SCORES = [f"{name}_score" for name in DIMENSIONS]


def rfm_segments(
    scores: pd.DataFrame, *, segments: Mapping[str, str] | None = None, bins: int = 5
) -> pd.DataFrame:
    """Put each customer into one named segment, by the three scores.

    Parameters
    ----------
    scores : DataFrame, as returned by `rfm_scores`
        recency_score, frequency_score, monetary_score : int64 in 1..bins
        Other columns are kept.
    segments : mapping of names to rules, optional
        A rule says which scores belong to the segment, in the words recency, frequency and
        monetary: ``{"hot": "recency >= 4", "cold": "else"}``; "else" takes what no other rule
        takes. The eight segments of `segment_guide` when omitted.
    bins : int, 2 or more
        Highest score that `rfm_scores` was asked for.

    Returns
    -------
    DataFrame, the rows of `scores` with one more column
        segment : str

    Raises
    ------
    MissingColumnsError
        If `scores` lacks one of the three columns.
    BadRowsError
        If one of the three has a missing value.
    OutOfRangeError
        If a score lies outside 1..bins, or the rules leave a combination of scores out, give
        one to two segments, or cannot be read.

    See Also
    --------
    segment_guide : the names, rules and advice.
    segment_summary : counts and money per segment.

    Examples
    --------
    >>> scores = pd.DataFrame(
    ...     {"recency_score": [5, 1], "frequency_score": [5, 5], "monetary_score": [5, 4]})
    >>> rfm_segments(scores)["segment"].to_list()
    ['champions', 'slipping away']
    """
    require_columns(scores, *_SCORES)
    given = _require_scores(scores, _SCORES, bins)
    if segments is None:
        guide = segment_guide(bins=bins)
        segments = dict(zip(guide["segment"], guide["rule"], strict=True))

    names = _names_of_cells(segments, bins)
    place = (given - 1) @ np.array([bins**2, bins, 1])
    return scores.assign(segment=pd.array(names[place], dtype="str"))


def _names_of_cells(segments: Mapping[str, str], bins: int) -> np.ndarray:
    """Return the segment of each of the bins**3 cells, or raise where there is not just one."""
    if not segments:
        raise OutOfRangeError("segments={} leaves everybody out; give at least one rule.")
    score = np.arange(1, bins + 1)
    grid = pd.MultiIndex.from_product([score] * 3, names=[*DIMENSIONS]).to_frame(index=False)
    rest = [str(rule).strip() == _ELSE for rule in segments.values()]
    member = np.column_stack(
        [
            np.zeros(len(grid), dtype=bool) if is_rest else _members(grid, name, rule)
            for (name, rule), is_rest in zip(segments.items(), rest, strict=True)
        ]
    )
    member[:, rest] = ~member.any(axis=1, keepdims=True)
    taken = member.sum(axis=1)
    if (taken != 1).any():
        faults = [
            f"{', '.join(np.array([*segments])[here]) or 'no segment'}: {cell}"
            for cell, here in zip(grid.itertuples(index=False, name=None), member, strict=True)
            if here.sum() != 1
        ]
        raise OutOfRangeError(
            "each combination of scores needs exactly one segment. Wrong for these (recency, "
            f"frequency, monetary): {'; '.join(faults)}. Change the rules of segments=…"
        )
    return np.array([*segments], dtype=object)[member.argmax(axis=1)]


def _members(grid: pd.DataFrame, name: str, rule: str) -> np.ndarray:
    """Return which rows of `grid` the rule takes."""
    try:
        taken = np.asarray(grid.eval(rule, engine="python"))
        if taken.dtype != bool:
            raise TypeError(f"it gives {taken.dtype}, not true or false")
    except Exception as error:  # pandas has no common class for what it cannot read
        raise OutOfRangeError(
            f"the rule of segment {name!r} cannot be read: {rule!r} ({error}). Write it like "
            "'recency >= 4 and monetary < 3'."
        ) from error
    return np.broadcast_to(taken, len(grid))


def _require_scores(scores: pd.DataFrame, columns: list[str], bins: int) -> np.ndarray:
    """Return the columns as int64, or raise if they are no whole numbers from 1 to `bins`."""
    require_values(scores, *columns)
    require_at_least("bins", bins, 2)
    given = scores[columns].to_numpy()
    if not np.isin(given, np.arange(1, bins + 1)).all():
        raise OutOfRangeError(
            f"scores must be whole numbers from 1 to bins={bins}; got {given.min()} to "
            f"{given.max()}. Say bins=… as in rfm_scores."
        )
    return given.astype("int64")


def segment_summary(segments: pd.DataFrame) -> pd.DataFrame:
    """Headcount and money of each segment.

    Parameters
    ----------
    segments : DataFrame, as returned by `rfm_segments`
        segment : str
        days_since_last, frequency : int64
        monetary : float64

    Returns
    -------
    DataFrame, one row per segment that has customers, biggest spend first
        segment : str
        customers : int64
        share_of_customers : float64 in [0, 1]
        spend : float64
        share_of_spend : float64; missing unless the total is positive
        mean_spend : float64, per customer
        mean_frequency : float64
        median_days_since_last : float64

    Raises
    ------
    MissingColumnsError
        If `segments` lacks one of the four columns.

    See Also
    --------
    crmlab.rfm.plot.plot_segments : draws this frame.

    Examples
    --------
    >>> segments = pd.DataFrame({"segment": ["a", "b"], "days_since_last": [1, 9],
    ...                          "frequency": [3, 1], "monetary": [75.0, 25.0]})
    >>> segment_summary(segments)[["segment", "customers", "share_of_spend"]]
      segment  customers  share_of_spend
    0       a          1            0.75
    1       b          1            0.25
    """
    require_columns(segments, "segment", *DIMENSIONS.values())
    require_numbers(segments, *DIMENSIONS.values())

    table = segments.groupby("segment", as_index=False).agg(
        customers=("monetary", "size"),
        spend=("monetary", "sum"),
        mean_spend=("monetary", "mean"),
        mean_frequency=("frequency", "mean"),
        median_days_since_last=("days_since_last", "median"),
    )
    total = table["spend"].to_numpy().sum()
    table.insert(2, "share_of_customers", table["customers"] / table["customers"].sum())
    table.insert(4, "share_of_spend", table["spend"] / (total if total > 0 else np.nan))
    return table.sort_values(["spend", "segment"], ascending=[False, True], ignore_index=True)


def rfm_map(scores: pd.DataFrame, *, bins: int = 5) -> pd.DataFrame:
    """Headcount and money of each cell of recency by frequency score.

    Parameters
    ----------
    scores : DataFrame, as returned by `rfm_scores`
        recency_score, frequency_score : int64 in 1..bins
        monetary : float64
    bins : int, 2 or more
        Highest score that `rfm_scores` was asked for.

    Returns
    -------
    DataFrame, one row per cell, empty ones included, sorted by both scores
        recency_score, frequency_score : int64
        customers : int64
        spend : float64, total of the cell
        mean_spend : float64, per customer; missing where there is none

    Raises
    ------
    MissingColumnsError
        If `scores` lacks one of the three columns.
    OutOfRangeError
        If a score lies outside 1..bins.

    See Also
    --------
    crmlab.rfm.plot.plot_rfm_map : draws this frame.

    Examples
    --------
    >>> scores = pd.DataFrame(
    ...     {"recency_score": [2, 2], "frequency_score": [2, 2], "monetary": [30.0, 10.0]})
    >>> rfm_map(scores, bins=2).tail(1)
       recency_score  frequency_score  customers  spend  mean_spend
    3              2                2          2   40.0        20.0
    """
    both = ["recency_score", "frequency_score"]
    require_columns(scores, *both, "monetary")
    require_values(scores, "monetary")
    _require_scores(scores, both, bins)

    score = range(1, bins + 1)
    cells = pd.MultiIndex.from_product([score, score], names=both)
    found = scores.groupby(both)["monetary"].agg(customers="size", spend="sum")
    table = found.reindex(cells, fill_value=0).reset_index()
    return table.assign(mean_spend=table["spend"] / table["customers"])
