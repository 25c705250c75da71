"""Columns that say what a row is: whether it is a sale, what was paid back, in which money."""

# pyarrow.compute makes its functions on import, where no type checker sees them.
# pyright: reportAttributeAccessIssue=false

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import pyarrow as pa

from crmlab._cells import Words, is_text, words
from crmlab._groups import bincount
from crmlab._words import N_, _
from crmlab.data._amounts import amounts
from crmlab.data._columns import plain
from crmlab.data._places import NEGATIVE, Places
from crmlab.data._status import ASKED, BACK, FALSE, NO_SALE, PART_BACK, SALE, TRUE, meaning
from crmlab.data._totals import NONE, Marked
from crmlab.data.report import Guess, many
from crmlab.errors import AmbiguousError

_LISTED = 5
_DIRECTION = ("收支", "收支类型")  # of a ledger: what came in was sold, what went out was not


@dataclass
class Meaning:
    """What the columns say of each row.

    no_sale : rows that are no sale whatever they cost, and the word that says so
    back : rows whose status says that the money went back, and the word
    events : rows that are themselves a refund, by the type of the row
    silent : rows in which no status stands at all
    refunded : float64 per row, what was paid back; None without such a column
    """

    no_sale: Marked = NONE
    back: Marked = NONE
    events: np.ndarray = field(default_factory=lambda: np.empty(0, dtype=np.int64))
    silent: np.ndarray | None = None
    refunded: np.ndarray | None = None
    currency: Words | None = None
    part_back: int = 0
    used: set[int] = field(default_factory=set)
    guesses: list[Guess] = field(default_factory=list)


def understood(
    columns: Mapping[int, pa.ChunkedArray],
    places: Places,
    names: Sequence[object],
    *,
    decimal: str | None,
) -> Meaning:
    """Return what the `columns` at `places` say of each row."""
    found = Meaning()
    said: dict[str, dict[int, str]] = {NO_SALE: {}, BACK: {}}
    events: list[np.ndarray] = []
    for at in (*places.status, *places.kind, *places.flag, *places.when):
        text = as_words(columns[at])
        if at in places.status:
            found.used.add(at)  # if it is not, that is told here
            classes = _status(text, str(names[at]), found)
        elif at in places.kind:
            classes = _kind(text, plain(names[at]))
        elif at in places.flag:
            classes = _flag(text, plain(names[at]))
        else:
            classes = [NO_SALE] * len(text.distinct)
        if classes is None:
            continue
        found.used.add(at)
        for kind, rows_of in said.items():
            rows = _rows(text, [one == kind for one in classes])
            if kind == BACK and at in places.kind:
                events.append(rows)
                continue
            written = text.written(rows)
            if at in (*places.flag, *places.when):
                written = [f"{names[at]}: {word}" for word in written]
            for row, word in zip(rows.tolist(), written, strict=True):
                rows_of.setdefault(row, word)
        if at in places.status:
            here = text.codes < 0
            found.silent = here if found.silent is None else found.silent & here
    found.no_sale, found.back = _marked(said[NO_SALE]), _marked(said[BACK])
    if events:
        found.events = np.unique(np.concatenate(events))
    # A yes or no under "Refunded" is no amount.
    flags = {*places.flag} & found.used
    if places.refunded is not None and places.refunded not in flags:
        _take_refunds(columns[places.refunded], str(names[places.refunded]), found, decimal)
        found.used.add(places.refunded)
    if places.currency is not None:
        found.currency = as_words(columns[places.currency])
        found.used.add(places.currency)
    return found


def as_words(column: pa.ChunkedArray) -> Words:
    """Return any column as words."""
    return words(column if is_text(column) else column.cast(pa.string()))


def _marked(said: dict[int, str]) -> Marked:
    rows = sorted(said)
    return (np.array(rows, dtype=np.int64), [said[row] for row in rows]) if rows else NONE


def _rows(text: Words, chosen: list[bool]) -> np.ndarray:
    """Return the rows that hold one of the chosen words."""
    return np.flatnonzero(np.append(np.array(chosen, dtype=bool), False)[text.codes])


def _status(text: Words, name: str, found: Meaning) -> list[str | None] | None:
    """Return what each word of a status says; None if it says nothing that is known."""
    distinct = text.distinct.to_pylist()
    if len(distinct) > 200:  # remarks, not a status
        return None
    classes = [meaning(word) for word in distinct]
    strange = [place for place, one in enumerate(classes) if one is None]
    counts = bincount(text.codes[text.codes >= 0], minlength=len(distinct))
    if strange:
        listed = sorted(strange, key=lambda place: -counts[place])
        shown = ", ".join(f"{distinct[place][:30]} {counts[place]:,}" for place in listed[:_LISTED])
        shown += ", …" * (len(listed) > _LISTED)
        known = len(strange) < len(distinct)
        value = _("some words taken for sales") if known else _("not used")
        what = _("status column {name}").format(name=name)
        found.guesses.append(Guess(what, value, _("nobody knows {words}").format(words=shown)))
        if not known:
            return None
    partly = [place for place, one in enumerate(classes) if one == PART_BACK]
    found.part_back += int(counts[partly].sum())
    asked = [place for place, one in enumerate(classes) if one == ASKED]
    if asked:
        shown = ", ".join(f"{distinct[place][:30]} {counts[place]:,}" for place in asked[:_LISTED])
        why = _("{words} by {column}: they count until their money has gone back")
        why = why.format(words=shown, column=name)
        value = many(int(counts[asked].sum()), "row")
        found.guesses.append(Guess(N_("refunds under way"), value, why))
    return classes


def _kind(text: Words, name: str) -> list[str | None] | None:
    """Return what each type of row says; None unless some say that they are no sale."""
    if len(text.distinct) > 200:
        return None
    distinct = text.distinct.to_pylist()
    classes: list[str | None]
    if name in _DIRECTION:
        classes = [SALE if word in ("收入", "收") else NO_SALE for word in distinct]
    else:
        classes = [meaning(word) for word in distinct]
    return classes if {BACK, NO_SALE} & {*classes} else None


def _flag(text: Words, name: str) -> list[str | None] | None:
    """Return what yes and no say in a column such as "Cancelled"; None if it holds others."""
    distinct = [word.casefold() for word in text.distinct.to_pylist()]
    if not {*distinct} <= TRUE | FALSE:
        return None
    bad = TRUE if re.search(NEGATIVE, name) else FALSE
    what = BACK if re.search(r"refund|return|退", name) else NO_SALE
    return [what if word in bad else SALE for word in distinct]


def _take_refunds(column: pa.ChunkedArray, name: str, found: Meaning, decimal: str | None) -> None:
    """Note what was paid back in each row, whatever its sign."""
    try:
        parsed, *_rest = amounts(column, decimal=decimal, what="refunds")
    except AmbiguousError:
        parsed = None
    if parsed is None or len(parsed.unreadable):
        why = _("it holds more than amounts; name another with refunded=, or refunded=False")
        what = _("refund column {name}").format(name=name)
        found.guesses.append(Guess(what, _("not used"), why))
        return
    back = np.abs(np.nan_to_num(parsed.cells))
    found.refunded = back
    if back.any():
        why = _("{sum:,.2f} of {rows}; see refunded=")
        why = why.format(sum=back.sum(), rows=many(int(np.count_nonzero(back)), "row"))
        value = _("{column} taken off the amount").format(column=name)
        found.guesses.append(Guess("refunds", value, why))
