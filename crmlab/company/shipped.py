"""The Hehua of 1,000 customers that ships with the kit, read from `datasets/company/`."""

from __future__ import annotations

import json
from typing import Any

import pandas as pd

from crmlab._shipped import shipped
from crmlab.company.block import TRUTH
from crmlab.company.firm import TABLES, TRUTHS, Company, CompanyTruth

__all__ = ["load_company"]

_DTYPES = {"integer": "int64", "number": "float64", "string": "str", "boolean": "bool"}
_TIME = "datetime64[us]"


def load_company() -> tuple[Company, CompanyTruth]:
    """Return the shipped Hehua: `simulate_company(1_000, seed=2024)`, read from its files.

    Types are those of its data package. Nothing is simulated and nothing is fetched.

    Examples
    --------
    >>> company, truth = load_company()
    >>> len(company.people), int((company.promotions["medium"] == "TV").sum()) > 0
    (1000, True)
    """
    read = read_package(shipped("datasets") / "company")
    company = Company(**{name: read[name] for name in TABLES})
    return company, CompanyTruth(**{name.removeprefix(TRUTH): read[name] for name in TRUTHS})


def read_package(folder: Any) -> dict[str, pd.DataFrame]:
    """Return the tables of a data package in a folder, typed as it says."""
    package = json.loads((folder / "datapackage.json").read_text(encoding="utf-8"))
    return {one["name"]: _read(folder / one["path"], one["schema"]) for one in package["resources"]}


def _read(path: Any, schema: dict[str, Any]) -> pd.DataFrame:
    """Return a table typed as its schema says; only an empty cell is a missing one."""
    kinds = {field["name"]: field["type"] for field in schema["fields"]}
    days = [name for name, kind in kinds.items() if kind in ("date", "datetime")]
    frame = pd.read_csv(
        path,
        encoding="utf-8-sig",
        dtype={name: _DTYPES.get(kind, "str") for name, kind in kinds.items()},
        keep_default_na=False,
        na_values=[""],
    )
    return frame.astype(dict.fromkeys(days, _TIME))
