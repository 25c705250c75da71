"""How many to ask, when to stop, and whether a survey kept the five cautions."""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil
from statistics import NormalDist

import numpy as np
import pandas as pd
from scipy.stats import t

from crmlab._checks import (
    require_at_least,
    require_columns,
    require_kind,
    require_numbers,
    require_one_of,
    require_positive,
    require_probability,
    require_real,
    require_rows,
    require_values,
)
from crmlab._purchases import plain_values
from crmlab._words import N_
from crmlab.collection.methods import method_of
from crmlab.collection.plan import SurveyPlan
from crmlab.errors import OutOfRangeError

CAUTIONS = {
    N_("clear purpose"): "目的明确",
    N_("accurate question"): "问题准确",
    N_("scientific method"): "方法科学",
    N_("sound questionnaire"): "问卷合理",
    N_("true results"): "结果真实",
}


@dataclass(frozen=True)
class SampleSize:
    """How many answers it takes, and how many people must be invited for them."""

    answers: int
    invitations: int


def sample_size(
    margin: float,
    *,
    share: float = 0.5,
    deviation: float | None = None,
    confidence: float = 0.95,
    population: int | None = None,
    design_effect: float = 1.0,
    response: float = 1.0,
) -> SampleSize:
    """Answers needed for an interval of plus or minus `margin`.

    Parameters
    ----------
    margin : float above 0, in the units of the answer (a share for a share)
    share : float in (0, 1), what is expected; .5 is the most that is ever needed
    deviation : float, optional: of a number that is no share
    confidence : float in (0, 1)
    population : int, optional: how many people there are, if not many more than are asked
    design_effect : float, 1 or more: of weights, interviewers or a protected question
    response : float in (0, 1]

    Returns
    -------
    SampleSize
        z^2 variance / margin^2, n / (1 + (n - 1) / population), times the design effect.

    Raises
    ------
    OutOfRangeError
        If `margin` or `deviation` is not above 0, `share` or `confidence` lies outside (0, 1),
        `response` outside (0, 1], `design_effect` or `population` is below 1, or more people must
        be invited than there are.

    Source
    ------
    Cochran (1977), Sampling Techniques, chapter 4.

    Examples
    --------
    >>> sample_size(0.05)
    SampleSize(answers=385, invitations=385)
    >>> sample_size(0.05, population=1_000, response=0.5)
    SampleSize(answers=278, invitations=556)
    """
    require_real(share=share, design_effect=design_effect)
    require_positive("margin", margin)
    require_probability("response", response)
    require_probability("confidence", confidence)
    if confidence == 1 or not 0 < share < 1 or not 1 <= design_effect < np.inf:
        raise OutOfRangeError(
            "confidence must be below 1, share lie in (0, 1), and design_effect be 1 or more; got "
            f"{confidence!r}, {share!r} and {design_effect!r}."
        )
    if deviation is not None:
        require_positive("deviation", deviation)
    variance = share * (1 - share) if deviation is None else deviation**2
    n = NormalDist().inv_cdf((1 + confidence) / 2) ** 2 * variance / margin**2
    if population is not None:
        require_at_least("population", population, 1)
        n = n / (1 + (n - 1) / population) if n > 0 else n
    answers = max(ceil(n * design_effect - 1e-9), 1)
    invitations = ceil(answers / response - 1e-9)
    if population is not None and invitations > population:
        raise OutOfRangeError(
            f"{answers:,} answers take {invitations:,} invitations, and there are only "
            f"{population:,} people. Allow a wider margin, or bring more to answer."
        )
    return SampleSize(answers, invitations)


@dataclass(frozen=True)
class Stopping:
    """Where a rule stopped: after how many answers, and what was known then.

    stopped : whether the rule was met; else all answers were used
    """

    answers: int
    stopped: bool
    value: float
    low: float
    high: float


def stopping(
    values: pd.DataFrame,
    *,
    answer: str = "answer",
    rule: str = "width",
    margin: float | None = None,
    against: float | None = None,
    least: int = 50,
    every: int = 10,
) -> Stopping:
    """Where a survey stops if it is looked at every few answers, in the order they came in.

    Parameters
    ----------
    values : DataFrame, one row per answer, in the order they came in
        `answer` : number
    answer : str
        Column.
    rule : str
        "width": stop when the 95% interval is at most plus or minus `margin`, which says nothing
        about where it lies; answers all alike tell no width yet. "result": stop when it no longer
        holds `against`: that is looking until one likes what one sees, and it stops by luck far
        more often than one time in twenty.
    margin, against : float
        What the rule needs.
    least, every : int
        The first look is after `least` answers (2 or more), then after each `every`.

    Returns
    -------
    Stopping

    Raises
    ------
    MissingColumnsError, BadRowsError
        If the column or a value is missing.
    OutOfRangeError
        If what the rule needs is not there, or there are not `least` answers.

    Source
    ------
    Stopping by width: Chow and Robbins (1965), doi:10.1214/aoms/1177700156. By result: Armitage,
    McPherson and Rowe (1969), doi:10.2307/2343787.

    Examples
    --------
    >>> answers = pd.DataFrame({"answer": [4.0, 6.0] * 100})
    >>> stopping(answers, margin=0.25).answers
    70
    """
    require_one_of("rule", rule, ("width", "result"))
    require_columns(values, answer=answer)
    require_rows(values)
    require_values(values, answer)
    plain = pd.DataFrame({answer: plain_values(values[answer])})
    require_numbers(plain, answer)
    require_at_least("least", least, 2)
    require_at_least("every", every, 1)
    y = plain[answer].to_numpy("float64")
    require_at_least("the number of answers", len(y), least)
    if against is not None:
        require_real(against=against)
    if (margin if rule == "width" else against) is None:
        raise OutOfRangeError(
            "rule='width' needs margin=, how wide is narrow enough."
            if rule == "width"
            else "rule='result' needs against=, the value that should be left."
        )
    if rule == "width":
        require_positive("margin", margin or 0.0)
    looks = np.unique([*range(least, len(y) + 1, every), len(y)])
    total, squares = np.cumsum(y)[looks - 1], np.cumsum((y - y[0]) ** 2)[looks - 1]
    mean = total / looks
    variance = np.maximum(squares / looks - (mean - y[0]) ** 2, 0) * looks / (looks - 1)
    reach = t.ppf(0.975, looks - 1) * np.sqrt(variance / looks)
    # Answers all alike tell nothing of their spread yet.
    met = (
        (reach > 0) & (reach <= margin)
        if rule == "width"
        else np.abs(mean - (against or 0.0)) > reach
    )
    at = int(met.argmax()) if met.any() else len(looks) - 1
    low, high = float(mean[at] - reach[at]), float(mean[at] + reach[at])
    return Stopping(int(looks[at]), bool(met.any()), float(mean[at]), low, high)


def caution_score(
    plan: SurveyPlan,
    *,
    pilot: pd.DataFrame,
    checked: pd.DataFrame,
    signs: pd.DataFrame,
    response: float,
    least_response: float = 0.3,
    most_unsure: float = 0.1,
    most_flagged: float = 0.15,
    most_suspicion: float = 2.5,
) -> pd.DataFrame:
    """Whether a survey kept the five cautions, each by evidence and not by a tick.

    Parameters
    ----------
    plan : SurveyPlan
    pilot : DataFrame, one row per answer of a trial before the survey
        answer : number, missing for "don't know" and the like
    checked : DataFrame, as returned by `precheck`
        patterns : int64
    signs : DataFrame, as returned by `fabrication_signs`
        suspicion : float64
    response : float in (0, 1], share of the invited who answered
    least_response, most_unsure, most_flagged, most_suspicion : float
        From where on a caution is not kept.

    Returns
    -------
    DataFrame, one row per caution; the score is the sum of `kept`, from 0 to 5
        caution, evidence : str
        value, limit : float64
        kept : bool

    Raises
    ------
    MissingColumnsError
        If a column is missing.
    OutOfRangeError
        If `plan` is no SurveyPlan, a frame has no rows, or `response` lies outside (0, 1].

    Examples
    --------
    >>> from crmlab.collection import SURVEY_STEPS
    >>> weeks = {step: (week, 1) for week, step in enumerate(SURVEY_STEPS, 1)}
    >>> plan = SurveyPlan(purpose="Do members stay?", content="twelve statements",
    ...     method="face to face", respondents=200, quality_control="call back one in ten",
    ...     budget=25_000, schedule=weeks, staffing=8, remarks="none")
    >>> table = caution_score(plan, pilot=pd.DataFrame({"answer": [4, 5, None]}),
    ...     checked=pd.DataFrame({"patterns": [0, 0, 0, 1]}), response=0.6,
    ...     signs=pd.DataFrame({"suspicion": [0.4, 1.2]}))
    >>> int(table["kept"].sum()), table.loc[~table["kept"], "caution"].tolist()
    (3, ['accurate question', 'sound questionnaire'])
    """
    require_kind("plan", plan, SurveyPlan, "a SurveyPlan")
    require_columns(pilot, "answer")
    require_columns(checked, "patterns")
    require_columns(signs, "suspicion")
    for frame in (pilot, checked, signs):
        require_rows(frame)
    require_real(least_response=least_response, most_unsure=most_unsure)
    require_real(most_flagged=most_flagged, most_suspicion=most_suspicion)
    require_probability("response", response)
    method = method_of(plan.method)
    asks = plan.purpose.strip().endswith(("?", "？"))
    unsure = float(pilot["answer"].isna().mean())
    flagged = float((checked["patterns"] > 0).mean())
    suspicion = float(signs["suspicion"].max())
    rows = [
        ("clear purpose", "purpose is a question", float(asks), 1.0, asks),
        ("accurate question", "share who could not answer in the trial", unsure, most_unsure,
         unsure <= most_unsure),
        ("scientific method", "response, by a method that can say how many", response,
         least_response, response >= least_response and method.estimates_proportions),
        ("sound questionnaire", "share of questionnaires flagged", flagged, most_flagged,
         flagged <= most_flagged),
        ("true results", "most suspicious interviewer", suspicion, most_suspicion,
         suspicion <= most_suspicion),
    ]  # fmt: skip
    table = pd.DataFrame(rows, columns=["caution", "evidence", "value", "limit", "kept"])
    return table.astype({"caution": "str", "evidence": "str", "kept": "bool"})
