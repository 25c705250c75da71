"""Answers with noise, so that no single person shows: differential privacy."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from numbers import Real

import numpy as np
import pandas as pd

from crmlab._checks import (
    require_kind,
    require_list,
    require_one_of,
    require_positive,
    require_series,
    require_single,
    require_values,
)
from crmlab._groups import bincount
from crmlab.errors import BadRowsError, OutOfRangeError, UnknownNameError
from crmlab.privacy.budget import Budget
from crmlab.privacy.measure.classes import headcount, require_countable

MECHANISMS = ("geometric", "laplace")
_FEN = 100  # the smallest step of money
_EXACT = 2**53  # from here on a float skips whole numbers
_TAIL = 40  # so many scales of noise are passed once in 10**17 answers


@dataclass(frozen=True)
class Noisy:
    """An answer with noise; `value` is all that may be published.

    value : float
    standard_error : float, of the noise alone, known beforehand
    epsilon : float, what the answer cost
    """

    value: float
    standard_error: float
    epsilon: float


def noisy_count(
    people: pd.Series | pd.DataFrame,
    *,
    epsilon: float,
    budget: Budget,
    person: str | None = None,
    mechanism: str = "geometric",
    question: str = "count",
) -> Noisy:
    """How many people there are, give or take noise.

    Model
    -----
    geometric: P(noise = z) = (1 - a) / (1 + a) * a**|z| with a = exp(-epsilon), whole numbers
    laplace:   density epsilon / 2 * exp(-epsilon * |z|)
    One person more or less changes the chance of any answer by a factor of exp(epsilon) at most.
    Noise may make a count negative; cutting at 0 afterwards is allowed and biases upwards.

    Parameters
    ----------
    people : Series or DataFrame, one row per person, indexed by person; with `person`, any rows
    epsilon : float, above 0; smaller is safer and noisier
    budget : Budget that pays
    person : str, optional
        Column that says whose row it is: then people are counted, however many rows they have.
    mechanism : "geometric" or "laplace"
        The geometric one is exact on whole numbers. The low digits of floating-point Laplace noise
        can give the true value away (Mironov 2012): for lessons, not for publishing.
    question : str, what the budget writes down

    Returns
    -------
    Noisy
        value, standard_error, epsilon

    Raises
    ------
    NotAllowedError
        If the budget has too little left.
    MissingColumnsError
        If there is no column `person`.
    BadRowsError
        If a person has two rows and `person` does not say so: that person would change the count
        by two.
    OutOfRangeError
        If `epsilon` is not above 0 or so large that nothing would be hidden, there is no such
        mechanism, no Budget, or no frame.

    Source
    ------
    Ghosh, A., Roughgarden, T. and Sundararajan, M. (2012). Universally utility-maximizing privacy
    mechanisms. SIAM Journal on Computing 41(6), 1673-1693. doi:10.1137/09076828X. Dwork, C. et al.
    (2006). Calibrating noise to sensitivity. TCC, 265-284. doi:10.1007/11681878_14. Mironov, I.
    (2012). On significance of the least significant bits. CCS, 650-661. doi:10.1145/2382196.2382264

    Examples
    --------
    >>> noisy_count(pd.Series([True] * 100), epsilon=0.5, budget=Budget(1.0, seed=5)).value
    100.0
    """
    require_kind("people", people, (pd.Series, pd.DataFrame), "a frame or a Series of people")
    scale = _scale(1, epsilon, budget, mechanism, question)
    n = headcount(people, person) if isinstance(people, pd.DataFrame) else len(people)
    if person is None:
        _require_one_row_each(people)
    noise, error = _paid_noise(1, scale, epsilon, budget, mechanism, question)
    return Noisy(float(n + noise[0]), error, float(epsilon))


def noisy_sum(
    values: pd.Series,
    *,
    low: float,
    high: float,
    epsilon: float,
    budget: Budget,
    mechanism: str = "geometric",
    question: str = "sum",
) -> Noisy:
    """Sum of a value per person, give or take noise that hides the largest person allowed.

    Values are brought into `low` to `high` first, since one very large value could not be hidden
    otherwise; choose the bounds without looking at the data. Sums are taken in hundredths (fen), so
    that the geometric noise is exact.

    Parameters
    ----------
    values : Series of numbers, indexed by person
    low, high : float, bounds of one person's value; 0 to high for spend
    epsilon, budget, mechanism, question : as for `noisy_count`

    Returns
    -------
    Noisy, as `noisy_count` returns it

    Raises
    ------
    NotAllowedError
        As `noisy_count`.
    BadRowsError
        If a person has two rows, or a value is missing.
    OutOfRangeError
        If `low` is not below `high`, `epsilon` not above 0 or so large that nothing would be
        hidden, the bounds and the noise they ask for are too large to be added exactly, the values
        are no Series of numbers, or there is no such mechanism or no Budget.

    See Also
    --------
    noisy_count : model, mechanisms and sources.

    Examples
    --------
    >>> spend = pd.Series([20.0] * 99 + [1e9])
    >>> noisy_sum(spend, low=0, high=100, epsilon=0.5, budget=Budget(1, seed=5)).value
    2327.3
    """
    if not (isinstance(low, Real) and isinstance(high, Real) and -np.inf < low < high < np.inf):
        raise OutOfRangeError(f"low must be a number below high; got {low!r} and {high!r}.")
    largest = max(-math.floor(low * _FEN), math.ceil(high * _FEN))
    scale = _scale(largest, epsilon, budget, mechanism, question)
    require_countable(_one_value_each(values), "value")
    if len(values) * largest >= _EXACT:
        raise OutOfRangeError(
            f"{len(values):,} values of up to {largest / _FEN:g} cannot be added exactly, and the "
            "noise would be lost in the rounding. Ask in a larger unit, such as thousands, with "
            "low and high in that unit."
        )
    fen = np.rint(values.to_numpy("float64").clip(low, high) * _FEN).astype("int64").sum()
    noise, error = _paid_noise(1, scale, epsilon, budget, mechanism, question)
    return Noisy(float(fen + noise[0]) / _FEN, error / _FEN, float(epsilon))


def noisy_histogram(
    values: pd.Series,
    *,
    categories: Sequence[str] | Sequence[int],
    epsilon: float,
    budget: Budget,
    mechanism: str = "geometric",
    question: str = "histogram",
) -> pd.DataFrame:
    """Headcount of each category, give or take noise; the whole of it costs epsilon once.

    Each person stands in one category, so that one person more or less changes one count by one
    (parallel composition).

    Parameters
    ----------
    values : Series, indexed by person
    categories : sequence, all that there can be; named beforehand, since a category that shows only
        because somebody is in it would tell that somebody is
    epsilon, budget, mechanism, question : as for `noisy_count`

    Returns
    -------
    DataFrame, one row per category, in their order
        category : as in `categories`
        people : float64, with noise
        standard_error : float64, of the noise alone

    Raises
    ------
    NotAllowedError, BadRowsError
        As `noisy_sum`.
    UnknownNameError
        If a value stands in none of the categories. The question is paid for all the same, and
        the value is not named: who asks for nothing but "asthma" would else learn for nothing
        whether anybody has something else.
    OutOfRangeError
        If a category stands twice, `epsilon` is not above 0, the values are no Series, the
        categories no list, or there is no such mechanism or no Budget.

    See Also
    --------
    crmlab.privacy.plot.plot_noisy_histogram : draws this frame.

    Examples
    --------
    >>> notes = pd.Series(["none"] * 80 + ["asthma"] * 20)
    >>> names = ["none", "asthma", "diabetes"]
    >>> noisy_histogram(notes, categories=names, epsilon=1, budget=Budget(1, seed=5))
       category  people  standard_error
    0      none    81.0        1.356962
    1    asthma    21.0        1.356962
    2  diabetes     0.0        1.356962
    """
    require_list("categories", categories, "['yes', 'no']")
    names = pd.Index(categories)
    require_single(pd.Series([*names], dtype="object").to_frame("category"), "category")
    if not len(names) or not names.is_unique:
        raise OutOfRangeError(f"categories must be one or more different values; got {[*names]}.")
    scale = _scale(1, epsilon, budget, mechanism, question)
    require_single(_one_value_each(values), "value")
    noise, error = _paid_noise(len(names), scale, epsilon, budget, mechanism, question)
    place = names.get_indexer(values.array)
    if (place < 0).any():
        raise UnknownNameError(
            f"not every value stands in categories, {[*map(str, names)]}. Name all that there can "
            "be, or bring the rest under one name first: "
            "values.where(values.isin(categories), 'other'), and 'other' among the categories."
        )
    people = bincount(place, minlength=len(names)) + noise
    return pd.DataFrame(
        {"category": names, "people": people.astype("float64"), "standard_error": error}
    )


def _scale(largest: int, epsilon: float, budget: Budget, mechanism: str, question: str) -> float:
    """Return the scale of the noise that hides a change of `largest`; nothing is spent yet.

    Whatever is wrong with the question is said before anything is read in the data, and so is that
    the budget has too little left.
    """
    require_one_of("mechanism", mechanism, MECHANISMS)
    require_positive("epsilon", epsilon)
    require_kind("budget", budget, Budget, "a Budget that pays, such as Budget(1.0)")
    budget.require(epsilon, question)
    if epsilon / largest > _TAIL:
        raise OutOfRangeError(
            f"epsilon {epsilon:g} would hide nothing: the noise would always be 0. "
            "Ask with an epsilon of 1 or less."
        )
    if _TAIL * largest / epsilon >= _EXACT:
        raise OutOfRangeError(
            f"the noise that hides a change of {largest:,} steps at epsilon {epsilon:g} is too "
            "large to be added exactly. Choose narrower bounds, a larger unit or a larger epsilon."
        )
    return largest / epsilon


def _paid_noise(
    n: int, scale: float, epsilon: float, budget: Budget, mechanism: str, question: str
) -> tuple[np.ndarray, float]:
    """Return `n` draws of noise of a scale, which the budget pays, and its standard error."""
    budget.spend(epsilon, question)
    if mechanism == "laplace":
        return budget.rng.laplace(0, scale, n), float(np.sqrt(2) * scale)
    # The difference of two geometric numbers is a two-sided geometric one.
    stop = -np.expm1(-1 / scale)
    noise = budget.rng.geometric(stop, n) - budget.rng.geometric(stop, n)
    return noise, float(np.sqrt(2 * (1 - stop)) / stop)


def _one_value_each(values: pd.Series) -> pd.DataFrame:
    """Return `values` as a frame; raise unless they are a Series of one value per person."""
    require_series("values", values, "spend")
    _require_one_row_each(values)
    frame = values.to_frame("value")
    require_values(frame, "value")
    return frame


def _require_one_row_each(people: pd.Series | pd.DataFrame) -> None:
    """Raise BadRowsError if a person, which is what the index names, has two rows."""
    if not people.index.is_unique:
        twice = people.index[people.index.duplicated()].unique()
        raise BadRowsError(
            f"{[*twice[:10]]} stand(s) more than once in the index, so one person could change the "
            "answer more than the noise hides. Bring the data to one row per person first: "
            "values.groupby(level=0).sum()"
        )
