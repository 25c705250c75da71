"""Make the simulated data sets of `datasets/` anew, the same byte for byte."""

from __future__ import annotations

import json
from pathlib import Path

import pandas as pd

from crmlab._shipped import shipped
from crmlab.company.export import ALL_TABLES
from crmlab.company.firm import simulate_tables
from crmlab.company.hehua import simulate_hehua
from crmlab.dictionary import datapackage
from crmlab.rfm.simulate import four_customers

HEHUA_SEED = 2024
COMPANY = "company"


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
    return [_csv(frame, folder / f"{name}.csv") for name, frame in simulated().items()]


def write_company_set(folder: Path) -> list[Path]:
    """Write all tables of a Hehua of 1,000 customers and their data package into `folder`."""
    folder.mkdir(exist_ok=True)
    tables = simulate_tables(1_000, seed=HEHUA_SEED, tables=ALL_TABLES)
    paths = [_csv(frame, folder / f"{name}.csv") for name, frame in tables.items()]
    package = datapackage({name: f"{name}.csv" for name in tables})
    paths.append(folder / "datapackage.json")
    text = json.dumps(package, ensure_ascii=False, indent=1) + "\n"
    paths[-1].write_text(text, encoding="utf-8", newline="\n")
    return paths


def _csv(frame: pd.DataFrame, path: Path) -> Path:
    """Write one frame; return its path."""
    frame.to_csv(path, index=False, encoding="utf-8-sig", lineterminator="\n")
    return path


def main() -> None:
    """Write the simulated sets where the kit keeps them, and say which."""
    folder = shipped("datasets")
    for path in [*write(folder), *write_company_set(folder / COMPANY)]:
        print(f"wrote {path.relative_to(folder).as_posix()}")
