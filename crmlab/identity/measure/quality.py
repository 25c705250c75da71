"""How well the records of each person were found."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from crmlab._checks import require_columns, require_key
from crmlab.identity.measure.ids import codes, positions


@dataclass(frozen=True)
class MatchQuality:
    """Found pairs of records of one person against the true ones.

    found, true, right : int, pairs
    precision : float, right / found; NaN when none is found
    recall : float, right / true; NaN when there are none
    f1 : float, 2 right / (found + true), the harmonic mean of both
    """

    found: int
    true: int
    right: int
    precision: float
    recall: float
    f1: float


def match_quality(
    found: pd.DataFrame,
    truth: pd.DataFrame,
    *,
    record: str = "record_id",
    person: str = "person_id",
    customer: str = "customer_id",
) -> MatchQuality:
    """Precision, recall and F1 over all pairs of records.

    Parameters
    ----------
    found : DataFrame, one row per record, with `record` and `person`
    truth : DataFrame, one row per record, with `record` and `customer`
    record, person, customer : str, columns

    Returns
    -------
    MatchQuality
        found, true, right, precision, recall, f1

    Raises
    ------
    MissingColumnsError
        If a frame lacks a column.
    BadRowsError
        If a record has no number, stands twice, or stands in one of the frames only.

    Examples
    --------
    >>> truth = pd.DataFrame({"record_id": [1, 2, 3], "customer_id": [7, 7, 7]})
    >>> found = pd.DataFrame({"record_id": [1, 2, 3], "person_id": [1, 1, 2]})
    >>> match_quality(found, truth)
    MatchQuality(found=1, true=3, right=1, precision=1.0, recall=0.3333333333333333, f1=0.5)
    """
    require_columns(found, record=record, person=person)
    require_columns(truth, record=record, customer=customer)
    require_key(found, record)
    require_key(truth, record)
    positions(found[record], truth[record])

    who = truth[customer].iloc[positions(truth[record], found[record])]
    people, true_people = codes(found[person]), codes(who)
    both = people * (len(found) + 1) + true_people
    counts = [_pairs(groups) for groups in (people, true_people, both)]
    n_found, n_true, n_right = counts
    share = [n_right / n if n else np.nan for n in (n_found, n_true, (n_found + n_true) / 2)]
    return MatchQuality(*counts, *share)


def _pairs(groups: np.ndarray) -> int:
    """Return how many pairs stand in the same group."""
    _, sizes = np.unique(groups, return_counts=True)
    return int((sizes * (sizes - 1) // 2).sum())
