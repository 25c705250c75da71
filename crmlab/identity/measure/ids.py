"""Records by their numbers."""

from __future__ import annotations

import numpy as np
import pandas as pd

from crmlab._groups import repeat
from crmlab.errors import BadRowsError


def positions(ids: pd.Series, wanted: pd.Series) -> np.ndarray:
    """Return where in `ids` each of `wanted` stands, or raise BadRowsError for unknown ones."""
    at = pd.Index(ids).get_indexer(pd.Index(wanted))
    if (at < 0).any():
        unknown = wanted[at < 0]
        raise BadRowsError(
            f"{len(unknown)} record(s) are not among the others: {unknown.unique().tolist()[:10]}. "
            f"Hand over frames of the same records."
        )
    return at


def codes(values: pd.Series) -> np.ndarray:
    """Return a number for each value, the same for equal ones, and -1 where it is missing."""
    return pd.factorize(values)[0].astype("int64")


def pairs_within(groups: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return all pairs of positions with the same group, smaller first; group -1 has none."""
    order = np.argsort(groups, kind="stable")
    order = order[groups[order] >= 0]
    _, sizes = np.unique(groups[order], return_counts=True)
    ends = repeat(np.cumsum(sizes), sizes)
    here = np.arange(len(order))
    later = ends - here - 1  # members of the group that follow
    left = repeat(here, later)
    begins = repeat(np.cumsum(later) - later, later)
    right = left + 1 + np.arange(len(left)) - begins
    return order[left], order[right]
