"""All pairs of 50 groups over a million customers, beside pandas.

In one run, in turns: `cross_groups`, which also tests every pair and controls false discoveries,
and the plain pandas form of the counts alone, pair by pair. Medians of processor seconds, which
other work on the machine disturbs least. The counts must agree.
"""

from __future__ import annotations

import sys
from itertools import combinations
from statistics import median
from time import process_time

import numpy as np
import pandas as pd

from crmlab.behaviour.measure import cross_groups

GROUPS, REPEATS = 50, 5


def members(customers: int) -> pd.DataFrame:
    """Return who is in which group, each group with a share of its own."""
    rng = np.random.default_rng(1)
    inside = rng.random((customers, GROUPS)) < rng.uniform(0.02, 0.4, GROUPS)
    return pd.DataFrame(inside, columns=[f"group {number}" for number in range(GROUPS)])


def in_pandas(table: pd.DataFrame) -> list[int]:
    """Return how many customers each two groups share."""
    return [int((table[one] & table[other]).sum()) for one, other in combinations(table, 2)]


def main(customers: int = 1_000_000) -> pd.DataFrame:
    """Print and return the medians, and how they stand to cross_groups."""
    table = members(customers)
    works = {"cross_groups": lambda: cross_groups(table), "pandas": lambda: in_pandas(table)}
    seconds: dict[str, list[float]] = {name: [] for name in works}
    results = {}
    for _ in range(REPEATS):
        for name, work in works.items():
            began = process_time()
            results[name] = work()
            seconds[name].append(process_time() - began)
    agree = results["cross_groups"]["both"].tolist() == results["pandas"]
    print(f"{customers:,} customers; the counts {'agree' if agree else 'DIFFER'}")
    told = pd.DataFrame({"cpu_s": {name: median(each) for name, each in seconds.items()}})
    told["times_cross_groups"] = told["cpu_s"] / told.loc["cross_groups", "cpu_s"]
    print(told.round(3).to_string())
    return told


if __name__ == "__main__":
    main(*[int(word) for word in sys.argv[1:]])
