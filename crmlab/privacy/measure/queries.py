"""Attacks on answers: subtracting two, telling members by averages, and how good any can be."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable
from dataclasses import dataclass
from numbers import Real

import numpy as np
import pandas as pd

from crmlab._checks import (
    names_of,
    require_at_least,
    require_callable,
    require_columns,
    require_kind,
    require_positive,
)
from crmlab.errors import BadRowsError, OutOfRangeError, UnknownNameError
from crmlab.privacy.measure.classes import require_countable


@dataclass(frozen=True)
class Advantage:
    """How much better than a coin an attacker tells whether a person is in the data.

    advantage : float in [-1, 1], share of right alarms less share of false ones; 0 is a coin
    standard_error : float
    threshold : float, an answer of this or more was taken for "in"
    """

    advantage: float
    standard_error: float
    threshold: float


def differencing_attack(
    people: pd.DataFrame,
    *,
    column: str,
    value: object,
    targets: Iterable[object],
    answer: Callable[[pd.DataFrame], float] = len,
) -> pd.DataFrame:
    """Whether a person has a value, from two counts that each look harmless.

    Ask how many people have the value; ask again without the target. The difference is the target.

    Parameters
    ----------
    people : DataFrame, one row per person, indexed by person
    column, value : the sensitive column, and the value asked about
    targets : persons, values of the index
    answer : callable, rows -> number
        What the table's owner answers: by default the exact count. With noise, for example
        ``lambda rows: noisy_count(rows, epsilon=0.1, budget=budget).value``.

    Returns
    -------
    DataFrame, one row per target
        person : as in the index
        with_person, without_person : float64, the two answers
        guess : bool, the difference is above a half
        correct : bool, the guess is the truth

    Raises
    ------
    MissingColumnsError
        If `people` lacks the column.
    BadRowsError
        If a person has two rows.
    UnknownNameError
        If a target stands not in the index.
    OutOfRangeError
        If `answer` is no function or returns no number, or `value` is a list or the like.
    NotAllowedError
        If `answer` spends a budget and nothing is left.

    Source
    ------
    Denning, D. E., Denning, P. J. and Schwartz, M. D. (1979). The tracker: a threat to statistical
    database security. ACM Transactions on Database Systems 4(1), 76-96. doi:10.1145/320064.320069

    Examples
    --------
    >>> people = pd.DataFrame({"note": ["asthma", "none", "asthma"]}, index=["Ann", "Bob", "Cy"])
    >>> differencing_attack(people, column="note", value="asthma", targets=["Ann"])
      person  with_person  without_person  guess  correct
    0    Ann          2.0             1.0   True     True
    """
    require_columns(people, column)
    require_kind("value", value, Hashable, "one value of the column")
    require_callable("answer", answer, "rows -> number")
    persons = names_of("targets", targets)
    if not people.index.is_unique:
        raise BadRowsError("a person stands twice in the index; keep one row of each.")
    has = people.loc[(people[column] == value).to_numpy(), :]
    rows = []
    for target in persons:
        if not isinstance(target, Hashable) or target not in people.index:
            raise UnknownNameError.among("person", target, [*map(str, people.index[:5]), "…"])
        full, less = (_number(answer(rows)) for rows in (has, has.drop(target, errors="ignore")))
        guess = full - less > 0.5
        rows.append((target, full, less, guess, guess == (target in has.index)))
    columns = ["person", "with_person", "without_person", "guess", "correct"]
    return pd.DataFrame(rows, columns=columns)


def membership_attack(
    panel: pd.DataFrame, published: pd.Series, reference: pd.Series
) -> pd.DataFrame:
    """How much each person looks like a member of a group of which only averages are known.

    A member has pulled the group's averages a little towards the own row, in every column; over
    hundreds of columns that adds up. Score: the sum over the columns of (own value less reference)
    times (published less reference).

    Parameters
    ----------
    panel : DataFrame of bool or numbers, one row per person, a column per product
    published : Series of the group's averages, indexed by product
    reference : Series of everybody's averages, indexed by product

    Returns
    -------
    DataFrame, one row per person, in the order of `panel`
        person_id : as in the index
        score : float64, high for a member

    Raises
    ------
    MissingColumnsError
        If `panel` lacks a product that is published.
    BadRowsError
        If a person stands in the panel twice.
    OutOfRangeError
        If nothing is published, the reference lacks a product, or an average is no number.

    See Also
    --------
    attacker_advantage : how well such scores tell members from others.

    Source
    ------
    Homer, N. et al. (2008). Resolving individuals contributing trace amounts of DNA to highly
    complex mixtures. PLoS Genetics 4(8), e1000167. doi:10.1371/journal.pgen.1000167. The score is
    that of Dwork, C. et al. (2015). Robust traceability from trace amounts. FOCS, 650-669.
    doi:10.1109/FOCS.2015.46

    Examples
    --------
    >>> panel = pd.DataFrame({"soap": [1, 0], "tea": [0, 1]}, index=["Ann", "Bob"])
    >>> group = pd.Series({"soap": 0.9, "tea": 0.1})
    >>> membership_attack(panel, group, panel.mean())
      person_id  score
    0       Ann    0.4
    1       Bob   -0.4
    """
    for name, averages in {"published": published, "reference": reference}.items():
        require_kind(name, averages, pd.Series, "a Series, such as panel.mean()")
        require_countable(averages.to_frame(name), name)
    products = [*published.index]
    require_at_least("the number of published averages", len(products), 1)
    require_columns(panel, *products)
    require_countable(panel, *products)
    if twice := panel.index[panel.index.duplicated()].tolist():
        raise BadRowsError(f"{twice[:10]} stand more than once in the panel; keep one row of each.")
    if not published.index.isin(reference.index).all():
        raise OutOfRangeError("the reference must have every product that is published.")
    usual = reference[products].to_numpy("float64")
    score = (panel[products].to_numpy("float64") - usual) @ (published.to_numpy("float64") - usual)
    return pd.DataFrame({"person_id": panel.index, "score": score})


def attacker_advantage(inside: np.ndarray, outside: np.ndarray) -> Advantage:
    """How well one threshold tells answers that a person is in from answers without.

    The threshold is chosen on the even-numbered answers and judged on the odd ones, so that it
    earns nothing by luck.

    Parameters
    ----------
    inside, outside : arrays of numbers, at least 4 each
        Answers (or scores) where the person is in the data, and where not, in any order of their
        drawing.

    Returns
    -------
    Advantage
        advantage, standard_error, threshold

    Raises
    ------
    OutOfRangeError
        If there are fewer than 4 of either, or they are no numbers.

    See Also
    --------
    advantage_bound : what epsilon allows at most.

    Source
    ------
    Yeom, S. et al. (2018). Privacy risk in machine learning. CSF, 268-282.
    doi:10.1109/CSF.2018.00027

    Examples
    --------
    >>> attacker_advantage(np.array([5, 6, 5, 6]), np.array([1, 2, 1, 2])).advantage
    1.0
    """
    hit, miss = _numbers("inside", inside), _numbers("outside", outside)
    require_at_least("the number of answers of each kind", min(hit.size, miss.size), 4)
    learn, judge = (hit[::2], miss[::2]), (hit[1::2], miss[1::2])
    cuts = np.unique(np.concatenate(learn))
    threshold = cuts[np.argmax(_share_from(learn[0], cuts) - _share_from(learn[1], cuts))]
    right, false = (float(_share_from(part, threshold)) for part in judge)
    error = right * (1 - right) / judge[0].size + false * (1 - false) / judge[1].size
    return Advantage(right - false, float(np.sqrt(error)), float(threshold))


def advantage_bound(epsilon: float) -> float:
    """Most that any attacker can gain over a coin from answers that cost epsilon in all.

    Parameters
    ----------
    epsilon : float, above 0

    Returns
    -------
    float in (0, 1): (exp(epsilon) - 1) / (exp(epsilon) + 1); the geometric count reaches it

    Raises
    ------
    OutOfRangeError
        If `epsilon` is not a finite number above 0.

    Source
    ------
    Kairouz, P., Oh, S. and Viswanath, P. (2017). The composition theorem for differential privacy.
    IEEE Transactions on Information Theory 63(6), 4037-4049. doi:10.1109/TIT.2017.2685505

    Examples
    --------
    >>> round(advantage_bound(1.0), 3)
    0.462
    """
    require_positive("epsilon", epsilon)
    return float(np.tanh(epsilon / 2))


def _number(answer: float) -> float:
    """Return one answer as float, or raise OutOfRangeError if it is no number."""
    require_kind("what answer returns", answer, Real, "a number, such as noisy_count(…).value")
    return float(answer)


def _numbers(name: str, answers: np.ndarray) -> np.ndarray:
    """Return answers as float64, or raise OutOfRangeError if they are no numbers."""
    try:
        return np.asarray(answers, dtype="float64")
    except (TypeError, ValueError) as error:
        raise OutOfRangeError(f"{name} must hold numbers; got {answers!r:.60}") from error


def _share_from(answers: np.ndarray, cut: np.ndarray) -> np.ndarray:
    """Return the share of `answers` that are `cut` or more."""
    return 1 - np.searchsorted(np.sort(answers), cut, side="left") / answers.size
