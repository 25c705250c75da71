"""From parsed lines to purchases: faults treated, invoice lines summed, all of it counted."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from crmlab._dates.swapped import suspect_days
from crmlab._words import N_, _
from crmlab.data._faults import fault, refuse
from crmlab.data._lines import Lines, repeated
from crmlab.data._remedies import Circumstances
from crmlab.data._said import Said
from crmlab.data._tables import Loaded
from crmlab.data.report import Fault, Guess, many

_SHOWN = 20


class Settlement:
    """Treats one kind of fault after the other, and remembers which lines are left."""

    def __init__(
        self, loaded: Loaded, lines: Lines, treatments: Mapping[str, str], said: Said
    ) -> None:
        self.faults: list[Fault] = []
        self.guesses: list[Guess] = []
        self._loaded, self._lines, self._treatments = loaded, lines, treatments
        self._known = _circumstances(loaded, said)
        self._left: np.ndarray | None = None  # None: all lines are
        self._written: dict[str, Sequence[str]] = {}

    def purchases(self, today: pd.Timestamp, source: str, counted_from: str) -> pd.DataFrame:
        """Return the purchases, or raise BadRowsError for everything that is refused."""
        lines = self._lines
        self._remove(lines.blank)
        self._remove(lines.aside)
        self._torn(self._loaded.torn)
        sums, said = lines.totals
        self._note(
            "totals row",
            sums,
            lines.amount[sums],
            self._described(sums, [word.rstrip(":：") for word in said]),
        )
        if self._treatments["totals row"] != "keep":
            self._remove(sums)
        else:
            sums = sums[:0]
        for kind, (rows, words) in {
            "no sale": lines.no_sale,
            "other currency": lines.other_money,
        }.items():
            who = self._lines.customer.written(rows)
            told = [f"{one or 'nobody'}, {word}" for one, word in zip(who, words, strict=True)]
            self._note(kind, rows, lines.amount[rows], self._described(rows, told))
            if self._treatments[kind] != "keep":
                self._remove(rows)
        for kind, (rows, written) in lines.bad.items():
            self._note(kind, rows, lines.amount[rows], written)
            self._remove(rows)
        elsewhere = [lines.blank, lines.aside, sums, lines.other_money[0]]
        if self._treatments["no sale"] != "keep":
            elsewhere.append(lines.no_sale[0])
        nobody = np.setdiff1d(lines.customer.empty, np.concatenate(elsewhere))
        words = dict(zip(lines.nobody[0].tolist(), lines.nobody[1], strict=True))
        who = [words.get(row, "") for row in nobody.tolist()]
        self._note("no customer", nobody, lines.amount[nobody], self._described(nobody, who))
        self._remove(nobody)
        later = lines.date > np.datetime64(f"{today:%Y-%m-%d}T23:59:59.999999")
        for kind, rows in {
            "duplicate": repeated(lines, self._left),
            "future date": self._among_left(later),
            "suspect date": suspect_days(lines.date, self._left),
        }.items():
            self._note(kind, rows, lines.amount[rows])
            if self._treatments[kind] != "keep":
                self._remove(rows)

        firsts, dates, amounts = self._summed()
        stay = np.ones(len(amounts), dtype=bool)
        for kind, found in {"refund": amounts < 0, "zero amount": amounts == 0}.items():
            self._note(kind, _rows(firsts, found), amounts[found])
            if self._treatments[kind] != "keep":
                stay &= ~found
        refuse(source, self.faults, self._written, counted_from, self._known)
        if not stay.all():
            firsts, dates, amounts = _rows(firsts, stay), dates[stay], amounts[stay]
        return self._frame(firsts, dates, amounts)

    def _torn(self, torn: list[tuple[int, str]]) -> None:
        """Count the rows that never became lines."""
        if torn:
            self._written["torn row"] = [text for _, text in torn]
            numbers = np.array([number for number, _ in torn])
            how = self._treatments["torn row"]
            self.faults.append(fault("torn row", how, numbers, self._written["torn row"]))

    def _note(
        self,
        kind: str,
        rows: np.ndarray,
        amounts: np.ndarray,
        written: Sequence[str] | None = None,
    ) -> None:
        """Count the lines `rows`, worth `amounts`, as a fault of `kind`."""
        if not len(rows):
            return
        how = self._treatments[kind]
        if written is None:
            told = slice(None) if how == "refuse" else slice(_SHOWN)
            who = self._lines.customer.written(rows[told])
            written = self._described(rows[told], who, amounts[told])
        self._written[kind] = written
        numbers = self._loaded.number(rows)
        self.faults.append(fault(kind, how, numbers, written, np.nansum(amounts)))

    def _described(
        self, rows: np.ndarray, who: Sequence[str], amounts: np.ndarray | None = None
    ) -> list[str]:
        """Return customer, day and amount of `rows` as text, as far as they are known."""
        days = np.datetime_as_string(self._lines.date[rows], unit="D")
        amounts = self._lines.amount[rows] if amounts is None else amounts
        return [
            (customer or _("nobody"))
            + (_(" on {day}").format(day=day) if day != "NaT" else "")
            + (_(": {amount:,.2f}").format(amount=amount) if amount == amount else "")
            for customer, day, amount in zip(who, days, amounts, strict=True)
        ]

    def _remove(self, rows: np.ndarray) -> None:
        """Take lines out."""
        if len(rows):
            if self._left is None:
                self._left = np.ones(len(self._lines.date), dtype=bool)
            self._left[rows] = False

    def _among_left(self, found: np.ndarray) -> np.ndarray:
        """Return the rows that are `found` and left."""
        return np.flatnonzero(found if self._left is None else found & self._left)

    def _summed(self) -> tuple[np.ndarray | None, np.ndarray, np.ndarray]:
        """Return per purchase its first line (None: each line is one), its time and its total."""
        lines = self._lines
        if lines.invoice is None and self._left is None:
            return None, lines.date, lines.amount
        rows = np.arange(len(lines.date)) if self._left is None else np.flatnonzero(self._left)
        if lines.invoice is None:
            return rows, lines.date[rows], lines.amount[rows]
        # A line without an invoice number is a purchase of its own.
        alone = np.full(len(lines.date), -1)
        alone[lines.invoice.empty] = lines.invoice.empty
        keys = {
            "customer": lines.customer.codes[rows],
            "invoice": lines.invoice.codes[rows],
            "alone": alone[rows],
        }
        group = pd.DataFrame(keys).groupby([*keys], sort=False).ngroup().to_numpy()
        table = pd.DataFrame({"row": rows, "date": lines.date[rows], "amount": lines.amount[rows]})
        table = table.groupby(group, sort=False).agg(
            {"row": "first", "date": "min", "amount": "sum"}
        )
        if len(table) < len(rows):
            why = _("{lines} make {purchases}; see invoice=")
            why = why.format(lines=many(len(rows), "line"), purchases=many(len(table), "purchase"))
            self.guesses.append(Guess(N_("invoice lines"), _("summed"), why))
        # Sums of cents are whole cents again: 0.1 + 0.2 - 0.3 is nothing.
        totals = table["amount"].to_numpy().round(6) + 0.0
        return table["row"].to_numpy(), table["date"].to_numpy(), totals

    def _frame(
        self, firsts: np.ndarray | None, dates: np.ndarray, amounts: np.ndarray
    ) -> pd.DataFrame:
        """Return the purchases in the order of the file."""
        rows = slice(None) if firsts is None else firsts
        lines = self._lines
        columns = {"customer_id": lines.customer.values(rows), "date": dates, "amount": amounts}
        if lines.invoice is not None:
            columns["purchase_id"] = lines.invoice.values(rows)
        columns |= {role: labels.values(rows) for role, labels in lines.labels.items()}
        return pd.DataFrame(columns, copy=False)


def _circumstances(loaded: Loaded, said: Said) -> Circumstances:
    """Return what bears on the remedies for rows that are refused."""
    places, names = loaded.places, loaded.names
    factors = None
    if "amount" in loaded.taken and places.quantity is not None and places.unit_price is not None:
        factors = str(names[places.quantity]), str(names[places.unit_price])
    asked = said.date_format is not None
    return Circumstances(loaded.length, factors, asked=asked, decimal=said.decimal)


def _rows(firsts: np.ndarray | None, chosen: np.ndarray) -> np.ndarray:
    """Return the first lines of the purchases `chosen`."""
    return np.flatnonzero(chosen) if firsts is None else firsts[chosen]
