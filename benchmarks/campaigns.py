"""Qini of a million customers, beside scikit-uplift where it is installed.

In one run, in turns; medians of processor seconds, which other work on the machine disturbs least.
The peer is no dependency: `python -m pip install scikit-uplift`. The coefficients must agree.
"""

from __future__ import annotations

import sys
from importlib.util import find_spec
from statistics import median
from time import process_time

import numpy as np
import pandas as pd

from crmlab.campaigns.measure.qini_area import qini_coefficient

REPEATS = 5


def customers(n: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return score, whether treated, and whether bought."""
    rng = np.random.default_rng(1)
    score, arm = rng.random(n), rng.random(n) < 0.5
    return score, arm, rng.random(n) < 0.1 + 0.1 * score * arm


def main(n: int = 1_000_000) -> pd.DataFrame:
    """Print and return the medians, and how they stand to crmlab."""
    score, arm, bought = customers(n)
    y, w = bought.astype(np.float64), arm.astype(np.int64)
    works = {"crmlab": lambda: qini_coefficient(score, arm, y)}
    if find_spec("sklift"):
        from sklift.metrics import qini_auc_score

        works["scikit-uplift"] = lambda: qini_auc_score(bought.astype(np.int64), score, w)
    seconds: dict[str, list[float]] = {name: [] for name in works}
    found = {}
    for _ in range(REPEATS):
        for name, work in works.items():
            began = process_time()
            found[name] = float(work())
            seconds[name].append(process_time() - began)
    told = pd.DataFrame({"cpu_s": {name: median(each) for name, each in seconds.items()}})
    told["times_crmlab"] = told["cpu_s"] / told.loc["crmlab", "cpu_s"]
    told["coefficient"] = pd.Series(found)
    print(f"{n:,} customers\n{told.round(4).to_string()}")
    print(f"largest difference {max(found.values()) - min(found.values()):.1e}")
    return told


if __name__ == "__main__":
    main(*[int(word) for word in sys.argv[1:]])
