"""How likely is a customer who stayed away so long to come back."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import pandas as pd

from crmlab._checks import require_positive
from crmlab._groups import bincount
from crmlab._intervals import wilson
from crmlab._purchases import known_purchases
from crmlab.errors import OutOfRangeError
from crmlab.rfm.measure.keys import numbered


def return_probability(
    purchases: pd.DataFrame,
    *,
    weeks: float | Sequence[float] = (12, 24),
    as_of: str | pd.Timestamp | None = None,
    horizon_weeks: float | None = None,
    customer: str = "customer_id",
    date: str = "date",
) -> pd.DataFrame:
    """Chance that a customer who has been away for more than so many weeks comes back.

    An absence begins with each day of purchase and ends with the customer's next one, or is
    still open at the end of `as_of`. Open absences are neither returns nor losses yet: they
    count as long as they were watched (Kaplan-Meier). Absences of one customer resemble each
    other, so the variance is summed up by customer (Williams), and the interval is Wilson's with
    the number of absences that this variance stands for (Rothman). Every row is a visit: set
    refunds aside first if they are not.

    Parameters
    ----------
    purchases : DataFrame, one row per purchase
        Read only; row order does not matter. Several rows of a day are one visit.
    weeks : number or sequence of numbers, 0 or more
        How long the customers have been away: more than 7 * weeks days.
    as_of : date, optional
        Last day that is known; the last day in the data when omitted. Later rows are left out
        with a LaterRowsWarning.
    horizon_weeks : float, optional
        Count only returns within so many further weeks. When omitted, ever, which no data
        can show in full: the chance to return within the longest absence watched.
    customer, date : str
        Columns holding the customer key and the date of purchase (datetime64).

    Returns
    -------
    DataFrame, one row per entry of `weeks`, in that order
        weeks : float64
        horizon_weeks : float64, further weeks that the chance covers
        absences : int64, absences of more than `weeks`, open ones included
        returned : int64, of these, seen to end within the horizon
        return_probability : float64 in [0, 1]; missing where no absence was watched to the
            end of the horizon
        low, high : float64, 95% confidence interval

    Raises
    ------
    MissingColumnsError
        If `purchases` lacks the customer or date column.
    BadRowsError
        If a row has no customer or no date.
    OutOfRangeError
        If there are no purchases, `weeks` is empty or negative, or the horizon is not positive.

    See Also
    --------
    crmlab.rfm.simulate.simulate_supermarket : visits whose chances are known.
    crmlab.rfm.plot.plot_return_probability : draws this frame.

    Source
    ------
    Kaplan and Meier (1958), doi:10.1080/01621459.1958.10501452; the variance of clustered times:
    Williams, R. L. (1995). Product-limit survival functions with correlated survival times.
    Lifetime Data Analysis 1, 171-186. doi:10.1007/BF00985768; the interval: Rothman (1978),
    Journal of Chronic Diseases 31, 557-560.

    Examples
    --------
    Of three absences of more than a week, one ended, on its tenth day.

    >>> purchases = pd.DataFrame({
    ...     "customer_id": ["A", "A", "B", "C"],
    ...     "date": pd.to_datetime(["2024-01-01", "2024-01-11", "2024-01-11", "2024-01-31"]),
    ... })
    >>> return_probability(purchases, weeks=1)[["absences", "returned", "return_probability"]]
       absences  returned  return_probability
    0         3         1            0.333333
    """
    away = np.atleast_1d(np.asarray(weeks, dtype=float))
    if away.ndim > 1 or not away.size or not (np.isfinite(away) & (away >= 0)).all():
        raise OutOfRangeError(f"weeks must be numbers of 0 or more, at least one; got {weeks!r}.")
    if horizon_weeks is not None:
        require_positive("horizon_weeks", horizon_weeks)
    known, last_day = known_purchases(purchases, as_of=as_of, customer=customer, date=date)

    absences = _absences(known, customer, date, last_day)
    rows = [_chance(absences, since, horizon_weeks) for since in away]
    names = ["horizon_weeks", "absences", "returned", "return_probability", "low", "high"]
    table = pd.DataFrame(rows, columns=names)
    table.insert(0, "weeks", away)
    return table.astype({"absences": "int64", "returned": "int64"})


class _Absences(NamedTuple):
    """Of each absence: whose it was, how many days it lasted or was watched, whether it ended."""

    owner: np.ndarray
    lasted: np.ndarray
    ended: np.ndarray


def _absences(
    purchases: pd.DataFrame, customer: str, date: str, last_day: np.datetime64
) -> _Absences:
    """Return every absence up to `last_day`."""
    codes = numbered(purchases.loc[:, customer])[0].astype(np.int64)
    # Counted back from the last day, a day is 0 or more; one sort orders customers and days.
    ago = (last_day - purchases[date].to_numpy().astype("M8[D]")).astype(np.int64)
    span = ago.max() + 1
    visits = np.unique((codes + 1) * span - 1 - ago)
    code, day = np.divmod(visits, span)
    ended = np.append(code[1:] == code[:-1], False)
    following = np.append(day[1:], 0)
    return _Absences(code, np.where(ended, following, span - 1) - day, ended)


def _chance(absences: _Absences, weeks: float, horizon_weeks: float | None) -> tuple[float, ...]:
    """Return a row of `return_probability`: horizon, absences, returned, chance, low, high."""
    first = int(7 * weeks) + 1
    longest = int(absences.lasted.max())
    last = longest if horizon_weeks is None else int(7 * (weeks + horizon_weeks))
    horizon = max(longest / 7 - weeks, 0.0) if horizon_weeks is None else horizon_weeks
    owner, lasted, ended = (of[absences.lasted >= first] for of in absences)
    # From the first day on: absences still watched on each day, and those that end with it.
    day = lasted - first
    span = max(min(last, longest) - first + 1, 0)
    risk = bincount(day, minlength=span)[::-1].cumsum()[::-1][:span]
    end = bincount(day[ended], minlength=span)[:span]
    returned, stay = end.sum(), float(np.prod(1 - end / np.maximum(risk, 1)))
    if not len(lasted) or (last > longest and stay > 0):
        return horizon, len(lasted), returned, np.nan, np.nan, np.nan

    low, high = wilson((1 - stay) * (worth := _worth(owner, day, ended, risk, end, stay)), worth)
    return horizon, len(lasted), returned, 1 - stay, float(low), float(high)


def _worth(
    owner: np.ndarray,
    day: np.ndarray,
    ended: np.ndarray,
    risk: np.ndarray,
    end: np.ndarray,
    stay: float,
) -> float:
    """Return how many independent absences would make the share `stay` as uncertain as it is.

    Where nobody or everybody returned no variance can be seen: then each customer counts once.
    """
    codes = pd.factorize(owner)[0]
    customers = codes.max() + 1
    if not 0 < stay < 1:
        return float(customers)
    # What each absence adds to log(stay): what was expected of it while watched, less its return.
    rate = end / risk / (risk - end)
    watched = np.minimum(day, len(risk) - 1)
    pull = rate.cumsum()[watched]
    seen = ended & (day < len(risk))
    pull[seen] -= 1 / (risk - end)[day[seen]]
    by_customer = bincount(codes, pull)
    variance = stay**2 * (by_customer**2).sum() * customers / max(customers - 1, 1)
    return min(stay * (1 - stay) / variance, float(len(owner))) if variance else float(customers)
