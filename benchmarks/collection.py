"""Raking a million answers to four margins, beside weightipy.

In one run, in turns; medians of processor seconds, which other work on the machine disturbs least.
The weights must agree. Without weightipy installed (python -m pip install weightipy), crmlab runs
alone.
"""

from __future__ import annotations

from importlib import import_module
from statistics import median
from time import process_time
from typing import Any

import numpy as np
import pandas as pd

from crmlab.collection.model import Raking

SIZES, REPEATS = {"age": 5, "region": 6, "income": 4, "store": 8}, 5


def world(rows: int) -> tuple[pd.DataFrame, dict[str, dict[int, float]]]:
    """Return answers whose groups are drawn at random, and margins that differ from theirs."""
    rng = np.random.default_rng(1)
    answers = pd.DataFrame({name: rng.integers(1, k + 1, rows) for name, k in SIZES.items()})
    margins = {
        name: dict(zip(range(1, k + 1), rng.dirichlet(np.full(k, 20)).tolist(), strict=True))
        for name, k in SIZES.items()
    }
    return answers, margins


def main(rows: int = 1_000_000) -> pd.DataFrame:
    """Print and return the medians."""
    answers, margins = world(rows)
    works: dict[str, Any] = {"crmlab": lambda: Raking(margins).fit(answers).weights_.to_numpy()}
    try:
        peer: Any = import_module("weightipy")
    except ImportError:
        print("weightipy is not installed")
    else:
        percent = {k: {g: 100 * s for g, s in groups.items()} for k, groups in margins.items()}
        scheme = peer.scheme_from_dict(percent)
        works["weightipy"] = lambda: peer.weight_dataframe(answers, scheme, "w")["w"].to_numpy()
    seconds: dict[str, list[float]] = {name: [] for name in works}
    found = {}
    for _ in range(REPEATS):
        for name, work in works.items():
            began = process_time()
            found[name] = work()
            seconds[name].append(process_time() - began)
    if len(found) > 1:
        agree = np.allclose(found["crmlab"], found["weightipy"], rtol=1e-6)
        print(f"{rows:,} answers; the weights {'agree' if agree else 'DIFFER'}")
    table = pd.DataFrame({"cpu_s": {name: median(each) for name, each in seconds.items()}})
    table["times_crmlab"] = table["cpu_s"] / table.loc["crmlab", "cpu_s"]
    print(table.round(3).to_string())
    return table


if __name__ == "__main__":
    main()
