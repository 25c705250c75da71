"""Where to stop contacting customers, and what that earns."""

from __future__ import annotations

import numpy as np
import pandas as pd

from crmlab._checks import require_real
from crmlab.errors import OutOfRangeError
from crmlab.rfm.measure.forecast import decile_table


def cutoff_table(
    table: pd.DataFrame,
    *,
    margin: float,
    cost: float,
    score: str = "rfm_score",
    response: str = "responded",
    groups: int = 100,
) -> pd.DataFrame:
    """Profit of contacting the best customers only, for each place to stop.

    The best stop found in these customers is a little too good to be true for others: choose
    it on one time, and judge it on the next.

    Parameters
    ----------
    table : DataFrame, one row per customer
        the score column, higher is better, and the response column, 0 or 1
    margin, cost : float, 0 or more
        Money earned per responder before the contact, and spent per contact.
    score, response : str
        Names of the two columns.
    groups : int
        How many places to stop, beside contacting nobody.

    Returns
    -------
    DataFrame, one row per place to stop, from nobody to everybody
        score : str, the name of the score
        share_contacted : float64 in [0, 1]
        contacted : int64
        responders : float64, expected number; equal scores at the limit count in part
        profit : float64, margin * responders - cost * contacted

    Raises
    ------
    MissingColumnsError, BadRowsError, OutOfRangeError
        As `decile_table`; also if `margin` or `cost` is negative.

    See Also
    --------
    crmlab.rfm.explore.explore_cutoff : moves the stop, the margin and the cost.

    Examples
    --------
    >>> table = pd.DataFrame({"rfm_score": [4, 3, 2, 1], "responded": [1, 1, 0, 0]})
    >>> cutoff_table(table, margin=10, cost=4, groups=2)[["contacted", "profit"]]
       contacted  profit
    0          0     0.0
    1          2    12.0
    2          4     4.0
    """
    require_real(margin=margin, cost=cost)
    if not (0 <= margin < np.inf and 0 <= cost < np.inf):
        raise OutOfRangeError(f"margin and cost must be 0 or more; got {margin!r}, {cost!r}.")
    deciles = decile_table(table, score=score, response=response, groups=groups)
    contacted = np.append(0, deciles["customers"].cumsum())
    responders = np.append(0, deciles["responders"].cumsum())
    return pd.DataFrame(
        {
            "score": score,
            "share_contacted": contacted / contacted[-1],
            "contacted": contacted,
            "responders": responders,
            "profit": margin * responders - cost * contacted,
        }
    )
