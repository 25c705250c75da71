"""Credit by group: who is approved, who is wronged, and what cannot be equal at once."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
from scipy.special import betainc

from crmlab._checks import (
    numbers_of,
    require_columns,
    require_numbers,
    require_real,
    require_truths,
    require_values,
)
from crmlab._intervals import wilson
from crmlab.errors import EmptyError, OutOfRangeError

_RATES = ("share_approved", "goods_refused", "bads_approved", "default_rate")


def group_rates(
    loans: pd.DataFrame,
    *,
    group: str = "group",
    approved: str = "approved",
    bad: str = "defaults",
    chance: str | None = None,
) -> pd.DataFrame:
    """Return approval, both kinds of error and calibration by group, with 95 % intervals.

    The end of every loan must be known, the refused ones too: only a simulation, or a bank that
    lends to some at random, can tell how many goods were refused.

    Parameters
    ----------
    loans : DataFrame: group, approved and bad (True and False, or 1 and 0), maybe a chance
    group, approved, bad : str
    chance : str, optional
        Column with the forecast chance of default.

    Returns
    -------
    DataFrame, one row per group and rate
        group : str; rate : str, one of
            share_approved, of all
            goods_refused, of those who would have repaid
            bads_approved, of those who default
            default_rate, of the approved
            calibration_gap, default rate less mean chance of all, where there is a chance
        n : int64, of whom the rate is a share
        value, low, high : float64, with Wilson's interval; missing where n is 0

    Raises
    ------
    MissingColumnsError, BadRowsError, EmptyError, OutOfRangeError
        If a column, a value or every row is missing, or of the wrong kind, or a chance lies outside
        [0, 1].

    Examples
    --------
    >>> loans = pd.DataFrame({"group": list("AAAB"), "approved": [1, 1, 0, 0],
    ...     "defaults": [0, 1, 0, 0]})
    >>> group_rates(loans).query("rate == 'goods_refused'")[["group", "n", "value"]]
      group  n  value
    1     A  2    0.5
    5     B  1    1.0
    """
    extra = [chance] if chance else []
    require_columns(loans, *extra, group=group, approved=approved, bad=bad)
    require_values(loans, *extra, group, approved, bad)
    require_truths(loans, approved, bad)
    require_numbers(loans, *extra)
    if chance and not loans[chance].between(0, 1).all():
        raise OutOfRangeError(f"{chance} must hold chances in [0, 1]; divide percent by 100.")
    if loans.empty:
        raise EmptyError("there are no loans; at least one is needed.")
    rows = []
    for name, some in loans.groupby(group, sort=True):
        lent, lost = (some[column].to_numpy("bool") for column in (approved, bad))
        counts = [
            (lent.sum(), len(some)),
            ((~lent & ~lost).sum(), (~lost).sum()),
            ((lent & lost).sum(), lost.sum()),
            ((lent & lost).sum(), lent.sum()),
        ]
        for rate, (count, n) in zip(_RATES, counts, strict=True):
            rows.append((str(name), rate, int(n), *_share(count, n, 0.0)))
        if chance:
            mean = float(some[chance].mean())
            rows.append(
                (str(name), "calibration_gap", len(some), *_share(lost.sum(), len(some), mean))
            )
    return pd.DataFrame(rows, columns=["group", "rate", "n", "value", "low", "high"]).astype(
        {"group": "str", "rate": "str"}
    )


def _share(count: int, n: int, less: float) -> tuple[float, float, float]:
    """Return a share less a constant, with its interval."""
    if not n:
        return np.nan, np.nan, np.nan
    low, high = wilson(count, n)
    return float(count / n - less), float(low - less), float(high - less)


def fairness_conflict(
    base_rates: Sequence[float], *, cutoff: float = 0.2, spread: float = 4.0
) -> pd.DataFrame:
    """Return the errors of a perfectly calibrated score in groups of different base rates.

    In each group the chances of default are true and Beta distributed, with the group's base rate
    m as mean and m `spread`, (1 - m) `spread` as parameters; one cut-off for all refuses whoever
    lies above it. With I the incomplete beta function, t the cut-off and a, b the parameters,
        goods refused = 1 - I_t(a, b + 1),    bads approved = I_t(a + 1, b).
    Where base rates differ, these differ too, although nobody's chance is wrong: equal
    calibration and equal error rates cannot both hold.

    Parameters
    ----------
    base_rates : sequence of float in (0, 1), one per group
    cutoff : float in (0, 1)
    spread : float above 0; the smaller, the better the score tells

    Returns
    -------
    DataFrame, one row per group: base_rate, share_refused, goods_refused, bads_approved : float64

    Raises
    ------
    OutOfRangeError
        If there are no `base_rates`, one of them or `cutoff` lies outside (0, 1), or `spread` is
        not above 0.

    Source
    ------
    Chouldechova (2017), Big Data 5(2), 153-163, doi:10.1089/big.2016.0047; Kleinberg,
    Mullainathan and Raghavan (2017), doi:10.4230/LIPIcs.ITCS.2017.43.

    Examples
    --------
    >>> fairness_conflict([0.1, 0.2])["goods_refused"].round(2).tolist()
    [0.13, 0.31]
    """
    require_real(cutoff=cutoff, spread=spread)
    mean = numbers_of("base_rates", base_rates)
    if not mean.size or not ((mean > 0) & (mean < 1)).all() or not 0 < cutoff < 1:
        raise OutOfRangeError("base rates and cut-off must lie between 0 and 1.")
    if not 0 < spread < np.inf:
        raise OutOfRangeError(f"spread must be above 0; got {spread!r}.")
    a, b = mean * spread, (1 - mean) * spread
    return pd.DataFrame(
        {
            "base_rate": mean,
            "share_refused": 1 - betainc(a, b, cutoff),
            "goods_refused": 1 - betainc(a, b + 1, cutoff),
            "bads_approved": betainc(a + 1, b, cutoff),
        }
    )
