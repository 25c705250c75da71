"""Six questions about a group of customers, and the brief that the answers make."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
from scipy.stats import false_discovery_control, hypergeom, t

from crmlab._checks import (
    names_of,
    require_alike,
    require_columns,
    require_key,
    require_numbers,
    require_probability,
    require_truths,
    require_values,
)
from crmlab._groups import bincount
from crmlab._intervals import Z, ratio
from crmlab._purchases import known_purchases
from crmlab._words import N_
from crmlab.behaviour.measure.indices import group_index
from crmlab.errors import EmptyError, OutOfRangeError, UnknownNameError

QUESTIONS = ("who", "where", "profit", "loyalty", "products", "when")
_COLUMNS = ["question", "attribute", "value", "group", "base", "index", "shrunk", "low", "high"]
_LAST_DAYS = 91


def understand(
    customers: pd.DataFrame,
    *,
    purchases: Any,
    holdings: pd.DataFrame,
    group: str = "in_group",
    who: Sequence[str] = ("age_band", "gender"),
    where: str = "city",
    customer: str = "customer_id",
    date: str = "date",
    profit: str = "profit_cny",
    product: str = "product",
) -> pd.DataFrame:
    """Answer six questions about a group: who, where, what profit, how loyal, what they hold, when.

    Every answer is an index against the base (100). Shares of customers or purchases are shrunk
    as by `group_index`; means of profit and loyalty are as counted. One false-discovery rate is
    kept over all indices of the card: with forty of them, two would be "significant" by luck.

    Parameters
    ----------
    customers : DataFrame, one row per customer of the base
        `customer`, `group` (True or False), the columns `who`, and `where`
    purchases : DataFrame, or any table that speaks Arrow
        `customer`, `date` with the hour, `profit` in money
    holdings : DataFrame, one row per customer and product held: `customer`, `product`
    group, where, customer, date, profit, product : str
    who : list of columns

    Returns
    -------
    DataFrame, one row per index
        question : str; who, where, profit, loyalty, products, when
        attribute, value : str; of loyalty: bought again (twice or more), bought in the last 91
            days of the data, purchases of a customer; of when: month and hour
        group, base : float64, share or mean in the group and in the base
        index, shrunk, low, high : float64
        p_value, q_value : float64

    Raises
    ------
    MissingColumnsError, BadRowsError
        If a column or a value is missing, a customer stands twice, or the group is empty or the
        whole base.
    OutOfRangeError
        If a column holds values of another kind, or the profits and losses of the base make
        nothing or less, of which no index can be told.
    EmptyError
        If there are no purchases, or nobody holds anything.
    UnknownNameError
        If purchases or holdings are of customers who are not in the base.

    See Also
    --------
    campaign_brief : the time, place and audience that follow.

    Examples
    --------
    >>> from crmlab.behaviour.simulate import simulate_base
    >>> base = simulate_base(2_000, seed=1)
    >>> card = understand(base.customers, purchases=base.purchases, holdings=base.holdings)
    >>> card["question"].unique().tolist()
    ['who', 'where', 'profit', 'loyalty', 'products', 'when']
    >>> card[card["attribute"] == "month"].nlargest(1, "shrunk")["value"].item()
    '11'
    """
    who = names_of("who", who)
    require_columns(customers, *who, where=where, group=group, customer=customer)
    require_key(customers, customer)
    require_values(customers, group)
    require_truths(customers, group)
    log, _ = known_purchases(purchases, customer=customer, date=date, amount=profit)
    require_columns(holdings, customer=customer, product=product)
    require_values(holdings, customer, product)
    if not len(holdings):
        raise EmptyError("nobody holds anything; at least one row of holdings is needed.")
    base = customers[customer]
    buyer = _places(base, log[customer], "purchases")
    holder = _places(base, holdings[customer], "holdings")
    inside = customers[group].to_numpy(dtype=bool)

    answers = [group_index(customers, attributes=[*who, where], group=group)]
    answers[0]["question"] = np.where(answers[0]["attribute"] == where, "where", "who")
    answers += _means(buyer, log[date].to_numpy("M8[s]"), log[profit].to_numpy(float), inside)
    answers.append(_products(holder, holdings[product], inside).assign(question="products"))
    hours = {"month": log[date].dt.month.to_numpy(), "hour": log[date].dt.hour.to_numpy()}
    times = pd.DataFrame(hours).assign(buyer=buyer, inside=inside[buyer])
    when = group_index(times, attributes=["month", "hour"], group="inside", customer="buyer")
    answers.append(when.assign(question="when"))
    card = pd.concat(answers, ignore_index=True)
    card = card.rename(columns={"share": "group", "base_share": "base"})
    card["q_value"] = false_discovery_control(card["p_value"])
    order = card["question"].map({name: place for place, name in enumerate(QUESTIONS)})
    card = card.iloc[np.argsort(order, kind="stable")].reset_index(drop=True)
    return card[[*_COLUMNS, "p_value", "q_value"]].astype(dict.fromkeys(_COLUMNS[:3], "str"))


def campaign_brief(card: pd.DataFrame, *, rate: float = 0.05) -> dict[str, str]:
    """Return the time, place and audience that the answers of a card support, and nothing else.

    Parameters
    ----------
    card : DataFrame, as returned by `understand`
        question, attribute, value, shrunk, q_value
    rate : float in (0, 1]
        False-discovery rate up to which an index counts.

    Returns
    -------
    dict of str
        audience, place, products, time, profit, loyalty: the values whose index lies above 100,
        the highest first; "no difference found" where there is none

    Raises
    ------
    MissingColumnsError
        If a column is missing.
    OutOfRangeError
        If `rate` is no share.
    EmptyError
        If the card is empty.

    Examples
    --------
    >>> card = pd.DataFrame({"question": ["where", "where", "when"], "attribute": "a",
    ...     "value": ["Shanghai", "Wuhan", "11"], "shrunk": [180.0, 120, 250],
    ...     "q_value": [0.001, 0.3, 0.0]})
    >>> campaign_brief(card)["place"], campaign_brief(card)["audience"]
    ('Shanghai (180)', 'no difference found')
    """
    require_columns(card, "question", "attribute", "value", "shrunk", "q_value")
    require_values(card, "question", "attribute", "value", "shrunk", "q_value")
    require_numbers(card, "shrunk", "q_value")
    require_probability("rate", rate)
    if not len(card):
        raise EmptyError("the card is empty; make one with understand.")
    kept = card[(card["q_value"].astype(float) <= rate) & (card["shrunk"].astype(float) > 100)]
    kept = kept.sort_values("shrunk", ascending=False, kind="stable")
    parts = dict(zip(QUESTIONS, ("audience", "place", "profit", "loyalty", "products", "time"),
                     strict=True))  # fmt: skip
    brief = {}
    for question, part in parts.items():
        rows = kept[kept["question"] == question]
        told = [
            f"{f'{row.attribute} ' if question == 'when' else ''}{row.value} ({row.shrunk:.0f})"
            for row in rows.itertuples()
        ]
        brief[part] = ", ".join(told) or "no difference found"
    return brief


def _places(base: pd.Series, ids: pd.Series, where: str) -> np.ndarray:
    """Return the row of each customer in the base."""
    require_alike(str(base.name), base, ids)
    place = pd.Index(base).get_indexer(pd.Index(ids))
    if (place < 0).any():
        strangers = ids[place < 0].unique()[:5].tolist()
        raise UnknownNameError(
            f"{where} are of customers who are not in the base: {strangers}. Leave them out, or "
            "add the customers."
        )
    return place


def _means(
    buyer: np.ndarray, date: np.ndarray, profit: np.ndarray, inside: np.ndarray
) -> list[pd.DataFrame]:
    """Return the indices of profit and loyalty: means over customers, of the group and the base."""
    n = len(inside)
    times = bincount(buyer, minlength=n)
    late = date > date.max().astype("M8[D]") - np.timedelta64(_LAST_DAYS, "D")
    measured = {
        ("profit", N_("profit of a customer")): bincount(buyer, profit, n),
        ("loyalty", N_("bought again")): (times > 1).astype(float),
        ("loyalty", N_("bought in the last 91 days")): (bincount(buyer[late], minlength=n) > 0)
        * 1.0,
        ("loyalty", N_("purchases of a customer")): times.astype(float),
    }
    rows = [
        {"question": question, "attribute": question, "value": value, **_mean(each, inside)}
        for (question, value), each in measured.items()
    ]
    return [pd.DataFrame(rows)]


def _mean(each: np.ndarray, inside: np.ndarray) -> dict[str, float]:
    """Return the mean of a group over that of the base, with the interval of their ratio."""
    part = inside.mean()
    ours, theirs = each[inside], each[~inside]
    mine, base = ours.mean(), each.mean()
    if ((each == 0) | (each == 1)).all():
        return _share(ours, theirs, part, base)
    if base <= 0:
        raise OutOfRangeError(
            f"the base brings {base:,.2f} a customer, and no index against nothing or less means "
            "anything. Name another column of money: profit=…"
        )
    v_ours, v_theirs = (
        one.var(ddof=1) / len(one) if len(one) > 1 else np.inf for one in (ours, theirs)
    )
    index = mine / base
    # Both move with the group's mean, and the base with that of the others too.
    slope = 1 / base - part * mine / base**2, (1 - part) * mine / base**2
    reach = Z * np.sqrt(slope[0] ** 2 * v_ours + slope[1] ** 2 * v_theirs)
    found = {"share": mine, "base_share": base, "index": 100 * index, "shrunk": 100 * index}
    return found | {
        "low": 100 * (index - reach),
        "high": 100 * (index + reach),
        "p_value": _unequal(ours, theirs),
    }


def _share(ours: np.ndarray, theirs: np.ndarray, part: float, base: float) -> dict[str, float]:
    """Return the same of a yes or no: the base mixes both, so its index follows their ratio."""
    n, m, have, all_ = len(ours), len(theirs), ours.sum(), ours.sum() + theirs.sum()
    tails = hypergeom.sf(have - 1, n + m, all_, n), hypergeom.cdf(have, n + m, all_, n)
    index = low = high = 100.0  # where nobody has it, as where everybody has
    if 0 < base < 1:
        index = 100 * ours.mean() / base
        least, most = ratio(theirs.sum(), m, have, n)
        low, high = (float(100 / (part + (1 - part) * each)) for each in (most, least))
    found = {"share": ours.mean(), "base_share": base, "index": index, "shrunk": index}
    return found | {"low": low, "high": high, "p_value": float(min(2 * min(tails), 1))}


def _unequal(ours: np.ndarray, theirs: np.ndarray) -> float:
    """Return the p value that two means are one: Welch's."""
    n, m = len(ours), len(theirs)
    if min(n, m) < 2:
        return 1.0
    parts = np.array([ours.var(ddof=1) / n, theirs.var(ddof=1) / m])
    if not parts.sum():
        return 1.0
    freedom = parts.sum() ** 2 / (parts**2 / [n - 1, m - 1]).sum()
    return float(2 * t.sf(abs(ours.mean() - theirs.mean()) / np.sqrt(parts.sum()), freedom))


def _products(holder: np.ndarray, product: pd.Series, inside: np.ndarray) -> pd.DataFrame:
    """Return the index of each product held: whoever holds it, among all customers."""
    code, names = pd.factorize(product, sort=True)
    held = np.zeros((len(inside), len(names)), dtype=bool)
    held[holder, code] = True
    places = [
        str(place) for place in range(len(names))
    ]  # not the names, one of which may be "inside"
    table = pd.DataFrame(held, columns=places).assign(inside=inside)
    found = group_index(table, attributes=places, group="inside")
    found = found[found["value"] == "True"]
    named = [str(names[int(place)]) for place in found["attribute"]]
    return found.assign(value=named, attribute="product")
