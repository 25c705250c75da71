"""The eight ways of asking, and the people who are asked: the numbers of the model."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from math import sqrt
from typing import Any

import numpy as np
from scipy.special import ndtr

from crmlab._checks import require_at_least, require_positive
from crmlab._words import N_
from crmlab.errors import OutOfRangeError, UnknownNameError

__all__ = ["POPULATION_MARGINS", "SURVEY_METHODS", "SurveyMethod"]

# Who is asked: a score of satisfaction in points, higher with age; shares of each group.
MEAN, SPREAD = 60.0, 12.0
AGE_POINTS = {"18-34": -5.0, "35-54": 0.0, "55+": 5.0}
POPULATION_MARGINS = {
    "age_band": {"18-34": 0.3, "35-54": 0.4, "55+": 0.3},
    "gender": {"f": 0.52, "m": 0.48},
    "city": {"Wuhan": 0.5, "Hangzhou": 0.3, "Chengdu": 0.2},
}
_SHARES = np.array([*POPULATION_MARGINS["age_band"].values()])
_POINTS = np.array([*AGE_POINTS.values()])
VARIANCE = SPREAD**2 + float(_SHARES @ _POINTS**2)
_STEPS = np.array([-1.0, 0.0, 1.0])


@dataclass(frozen=True)
class SurveyMethod:
    """How people are asked, what it costs, and how it misleads; all of it can be changed.

    name, chinese : str
    fixed_cost, cost_per_invitation, cost_per_answer : float, yuan
    reach : share of the people who can be reached so; response : share of those who then answer
    by_age : how much readier the next older age band is to answer, in probits
    by_score : how much readier those are who are one standard deviation more satisfied, in probits
    mode : points added to every answer, by who is listening or how it is asked
    rho : share of the variance that interviewers (or the group) make
    workload : answers per interviewer, or people in a group
    estimates_proportions : whether it can say how many; a focus group can only say why
    """

    name: str
    chinese: str
    fixed_cost: float = 0.0
    cost_per_invitation: float = 0.0
    cost_per_answer: float = 0.0
    reach: float = 1.0
    response: float = 0.5
    by_age: float = 0.0
    by_score: float = 0.0
    mode: float = 0.0
    rho: float = 0.0
    workload: int = 25
    estimates_proportions: bool = True

    def __post_init__(self) -> None:
        for name in ("reach", "response"):
            require_positive(name, getattr(self, name))
            if getattr(self, name) > 1:
                raise OutOfRangeError(f"{name} must be a share; got {getattr(self, name)!r}.")
        for name in ("fixed_cost", "cost_per_invitation", "cost_per_answer"):
            if not getattr(self, name) >= 0:
                raise OutOfRangeError(f"{name} must be 0 or more; got {getattr(self, name)!r}.")
        if not 0 <= self.rho < 1:
            raise OutOfRangeError(f"rho must lie in [0, 1); got {self.rho!r}.")
        require_at_least("workload", self.workload, 1)

    @property
    def cost_of_an_answer(self) -> float:
        """Return the yuan that one more answer costs, with the invitations in vain."""
        return self.cost_per_invitation / (self.reach * self.response) + self.cost_per_answer

    def readiness(self, by_score: float) -> tuple[np.ndarray, float]:
        """Return who answers: probits of each age band at the mean score, and per deviation.

        A person of age band g and z deviations above its mean answers with probability
        Phi(a[g] + b z); the a are such that `reach` times `response` of all people answer.
        """
        return _readiness(self.reach * self.response, self.by_age, by_score)

    def selected(self, by_score: float) -> tuple[float, float]:
        """Return mean and variance of the score among those who answer, in closed form."""
        a, b = self.readiness(by_score)
        scale = sqrt(1 + b * b)
        level = a / scale
        answer = ndtr(level)
        mills = np.exp(-(level**2) / 2) / sqrt(2 * np.pi) / answer
        mean = MEAN + _POINTS + SPREAD * (b / scale) * mills
        within = SPREAD**2 * (1 - (b / scale) ** 2 * mills * (mills + level))
        share = _SHARES * answer / (_SHARES * answer).sum()
        middle = float((share * mean).sum())
        return middle, float((share * (within + (mean - middle) ** 2)).sum())


@cache
def _readiness(share: float, by_age: float, by_score: float) -> tuple[np.ndarray, float]:
    if share == 1 and (by_age or by_score):
        raise OutOfRangeError(
            "everybody answers, so nobody can be readier than others. Set response below 1, or "
            "by_age and by_score to 0."
        )
    if share == 1:
        return np.full(3, np.inf), 0.0
    from scipy.optimize import brentq  # as in crmlab.credit.simulate.applicants

    scale = sqrt(1 + by_score**2)

    def surplus(a: float) -> float:
        return float((_SHARES * ndtr((a + by_age * _STEPS) / scale)).sum()) - share

    far = 10 * scale + abs(by_age)
    middle: Any = brentq(surplus, -far, far)
    return float(middle) + by_age * _STEPS, by_score


_EIGHT = (
    SurveyMethod(
        N_("focus group"), "焦点小组", 3_000, 20, 300, 0.9, 0.15, 0.0, 0.5, 1.0, 0.35, 8, False
    ),
    SurveyMethod(N_("telephone"), "电话", 1_000, 2, 25, 0.8, 0.25, 0.2, 0.15, 2.0, 0.02, 50),
    SurveyMethod(N_("mail"), "邮寄问卷", 500, 4, 4, 0.95, 0.12, 0.4, 0.1, 0.0, 0.0, 1),
    SurveyMethod(N_("face to face"), "面访", 2_000, 15, 60, 0.9, 0.6, 0.05, 0.03, 1.0, 0.03, 25),
    SurveyMethod(N_("drop-off"), "留置", 1_000, 12, 15, 0.85, 0.5, 0.1, 0.05, 0.5, 0.01, 40),
    SurveyMethod(N_("observation"), "观察", 500, 0, 12, 0.5, 0.99, -0.1, 0.2, -2.0, 0.03, 100),
    SurveyMethod(N_("online"), "网络", 300, 0.05, 0.5, 0.6, 0.05, -0.5, 0.3, 0.0, 0.0, 1),
    SurveyMethod(N_("experiment"), "实验", 4_000, 5, 40, 0.5, 0.5, -0.2, 0.1, 0.0, 0.0, 1),
)
SURVEY_METHODS = {one.name: one for one in _EIGHT}


def method_of(method: str | SurveyMethod) -> SurveyMethod:
    """Return a method by its name, or as it is."""
    if isinstance(method, SurveyMethod):
        return method
    if not isinstance(method, str) or method not in SURVEY_METHODS:
        raise UnknownNameError.among("survey method", method, SURVEY_METHODS)
    return SURVEY_METHODS[method]
