"""Who buys less often than expected: room to sell, or a sign of churn."""

from __future__ import annotations

import numpy as np
import pandas as pd

from crmlab._checks import require_positive, require_probability
from crmlab.rfm.measure.scores import rfm


def frequency_gap(
    purchases: pd.DataFrame,
    *,
    as_of: str | pd.Timestamp | None = None,
    per_week: float | None = None,
    chance: float = 0.05,
    customer: str = "customer_id",
    date: str = "date",
    amount: str = "amount",
) -> pd.DataFrame:
    """Purchases that each customer is short of, and whether that means room or churn.

    What a customer is expected to buy comes from the others: their purchases per week, times
    the customer's own weeks. Why a customer is below that comes from the customer: with x
    repeat purchases over t days and s days of silence since, the chance of so long a silence,
    if the customer still bought at random at the same pace, is (t / (t + s)) ** x. A likely
    silence is a slow customer who is still there: room to sell. An unlikely one is a sign of
    churn. Purchases of one day count once.

    Parameters
    ----------
    purchases : DataFrame, one row per purchase
    as_of : date, optional
        As for `rfm`, which also warns of later rows.
    per_week : float, optional
        Purchases a week that you expect, such as the norm of the category; when omitted, all
        repeat purchases over all weeks since each customer's first.
    chance : float in (0, 1]
        A silence less likely than this is a sign of churn. About so many customers who are
        still there are taken for lost, among those below their expectation or not.
    customer, date, amount : str
        Columns, as for `rfm`.

    Returns
    -------
    DataFrame, one row per customer, sorted by customer_id
        customer_id : as in `purchases`
        frequency : int64, days with a purchase
        expected_frequency : float64, the first purchase included
        gap : float64, frequency - expected_frequency
        usual_gap_days : float64, days between purchases so far; missing below two
        days_since_last : int64
        silence_chance : float64 in (0, 1]; missing below two purchases
        reading : str, "churn" where the silence is too unlikely, whatever the gap; else "as
            expected" where gap >= 0, "unknown" below two purchases, where no pace is known,
            and "room" for the rest

    Raises
    ------
    MissingColumnsError, BadRowsError, OutOfRangeError
        As `rfm`; also if `per_week` is not positive or `chance` lies outside (0, 1].

    See Also
    --------
    crmlab.lifetime.simulate.simulate_purchases : purchases with a dropout that is known.

    Source
    ------
    For exponential gaps, s / (t / x) has the F distribution with 2 and 2x degrees of
    freedom, whose upper tail is the chance above; the prediction problem is that of Lawless
    (1971), Technometrics 13(4).

    Examples
    --------
    A and B were both last seen 30 days ago; B used to come every ten days.

    >>> days = ["2024-01-01", "2024-01-31", "2024-01-11", "2024-01-21", "2024-01-31", "2024-03-01"]
    >>> purchases = pd.DataFrame(
    ...     {"customer_id": [*"AABBBC"], "date": pd.to_datetime(days), "amount": 10.0})
    >>> table = frequency_gap(purchases, per_week=1)
    >>> table[["customer_id", "silence_chance", "reading"]].round(2)
      customer_id  silence_chance      reading
    0           A            0.50         room
    1           B            0.16         room
    2           C             NaN  as expected
    """
    require_probability("chance", chance)
    if per_week is not None:
        require_positive("per_week", per_week)
    table = rfm(purchases, as_of=as_of, count="days", customer=customer, date=date, amount=amount)

    repeats = (table["frequency"].to_numpy() - 1).clip(min=0)
    silence = table["days_since_last"].to_numpy()
    weeks, watched = table["tenure_days"].to_numpy() / 7, table["tenure_days"].to_numpy() - silence
    norm = repeats.sum() / max(weeks.sum(), 1) if per_week is None else per_week
    paced = repeats > 0
    span = np.where(paced, watched, np.nan)
    likely = np.where(paced, (span / (span + silence)) ** repeats, np.nan)
    expected = 1 + norm * weeks
    gap = table["frequency"] - expected
    # Silence comes first: a heavy buyer gone for good keeps a frequency above all expectation.
    reading = np.select(
        [likely < chance, gap >= 0, ~paced], ["churn", "as expected", "unknown"], "room"
    )
    return pd.DataFrame(
        {
            "customer_id": table["customer_id"],
            "frequency": table["frequency"],
            "expected_frequency": expected,
            "gap": gap,
            "usual_gap_days": span / np.where(paced, repeats, 1),
            "days_since_last": silence,
            "silence_chance": likely,
            "reading": reading.astype(str),
        }
    )
