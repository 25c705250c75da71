"""The same pyramid over longer and shorter periods."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import count

import numpy as np
import pandas as pd

from crmlab._checks import (
    months_before,
    require_at_least,
)
from crmlab._purchases import known_purchases, plain_ids
from crmlab.errors import OutOfRangeError
from crmlab.pyramid.measure.tiers import TIER_CUTS, pyramid, pyramid_tiers


def pyramid_by_period(
    purchases: pd.DataFrame,
    *,
    months: Sequence[int] = (1, 3, 6, 12),
    as_of: str | pd.Timestamp | None = None,
    cuts: Sequence[float] = TIER_CUTS,
    names: Sequence[str] | None = None,
    customer: str = "customer_id",
    date: str = "date",
    amount: str = "amount",
) -> pd.DataFrame:
    """Return the pyramid of each period length, all ending on the same day.

    A customer belongs to a period in which anything was bought or refunded, so short periods
    have fewer customers, and other ones on top. `same_tier` says how far a short look
    agrees with the longest.

    Parameters
    ----------
    purchases : DataFrame, one row per purchase
        Read only; row order does not matter.
    months : int, lengths in calendar months, each counted back from the end of `as_of`
        A month's last day goes back to the last day of the earlier month. A length is refused
        if a shorter one already holds every row.
    as_of : date, default the last day in the data
        Later rows are left out with a LaterRowsWarning.
    cuts, names : as in `pyramid`
    customer, date, amount : str
        Columns holding the customer key, the date (datetime64) and the money.

    Returns
    -------
    DataFrame, one row per length and tier, shortest first
        months : int64
        tier, customers, spend, share_of_customers, share_of_spend, mean_spend : as in `pyramid`
        same_tier : float64, share of the tier's customers who are in that tier over the
            longest period too; NaN for an empty tier

    Raises
    ------
    MissingColumnsError, BadRowsError, CrmlabError
        If the purchases lack a column or a value, or as `pyramid`.
    OutOfRangeError
        If a length is below 1 or longer than the purchases reach, or a period has no purchase.

    See Also
    --------
    crmlab.pyramid.plot.plot_pyramid_by_period : draws this frame.

    Source
    ------
    That concentration depends on the length of the look: Schmittlein, D. C., Cooper, L. G. and
    Morrison, D. G. (1993). Truth in concentration in the land of (80/20) laws. Marketing
    Science 12(2), 167-183. doi:10.1287/mksc.12.2.167

    Examples
    --------
    >>> purchases = pd.DataFrame({
    ...     "customer_id": [1, 2, 2],
    ...     "date": pd.to_datetime(["2024-01-10", "2024-02-20", "2024-03-15"]),
    ...     "amount": [90.0, 10.0, 30.0],
    ... })
    >>> found = pyramid_by_period(purchases, months=[1, 3], cuts=[0.5], names=["top", "rest"])
    >>> found[["months", "tier", "customers", "share_of_spend"]].round(2)
       months  tier  customers  share_of_spend
    0       1   top          1            1.00
    1       1  rest          0            0.00
    2       3   top          1            0.69
    3       3  rest          1            0.31
    """
    require_at_least("the number of lengths", len(months), 1)
    require_at_least("every length in months", min(months), 1)
    rows, day = known_purchases(purchases, as_of=as_of, customer=customer, date=date, amount=amount)
    rows = rows.assign(**{customer: plain_ids(rows[customer])})
    _require_reach(rows[date].to_numpy("M8[D]").min(), day, max(months))

    spends = {n: _spend(rows, day, n, customer, date, amount) for n in sorted({*months})}
    longest = pyramid_tiers(spends[max(months)], cuts=cuts, names=names)
    usual = dict(zip(longest["customer_id"], longest["tier"], strict=True))
    parts = []
    for n, spend in spends.items():
        tiers = pyramid_tiers(spend, cuts=cuts, names=names)
        same = tiers["tier"] == [usual[one] for one in tiers["customer_id"]]
        table = pyramid(spend, cuts=cuts, names=names)
        agree = tiers.assign(same=same).groupby("tier").agg({"same": "mean"})
        table["same_tier"] = agree.reindex(table["tier"])["same"].to_numpy("float64")
        table.insert(0, "months", n)
        parts.append(table)
    return pd.concat(parts, ignore_index=True)


def _require_reach(first: np.datetime64, day: np.datetime64, longest: int) -> None:
    """Raise unless the `longest` look needs all of its months to hold the rows from `first` on."""
    enough = next(n for n in count(1) if months_before(day, n) < first)
    if longest > enough:
        raise OutOfRangeError(
            f"{longest} months reach back beyond the first row, {first}: {enough} month(s) up to "
            f"{day} hold every row. Leave out lengths above {enough}."
        )


def _spend(
    rows: pd.DataFrame, day: np.datetime64, months: int, customer: str, date: str, amount: str
) -> pd.Series:
    """Return the money per customer of the calendar months up to `day`."""
    inside = rows[date].to_numpy("M8[D]") > months_before(day, months)
    if not inside.any():
        raise OutOfRangeError(f"nothing was bought in the {months} month(s) up to {day}.")
    sums: pd.DataFrame = rows.loc[inside, :].groupby(customer).agg({amount: "sum"})
    return pd.Series(sums[amount].to_numpy("float64"), sums.index)
