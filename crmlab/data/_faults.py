"""What happens to rows that deserve a look: kept, dropped or refused, always counted."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from crmlab._words import N_
from crmlab.data._remedies import Circumstances, remedy
from crmlab.data.report import Fault, many
from crmlab.errors import BadRowsError, OutOfRangeError

_DONE = {"keep": N_("kept"), "drop": N_("dropped"), "refuse": N_("refused")}
_SAMPLES = 3
_LISTED = 20


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
    source: str,
    faults: Sequence[Fault],
    written: dict[str, Sequence[str]],
    counted_from: str,
    known: Circumstances,
) -> None:
    """Raise BadRowsError for all refused faults together; its `table` lists every row."""
    refused = [fault for fault in faults if fault.treatment == "refused"]
    if not refused:
        return
    lines = []
    for one in refused:
        texts = written.get(one.kind) or [""] * one.count
        shown = [
            f"{number}{_quoted(text)}"
            for number, text in zip(one.rows[:_LISTED].tolist(), texts, strict=False)
        ]
        more = f", and {one.count - _LISTED:,} more" if one.count > _LISTED else ""
        lines.append(
            f"{many(one.count, 'row')} with {one.kind}: {', '.join(shown)}{more}. "
            f"Remedy: {remedy(one.kind, texts, known)}."
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


def _quoted(text: str) -> str:
    """Return what stands in a row, in brackets."""
    return f" ({text[:40]!r})" if text else " (empty)"
