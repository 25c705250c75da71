"""How many members shop while a promotion lasts: counted, beside the rule of the field."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from crmlab._checks import day_of, require_at_least, require_list
from crmlab._groups import bincount
from crmlab._intervals import Z
from crmlab._purchases import house_purchases
from crmlab.errors import OutOfRangeError
from crmlab.members.measure.gaps import repurchase_gaps

LENGTHS = (10, 12, 15)


def promotion_coverage(
    purchases: pd.DataFrame,
    *,
    days: Sequence[int] = LENGTHS,
    start: str | pd.Timestamp | None = None,
    as_of: str | pd.Timestamp | None = None,
    members: int | None = None,
    customer: str = "customer_id",
    date: str = "date",
    amount: str = "amount",
) -> pd.DataFrame:
    """Share of members who shop during a promotion of so many days, over every day it could begin.

    Beside what is counted stand two rules that know the mean gap m alone, days per purchase of
    all members together: 1 - exp(-L / m), which holds for visits by pure chance (Poisson) and
    members who are alike, and 1 - (1 + L / m) exp(-2 L / m), for gaps that are more regular
    (Erlang of shape 2).

    Parameters
    ----------
    purchases : DataFrame, one row per purchase
        Read only; row order does not matter. Rows without a positive amount are no visit, and
        several on a day are one.
    days : whole days, each at least 1
        Lengths of the promotion.
    start, as_of : date
        First and last day of the record; those in the data by default. Earlier purchases are an
        error, later ones are left out with a LaterRowsWarning.
    members : int, optional
        How many cards there are, also those that never bought; by default those that did. Who
        never comes is missing from the data, and counts.
    customer, date, amount : str
        Columns.

    Returns
    -------
    DataFrame, one row per length, as given
        length_days : int64
        covered : float64, share of members, averaged over all days on which it could begin
        low, high : float64, 95% interval over members
        poisson_rule, erlang_rule : float64

    Raises
    ------
    MissingColumnsError, BadRowsError
        As in `repurchase`.
    OutOfRangeError
        If a length is below 1 or longer than the record, `start` comes after a purchase, or
        there are fewer `members` than buyers.

    See Also
    --------
    crmlab.members.simulate.simulate_visits : worlds in which the rule holds, and in which not.
    crmlab.members.plot.plot_promotion_coverage : draws this frame.

    Source
    ------
    Lengths of 10, 12 and 15 days are this course's; the rules are the forward recurrence times
    of the two renewal processes: Cox (1962), Renewal Theory, chapter 5.

    Examples
    --------
    A member comes every second day: a promotion of one day reaches half of the days.

    >>> dates = pd.date_range("2024-01-01", periods=5, freq="2D")
    >>> purchases = pd.DataFrame({"customer_id": 7, "date": dates, "amount": 5.0})
    >>> promotion_coverage(purchases, days=[1, 2], as_of="2024-01-10")["covered"].tolist()
    [0.5, 1.0]
    """
    require_list("days", days, "[10, 12, 15]")
    for length in days:
        require_at_least("every length", length, 1)
    purchases = house_purchases(purchases, customer=customer, date=date, amount=amount)
    gaps = repurchase_gaps(purchases, as_of=as_of)
    opened = gaps["date"].to_numpy("M8[D]")
    if not opened.size:
        raise OutOfRangeError("nobody bought anything, so there is no rhythm to measure.")
    first = opened.min() if start is None else day_of("start", start)
    if opened.min() < first:
        raise OutOfRangeError(f"start {first} lies after the first purchase, {opened.min()}.")
    last = (opened + gaps["gap_days"].to_numpy()).max()
    record = int((last - first).astype("int64")) + 1
    if max(days) > record:
        raise OutOfRangeError(
            f"the record has {record} days; a promotion of {max(days)} is longer."
        )
    who = pd.factorize(gaps["customer_id"])[0]
    buyers = int(who.max()) + 1
    n = buyers if members is None else members
    require_at_least("members", n, buyers)

    # A member is missed by a promotion that begins after one visit, and ends before the next.
    before = np.zeros(buyers)
    before[who[::-1]] = (opened - first).astype("int64")[::-1]
    between = np.where(gaps["returned"], gaps["gap_days"] - 1, gaps["gap_days"])
    when = purchases["date"].to_numpy("M8[us]")
    paid = purchases["amount"].to_numpy("float64") > 0
    mean = record * n / np.count_nonzero(paid & (when < last + 1))
    rows = []
    for length in days:
        starts = record - length + 1
        missed = np.maximum(before - length + 1, 0)
        missed += bincount(who, np.maximum(between - length + 1, 0), buyers)
        share = np.append(1 - missed / starts, np.zeros(n - buyers))
        reach = Z * share.std(ddof=1) / np.sqrt(n) if n > 1 else np.nan
        covered, per = share.mean(), length / mean
        rules = 1 - np.exp(-per), 1 - (1 + per) * np.exp(-2 * per)
        rows.append((length, covered, max(covered - reach, 0), min(covered + reach, 1), *rules))
    names = ["length_days", "covered", "low", "high", "poisson_rule", "erlang_rule"]
    return pd.DataFrame(rows, columns=names).astype({"length_days": "int64"})
