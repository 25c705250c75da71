"""What reading a file found: how it was understood, and what was wrong with it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from html import escape
from typing import NamedTuple

import numpy as np
import pandas as pd

from crmlab._cells import Guess
from crmlab._words import ENGLISH, _, language, ngettext, pgettext
from crmlab.dictionary.headings import frame_html

__all__ = ["Fault", "Guess", "PurchaseReport"]

_SHOWN = 5


@dataclass(frozen=True, eq=False)
class Fault:
    """Rows of one kind that deserve a look.

    kind : what is the matter with them
    treatment : "kept", "dropped" or "refused"
    rows : int64 array, the row numbers a reader sees in the file
    samples : the first of them, as written
    amount : the money in them, where it could be read
    """

    kind: str
    treatment: str
    rows: np.ndarray = field(repr=False)
    samples: tuple[str, ...] = ()
    amount: float = 0.0

    @property
    def count(self) -> int:
        """Return how many rows are of this kind."""
        return len(self.rows)

    def __str__(self) -> str:
        told = ngettext(
            "{kind}: {n:,} {treatment}, row {rows}",
            "{kind}: {n:,} {treatment}, rows {rows}",
            self.count,
        ).format(
            kind=_(self.kind), n=self.count, treatment=_(self.treatment), rows=_first_rows(self)
        )
        if not self.samples:
            return told
        return told + _(", such as {samples}").format(samples=listed(self.samples))


class FaultReport:
    """What a report shows of any file: how it was read, and a row per kind of fault."""

    faults: tuple[Fault, ...]
    counted_from: str

    @property
    def table(self) -> pd.DataFrame:
        """Return one row per kind of fault.

        fault : str; treatment : str; rows : int64, how many; amount : float64, the money in
        them; first_rows : str, row numbers; samples : str
        """
        return pd.DataFrame(
            {
                "fault": pd.Series([fault.kind for fault in self.faults], dtype="str"),
                "treatment": pd.Series([fault.treatment for fault in self.faults], dtype="str"),
                "rows": np.array([fault.count for fault in self.faults], dtype=np.int64),
                "amount": np.array([fault.amount for fault in self.faults], dtype=np.float64),
                "first_rows": pd.Series([_first_rows(fault) for fault in self.faults], dtype="str"),
                "samples": pd.Series([", ".join(f.samples) for f in self.faults], dtype="str"),
            }
        )

    def fault(self, kind: str) -> Fault | None:
        """Return the fault of this kind, None if the file has none."""
        return next((fault for fault in self.faults if fault.kind == kind), None)

    def _headline(self) -> str:
        """Return the sentence that says what came out of what."""
        raise NotImplementedError

    def _understood(self) -> list[str]:
        """Return a line per column and per guess."""
        raise NotImplementedError

    def __str__(self) -> str:
        lines = [self._headline(), _("How it was read"), *_bullets(self._understood())]
        if not self.faults:
            return "\n".join([*lines, _("No faults found.")])
        head = _("Faults ({counted_from})").format(counted_from=self.counted_from)
        return "\n".join([*lines, head, *_bullets(self.faults)])

    def _repr_html_(self) -> str:
        """Return the report as HTML; text from the file is escaped."""
        read = "".join(f"<li>{escape(line)}</li>" for line in self._understood())
        faults = f"<p>{_('No faults found.')}</p>"
        if self.faults:
            words = _("Faults ({counted_from})").format(counted_from=escape(self.counted_from))
            shown = partial(frame_html, say=_, draw=_table) if language() != ENGLISH else _table
            faults = f"<p>{words}</p>{shown(self.table)}"
        head = f"<p><strong>{escape(self._headline())}</strong></p>"
        return f"<div>{head}<p>{_('How it was read')}</p><ul>{read}</ul>{faults}</div>"


@dataclass(frozen=True, eq=False)
class PurchaseReport(FaultReport):
    """What `read_purchases` found in a file; print it, or let a notebook show it.

    source : where the rows came from
    rows : data rows read, blank ones apart
    blank_rows : rows with nothing in them, left out
    purchases, customers : rows and distinct customers of the frame that came out
    first_date, last_date : of that frame; NaT where it is empty
    amount : total of that frame
    columns : what each column of the frame was made of, {"date": "InvoiceDate", …}
    guesses : what the file did not say, and how it was read
    faults : one `Fault` per kind of trouble found; a kind not met is not there
    counted_from : what row numbers count: "the header is row 1", say
    currency : the one money all amounts are in, "" where the file does not say
    """

    source: str
    rows: int
    blank_rows: int
    purchases: int
    customers: int
    first_date: pd.Timestamp
    last_date: pd.Timestamp
    amount: float
    columns: dict[str, str]
    guesses: tuple[Guess, ...]
    faults: tuple[Fault, ...]
    counted_from: str
    currency: str = ""

    def _headline(self) -> str:
        """Return the sentence that says what came out of what."""
        text = _("{purchases} of {customers}").format(
            purchases=many(self.purchases, "purchase"), customers=many(self.customers, "customer")
        )
        if self.purchases:
            text += _(", {first:%Y-%m-%d} to {last:%Y-%m-%d}, {amount:,.2f} in all").format(
                first=self.first_date, last=self.last_date, amount=self.amount
            )
        read = _("{text}; read from {rows} of {source}")
        return read.format(text=text, rows=many(self.rows, "row"), source=self.source)

    def _understood(self) -> list[str]:
        """Return a line per column and per guess."""
        return [taken_from(self.columns), *map(str, self.guesses), *left_out(self.blank_rows)]


class Reading(NamedTuple):
    """What `read_purchases` gives back: the purchases, and the report on them."""

    purchases: pd.DataFrame
    report: PurchaseReport


def many(count: int, noun: str) -> str:
    """Return a count of things in words: 1 row, 2 rows; in a language without plurals, one word."""
    if language() != ENGLISH:
        return f"{count:,} {_(noun)}"
    return f"{count:,} {noun}{'' if count == 1 else 's'}"


def listed(items: Iterable[str]) -> str:
    """Return texts as a list within a sentence."""
    return pgettext("in a list", ", ").join(items)


def taken_from(columns: Mapping[str, str]) -> str:
    """Return a line that says what each column was made of."""
    taken = _("{ours} from {theirs!r}")
    pairs = (taken.format(ours=ours, theirs=theirs) for ours, theirs in columns.items())
    return _("columns: {columns}").format(columns=listed(pairs))


def left_out(blank_rows: int) -> list[str]:
    """Return a line on the blank rows, if there are any."""
    return [_("{rows} left out").format(rows=many(blank_rows, "blank row"))] if blank_rows else []


def _first_rows(fault: Fault) -> str:
    """Return the first row numbers of `fault` as text."""
    more = ", …" if fault.count > _SHOWN else ""
    return ", ".join(map(str, fault.rows[:_SHOWN])) + more


def _table(table: pd.DataFrame) -> str:
    """Return the table of faults as HTML."""
    return table.to_html(index=False, float_format=lambda value: f"{value:,.2f}")


def _bullets(items: Sequence[object]) -> list[str]:
    """Return `items` as lines of a list."""
    return [f"  - {item}" for item in items]
