"""The five P's item by item: what is met, what is not, and what nobody has looked at."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np
import pandas as pd

from crmlab._checks import require_columns
from crmlab.credit.measure.experts import CAUTION, require_purposes
from crmlab.errors import BadRowsError, UnknownNameError


class Item(NamedTuple):
    """What one item of the 5P asks: of which column, about which C, and when it is met.

    rule is "yes" or "no" for a truth, "grade" for 2 + caution or more of 10, and "least" or "most"
    for a number beside `bound`; only: the purpose it is asked for, all if empty.
    """

    group: str
    item: str
    column: str
    c: str
    rule: str
    bound: float = np.nan
    only: str = ""


_PRODUCTION, _DEBT, _EQUITY = CAUTION
ITEMS = (
    Item("personal", "morals and honesty of the operator", "honesty", "character", "grade"),
    Item("personal", "no record of broken faith", "broken_faith", "character", "no"),
    Item("personal", "willing to repay", "willingness", "character", "grade"),
    Item("personal", "registered legal person with a licence", "licensed", "character", "yes"),
    Item("personal", "basic bank account", "basic_account", "character", "yes"),
    Item("personal", "skill, leadership, management", "operator_ability", "capacity", "grade"),
    Item("personal", "marketable product", "marketable_product", "capacity", "yes"),
    Item("personal", "profitable", "profitable", "capacity", "yes"),
    Item("personal", "assets to pledge or a guarantor", "pledge_or_guarantor", "collateral", "yes"),
    Item("purpose", "project feasible, technically and economically", "project_feasible",
         "conditions", "yes", only=_PRODUCTION),
    Item("purpose", "an industry that policy supports", "industry_supported", "conditions", "yes",
         only=_PRODUCTION),
    Item("purpose", "what is owed is in order", "debt_in_order", "character", "yes", only=_DEBT),
    Item("purpose", "cash covers what is due", "cash_coverage", "capital", "least", 0.2, _EQUITY),
    Item("payment", "operating cash to current liabilities", "cash_coverage", "capacity", "least",
         0.2),
    Item("payment", "cash left after investing and financing", "cash_left_cny", "capacity",
         "least", 0.0),
    Item("payment", "current ratio", "current_ratio", "capital", "least", 1.0),
    Item("payment", "quick ratio", "quick_ratio", "capital", "least", 0.7),
    Item("payment", "turnover of receivables", "receivable_turnover", "capacity", "least", 4.0),
    Item("payment", "turnover of inventory", "inventory_turnover", "capacity", "least", 4.0),
    Item("protection", "sound financial structure", "debt_to_assets", "capital", "most", 0.7),
    Item("protection", "normal profit", "profit_margin", "capital", "least", 0.02),
    Item("protection", "guarantor's finances and credit", "guarantor", "collateral", "grade"),
    Item("perspective", "industry policy", "industry_policy", "conditions", "grade"),
    Item("perspective", "competitiveness", "competitiveness", "conditions", "grade"),
    Item("perspective", "product life cycle", "life_cycle", "conditions", "grade"),
    Item("perspective", "new products", "new_products", "conditions", "grade"),
    Item("perspective", "no risk that may worsen it", "risk_foreseen", "conditions", "no"),
)  # fmt: skip
# The aspects of the 6A, and the C that each is about.
_ASPECTS = (
    ("6A", "economic", "market, prices, policy", "economic", "conditions"),
    ("6A", "technical", "technology, equipment, feasibility", "technical", "capacity"),
    ("6A", "managerial", "people who lead", "managerial", "character"),
    ("6A", "organisational", "structure and control", "organisational", "capacity"),
    ("6A", "commercial", "buying and selling", "commercial", "conditions"),
    ("6A", "financial", "structure, liquidity, profit", "financial", "capital"),
)
BOUNDS = {item.column: item.bound for item in ITEMS if item.rule in ("least", "most")}


def criteria_map() -> pd.DataFrame:
    """Return which C each item of the 5P and the 6A is about: scheme, group, item, column, c.

    All str; column is where a file holds the item. Nothing of a C is left over: the three schemes
    are three orders of one list. The course calls the World Bank (IBRD), to which the 6A is
    attributed, American; it is an institution of 189 member countries.
    """
    rows = [("5P", item.group, item.item, item.column, item.c) for item in ITEMS]
    columns = ["scheme", "group", "item", "column", "c"]
    return pd.DataFrame([*rows, *_ASPECTS], columns=columns).astype("str")


def five_p_items(files: pd.DataFrame, *, bounds: Mapping[str, float] | None = None) -> pd.DataFrame:
    """Return every item of the five P's for each file: met, not met, or not examined.

    Truths must be as the item says; grades of 0 to 10 must reach 2 + the caution of the purpose
    (production 1, debt or tax 2, equity or losses 3); numbers must keep their bound. The course
    gives no bounds: those here are rules of thumb, to be overruled. What is asked of one purpose
    only stands in the files of that purpose only.

    Parameters
    ----------
    files : DataFrame, one row per borrower
        organisation_id, purpose, and any of the columns of the items (see `criteria_map`); an item
        whose column or value is missing was not examined.
    bounds : mapping of column to number, optional
        Other bounds than cash_coverage 0.2, cash_left_cny 0, current_ratio 1, quick_ratio 0.7,
        receivable_turnover 4, inventory_turnover 4, profit_margin 0.02 at least, and
        debt_to_assets 0.7 at most.

    Returns
    -------
    DataFrame, one row per borrower and item, by borrower
        organisation_id : as given
        group, item, c : str, the P, what is asked, and the C that it is about
        met : str, "yes", "no" or "not examined"

    Raises
    ------
    MissingColumnsError
        If organisation_id or purpose is missing.
    UnknownNameError
        If a purpose is none of the three, or a bound belongs to no item.
    BadRowsError
        If a value is of the wrong kind.

    See Also
    --------
    crmlab.credit.five_p : the verdict, from the gates and the few items that decide.

    Examples
    --------
    >>> file = pd.DataFrame({"organisation_id": [1], "purpose": ["production"],
    ...     "licensed": [True], "quick_ratio": [0.5]})
    >>> five_p_items(file)["met"].value_counts().to_dict()
    {'not examined': 23, 'yes': 1, 'no': 1}
    """
    require_columns(files, "organisation_id", "purpose")
    require_purposes(files)
    bounds = {**BOUNDS, **(bounds or {})}
    for name in bounds:
        if name not in BOUNDS:
            raise UnknownNameError.among("bound", name, BOUNDS)
    purpose = files["purpose"].to_numpy()
    caution = files["purpose"].map(CAUTION).to_numpy("float64")
    parts = []
    for place, item in enumerate(ITEMS):
        asked = np.flatnonzero((purpose == item.only) | (not item.only))
        met = _met(files, item, bounds.get(item.column, np.nan), caution)
        rows = {"row": asked, "place": place, "group": item.group, "item": item.item, "c": item.c}
        parts.append(pd.DataFrame({**rows, "met": met[asked]}))
    table = pd.concat(parts, ignore_index=True).sort_values(["row", "place"], ignore_index=True)
    number = files["organisation_id"].to_numpy()[table["row"].to_numpy()]
    table.insert(0, "organisation_id", number)
    texts = dict.fromkeys(["group", "item", "c", "met"], "str")
    return table.drop(columns=["row", "place"]).astype(texts)


def _met(files: pd.DataFrame, item: Item, bound: float, caution: np.ndarray) -> np.ndarray:
    """Return "yes", "no" or "not examined" for each file."""
    if item.column not in files:
        return np.full(len(files), "not examined")
    values = files[item.column]
    try:
        number = values.to_numpy("float64", na_value=np.nan)
    except (TypeError, ValueError) as error:
        kind = "truths" if item.rule in ("yes", "no") else "numbers"
        raise BadRowsError(f"{item.column} must hold {kind}, or nothing: {error}") from error
    most = {"yes": 1, "no": 1, "grade": 10}.get(item.rule, np.inf)
    low = -np.inf if most == np.inf else 0
    wrong = np.flatnonzero((number < low) | (number > most))
    if wrong.size:
        raise BadRowsError(
            f"{wrong.size} row(s) of {item.column} lie outside {low} to {most}: "
            f"{wrong.tolist()[:10]}."
        )
    good = {
        "yes": number == 1,
        "no": number == 0,
        "grade": number >= 2 + caution,
        "least": number >= bound,
        "most": number <= bound,
    }[item.rule]
    return np.where(np.isnan(number), "not examined", np.where(good, "yes", "no"))
