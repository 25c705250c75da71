"""How often members come back, and after how long."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from crmlab._checks import (
    months_before,
    require_at_least,
    require_columns,
    require_numbers,
)
from crmlab._purchases import known_purchases, plain_ids


@dataclass(frozen=True)
class Repurchase:
    """What `repurchase_summary` returns: the two measures for all members together.

    members, returning : members, and those of them with a return in the period
    returns : returns of all of them
    returns_per_member : mean returns in the period, over all members
    mean_gap_days : mean days between purchases, over all gaps that ended in the period
    days_per_return : days members could have returned, over returns; gaps that are still open
        count here too, so it is longer than `mean_gap_days`
    """

    members: int
    returning: int
    returns: int
    returns_per_member: float
    mean_gap_days: float
    days_per_return: float


def repurchase(
    purchases: pd.DataFrame,
    *,
    months: int = 12,
    as_of: str | pd.Timestamp | None = None,
    customer: str = "customer_id",
    date: str = "date",
    amount: str = "amount",
) -> pd.DataFrame:
    """Repurchase frequency and mean repurchase days of each member.

    A return is a day with a purchase (a positive amount) after an earlier one; the first
    purchase is none, and several purchases on one day are one. The two measures are not each
    other's reciprocal: a member with a single return has a gap, and no steady frequency.

    Parameters
    ----------
    purchases : DataFrame, one row per purchase
        Read only; row order does not matter. Rows without a positive amount (refunds) are no
        visit and add no spend.
    months : int
        Returns are counted over the last so many calendar months, up to `as_of`.
    as_of : date, default the last day in the data
        Later rows are left out with a LaterRowsWarning.
    customer, date, amount : str
        Columns holding the customer key, the date (datetime64) and the money.

    Returns
    -------
    DataFrame, one row per customer, sorted by customer_id
        customer_id : as in `purchases`
        returns : int64, in the period
        returns_per_year : float64, `returns` scaled to 12 months; a member who joined late in
            the period, or data that do not reach back so far, give fewer
        mean_gap_days : float64, over the gaps that ended in the period; NaN without a return.
            Gaps still open are longer than those that closed, so this mean is too short
        spend_per_return : float64, mean money of a returning day; NaN without a return
        open_days : float64, since the last purchase day; NaN for who only has refunds
        exposed_days : int64, days of the period after the first purchase: the chance to return

    Raises
    ------
    MissingColumnsError
        If `purchases` lacks one of the columns.
    BadRowsError
        If a row has no customer, date or amount.
    OutOfRangeError
        If there are no rows up to `as_of`, or `months` is below 1.

    See Also
    --------
    repurchase_summary : both measures over all members.
    repurchase_gaps : the gaps behind them.
    quadrants : places these members in four quadrants.

    Examples
    --------
    >>> days = pd.to_datetime("2024-01-01") + pd.to_timedelta([0, 10, 20, 40], "D")
    >>> purchases = pd.DataFrame({"customer_id": 7, "date": days, "amount": [50.0, 10, 20, 30]})
    >>> member = repurchase(purchases).iloc[0]
    >>> print(f"{member.returns:.0f} returns, {member.mean_gap_days:.1f} days apart")
    3 returns, 13.3 days apart
    """
    require_at_least("months", months, 1)
    columns = {"customer": customer, "date": date, "amount": amount}
    gaps, day, everybody = _gaps(purchases, as_of, **columns)
    start = months_before(day, months)

    opened = gaps["date"].to_numpy("M8[D]")
    returned = gaps["returned"].to_numpy()
    in_period = returned & (opened + gaps["gap_days"].to_numpy() > start)
    ended = gaps[in_period].groupby("customer_id")
    table = ended.agg(
        returns=("gap_days", "size"),
        mean_gap_days=("gap_days", "mean"),
        spend_per_return=("spend", "sum"),
    ).reindex(everybody)
    # Money in cents, so that the mean of equal days is each of them.
    table["spend_per_return"] = (100 * table["spend_per_return"]).round(4) / table["returns"] / 100
    table = table.fillna({"returns": 0}).astype({"returns": "int64"})
    table.insert(1, "returns_per_year", table["returns"] * 12 / months)
    table["open_days"] = gaps[~returned].set_index("customer_id")["gap_days"].astype("float64")
    first = gaps.drop_duplicates("customer_id").set_index("customer_id")["date"]
    first = first.reindex(everybody).to_numpy("M8[D]")
    # Who only has refunds has no first purchase, and no chance to return.
    exposed = np.where(np.isnat(first), 0, (day - np.maximum(first, start)).astype("int64"))
    table["exposed_days"] = exposed
    return table.reset_index()


def repurchase_summary(members: pd.DataFrame) -> Repurchase:
    """Repurchase frequency and mean repurchase days over all members.

    Parameters
    ----------
    members : DataFrame, as returned by `repurchase`

    Returns
    -------
    Repurchase
        Its two day counts are NaN when nobody returned.

    Raises
    ------
    MissingColumnsError
        If `members` lacks one of the columns.
    OutOfRangeError
        If there are no members.

    Examples
    --------
    >>> members = pd.DataFrame(
    ...     {"returns": [3, 0], "mean_gap_days": [40 / 3, None], "exposed_days": [60, 30]}
    ... )
    >>> found = repurchase_summary(members)
    >>> found.returns_per_member, round(found.mean_gap_days, 1), found.days_per_return
    (1.5, 13.3, 30.0)
    """
    require_columns(members, "returns", "mean_gap_days", "exposed_days")
    require_numbers(members, "returns", "exposed_days")
    require_numbers(members.dropna(subset=["mean_gap_days"]), "mean_gap_days")
    require_at_least("the number of members", len(members), 1)

    returns = members["returns"].to_numpy()
    total = int(returns.sum())
    days = float(np.nansum(members["mean_gap_days"].to_numpy("float64") * returns))
    return Repurchase(
        members=len(members),
        returning=int((returns > 0).sum()),
        returns=total,
        returns_per_member=total / len(members),
        mean_gap_days=days / total if total else np.nan,
        days_per_return=float(members["exposed_days"].to_numpy().sum()) / total
        if total
        else np.nan,
    )


def repurchase_gaps(
    purchases: pd.DataFrame,
    *,
    as_of: str | pd.Timestamp | None = None,
    customer: str = "customer_id",
    date: str = "date",
    amount: str = "amount",
) -> pd.DataFrame:
    """Days from each purchase day to the customer's next one, or to `as_of` where none came.

    Parameters
    ----------
    purchases, as_of, customer, date, amount
        As for `repurchase`.

    Returns
    -------
    DataFrame, one row per customer and purchase day, sorted by both
        customer_id : as in `purchases`
        date : datetime64[us], the purchase day that opens the gap
        gap_days : int64
        returned : bool; False for the last gap of each customer, which is still open (censored)
        spend : float64, money of the day that closes the gap; NaN while open

    Raises
    ------
    MissingColumnsError, BadRowsError, OutOfRangeError
        As `repurchase`.

    See Also
    --------
    crmlab.members.plot.plot_repurchase : draws this frame.

    Examples
    --------
    >>> dates = pd.to_datetime(["2024-01-01", "2024-01-11", "2024-01-11"])
    >>> purchases = pd.DataFrame({"customer_id": 7, "date": dates, "amount": [5.0, 2.0, 3.0]})
    >>> repurchase_gaps(purchases)
       customer_id       date  gap_days  returned  spend
    0            7 2024-01-01        10      True    5.0
    1            7 2024-01-11         0     False    NaN
    """
    columns = {"customer": customer, "date": date, "amount": amount}
    return _gaps(purchases, as_of, **columns)[0]


def _gaps(
    purchases: pd.DataFrame, as_of: str | pd.Timestamp | None, **columns: str
) -> tuple[pd.DataFrame, np.datetime64, pd.Index]:
    """Return the gaps that `repurchase_gaps` documents, the day they end, and all customers."""
    rows, day = known_purchases(purchases, as_of=as_of, **columns)
    customer, date, amount = (columns[name] for name in ("customer", "date", "amount"))

    code, everybody = pd.factorize(pd.Index(plain_ids(rows[customer])), sort=True)
    spend = rows[amount].to_numpy("float64")
    bought = spend > 0
    visit = pd.DataFrame(
        {"code": code[bought], "date": rows[date].to_numpy("M8[D]")[bought], "spend": spend[bought]}
    )
    visit = visit.groupby(["code", "date"]).agg("sum").reset_index()
    who, when = visit["code"].to_numpy(), visit["date"].to_numpy("M8[D]")
    returned = np.append(who[1:] == who[:-1], False)[: len(who)]
    until = np.where(returned, np.roll(when, -1), day)
    gaps = {
        "customer_id": everybody[who],
        "date": when.astype("M8[us]"),
        "gap_days": (until - when).astype("int64"),
        "returned": returned,
        "spend": np.where(returned, np.roll(visit["spend"].to_numpy(), -1), np.nan),
    }
    return pd.DataFrame(gaps), day, pd.Index(everybody, name="customer_id")
