"""What reading a survey found: how it was understood, and what was wrong with it."""

from __future__ import annotations

from dataclasses import dataclass
from html import escape
from typing import NamedTuple

import numpy as np
import pandas as pd

from crmlab.data.report import Fault, Guess, many


@dataclass(frozen=True, eq=False)
class SurveyReport:
    """What `read_survey` found; print it, or let a notebook show it.

    sources : where the rows came from
    rows, blank_rows : questionnaires read, and rows with nothing in them, left out
    items : the columns that hold answers
    scales : from each item to the ends of its scale
    reversed : items that were turned
    columns : what each role was made of, {"respondent_id": "序号", …}
    guesses : what the files did not say, and how it was read
    faults : one `Fault` per kind of trouble found
    counted_from : what row numbers count
    """

    sources: tuple[str, ...]
    rows: int
    blank_rows: int
    items: tuple[str, ...]
    scales: dict[str, tuple[int, int]]
    reversed: tuple[str, ...]
    columns: dict[str, str]
    guesses: tuple[Guess, ...]
    faults: tuple[Fault, ...]
    counted_from: str

    @property
    def table(self) -> pd.DataFrame:
        """Return one row per kind of fault: fault, treatment, first_rows, samples : str; rows."""
        return pd.DataFrame(
            {
                "fault": pd.Series([fault.kind for fault in self.faults], dtype="str"),
                "treatment": pd.Series([fault.treatment for fault in self.faults], dtype="str"),
                "rows": np.array([fault.count for fault in self.faults], dtype=np.int64),
                "first_rows": pd.Series(
                    [", ".join(map(str, fault.rows[:5])) for fault in self.faults], dtype="str"
                ),
                "samples": pd.Series([", ".join(f.samples) for f in self.faults], dtype="str"),
            }
        )

    def fault(self, kind: str) -> Fault | None:
        """Return the fault of this kind, None if there is none."""
        return next((fault for fault in self.faults if fault.kind == kind), None)

    def _headline(self) -> str:
        ends = sorted({*self.scales.values()})
        scale = " and ".join(f"{low}-{high}" for low, high in ends)
        return (
            f"{many(self.rows, 'questionnaire')} of {many(len(self.items), 'item')} on {scale}; "
            f"read from {', '.join(self.sources)}"
        )

    def _understood(self) -> list[str]:
        columns = [f"{ours} from {theirs!r}" for ours, theirs in self.columns.items()]
        shown = ", ".join(self.items[:6]) + (", …" if len(self.items) > 6 else "")
        turned = [f"turned: {', '.join(self.reversed)}"] if self.reversed else []
        blank = [f"{many(self.blank_rows, 'blank row')} left out"] if self.blank_rows else []
        lines = [f"columns: {', '.join(columns)}"] if columns else []
        return [*lines, f"items: {shown}", *turned, *map(str, self.guesses), *blank]

    def __str__(self) -> str:
        lines = [self._headline(), "How it was read", *(f"  - {one}" for one in self._understood())]
        if not self.faults:
            return "\n".join([*lines, "No faults found."])
        return "\n".join(
            [*lines, f"Faults ({self.counted_from})", *(f"  - {one}" for one in self.faults)]
        )

    def _repr_html_(self) -> str:
        """Return the report as HTML; text from the file is escaped."""
        read = "".join(f"<li>{escape(line)}</li>" for line in self._understood())
        faults = "<p>No faults found.</p>"
        if self.faults:
            table = self.table.to_html(index=False)
            faults = f"<p>Faults ({escape(self.counted_from)})</p>{table}"
        head = f"<p><strong>{escape(self._headline())}</strong></p>"
        return f"<div>{head}<p>How it was read</p><ul>{read}</ul>{faults}</div>"


class SurveyReading(NamedTuple):
    """What `read_survey` gives back: the answers, and the report on them."""

    answers: pd.DataFrame
    report: SurveyReport
