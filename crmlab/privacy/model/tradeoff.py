"""What each k buys in safety, and what it costs in knowledge."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pandas as pd

from crmlab._checks import require_columns, require_list
from crmlab._words import N_
from crmlab.privacy.hierarchy import Hierarchy
from crmlab.privacy.measure.anonymity import k_anonymity
from crmlab.privacy.measure.loss import information_loss, seen_by_band
from crmlab.privacy.model.lattice import FullDomain, require_ladders
from crmlab.privacy.model.mondrian import Mondrian


def risk_utility(
    people: pd.DataFrame,
    hierarchies: Mapping[str, Hierarchy],
    *,
    ks: Sequence[int],
    column: str,
    value: str,
    edges: Sequence[float] | Sequence[pd.Timestamp],
) -> pd.DataFrame:
    """Risk left, and an analyst's error, for both methods and every k.

    The analyst asks for the mean of `value` by band of `column`, see `seen_by_band`; a band that
    the released table leaves empty is answered with the mean over all.

    Parameters
    ----------
    people : DataFrame, one row per person, no missing values in the columns used
    hierarchies : mapping of each quasi-identifier to its ladder
    ks : sequence of int, each at least 2
    column : str, one of the quasi-identifiers, of numbers or dates
    value : str, column of numbers
    edges : increasing values of `column`

    Returns
    -------
    DataFrame, one row per method and k, after one for the table as it is
        method : str, "as it is", "full domain" or "Mondrian"
        k : int64, 1 for the table as it is
        risk : float64 in [0, 1], share of people found by guessing among those who look alike
        certainty : float64 in [0, 1], information lost, see `information_loss`
        error : float64, mean distance of the answers from the truth over all people, as a share of
            the overall mean

    Raises
    ------
    MissingColumnsError
        If a column is missing.
    BadRowsError
        If a value is missing.
    OutOfRangeError
        If a k is below 2 or above the number of people.

    See Also
    --------
    crmlab.privacy.plot.plot_risk_utility : draws this frame.

    Examples
    --------
    >>> from crmlab.privacy.hierarchy import numbers
    >>> people = pd.DataFrame({"age": [20, 30, 40, 50], "spend": [1.0, 2.0, 3.0, 4.0]})
    >>> ladder = {"age": numbers(widths=[20])}
    >>> risk_utility(people, ladder, ks=[2], column="age", value="spend", edges=[20, 40, 60])
            method  k  risk  certainty  error
    0     as it is  1   1.0   0.000000    0.0
    1  full domain  2   0.5   0.333333    0.0
    2     Mondrian  2   0.5   0.333333    0.0
    """
    require_ladders(hierarchies)
    require_list("ks", ks, "[2, 5, 10]")
    require_columns(people, *hierarchies, column, value)
    quasi = [*hierarchies]
    tables = [(N_("as it is"), 1, people)]
    for k in ks:
        models = {N_("full domain"): FullDomain(hierarchies, k=k), "Mondrian": Mondrian(quasi, k=k)}
        tables += [(name, k, one.fit(people).transform(people)) for name, one in models.items()]
    rows = []
    for method, k, released in tables:
        found = k_anonymity(released, quasi=quasi)
        lost = information_loss(people, released, quasi=quasi).certainty
        seen = seen_by_band(people, released, column=column, value=value, edges=edges)
        rows.append((method, k, found.classes / found.people, lost, _error(seen)))
    table = pd.DataFrame(rows, columns=["method", "k", "risk", "certainty", "error"])
    return table.astype({"method": "str", "k": "int64"})


def _error(seen: pd.DataFrame) -> float:
    """Return the mean distance of the answers by band from the truth, over the overall mean."""
    asked = seen[seen["people"] > 0]
    overall = (asked["mean"] * asked["people"]).sum() / asked["people"].sum()
    away = (asked["mean_seen"].fillna(overall) - asked["mean"]).abs()
    return float((away * asked["people"]).sum() / asked["people"].sum() / abs(overall))
