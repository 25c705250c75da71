"""How quickly one must answer an alarm."""

from __future__ import annotations

import pandas as pd

from crmlab._checks import require_columns, require_numbers, require_truths
from crmlab._intervals import difference
from crmlab.errors import EmptyError, OutOfRangeError


def response_speed(
    calls: pd.DataFrame, *, delay: str = "delay_days", left: str = "left"
) -> pd.DataFrame:
    """Share of customers that a call saves, by the days from the alarm to the call.

    Saved are those who leave without a call less those who leave with one, so a group without a
    call is needed. The delays must come at random: where the likeliest to leave are called first, a
    quick call looks worse than it is.

    Parameters
    ----------
    calls : DataFrame, one row per customer with an alarm
        Read only; row order does not matter.
    delay : str
        Column of the days from the alarm to the call; missing for who was not called.
    left : str
        Column that says whether the customer left in the time after: True or False, 1 or 0.

    Returns
    -------
    DataFrame, one row per delay, the shortest first
        delay_days : float64
        customers, left : int64, called after so many days, and those of them who left
        share_left : float64
        saved : float64, share of the customers without a call who left, less `share_left`
        low, high : float64, 95% interval of `saved`

    Raises
    ------
    MissingColumnsError, WrongTypeError
        If a column is missing, or of the wrong kind.
    EmptyError
        If there are no rows.
    OutOfRangeError
        If a delay is below 0, nobody was called, or everybody was.

    See Also
    --------
    crmlab.lifetime.plot.plot_response_speed : draws this frame.

    Source
    ------
    The interval of a difference: Newcombe (1998), Statistics in Medicine 17(8), 873-890, method
    10, of two intervals by Wilson.

    Examples
    --------
    >>> calls = pd.DataFrame({"delay_days": [0] * 10 + [9] * 10 + [None] * 10})
    >>> calls["left"] = [k < 2 for k in range(10)] + [k < 5 for k in range(10)] + [
    ...     k < 6 for k in range(10)]
    >>> response_speed(calls)[["delay_days", "customers", "left", "saved"]].round(2)
       delay_days  customers  left  saved
    0         0.0         10     2    0.4
    1         9.0         10     5    0.1
    """
    require_columns(calls, delay=delay, left=left)
    if not len(calls):
        raise EmptyError("there are no customers with an alarm.")
    called = calls[delay].notna()
    require_numbers(calls[called], delay)
    require_truths(calls, left)
    if (calls.loc[called, delay] < 0).any():
        raise OutOfRangeError(f"{delay} below 0: a call cannot come before its alarm.")
    if called.all() or not called.any():
        missing = "everybody was called" if called.all() else "nobody was called"
        raise OutOfRangeError(
            f"{missing}, so there is nothing to compare with. Leave some out at random, and have "
            f"{delay} missing there."
        )
    gone = calls[left].astype(bool)
    groups = gone[called].groupby(calls.loc[called, delay].astype("float64")).agg(["size", "sum"])
    n, ends = groups["size"].to_numpy(), groups["sum"].to_numpy()
    share, alone = ends / n, gone[~called].mean()
    low, high = difference(gone[~called].sum(), (~called).sum(), ends, n)
    return pd.DataFrame(
        {
            "delay_days": groups.index.to_numpy("float64"),
            "customers": n.astype("int64"),
            "left": ends.astype("int64"),
            "share_left": share,
            "saved": alone - share,
            "low": low,
            "high": high,
        }
    )
