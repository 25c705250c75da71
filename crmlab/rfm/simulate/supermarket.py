"""Visits to a supermarket whose customers grow less likely to return the longer they are away."""

from __future__ import annotations

import numpy as np
import pandas as pd

from crmlab._checks import Seed, require_at_least, require_real, stream_of
from crmlab._groups import repeat
from crmlab._shapes import Simulated
from crmlab.errors import OutOfRangeError

_RULE = 1.2  # weeks: the two points of the deck satisfy chance = 1.2 / weeks


def simulate_supermarket(
    n: int,
    *,
    lapse: float = 0.05,
    weeks: int = 156,
    start: str = "2021-01-04",
    seed: Seed,
) -> Simulated:
    """Visits of customers who, after 12 weeks away, return with chance 10%, after 24 with 5%.

    Model
    -----
    After each visit a customer lapses for good with probability q = `lapse`; the others come
    back after a gap of at most 52 weeks. Lapsers included, the chance still to be away after
    w weeks is S(w), so the chance ever to return is p(w) = 1 - q / S(w) after w weeks:

        p(w) = 1 - q / (q + (1 - q) exp(-r w))     up to 12 weeks, a steady rhythm,
                                                   r = ln(9 (1 - q) / q) / 12 a week
        p(w) = 1.2 / w                             from 12 to 24 weeks, the rule of the deck
        p(w) = 0.05 (52 - w) / 28                  from 24 to 52 weeks, then 0

    which is continuous and meets S(12) = q / 0.90 and S(24) = q / 0.95 exactly. A gap is
    rounded up to whole days, which leaves S as it is at the end of every day. First visits
    fall on any day of the window alike. Visits are independent, and so are customers. A
    basket is lognormal with median 120 and sigma 0.6.

    Parameters
    ----------
    n : int
        Customers who ever come.
    lapse : float in (0, 0.9)
        Chance that a visit is the customer's last. The chances to return do not depend on it.
    weeks : int
        Length of the window that the analyst sees.
    start : str, "YYYY-MM-DD"
        First day of the window.
    seed : int, SeedSequence or Generator
        Same seed, same frames.

    Returns
    -------
    data : DataFrame, one row per visit, sorted by customer and date
        customer_id : int64
        date : datetime64[us], at most one visit a day
        amount : float64, in CNY, to the cent
    truth : DataFrame, one row per customer
        customer_id : int64
        lapsed_on : datetime64[us], day of the visit after which the customer never returns;
            missing if that day lies beyond the window

    Raises
    ------
    OutOfRangeError
        If `lapse` lies outside (0, 0.9), or `n` or `weeks` is below 1.

    See Also
    --------
    crmlab.rfm.measure.return_probability : recovers p(w).

    Examples
    --------
    >>> visits, truth = simulate_supermarket(100, seed=1)
    >>> visits.columns.to_list(), len(truth)
    (['customer_id', 'date', 'amount'], 100)
    """
    require_real(lapse=lapse)
    rng = stream_of(seed)
    require_at_least("n", n, 1)
    require_at_least("weeks", weeks, 1)
    if not 0 < lapse < 0.9:
        raise OutOfRangeError(
            f"lapse must lie in (0, 0.9), else S(12) = lapse / 0.9 is no share; got {lapse!r}."
        )

    days = 7 * weeks
    first_day = rng.integers(0, days, n)
    # Visits are a day apart or more, so nobody has more than days + 1 of them up to its end.
    visits = np.minimum(rng.geometric(lapse, n), days + 1)
    first_row = np.cumsum(visits) - visits
    gaps = _gap_days(rng.uniform(lapse, 1, visits.sum()), lapse=lapse)
    gaps[first_row] = 0
    since_first = np.cumsum(gaps)
    day = since_first + repeat(first_day - since_first[first_row], visits)
    last_day = day[first_row + visits - 1]

    seen = day < days
    opening = np.datetime64(start, "D")
    data = {
        "customer_id": repeat(np.arange(n, dtype=np.int64), visits)[seen],
        "date": (opening + day[seen]).astype("M8[us]"),
        "amount": np.round(rng.lognormal(np.log(120), 0.6, seen.sum()), 2),
    }
    lapsed_on = np.where(last_day < days, opening + last_day, np.datetime64("NaT"))
    truth = {
        "customer_id": np.arange(n, dtype=np.int64),
        "lapsed_on": lapsed_on.astype("M8[us]"),
    }
    return Simulated(pd.DataFrame(data), pd.DataFrame(truth))


def _gap_days(still_away: np.ndarray, *, lapse: float) -> np.ndarray:
    """Return after how many whole days S has fallen to `still_away`, a number in (lapse, 1).

    This inverts the S of `simulate_supermarket`: with `still_away` uniform on (lapse, 1), the
    gaps are those of the customers who return.
    """
    chance = 1 - lapse / still_away
    rhythm = np.log(9 * (1 - lapse) / lapse) / 12
    with np.errstate(
        divide="ignore"
    ):  # a draw of exactly `lapse` means never; 52 weeks is its limit
        weeks = np.select(
            [chance >= 0.10, chance >= 0.05],
            [-np.log((still_away - lapse) / (1 - lapse)) / rhythm, _RULE / chance],
            52 - 28 * chance / 0.05,
        )
    # Rounding errors must not turn 84.0000000001 days into 85.
    return np.maximum(np.ceil(7 * weeks - 1e-9), 1).astype(np.int64)
