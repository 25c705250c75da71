"""Anonymity of a million people measured, and 30,000 people made anonymous, beside the targets.

The peers of the field cannot stand beside: `anjana` and `pycanon` pin a pandas older than ours.
Counting the groups with pandas alone is shown for k.
"""

from __future__ import annotations

from collections.abc import Callable
from statistics import median
from time import perf_counter

import numpy as np
import pandas as pd

from crmlab.privacy.hierarchy import dates, prefixes, whole
from crmlab.privacy.measure import k_anonymity, l_diversity, t_closeness
from crmlab.privacy.model import FullDomain, Mondrian
from crmlab.privacy.simulate import simulate_people
from crmlab.privacy.vault import pseudonymise

QUASI = ["birth_date", "sex", "postcode"]
SECRET = {"quasi": QUASI, "sensitive": "medical_note"}


def people() -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return a million club members, and 30,000 of them."""
    shares = {"in_shop": 1.0, "in_club": 1.0, "in_both": 1.0}
    club = simulate_people(1_000_000, areas=300, sensitive=True, seed=5, **shares).data.club
    return club, club.head(30_000).reset_index(drop=True)


def seconds(run: Callable[[], object], *, runs: int = 5) -> float:
    took = []
    for _ in range(runs):
        began = perf_counter()
        run()
        took.append(perf_counter() - began)
    return round(median(took), 3)


def main() -> pd.DataFrame:
    """Print and return one row per task: median seconds, and the target where there is one."""
    million, some = people()
    ladders = {"birth_date": dates(), "sex": whole(), "postcode": prefixes(5, 4)}
    tasks = {
        "k of 1,000,000": (lambda: k_anonymity(million, quasi=QUASI), 2.0),
        "k of 1,000,000, pandas groupby": (lambda: million.groupby(QUASI).size().min(), np.nan),
        "l of 1,000,000": (lambda: l_diversity(million, **SECRET), 2.0),
        "l of 1,000,000, entropy": (lambda: l_diversity(million, **SECRET, kind="entropy"), 2.0),
        "t of 1,000,000": (lambda: t_closeness(million, **SECRET), 2.0),
        "t of 1,000,000, ordered": (
            lambda: t_closeness(million, quasi=QUASI, sensitive="visits", ordered=True),
            2.0,
        ),
        "full domain, k = 10, 30,000": (lambda: FullDomain(ladders, k=10).fit(some), 0.5),
        "Mondrian, k = 10, 30,000": (lambda: Mondrian(QUASI, k=10).fit(some), 0.5),
        "pseudonyms of 1,000,000": (
            lambda: pseudonymise(million, "member_id", key=b"sixteen bytes or more"),
            np.nan,
        ),
    }
    rows = [(name, seconds(run), target) for name, (run, target) in tasks.items()]
    table = pd.DataFrame(rows, columns=["task", "seconds", "target"]).set_index("task")
    print(table.to_string())
    return table


if __name__ == "__main__":
    main()
