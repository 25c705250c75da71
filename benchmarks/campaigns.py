"""Qini of a million customers beside scikit-uplift, and a bootstrap of theirs beside scipy's.

In one run, in turns; medians of processor seconds, which other work on the machine disturbs least.
scikit-uplift is no dependency: `python -m pip install scikit-uplift`; the coefficients must agree.
scipy draws a million customers a thousand times, once; the errors must agree within three standard
errors. What must hold: Qini 5 times as fast, the bootstrap 30 times.
"""

from __future__ import annotations

import sys
from importlib.util import find_spec
from statistics import median
from time import process_time

import numpy as np
import pandas as pd
from scipy.stats import bootstrap

from crmlab.campaigns import bootstrap_difference, simulate_trial
from crmlab.campaigns.measure.qini_area import qini_coefficient

REPEATS, DRAWS = 5, 1_000


def customers(n: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return score, whether treated, and whether bought."""
    rng = np.random.default_rng(1)
    score, arm = rng.random(n), rng.random(n) < 0.5
    return score, arm, rng.random(n) < 0.1 + 0.1 * score * arm


def main(n: int = 1_000_000) -> None:
    """Print the medians, and how they stand to crmlab."""
    areas(n)
    differences(n)


def areas(n: int) -> None:
    """Time the Qini coefficient."""
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


def differences(n: int) -> None:
    """Time the bootstrap of a difference in mean spend."""
    trial, _ = simulate_trial(n, seed=1)
    spend = [trial.loc[trial["treated"] == arm, "spend"].to_numpy() for arm in (True, False)]
    seconds = []
    for _ in range(REPEATS):
        began = process_time()
        ours = bootstrap_difference(trial, draws=DRAWS, seed=1)
        seconds.append(process_time() - began)
    began = process_time()
    theirs = bootstrap(
        spend,
        lambda one, other, axis: one.mean(axis) - other.mean(axis),
        n_resamples=DRAWS,
        method="percentile",
        batch=1,
        rng=np.random.default_rng(1),
    )
    told = pd.DataFrame({"cpu_s": {"crmlab": median(seconds), "scipy": process_time() - began}})
    told["times_crmlab"] = told["cpu_s"] / told.loc["crmlab", "cpu_s"]
    told["standard_error"] = [ours.standard_error, theirs.standard_error]
    print(f"\n{n:,} customers, {DRAWS:,} draws of a difference\n{told.round(4).to_string()}")
    # Of a standard error by so many draws the error is 1 / sqrt(2 draws), and of two sqrt(2) that.
    apart = abs(np.log(ours.standard_error / theirs.standard_error)) * DRAWS**0.5
    print(f"their errors are {apart:.1f} standard errors apart")


if __name__ == "__main__":
    main(*[int(word) for word in sys.argv[1:]])
