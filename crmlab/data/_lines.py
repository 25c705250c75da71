"""From columns of a file to lines of purchases, each fault found on the way."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from functools import partial

import numpy as np
import pandas as pd
import pyarrow as pa

from crmlab._cells import Parsed
from crmlab._dates import dates
from crmlab._words import N_, _
from crmlab.data._amounts import amounts
from crmlab.data._ids import Keys, as_text, keys
from crmlab.data._judge import judge
from crmlab.data._nobody import set_nobody_aside
from crmlab.data._rest import mixed
from crmlab.data._said import Said
from crmlab.data._tables import Loaded
from crmlab.data._totals import Marked, in_keys, totals
from crmlab.data.report import Guess

LABELS = ("channel", "store", "category")
_PIECE = 1 << 18


@dataclass
class Lines:
    """Parsed columns, all of one length.

    bad : per kind of unreadable cell, its rows and what stands in them
    blank : rows in which nothing stands at all
    aside : rows that repeat what stands on another line of their order
    totals : rows that are sums of others, and the word that says so
    no_sale : rows that a status says are no sale, and its word
    other_money : rows in other money than the one asked for, and its name
    nobody : rows whose customer is nobody, and the word for it
    """

    customer: Keys
    date: np.ndarray
    amount: np.ndarray
    invoice: Keys | None
    labels: dict[str, Keys]
    bad: dict[str, tuple[np.ndarray, list[str]]]
    blank: np.ndarray
    aside: np.ndarray
    totals: Marked
    no_sale: Marked
    other_money: Marked
    nobody: Marked
    rest: np.ndarray | None
    currency: str
    guesses: list[Guess] = field(default_factory=list)


def parse(loaded: Loaded, said: Said) -> Lines:
    """Return the lines in `loaded`, whose columns are emptied one by one as they are parsed.

    What stands in rows of totals tells nothing about the others unless they are kept.
    """
    there = {*loaded.columns}
    customer = keys(loaded.take("customer"), N_("customer ids"))
    date, guesses = dates(
        loaded.take("date"),
        day_first=said.day_first,
        date_format=said.date_format,
        swapped=said.swapped,
        today=said.today,
    )
    amount, more = _amount(loaded, said)
    invoice = keys(loaded.take("invoice"), N_("invoice numbers")) if "invoice" in there else None
    labels = {role: keys(loaded.take(role), None) for role in LABELS if role in there}
    unasked = map(in_keys, [invoice, *labels.values()])
    sums = totals(customer, date, amount, [loaded.totals, *unasked])
    blank = np.intersect1d(np.intersect1d(date.empty, amount.empty), customer.empty)
    blank = np.setdiff1d(blank, sums[0], assume_unique=True)
    out = sums[0][:0] if said.keep_totals else sums[0]
    if invoice:
        invoice = invoice.without(out)
        if invoice.labels is None and len(np.setdiff1d(invoice.empty, out)):
            invoice = as_text(invoice)
    skip = np.union1d(blank, out)
    judged = judge(loaded, said, amount, invoice, customer, skip)
    gone = np.concatenate([skip, judged.aside, judged.other_money[0]])
    if said.no_sale != "keep":
        gone = np.concatenate([gone, judged.no_sale[0]])
    customer, absent, told = set_nobody_aside(customer.without(out), said.nobody, loaded.nobody)
    return Lines(
        customer,
        date.cells,
        judged.amount,
        invoice,
        labels,
        {
            "unreadable date": _bad(date, gone),
            "unreadable amount": _bad(amount, np.concatenate([gone, judged.priced])),
        },
        blank,
        judged.aside,
        sums,
        judged.no_sale,
        judged.other_money,
        absent,
        loaded.rest,
        judged.currency,
        [
            *customer.guesses,
            *told,
            *guesses,
            *more,
            *(invoice.guesses if invoice else ()),
            *judged.guesses,
        ],
    )


def _amount(loaded: Loaded, said: Said) -> tuple[Parsed, list[Guess]]:
    """Return the amounts, or what quantity times price makes them."""
    money = partial(amounts, decimal=said.decimal, semicolons=loaded.semicolons)
    if "amount" in loaded.columns:
        return money(loaded.take("amount"))
    quantity, more = money(loaded.take("quantity"), what="quantities")
    price, also = money(loaded.take("unit_price"), what="prices")
    product = replace(_product(quantity, price), signs=price.signs)
    return product, [
        *more,
        *also,
        Guess("amount", _("quantity times unit price"), _("see amount=")),
    ]


def _product(quantity: Parsed, price: Parsed) -> Parsed:
    """Return quantity times price; a row that lacks one of them has no amount."""
    empty = np.intersect1d(quantity.empty, price.empty)
    values = quantity.cells * price.cells + 0.0  # a return of something free is 0, not -0
    unreadable = np.setdiff1d(np.flatnonzero(np.isnan(values)), empty, assume_unique=True)
    said = dict(zip(quantity.unreadable.tolist(), quantity.written, strict=True))
    said |= dict(zip(price.unreadable.tolist(), price.written, strict=True))
    return Parsed(values, empty, unreadable, [said.get(row, "") for row in unreadable.tolist()])


def _bad(parsed: Parsed, skip: np.ndarray) -> tuple[np.ndarray, list[str]]:
    """Return the rows that hold no value, `skip` apart, and what stands there."""
    rows = np.concatenate([parsed.unreadable, parsed.empty])
    written = np.array([*parsed.written, *[""] * len(parsed.empty)], dtype=object)
    order = np.argsort(rows)
    order = order[np.isin(rows[order], skip, invert=True)]
    return rows[order], written[order].tolist()


def repeated(lines: Lines, left: np.ndarray | None) -> np.ndarray:
    """Return the rows that are the same in every column of the file as an earlier row.

    Only rows that are `left` count (None: all are). Columns that were not asked for are
    compared by a digest of 64 bits.
    """
    columns = [lines.customer.codes, lines.date.view(np.int64), lines.amount]
    columns += [key.codes for key in (lines.invoice, *lines.labels.values()) if key]
    columns += [lines.rest] if lines.rest is not None else []

    pa.default_memory_pool().release_unused()
    # In pieces, and sorted in place, so that little more memory is needed.
    digests = np.empty(len(lines.date) if left is None else np.count_nonzero(left), np.uint64)
    done = 0
    for _size, found in _digests(columns, left):
        digests[done : done + len(found)] = found
        done += len(found)
    digests.sort()
    twice = digests[1:][digests[1:] == digests[:-1]]
    del digests
    if not twice.size:
        return np.empty(0, dtype=np.int64)
    alike = np.concatenate([rows[np.isin(found, twice)] for rows, found in _digests(columns, left)])
    exact = pd.DataFrame({place: column[alike] for place, column in enumerate(columns)})
    return alike[exact.duplicated().to_numpy()]


def _digests(
    columns: list[np.ndarray], left: np.ndarray | None
) -> Iterator[tuple[np.ndarray, np.ndarray]]:
    """Yield the rows that are left and a uint64 for each, piece by piece."""
    length = len(columns[0])
    for start in range(0, length, _PIECE):
        rows = np.arange(start, min(start + _PIECE, length))
        rows = rows if left is None else rows[left[rows]]
        yield rows, mixed((_bits(column[rows]) for column in columns), len(rows))


def _bits(numbers: np.ndarray) -> np.ndarray:
    """Return a uint64 per number, equal for equal ones."""
    if numbers.dtype.kind == "f":
        return (numbers + 0.0).view(np.uint64)
    return numbers.astype(np.uint64)
