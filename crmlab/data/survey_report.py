"""What reading a survey found: how it was understood, and what was wrong with it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import pandas as pd

from crmlab._words import N_, _
from crmlab.data.report import Fault, FaultReport, Guess, left_out, listed, many, taken_from

__all__ = ["SurveyReport"]

_SHOWN = 6


@dataclass(frozen=True, eq=False)
class SurveyReport(FaultReport):
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
        return super().table.drop(columns="amount")

    def _headline(self) -> str:
        ends = sorted({*self.scales.values()})
        told = _("{questionnaires} of {items} on {scale}; read from {sources}")
        return told.format(
            questionnaires=many(self.rows, N_("questionnaire")),
            items=many(len(self.items), N_("item")),
            scale=_(" and ").join(f"{low}-{high}" for low, high in ends),
            sources=listed(self.sources),
        )

    def _understood(self) -> list[str]:
        shown = listed([*self.items[:_SHOWN], *(["…"] if len(self.items) > _SHOWN else [])])
        lines = [taken_from(self.columns)] if self.columns else []
        lines.append(_("items: {items}").format(items=shown))
        if self.reversed:
            lines.append(_("turned: {items}").format(items=listed(self.reversed)))
        return [*lines, *map(str, self.guesses), *left_out(self.blank_rows)]


class SurveyReading(NamedTuple):
    """What `read_survey` gives back: the answers, and the report on them."""

    answers: pd.DataFrame
    report: SurveyReport
