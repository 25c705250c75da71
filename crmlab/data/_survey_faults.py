"""Faults of a survey: counted, and what is refused raised together."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from crmlab.data._faults import fault
from crmlab.data._survey_rows import Rows
from crmlab.data._survey_scales import Scale
from crmlab.data.report import Fault
from crmlab.errors import BadRowsError


class Faults:
    """Faults as they are found; what is refused is raised together at the end."""

    def __init__(self, files: list[Rows], where: list[tuple[str, int]]) -> None:
        self.faults: list[Fault] = []
        self._where, self._several = where, len(files) > 1
        self._lines: list[str] = []
        self._tables: list[pd.DataFrame] = []

    def add_cells(
        self,
        kind: str,
        cells: list[tuple[int, str, str]],
        treatment: str,
        scales: Mapping[str, Scale],
    ) -> None:
        """Add answers that are none, by file."""
        codes = sorted({text for _, _, text in cells if re.fullmatch(r"-?\d+", text)})
        remedy = "mend them, say the right scale=, or drop them with unreadable='drop'"
        if codes:
            shown = ", ".join(codes[:5])
            remedy = f'if they mean "don\'t know", say dont_know=[{shown}]; or {remedy}'
        at = sorted({row for row, _, _ in cells})
        written = {row: f"{item}: {text}" for row, item, text in cells[::-1]}
        ends = sorted({f"{low}-{high}" for low, high in scales.values()})
        self._add(kind, at, treatment, [written[row] for row in at],
                  f"not on {' or '.join(ends)}; {remedy}")  # fmt: skip
        if treatment == "refuse" and cells:
            rows = [(*self._where[row], item, text) for row, item, text in sorted(cells)]
            self._tables.append(pd.DataFrame(rows, columns=["file", "row", "item", "written"]))

    def add_torn(self, torn: list[tuple[str, int, str]], treatment: str) -> None:
        """Add rows with too many cells."""
        if not torn:
            return
        numbers = [number for _, number, _ in torn]
        self.faults.append(
            fault("torn row", treatment, np.array(numbers), [text for *_, text in torn])
        )
        if treatment == "refuse":
            self._lines.append(
                f"{len(torn)} row(s) with more cells than column names: {numbers[:10]}. Remedy: "
                "quote answers that hold the separator, or drop the rows with unreadable='drop'."
            )
            rows = [(name, number, "", text) for name, number, text in torn]
            self._tables.append(pd.DataFrame(rows, columns=["file", "row", "item", "written"]))

    def add_rows(
        self, kind: str, rows: list[int], treatment: str, samples: Sequence[str] = ()
    ) -> None:
        """Add whole rows of one kind."""
        argument = {"duplicate": "duplicates", "no answers": "no_answers"}.get(kind, "")
        self._add(kind, rows, treatment, samples, f"{argument}='keep' or 'drop'")
        if treatment == "refuse" and rows:
            table = [(*self._where[row], "", kind) for row in rows]
            self._tables.append(pd.DataFrame(table, columns=["file", "row", "item", "written"]))

    def _add(
        self, kind: str, rows: list[int], treatment: str, samples: Sequence[str], remedy: str
    ) -> None:
        by_file: dict[str, list[int]] = {}
        for row in rows:
            name, number = self._where[row]
            by_file.setdefault(name if self._several else "", []).append(number)
        for name, numbers in by_file.items():
            said = f"{kind} in {name}" if name else kind
            self.faults.append(fault(said, treatment, np.array(numbers), samples))
            if treatment == "refuse":
                shown = f", such as {', '.join(samples[:3])}" if samples else ""
                self._lines.append(
                    f"{len(numbers)} row(s) with {said}: {numbers[:10]}{shown}. Remedy: {remedy}."
                )

    def settle(self) -> None:
        """Raise BadRowsError for all that is refused."""
        if not self._lines:
            return
        error = BadRowsError(
            "the survey has rows that cannot be used.\n" + "\n".join(self._lines) + "\nEvery one "
            "is in the error's frame: except CrmlabError as error: error.table"
        )
        error.table = pd.concat(self._tables, ignore_index=True)
        raise error
