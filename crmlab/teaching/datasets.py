"""Make the simulated data sets of `datasets/` anew, the same byte for byte."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from crmlab._shipped import shipped
from crmlab.company.hehua import simulate_hehua
from crmlab.rfm.simulate import four_customers

HEHUA_SEED = 2024


def simulated() -> dict[str, pd.DataFrame]:
    """Return the frames of the shipped sets that a simulator of ours makes, by name."""
    company, truth = simulate_hehua(seed=HEHUA_SEED)
    return {
        "four_customers": four_customers(),
        "hehua_customers": company.customers,
        "hehua_purchases": company.purchases,
        "hehua_truth": truth.customers,
    }


def write(folder: Path) -> list[Path]:
    """Write the simulated sets into `folder` as CSV that Excel reads too; return their paths."""
    paths = []
    for name, frame in simulated().items():
        paths.append(folder / f"{name}.csv")
        frame.to_csv(paths[-1], index=False, encoding="utf-8-sig", lineterminator="\n")
    return paths


def main() -> None:
    """Write the simulated sets where the kit keeps them, and say which."""
    for path in write(shipped("datasets")):
        print(f"wrote {path.name}")
