"""Cards that are opened, and cards that are in use."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
import pandas as pd

from crmlab._checks import (
    require_alike,
    require_at_least,
    require_columns,
    require_list,
    require_positive,
)
from crmlab._groups import bincount
from crmlab._intervals import wilson
from crmlab._purchases import as_frame, house_purchases
from crmlab.errors import BadRowsError, EmptyError, OutOfRangeError
from crmlab.members.measure.months import Months, by_month

WINDOWS = (12, 6, 3)


def effective_cards(
    purchases: pd.DataFrame,
    *,
    windows: Sequence[int] = WINDOWS,
    min_amount: float | None = None,
    as_of: str | pd.Timestamp | None = None,
    customer: str = "customer_id",
    date: str = "date",
    amount: str = "amount",
) -> pd.DataFrame:
    """Cards in use and cards asleep at every month end, by rolling windows.

    A card is effective (有效VIP卡) at the end of a month t if it bought in (t - window, t], or,
    with `min_amount`, if its net total there reaches that amount. A longer window never counts
    fewer cards by purchases; by an amount it may, when a refund comes late. A card exists from
    its first row on.

    Parameters
    ----------
    purchases : DataFrame, one row per purchase
        Read only; row order does not matter.
    windows : months, each at least 1
        12 for a retail brand, 6 for a department store, 3 for a supermarket, as the field says.
    min_amount : float above 0, optional
        Ask for so much money in the window instead of for one purchase.
    as_of, customer, date, amount
        As in `rolling_churn`.

    Returns
    -------
    DataFrame, one row per window and month end at which the window is whole; longest first
        date : datetime64[us]
        window_months : int64
        cards : int64, that exist
        effective, dormant : int64, which sum to `cards`
        share_effective : float64

    Raises
    ------
    MissingColumnsError, BadRowsError
        As in `rolling_churn`.
    OutOfRangeError
        If a window is below 1, `min_amount` is not above 0, or there are no rows.

    See Also
    --------
    crmlab.members.plot.plot_effective_cards : draws this frame.

    Source
    ------
    The three windows, and "a purchase or an amount", are this course's field rule.

    Examples
    --------
    >>> purchases = pd.DataFrame({
    ...     "customer_id": [1, 2, 2],
    ...     "date": pd.to_datetime(["2024-01-05", "2024-01-31", "2024-02-29"]),
    ...     "amount": [90.0, 10.0, 10.0],
    ... })
    >>> effective_cards(purchases, windows=[2, 1]).drop(columns="share_effective")
            date  window_months  cards  effective  dormant
    0 2024-02-29              2      2          2        0
    1 2024-01-31              1      2          2        0
    2 2024-02-29              1      2          1        1
    """
    spans = card_spans(windows, min_amount)
    log = by_month(purchases, as_of, customer=customer, date=date, amount=amount)

    last = log.last_bought()
    cards, in_use = _cards(log, last), _counter(log, last, min_amount)
    found = [card_table(log.ends[:0], cards[:0], cards[:0], 1)]
    for window in spans:
        places = np.arange(window - 1, len(log.ends))
        used = np.array([in_use(int(place), window) for place in places], dtype=np.int64)
        found.append(card_table(log.ends[places], cards[places], used, window))
    return pd.concat(found, ignore_index=True)


def card_spans(windows: Sequence[int], min_amount: float | None) -> list[int]:
    """Return the windows, longest first, or raise if they or the amount are out of range."""
    require_list("windows", windows, "[12, 6, 3]")
    for window in windows:
        require_at_least("every window", window, 1)
    if min_amount is not None:
        require_positive("min_amount", min_amount)
        if min_amount < 0.01:
            raise OutOfRangeError(f"min_amount must be 0.01 or more; got {min_amount!r}.")
    return sorted({*windows}, reverse=True)


def card_table(
    ends: np.ndarray, cards: np.ndarray, effective: np.ndarray, window: int
) -> pd.DataFrame:
    """Return the frame that `effective_cards` documents for one window from its counts."""
    effective = effective.astype("int64")
    return pd.DataFrame(
        {
            "date": ends.astype("M8[us]"),
            "window_months": np.int64(window),
            "cards": cards.astype("int64"),
            "effective": effective,
            "dormant": cards.astype("int64") - effective,
            "share_effective": effective / cards,
        }
    )


def _counter(log: Months, last: np.ndarray, min_amount: float | None) -> Callable[[int, int], int]:
    """Return what counts the cards that are effective in so many months up to a month."""
    if min_amount is None:
        return lambda place, window: int(np.count_nonzero(last[place] > place + 1 - window))
    money, least = _money(log), min_amount - 0.005
    return lambda place, window: int((money[place + 1] - money[place + 1 - window] >= least).sum())


def _cards(log: Months, last: np.ndarray) -> np.ndarray:
    """Return how many customers had a row by the end of each month."""
    if (log.amount > 0).all():
        return np.array([np.count_nonzero(row) for row in last])
    first = np.full(len(log.customers), len(log.ends))
    np.minimum.at(first, log.who, log.month)
    return bincount(first, minlength=len(log.ends)).cumsum()


def _money(log: Months) -> np.ndarray:
    """Return what each customer spent before each month, and in all; months by customers."""
    n, months = len(log.customers), len(log.ends)
    cells = bincount(log.month.astype(np.intp) * n + log.who, log.amount, minlength=months * n)
    before = np.zeros((months + 1, n))
    np.cumsum(cells.reshape(months, n), axis=0, out=before[1:])
    return before


def opening_rate(
    purchases: pd.DataFrame,
    cards: pd.DataFrame,
    *,
    by: str | None = "store",
    customer: str = "customer_id",
    date: str = "date",
    amount: str | None = "amount",
    opened: str = "opened_on",
) -> pd.DataFrame:
    """Card-opening rate (开卡率) per month, and per store: new cards over customers who bought.

    Of 1,000 customers who bought in a month 200 opened a card: 20 %. The rate falls by itself as
    a store's customers fill up with cards: who has one cannot open it again. So the share of
    those who *could* open one stands beside it.

    Parameters
    ----------
    purchases : DataFrame, one row per purchase
        `customer`, `date`, `amount`, and `by`; a purchase is a row with a positive amount
    cards : DataFrame, one row per card
        `customer`, `opened`, and `by`; one card per customer
    by : str or None
        Column that both have, such as the store; None for all together.
    customer, date, opened : str
        Columns.
    amount : str or None
        Column of money, so that who only gave something back is no buyer; None where each row is
        known to be a purchase.

    Returns
    -------
    DataFrame, one row per `by` and calendar month in which somebody bought, sorted by both
        `by` : as in `purchases`
        month : datetime64[us], its first day
        buyers : int64, customers who bought there
        could_open : int64, of these, who had no card before the month
        new_cards : int64, opened there by these buyers in the month
        opening_rate : float64, new_cards / buyers
        low, high : float64, Wilson's 95% interval of it
        conversion : float64, new_cards / could_open; NaN where all had a card

    Raises
    ------
    MissingColumnsError
        If a frame lacks a column.
    BadRowsError
        If a row lacks a value, a customer has two cards, or a card was opened where its owner
        did not buy in that month.
    EmptyError
        If nobody bought.

    Examples
    --------
    >>> day = pd.Timestamp("2024-03-05")
    >>> bought = pd.DataFrame(
    ...     {"customer_id": range(6), "date": day, "amount": [9.0] * 5 + [-9.0], "store": "shop 1"})
    >>> cards = pd.DataFrame({"customer_id": [3], "opened_on": day, "store": "shop 1"})
    >>> opening_rate(bought, cards)[["store", "buyers", "new_cards", "opening_rate"]]
        store  buyers  new_cards  opening_rate
    0  shop 1       5          1           0.2
    """
    place = [] if by is None else [by]
    money = {} if amount is None else {"amount": amount}
    purchases = house_purchases(purchases, *place, customer=customer, date=date, **money)
    cards = as_frame(cards)
    require_columns(cards, *place, customer=customer, opened=opened)
    # The day of opening is a day like that of a purchase.
    cards = house_purchases(cards, *place, customer=customer, date=opened)
    if amount is not None:
        purchases = purchases[purchases["amount"] > 0]
    if not len(purchases):
        raise EmptyError("nobody bought; at least one purchase is needed.")
    customer = "customer_id"
    require_alike(customer, purchases[customer], cards[customer])
    if twice := cards.loc[cards[customer].duplicated(), customer].unique().tolist():
        raise BadRowsError(f"{len(twice)} customer(s) have more than one card: {twice[:10]}.")

    keys = [*place, "month"]
    bought = purchases[[*place, customer]].assign(month=_month(purchases["date"]))
    bought = bought.drop_duplicates()
    held = cards[[*place, customer]].assign(month=_month(cards["date"]), new_cards=1)
    since = bought[customer].map(held.set_index(customer)["month"])
    bought["could_open"] = ~(since < bought["month"])
    found = bought.merge(held, on=[*keys, customer], how="left")
    missed = len(held) - int(found["new_cards"].sum())
    if missed:
        raise BadRowsError(
            f"{missed} card(s) were opened by somebody who bought nothing there in that month, so "
            "they have no place among the buyers. Hand over all purchases, or leave them out."
        )
    groups = found.fillna({"new_cards": 0}).groupby(keys, sort=True)
    table = groups.agg(
        buyers=(customer, "size"), could_open=("could_open", "sum"), new_cards=("new_cards", "sum")
    )
    table = table.astype("int64").reset_index()
    table["opening_rate"] = table["new_cards"] / table["buyers"]
    table["low"], table["high"] = wilson(table["new_cards"], table["buyers"])
    table["conversion"] = table["new_cards"] / table["could_open"].where(table["could_open"] > 0)
    return table


def _month(dates: pd.Series) -> pd.Series:
    """Return the first day of the month of each date."""
    return pd.Series(dates.to_numpy().astype("M8[M]").astype("M8[us]"), dates.index)
