"""Stock and flow of customers: who came, who came back, who left, closed to zero."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from crmlab._checks import months_before, require_at_least
from crmlab._groups import bincount
from crmlab._purchases import known_purchases
from crmlab.errors import EmptyError, OutOfRangeError

GRACE = 7  # days: a file that begins after a holiday begins with the month


def customer_flow(
    purchases: Any,
    *,
    window: int = 12,
    step: int = 1,
    as_of: str | pd.Timestamp | None = None,
    customer: str = "customer_id",
    date: str = "date",
    amount: str = "amount",
) -> pd.DataFrame:
    """Stock and flow of customers: start + new + won back - lost = end, in every period.

    A customer counts on a day if they bought within the `window` of months that ends on it. In a
    period of `step` months, who counts at its end and not at its start is *new* if they had never
    bought before the period, else *won back*; who counts at its start and not at its end is
    *lost*. The window must not be shorter than the step, or who came and went in one period would
    be seen by nobody.

    Parameters
    ----------
    purchases : DataFrame, one row per purchase or refund
        `customer`, `date`, `amount`; a purchase has an amount above 0
    window, step : int
        Months.
    as_of : date, optional
        The end of the last period; the last day of `purchases` when omitted.
    customer, date, amount : str
        Names of the columns.

    Returns
    -------
    DataFrame, one row per period, oldest first; the first one begins once the file
    is `window` months old (less a week), so that its start is no artefact of the file's
        from_day, to_day : datetime64[us], the days at whose ends customers are counted
        start, new, won_back, lost, end : int64

    Raises
    ------
    MissingColumnsError, BadRowsError, WrongTypeError
        If `purchases` lacks a column or a value, or holds no dates or numbers.
    OutOfRangeError
        If the window is shorter than the step, or the file too short for one period.
    EmptyError
        If nobody bought.

    See Also
    --------
    crmlab.customers.plot.plot_customer_flow : draws this frame.

    Examples
    --------
    >>> bought = pd.DataFrame({"customer_id": [1, 2, 1], "amount": 9.0,
    ...     "date": pd.to_datetime(["2024-01-31", "2024-02-29", "2024-04-30"])})
    >>> customer_flow(bought, window=1)[["start", "new", "won_back", "lost", "end"]]
       start  new  won_back  lost  end
    0      1    0         0     1    0
    1      0    0         1     0    1
    """
    require_at_least("window", window, 1)
    require_at_least("step", step, 1)
    if window < step:
        raise OutOfRangeError(
            f"window ({window} months) must not be shorter than step ({step} months): who came and "
            "went within one period would be in no count."
        )
    log, day = known_purchases(purchases, as_of=as_of, customer=customer, date=date, amount=amount)
    log = log[log[amount] > 0]
    if log.empty:
        raise EmptyError("nobody bought: no amount is above 0.")
    who, _ = pd.factorize(log[customer])
    days = log[date].to_numpy("M8[us]").astype("M8[D]")
    ends = _ends(days, day, window, step)
    if len(ends) < 2:
        raise OutOfRangeError(
            f"the file is too short: a period needs {window + step} months up to {day}. Take a "
            "shorter window= or step=."
        )

    order = np.lexsort([days, who])
    who, days = who[order], days[order]
    first = days[np.searchsorted(who, np.arange(who[-1] + 1))]
    counts = [_is_active(who, days, end, window) for end in ends]
    rows = []
    for before, after, there, then in zip(
        ends[:-1], ends[1:], counts[:-1], counts[1:], strict=True
    ):
        came = then & ~there
        rows.append(
            {
                "from_day": before,
                "to_day": after,
                "start": int(there.sum()),
                "new": int((came & (first > before)).sum()),
                "won_back": int((came & (first <= before)).sum()),
                "lost": int((there & ~then).sum()),
                "end": int(then.sum()),
            }
        )
    return pd.DataFrame(rows).astype({"from_day": "M8[us]", "to_day": "M8[us]"})


def _ends(days: np.ndarray, last: np.datetime64, window: int, step: int) -> list[np.datetime64]:
    """Return the days on which customers are counted, `step` months apart, oldest first."""
    found, back = [], 0
    while True:
        end = months_before(last, back)
        if months_before(end, window) + GRACE < days.min():
            return found[::-1]
        found.append(end)
        back += step


def _is_active(who: np.ndarray, days: np.ndarray, end: np.datetime64, window: int) -> np.ndarray:
    """Return for each customer whether they bought within the window that ends on `end`."""
    within = (days > months_before(end, window)) & (days <= end)
    return bincount(who[within], minlength=int(who[-1]) + 1) > 0
