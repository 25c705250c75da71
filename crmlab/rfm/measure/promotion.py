"""Whether a letter or a voucher earns more than it costs."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from crmlab._checks import require_columns, require_positive, require_values
from crmlab.errors import BadRowsError, OutOfRangeError


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

    The difference of the two mean margins, with Welch's interval, which lets the groups
    spread differently. Without a control group that chance picked, it measures nothing.

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
    Welch (1947), doi:10.1093/biomet/34.1-2.28.

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

    from scipy import stats  # here, since it takes long to load and only this needs it

    test = stats.ttest_ind(money[got], money[~got], equal_var=False)
    uplift = money[got].mean() - money[~got].mean()
    low, high = test.confidence_interval(0.95)
    numbers = [uplift, low, high, *((value - cost) / cost for value in (uplift, low, high))]
    return PromotionROI(int(sizes[0]), int(sizes[1]), *map(float, numbers))
