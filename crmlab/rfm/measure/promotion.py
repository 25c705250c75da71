"""Whether a letter or a voucher earns more than it costs."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from crmlab._checks import require_columns, require_positive, require_values
from crmlab.errors import BadRowsError, OutOfRangeError

_DEALS, _SEED = 999, 2013
_FEWEST, _MANY = 20, 20_000  # customers in the smaller group


@dataclass(frozen=True)
class PromotionROI:
    """What a promotion earned per customer, with 95% confidence intervals.

    treated, control : customers with and without the promotion
    uplift, uplift_low, uplift_high : margin per customer that the promotion added
    roi, roi_low, roi_high : (uplift - cost) / cost; 0 means that it paid for itself
    """

    treated: int
    control: int
    uplift: float
    uplift_low: float
    uplift_high: float
    roi: float
    roi_low: float
    roi_high: float


def promotion_roi(
    outcomes: pd.DataFrame, *, cost: float, treated: str = "treated", margin: str = "margin"
) -> PromotionROI:
    """Return on a promotion, judged by a control group that chance picked.

    The difference of the two mean margins. Its interval sets the difference against what chance
    alone makes of it: the customers are dealt into two such groups again and again (999 times, the
    same each time), with the difference taken off, and each time the difference is measured in
    its own standard errors. So it holds where few customers bring most of the margin, and where
    few are held out. Groups of fewer than 20 are too small for that, and groups of 20,000 or more
    do not need it: then it is Welch's. Without a control group that chance picked, it measures
    nothing.

    Parameters
    ----------
    outcomes : DataFrame, one row per customer
        `treated` : bool, True for who got the promotion
        `margin` : number, in the period after it, without the cost of the promotion
    cost : float
        Cost of the promotion per treated customer, in the money of `margin`.
    treated, margin : str
        Columns holding the group and the margin.

    Returns
    -------
    PromotionROI

    Raises
    ------
    MissingColumnsError
        If `outcomes` lacks a column.
    BadRowsError
        If a row has no group or no margin, or a group is neither True nor False.
    OutOfRangeError
        If `cost` is not positive, a group has fewer than two customers, or no margin differs.

    See Also
    --------
    crmlab.rfm.simulate.simulate_letter : an experiment whose effect is known.

    Source
    ------
    Chung, E. and Romano, J. P. (2013). Exact and asymptotically robust permutation tests. Annals
    of Statistics 41(2), 484-507. doi:10.1214/13-AOS1090; Welch (1947),
    doi:10.1093/biomet/34.1-2.28.

    Examples
    --------
    >>> outcomes = pd.DataFrame(
    ...     {"treated": [True, True, False, False], "margin": [14.0, 12.0, 9.0, 11.0]})
    >>> promotion_roi(outcomes, cost=2).uplift
    3.0
    """
    require_columns(outcomes, treated=treated, margin=margin)
    require_values(outcomes, treated, margin)
    require_positive("cost", cost)
    odd = np.flatnonzero(~outcomes[treated].isin([True, False]))
    if odd.size:
        raise BadRowsError(
            f"{odd.size} row(s) of {treated} are neither True nor False: {odd.tolist()}."
        )
    got = outcomes[treated].to_numpy(dtype=bool)
    money = outcomes[margin].to_numpy(dtype="float64")
    sizes = got.sum(), (~got).sum()
    if min(sizes) < 2 or money[got].std() + money[~got].std() == 0:
        raise OutOfRangeError(
            f"both groups need two customers or more whose margins differ; there are {sizes[0]} "
            f"treated and {sizes[1]} control. Keep a part of the customers without the promotion."
        )

    uplift = money[got].mean() - money[~got].mean()
    low, high = _interval(money[got], money[~got], uplift)
    numbers = [uplift, low, high, *((value - cost) / cost for value in (uplift, low, high))]
    return PromotionROI(int(sizes[0]), int(sizes[1]), *map(float, numbers))


def _interval(one: np.ndarray, other: np.ndarray, difference: float) -> tuple[float, float]:
    """Return the 95% interval of the difference of two means."""
    fewest = min(len(one), len(other))
    if not _FEWEST <= fewest < _MANY:
        from scipy import stats  # here, since it takes long to load and only this needs it

        low, high = stats.ttest_ind(one, other, equal_var=False).confidence_interval(0.95)
        return low, high
    spread = np.sqrt(one.var(ddof=1) / len(one) + other.var(ddof=1) / len(other))
    # Sorted, so that the order of the rows does not matter.
    pooled = np.sort(np.concatenate([one - difference, other]))
    dealt = _dealt(pooled - pooled.mean(), fewest)
    if len(one) > fewest:
        dealt = -dealt
    low, high = np.quantile(dealt, [0.025, 0.975])
    return difference - high * spread, difference - low * spread


def _dealt(pooled: np.ndarray, fewest: int) -> np.ndarray:
    """Return the difference of a group of `fewest` to the rest, in standard errors, by chance."""
    rng, n = np.random.default_rng(_SEED), len(pooled)
    total, squares, rest = pooled.sum(), (pooled**2).sum(), n - fewest
    found = []
    step = max(1, 4_000_000 // n)  # so many deals at once fit into memory
    for begin in range(0, _DEALS, step):
        deals = min(step, _DEALS - begin)
        few = pooled[np.argpartition(rng.random((deals, n)), fewest - 1, axis=1)[:, :fewest]]
        sums, squared = few.sum(axis=1), (few**2).sum(axis=1)
        variance = (squared - sums**2 / fewest) / (fewest - 1) / fewest
        variance += (squares - squared - (total - sums) ** 2 / rest) / (rest - 1) / rest
        found.append((sums / fewest - (total - sums) / rest) / np.sqrt(variance))
    return np.concatenate(found)
