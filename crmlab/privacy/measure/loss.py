"""What a table lost when it was made anonymous."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from crmlab._checks import (
    require_columns,
    require_list,
    require_numbers,
    require_single,
    require_values,
)
from crmlab._groups import bincount, class_codes
from crmlab.errors import BadRowsError, OutOfRangeError
from crmlab.privacy.measure.classes import columns_of


@dataclass(frozen=True)
class InformationLoss:
    """What was given up, 0 for nothing.

    certainty : float in [0, 1], normalised certainty penalty: how wide the released values are
        beside all there is, on average over rows and columns; a row left out counts 1
    discernibility : float, mean over all rows of the number of rows each looks like; a row left
        out looks like all
    suppressed : int, rows left out
    """

    certainty: float
    discernibility: float
    suppressed: int


def information_loss(
    original: pd.DataFrame, released: pd.DataFrame, *, quasi: Sequence[str]
) -> InformationLoss:
    """How much wider and more alike the released rows are than the original ones.

    The width of a released value is taken from the original values it stands for: the spread of
    numbers and dates over the spread of the column; of other values, how many more than one it
    stands for, over how many more than one there are.

    Parameters
    ----------
    original : DataFrame, one row per person
    released : DataFrame, with the same index where rows were kept
    quasi : sequence of str, columns of both

    Returns
    -------
    InformationLoss
        certainty, discernibility, suppressed

    Raises
    ------
    MissingColumnsError
        If one of the frames lacks a column.
    BadRowsError
        If `released` has a row that `original` has not, or an index value stands twice.
    OutOfRangeError
        If there are no people, or no quasi-identifiers.

    Source
    ------
    Certainty: Xu, J. et al. (2006). Utility-based anonymization using local recoding. KDD, 785-790.
    doi:10.1145/1150402.1150504. Discernibility: Bayardo, R. J. and Agrawal, R. (2005). Data privacy
    through optimal k-anonymization. ICDE, 217-228. doi:10.1109/ICDE.2005.42

    Examples
    --------
    >>> before = pd.DataFrame({"born": [1970, 1979, 1990, 1990]})
    >>> after = pd.DataFrame({"born": ["1970-1979", "1970-1979", "1990", "1990"]})
    >>> information_loss(before, after, quasi=["born"])
    InformationLoss(certainty=0.225, discernibility=2.0, suppressed=0)
    """
    columns = columns_of(original, quasi)
    kept = _kept(original, released, columns)
    n, lost = len(original), len(original) - len(released)
    width = sum(
        _widths(original[column], kept[column], released[column]).sum() for column in columns
    )
    size = bincount(class_codes(released, columns)) if len(released) else np.zeros(1)
    return InformationLoss(
        certainty=float(width / len(columns) + lost) / n,
        discernibility=float((size.astype("float64") ** 2).sum() + lost * n) / n,
        suppressed=lost,
    )


def seen_by_band(
    original: pd.DataFrame,
    released: pd.DataFrame,
    *,
    column: str,
    value: str,
    edges: Sequence[float] | Sequence[pd.Timestamp],
) -> pd.DataFrame:
    """Mean of a value by band of a column: as it is, and as the released table shows it.

    The reader of the released table sees a range such as 1970-1979 and spreads its people evenly
    over it. A band into which nobody falls has no mean.

    Parameters
    ----------
    original : DataFrame, one row per person
    released : DataFrame, with the same index where rows were kept
    column : str, of both frames; numbers or dates in the original
    value : str, column of numbers of `original`, such as spend
    edges : increasing values of `column`; a band holds its lower edge and not its upper one

    Returns
    -------
    DataFrame, one row per band
        band : str, lower edge; dates as their year
        people : int64, in the original
        mean : float64, of the original
        people_seen, mean_seen : float64, as the reader of the released table sees it

    Raises
    ------
    MissingColumnsError
        If a frame lacks a column.
    BadRowsError
        If `released` has a row that `original` has not, or an index value stands twice.
    OutOfRangeError
        If there are no people, `value` holds no numbers, `column` neither numbers nor dates,
        or `edges` do not increase or are of another kind.

    See Also
    --------
    crmlab.privacy.plot.plot_seen_by_band : draws this frame.

    Examples
    --------
    >>> before = pd.DataFrame({"age": [21, 29, 40], "spend": [1.0, 5.0, 9.0]})
    >>> after = pd.DataFrame({"age": ["21-40", "21-40", "21-40"]})
    >>> seen_by_band(before, after, column="age", value="spend", edges=[20, 30, 50])
      band  people  mean  people_seen  mean_seen
    0   20       2   3.0     1.421053        5.0
    1   30       1   9.0     1.578947        5.0
    """
    columns_of(original, [column, value])
    require_numbers(original, value)
    require_list("edges", edges, "[20, 40, 60]")
    kept = _kept(original, released, [column])
    if original[column].dtype.kind != "M":
        require_numbers(original, column)
    steps = pd.Index(edges)
    if len(steps) < 2 or not (steps.is_monotonic_increasing and steps.is_unique):
        raise OutOfRangeError(f"edges must be two or more increasing values; got {[*edges]}.")
    try:
        steps.to_numpy().astype(original[column].to_numpy().dtype)
    except (TypeError, ValueError) as error:
        raise OutOfRangeError(
            f"edges must be such as {column} holds, {original[column].dtype}; got {[*edges]}."
        ) from error

    told = kept[column].groupby(released[column].to_numpy(), dropna=False)
    ends = {"low": told.transform("min"), "high": told.transform("max")}
    seen = _by_band(pd.DataFrame(ends), kept[value], steps)
    exact = {"low": original[column], "high": original[column]}
    people, mean = _by_band(pd.DataFrame(exact), original[value], steps)
    columns = {"people": people.astype("int64"), "mean": mean}
    columns |= {"people_seen": seen[0], "mean_seen": seen[1]}
    names = [str(getattr(edge, "year", edge)) for edge in steps[:-1]]
    return pd.DataFrame({"band": pd.Series(names, dtype="str"), **columns})


def _by_band(
    ends: pd.DataFrame, values: pd.Series, steps: pd.Index
) -> tuple[np.ndarray, np.ndarray]:
    """Return people and mean value of each band, when rows lie evenly between their ends."""
    groups = values.groupby([ends["low"], ends["high"]])
    size, total = groups.size(), groups.sum().to_numpy("float64")
    kind = ends["low"].to_numpy().dtype  # dates may come at another resolution than the edges
    low, high = (
        size.index.get_level_values(end).to_numpy().astype(kind).astype("float64")[:, None]
        for end in ("low", "high")
    )
    edges = steps.to_numpy().astype(kind).astype("float64")
    inside = np.minimum(high, edges[1:]) - np.maximum(low, edges[:-1])
    spread = high > low
    share = np.clip(inside, 0, None) / np.where(spread, high - low, 1)
    share = np.where(spread, share, (low >= edges[:-1]) & (low < edges[1:]))
    people = size.to_numpy() @ share
    mean = np.divide(total @ share, people, out=np.full(len(people), np.nan), where=people > 0)
    return people, mean


def _kept(original: pd.DataFrame, released: pd.DataFrame, columns: list[str]) -> pd.DataFrame:
    """Return the original rows that were released, in the order of the release."""
    require_columns(released, *columns)
    require_values(original, *columns)
    require_single(released, *columns)
    for frame in (original, released):
        if not frame.index.is_unique:
            raise BadRowsError(
                "an index value stands twice, so rows cannot be told apart; "
                "number them first: frame.reset_index(drop=True)"
            )
    strange = released.index.difference(original.index)
    if len(strange):
        raise BadRowsError(
            f"{len(strange)} released row(s) do not stand in the original: {[*strange[:10]]}. "
            "Keep the index when you make the released table."
        )
    return original.loc[released.index, :]


def _widths(whole: pd.Series, original: pd.Series, released: pd.Series) -> pd.Series:
    """Return for each released value how wide it is, 0 to 1, beside the `whole` column."""
    groups = original.groupby(released.to_numpy(), dropna=False)
    if original.dtype.kind in "iufM":
        spread, all_of_it = groups.transform("max") - groups.transform("min"), np.ptp(whole)
    else:
        spread, all_of_it = groups.transform("nunique") - 1, whole.nunique() - 1
    return spread / all_of_it if all_of_it else spread * 0.0
