"""From columns of a file to lines of purchases, each fault found on the way."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from crmlab.data._amounts import amounts
from crmlab.data._cells import Parsed
from crmlab.data._dates import dates
from crmlab.data._ids import Keys, keys
from crmlab.data._tables import Loaded, hashed, mixed
from crmlab.data.report import Guess

LABELS = ("channel", "store", "category")
_CHUNK = 1 << 20


@dataclass
class Lines:
    """Parsed columns, all of one length.

    bad : per kind of unreadable cell, its rows and what stands in them
    blank : rows in which nothing stands at all
    """

    customer: Keys
    date: np.ndarray
    amount: np.ndarray
    invoice: Keys | None
    labels: dict[str, Keys]
    bad: dict[str, tuple[np.ndarray, list[str]]]
    blank: np.ndarray
    rest: np.ndarray | None
    guesses: list[Guess] = field(default_factory=list)


def parse(
    loaded: Loaded, *, day_first: bool | None, date_format: str | None, decimal: str | None
) -> Lines:
    """Return the lines in `loaded`, whose columns are emptied one by one as they are parsed."""
    columns = loaded.columns
    customer = keys(columns.pop("customer"))
    date, guesses = dates(columns.pop("date"), day_first=day_first, date_format=date_format)
    if "amount" in columns:
        amount, more = amounts(columns.pop("amount"), decimal=decimal)
    else:
        quantity, more = amounts(columns.pop("quantity"), decimal=decimal, what="quantities")
        price, also = amounts(columns.pop("unit_price"), decimal=decimal, what="prices")
        amount = _product(quantity, price)
        more += also
    invoice = keys(columns.pop("invoice")) if "invoice" in columns else None
    blank = np.intersect1d(np.intersect1d(date.empty, amount.empty), customer.empty)
    return Lines(
        customer,
        date.cells,
        amount.cells,
        invoice,
        {role: keys(columns.pop(role), numbers=False) for role in LABELS if role in columns},
        {"unreadable date": _bad(date, blank), "unreadable amount": _bad(amount, blank)},
        blank,
        loaded.rest,
        guesses + more,
    )


def _product(quantity: Parsed, price: Parsed) -> Parsed:
    """Return quantity times price; a row that lacks one of them has no amount."""
    empty = np.intersect1d(quantity.empty, price.empty)
    values = quantity.cells * price.cells
    unreadable = np.setdiff1d(np.flatnonzero(np.isnan(values)), empty, assume_unique=True)
    said = dict(zip(quantity.unreadable.tolist(), quantity.written, strict=True))
    said |= dict(zip(price.unreadable.tolist(), price.written, strict=True))
    return Parsed(values, empty, unreadable, [said.get(row, "") for row in unreadable.tolist()])


def _bad(parsed: Parsed, blank: np.ndarray) -> tuple[np.ndarray, list[str]]:
    """Return the rows that hold no value although they are not blank, and what stands there."""
    empty = np.setdiff1d(parsed.empty, blank, assume_unique=True)
    rows = np.concatenate([parsed.unreadable, empty])
    written = np.array([*parsed.written, *[""] * len(empty)], dtype=object)
    order = np.argsort(rows)
    return rows[order], written[order].tolist()


def repeated(lines: Lines, kept: np.ndarray | None) -> np.ndarray:
    """Return the rows that are the same in every column of the file as an earlier row.

    Columns that were not asked for are compared by a digest of 64 bits.
    """
    columns = [lines.customer.codes, lines.date.view(np.int64), lines.amount]
    columns += [key.codes for key in (lines.invoice, *lines.labels.values()) if key]
    columns += [lines.rest] if lines.rest is not None else []
    length = len(lines.date)
    digests = np.empty(length, dtype=np.uint64)
    for start in range(0, length, _CHUNK):  # in pieces, so that little more memory is needed
        piece = slice(start, start + _CHUNK)
        parts = (hashed(column[piece]) for column in columns)
        digests[piece] = mixed(parts, len(digests[piece]))
    rows = np.arange(length) if kept is None else np.flatnonzero(kept)
    ordered = np.sort(digests[rows])
    twice = ordered[1:][ordered[1:] == ordered[:-1]]
    if not twice.size:
        return rows[:0]
    alike = rows[np.isin(digests[rows], twice)]
    exact = pd.DataFrame({place: column[alike] for place, column in enumerate(columns)})
    return alike[exact.duplicated().to_numpy()]
