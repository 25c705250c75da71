"""A survey before anybody is asked: six steps in order, and a plan of eight elements."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from numbers import Real

import pandas as pd

from crmlab._checks import require_kind, require_one_of
from crmlab._words import N_
from crmlab.collection.methods import SurveyMethod, method_of
from crmlab.errors import OutOfRangeError, UnknownNameError

__all__ = ["SURVEY_STEPS", "SurveyPlan", "SurveyProcess"]

SURVEY_STEPS = {
    N_("background"): "背景与领导面谈",
    N_("overall design"): "总体设计",
    N_("instruments"): "工具（问卷等）",
    N_("fieldwork"): "实施",
    N_("data processing"): "数据处理",
    N_("report"): "报告",
}


class SurveyProcess:
    """The six steps of a survey (调查程序), which are taken in order.

    A step taken too early is refused, with the ones that lack: who writes the report before the
    design has found what was wished for.

    Attributes
    ----------
    done : list of str

    Examples
    --------
    >>> survey = SurveyProcess().take("background").take("overall design")
    >>> survey.next
    'instruments'
    """

    def __init__(self) -> None:
        self.done: list[str] = []

    @property
    def next(self) -> str | None:
        """Return the step that comes now, None at the end."""
        return [*SURVEY_STEPS, None][len(self.done)]

    def take(self, step: str) -> SurveyProcess:
        """Take a step; return the process.

        Raises
        ------
        UnknownNameError
            If there is no such step.
        OutOfRangeError
            If it was taken already, or others come first.
        """
        require_one_of("step", step, SURVEY_STEPS)
        if step in self.done:
            raise OutOfRangeError(f"{step!r} was taken already; {self.next!r} comes now.")
        lacking = [*SURVEY_STEPS][len(self.done) : [*SURVEY_STEPS].index(step)]
        if lacking:
            raise OutOfRangeError(
                f"{step!r} comes too early: {lacking} come first. Take {lacking[0]!r} now."
            )
        self.done.append(step)
        return self


@dataclass(frozen=True)
class SurveyPlan:
    """A plan (调研计划书) of eight elements; one that lacks is refused by name.

    purpose : str, the question that a decision hangs on
    content : str, what is asked
    method : name in `SURVEY_METHODS`, or SurveyMethod
    respondents : int, answers wanted
    quality_control : str, how it is seen to that interviews took place and answers are true
    budget : float, yuan
    schedule : dict from each of the six steps to (first week, weeks)
    staffing : int, people in the field
    remarks : str

    Method and respondents are one element of the eight. A plan also has to add up: the method must
    be able to say how many, the budget must pay for the answers, and the steps must begin in order.

    Raises
    ------
    OutOfRangeError
        When an element is missing, or the plan does not add up; all that is wrong is told at once.

    Examples
    --------
    >>> weeks = {"background": (1, 1), "overall design": (2, 1), "instruments": (3, 2),
    ...     "fieldwork": (5, 3), "data processing": (8, 1), "report": (9, 1)}
    >>> plan = SurveyPlan(purpose="Do members stay?", content="twelve statements",
    ...     method="face to face", respondents=200, quality_control="call back one in ten",
    ...     budget=25_000, schedule=weeks, staffing=8, remarks="none")
    >>> plan.timeline().tail(1)[["step", "begins", "ends"]]
         step  begins  ends
    5  report       9     9
    """

    purpose: str = ""
    content: str = ""
    method: str | SurveyMethod = ""
    respondents: int = 0
    quality_control: str = ""
    budget: float = 0.0
    schedule: Mapping[str, tuple[int, int]] = field(default_factory=dict)
    staffing: int = 0
    remarks: str = ""

    def __post_init__(self) -> None:
        empty = [each.name for each in fields(self) if not getattr(self, each.name)]
        blank = [
            name for name in ("purpose", "content", "quality_control", "remarks")
            if name not in empty and not str(getattr(self, name)).strip()
        ]  # fmt: skip
        wrong = [f"{name} is missing" for name in (*empty, *blank)]
        if not wrong:
            wrong = self._contradictions()
        if wrong:
            raise OutOfRangeError(
                f"this is no plan yet: {'; '.join(wrong)}. A plan says purpose, content, method "
                "and respondents, quality control, budget, schedule, staffing and remarks ('none' "
                "will do)."
            )

    def _contradictions(self) -> list[str]:
        """Return what does not add up, as sentences."""
        try:
            method = method_of(self.method)
        except UnknownNameError as error:
            return [str(error).rstrip(".")]
        require_kind("schedule", self.schedule, Mapping, "a dict from step to (first week, weeks)")
        wrong = [
            f"{name} must be a number above 0, and is {value!r}"
            for name in ("respondents", "budget", "staffing")
            for value in [getattr(self, name)]
            if not isinstance(value, Real) or not float(value) > 0
        ]
        if wrong:
            return wrong
        if not method.estimates_proportions:
            wrong.append(
                f"a {method.name} cannot say how many, so {self.respondents} respondents are no "
                "sample; name another method for the numbers"
            )
        cost = method.fixed_cost + method.cost_of_an_answer * self.respondents
        if cost > self.budget:
            wrong.append(
                f"{self.respondents} answers by {method.name} cost {cost:,.0f} yuan, and the "
                f"budget is {self.budget:,.0f}"
            )
        missing = [step for step in SURVEY_STEPS if step not in self.schedule]
        strange = [step for step in self.schedule if step not in SURVEY_STEPS]
        if missing or strange:
            return [*wrong, f"the schedule lacks {missing} and has {strange}"]
        empty = [step for step in SURVEY_STEPS if not min(self.schedule[step]) >= 1]
        if empty:
            return [*wrong, f"{empty} take less than a week, or begin before the first"]
        late = [
            f"{step!r} begins before {before!r}"
            for before, step in zip(SURVEY_STEPS, [*SURVEY_STEPS][1:], strict=False)
            if self.schedule[step][0] < self.schedule[before][0]
        ]
        return wrong + late

    def timeline(self) -> pd.DataFrame:
        """Return when each step begins and ends: step : str; begins, ends, weeks : int64."""
        rows = [
            (step, self.schedule[step][0], sum(self.schedule[step]) - 1, self.schedule[step][1])
            for step in SURVEY_STEPS
        ]
        table = pd.DataFrame(rows, columns=["step", "begins", "ends", "weeks"])
        return table.astype({"step": "str"})
