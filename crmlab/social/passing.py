"""Friendships that pass on what one of the two has heard, each by chance.

Parts and shortest ways are SciPy's, which is there anyway and reads arrays. networkx keeps a Python
object for each friendship: `benchmarks/social.py` has how much longer that takes, and its layout by
steps (Kamada and Kawai) throws parts that are not joined far apart. It proves counts in the tests.
"""

from __future__ import annotations

import numpy as np
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components


def joined(
    rng: np.random.Generator, one: np.ndarray, other: np.ndarray, n: int, chance: float
) -> np.ndarray:
    """Return for each of n people a number, equal for all who would hear from each other."""
    passes = rng.random(len(one)) < chance
    links = coo_array((np.ones(passes.sum()), (one[passes], other[passes])), shape=(n, n))
    return connected_components(links, directed=False)[1]
