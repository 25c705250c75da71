"""How hard to push the card: what the last card brings, not the mean one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.stats import t

from crmlab._checks import (
    require_at_least,
    require_columns,
    require_numbers,
    require_real,
    require_values,
)
from crmlab._groups import bincount
from crmlab._regression import LeastSquares, least_squares
from crmlab.errors import OutOfRangeError, WrongTypeError

_COLUMNS = ("store", "push", "buyers", "new_cards", "margin")


@dataclass(frozen=True)
class BestRate:
    """The opening rate at which the last card just pays for itself, with its 95% interval.

    rate, low, high : float, shares of buyers
    profit_per_buyer : float, at that rate, over that of no card at all
    break_even_of_mean : float, the rate up to which the *mean* card still brings a profit
    """

    rate: float
    low: float
    high: float
    profit_per_buyer: float
    break_even_of_mean: float


def opening_profit(trial: pd.DataFrame, *, card_cost: float) -> pd.DataFrame:
    """Profit per buyer at each level of push, and what each further card brought.

    Parameters
    ----------
    trial : DataFrame, one row per store and month, whose push was drawn at random
        store : key
        push : numbers, or categories in an order; a higher one opens more cards
        buyers, new_cards : whole numbers
        margin : number, of all buyers in the year after
    card_cost : float
        What a card costs in that year.

    Returns
    -------
    DataFrame, one row per level of push, lowest first
        push : as in `trial`
        store_months, buyers, new_cards : int64
        opening_rate : float64
        profit_per_buyer : float64, margin less the cost of the cards
        low, high : float64, 95% interval; a store's months may hang together
        last_cards : float64, profit of a card, on average, that the level below did not open;
            NaN for the lowest

    Raises
    ------
    MissingColumnsError, BadRowsError, OutOfRangeError
        If a column or a value is missing, or there are no buyers at a level.

    See Also
    --------
    best_opening_rate : the rate at which the last card pays for itself.
    crmlab.members.plot.plot_opening_profit : draws this frame.

    Examples
    --------
    >>> trial = pd.DataFrame({"store": [1, 2, 1, 2], "push": [1, 1, 2, 2], "buyers": 100,
    ...     "new_cards": [10, 10, 30, 30], "margin": [6000.0, 6000, 6800, 6800]})
    >>> opening_profit(trial, card_cost=16)[["opening_rate", "profit_per_buyer", "last_cards"]]
       opening_rate  profit_per_buyer  last_cards
    0           0.1              58.4         NaN
    1           0.3              63.2        24.0
    """
    require_real(card_cost=card_cost)
    profit = _per_buyer(trial, card_cost)
    levels, place = _levels(trial["push"])
    weight = trial["buyers"].to_numpy("float64")
    x = (place[:, None] == np.arange(len(levels))).astype("float64")
    store = pd.factorize(trial["store"])[0]
    found = _weighted(x, profit, weight, store, names=[*map(str, levels)]).table()
    sums = trial.assign(store_months=1).groupby(place)[["store_months", "buyers", "new_cards"]]
    table = sums.sum().astype("int64").reset_index(drop=True)
    table.insert(0, "push", levels)
    table["opening_rate"] = table["new_cards"] / table["buyers"]
    table["profit_per_buyer"] = found["coefficient"]
    table["low"], table["high"] = found["low"], found["high"]
    table["last_cards"] = table["profit_per_buyer"].diff() / table["opening_rate"].diff()
    return table


def best_opening_rate(trial: pd.DataFrame, *, card_cost: float) -> BestRate:
    """Estimate the opening rate that earns most, where profit per buyer is a parabola of the rate.

    Parameters
    ----------
    trial, card_cost
        As in `opening_profit`; at least 3 levels of push and 2 stores.

    Returns
    -------
    BestRate
        The interval is that of a ratio (Fieller's), with the errors of a store's months free to
        hang together. All of it is held in [0, 1]: where the bend could be none, it is the whole.

    Raises
    ------
    MissingColumnsError, BadRowsError
        As in `opening_profit`.
    OutOfRangeError
        If there are fewer than 3 levels or 2 stores, or profit does not bend down: then no rate
        between the levels is best, and one of the ends is.

    Source
    ------
    Fieller (1954), doi:10.1111/j.2517-6161.1954.tb00159.x.

    Examples
    --------
    >>> from crmlab.members.simulate import simulate_openings
    >>> trial, truth = simulate_openings(60, seed=2)
    >>> found = best_opening_rate(trial, card_cost=16)
    >>> found.low < 0.6 < found.high
    True
    """
    require_real(card_cost=card_cost)
    profit = _per_buyer(trial, card_cost)
    store = pd.factorize(trial["store"])[0]
    levels, place = _levels(trial["push"])
    require_at_least("the number of levels of push", len(levels), 3)
    require_at_least("the number of stores", int(store.max()) + 1, 2)
    heads = trial["buyers"].to_numpy("float64")
    cards = bincount(place, trial["new_cards"])
    rate = (cards / bincount(place, heads))[place]
    # The mean of its store is taken off each row, since stores differ and pushes are at random.
    x = np.column_stack([rate, rate**2])
    within = np.column_stack([_less_mean(each, store, heads) for each in (*x.T, profit)])
    found = _weighted(within[:, :2], within[:, 2], heads, store, names=["rate", "its square"])
    slope, bend = found.coefficients
    if bend >= 0:
        raise OutOfRangeError(
            "profit per buyer does not bend down over these rates, so the best one lies at an end. "
            "Look at opening_profit(trial, card_cost=…)."
        )
    best = -slope / (2 * bend)
    low, high = _fieller(slope, 2 * bend, found)
    held = float(np.clip(best, 0, 1))
    return BestRate(
        rate=held,
        low=float(np.clip(low, 0, 1)),
        high=float(np.clip(high, 0, 1)),
        profit_per_buyer=float(slope * held + bend * held**2),
        break_even_of_mean=float(np.clip(2 * best, 0, 1)),
    )


def _per_buyer(trial: pd.DataFrame, card_cost: float) -> np.ndarray:
    """Return profit per buyer of each row, or raise if it cannot be had."""
    require_columns(trial, *_COLUMNS)
    require_values(trial, *_COLUMNS)
    require_numbers(trial, "buyers", "new_cards", "margin")
    require_at_least("the number of rows", len(trial), 1)
    if not np.isfinite(card_cost):
        raise OutOfRangeError(f"card_cost must be a finite number; got {card_cost!r}.")
    if (trial["buyers"] < 1).any() or not trial["new_cards"].between(0, trial["buyers"]).all():
        raise OutOfRangeError(
            "every row needs at least one buyer, and from 0 to as many new cards as buyers. "
            "Leave months without buyers out: trial[trial['buyers'] > 0]"
        )
    profit = trial["margin"] - card_cost * trial["new_cards"]
    return (profit / trial["buyers"]).to_numpy("float64")


def _levels(push: pd.Series) -> tuple[pd.Index, np.ndarray]:
    """Return the levels of push, lowest first, and the place of each row's among them."""
    if isinstance(push.dtype, pd.CategoricalDtype):
        if push.cat.ordered:
            some = push.cat.remove_unused_categories()
            levels = pd.CategoricalIndex(some.cat.categories, dtype=some.dtype)
            return levels, some.cat.codes.to_numpy("intp")
        push = push.astype(push.cat.categories.dtype)
    if not pd.api.types.is_numeric_dtype(push):
        raise WrongTypeError(
            f"push must be numbers, or categories in an order; got {push.dtype}, whose order is "
            "that of the alphabet. Name them from the lowest on: "
            "trial['push'] = pd.Categorical(trial['push'], ['low', 'high'], ordered=True)"
        )
    place, levels = pd.factorize(push, sort=True)
    return pd.Index(levels), place


def _weighted(
    x: np.ndarray, y: np.ndarray, weight: np.ndarray, store: np.ndarray, *, names: Sequence[str]
) -> LeastSquares:
    """Return the regression of y on x with weights, the errors of a store free to hang together."""
    root = np.sqrt(weight)
    return least_squares(x * root[:, None], y * root, names=names, clusters=store)


def _fieller(slope: float, twice_bend: float, found: LeastSquares) -> tuple[float, float]:
    """Return the rates r at which slope + r * twice_bend could be 0, as far as luck allows."""
    reach = t.ppf(0.975, found.freedom) ** 2
    (v, c), (_, w) = found.covariance * np.array([[1, 2], [2, 4]])
    lead = twice_bend**2 - reach * w
    if lead <= 0:
        return 0.0, 1.0
    half = -(slope * twice_bend - reach * c) / lead
    root = np.sqrt(max(half**2 - (slope**2 - reach * v) / lead, 0.0))
    return half - root, half + root


def _less_mean(values: np.ndarray, group: np.ndarray, weight: np.ndarray) -> np.ndarray:
    """Return the values less the weighted mean of their group."""
    return values - (bincount(group, weight * values) / bincount(group, weight))[group]
