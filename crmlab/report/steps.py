"""The steps of an honest project, ticked by what was done."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd

from crmlab._words import _
from crmlab.report.findings import Finding


@dataclass(frozen=True)
class Told:
    """All that a project has said and found.

    promised : question, decision, measure, smallest_effect; empty before the promise
    basis : by what right the data are used
    untold : the question that cannot be answered, and why; empty without one
    said : paragraphs, with the names of numbers in braces
    forecasts : low and high end, by name
    first, holdout_from, last : days
    """

    title: str
    promised: Mapping[str, str]
    basis: str
    untold: tuple[str, ...]
    said: tuple[str, ...]
    findings: Mapping[str, Finding]
    forecasts: Mapping[str, tuple[float, float]]
    first: pd.Timestamp
    holdout_from: pd.Timestamp
    last: pd.Timestamp

    @property
    def verdict(self) -> str:
        """The promised outcome beside the interval in which it was expected, "" without one."""
        measure = self.promised.get("measure", "")
        came = self.findings.get(f"{measure}_outcome")
        if came is None:
            return ""
        low, high = self.forecasts[measure]
        held = _("inside") if low <= came.value <= high else _("outside")
        ends = {"low": format(low, came.form), "high": format(high, came.form)}
        return _("{outcome}, {held} {low} to {high}").format(outcome=came, held=held, **ends)


def checklist(told: Told) -> pd.DataFrame:
    """Return a row per step: step, done, and why."""
    found = [*told.findings.values()]
    thin = ", ".join(one.name for one in found if one.is_thin)
    windows = {(one.first, one.last) for one in found if not one.opened}
    many = f"{len(windows)}" if len(windows) > 1 else ""
    measure = told.promised.get("measure", "")
    outcome = f"{{{measure}_outcome}}"
    day = str(told.holdout_from.date())
    rows = [
        (_("Promised before the first number"), bool(told.promised), ""),
        (_("A right to use the data is named"), bool(told.basis), told.basis),
        (_("No number looks behind the lock"), bool(found), day),
        (_("One window for what is compared"), len(windows) == 1, many),
        (_("Every share has a base that carries it"), bool(found) and not thin, thin),
        (_("Forecast before the lock was opened"), measure in told.forecasts, measure),
        (_("The outcome is set beside the forecast"), bool(told.verdict), told.verdict),
        (_("A question is named that the data cannot answer"), bool(told.untold), ""),
        (_("The text tells the promised outcome"), outcome in "".join(told.said), ""),
    ]
    frame = pd.DataFrame(rows, columns=["step", "done", "why"])
    return frame.astype({"step": "str", "done": "bool", "why": "str"})
