"""How many of the effective cards are lost, month by month, always by the same window."""

from __future__ import annotations

import numpy as np
import pandas as pd

from crmlab._checks import require_at_least
from crmlab._intervals import wilson
from crmlab.errors import OutOfRangeError
from crmlab.members.measure.months import by_month


def rolling_churn(
    purchases: pd.DataFrame,
    *,
    window: int = 12,
    back_within: int | None = None,
    as_of: str | pd.Timestamp | None = None,
    customer: str = "customer_id",
    date: str = "date",
    amount: str = "amount",
) -> pd.DataFrame:
    """Share of effective cards that did not buy again, at every month end, on closed cohorts.

    The cohort of a month end t are the customers who bought in (t - 2 window, t - window]; back
    are those of them who bought in (t - window, t]. Who joined after t - window belongs to
    neither, so new members cannot hide the loss of old ones: of 60,000 cards 40,000 come back,
    churn is 33.3 %, whatever number of new ones was opened. A purchase is a row with a positive
    amount.

    Parameters
    ----------
    purchases : DataFrame, one row per purchase
        Read only; row order does not matter.
    window : int
        Calendar months in which a card must buy to be effective, at least 1.
    back_within : int, by default `window`
        Months in which the cohort must buy again: (t - window, t - window + back_within]. Less
        than `window` is a *mixed* window: it calls customers lost who only come seldom.
    as_of : date, default the last day in the data
        The last month end; months are counted back from it. Later rows are left out with a
        LaterRowsWarning.
    customer, date, amount : str
        Columns holding the customer key, the date (datetime64) and the money.

    Returns
    -------
    DataFrame, one row per month end whose cohort is whole, oldest first
        date : datetime64[us], the month end t
        window_months, back_months : int64
        cohort, returned, lost : int64
        churn : float64, lost / cohort; NaN for an empty cohort
        low, high : float64, Wilson's 95% interval, as if each customer were a draw

    Raises
    ------
    MissingColumnsError, BadRowsError
        As `repurchase`.
    OutOfRangeError
        If the data are shorter than two windows, a number of months is below 1, or `back_within`
        is longer than `window`.

    See Also
    --------
    effective_cards : how many cards are effective, and how many sleep.
    crmlab.members.plot.plot_rolling_churn : draws this frame.

    Source
    ------
    The closed cohort with one window is this course's field rule (流失率).

    Examples
    --------
    Three cards bought in January; one of them did in February, and so did a new one.

    >>> purchases = pd.DataFrame({
    ...     "customer_id": [1, 2, 3, 1, 4],
    ...     "date": pd.to_datetime(["2024-01-05"] * 3 + ["2024-02-03", "2024-02-29"]),
    ...     "amount": 10.0,
    ... })
    >>> rolling_churn(purchases, window=1)[["date", "cohort", "returned", "lost"]]
            date  cohort  returned  lost
    0 2024-02-29       3         1     2
    """
    require_at_least("window", window, 1)
    back = back_months(window, back_within)
    log = by_month(purchases, as_of, customer=customer, date=date, amount=amount)
    months = len(log.ends)
    require_length(months, window)

    last = log.last_bought()
    places = np.arange(2 * window - 1, months)
    counts = np.empty((len(places), 2), dtype=np.int64)
    for row, place in enumerate(places):
        then = place - window
        # Months of the table are counted from 1, so those after `then` are above then + 1.
        cohort = last[then] > then + 1 - window
        returned = cohort & (last[then + back] > then + 1)
        counts[row] = np.count_nonzero(cohort), np.count_nonzero(returned)
    return churn_table(log.ends[places], *counts.T, window=window, back=back)


def back_months(window: int, back_within: int | None) -> int:
    """Return the months in which a cohort must buy again, or raise if they cannot be that many."""
    back = window if back_within is None else back_within
    require_at_least("back_within", back, 1)
    if back > window:
        raise OutOfRangeError(
            f"back_within must be no longer than the window of {window} months; got {back}."
        )
    return back


def require_length(months: int, window: int) -> None:
    """Raise OutOfRangeError unless the months are at least two windows."""
    if months < 2 * window:
        longest = months // 2
        advice = f"Take window={longest} or less." if longest else "One month has no churn."
        raise OutOfRangeError(
            f"two windows of {window} are {2 * window} months of purchases; there are {months}. "
            f"{advice}"
        )


def churn_table(
    ends: np.ndarray, cohort: np.ndarray, returned: np.ndarray, *, window: int, back: int
) -> pd.DataFrame:
    """Return the frame that `rolling_churn` documents from its counts."""
    lost = cohort - returned
    heads = np.where(cohort > 0, cohort, np.nan)
    low, high = wilson(lost, heads)
    return pd.DataFrame(
        {
            "date": ends.astype("M8[us]"),
            "window_months": np.int64(window),
            "back_months": np.int64(back),
            "cohort": cohort.astype("int64"),
            "returned": returned.astype("int64"),
            "lost": lost.astype("int64"),
            "churn": lost / heads,
            "low": low,
            "high": high,
        }
    )
