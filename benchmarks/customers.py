"""Transition matrix of 10 million sorted stage pairs beside pandas' shift and crosstab.

Processor seconds, medians; both take turns in one run. pandas is given the same frame: it shifts
stages and customers by a row and counts with crosstab, as one would write it. The counts must be
equal. What must hold: 20 times as fast. Beside it the tree of a million referrals.
"""

from __future__ import annotations

from collections.abc import Callable
from statistics import median
from time import process_time

import numpy as np
import pandas as pd

from crmlab.customers.measure import referral_tree, transition_matrix
from crmlab.customers.measure.stages import STAGES
from crmlab.customers.simulate import simulate_referred

RUNS, ROWS, MONTHS, PEOPLE = 3, 11_000_000, 11, 1_000_000


def stages(rows: int = ROWS) -> pd.DataFrame:
    """Return stages drawn at random, of customers who are watched for eleven months each."""
    rng = np.random.default_rng(16)
    code = rng.integers(0, 5, rows)
    return pd.DataFrame(
        {
            "customer_id": np.repeat(np.arange(rows // MONTHS), MONTHS),
            "month": np.tile(np.arange(1, MONTHS + 1), rows // MONTHS),
            "stage": pd.Categorical.from_codes(code, [*STAGES]),
        }
    )


def with_pandas(frame: pd.DataFrame) -> pd.DataFrame:
    """Return the counts by shift and crosstab."""
    same = frame["customer_id"].shift(-1) == frame["customer_id"]
    return pd.crosstab(frame["stage"][same], frame["stage"].shift(-1)[same])


def race(contenders: dict[str, Callable[[], object]]) -> pd.DataFrame:
    """Print and return the processor seconds of each contender beside the first."""
    took: dict[str, list[float]] = {name: [] for name in contenders}
    for _ in range(RUNS):
        for name, run in contenders.items():
            began = process_time()
            run()
            took[name].append(process_time() - began)
    table = pd.DataFrame({"cpu_s": {name: median(times) for name, times in took.items()}})
    table["times_crmlab"] = table["cpu_s"] / table["cpu_s"].iloc[0]
    print(table.round(3).to_string())
    return table


def main() -> None:
    frame = stages()
    ours = transition_matrix(frame)["steps"].to_numpy().reshape(5, 5)
    assert (with_pandas(frame).to_numpy() == ours).all()
    print(f"{ours.sum():,} pairs of stages:")
    race({"crmlab": lambda: transition_matrix(frame), "pandas": lambda: with_pandas(frame)})
    people, _ = simulate_referred(PEOPLE, trial=0, seed=10)
    print(f"Tree of {PEOPLE:,} customers who brought each other:")
    race({"crmlab": lambda: referral_tree(people, value="spend_cny")})


if __name__ == "__main__":
    main()
