"""A log of purchases and refunds as arrays, quick to choose from and to sort; and as a frame."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np
import pandas as pd
import pyarrow as pa

from crmlab._groups import stable_order
from crmlab.company.calendar import FIRST_DAY

# customer (from 0), day (from the first), amount, channel, store and category (their places
# below), bought (the row of the purchase itself, or of the one that a refund gives back), ...
Columns = dict[str, np.ndarray]
Log = Columns

# Shares of customers by home city, and of purchases by category.
CITIES = {"Shanghai": 0.3, "Hangzhou": 0.2, "Wuhan": 0.2, "Chengdu": 0.2, "Xi'an": 0.1}
CATEGORIES = {"skin care": 0.4, "make-up": 0.25, "hair care": 0.15, "household": 0.2}
WORDS = {
    name: pd.CategoricalDtype(pd.Index([*words], dtype="str"))
    for name, words in (
        ("channel", ("shop", "online")),
        ("store", (*CITIES, "web shop")),
        ("category", CATEGORIES),
        ("city", CITIES),
    )
}
WEB_SHOP = len(CITIES)
FIRST, DAY = FIRST_DAY.to_datetime64().astype("M8[us]"), np.timedelta64(86_400_000_000, "us")
NEVER = np.iinfo(np.int64).max  # a day that does not come


def rows_of(log: Log, rows: np.ndarray) -> Log:
    """Return these rows of the log."""
    return {name: column[rows] for name, column in log.items()}


def together(logs: Sequence[Log]) -> Log:
    """Return the columns of all logs, one after another."""
    return {name: np.concatenate([log[name] for log in logs]) for name in logs[0]}


def order_by_day(log: Log) -> np.ndarray:
    """Return the order of rows by day and customer, those alike as they come."""
    order = stable_order(log["customer"])
    return order[stable_order(log["day"][order])]


def place_in(order: np.ndarray) -> np.ndarray:
    """Return where each row stands in an order of all rows."""
    place = np.empty(len(order), dtype=np.int64)
    place[order] = np.arange(len(order))
    return place


def frame_of_log(log: Log, *, before: int) -> pd.DataFrame:
    """Return the log as a frame, its purchases numbered from `before` + 1 and customers from 1.

    Channel, store and category are categorical, so that no text is made of millions of rows
    before it is asked for.
    """
    rest = {name: column for name, column in log.items() if name not in ("day", "customer")}
    columns = {
        "purchase_id": before + np.arange(1, len(log["day"]) + 1),
        "bought_id": before + 1 + rest.pop("bought"),
        "customer_id": log["customer"] + 1,
        "date": dates(log["day"]),
        **{name: chosen(name, rest.pop(name)) for name in ("channel", "store", "category")},
        **rest,
    }
    return pd.DataFrame(columns, copy=False)


def dates(day: np.ndarray) -> np.ndarray:
    """Return the dates of days counted from the first; NaT for `NEVER`."""
    date = FIRST + day * DAY
    return np.where(day == NEVER, np.datetime64("NaT", "us"), date)


def days_of(date: np.ndarray) -> np.ndarray:
    """Return the days, counted from the first, of dates; `NEVER` for NaT."""
    day = (date.astype("M8[us]") - FIRST).astype("m8[D]").astype(np.int64)
    return np.where(np.isnat(date), NEVER, day)


def chosen(name: str, place: np.ndarray) -> pd.Categorical:
    """Return the words of a column at these places."""
    return pd.Categorical.from_codes(place, dtype=WORDS[name])


def texts(words: Iterable[str], place: np.ndarray, missing: np.ndarray | None = None) -> pd.Series:
    """Return the word at each place, without making a Python string of any."""
    taken = pa.array([*words]).take(pa.array(place, mask=missing))
    return pd.Series(pd.array(taken, dtype="str"))


def plain(frame: pd.DataFrame) -> pd.DataFrame:
    """Return the frame with its categories as text."""
    return frame.astype(dict.fromkeys(frame.select_dtypes("category"), "str"))
