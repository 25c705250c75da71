"""What happens to rows that deserve a look: kept, dropped or refused, always counted."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from crmlab.data.report import Fault
from crmlab.errors import BadRowsError, OutOfRangeError

_DONE = {"keep": "kept", "drop": "dropped", "refuse": "refused"}
_SAMPLES = 3
_LISTED = 20
_REMEDIES = {
    "unreadable date": "days lie between 1900 and 2199 and years have four digits; mend "
    "them, say date_format='%d/%m/%y', or leave them out with "
    "unreadable='drop'",
    "unreadable amount": "mend them, set decimal=…, or leave them out with unreadable='drop'",
    "torn row": "give them as many cells as there are column names, or leave them out with "
    "unreadable='drop'",
    "no customer": "no_customer='drop' sets them aside",
    "duplicate": "duplicates='keep' or 'drop'",
    "future date": "future='keep' or 'drop', or say which day it is with today=…",
    "refund": "refunds='keep' or 'drop'",
    "zero amount": "zero_amounts='keep' or 'drop'",
}


def require_treatment(argument: str, value: str, *allowed: str) -> None:
    """Raise OutOfRangeError unless `value` is one of the treatments allowed."""
    if value not in allowed:
        choices = " or ".join(map(repr, allowed))
        raise OutOfRangeError(f"{argument} must be {choices}; got {value!r}.")


def fault(
    kind: str,
    treatment: str,
    numbers: np.ndarray,
    samples: Sequence[str] = (),
    amount: float = 0.0,
) -> Fault:
    """Return a Fault with the first few distinct samples, cut to a readable length."""
    seen = dict.fromkeys(text for text in samples if text)
    shown = tuple(text if len(text) <= 40 else text[:39] + "…" for text in [*seen][:_SAMPLES])
    return Fault(kind, _DONE[treatment], np.asarray(numbers, dtype=np.int64), shown, float(amount))


def refuse(
    source: str, faults: Sequence[Fault], written: dict[str, Sequence[str]], counted_from: str
) -> None:
    """Raise BadRowsError for all refused faults together; its `table` lists every row."""
    refused = [fault for fault in faults if fault.treatment == "refused"]
    if not refused:
        return
    lines = []
    for one in refused:
        texts = written.get(one.kind) or [""] * one.count
        shown = [
            f"{number}{f' ({text[:40]!r})' if text else ''}"
            for number, text in zip(one.rows[:_LISTED].tolist(), texts, strict=False)
        ]
        more = f", and {one.count - _LISTED:,} more" if one.count > _LISTED else ""
        lines.append(
            f"{one.count:,} rows with {one.kind}: {', '.join(shown)}{more}. "
            f"Remedy: {_REMEDIES[one.kind]}."
        )
    error = BadRowsError(
        f"{source} has rows that cannot be used ({counted_from}).\n"
        + "\n".join(lines)
        + "\nEvery row is in the error's frame: except CrmlabError as error: error.table"
    )
    error.table = pd.concat(
        [
            pd.DataFrame(
                {
                    "row": one.rows,
                    "fault": one.kind,
                    "written": pd.Series(
                        [*(written.get(one.kind) or [""] * one.count)], dtype="str"
                    ),
                }
            )
            for one in refused
        ],
        ignore_index=True,
    )
    raise error
