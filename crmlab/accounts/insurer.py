"""The case of OK, an insurer (OK保险): its table, its twelve SWOT items, its strategy.

The deck is spliced from several: phone firms stand in OK's list of products. Here OK is the
insurer, and the seller who writes the file a postal and direct-mail service.
"""

from __future__ import annotations

import pandas as pd

from crmlab._words import N_

__all__ = ["ok_indices", "ok_strategy", "ok_swot"]

# The printed digit runs 153540, 5910, 1243, -322, 621, split in the only sensible way.
INDICES = {
    "market share": (0.15, 0.35, 0.40),
    "profit margin": (0.05, 0.09, 0.10),
    "growth of share": (0.12, 0.04, 0.03),
    "growth of profit": (-0.03, 0.02, 0.02),
    "new products": (6, 2, 1),
}
# item, where the fact lies, the fact, what it means
ITEMS = (
    ("O1", "external", "state pensions worsen", "people provide for age; the life market grows"),
    ("O2", "external", "people are insured with several firms, and confused", "one-stop insurance"),
    ("O3", "external", "insurers are slow and unfriendly", "demand for quick, friendly service"),
    ("T1", "external", "fiercer competition", "must run better and cheaper"),
    ("T2", "external", "more channels, and viewers switch", "television reaches fewer prospects"),
    ("T3", "external", "small insurers went bankrupt", "the public trusts large ones, not OK"),
    ("S1", "internal", "highly educated staff", "creative response"),
    ("S2", "internal", "a wide range", "a suitable product is there"),
    ("S3", "internal", "efficient procedures", "best service, loyal users"),
    ("W1", "internal", "no money for a network of its own", "no personal contact, lower service"),
    ("W2", "internal", "service makes costs high", "fragile: the parent may close it"),
    ("W3", "internal", "bureaucracy, and managers who fight", "eyes on colleagues, not the market"),
)
# What a fact is about: three of them contradict each other only if this is forgotten.
LEVELS = {"T3": "OK itself, not its group", "S3": "service", "W2": "cost", "W3": "politics"}
FACTORS = (
    N_("lower cost"),
    N_("national network"),
    N_("personal contact"),
    N_("managers who cooperate"),
)
ACTIONS = (
    N_("cut cost"),
    N_("better effect of advertising"),
    N_("promote outlets in cities"),
    N_("mobile salespeople in the country"),
)
# Which factor answers a weakness, and which action serves a factor: our reading of the deck.
ANSWERS = {
    "W1": ("national network", "personal contact"),
    "W2": ("lower cost",),
    "W3": ("managers who cooperate",),
}
SERVES = {
    "cut cost": ("lower cost",),
    "better effect of advertising": ("lower cost", "personal contact"),
    "promote outlets in cities": ("national network",),
    "mobile salespeople in the country": ("national network", "personal contact"),
}


def ok_indices() -> pd.DataFrame:
    """Return OK's table of indices (业绩指数) beside those of its rivals X and Y.

    Returns
    -------
    DataFrame, one row per firm
        firm : str
        market_share, profit_margin, share_growth, profit_growth : float64, as shares
        new_products : int64, a year

    Examples
    --------
    >>> ok_indices().iloc[:, :4].to_string(index=False).splitlines()[1].split()
    ['OK', '0.15', '0.05', '0.12']
    """
    names = ["market_share", "profit_margin", "share_growth", "profit_growth", "new_products"]
    columns = dict(zip(names, INDICES.values(), strict=True))
    firms = pd.DataFrame({"firm": pd.Series(["OK", "X", "Y"], dtype="str"), **columns})
    return firms.astype({"new_products": "int64"})


def ok_swot() -> pd.DataFrame:
    """Return the twelve items of OK's SWOT (态势分析), each a fact with what it means.

    Returns
    -------
    DataFrame, one row per item
        item : str, "O1" to "W3"; kind : str, its letter; side : str, "external" or "internal"
        evidence, implication : str
        level : str, what the fact is about where two seem to contradict each other, or ""

    Examples
    --------
    >>> ok_swot()["kind"].value_counts().to_dict()
    {'O': 3, 'T': 3, 'S': 3, 'W': 3}
    """
    table = pd.DataFrame(ITEMS, columns=["item", "side", "evidence", "implication"], dtype="str")
    table.insert(1, "kind", table["item"].str[0])
    return table.assign(level=table["item"].map(LEVELS).fillna("").astype("str"))


def ok_strategy() -> pd.DataFrame:
    """Return the links of OK's strategy: weakness to success factor (关键成功因素), to action.

    The deck lists the boxes and draws no line; the lines are our reading.

    Returns
    -------
    DataFrame, one row per link: source, target : str; kind : str, "answers" or "serves"

    Examples
    --------
    >>> ok_strategy()["kind"].value_counts().to_dict()
    {'serves': 6, 'answers': 4}
    """
    answers = [(weak, factor, "answers") for weak, to in ANSWERS.items() for factor in to]
    serves = [(factor, action, "serves") for action, to in SERVES.items() for factor in to]
    return pd.DataFrame(answers + serves, columns=["source", "target", "kind"], dtype="str")
