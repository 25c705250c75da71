"""Whom to ask: chance times value, the list that earns most, and what a wrong list costs."""

from __future__ import annotations

from dataclasses import dataclass
from numbers import Real

import numpy as np
import pandas as pd

from crmlab._checks import (
    require_at_least,
    require_columns,
    require_key,
    require_numbers,
    require_one_of,
    require_truths,
    require_values,
)
from crmlab._groups import bincount
from crmlab.errors import BadRowsError, OutOfRangeError

_NAMES = ("high chance, high value", "high chance, low value")
_NAMES += ("low chance, high value", "low chance, low value")


def choose_list(
    scores: pd.DataFrame,
    *,
    cost: float,
    size: int | None = None,
    by: str = "profit",
    chance: str = "chance",
    value: str = "value_cny",
    customer: str = "customer_id",
) -> pd.DataFrame:
    """Mark whom to ask: the customers who are expected to earn most, or are most likely to buy.

    Parameters
    ----------
    scores : DataFrame, one row per customer
        `customer`; `chance` : float in [0, 1]; `value` : float, money of a sale
    cost : float of 0 or more
        Of asking one customer, money.
    size : int, optional
        How many to ask. By profit, nobody who is expected to bring less than the cost is asked,
        and all others are when `size` is omitted; by chance or value it must be given.
    by : "profit", "chance" or "value"
    chance, value, customer : str

    Returns
    -------
    DataFrame, the rows given, in their order, with every column given and
        expected_profit : float64, chance * value - cost
        chosen : bool; ties go by customer id

    Raises
    ------
    MissingColumnsError, BadRowsError
        If a column or a value is missing, or a customer stands twice.
    OutOfRangeError
        If a chance lies outside [0, 1], `cost` is below 0, `size` is missing or outside 0 to the
        customers, or `by` is unknown.

    See Also
    --------
    list_regret : how much less than the best list it earns.

    Examples
    --------
    >>> scores = pd.DataFrame({"customer_id": [1, 2, 3], "chance": [0.9, 0.5, 0.1],
    ...                        "value_cny": [10.0, 100, 30]})
    >>> choose_list(scores, cost=5)["chosen"].tolist()
    [True, True, False]
    >>> choose_list(scores, cost=5, size=1)["chosen"].tolist()
    [False, True, False]
    >>> choose_list(scores, cost=5, size=1, by="chance")["chosen"].tolist()
    [True, False, False]
    """
    _require_scores(scores, chance, value, customer)
    require_one_of("by", by, ("profit", "chance", "value"))
    _require_cost(cost)
    profit = scores[chance].to_numpy(float) * scores[value].to_numpy(float) - cost
    key = {"profit": profit, "chance": scores[chance], "value": scores[value]}[by]
    if size is None and by != "profit":
        raise OutOfRangeError(f"by={by!r} sets no limit of its own; say how many: size=…")
    most = len(scores) if size is None else size
    require_at_least("size", most, 0)
    require_at_least("the number of customers less size", len(scores) - most, 0)
    order = np.lexsort((scores[customer].to_numpy(), -np.asarray(key, dtype=float)))
    chosen = np.zeros(len(scores), dtype=bool)
    chosen[order[:most]] = True
    if by == "profit":
        chosen &= profit > 0
    return scores.assign(expected_profit=profit, chosen=chosen)


@dataclass(frozen=True)
class ListRegret:
    """What a list earns in truth, what the best one would, and the share that is lost."""

    profit: float
    best_profit: float
    regret: float
    asked: int


def list_regret(
    chosen: pd.DataFrame,
    truth: pd.DataFrame,
    *,
    cost: float,
    chance: str = "chance",
    value: str = "value_cny",
    customer: str = "customer_id",
) -> ListRegret:
    """Return how much less than the best list of at most as many customers a list earns in truth.

    Parameters
    ----------
    chosen : DataFrame, as returned by `choose_list`
        `customer`, chosen
    truth : DataFrame, one row per customer: `customer`, the true `chance` and `value`
    cost : float
    chance, value, customer : str

    Returns
    -------
    ListRegret
        profit, best_profit : float, money, expected in truth; regret : float, share of the best
        that is lost; asked : int

    Raises
    ------
    MissingColumnsError, BadRowsError
        If a column or a value is missing, or a customer of the list is not in the truth.
    OutOfRangeError
        If the cost is below 0, or even the best list earns nothing.

    Examples
    --------
    >>> truth = pd.DataFrame({"customer_id": [1, 2, 3], "chance": [0.9, 0.5, 0.1],
    ...                       "value_cny": [10.0, 100, 30]})
    >>> regret = list_regret(choose_list(truth, cost=5, size=1, by="chance"), truth, cost=5)
    >>> regret.profit, regret.best_profit, round(regret.regret, 2)
    (4.0, 45.0, 0.91)
    """
    require_columns(chosen, "chosen", customer=customer)
    require_key(chosen, customer)
    require_values(chosen, "chosen")
    require_truths(chosen, "chosen")
    _require_scores(truth, chance, value, customer)
    _require_cost(cost)
    asked = chosen.loc[chosen["chosen"].to_numpy(dtype=bool), customer]
    known = pd.Index(truth[customer])
    if not asked.isin(known).all():
        raise BadRowsError("customers of the list are not in the truth; keep those who are.")
    among = truth[truth[customer].isin(chosen[customer])]
    profit = among[chance].to_numpy(float) * among[value].to_numpy(float) - cost
    best = np.sort(profit)[::-1][: len(asked)].clip(0).sum()
    if best <= 0:
        raise OutOfRangeError(f"at a cost of {cost:g} even the best list earns nothing.")
    earned = profit[among[customer].isin(asked).to_numpy()].sum()
    return ListRegret(float(earned), float(best), float(1 - earned / best), len(asked))


def profit_curve(
    scores: pd.DataFrame,
    truth: pd.DataFrame,
    *,
    cost: float,
    points: int = 50,
    chance: str = "chance",
    value: str = "value_cny",
    customer: str = "customer_id",
) -> pd.DataFrame:
    """Profit in truth of lists of every length, by expected profit, by chance and by value.

    Parameters
    ----------
    scores : DataFrame, as `choose_list` reads it
    truth : DataFrame, one row per customer of `scores`: `customer`, the true `chance` and `value`
    cost : float of 0 or more
    points : int, at least 2
        Lengths, evenly from nobody to all.
    chance, value, customer : str

    Returns
    -------
    DataFrame, one row per way and length
        by : str; profit, chance, value, or truth for the best lists there are
        asked : int64
        profit : float64, money, expected in truth

    Raises
    ------
    MissingColumnsError, BadRowsError
        If a column or a value is missing, or a customer has no truth.
    OutOfRangeError
        As `choose_list`.

    Examples
    --------
    >>> truth = pd.DataFrame({"customer_id": [1, 2], "chance": [0.9, 0.5],
    ...                       "value_cny": [10.0, 100]})
    >>> profit_curve(truth, truth, cost=5, points=3).query("by == 'chance'")["profit"].tolist()
    [0.0, 4.0, 49.0]
    """
    table = choose_list(scores, cost=cost, chance=chance, value=value, customer=customer)
    require_at_least("points", points, 2)
    _require_scores(truth, chance, value, customer)
    place = pd.Index(truth[customer]).get_indexer(pd.Index(table[customer]))
    if (place < 0).any():
        raise BadRowsError("customers of the scores are not in the truth; keep those who are.")
    real = (truth[chance].to_numpy(float) * truth[value].to_numpy(float) - cost)[place]
    keys = {"profit": table["expected_profit"], "chance": table[chance], "value": table[value]}
    asked = np.unique(np.rint(np.linspace(0, len(table), points)).astype(np.int64))
    rows = []
    for name, key in (keys | {"truth": pd.Series(real)}).items():
        order = np.lexsort((table[customer].to_numpy(), -key.to_numpy(float)))
        earned = np.append(0.0, real[order].cumsum())[asked]
        rows.append(pd.DataFrame({"by": name, "asked": asked, "profit": earned}))
    return pd.concat(rows, ignore_index=True).astype({"by": "str"})


def propensity_value(
    scores: pd.DataFrame,
    *,
    cost: float,
    chance: str = "chance",
    value: str = "value_cny",
    customer: str = "customer_id",
) -> pd.DataFrame:
    """Four quadrants of chance and value, cut at the medians, and what asking each would bring.

    Parameters
    ----------
    scores : DataFrame, as `choose_list` reads it
    cost : float of 0 or more
    chance, value, customer : str

    Returns
    -------
    DataFrame, four rows
        quadrant : str; "high chance, high value" and so on, high means above the median
        customers : int64
        mean_chance, mean_value, profit_each : float64; expected profit of asking one
        asked : float64, share that earns more than its cost

    Raises
    ------
    MissingColumnsError, BadRowsError, OutOfRangeError
        As `choose_list`; also if a quadrant is empty.

    Examples
    --------
    >>> scores = pd.DataFrame({"customer_id": [1, 2, 3, 4], "chance": [0.5, 0.5, 0.1, 0.1],
    ...                        "value_cny": [100.0, 20, 100, 20]})
    >>> propensity_value(scores, cost=5)["profit_each"].tolist()
    [45.0, 5.0, 5.0, -3.0]
    """
    table = choose_list(scores, cost=cost, chance=chance, value=value, customer=customer)
    high = [table[name].to_numpy(float) > table[name].median() for name in (chance, value)]
    place = 3 - 2 * high[0] - high[1]
    count = bincount(place, minlength=4)
    if not count.all():
        raise OutOfRangeError("chance and value are too much alike to make four quadrants.")
    measured = {
        "mean_chance": table[chance],
        "mean_value": table[value],
        "profit_each": table["expected_profit"],
        "asked": table["chosen"],
    }
    means = {
        name: bincount(place, each.to_numpy(float), 4) / count for name, each in measured.items()
    }
    return pd.DataFrame({"quadrant": pd.Series(_NAMES, dtype="str"), "customers": count, **means})


def _require_cost(cost: float) -> None:
    if not isinstance(cost, Real) or not 0 <= cost < np.inf:
        raise OutOfRangeError(f"cost must be a finite number of 0 or more; got {cost!r}.")


def _require_scores(scores: pd.DataFrame, chance: str, value: str, customer: str) -> None:
    require_columns(scores, chance=chance, value=value, customer=customer)
    require_values(scores, chance, value)
    require_key(scores, customer)
    require_numbers(scores, chance, value)
    require_at_least("the number of customers", len(scores), 1)
    if not scores[chance].between(0, 1).all():
        raise OutOfRangeError(f"{chance} must hold chances in [0, 1], not percent.")
