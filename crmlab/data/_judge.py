"""What rows are worth, judged by all that stands in them: no sale, money back, one money, once."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from crmlab._cells import Parsed
from crmlab._words import N_, _
from crmlab.data._amounts import amounts
from crmlab.data._ids import Keys
from crmlab.data._meaning import Meaning, understood
from crmlab.data._money import Money, code, same, settled
from crmlab.data._orders import continued, repeated_totals, spread
from crmlab.data._places import unused
from crmlab.data._said import Said
from crmlab.data._tables import Loaded
from crmlab.data._totals import NONE, Marked
from crmlab.data.report import Guess, many
from crmlab.errors import AmbiguousError, CrmlabError

_CENT = 0.005


@dataclass
class Judged:
    """What rows are worth, and which of them do not count.

    amount : float64 per row, less what was paid back, in one money
    aside, no_sale, other_money : as in Lines
    priced : rows that are worth something without an amount of their own
    currency : the one money they are in, "" where nothing says which
    """

    amount: np.ndarray
    aside: np.ndarray
    no_sale: Marked
    other_money: Marked
    priced: np.ndarray
    currency: str
    guesses: list[Guess] = field(default_factory=list)


def judge(
    loaded: Loaded,
    said: Said,
    amount: Parsed,
    invoice: Keys | None,
    customer: Keys,
    skip: np.ndarray,
) -> Judged:
    """Return what the rows are worth; those in `skip` do not count anyway."""
    nowhere = np.empty(0, dtype=np.int64)
    found = understood(loaded.also, loaded.places, loaded.names, decimal=said.decimal)
    guesses = [*found.guesses]
    if not loaded.also and invoice is None and amount.signs is None:
        guesses += [*_unnamed_money(said), *unused(loaded.names, {*loaded.taken.values()})]
        money = said.currency or ""
        return Judged(amount.cells, nowhere, NONE, NONE, nowhere, money, guesses)
    found.part_back = 0 if loaded.places.net else found.part_back
    values, no_sale = _net(amount.cells, found, invoice, guesses)
    left = np.ones(len(values), dtype=bool)
    left[skip] = False
    no_sale = _among(no_sale, left)
    if said.no_sale != "keep":
        left[no_sale[0]] = False

    aside = nowhere
    if invoice is not None:
        aside, more = _once(loaded, said, amount, values, invoice, customer, left)
        guesses += more
        left[aside] = False
    other, values, more, currency = _one_money(loaded, said, amount, values, found, left)
    guesses += more
    guesses += unused(loaded.names, {*loaded.taken.values(), *found.used})
    priced = np.flatnonzero(np.isnan(amount.cells) & ~np.isnan(values))
    return Judged(values, aside, no_sale, other, priced, currency, guesses)


def _among(marked: Marked, left: np.ndarray) -> Marked:
    """Return the marked rows that are left."""
    stay = left[marked[0]]
    return marked[0][stay], [word for word, here in zip(marked[1], stay, strict=True) if here]


def _net(
    gross: np.ndarray, found: Meaning, invoice: Keys | None, guesses: list[Guess]
) -> tuple[np.ndarray, Marked]:
    """Return the amounts less what was paid back, and the rows that are no sale."""
    words: dict[int, str] = {}
    values = gross
    paid = np.nan_to_num(gross) > 0
    back = found.refunded
    if back is not None and back.any():
        values = np.where(np.isnan(gross) & (back > 0), 0, gross) - back
        whole = np.flatnonzero(paid & (back > 0) & (np.abs(values) < _CENT))
        words |= dict.fromkeys(whole.tolist(), "refunded in full")
        # Sums of cents are whole cents again.
        values = np.where(back > 0, values.round(6) + 0.0, values)
    rows, said = found.back
    full = paid[rows] & (True if back is None else back[rows] < _CENT)
    words |= {row: word for row, word, out in zip(rows.tolist(), said, full, strict=True) if out}
    unpriced = np.isnan(gross[rows]) & (True if back is None else back[rows] < _CENT)
    words |= {
        row: word for row, word, out in zip(rows.tolist(), said, unpriced, strict=True) if out
    }
    words |= dict(zip(found.no_sale[0].tolist(), found.no_sale[1], strict=True))
    events = found.events[np.isin(found.events, [*words], invert=True)]
    values = _turned(values, events, back, guesses)
    if found.part_back and back is None:
        why = _("what was paid back stands in no column, so their amounts are too high")
        guesses.append(Guess(N_("refunded in part"), many(found.part_back, "row"), why))
    ordered = np.array(sorted(words), dtype=np.int64)
    marked: Marked = (ordered, [words[row] for row in ordered.tolist()])
    if invoice is not None:
        marked = spread(invoice, *marked, found.silent)
    return values, marked


def _turned(
    values: np.ndarray, events: np.ndarray, back: np.ndarray | None, guesses: list[Guess]
) -> np.ndarray:
    """Return amounts with rows that are refunds below zero, where all were written above."""
    if back is not None:
        events = events[back[events] < _CENT]
    above = events[np.nan_to_num(values[events]) > 0]
    if not len(above) or (np.nan_to_num(values[events]) < 0).any():
        return values
    why = _("their type says refund, and none was below zero")
    value = _("{rows} taken off").format(rows=many(len(above), "row"))
    guesses.append(Guess(N_("refunds"), value, why))
    turned = values.copy()
    turned[above] *= -1
    return turned


def _once(
    loaded: Loaded,
    said: Said,
    amount: Parsed,
    values: np.ndarray,
    invoice: Keys,
    customer: Keys,
    left: np.ndarray,
) -> tuple[np.ndarray, list[Guess]]:
    """Return the lines of orders that add nothing, and what to tell."""
    guesses: list[Guess] = []
    aside = np.flatnonzero(left & np.isin(np.arange(len(values)), amount.empty))
    aside = continued(invoice, aside, np.where(left, values, np.nan))
    if len(aside):
        why = _("their order has its amount on another line")
        value = _("{n:,} passed over").format(n=len(aside))
        guesses.append(Guess(N_("lines without amount"), value, why))
    left = left.copy()
    left[aside] = False
    orders = repeated_totals(
        invoice,
        customer,
        values,
        left,
        costs=_costs(loaded, said),
        heading=str(loaded.names[loaded.taken["amount"]]) if "amount" in loaded.taken else "",
        order_totals=said.order_totals,
    )
    return np.union1d(aside, orders.aside), [*guesses, *orders.guesses]


def _costs(loaded: Loaded, said: Said) -> np.ndarray | None:
    """Return quantity times price per row, None where the file has not both."""
    places = loaded.places
    if places.quantity is None or places.unit_price is None:
        return None
    try:
        many, each = (
            amounts(loaded.also[at], decimal=said.decimal)[0].cells
            for at in (places.quantity, places.unit_price)
        )
    except CrmlabError:
        return None
    return many * each


def _one_money(
    loaded: Loaded,
    said: Said,
    amount: Parsed,
    values: np.ndarray,
    found: Meaning,
    left: np.ndarray,
) -> tuple[Marked, np.ndarray, list[Guess], str]:
    """Return the rows in other money, all amounts in one, what to tell, and which one it is."""
    rows = np.flatnonzero(left & ~np.isnan(values))
    if found.currency is not None:
        texts = [code(text) for text in found.currency.distinct.to_pylist()]
        names = [*dict.fromkeys(texts)]
        again = np.array([*(names.index(text) for text in texts), -1])
        place = loaded.places.currency or 0
        money = Money(names, again[found.currency.codes], str(loaded.names[place]))
        _require_agreement(money, amount, rows)
    elif amount.signs is not None:
        names = amount.signs.distinct.to_pylist()
        money = Money(names, amount.signs.codes)
        if len(names) == 1 and said.currency is None and said.rates is None:
            return NONE, values, [], names[0]
    else:
        return NONE, values, _unnamed_money(said), said.currency or ""
    other, values, guesses = settled(money, values, rows, said.currency, said.rates)
    return other, values, guesses, _name_of(money, rows, said)


def _unnamed_money(said: Said) -> list[Guess]:
    """Return what to tell of a currency that nothing in the file names."""
    if said.rates is not None:
        raise AmbiguousError(
            "rates= converts rows of several currencies, but no column and no sign in the cells "
            "says which a row is in. Name the column with currency_column=…, or leave rates out."
        )
    why = _("as said; nothing in the file names one")
    return [Guess("currency", said.currency, why)] if said.currency else []


def _name_of(money: Money, rows: np.ndarray, said: Said) -> str:
    """Return what the amounts are in, after all."""
    if said.currency is not None:
        return code(said.currency)
    if said.rates is not None:
        return next((code(name) for name, rate in said.rates.items() if rate == 1), "")
    here = np.unique(money.codes[rows])
    here = here[here >= 0]
    return money.names[int(here[0])] if len(here) == 1 else ""


def _require_agreement(money: Money, amount: Parsed, rows: np.ndarray) -> None:
    """Raise AmbiguousError if a column names one currency and the cells another."""
    if amount.signs is None:
        return
    signs = amount.signs.distinct.to_pylist()
    pairs = np.unique(np.stack([money.codes[rows], amount.signs.codes[rows]]), axis=1)
    for ours, theirs in pairs.T.tolist():
        if ours >= 0 and theirs >= 0 and not same(money.names[ours], signs[theirs]):
            raise AmbiguousError(
                f"some amounts bear the sign {signs[theirs]!r} where {money.where} they are in "
                f"{money.names[ours]!r}. If the cells are right, say currency_column=False."
            )
