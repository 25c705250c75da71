"""What each problem did to an estimate, and which remedies are worth their price."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import combinations

import numpy as np
import pandas as pd

from crmlab._checks import (
    require_at_least,
    require_columns,
    require_kind,
    require_list,
    require_numbers,
    require_once,
    require_positive,
    require_rows,
    require_values,
)
from crmlab.collection.methods import SURVEY_METHODS, VARIANCE, SurveyMethod, method_of
from crmlab.collection.problems import Problem, law_of, problems_of
from crmlab.errors import BadRowsError, EmptyError, OutOfRangeError


def bias_audit(
    survey: pd.DataFrame,
    truth: pd.DataFrame,
    *,
    person: str = "person_id",
    answer: str = "answer",
    score: str = "score",
) -> pd.DataFrame:
    """From the truth to the estimate, step by step: how many points each problem added.

    Parameters
    ----------
    survey : DataFrame, one row per person invited
        `person`, and `answer`, a number or missing
    truth : DataFrame, one row per person
        `person`, `score` and, for each problem, a column of the points by which it moved answers
    person, answer, score : str
        Columns.

    Returns
    -------
    DataFrame, one row per step: "truth", "who answers", the problems, "estimate"
        step : str
        effect, standard_error : float64, points; mean of what the step did to each answer, and
            for "who answers" the difference between those who did and all; missing in the first
            and last row
        total : float64, points, after the step; the steps add up exactly

    Raises
    ------
    MissingColumnsError, BadRowsError
        If a column or a person is missing.
    EmptyError
        If nobody answered.

    See Also
    --------
    crmlab.collection.plot.plot_bias_audit : draws this frame as a waterfall.

    Examples
    --------
    >>> survey = pd.DataFrame({"person_id": [1, 2, 3], "answer": [70.0, 62.0, None]})
    >>> truth = pd.DataFrame({"person_id": [1, 2, 3], "score": [70.0, 60.0, 50.0],
    ...     "lying": [0.0, 2.0, 0.0]})
    >>> bias_audit(survey, truth)[["step", "effect", "total"]]
              step  effect  total
    0        truth     NaN   60.0
    1  who answers     5.0   65.0
    2        lying     1.0   66.0
    3     estimate     NaN   66.0
    """
    require_columns(survey, person=person, answer=answer)
    require_columns(truth, person=person, score=score)
    require_rows(survey)
    for frame, where in ((survey, "survey"), (truth, "truth")):
        require_values(frame, person)
        require_once(frame, person, f"the {where}")
    require_numbers(survey.dropna(subset=[answer]), answer)
    steps = [name for name in truth.columns if name not in (person, score)]
    require_values(truth, score, *steps)
    require_numbers(truth, score, *steps)
    known = truth.set_index(person)
    lacking = np.flatnonzero(~survey[person].isin(known.index).to_numpy())
    if lacking.size:
        raise BadRowsError(
            f"{lacking.size} row(s) of the survey have nobody in the truth: "
            f"{lacking[:10].tolist()}. Hand over the truth that came with this survey."
        )
    known = known.loc[survey[person]]
    said = survey[answer].to_numpy("float64")
    has = ~np.isnan(said)
    n = int(has.sum())
    if not n:
        raise EmptyError("nobody answered, so there is no estimate to take apart.")

    true = known[score].to_numpy("float64")
    moves = known[steps].to_numpy("float64")[has]
    # The difference between those who answer and all: the spread over the square root of n.
    error = true[has].std(ddof=1) / np.sqrt(n) * np.sqrt(1 - n / len(true)) if n > 1 else np.nan
    errors = moves.std(axis=0, ddof=1) / np.sqrt(n) if n > 1 else np.full(len(steps), np.nan)
    effect = [np.nan, true[has].mean() - true.mean(), *moves.mean(axis=0), np.nan]
    return pd.DataFrame(
        {
            "step": pd.Series(["truth", "who answers", *map(str, steps), "estimate"], dtype="str"),
            "effect": effect,
            "standard_error": [np.nan, error, *errors, np.nan],
            "total": true.mean() + np.nancumsum(effect),
        }
    )


def compare_methods(
    methods: Iterable[str | SurveyMethod] | None = None,
    *,
    budget: float | None = None,
    answers: dict[str, float] | None = None,
) -> pd.DataFrame:
    """How near the truth each way of asking comes, for the same money.

    Parameters
    ----------
    methods : names or SurveyMethod, by default all eight
    budget : float, yuan for each method
    answers : dict from name to a number of answers, in place of a budget

    Returns
    -------
    DataFrame, one row per method, nearest first
        method : str
        answers, cost : float64; cost in yuan
        bias, standard_error, rmse : float64, points; rmse**2 = bias**2 + standard_error**2
        worth_answers : float64, how many plain random answers without bias come as near
        estimates_proportions : bool, whether it can say how many; it is no use if it cannot

    Raises
    ------
    OutOfRangeError
        If neither or both of budget and answers are given, or the money pays for no answer.
    UnknownNameError
        If there is no such method.

    Source
    ------
    Squared bias plus variance for the same money: Groves (1989), Survey Errors and Survey Costs.
    What many biased answers are worth: Meng (2018), doi:10.1214/18-AOAS1161SF.

    Examples
    --------
    >>> found = compare_methods(answers={"online": 20_000, "face to face": 200})
    >>> found[["method", "rmse"]].round(1)
             method  rmse
    0  face to face   1.8
    1        online   4.5
    """
    if (budget is None) == (answers is None):
        raise OutOfRangeError(
            "say either budget=, yuan for each method, or answers={'online': 2000, …}."
        )
    if answers is not None:
        require_kind("answers", answers, dict, "a dict such as {'online': 2000}")
        methods = [*answers] if methods is None else methods
    if methods is not None:
        require_list("methods", methods, "['online', 'mail']")
    chosen = [method_of(one) for one in (SURVEY_METHODS if methods is None else methods)]
    if not chosen:
        raise EmptyError("there is no method to compare. Name some, or leave methods= out.")
    rows = []
    for one in chosen:
        if budget is not None:
            require_positive("budget", budget)
            law = law_of(one, budget=budget)
        else:
            many = (answers or {}).get(one.name)
            if many is None:
                raise OutOfRangeError(f"answers= does not say how many for {one.name!r}; add it.")
            require_positive(f"answers of {one.name!r}", many)
            law = law_of(one, answers=many)
        plain = VARIANCE / law.rmse**2
        rows.append(
            (one.name, law.answers, law.cost, law.bias, law.standard_error, law.rmse, plain,
             one.estimates_proportions)
        )  # fmt: skip
    names = ["method", "answers", "cost", "bias", "standard_error", "rmse", "worth_answers",
             "estimates_proportions"]  # fmt: skip
    table = pd.DataFrame(rows, columns=names).astype({"method": "str"})
    return table.sort_values(["rmse", "method"], ignore_index=True)


def remedy_plans(
    problems: Iterable[str | Problem],
    *,
    method: str | SurveyMethod,
    budget: float,
    signs_known: bool = False,
    top: int | None = None,
) -> pd.DataFrame:
    """Every choice of remedies within a budget, nearest to the truth first.

    A remedy costs money, and with it answers; some cost answers or noise besides. So not every
    remedy that lowers the bias brings the estimate nearer. Who plans knows how large the effects
    may be and seldom in which direction, so the order does not hope that one cancels another.

    Parameters
    ----------
    problems : names in `SURVEY_PROBLEMS`, or Problem of your own, up to 12
    method : str or SurveyMethod
    budget : float, yuan
    signs_known : bool
        Order by `rmse`, in which effects of opposite signs cancel.
    top : int, optional
        How many rows to return.

    Returns
    -------
    DataFrame, one row per choice, best first
        remedied : str, names of the problems, parted by commas, or "none"
        remedies, answers, cost, bias, standard_error, rmse : numbers, as `compare_methods`
        rmse_unsigned : float64, points; rmse if each effect's sign were drawn at random

    Raises
    ------
    OutOfRangeError
        If the budget is not above 0 or pays for no survey at all, or there are over 12 problems.
    UnknownNameError
        If there is no such method or problem.

    Examples
    --------
    >>> plans = remedy_plans(["lying", "misunderstanding"], method="face to face", budget=20_000)
    >>> plans[["remedied", "rmse"]].round(2).head(2)
                      remedied  rmse
    0  lying, misunderstanding  2.14
    1                    lying  1.27
    """
    require_positive("budget", budget)
    method = method_of(method)
    if not isinstance(problems, str):
        require_list("problems", problems, "['lying']")
    if top is not None:
        require_at_least("top", top, 1)
    given = [*problems] if not isinstance(problems, str) else problems
    names = [one.name for one, _mended in problems_of(given, ())]
    if len(names) > 12:
        raise OutOfRangeError(f"up to 12 problems can be weighed at once; got {len(names)}.")
    rows = []
    for size in range(len(names) + 1):
        for chosen in combinations(names, size):
            try:
                law = law_of(method, given, remedies=chosen, budget=budget)
            except OutOfRangeError:
                continue  # this choice alone is too dear
            rows.append((", ".join(chosen) or "none", size, law.answers, law.cost, law.bias,
                         law.standard_error, law.rmse, law.rmse_unsigned))  # fmt: skip
    if not rows:
        law_of(method, given, budget=budget)
    columns = ["remedied", "remedies", "answers", "cost", "bias", "standard_error", "rmse",
               "rmse_unsigned"]  # fmt: skip
    table = pd.DataFrame(rows, columns=columns).astype({"remedied": "str"})
    order = "rmse" if signs_known else "rmse_unsigned"
    table = table.sort_values([order, "remedies", "remedied"], ignore_index=True)
    return table if top is None else table.head(top)
