"""A file of purchases split at a day: what lies before is seen, what lies behind is locked."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd

from crmlab._checks import day_of, require_at_least
from crmlab._words import _
from crmlab.data.report import PurchaseReport
from crmlab.errors import NotAllowedError, OutOfRangeError


class Lock:
    """The purchases behind a day, for `months` or to the end of the file, out of sight until then.

    No attribute holds them and no listing shows them. Who means to look can read the file again:
    the lock guards against a glance, and the promise is the reader's own.

    first, last : first and last day that it covers
    is_open : whether it was opened
    """

    __slots__ = ("_take", "first", "is_open", "last")

    def __init__(self, rows: pd.DataFrame, first: pd.Timestamp, last: pd.Timestamp) -> None:
        self.first, self.last, self.is_open = first, last, False
        self._take = lambda: rows.copy()

    def __repr__(self) -> str:
        state = "open" if self.is_open else "closed"
        return f"Lock({self.first.date()} to {self.last.date()}, {state})"

    def open(self) -> pd.DataFrame:
        """Open for good, and return what was locked."""
        self.is_open = True
        return self._take()

    def require_open(self) -> None:
        """Raise NotAllowedError while it is closed."""
        if not self.is_open:
            raise NotAllowedError("the lock is closed: project.open_holdout() comes first.")


def split(
    rows: pd.DataFrame, holdout_from: str | pd.Timestamp, months: int | None
) -> tuple[pd.DataFrame, Lock]:
    """Return the purchases before a day, and the lock on those from it on.

    Raises
    ------
    OutOfRangeError
        If the day leaves nothing on one side, or fewer than `months` behind it.
    """
    first = pd.Timestamp(day_of("holdout_from", holdout_from))
    begin, end = rows["date"].min().normalize(), rows["date"].max().normalize()
    if not begin < first <= end:
        raise OutOfRangeError(
            f"holdout_from={first.date()} leaves nothing on one side: the purchases run from "
            f"{begin.date()} to {end.date()}. {_advice(begin, end)}"
        )
    last = end
    if months is not None:
        require_at_least("months", months, 1)
        last = first + pd.DateOffset(months=months) - pd.Timedelta(days=1)
    if last > end:
        latest = end + pd.Timedelta(days=1) - pd.DateOffset(months=months or 1)
        earlier = f"Lock from {latest.date()} or earlier, or look" if latest > begin else "Look"
        raise OutOfRangeError(
            f"{months} month(s) from {first.date()} end on {last.date()}, and the purchases on "
            f"{end.date()}: what is forecast could not be counted. {earlier} fewer months ahead."
        )
    day = rows["date"].dt.normalize()
    return rows[day < first], Lock(rows[(day >= first) & (day <= last)], first, last)


def told_of(report: PurchaseReport, seen: pd.DataFrame, first: pd.Timestamp) -> PurchaseReport:
    """Return what reading found, without the totals of what is locked and without any row."""
    return replace(
        report,
        source=_("{source} before {day}").format(source=report.source, day=first.date()),
        rows=len(seen),
        purchases=len(seen),
        customers=seen["customer_id"].nunique(),
        last_date=seen["date"].max(),
        amount=float(seen["amount"].sum()),
        faults=tuple(replace(fault, samples=()) for fault in report.faults),
    )


def _advice(begin: pd.Timestamp, end: pd.Timestamp) -> str:
    """Say which day would do, if one does."""
    if begin == end:
        return "One day cannot be split; take a file of a longer time."
    return "Choose a day between them, or the last one."
