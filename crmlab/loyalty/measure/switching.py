"""From which brand to which customers switch, where that leads, and whether habit is in it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from crmlab._checks import require_columns, require_numbers, require_rows, require_values
from crmlab._groups import bincount, repeat
from crmlab._intervals import Z, wilson
from crmlab.errors import BadRowsError, OutOfRangeError, WrongTypeError


@dataclass(frozen=True)
class ChoiceMemory:
    """How much of repeated choices is habit: a number with its 95 % interval, and what it is from.

    memory, standard_error, low, high : chance that a purchase repeats the last one out of habit
    repeat_1, repeat_2 : share of purchases of the same brand one and two purchases later
    taste : share that taste alone would repeat
    customers : with three purchases or more
    """

    memory: float
    standard_error: float
    low: float
    high: float
    repeat_1: float
    repeat_2: float
    taste: float
    customers: int


def switching_matrix(
    choices: pd.DataFrame,
    *,
    intervals: bool = True,
    customer: str = "customer_id",
    brand: str = "brand",
    order: str = "occasion",
) -> pd.DataFrame:
    """Shares of customers' next purchases by the brand of the last: a Markov chain (马尔可夫链).

    Each purchase but a customer's last is a step from its brand to the next one's.

    Parameters
    ----------
    choices : DataFrame, one row per purchase
        `customer`, `brand`; `order` : numbers or dates, no two alike of one customer
    intervals : bool
        Whether to give intervals, which take longer.
    customer, brand, order : str

    Returns
    -------
    DataFrame, one row per pair of brands, in order of their names
        from_brand, to_brand : as given
        steps : int64
        share : float64, of the steps from this brand; NaN where there are none
        low, high : float64, 95 % interval (Wilson's, of as many steps as are worth it, since the
            steps of one customer go together); NaN without `intervals`

    Raises
    ------
    MissingColumnsError, BadRowsError
        If a column or a value is missing, or a customer has two purchases at one time.
    OutOfRangeError
        If nobody bought twice, or `order` holds text, in which "10" comes before "9".

    See Also
    --------
    steady_state : where the chain leads.
    choice_memory : what is habit in it, and what taste.

    Examples
    --------
    >>> choices = pd.DataFrame({"customer_id": [1, 1, 1, 2, 2], "occasion": [1, 2, 3, 1, 2],
    ...     "brand": ["A", "B", "B", "A", "A"]})
    >>> switching_matrix(choices, intervals=False)[["from_brand", "to_brand", "steps", "share"]]
      from_brand to_brand  steps  share
    0          A        A      1    0.5
    1          A        B      1    0.5
    2          B        A      0    0.0
    3          B        B      1    1.0
    """
    who, what, same, names = _in_order(choices, customer, brand, order)
    size = len(names)
    # Few brands make small numbers, which are the faster to add up.
    small = what.astype(np.int16 if size < 180 else np.int64)
    pair = small[:-1] * small.dtype.type(size) + small[1:]
    # A step to another customer goes into a last box, which is thrown away.
    pair[~same] = size * size
    counts = bincount(pair, minlength=size * size + 1)[:-1]
    if not counts.sum():
        raise OutOfRangeError("nobody bought twice, so nobody could switch.")

    steps = counts.reshape(size, size)
    total = steps.sum(axis=1, keepdims=True)
    share = np.divide(steps, total, out=np.full((size, size), np.nan), where=total > 0)
    low = high = np.full(size * size, np.nan)
    if intervals:
        low, high = _around(share, total, who[:-1][same], pair[same].astype(np.int64))
    return pd.DataFrame(
        {
            "from_brand": repeat(names, size),
            "to_brand": names.take(np.tile(np.arange(size), size)),
            "steps": counts.astype("int64"),
            "share": share.ravel(),
            "low": low,
            "high": high,
        }
    )


def steady_state(switching: pd.DataFrame) -> pd.DataFrame:
    """Shares of brands to which a chain of switching leads, if nothing ever changes.

    Parameters
    ----------
    switching : DataFrame, as returned by `switching_matrix`
        from_brand, to_brand; steps : int64

    Returns
    -------
    DataFrame, one row per brand
        brand : as given
        share_now : float64, of the steps that begin here
        steady_share : float64

    Raises
    ------
    MissingColumnsError
        If a column is missing.
    OutOfRangeError
        If from a brand no step leads away, or the brands fall into parts between which nobody
        switches both ways: then where it leads depends on where it begins.

    Examples
    --------
    >>> chain = pd.DataFrame({"from_brand": ["A", "A", "B", "B"], "to_brand": ["A", "B", "A", "B"],
    ...     "steps": [90, 10, 30, 70]})
    >>> steady_state(chain)
      brand  share_now  steady_share
    0     A        0.5          0.75
    1     B        0.5          0.25
    """
    require_columns(switching, "from_brand", "to_brand", "steps")
    require_rows(switching)
    require_values(switching, "from_brand", "to_brand", "steps")
    require_numbers(switching, "steps")
    table = switching.pivot_table(
        index="from_brand", columns="to_brand", values="steps", aggfunc="sum", observed=True
    )
    steps = table.to_numpy("float64")
    size, begun = len(steps), steps.sum(axis=1)
    if steps.shape != (size, size) or not (begun > 0).all():
        raise OutOfRangeError(
            "from some brand no step is known, so nobody can say where it leads. Hand over the "
            "frame that switching_matrix returns, without brands that nobody bought again."
        )
    chain = steps / begun[:, None]
    reached = np.linalg.matrix_power((chain > 0) + np.eye(size), max(size - 1, 1)) > 0
    if not reached.all():
        raise OutOfRangeError(
            "the brands fall into parts between which nobody switches both ways; where that leads "
            "depends on where it begins."
        )
    system = np.vstack([chain.T - np.eye(size), np.ones(size)])
    steady = np.linalg.lstsq(system, np.r_[np.zeros(size), 1], rcond=None)[0]
    return pd.DataFrame(
        {
            "brand": table.index,
            "share_now": begun / begun.sum(),
            "steady_share": steady,
        }
    )


def choice_memory(
    choices: pd.DataFrame,
    *,
    customer: str = "customer_id",
    brand: str = "brand",
    order: str = "occasion",
) -> ChoiceMemory:
    """Habit in repeated choices (状态依赖), told from unlike tastes (异质性).

    Who likes a brand repeats it, with or without habit. But taste repeats it as often two
    purchases later as one, and habit fades: if a purchase repeats the last one with a chance m,
    else follows the customer's own lasting taste, then
        P(another brand, 2 later) / P(another brand, 1 later) = 1 + m
    whatever the tastes are. Purchases are taken in threes, so that both are seen on the same ones.

    Parameters
    ----------
    choices : DataFrame, one row per purchase
        `customer`, `brand`; `order` : numbers or dates, no two alike of one customer
    customer, brand, order : str

    Returns
    -------
    ChoiceMemory
        With the standard error of a ratio of customers' sums.

    Raises
    ------
    MissingColumnsError, BadRowsError
        As `switching_matrix`.
    OutOfRangeError
        If fewer than 2 customers bought three times, or nobody ever switched.

    Source
    ------
    The question is Heckman's (1981), Heterogeneity and state dependence, in Studies in Labor
    Markets, 91-140; the ratio follows from the model above, which `simulate_choices` states.

    Examples
    --------
    >>> choices = pd.DataFrame({"customer_id": [1] * 4 + [2] * 4, "occasion": [1, 2, 3, 4] * 2,
    ...     "brand": list("AABB") + list("BABB")})
    >>> found = choice_memory(choices)
    >>> found.repeat_1, found.repeat_2
    (0.375, 0.25)
    """
    who, what, _, _ = _in_order(choices, customer, brand, order)
    three = who[2:] == who[:-2]
    people = who[2:][three]
    one = what[1:] != what[:-1]
    after_1 = (one[1:].astype("float64") + one[:-1])[three] / 2
    after_2 = (what[2:] != what[:-2])[three].astype("float64")
    number = pd.factorize(people)[0].astype(np.intp)
    count = int(number.max()) + 1 if len(number) else 0
    if count < 2:
        raise OutOfRangeError(f"{count} customer(s) bought three times; at least 2 are needed.")
    if not after_1.any():
        raise OutOfRangeError("nobody ever switched, so habit and taste cannot be told apart.")

    first, second = bincount(number, after_1), bincount(number, after_2)
    ratio = second.sum() / first.sum()
    miss = second - ratio * first
    error = np.sqrt((miss**2).sum() * count / (count - 1)) / first.sum()
    memory, repeat_1 = ratio - 1, 1 - after_1.mean()
    return ChoiceMemory(
        memory=float(memory),
        standard_error=float(error),
        low=float(memory - Z * error),
        high=float(memory + Z * error),
        repeat_1=float(repeat_1),
        repeat_2=float(1 - after_2.mean()),
        taste=float(1 - (1 - repeat_1) / (1 - memory)) if memory < 1 else float("nan"),
        customers=count,
    )


def _in_order(
    choices: pd.DataFrame, customer: str, brand: str, order: str
) -> tuple[np.ndarray, np.ndarray, np.ndarray, pd.Index]:
    """Return customers and brands as numbers, by customer and time, and the brands' names.

    Between them, whether each row but the first is of the customer of the one before.
    """
    require_columns(choices, customer=customer, brand=brand, order=order)
    require_rows(choices)
    require_values(choices, customer, brand, order)
    _require_order(choices, order)
    who, when = _keys(choices[customer]), _keys(choices[order])
    if isinstance(choices[brand].dtype, pd.CategoricalDtype):
        column = choices[brand].cat
        what, names = column.codes.to_numpy(), column.categories
    else:
        what, names = pd.factorize(choices[brand], sort=True)
    same = who[1:] == who[:-1]
    later = when[1:] > when[:-1]
    later |= who[1:] > who[:-1]
    if not later.all() or not (who[1:] >= who[:-1]).all():
        sort = np.lexsort([when, who])
        who, when, what = who[sort], when[sort], what[sort]
        same = who[1:] == who[:-1]
        twice = same & (when[1:] == when[:-1])
        if twice.any():
            rows = sort[1:][twice].tolist()
            raise BadRowsError(
                f"{len(rows)} row(s) have the {order} of another purchase of the same customer: "
                f"{rows[:10]}. Name a column that says which came first with order=…"
            )
    return who, what, same, pd.Index(names)


def _require_order(choices: pd.DataFrame, order: str) -> None:
    """Raise WrongTypeError if the values of `order` do not say what came first."""
    column = choices[order]
    if isinstance(column.dtype, pd.CategoricalDtype):
        fine = column.dtype.ordered
    else:
        kind = pd.api.types.infer_dtype(column)
        fine = not kind.startswith(("string", "mixed", "boolean", "bytes"))
        fine |= kind == "mixed-integer-float"
    if not fine:
        raise WrongTypeError(
            f"{order} must hold numbers or dates, which say what came first; got {column.dtype}. "
            f"Convert it first: pd.to_numeric(frame[{order!r}]), or pd.to_datetime of dates."
        )


def _keys(column: pd.Series) -> np.ndarray:
    """Return whole numbers that order a column as its values do."""
    if column.dtype == np.int64:
        return column.to_numpy()
    return pd.factorize(column, sort=True)[0]


def _around(
    share: np.ndarray, total: np.ndarray, who: np.ndarray, pair: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Return Wilson's interval of each share, a customer's steps counting as one cluster."""
    size, total = len(share), np.where(total > 0, total, np.nan)
    people = pd.factorize(who)[0].astype(np.int64)
    key, count = np.unique(people * size**2 + pair, return_counts=True)
    row, cell = key // size, key % size**2
    begun = bincount(row, count)
    mine, start = count.astype("float64"), begun[row]
    own = bincount(cell, mine**2, size * size).reshape(size, size)
    cross = bincount(cell, mine * start, size * size).reshape(size, size)
    whole = bincount(np.arange(len(begun)) % size, begun.astype("float64") ** 2, size)[:, None]
    variance = np.maximum(own - 2 * share * cross + share**2 * whole, 0) / total**2
    spread = share * (1 - share)
    # A share of 0 or 1 has no spread; its steps are worth no more than their customers.
    people_worth = np.broadcast_to(total**2 / np.maximum(whole, 1), share.shape).copy()
    worth = np.divide(spread, variance, out=people_worth, where=variance > 0)
    low, high = wilson(share * worth, worth)
    return low.ravel(), high.ravel()
