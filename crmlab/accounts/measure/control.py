"""Which periods lost more than luck explains."""

from __future__ import annotations

import numpy as np
import pandas as pd
from scipy.stats import binom

from crmlab._checks import (
    require_at_least,
    require_columns,
    require_numbers,
    require_rows,
    require_values,
)
from crmlab.accounts.measure.known import plain
from crmlab.errors import BadRowsError, OutOfRangeError


def control_chart(losses: pd.DataFrame, *, first: int | None = None) -> pd.DataFrame:
    """Control chart (控制图) of shares lost: which periods are more than luck.

    The centre is the share lost in the first periods; a period is out of control where its count
    has a chance of 0.00135 or less on its side, as beyond three standard deviations of a bell
    curve. The chances are binomial and exact, since rare losses are far from a bell curve.

    Parameters
    ----------
    losses : DataFrame, one row per period: period; sent, lost : int64
    first : int, optional
        Periods that set the centre; all when omitted.

    Returns
    -------
    DataFrame, one row per period, in order
        period : as given; sent, lost : int64
        share, centre : float64
        low, high : float64, the smallest and largest share that is within the limits
        out : bool

    Raises
    ------
    MissingColumnsError, BadRowsError
        If a column or a value is missing, a period stands twice, more is lost than was sent, or
        a number is no count.
    OutOfRangeError
        If `first` is not among the periods, or these lost nothing or everything.

    Source
    ------
    Shewhart (1931), Economic Control of Quality of Manufactured Product, Van Nostrand.

    Examples
    --------
    >>> losses = pd.DataFrame({"period": range(1, 6), "sent": 1000, "lost": [3, 2, 4, 3, 12]})
    >>> control_chart(losses, first=4)["out"].tolist()
    [False, False, False, False, True]
    """
    require_columns(losses, "period", "sent", "lost")
    require_rows(losses)
    require_values(losses, "period", "sent", "lost")
    table = plain(losses, "period", "sent", "lost").sort_values("period", ignore_index=True)
    require_numbers(table, "sent", "lost")
    bad = (table["lost"] > table["sent"]) | (table["lost"] < 0) | (table["sent"] < 1)
    bad |= table["period"].duplicated() | (table["lost"] % 1 != 0) | (table["sent"] % 1 != 0)
    if bad.any():
        raise BadRowsError(
            f"period(s) {table.loc[bad, 'period'].tolist()[:10]} stand twice, or lost more than "
            "was sent, or less than nothing, or no whole number: counts are needed, not shares."
        )
    first = len(table) if first is None else first
    require_at_least("first", first, 1)
    if first > len(table):
        raise OutOfRangeError(f"first is {first}; there are {len(table)} periods.")
    sent, lost = (table[name].to_numpy("int64") for name in ("sent", "lost"))
    centre = lost[:first].sum() / sent[:first].sum()
    if not 0 < centre < 1:
        raise OutOfRangeError(
            f"in the first {first} period(s) a share of {centre:g} was lost; limits need some lost "
            "and some not. Name more periods with first=…"
        )
    tail = 0.00135
    most = binom.isf(tail, sent, centre)
    least = binom.ppf(tail, sent, centre)
    # What is just as rare as the limit lies beyond it.
    most = np.where(binom.sf(most - 1, sent, centre) <= tail, most - 1, most)
    least = np.where(binom.cdf(least, sent, centre) <= tail, least + 1, least)
    return table.assign(
        share=lost / sent,
        centre=centre,
        low=least / sent,
        high=most / sent,
        out=(lost > most) | (lost < least),
    )
