"""Making purchases of a million customers, beside the generator of `lifetimes`.

`lifetimes` makes only a summary per customer (its log generator calls `DataFrame.append`, which
pandas has dropped), one customer at a time; it is timed on fewer customers and scaled up. It
counts purchases of the same whole week once, so its mean lies below the theory. Both are one
thread; processor seconds are counted, so that other work on the machine matters less.
"""

from __future__ import annotations

from statistics import median
from time import process_time

import numpy as np
import pandas as pd
from lifetimes.generate_data import beta_geometric_nbd_model
from scipy.special import hyp2f1

from crmlab.lifetime.simulate import simulate_purchases

R, ALPHA, A, B = 0.243, 4.414, 0.793, 2.426
WEEKS = 39


def repeats_expected() -> float:
    """Return the mean repeats of Fader, Hardie and Lee (2005), doi:10.1287/mksc.1040.0098."""
    growth = (ALPHA / (ALPHA + WEEKS)) ** R
    growth *= hyp2f1(R, B, A + B - 1, WEEKS / (ALPHA + WEEKS))
    return (A + B - 1) / (A - 1) * (1 - growth)


def ours(n: int) -> float:
    data, _ = simulate_purchases(n, n_days=WEEKS * 7, joining_days=1, seed=1)
    return len(data) / n - 1


def theirs(n: int) -> float:
    np.random.seed(1)  # noqa: NPY002  (the peer draws from the global state)
    return beta_geometric_nbd_model(WEEKS, R, ALPHA, A, B, size=n)["frequency"].mean()


def timed(make, n: int, *, runs: int) -> dict[str, float]:
    seconds = []
    for _ in range(runs):
        began = process_time()
        mean = make(n)
        seconds.append(process_time() - began)
    per_million = median(seconds) * 1e6 / n
    return {"customers": n, "s_per_million": round(per_million, 2), "mean_repeats": round(mean, 3)}


def main() -> pd.DataFrame:
    """Print and return a row per generator: median processor seconds, mean count, theory."""
    rows = {
        "crmlab simulate_purchases (log)": timed(ours, 1_000_000, runs=5),
        "lifetimes beta_geometric_nbd_model (summary)": timed(theirs, 10_000, runs=3),
    }
    table = pd.DataFrame(rows).T.astype({"customers": int})
    table["times_slower"] = (table["s_per_million"] / table["s_per_million"].iloc[0]).round(1)
    table["mean_in_theory"] = round(repeats_expected(), 3)
    print(table.to_string())
    return table


if __name__ == "__main__":
    main()
