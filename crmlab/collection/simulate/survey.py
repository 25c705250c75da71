"""A survey of people whose true answers are known, with what makes answers wrong."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np
import pandas as pd
from scipy.special import ndtr

from crmlab._checks import Rng, Seed, require_at_least, stream_of
from crmlab._shapes import Simulated
from crmlab.collection.methods import (
    AGE_POINTS,
    MEAN,
    POPULATION_MARGINS,
    SPREAD,
    SurveyMethod,
    method_of,
)
from crmlab.collection.problems import Problem, problems_of

PLAIN = SurveyMethod("plain", "简单", cost_per_answer=50, response=0.5)


def simulate_survey(
    n: int,
    *,
    method: str | SurveyMethod = PLAIN,
    problems: Iterable[str | Problem] = (),
    remedies: Iterable[str] = (),
    seed: Seed,
) -> Simulated:
    """Simulate a survey of `n` invited people: who answers, what they say, and what is true.

    Model
    -----
    Age band, gender and city have the shares of `POPULATION_MARGINS`. The true score is
        y = 60 - 5, + 0 or + 5 points by age band + 12 z,   z ~ N(0, 1).
    A person answers with probability Phi(a[age band] + b z); the a rise by `by_age` from band to
    band and are such that reach * response of all people answer; b is `by_score`. Their answer is
    y + `mode` + a draw N(0, 144 rho / (1 - rho)) that all of one interviewer share. Then each
    problem befalls it, in the order of `SURVEY_PROBLEMS`, as its `kind` says. A remedy leaves
    `left` of its problem, adds noise N(0, noise^2), and loses the share `lost` of the answers.
    `law_of` holds bias, variance and cost of the mean in closed form. With b = 0 and no problem,
    the bias is what age alone does, and weighting by age mends it; with b > 0 nothing seen does.

    Parameters
    ----------
    n : int
        People invited, at least 1.
    method : str or SurveyMethod
        One of `SURVEY_METHODS` by name, or numbers of your own; by default nobody is readier to
        answer than others, half do, and nobody's answer is changed.
    problems : names in `SURVEY_PROBLEMS`, or Problem of your own
    remedies : names of problems among `problems` that are remedied, or of their remedies
    seed : int, SeedSequence or Generator

    Returns
    -------
    data : DataFrame, one row per person invited
        person_id : int64
        age_band, gender, city : str
        interviewer : int64, from 1, 0 where there is no answer
        position : float64 in (0, 1), how late in the interviewer's work, missing without answer
        answer : float64, points, missing where there is none
    truth : DataFrame, one row per person, keyed like `data`
        person_id : int64
        score : float64, the true one
        one column per step, float64: how many points it moved the answer ("method", then the
            problems by name, but for those of who answers), 0 where there is none; score plus these
            is the answer

    Raises
    ------
    OutOfRangeError
        If `n` is below 1 or nobody can answer as the method says.
    UnknownNameError
        If there is no such method or problem, or a remedy is for none of the problems.

    See Also
    --------
    crmlab.collection.measure.bias_audit : what each problem did.

    Examples
    --------
    >>> data, truth = simulate_survey(2_000, problems=["lying"], seed=1)
    >>> float(round(truth["lying"][data["answer"].notna()].mean(), 1))
    2.4
    """
    require_at_least("n", n, 1)
    method = method_of(method)
    used = problems_of(problems, remedies)
    rng = stream_of(seed, "simulate_survey")

    groups = {
        name: rng.choice(len(shares), n, p=[*shares.values()])
        for name, shares in POPULATION_MARGINS.items()
    }
    z = rng.standard_normal(n)
    score = MEAN + np.array([*AGE_POINTS.values()])[groups["age_band"]] + SPREAD * z
    tilt = sum((one.remedied() if mended else one).points for one, mended in used
               if one.kind == "selected")  # fmt: skip
    level, by_score = method.readiness(method.by_score + tilt)
    answers = rng.random(n) < ndtr(level[groups["age_band"]] + by_score * z)
    for one, mended in used:
        answers &= rng.random(n) >= one.lost * mended

    interviewer, position = _work(rng, answers, method.workload)
    moves: dict[str, np.ndarray] = {}
    shared = SPREAD * np.sqrt(method.rho / (1 - method.rho))
    moves["method"] = method.mode + _of_interviewers(rng, interviewer, 0, shared)
    said = score + moves["method"]
    for one, mended in used:
        if one.kind == "selected":
            continue  # it moved nobody's answer, only who gives one
        new = _befallen(rng, one.remedied() if mended else one, said, interviewer, position)
        if mended and one.noise:
            new = new + rng.normal(0, one.noise, n)
        moves[one.name], said = new - said, new
    for name in moves:
        moves[name] = np.where(answers, moves[name], 0.0)
    person = np.arange(1, n + 1)
    data: dict[str, Any] = {"person_id": person}
    for name, shares in POPULATION_MARGINS.items():
        data[name] = pd.Series(np.array([*shares])[groups[name]], dtype="str")
    data["interviewer"] = interviewer
    data["position"] = position
    data["answer"] = np.where(answers, said, np.nan)
    truth = {"person_id": person, "score": score, **moves}
    return Simulated(pd.DataFrame(data), pd.DataFrame(truth))


def _work(rng: Rng, answers: np.ndarray, workload: int) -> tuple[np.ndarray, np.ndarray]:
    """Return who interviewed each person, in random order, and how late in their work."""
    rows = rng.permutation(np.flatnonzero(answers))
    interviewer = np.zeros(len(answers), dtype=np.int64)
    position = np.full(len(answers), np.nan)
    at = np.arange(len(rows))
    interviewer[rows] = at // workload + 1
    size = np.minimum(workload, len(rows) - at // workload * workload)
    position[rows] = (at % workload + 0.5) / size
    return interviewer, position


def _of_interviewers(rng: Rng, interviewer: np.ndarray, middle: float, spread: float) -> np.ndarray:
    """Return for each answer what its interviewer adds to all of theirs."""
    return rng.normal(middle, spread, interviewer.max(initial=0) + 1)[interviewer]


def _befallen(
    rng: Rng, one: Problem, said: np.ndarray, interviewer: np.ndarray, position: np.ndarray
) -> np.ndarray:
    """Return what becomes of the answers once a problem has befallen them."""
    n = len(said)
    hit = rng.random(n) < one.share
    if one.kind == "replaced":
        return np.where(hit, rng.normal(one.points, one.spread, n), said)
    if one.kind == "shifted":
        return said + hit * one.points
    if one.kind == "turned":
        return np.where(hit, 100 - said, said)
    if one.kind == "by interviewer":
        return said + _of_interviewers(rng, interviewer, one.points, one.spread)
    return said + one.points * np.nan_to_num(position)  # late
