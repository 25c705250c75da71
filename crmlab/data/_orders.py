"""Orders that stand on several lines: what is said once for all of them, and what is repeated."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from crmlab._words import N_, _
from crmlab.data._ids import Keys
from crmlab.data.report import Guess, many

_CENT = 0.0051  # less than a cent, more than what floats lose


@dataclass
class Orders:
    """Lines by order.

    aside : rows that add nothing: they repeat a total, or belong to a line that has one
    no_sale : rows of orders that another line says are no sale, and its word
    """

    aside: np.ndarray
    guesses: list[Guess] = field(default_factory=list)


def spread(
    invoice: Keys, rows: np.ndarray, words: list[str], silent: np.ndarray | None
) -> tuple[np.ndarray, list[str]]:
    """Return `rows` and their words, with the silent lines of the same orders."""
    if silent is None or not len(rows):
        return rows, words
    of_order = dict(zip(invoice.codes[rows].tolist(), words, strict=True))
    candidates = silent & np.isin(invoice.codes, [*of_order])
    candidates[invoice.empty] = False
    candidates[rows] = False
    more = np.flatnonzero(candidates)
    said = dict(zip(rows.tolist(), words, strict=True))
    said |= {row: of_order[invoice.codes[row].item()] for row in more.tolist()}
    ordered = sorted(said)
    return np.array(ordered, dtype=np.int64), [said[row] for row in ordered]


def continued(invoice: Keys, empty: np.ndarray, amount: np.ndarray) -> np.ndarray:
    """Return the rows without an amount whose order has one on another line."""
    priced = np.isfinite(amount)
    priced[invoice.empty] = False
    lacking = np.setdiff1d(empty, invoice.empty)
    return lacking[np.isin(invoice.codes[lacking], np.unique(invoice.codes[priced]))]


def repeated_totals(
    invoice: Keys,
    customer: Keys,
    amount: np.ndarray,
    left: np.ndarray,
    *,
    costs: np.ndarray | None,
    heading: str,
    order_totals: bool | None,
) -> Orders:
    """Return the lines that repeat the total of their order.

    Parameters
    ----------
    left : bool per row, whether it counts at all
    costs : quantity times price per row, where the file has both
    heading : the name of the column of amounts
    order_totals : what a caller says: True if the amount is the order's, False if the line's
    """
    nothing = Orders(np.empty(0, dtype=np.int64))
    left = left.copy()
    left[invoice.empty] = False
    rows = np.flatnonzero(left & np.isfinite(amount))
    if order_totals is False or not len(rows):
        return nothing
    lines = pd.DataFrame(
        {
            "row": rows,
            "order": pd.factorize(
                pd.MultiIndex.from_arrays([customer.codes[rows], invoice.codes[rows]])
            )[0],
            "amount": amount[rows],
            "cost": np.nan if costs is None else costs[rows],
        }
    )
    lines = lines[lines["order"].duplicated(keep=False)]
    if lines.empty:
        return nothing
    total = _total_per_line(lines, forced=bool(order_totals), heading=heading)
    if total is None:
        return nothing
    if isinstance(total, Guess):
        return Orders(nothing.aside, [total])
    extra = lines["row"][total].to_numpy()
    orders = lines.loc[total, "order"].nunique()
    why = _(
        "{lines} of {orders} repeat or make up the total on another; order_totals=False adds them "
        "all"
    )
    why = why.format(lines=many(len(extra), "line"), orders=many(orders, "order"))
    return Orders(extra, [Guess(N_("order totals"), _("taken once"), why)])


def _total_per_line(lines: pd.DataFrame, *, forced: bool, heading: str) -> pd.Series | Guess | None:
    """Return which lines to leave out, a warning where that is in doubt, or None."""
    by_order = lines.groupby("order", sort=False)
    constant = (by_order["amount"].transform("max") - by_order["amount"].transform("min")) < _CENT
    again = lines["order"].duplicated()
    if forced:
        return again
    known = lines["cost"].notna()
    # If every amount is what its line costs, none is a total.
    if known.all() and ((lines["amount"] - lines["cost"]).abs() < _CENT).all():
        return None
    if constant.all():
        return _constant(lines, again, heading)
    for place in ("first", "last"):
        total = by_order["amount"].transform(place)
        same = (lines["amount"] - total).abs() < _CENT
        rest = lines["amount"].where(~same, 0).groupby(lines["order"]).transform("sum")
        alone = same.groupby(lines["order"]).transform("all")
        fits = alone | ((rest - total).abs() < _CENT)
        if fits.all() and (~alone).any() and _several(lines):
            keep = lines["row"] == lines["row"].groupby(lines["order"]).transform(place)
            return ~keep
    return None


def _several(lines: pd.DataFrame) -> bool:
    """Return whether there is more than one order."""
    return bool(lines["order"].max() > lines["order"].min())


def _constant(lines: pd.DataFrame, again: pd.Series, heading: str) -> pd.Series | Guess | None:
    """Decide where the lines of each order carry one and the same amount."""
    if not lines["amount"].any():
        return None
    cost = lines["cost"].groupby(lines["order"]).transform("sum", min_count=1)
    known = lines["cost"].notna().groupby(lines["order"]).transform("all")
    adds_up = known & ((cost - lines["amount"]).abs() < _CENT)
    each_costs = known & ((lines["cost"] - lines["amount"]).abs() < _CENT)
    of_order = any(word in heading.casefold() for word in _ORDER_WORDS)
    if adds_up.any() and not (each_costs & ~adds_up).any():
        return again
    if (of_order or _several(lines)) and not each_costs.all():
        return again
    why = _(
        "the lines of an order carry one amount, which is added for each; if it is the order's, "
        "say order_totals=True"
    )
    return Guess("order totals", _("perhaps repeated"), why)


_ORDER_WORDS = (
    "order",
    "total",
    "invoice",
    "receipt",
    "basket",
    "订单",
    "應付",
    "应付",
    "实付",
    "总",
    "合计",
)
