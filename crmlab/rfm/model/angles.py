"""Segments as they show from outside, from inside, or in what customers do."""

from __future__ import annotations

from typing import Literal

import numpy as np
import pandas as pd
from sklearn.metrics import adjusted_rand_score

from crmlab._checks import (
    require_at_least,
    require_columns,
    require_numbers,
    require_one_of,
    require_values,
)
from crmlab.errors import BadRowsError, OutOfRangeError
from crmlab.rfm.measure.spread import value_spread
from crmlab.rfm.model.clusters import CustomerClusters

Angle = Literal["external", "internal", "behaviour"]
_COLUMNS: dict[Angle, list[str]] = {
    "external": ["region", "organisation", "product"],
    "internal": ["age", "income_cny", "family_size"],
    "behaviour": ["days_since_last", "frequency", "monetary"],
}


def segment(
    customers: pd.DataFrame, *, angle: Angle, n_segments: int = 3, seed: int = 0
) -> pd.DataFrame:
    """Segments of customers who resemble each other from one angle, by k-means.

    External attributes are turned into ones and zeros, one column per kind; days, purchases,
    money and income count on a logarithmic scale, since twice as much is the same step
    everywhere. All are standardised.

    Parameters
    ----------
    customers : DataFrame, one row per customer
        external: region, organisation, product; internal: age, income_cny, family_size;
        behaviour: days_since_last, frequency, monetary. Other columns are kept.
    angle : {"external", "internal", "behaviour"}
    n_segments : int
    seed : int
        For the random starts of k-means.

    Returns
    -------
    DataFrame, the rows of `customers` with one more column
        segment : int64 from 1; a number is a name, not a rank

    Raises
    ------
    MissingColumnsError
        If a column of the angle is missing.
    BadRowsError
        If a row lacks a value, or, for behaviour, is a prospect who has bought nothing.
    OutOfRangeError
        If `angle` is none of the three, a number is negative, or there are fewer different
        customers than segments.

    See Also
    --------
    crmlab.rfm.simulate.simulate_segments : customers whose segments are known.
    crmlab.rfm.measure.value_spread : how far members of a segment differ in value.

    Examples
    --------
    >>> customers = pd.DataFrame({
    ...     "age": [22, 23, 70], "income_cny": [4e3, 4e3, 9e3], "family_size": [1, 1, 2]})
    >>> segment(customers, angle="internal", n_segments=2)["segment"].nunique()
    2
    """
    require_at_least("seed", seed, 0)
    require_one_of("angle", angle, _COLUMNS)
    columns = _COLUMNS[angle]
    require_columns(customers, *columns)
    if angle == "behaviour":
        _refuse_prospects(customers)
    require_values(customers, *columns)
    if angle != "external":
        require_numbers(customers, *columns)

    numbers = _numbers(customers[columns])
    model = CustomerClusters(n_segments, columns=[*numbers.columns], seed=seed)
    return customers.assign(segment=model.fit(numbers).labels_.to_numpy())


def compare_angles(
    customers: pd.DataFrame, truth: pd.DataFrame, *, value: str = "monetary", seed: int = 0
) -> pd.DataFrame:
    """How well each angle finds the true segments, and how much value differs inside its own.

    Parameters
    ----------
    customers : DataFrame, as for `segment`, with customer_id and no prospects
    truth : DataFrame, one row per customer
        customer_id : as in `customers`
        segment : the true segment
    value : str
        Column whose spread inside the segments is measured.
    seed : int
        For the random starts of k-means.

    Returns
    -------
    DataFrame, one row per angle
        angle : str
        adjusted_rand : float64, 1 for the true segments, about 0 for any by chance
        spread_within : float64 in [0, 1], share of the variance of `value` that is inside the
            segments; 1 means that the segments say nothing about value

    Raises
    ------
    MissingColumnsError, BadRowsError, OutOfRangeError
        As `segment`; also if a customer has no true segment.

    Source
    ------
    Hubert and Arabie (1985), doi:10.1007/BF01908075.

    Examples
    --------
    >>> from crmlab.rfm.simulate import simulate_segments
    >>> customers, truth = simulate_segments(300, seed=1)
    >>> compare_angles(customers, truth).nlargest(1, "adjusted_rand")["angle"].item()
    'behaviour'
    """
    require_at_least("seed", seed, 0)
    require_columns(customers, "customer_id", value)
    require_columns(truth, "customer_id", "segment")
    known = truth.set_index("customer_id")["segment"].reindex(customers["customer_id"])
    lost = np.flatnonzero(known.isna())
    if lost.size:
        raise BadRowsError(f"{lost.size} row(s) have no true segment: {lost.tolist()}.")

    rows = []
    for angle in _COLUMNS:
        found = segment(customers, angle=angle, n_segments=known.nunique(), seed=seed)
        agreement = adjusted_rand_score(known, found["segment"])
        within = value_spread(found, value=value)["share_of_spread"].sum()
        rows.append({"angle": angle, "adjusted_rand": agreement, "spread_within": within})
    return pd.DataFrame(rows)


def _refuse_prospects(customers: pd.DataFrame) -> None:
    rows = np.flatnonzero(customers["frequency"].fillna(0) <= 0)
    if rows.size:
        raise BadRowsError(
            f"{rows.size} row(s) are prospects without a purchase: {rows.tolist()}. Behaviour can "
            f"be segmented for customers only: customers[customers['frequency'] > 0]; for "
            f"prospects take angle='external' or 'internal'."
        )


def _numbers(columns: pd.DataFrame) -> pd.DataFrame:
    """Return `columns` as numbers that k-means can compare."""
    skewed = [c for c in ("income_cny", *_COLUMNS["behaviour"]) if c in columns]
    if (columns[skewed] < 0).to_numpy().any():
        raise OutOfRangeError(f"{skewed} must be 0 or more; set refunds aside first.")
    logs = columns.assign(**{c: np.log1p(columns[c]) for c in skewed})
    words = [c for c in logs if not pd.api.types.is_numeric_dtype(logs[c])]
    return pd.get_dummies(logs, columns=words, dtype="float64")
