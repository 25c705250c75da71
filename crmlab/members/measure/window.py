"""When to expect a member again."""

from __future__ import annotations

import numpy as np
import pandas as pd

from crmlab._checks import require_real
from crmlab.errors import OutOfRangeError
from crmlab.members.measure.gaps import repurchase_gaps


def next_purchase_window(
    purchases: pd.DataFrame,
    *,
    share: float = 0.8,
    as_of: str | pd.Timestamp | None = None,
    customer: str = "customer_id",
    date: str = "date",
    amount: str = "amount",
) -> pd.DataFrame:
    """Days within which each member's next purchase is expected, from own visits and all others'.

    Members visit by chance (Poisson), at rates of their own that follow a gamma law; the law is
    fitted to the counts of all by their mean and variance. A member with x returns in T days
    then has a next purchase within d days with probability 1 - ((a + T) / (a + T + d)) ** (r + x).
    A member who has left is not allowed for: the longer somebody stays away, the later, here,
    they are expected (chapter 10).

    Parameters
    ----------
    purchases : DataFrame, one row per purchase
        Read as in `repurchase`.
    share : float between 0 and 1
        How often the next purchase should fall into the window; as often before as after it.
    as_of, customer, date, amount
        As in `repurchase`.

    Returns
    -------
    DataFrame, one row per member who bought
        customer_id
        returns : int64
        expected_days : float64, median days from `as_of` to the next purchase
        from_days, until_days : float64

    Raises
    ------
    MissingColumnsError, BadRowsError
        As in `repurchase`.
    OutOfRangeError
        If nobody returned, or `share` is not between 0 and 1.

    Source
    ------
    Negative binomial purchases: Ehrenberg (1959), doi:10.2307/2985810.

    Examples
    --------
    >>> from crmlab.members.simulate import simulate_visits
    >>> visits, truth = simulate_visits(200, spread=0.5, seed=1)
    >>> found = next_purchase_window(visits)
    >>> bool((found["from_days"] < found["until_days"]).all())
    True
    """
    require_real(share=share)
    if not 0 < share < 1:
        raise OutOfRangeError(f"share must lie between 0 and 1; got {share!r}.")
    columns = {"customer": customer, "date": date, "amount": amount}
    gaps = repurchase_gaps(purchases, as_of=as_of, **columns)
    members = gaps.groupby("customer_id", sort=True)
    known = members.agg(returns=("returned", "sum"), days=("gap_days", "sum")).reset_index()
    x, days = known["returns"].to_numpy("float64"), known["days"].to_numpy("float64")
    if not x.sum():
        raise OutOfRangeError("nobody returned, so there is no rhythm to go by.")
    shape, scale = _gamma_law(x, days)
    table = known[["customer_id"]].assign(returns=x.astype("int64"))
    tails = {"expected_days": 0.5, "from_days": (1 - share) / 2, "until_days": (1 + share) / 2}
    for name, level in tails.items():
        table[name] = (scale + days) * ((1 - level) ** (-1 / (shape + x)) - 1)
    return table


def _gamma_law(returns: np.ndarray, days: np.ndarray) -> tuple[float, float]:
    """Return shape and scale of the members' rates: mean and variance of counts, made to fit."""
    rate = returns.sum() / days.sum()
    expected = rate * days
    excess = ((returns - expected) ** 2 - expected).sum()
    # Where counts spread no more than chance lets them, members are taken as nearly alike.
    spread = max(excess / (expected**2).sum(), 1e-3)
    return 1 / spread, 1 / spread / rate
