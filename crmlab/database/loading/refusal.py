"""Faults of rows in one sentence each: table, field, row, value and rule."""

from __future__ import annotations

from typing import Any

import pandas as pd

from crmlab.dictionary import SHOWN
from crmlab.errors import BadRowsError


def refusal(found: pd.DataFrame) -> BadRowsError:
    """Word an error for faults, one row each as `faults` gives them.

    It shows one row for each field and rule; all stand in its `table`.
    """
    kinds = found.drop_duplicates(["table", "field", "rule"])
    shown = [_sentence(fault) for fault in kinds.head(SHOWN).itertuples(index=False)]
    if len(kinds) > SHOWN:
        shown.append(f"{len(kinds) - SHOWN} more rules are broken.")
    error = BadRowsError(f"the database is left as it was. {' '.join(shown)}")
    error.table = found.reset_index(drop=True)
    return error


def misfit(
    table: str, field: str, rule: str, *, row: int = -1, value: object = "", rows: int = 1
) -> BadRowsError:
    """Word an error for one fault of a field; without a row, of the column itself."""
    shown = str(value).encode("utf-8", "backslashreplace").decode("utf-8")
    fault = {"table": table, "field": field, "row": row, "value": shown, "rule": rule}
    return refusal(pd.DataFrame([{**fault, "rows": rows}]))


def _sentence(fault: Any) -> str:
    """Return a fault in words."""
    if fault.row < 0:
        return f"{fault.table}.{fault.field}: expected: {fault.rule}."
    value = f"{fault.value!r} is there" if fault.value else "nothing is there"
    more = f" ({fault.rows} rows break this rule)" if fault.rows > 1 else ""
    return f"{fault.table}.{fault.field}, row {fault.row}: {value}; expected: {fault.rule}{more}."
