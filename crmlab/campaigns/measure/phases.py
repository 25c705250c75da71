"""The same scores by three means: files by hand, a database at night, a stream of events."""

from __future__ import annotations

import csv
import sqlite3
import tempfile
import warnings
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable
from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd

from crmlab._checks import day_of, require_at_least, require_one_of, rows_until
from crmlab._purchases import house_purchases
from crmlab.campaigns.management import PHASES
from crmlab.errors import BadRowsError, EmptyError, OutOfRangeError, UninformativeScoreWarning
from crmlab.rfm.measure import rfm_scores
from crmlab.scale import PurchaseStore

_DAY_ZERO = date(1970, 1, 1).toordinal()
_COLUMNS = ["customer_id", "days_since_last", "frequency", "monetary"]
_COLUMNS += ["recency_score", "frequency_score", "monetary_score", "rfm_score"]


class ScoreStream:
    """RFM scores kept up to date event by event, in any order (实时评分).

    Of each customer three numbers are kept: the last day with a purchase, how many there were,
    and the cents spent. So a day's events cost a day's work, however long the history.

    See Also
    --------
    phase_scores : the same by files and by a database.

    Examples
    --------
    >>> stream = ScoreStream()
    >>> stream.add([(7, "2024-01-05", 30.0), (9, "2024-01-02", 10.0), (7, "2024-01-01", 5.0)])
    >>> stream.scores("2024-01-06", bins=2)[["customer_id", "frequency", "monetary", "rfm_score"]]
       customer_id  frequency  monetary rfm_score
    0            7          2      35.0        222
    1            9          1      10.0        111
    """

    def __init__(self) -> None:
        self._kept: dict = {}

    def add(self, events: Iterable[tuple]) -> None:
        """Take in events: (customer, day as ISO text or date, amount).

        Raises
        ------
        BadRowsError
            If an event has no customer, no day or no amount.
        """
        for customer, when, amount in events:
            if customer is None or customer != customer or not np.isfinite(amount):
                raise BadRowsError(f"an event lacks its customer or amount: {(customer, amount)}.")
            number = int(day_of("day", when).astype("int64"))
            paid, cents = amount > 0, round(amount * 100)
            # The day that counts: of a purchase, or of what else there is where nothing was bought.
            last, any_last, many, money = self._kept.get(customer, (None, number, 0, 0))
            if paid:
                last = number if last is None else max(last, number)
            self._kept[customer] = (last, max(any_last, number), many + paid, money + cents)

    def scores(self, as_of: str | pd.Timestamp, *, bins: int = 5) -> pd.DataFrame:
        """Return `rfm_scores` of all customers so far, by customer, at the end of a day.

        Raises
        ------
        OutOfRangeError
            If there were no events, one came after `as_of`, or `bins` is below 2.
        """
        return _scored(self._kept, as_of, bins)


def phase_scores(
    purchases: pd.DataFrame,
    *,
    phase: str,
    as_of: str | pd.Timestamp | None = None,
    bins: int = 5,
    customer: str = "customer_id",
    date: str = "date",
    amount: str = "amount",
) -> pd.DataFrame:
    """RFM scores of all customers by the means of one phase of implementation (渐进式实施).

    Parameters
    ----------
    purchases : DataFrame, one row per purchase: customer_id, date, amount
    phase : "pilot", "roll-out" or "final"
        A file read line by line; a table in SQLite, asked by the queries of `crmlab.scale`; or a
        `ScoreStream` that takes in one event after the other.
    as_of : date, default the last day in the data
    bins : int, 2 to 9
    customer, date, amount : str
        Names of the columns of `purchases`.

    Returns
    -------
    DataFrame, one row per customer, by customer, as of `crmlab.rfm.measure.rfm_scores`:
        customer_id, days_since_last, frequency, monetary, recency_score, frequency_score,
        monetary_score, rfm_score

    Raises
    ------
    MissingColumnsError, BadRowsError, OutOfRangeError
        As `crmlab.rfm.measure.rfm`; also if there is no such phase, or `bins` lies outside 2 to 9.

    Examples
    --------
    >>> purchases = pd.DataFrame({"customer_id": [7, 9, 7], "amount": [30.0, 10.0, 5.0],
    ...     "date": pd.to_datetime(["2024-01-05", "2024-01-02", "2024-01-01"])})
    >>> [phase_scores(purchases, phase=one, bins=2)["rfm_score"].tolist()
    ...  for one in ("pilot", "roll-out", "final")]
    [[222, 111], [222, 111], [222, 111]]
    """
    require_one_of("phase", phase, [*PHASES])
    require_at_least("bins", bins, 2)
    if bins > 9:
        raise OutOfRangeError(f"digits hold scores up to 9; got bins={bins}.")
    purchases = house_purchases(purchases, customer=customer, date=date, amount=amount)
    known, day = rows_until(purchases, "date", as_of)
    table = known[["customer_id", "date", "amount"]].copy()
    table["date"] = table["date"].dt.strftime("%Y-%m-%d")
    if phase == "pilot":
        return _by_hand(table, str(day), bins)
    if phase == "roll-out":
        return _by_night(table, str(day), bins)
    stream = ScoreStream()
    stream.add(zip(table["customer_id"], table["date"], table["amount"], strict=True))
    return stream.scores(str(day), bins=bins)


def compare_phases(
    purchases: pd.DataFrame,
    *,
    as_of: str | pd.Timestamp | None = None,
    bins: int = 5,
    clock: Callable[[], float] | None = None,
    customer: str = "customer_id",
    date: str = "date",
    amount: str = "amount",
) -> pd.DataFrame:
    """Three phases on the same data: whether scores agree, how old they are, and the time taken.

    Parameters
    ----------
    purchases, as_of, bins, customer, date, amount
        As in `phase_scores`.
    clock : function, optional
        Such as `time.process_time`: then seconds are told, which no two runs have alike.

    Returns
    -------
    DataFrame, three rows
        phase : str
        customers : int64
        alike : float64, share of customers with the scores of the stream: 1, or something is wrong
        refreshed : datetime64[us], the last day that the scores know of at noon of `as_of`: the
            last month's end, the night before, the day itself
        right : float64, share of customers whose scores are those of `as_of`, when one knows only
            so much; customers who are not known yet are not right
        seconds : float64, with a clock: for all scores anew, and, of the stream, for those of a
            day's events on top of all before

    Raises
    ------
    MissingColumnsError, BadRowsError, OutOfRangeError
        As `phase_scores`; also if there is no purchase before the month of `as_of`.

    Examples
    --------
    >>> purchases = pd.DataFrame({"customer_id": [7, 9, 7], "amount": [30.0, 10.0, 5.0],
    ...     "date": pd.to_datetime(["2024-02-05", "2024-01-02", "2024-01-01"])})
    >>> compare_phases(purchases, bins=2)[["phase", "alike"]]
          phase  alike
    0     pilot    1.0
    1  roll-out    1.0
    2     final    1.0
    """
    purchases = house_purchases(purchases, customer=customer, date=date, amount=amount)
    known, day = rows_until(purchases, "date", as_of)
    month_end = day.astype("M8[M]").astype("M8[D]") - 1
    knows = {"pilot": month_end, "roll-out": day - 1, "final": day}
    now = phase_scores(known, phase="final", as_of=str(day), bins=bins)
    dates = known["date"].to_numpy("M8[us]")
    rows = []
    with warnings.catch_warnings():  # of scores that tell little: said once, of `now`
        warnings.simplefilter("ignore", UninformativeScoreWarning)
        for phase, until in knows.items():
            began = clock() if clock else 0.0
            found = phase_scores(known, phase=phase, as_of=str(day), bins=bins)
            seconds = clock() - began if clock else 0.0
            if clock and phase == "final":
                seconds = _seconds_of_a_day(known, dates, day, bins, clock)
            then = known[dates < until + 1]
            then = phase_scores(then, phase="final", as_of=str(until), bins=bins)
            rows.append((phase, len(found), _alike(now, found), until, _alike(now, then), seconds))
    names = ["phase", "customers", "alike", "refreshed", "right", "seconds"]
    table = pd.DataFrame(rows, columns=names)
    table = table.astype({"phase": "str", "customers": "int64", "refreshed": "M8[us]"})
    return table if clock else table.drop(columns="seconds")


def _seconds_of_a_day(
    known: pd.DataFrame,
    dates: np.ndarray,
    day: np.datetime64,
    bins: int,
    clock: Callable[[], float],
) -> float:
    """Return the seconds that a stream needs for one day's events and new scores."""
    stream, today = ScoreStream(), dates >= day
    before, events = (
        [*zip(part["customer_id"], part["date"], part["amount"], strict=True)]
        for part in (known[~today], known[today])
    )
    stream.add(before)
    began = clock()
    stream.add(events)
    stream.scores(str(day), bins=bins)
    return clock() - began


def _alike(one: pd.DataFrame, other: pd.DataFrame) -> float:
    """Return the share of customers of `one` who have the same score in `other`."""
    theirs = one["customer_id"].map(other.set_index("customer_id")["rfm_score"])
    return float((theirs == one["rfm_score"]).mean())


def _by_hand(table: pd.DataFrame, day: str, bins: int) -> pd.DataFrame:
    """Return the scores from a file that is read line by line, ranks counted one by one."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "purchases.csv"
        table.to_csv(file, index=False, encoding="utf-8", float_format="%.17g")
        lines: dict[str, list[tuple[int, float]]] = {}
        with file.open(encoding="utf-8", newline="") as stream:
            for row in csv.DictReader(stream):
                when = date.fromisoformat(row["date"]).toordinal() - _DAY_ZERO
                lines.setdefault(row["customer_id"], []).append((when, float(row["amount"])))
    kept = {}
    is_text = not pd.api.types.is_integer_dtype(table["customer_id"])
    for name, own in lines.items():
        days = [when for when, amount in own if amount > 0]
        cents = sum(round(amount * 100) for _, amount in own)
        newest = max(when for when, _ in own)
        kept[name if is_text else int(name)] = (max(days, default=None), newest, len(days), cents)
    base = _base(kept, day)
    names = ("recency", "frequency", "monetary")
    values = (-base["days_since_last"], base["frequency"], base["monetary"])
    scores = {f"{name}_score": _ranked(column.tolist(), bins) for name, column in
              zip(names, values, strict=True)}  # fmt: skip
    base = base.assign(**scores)
    digits = 100 * base["recency_score"] + 10 * base["frequency_score"] + base["monetary_score"]
    return base.assign(rfm_score=digits)


def _ranked(values: list, bins: int) -> list[int]:
    """Return each value's score by the middle rank of its ties, in whole numbers."""
    order, n = sorted(values), len(values)
    return [1 + bins * (bisect_left(order, v) + bisect_right(order, v)) // (2 * n) for v in values]


def _by_night(table: pd.DataFrame, day: str, bins: int) -> pd.DataFrame:
    """Return the scores from a table in SQLite, asked by the queries of `crmlab.scale`."""
    connection = sqlite3.connect(":memory:")
    try:
        table.to_sql("purchases", connection, index=False)
        store = PurchaseStore(connection, "purchases")
        found = store.rfm_scores(as_of=day, bins=bins)
    finally:
        connection.close()
    return found[_COLUMNS]


def _base(kept: dict, day: str) -> pd.DataFrame:
    """Return recency, frequency and money of each customer, from what was kept of them."""
    today = int(day_of("as_of", day).astype("int64"))
    who = sorted(kept)
    rows = [kept[one] for one in who]
    last = np.array([newest if day is None else day for day, newest, *_ in rows], dtype=np.int64)
    if (last > today).any():
        raise OutOfRangeError(f"as_of {day} lies before events that were taken in.")
    return pd.DataFrame(
        {
            "customer_id": pd.Series(who, dtype="str" if isinstance(who[0], str) else "int64"),
            "days_since_last": today - last,
            "frequency": np.array([row[2] for row in rows], dtype=np.int64),
            "monetary": np.array([row[3] for row in rows], dtype="float64") / 100,
        }
    )


def _scored(kept: dict, as_of: str | pd.Timestamp, bins: int) -> pd.DataFrame:
    """Return the scores of what was kept of each customer."""
    if not kept:
        raise EmptyError("there were no events yet; add(events) first.")
    return rfm_scores(_base(kept, str(as_of)), bins=bins)[_COLUMNS]
