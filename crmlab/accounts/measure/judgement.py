"""How far judgements can be trusted: two raters, and weights from comparisons in pairs."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from crmlab._checks import (
    require_columns,
    require_key,
    require_numbers,
    require_rows,
    require_values,
)
from crmlab._purchases import plain_values
from crmlab.accounts.measure.known import plain
from crmlab.accounts.swot import KINDS
from crmlab.credit.measure.agreement import weighted_kappa
from crmlab.errors import BadRowsError, OutOfRangeError

# Mean consistency index of random tables of 3 to 15 things, 100,000 tables of each size.
RANDOM_INDEX = (
    *(0.5245, 0.8815, 1.1086, 1.2479, 1.3417, 1.4056, 1.4499, 1.4854, 1.5141, 1.5365, 1.5551),
    *(1.5713, 1.5838),
)


@dataclass(frozen=True)
class SwotAgreement:
    """How far two raters sort the same facts alike, and where they do not.

    kappa, low, high : float, Cohen's kappa with its 95 % interval
    agree : float, share of the items that both put into one field
    disagreements : DataFrame, one row per item that they do not:
        item, first, second : str; about : str, "side" (inside or outside), "sign" (good or bad), or
        "both"
    """

    kappa: float
    low: float
    high: float
    agree: float
    disagreements: pd.DataFrame


@dataclass(frozen=True)
class Priorities:
    """Weights from comparisons in pairs, and how far these agree among themselves.

    weights : DataFrame, one row per thing, the heaviest first: item : str; weight : float64
    consistency_ratio : float, 0 where all comparisons fit, 1 where they are as bad as dice
    consistent : bool, a ratio of 0.1 or less, as Saaty asks
    worst : str, the comparison that fits the weights least, with what would fit
    """

    weights: pd.DataFrame
    consistency_ratio: float
    consistent: bool
    worst: str


def swot_agreement(
    ratings: pd.DataFrame, *, first: str = "first", second: str = "second"
) -> SwotAgreement:
    """Agreement of two raters who sorted the same items into O, T, S and W.

    Kappa is what they agree on beyond chance: 0 if each drew lots, 1 if they never differ. Its
    interval is that for many items; of twelve it is wide, and rough.

    Parameters
    ----------
    ratings : DataFrame, one row per item
        item : str; `first`, `second` : str, "O", "T", "S" or "W"
    first, second : str

    Returns
    -------
    SwotAgreement

    Raises
    ------
    MissingColumnsError, BadRowsError
        If a column is missing, an item stands twice, or a rater named none of the four.
    OutOfRangeError
        If both named one and the same kind throughout.

    See Also
    --------
    crmlab.credit.measure.weighted_kappa : for grades, where near misses count less.

    Source
    ------
    Cohen (1960), doi:10.1177/001316446002000104.

    Examples
    --------
    >>> ratings = pd.DataFrame({"item": ["a", "b", "c", "d"], "first": list("OTSW"),
    ...     "second": list("OTSS")})
    >>> found = swot_agreement(ratings)
    >>> round(found.kappa, 2), found.disagreements["about"].tolist()
    (0.67, ['sign'])
    """
    require_columns(ratings, "item", first=first, second=second)
    require_rows(ratings)
    require_key(ratings, "item")
    require_values(ratings, "item", first, second)
    kinds = pd.Index([*KINDS])
    codes = [kinds.get_indexer(pd.Index(plain_values(ratings[each]))) for each in (first, second)]
    odd = np.flatnonzero((codes[0] < 0) | (codes[1] < 0))
    if odd.size:
        raise BadRowsError(
            f"{odd.size} row(s) name no kind of {[*KINDS]}: {odd[:10].tolist()}. Write one letter "
            "for each rater."
        )
    kappa = weighted_kappa(pd.Series(codes[0]), pd.Series(codes[1]), weights="none")
    differ = codes[0] != codes[1]
    # The order is O, T, S, W: the first two lie outside, and every other one is good.
    side, sign = codes[0] // 2 != codes[1] // 2, codes[0] % 2 != codes[1] % 2
    about = np.select([side & sign, side], ["both", "side"], "sign")
    lost = pd.DataFrame(
        {
            "item": plain_values(ratings["item"]).astype("str").to_numpy(),
            "first": kinds.to_numpy()[codes[0]],
            "second": kinds.to_numpy()[codes[1]],
            "about": about,
        },
        dtype="str",
    )
    lost = lost[differ].reset_index(drop=True)
    return SwotAgreement(kappa.kappa, kappa.low, kappa.high, kappa.agree, lost)


def ahp_weights(comparisons: pd.DataFrame) -> Priorities:
    """Weights from comparisons in pairs (层次分析法, AHP), with the consistency ratio.

    The weights are the principal eigenvector of the table of ratios. If every comparison fits
    (A twice B and B three times C makes A six times C), its eigenvalue is the number of things;
    what it has more, over what random tables have more, is the consistency ratio.

    Parameters
    ----------
    comparisons : DataFrame, one row per pair, each pair once, of 3 to 15 things
        first, second : str; ratio : float64 above 0, how many times as heavy the first is

    Returns
    -------
    Priorities

    Raises
    ------
    MissingColumnsError, BadRowsError
        If a column or a value is missing, a ratio is not above 0, a pair stands twice, is missing,
        or compares a thing with itself.
    OutOfRangeError
        If there are fewer than 3 things, which never contradict each other, or more than 15.

    Source
    ------
    Saaty (1977), doi:10.1016/0022-2496(77)90033-5; the index of random tables from Alonso and
    Lamata (2006), doi:10.1142/S0218488506004114.

    Examples
    --------
    >>> pairs = pd.DataFrame({"first": ["cost", "cost", "net"], "second": ["net", "staff", "staff"],
    ...     "ratio": [2.0, 6.0, 3.0]})
    >>> found = ahp_weights(pairs)
    >>> found.weights["weight"].round(2).tolist(), round(found.consistency_ratio, 2)
    ([0.6, 0.3, 0.1], 0.0)
    """
    names, ratios = _ratios(comparisons)
    values, vectors = np.linalg.eig(ratios)
    top = int(np.argmax(np.real(values)))
    vector = np.abs(np.real(vectors[:, top]))
    weight = vector / vector.sum()
    m = len(names)
    index = (np.real(values[top]) - m) / (m - 1)
    ratio = max(float(index / RANDOM_INDEX[m - 3]), 0.0)
    fitting = weight[:, None] / weight[None, :]
    row, column = np.unravel_index(np.argmax(np.abs(np.log(ratios / fitting))), ratios.shape)
    if ratios[row, column] < 1:
        row, column = column, row
    worst = (
        f"{names[row]} was said to weigh {ratios[row, column]:.3g} times {names[column]}; "
        f"the weights say {fitting[row, column]:.3g}"
    )
    table = pd.DataFrame({"item": pd.Series(names, dtype="str"), "weight": weight})
    table = table.sort_values(["weight", "item"], ascending=[False, True], ignore_index=True)
    return Priorities(table, ratio, ratio <= 0.1, worst)


def _ratios(comparisons: pd.DataFrame) -> tuple[list[str], np.ndarray]:
    """Return the names of the things, and the whole table of ratios."""
    require_columns(comparisons, "first", "second", "ratio")
    require_rows(comparisons)
    require_values(comparisons, "first", "second", "ratio")
    table = plain(comparisons, "first", "second", "ratio")
    require_numbers(table, "ratio")
    bad = np.flatnonzero(table["ratio"] <= 0)
    if bad.size:
        raise BadRowsError(
            f"{bad.size} row(s) have a ratio that is not above 0: {bad[:10].tolist()}. 'Half as "
            "heavy' is 0.5."
        )
    first, second = (table[name].astype("str") for name in ("first", "second"))
    names = sorted({*first, *second})
    if not 3 <= len(names) <= len(RANDOM_INDEX) + 2:
        raise OutOfRangeError(f"3 to {len(RANDOM_INDEX) + 2} things are compared; got {names}.")
    at = pd.Index(names)
    i, j = (at.get_indexer(pd.Index(each)) for each in (first, second))
    ratios = np.full((len(names), len(names)), np.nan)
    np.fill_diagonal(ratios, 1)
    for row, (a, b, value) in enumerate(zip(i, j, table["ratio"], strict=True)):
        if a == b or not np.isnan(ratios[a, b]):
            fault = "compares a thing with itself" if a == b else "is there already"
            raise BadRowsError(
                f"row {row}, {names[a]} and {names[b]}, {fault}. Ask each pair once."
            )
        ratios[a, b], ratios[b, a] = value, 1 / value
    gaps = [f"{names[a]} and {names[b]}" for a, b in np.argwhere(np.isnan(ratios)) if a < b]
    if gaps:
        raise BadRowsError(f"{len(gaps)} pair(s) were not compared: {gaps[:10]}.")
    return names, ratios
