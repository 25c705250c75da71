"""What customers do after their first purchase, in which months, and through which channels."""

from __future__ import annotations

import numpy as np
import pandas as pd

from crmlab._checks import months_before, require_at_least, require_one_of
from crmlab._groups import bincount
from crmlab._intervals import Z, wilson
from crmlab._purchases import known_purchases, plain_values
from crmlab.errors import EmptyError, OutOfRangeError

_PARTS = {"month": 12, "weekday": 7}


def second_purchase(
    purchases: pd.DataFrame,
    *,
    within_days: int = 90,
    by: str | None = "category",
    as_of: str | pd.Timestamp | None = None,
    customer: str = "customer_id",
    date: str = "date",
) -> pd.DataFrame:
    """Share of customers who came back within some days of their first purchase, by what it was.

    Counted are customers whose first purchase lies at least `within_days` back, so that all had the
    same time. The second purchase is on a later day. Of several on one day the earliest counts, of
    several at one moment the first in order.

    Parameters
    ----------
    purchases : DataFrame, one row per purchase: `customer`, `date`, and `by` where it is not None
    within_days : int, at least 1
    by : str or None
        Column whose value at the first purchase makes the groups.
    as_of : date, default the last day in the data
    customer, date : str

    Returns
    -------
    DataFrame, one row per value of `by`, in order, and one for all
        first : str, the value, or "all"
        customers, returned : int64
        share, low, high : float64, with Wilson's 95% interval
        median_days : float64, of those who returned in time (missing where nobody did)
        next : str, what most of them bought then (missing where nobody did, or without `by`)
        same : float64, share of them who bought the same again

    Raises
    ------
    MissingColumnsError, BadRowsError
        If a column or a value is missing.
    OutOfRangeError
        If there are no purchases, or no first one lies far enough back.

    Examples
    --------
    >>> bought = pd.DataFrame({"customer_id": [1, 1, 2, 3],
    ...     "category": ["tea", "cup", "tea", "ink"],
    ...     "date": pd.to_datetime(["2024-01-01", "2024-01-09", "2024-01-02", "2024-06-30"])})
    >>> second_purchase(bought)[["first", "customers", "returned", "median_days", "next"]]
      first  customers  returned  median_days next
    0   tea          2         1          8.0  cup
    1   all          2         1          8.0  cup
    """
    require_at_least("within_days", within_days, 1)
    also = () if by is None else (by,)
    bought, day = known_purchases(purchases, *also, as_of=as_of, customer=customer, date=date)
    what = plain_values(bought[by]).astype("str") if by else pd.Series("all", bought.index)
    rows = pd.DataFrame(
        {
            "who": pd.factorize(bought[customer])[0],
            "day": bought[date].to_numpy("M8[D]").astype(np.int64),
            "time": bought[date].to_numpy("M8[us]"),
            "what": what.to_numpy(),
        }
    ).sort_values(["who", "time", "what"])
    first = rows.drop_duplicates("who")
    first = first[first["day"] + within_days <= day.astype("M8[D]").astype(np.int64)]
    if not len(first):
        raise EmptyError(
            f"no first purchase lies {within_days} days before {day}; take fewer days, or a longer "
            "record."
        )
    later = rows.merge(first[["who", "day"]], on="who", suffixes=("", "_first"))
    later = later[later["day"] > later["day_first"]].drop_duplicates("who")
    later = later[later["day"] - later["day_first"] <= within_days]
    both = first.merge(later, "left", on="who", suffixes=("", "_next"))
    groups = [*both.groupby("what")] if by else []
    table = pd.DataFrame([_after(name, one) for name, one in [*groups, ("all", both)]])
    if by is None:
        table["next"], table["same"] = None, np.nan
    return table.astype({"first": "str", "next": "str"})


def _after(name: object, rows: pd.DataFrame) -> dict[str, object]:
    """Return how many of a group came back, when, and for what."""
    came = rows.dropna(subset=["day_next"])
    low, high = wilson(len(came), len(rows))
    wanted = came["what_next"].value_counts().sort_index()
    return {
        "first": name,
        "customers": len(rows),
        "returned": len(came),
        "share": len(came) / len(rows),
        "low": float(low),
        "high": float(high),
        "median_days": (came["day_next"] - came["day_first"]).median(),
        "next": wanted.idxmax() if len(wanted) else None,
        "same": (came["what_next"] == came["what"]).mean() if len(came) else np.nan,
    }


def season_index(
    purchases: pd.DataFrame,
    *,
    by: str = "month",
    as_of: str | pd.Timestamp | None = None,
    customer: str = "customer_id",
    date: str = "date",
) -> pd.DataFrame:
    """Purchases per day by month or weekday, against a mean of 100, within whole years.

    Only whole years count, back from the last day (whole weeks for weekdays): a record of fourteen
    months would have two Januaries and look wintry. A base that grows looks as if its season were
    late; compare several years then.

    Parameters
    ----------
    purchases : DataFrame, one row per purchase: `customer`, `date`
    by : "month" or "weekday"
    as_of : date, default the last day in the data
    customer, date : str

    Returns
    -------
    DataFrame, one row per month (1 to 12) or weekday (1 is Monday)
        month or weekday : int64
        purchases : int64
        index, low, high : float64, 100 is the mean day; 95% interval with customers as clusters
            (missing for one customer, and where nothing was bought)

    Raises
    ------
    MissingColumnsError, BadRowsError
        If a column or a value is missing.
    OutOfRangeError
        If `by` is neither, the record is shorter than a year (a week), or its whole years are
        empty.

    Examples
    --------
    >>> days = pd.date_range("2024-01-01", "2024-12-29")
    >>> bought = pd.DataFrame({"customer_id": range(len(days)), "date": days})
    >>> season_index(bought, by="weekday")["index"].round(1).tolist()
    [100.0, 100.0, 100.0, 100.0, 100.0, 100.0, 100.0]
    """
    require_one_of("by", by, [*_PARTS])
    bought, day = known_purchases(purchases, as_of=as_of, customer=customer, date=date)
    when = bought[date].to_numpy("M8[D]")
    last = day.astype("M8[D]")
    span = int((last - when.min()).astype(int)) + 1
    if by == "weekday":
        days = 7 * (span // 7)
    else:
        years = 0
        while months_before(last, 12 * (years + 1)) + 1 >= when.min():
            years += 1
        days = int((last - months_before(last, 12 * years)).astype(int))
    if not days:
        raise OutOfRangeError(
            f"the record has {span} days, less than a whole {'year' if by == 'month' else 'week'}; "
            "a season cannot be told from the length of the record."
        )
    calendar = pd.DatetimeIndex(last - np.arange(days).astype("m8[D]"))
    kept = when > last - np.timedelta64(days, "D")
    if not kept.any():
        raise EmptyError(
            f"nothing was bought in the {days} days up to {last}; choose another as_of."
        )
    stamp = pd.DatetimeIndex(when[kept])
    place, there = (
        (one.month if by == "month" else one.day_of_week + 1).to_numpy() - 1
        for one in (stamp, calendar)
    )
    size = _PARTS[by]
    open_days = bincount(there, minlength=size) / days
    who = pd.factorize(bought[customer].to_numpy()[kept])[0]
    count = bincount(place, minlength=size)
    customers = int(who.max()) + 1
    own = bincount(who * size + place, minlength=customers * size).reshape(customers, size)
    # The index is a ratio; what each customer pushes it by has a variance.
    ratio = count / len(place) / open_days
    push = (own - own.sum(axis=1, keepdims=True) * (ratio * open_days)) / (len(place) * open_days)
    error = np.full(size, np.nan)
    if customers > 1:
        error = np.sqrt((push**2).sum(axis=0) * customers / (customers - 1))
        error[count == 0] = np.nan
    return pd.DataFrame(
        {
            by: np.arange(1, size + 1),
            "purchases": count,
            "index": 100 * ratio,
            "low": 100 * np.maximum(ratio - Z * error, 0),
            "high": 100 * (ratio + Z * error),
        }
    )


def channel_mix(
    purchases: pd.DataFrame,
    *,
    as_of: str | pd.Timestamp | None = None,
    customer: str = "customer_id",
    date: str = "date",
    channel: str = "channel",
) -> pd.DataFrame:
    """Channels of first, second, third and later purchases, and who uses more than one.

    Parameters
    ----------
    purchases : DataFrame, one row per purchase: `customer`, `date`, `channel`
    as_of : date, default the last day in the data
    customer, date, channel : str

    Returns
    -------
    DataFrame, one row per channel, in order
        channel : str
        purchases : int64
        share, first, second, later : float64, share of all purchases, of first ones, …
        only : float64, share of its customers who use no other

    Raises
    ------
    MissingColumnsError, BadRowsError
        If a column or a value is missing.
    OutOfRangeError
        If there are no purchases up to `as_of`, or `date` holds no dates.

    Examples
    --------
    >>> bought = pd.DataFrame({"customer_id": [1, 1, 2], "channel": ["shop", "online", "shop"],
    ...     "date": pd.to_datetime(["2024-01-01", "2024-02-01", "2024-01-05"])})
    >>> channel_mix(bought)[["channel", "first", "second", "only"]]
      channel  first  second  only
    0  online    0.0     1.0   0.0
    1    shop    1.0     0.0   0.5
    """
    bought, _ = known_purchases(purchases, channel, as_of=as_of, customer=customer, date=date)
    rows = pd.DataFrame(
        {
            "who": pd.factorize(bought[customer])[0],
            "date": bought[date].to_numpy(),
            "channel": plain_values(bought[channel]).astype("str").to_numpy(),
        }
    ).sort_values(["who", "date", "channel"])
    turn = rows.groupby("who").cumcount()
    table = rows["channel"].value_counts().sort_index().rename("purchases").to_frame()
    parts = {"share": turn >= 0, "first": turn == 0, "second": turn == 1, "later": turn > 1}
    for name, here in parts.items():
        counts = rows.loc[here, "channel"].value_counts().reindex(table.index, fill_value=0)
        table[name] = counts / max(int(here.sum()), 1) if here.any() else np.nan
    used = rows.drop_duplicates(["who", "channel"])
    alone = used.groupby("who")["channel"].transform("size") == 1
    table["only"] = alone.groupby(used["channel"]).mean()
    return table.rename_axis("channel").reset_index().astype({"channel": "str"})
