"""Share of the market against share of the customer: two numbers that may part."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
from scipy.stats import t

from crmlab._checks import (
    names_of,
    require_columns,
    require_numbers,
    require_real,
    require_rows,
    require_values,
)
from crmlab._groups import bincount
from crmlab._intervals import Z
from crmlab._purchases import plain_ids
from crmlab._words import N_
from crmlab.errors import BadRowsError, OutOfRangeError, UnknownNameError

FIRMS = ("A", "B", "C", "others")
MARKET = N_("market")


def share_paths(
    wallets: pd.DataFrame,
    *,
    ours: str = "A",
    firms: Sequence[str] = FIRMS,
    group: str | None = "group",
    month: str = "month",
    customer: str = "customer_id",
) -> pd.DataFrame:
    """Our share of the whole market (市场占有率), and of each group's wallets, month by month.

    A share is what the customers spent with us over what they spent at all. The interval is that
    of a ratio of sums over customers (delta method).

    Parameters
    ----------
    wallets : DataFrame, one row per customer and month
        `customer`; `month`, which orders the months; `group`; and what was spent with each of
        `firms` : float, 0 or more
    ours : str, one of `firms`
    firms : sequence of str
    group : str or None
        None for the market alone.
    month, customer : str

    Returns
    -------
    DataFrame, one row per line and month: the market first, then the groups by name
        line : str, "market" or the group
        month : as given
        spend, category : float64, money, with us and with all
        share, low, high : float64; NaN where nothing was spent, and an interval of one customer

    Raises
    ------
    MissingColumnsError, BadRowsError, WrongTypeError, EmptyError
        If a column or value is missing or no number, is below 0, a customer has a month twice, or
        a group is called "market".
    UnknownNameError, OutOfRangeError
        If `ours` is none of the firms, or a firm is named twice.

    See Also
    --------
    crmlab.customers.plot.plot_share_paths : draws this frame.
    crmlab.loyalty.measure.wallet : shares of wallets from what customers say they spend.

    Examples
    --------
    >>> wallets = pd.DataFrame({"customer_id": [1, 2], "month": 1, "group": ["good", "small"],
    ...     "A": [30.0, 0.0], "B": [10.0, 20.0], "C": 0.0, "others": 0.0})
    >>> share_paths(wallets)[["line", "share"]].to_numpy().tolist()
    [['market', 0.5], ['good', 0.75], ['small', 0.0]]
    """
    firms = _firms(wallets, firms, ours)
    _require_months(wallets, customer, month, group)

    rows = pd.DataFrame(
        {
            "month": wallets[month].to_numpy(),
            "spend": wallets[ours].to_numpy("float64"),
            "category": wallets[firms].to_numpy("float64").sum(axis=1),
        }
    )
    lines = {MARKET: rows}
    if group is not None:
        of = wallets[group].astype("str").to_numpy()
        if MARKET in of:
            raise BadRowsError(
                f"{group} holds a group called {MARKET!r}, which is the name of the line of all. "
                f"Rename it first: frame[{group!r}].replace({{{MARKET!r}: 'others'}})"
            )
        lines |= {name: rows[of == name] for name in sorted({*of})}
    found = [_shares(part).assign(line=name) for name, part in lines.items()]
    table = pd.concat(found, ignore_index=True).astype({"line": "str"})
    return table[["line", "month", "spend", "category", "share", "low", "high"]]


def wallet_effect(
    wallets: pd.DataFrame,
    *,
    treated: str = "good, contacted",
    control: str = "good, left alone",
    start: int = 7,
    last: int = 3,
    ours: str = "A",
    firms: Sequence[str] = FIRMS,
    group: str = "group",
    month: str = "month",
    customer: str = "customer_id",
) -> pd.DataFrame:
    """Change of our share in a customer's wallet in two random groups, and the difference.

    Each customer's share over all months before `start` is compared with that over the `last`
    months of the file. The change within the treated group holds luck and what passes by itself;
    the difference from the control does not.

    Parameters
    ----------
    wallets : DataFrame, as `share_paths` takes it, with numbers as months
    treated, control : str, names of groups
    start, last : int
        First month of the treatment; months at the end that are looked at.
    ours, firms, group, month, customer
        As in `share_paths`.

    Returns
    -------
    DataFrame, one row per group, then "difference"
        group : str
        customers : int64
        before, after : float64, mean shares; NaN for the difference
        change, low, high : float64, in shares (.1 is ten points), 95 % interval by Student's t; of
            the difference with Welch's degrees of freedom

    Raises
    ------
    MissingColumnsError, BadRowsError, WrongTypeError, EmptyError
        As `share_paths`.
    UnknownNameError
        If there is no such group or firm.
    OutOfRangeError
        If no month lies before `start`, or the last ones reach back to it, a group has fewer than
        two customers, or the two groups are one.

    Source
    ------
    Welch (1947), The generalization of 'Student's' problem when several different population
    variances are involved, Biometrika 34(1-2), 28-35, doi:10.1093/biomet/34.1-2.28.

    Examples
    --------
    >>> wallets = pd.DataFrame({"customer_id": [1, 1, 2, 2, 3, 3, 4, 4], "month": [1, 2] * 4,
    ...     "group": ["t"] * 4 + ["c"] * 4, "A": [1.0, 3, 1, 3, 1, 2, 1, 2], "B": [1.0] * 8,
    ...     "C": 0.0, "others": 0.0})
    >>> found = wallet_effect(wallets, treated="t", control="c", start=2, last=1)
    >>> found["change"].round(3).tolist()
    [0.25, 0.167, 0.083]
    """
    require_real(start=start, last=last)
    firms = _firms(wallets, firms, ours)
    _require_months(wallets, customer, month, group)
    require_numbers(wallets, month)
    if treated == control:
        raise OutOfRangeError(f"treated and control must be two groups; got {treated!r} twice.")
    of, when = wallets[group].astype("str"), wallets[month].to_numpy()
    for name in (treated, control):
        if name not in {*of}:
            raise UnknownNameError.among("group", name, sorted({*of}))
    first = when.max() - last + 1
    if not (when < start).any() or first < start:
        raise OutOfRangeError(
            f"months before {start} and the last {last} of {when.max()} must both be there, and "
            "lie apart."
        )
    rows = pd.DataFrame(
        {
            "customer": wallets[customer].to_numpy(),
            "ours": wallets[ours].to_numpy("float64"),
            "all": wallets[firms].to_numpy("float64").sum(axis=1),
        }
    )
    found, changes = [], []
    for name in (treated, control):
        sides = [
            rows[(of == name).to_numpy() & side].groupby("customer")[["ours", "all"]].sum()
            for side in (when < start, when >= first)
        ]
        before, after = (side["ours"] / side["all"].where(side["all"] > 0) for side in sides)
        change = (after - before).dropna()
        if len(change) < 2:
            raise OutOfRangeError(f"the group {name!r} has fewer than 2 customers in both times.")
        changes.append(change)
        reach = float(t.ppf(0.975, len(change) - 1)) * change.std() / np.sqrt(len(change))
        row = {"group": name, "customers": len(change), "before": before[change.index].mean()}
        row |= {"after": after[change.index].mean(), "change": change.mean()}
        found.append(row | {"low": change.mean() - reach, "high": change.mean() + reach})
    one, other = changes
    gap = one.mean() - other.mean()
    reach = _welch(one, other)
    row = {"group": "difference", "customers": len(one) + len(other), "before": np.nan}
    row |= {"after": np.nan, "change": gap, "low": gap - reach, "high": gap + reach}
    return pd.DataFrame([*found, row]).astype({"group": "str"})


def rank_firms(
    spend: pd.DataFrame,
    *,
    firm: str = "brand",
    amount: str | None = None,
    customer: str = "customer_id",
) -> pd.DataFrame:
    """Firms by their share of the market, and by their share of their own customers (客户占有率).

    The customer share of a firm is the mean, over those who buy from it, of the part of their
    whole spend that it gets. Small firms have fewer customers, who are a little less loyal as
    well: double jeopardy (see `crmlab.loyalty.loyalty_against_norm` for the norm).

    Parameters
    ----------
    spend : DataFrame, one row per purchase, or per customer and firm
        `customer`, `firm`, and `amount`, if named: money above 0; else each row counts one
    firm, amount, customer : str

    Returns
    -------
    DataFrame, one row per firm, the largest market share first
        firm : str
        customers : int64, who buy from it
        penetration, market_share, customer_share : float64
        market_rank, customer_rank : int64, 1 is best; equals share the better rank

    Raises
    ------
    MissingColumnsError, BadRowsError, WrongTypeError, EmptyError
        If a column or value is missing, no number, or not above 0.

    Examples
    --------
    >>> spend = pd.DataFrame({"customer_id": [1, 1, 2, 3, 4], "brand": ["A", "B", "A", "A", "C"],
    ...                       "money": [50.0, 50, 100, 100, 40]})
    >>> rank_firms(spend, amount="money")[["firm", "market_rank", "customer_rank"]]
      firm  market_rank  customer_rank
    0    A            1              2
    1    B            2              3
    2    C            3              1
    """
    named = {"firm": firm, "customer": customer} | ({} if amount is None else {"amount": amount})
    require_columns(spend, **named)
    require_rows(spend)
    require_values(spend, *named.values())
    if amount is not None:
        require_numbers(spend, amount)
        low = np.flatnonzero(~(spend[amount] > 0))
        if low.size:
            raise BadRowsError(
                f"{len(low)} row(s) have a {amount} that is not above 0: {low[:10].tolist()}. "
                "Take refunds off what was bought first."
            )

    who, people = pd.factorize(plain_ids(spend[customer]))
    what, firms = pd.factorize(spend[firm].astype("str"), sort=True)
    money = np.ones(len(spend)) if amount is None else spend[amount].to_numpy("float64")
    table = bincount(who * len(firms) + what, money, len(people) * len(firms))
    table = table.reshape(len(people), len(firms))
    part, buys = table / table.sum(axis=1, keepdims=True), table > 0
    found = pd.DataFrame(
        {
            "firm": pd.Series(firms, dtype="str"),
            "customers": buys.sum(axis=0),
            "penetration": buys.mean(axis=0),
            "market_share": table.sum(axis=0) / table.sum(),
            "customer_share": part.sum(axis=0) / buys.sum(axis=0),
        }
    )
    for name in ("market", "customer"):
        rank = found[f"{name}_share"].round(12).rank(method="min", ascending=False)
        found[f"{name}_rank"] = rank.astype("int64")
    return found.sort_values(["market_rank", "firm"], ignore_index=True)


def _firms(wallets: pd.DataFrame, firms: Sequence[str], ours: str) -> list[str]:
    """Return the columns of firms, once they hold money."""
    names = names_of("firms", firms)
    if ours not in names:
        raise UnknownNameError.among("firm", ours, names)
    if len({*names}) < len(names):
        raise OutOfRangeError(f"firms must be different ones, or one counts twice; got {names}.")
    require_columns(wallets, *names)
    require_rows(wallets)
    require_values(wallets, *names)
    require_numbers(wallets, *names)
    low = np.flatnonzero((wallets[names] < 0).any(axis=1))
    if low.size:
        raise BadRowsError(
            f"{len(low)} row(s) have money below 0: {low[:10].tolist()}. A share of a wallet needs "
            "net spends of 0 or more; take refunds off what was bought first."
        )
    return names


def _require_months(wallets: pd.DataFrame, customer: str, month: str, group: str | None) -> None:
    """Raise unless every row has a customer, month and group, and no customer a month twice."""
    named = {"month": month, "customer": customer} | ({} if group is None else {"group": group})
    require_columns(wallets, **named)
    require_values(wallets, *named.values())
    twice = np.flatnonzero(wallets.duplicated([customer, month]))
    if twice.size:
        raise BadRowsError(
            f"{len(twice)} row(s) repeat a month of their customer: {twice[:10].tolist()}. Sum "
            f"them up first: frame.groupby({[*named.values()]}, as_index=False).sum()"
        )


def _welch(one: pd.Series, other: pd.Series) -> float:
    """Return half the 95 % interval of a difference of two means."""
    parts = np.array([one.var() / len(one), other.var() / len(other)])
    if not parts.any():
        return 0.0
    freedom = parts.sum() ** 2 / (parts**2 / [len(one) - 1, len(other) - 1]).sum()
    return float(t.ppf(0.975, freedom) * np.sqrt(parts.sum()))


def _shares(rows: pd.DataFrame) -> pd.DataFrame:
    """Return the share of each month with the interval of a ratio of sums over customers."""
    code, months = pd.factorize(rows["month"], sort=True)
    count, ours, all_ = (
        bincount(code, weight, len(months)) for weight in (None, rows["spend"], rows["category"])
    )
    whole = np.where(all_ > 0, all_, np.nan)
    share = ours / whole
    miss = rows["spend"].to_numpy() - share[code] * rows["category"].to_numpy()
    others = np.where(count > 1, count - 1, np.nan)  # one customer shows no spread
    spread = bincount(code, miss**2, len(months)) * count / others
    reach = Z * np.sqrt(spread) / whole
    return pd.DataFrame(
        {
            "month": months,
            "spend": ours,
            "category": all_,
            "share": share,
            "low": np.clip(share - reach, 0, 1),
            "high": np.clip(share + reach, 0, 1),
        }
    )
