"""How well people hide among others: k-anonymity, l-diversity, t-closeness."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np
import pandas as pd

from crmlab._checks import require_one_of
from crmlab._groups import bincount, class_codes
from crmlab.privacy.measure.classes import (
    columns_of,
    distance,
    distinct,
    headcount,
    sensitive_codes,
)


@dataclass(frozen=True)
class Anonymity:
    """How many others each person looks like; a class is everybody who looks alike.

    k : int, people in the smallest class
    people, classes : int
    unique : int, people who are alone in their class
    share_unique : float in [0, 1]
    people_per_class : float, mean
    """

    k: int
    people: int
    classes: int
    unique: int
    share_unique: float
    people_per_class: float


def k_anonymity(
    people: pd.DataFrame, *, quasi: Sequence[str], person: str | None = None
) -> Anonymity:
    """Size of the smallest group that looks alike, with how many are alone.

    A table is k-anonymous when everybody looks like at least k - 1 others in all that an outsider
    may know (the quasi-identifiers, 准标识符). A missing value is a value of its own.

    Parameters
    ----------
    people : DataFrame, one row per person; with `person`, any rows
    quasi : sequence of str, columns of `people`
    person : str, optional
        Column that says whose row it is: then a group is as large as its people are many, however
        many rows they have.

    Returns
    -------
    Anonymity
        k, people, classes, unique, share_unique, people_per_class

    Raises
    ------
    MissingColumnsError
        If `people` lacks one of the columns.
    BadRowsError
        If a customer_id stands in two rows and `person` does not say so.
    OutOfRangeError
        If there are no people, or no quasi-identifiers.

    See Also
    --------
    l_diversity, t_closeness : what k-anonymity does not see.
    risk_by_quasi : how it falls with what an outsider knows.

    Source
    ------
    Sweeney, L. (2002). k-anonymity: a model for protecting privacy. International Journal of
    Uncertainty, Fuzziness and Knowledge-Based Systems 10(5), 557-570.
    doi:10.1142/S0218488502001648

    Examples
    --------
    >>> people = pd.DataFrame({"sex": ["F", "F", "M"], "born": [1980, 1980, 1975]})
    >>> k_anonymity(people, quasi=["sex", "born"]).unique
    1
    """
    columns, n = columns_of(people, quasi), headcount(people, person)
    if person is not None:  # who looks one way in two rows is one, and in two ways stands in two
        people = people[[*columns, person]].drop_duplicates()
    size = bincount(class_codes(people, columns))
    alone = size == 1
    unique = int(alone.sum()) if person is None else _people_of(people, columns, person, alone)
    return Anonymity(
        k=int(size.min()),
        people=n,
        classes=len(size),
        unique=unique,
        share_unique=unique / n,
        people_per_class=float(size.mean()),
    )


def _people_of(frame: pd.DataFrame, columns: list[str], person: str, chosen: np.ndarray) -> int:
    """Return how many people have a row in one of the `chosen` classes."""
    return frame.loc[chosen[class_codes(frame, columns)], person].nunique()


def l_diversity(
    people: pd.DataFrame, *, quasi: Sequence[str], sensitive: str, kind: str = "distinct"
) -> float:
    """Least number of different sensitive values in any group that looks alike.

    Parameters
    ----------
    people : DataFrame, one row per person
    quasi : sequence of str, columns of `people`
    sensitive : str, column of what nobody should learn; no missing values
    kind : "distinct" or "entropy"
        Count the values, or take the exponential of their entropy: a value that hardly anybody
        has then hardly counts.

    Returns
    -------
    float, 1 or more; at 1 some group gives its secret away

    Raises
    ------
    MissingColumnsError
        If `people` lacks one of the columns.
    BadRowsError
        If a row has no sensitive value; write "unknown" where that is what is known.
    OutOfRangeError
        If there are no people, no quasi-identifiers, or the kind is neither of the two.

    See Also
    --------
    homogeneity_attack : what happens at 1.

    Source
    ------
    Machanavajjhala, A., Kifer, D., Gehrke, J. and Venkitasubramaniam, M. (2007). l-diversity.
    ACM Transactions on Knowledge Discovery from Data 1(1), 3. doi:10.1145/1217299.1217302

    Examples
    --------
    >>> people = pd.DataFrame({"sex": ["F", "F", "M", "M"], "note": ["a", "b", "a", "a"]})
    >>> l_diversity(people, quasi=["sex"], sensitive="note")
    1.0
    """
    require_one_of("kind", kind, ["distinct", "entropy"])
    columns, _ = columns_of(people, quasi), headcount(people, None)
    classes = class_codes(people, columns)
    return float(distinct(classes, *sensitive_codes(people, sensitive), kind=kind).min())


def t_closeness(
    people: pd.DataFrame, *, quasi: Sequence[str], sensitive: str, ordered: bool = False
) -> float:
    """Largest distance between the sensitive values of a group and those of everybody.

    Parameters
    ----------
    people : DataFrame, one row per person
    quasi : sequence of str, columns of `people`
    sensitive : str, column of what nobody should learn; no missing values
    ordered : bool
        Whether the values have an order (numbers, dates) that makes neighbours closer. The distance
        is the earth mover's: half the sum of differences of the shares, or, when ordered, the
        mean difference of the cumulated shares, each step between neighbouring values alike.

    Returns
    -------
    float in [0, 1]; at 0 every group looks like everybody

    Raises
    ------
    MissingColumnsError
        If `people` lacks one of the columns.
    BadRowsError
        If a row has no sensitive value.
    OutOfRangeError
        If there are no people, or no quasi-identifiers.

    Source
    ------
    Li, N., Li, T. and Venkatasubramanian, S. (2007). t-closeness: privacy beyond k-anonymity and
    l-diversity. ICDE, 106-115. doi:10.1109/ICDE.2007.367856

    Examples
    --------
    >>> people = pd.DataFrame({"sex": ["F", "F", "M", "M"], "note": ["a", "b", "a", "a"]})
    >>> t_closeness(people, quasi=["sex"], sensitive="note")
    0.25
    """
    columns, _ = columns_of(people, quasi), headcount(people, None)
    classes = class_codes(people, columns)
    values, m = sensitive_codes(people, sensitive)
    return float(distance(classes, values, m, ordered=ordered).max())


def risk_by_quasi(people: pd.DataFrame, *, quasi: Sequence[str]) -> pd.DataFrame:
    """Share of people who are alone in what is known of them, for every choice of columns.

    Parameters
    ----------
    people : DataFrame, one row per person
    quasi : sequence of str, columns of `people`; each subset of them is one row

    Returns
    -------
    DataFrame, by the number of columns, then as they stand in `quasi`
        quasi_identifiers : int64, how many columns are known
        columns : str, which, joined by " + "
        k : int64
        share_unique : float64 in [0, 1]

    Raises
    ------
    MissingColumnsError
        If `people` lacks one of the columns.
    OutOfRangeError
        If there are no people, no quasi-identifiers, or more than 10.

    See Also
    --------
    crmlab.privacy.plot.plot_risk_by_quasi : draws this frame.

    Examples
    --------
    >>> people = pd.DataFrame({"sex": ["F", "F", "M"], "born": [1980, 1975, 1980]})
    >>> risk_by_quasi(people, quasi=["sex", "born"])
       quasi_identifiers     columns  k  share_unique
    0                  1         sex  1      0.333333
    1                  1        born  1      0.333333
    2                  2  sex + born  1      1.000000
    """
    columns = columns_of(people, quasi)
    headcount(people, None)
    require_one_of("the number of quasi-identifiers", str(len(columns)), [*map(str, range(1, 11))])
    # Codes once per column: the subsets then meet numbers only.
    codes = pd.DataFrame({column: class_codes(people, [column]) for column in columns})
    rows = []
    for known in range(1, len(columns) + 1):
        for chosen in combinations(columns, known):
            found = k_anonymity(codes, quasi=chosen)
            rows.append((known, " + ".join(chosen), found.k, found.share_unique))
    return pd.DataFrame(rows, columns=["quasi_identifiers", "columns", "k", "share_unique"])
