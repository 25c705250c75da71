"""The twelve things that make an answer wrong, their remedies, and what these cost."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from math import sqrt

from crmlab._checks import require_list, require_real
from crmlab._words import N_
from crmlab.collection.methods import MEAN, SPREAD, SurveyMethod, method_of
from crmlab.errors import OutOfRangeError, UnknownNameError

__all__ = ["SURVEY_PROBLEMS", "Law", "Problem", "law_of"]

KINDS = ("selected", "replaced", "shifted", "turned", "by interviewer", "late")


@dataclass(frozen=True)
class Problem:
    """One thing that makes answers wrong, and the remedy with its price.

    name : str; whose : "respondent" or "interviewer"; deliberate : bool
    kind : what becomes of an answer of x points
        "selected"        who is a deviation more satisfied is `points` probits readier to answer
        "replaced"        a share is replaced by draws around `points`, standard deviation `spread`
        "shifted"         a share is shifted by `points`
        "turned"          a share becomes 100 - x
        "by interviewer"  shifted by a draw per interviewer, around `points`, deviation `spread`
        "late"            shifted by up to `points`, the more the later in the day
    share, points, spread : float
    remedy : str; left : share of the problem that is left with the remedy
    cost_fixed, cost_per_answer : yuan for the remedy
    lost : share of the answers that the remedy costs
    noise : standard deviation in points that the remedy adds to an answer
    """

    name: str
    whose: str
    deliberate: bool
    kind: str
    share: float
    points: float
    spread: float
    remedy: str
    left: float
    cost_fixed: float = 0.0
    cost_per_answer: float = 0.0
    lost: float = 0.0
    noise: float = 0.0

    def __post_init__(self) -> None:
        if self.kind not in KINDS:
            raise UnknownNameError.among("kind of problem", self.kind, KINDS)
        for name in ("share", "left", "lost"):
            if not 0 <= getattr(self, name) <= 1:
                raise OutOfRangeError(f"{name} must be a share; got {getattr(self, name)!r}.")

    def remedied(self) -> Problem:
        """Return what is left of the problem once its remedy is used."""
        if self.kind in ("replaced", "shifted", "turned"):
            return replace(self, share=self.share * self.left)
        return replace(self, points=self.points * self.left, spread=self.spread * self.left)


_R, _I = "respondent", "interviewer"
_TWELVE = (
    Problem(N_("lying"), _R, True, "shifted", 0.4, 6, 0, N_("anonymity"), 0.3, 500, 4, noise=4),
    Problem(N_("non-response"), _R, True, "selected", 0, 0.5, 0, N_("incentives"), 0.3, 0, 30),
    Problem(
        N_("misunderstanding"), _R, False, "turned", 0.08, 0, 0, N_("careful design"), 0.25, 4_000
    ),
    Problem(
        N_("guessing"), _R, False, "replaced", 0.15, 50, 15, N_("direct questions"), 0.3, 1_500
    ),
    Problem(
        N_("distraction"), _R, False, "replaced", 0.12, 50, 20, N_("option 'not sure'"), 0.1, 300,
        lost=0.11,
    ),
    Problem(
        N_("tired respondents"), _R, False, "shifted", 1, 3, 0, N_("reversed scale ends"), 0, 300,
        1, noise=5,
    ),
    Problem(
        N_("personal characteristics"), _I, False, "by interviewer", 1, 1.5, 2.5,
        N_("selection and training"), 0.4, 3_000,
    ),
    Problem(N_("leading"), _I, True, "shifted", 0.3, 6, 0, N_("validation call-back"), 0.3, 0, 8),
    Problem(N_("tired interviewers"), _I, False, "late", 1, -4, 0, N_("breaks"), 0.4, 0, 10),
    Problem(
        N_("interviewers' misunderstanding"), _I, False, "replaced", 0.1, 45, 12,
        N_("practice and role-play"), 0.25, 2_500,
    ),
    Problem(
        N_("carelessness"), _I, True, "replaced", 0.15, 50, 12,
        N_("replacement and over-sampling"), 0.2, 500, 15,
    ),
    Problem(N_("cheating"), _I, True, "replaced", 0.1, 75, 4, N_("supervision"), 0.15, 2_000, 3),
)  # fmt: skip
# In the order in which they befall an answer.
SURVEY_PROBLEMS = {one.name: one for one in _TWELVE}


def problems_of(
    problems: Iterable[str | Problem], remedies: Iterable[str]
) -> list[tuple[Problem, bool]]:
    """Return each problem, in the order in which they befall, and whether it is remedied."""
    require_list("problems", problems, "['lying', 'cheating']")
    require_list("remedies", remedies, "['lying'], the problems that are remedied")
    known: dict[str, Problem] = {}
    for one in problems:
        if not isinstance(one, Problem) and one not in SURVEY_PROBLEMS:
            raise UnknownNameError.among("problem", one, SURVEY_PROBLEMS)
        made = one if isinstance(one, Problem) else SURVEY_PROBLEMS[one]
        known[made.name] = made
    by_remedy = {one.remedy: name for name, one in known.items()}
    chosen = {by_remedy.get(one, one) for one in remedies}
    for one in sorted(chosen, key=str):
        if one not in known:
            raise UnknownNameError.among("problem that could be remedied", one, known)
    place = {name: at for at, name in enumerate(SURVEY_PROBLEMS)}
    order = sorted(known.values(), key=lambda one: place.get(one.name, -1))
    order.sort(key=lambda one: one.kind != "selected")
    return [(one, one.name in chosen) for one in order]


@dataclass(frozen=True)
class Law:
    """What a survey's mean is expected to be: the closed form of `simulate_survey`.

    truth, mean : points; effects : what the choice of people, the method and each problem adds
    variance : of one answer; between : of the interviewers' means
    answers : how many; cost : yuan
    """

    truth: float
    mean: float
    effects: tuple[float, ...]
    variance: float
    between: float
    answers: float
    workload: int
    cost: float

    @property
    def bias(self) -> float:
        """Return mean less truth, in points."""
        return self.mean - self.truth

    @property
    def standard_error(self) -> float:
        """Return the standard error of the mean, with what interviewers have in common."""
        return sqrt((self.variance + self.workload * self.between) / self.answers)

    @property
    def rmse(self) -> float:
        """Return the root of squared bias plus variance, in points."""
        return sqrt(self.bias**2 + self.standard_error**2)

    @property
    def rmse_unsigned(self) -> float:
        """Return the same where only the sizes of the effects are known, and not their signs.

        With signs drawn at random, the square of their sum is the sum of their squares on average:
        no effect is hoped to cancel another.
        """
        return sqrt(sum(effect**2 for effect in self.effects) + self.standard_error**2)


def law_of(
    method: str | SurveyMethod,
    problems: Iterable[str | Problem] = (),
    *,
    remedies: Iterable[str] = (),
    answers: float = 0.0,
    budget: float = 0.0,
) -> Law:
    """Return what to expect of a survey of so many answers, or of so many as a budget pays.

    Parameters
    ----------
    method : str or SurveyMethod
    problems, remedies : as `simulate_survey` takes them
    answers : float, or
    budget : float, yuan

    Returns
    -------
    Law
        Bias, standard error and cost of the mean, in closed form.

    Raises
    ------
    UnknownNameError
        If there is no such method or problem.
    OutOfRangeError
        If neither or both of answers and budget are given, or the money pays for no answer.

    Examples
    --------
    >>> law = law_of("face to face", ["lying"], answers=200)
    >>> round(law.bias, 1), round(law.standard_error, 1), round(law.cost)
    (3.8, 1.2, 19556)
    """
    require_real(answers=answers, budget=budget)
    if (answers > 0) == (budget > 0):
        raise OutOfRangeError("say either answers=, how many, or budget=, yuan; above 0.")
    method = method_of(method)
    used = problems_of(problems, remedies)
    now = [one.remedied() if mended else one for one, mended in used]
    tilt = method.by_score + sum(one.points for one in now if one.kind == "selected")
    mean, variance = method.selected(tilt)
    between = method.rho / (1 - method.rho) * SPREAD**2
    effects = [mean - MEAN, method.mode]
    mean += method.mode
    for one, (before, mended) in zip(now, used, strict=True):
        p, c, was = one.share, one.points, mean
        if one.kind == "replaced":
            variance = (1 - p) * variance + p * one.spread**2 + p * (1 - p) * (mean - c) ** 2
            variance += p * (1 - p) * between
            between *= (1 - p) ** 2
            mean = (1 - p) * mean + p * c
        elif one.kind == "turned":
            variance += p * (1 - p) * ((100 - 2 * mean) ** 2 + 4 * between)
            between *= (1 - 2 * p) ** 2
            mean = (1 - p) * mean + p * (100 - mean)
        elif one.kind == "shifted":
            variance += p * (1 - p) * c**2
            mean += p * c
        elif one.kind == "by interviewer":
            between += one.spread**2
            mean += c
        elif one.kind == "late":
            variance += c**2 / 12
            mean += c / 2
        variance += before.noise**2 * mended
        effects.append(mean - was)
    kept, each, fixed = 1.0, method.cost_of_an_answer, method.fixed_cost
    for one, mended in used:
        kept *= 1 - one.lost * mended
        each += one.cost_per_answer * mended
        fixed += one.cost_fixed * mended
    if budget:
        answers = max((budget - fixed) / each, 0) * kept
    if answers < 1:
        raise OutOfRangeError(
            f"{budget:,.0f} yuan pay for no answer: {fixed:,.0f} are spent before the first one, "
            f"which costs {each:,.0f} more. Take fewer remedies, or another method."
        )
    cost = fixed + each * answers / kept
    return Law(MEAN, mean, tuple(effects), variance, between, answers, method.workload, cost)
