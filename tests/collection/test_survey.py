"""The survey lab: simulate_survey, its law, bias_audit, compare_methods and remedy_plans."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from crmlab.collection import (
    POPULATION_MARGINS,
    SURVEY_METHODS,
    SURVEY_PROBLEMS,
    Problem,
    SurveyMethod,
    bias_audit,
    compare_methods,
    interviewer_effect,
    law_of,
    remedy_plans,
    simulate_survey,
)
from crmlab.collection.simulate.survey import PLAIN
from crmlab.errors import BadRowsError, EmptyError, OutOfRangeError, UnknownNameError

EVERYBODY = replace(PLAIN, response=1.0)
INTERVIEWERS = [name for name, one in SURVEY_PROBLEMS.items() if one.whose == "interviewer"]
RESPONDENTS = [name for name, one in SURVEY_PROBLEMS.items() if one.whose == "respondent"]


def near_the_law(means, law, answers):
    """Whether the mean of many surveys' means is the law's, and their spread too."""
    n = len(means)
    assert np.mean(means) == pytest.approx(law.mean, abs=3.5 * np.std(means) / np.sqrt(n))
    assert np.std(means, ddof=1) == pytest.approx(law.standard_error, rel=3.5 / np.sqrt(2 * n))
    assert answers > 0


# by hand


def test_the_steps_of_an_audit_add_up_to_the_estimate():
    survey = pd.DataFrame({"person_id": [1, 2, 3], "answer": [70.0, 62.0, None]})
    truth = pd.DataFrame({"person_id": [3, 2, 1], "score": [50.0, 60, 70], "lying": [0.0, 2, 0]})
    audit = bias_audit(survey, truth)
    assert audit["step"].tolist() == ["truth", "who answers", "lying", "estimate"]
    assert audit["total"].tolist() == [60, 65, 66, 66]
    assert audit["effect"].tolist()[1:3] == [5, 1]


# the eight methods


@pytest.mark.curriculum("S21")
def test_of_eight_methods_the_focus_group_cannot_say_how_many_and_its_interval_shows_it():
    assert len(SURVEY_METHODS) == 8
    unfit = [name for name, one in SURVEY_METHODS.items() if not one.estimates_proportions]
    assert unfit == ["focus group"]
    held = {}
    for method in (replace(SURVEY_METHODS["focus group"], reach=1, response=0.5), PLAIN):
        inside = []
        for seed in range(500):
            survey, _ = simulate_survey(96, method=method, seed=seed)
            high = (survey["answer"].dropna() >= 60).to_numpy()
            inside.append(abs(high.mean() - 0.5) <= 1.96 * np.sqrt(0.25 / len(high)))
        held[method.name] = np.mean(inside)
    # As if they were a sample: the usual interval of a share holds far too seldom.
    assert held["focus group"] < 0.6
    # Shares of 48 come in steps, so that three errors of 500 worlds are taken on either side.
    assert held["plain"] == pytest.approx(0.95, abs=3.3 * np.sqrt(0.0475 / 500))


@pytest.mark.curriculum("S21")
@pytest.mark.parametrize("name", SURVEY_METHODS)
def test_bias_and_standard_error_of_each_method_are_those_of_its_law(name):
    method = SURVEY_METHODS[name]
    invited = int(300 / (method.reach * method.response))
    means, answers = [], []
    for seed in range(120):
        survey, _ = simulate_survey(invited, method=method, seed=seed)
        means.append(survey["answer"].mean())
        answers.append(survey["answer"].notna().sum())
    near_the_law(means, law_of(method, answers=float(np.mean(answers))), np.mean(answers))


@pytest.mark.curriculum("S21")
def test_a_large_biased_sample_loses_to_two_hundred_good_interviews():
    found = compare_methods(answers={"online": 20_000, "face to face": 200}).set_index("method")
    good, large = found.loc["face to face"], found.loc["online"]
    assert good["rmse"] < large["rmse"] / 2
    assert large["standard_error"] < good["standard_error"] / 10
    assert large["worth_answers"] < 10
    assert found["rmse"].to_numpy() ** 2 == pytest.approx(
        found["bias"] ** 2 + found["standard_error"] ** 2
    )
    # More money does not help what is biased.
    more = compare_methods(["online"], budget=1e6)["rmse"].iloc[0]
    assert more > 0.99 * large["rmse"]
    for seed in range(4):
        sizes = {"face to face": int(200 / 0.54), "online": int(20_000 / 0.03)}
        means = {
            name: simulate_survey(n, method=name, seed=seed).data["answer"].mean()
            for name, n in sizes.items()
        }
        assert abs(means["online"] - 60) > abs(means["face to face"] - 60)


def test_numbers_of_ones_own_change_the_comparison():
    better = replace(SURVEY_METHODS["online"], by_score=0.0, by_age=0.0)
    found = compare_methods([better, "face to face"], budget=20_000)
    assert found["method"].iloc[0] == "online"


# the twelve problems


def test_there_are_six_problems_on_each_side():
    assert (len(INTERVIEWERS), len(RESPONDENTS)) == (6, 6)
    deliberate = [sum(SURVEY_PROBLEMS[k].deliberate for k in side)
                  for side in (INTERVIEWERS, RESPONDENTS)]  # fmt: skip
    assert deliberate == [3, 2]


@pytest.mark.parametrize(
    "name",
    [
        *(pytest.param(name, marks=pytest.mark.curriculum("S24")) for name in INTERVIEWERS),
        *(pytest.param(name, marks=pytest.mark.curriculum("S25")) for name in RESPONDENTS),
    ],
)
def test_each_problem_biases_as_its_law_says_and_its_remedy_lowers_it_for_a_price(name):
    plain, mended = (
        law_of(PLAIN, [name], answers=250),
        law_of(PLAIN, [name], remedies=[name], answers=250),
    )
    assert abs(plain.bias) > 0.9
    assert abs(mended.bias) < abs(plain.bias) / 2
    # The price: money for the same answers, and for some answers or noise.
    assert mended.cost > plain.cost
    one = SURVEY_PROBLEMS[name]
    if one.noise:
        assert mended.standard_error > law_of(PLAIN, answers=250).standard_error
    for remedies, law in (((), plain), ([name], mended)):
        survey, truth = simulate_survey(30_000, problems=[name], remedies=remedies, seed=24)
        audit = bias_audit(survey, truth).set_index("step")
        effect = audit.loc["who answers" if one.kind == "selected" else name]
        shared = law.between * law.workload / survey["answer"].notna().sum()
        reach = 3.5 * np.hypot(effect["standard_error"], np.sqrt(shared))
        assert effect["effect"] == pytest.approx(law.bias, abs=reach)


@pytest.mark.curriculum("S25")
def test_with_all_problems_off_the_estimate_is_within_two_errors_as_often_as_it_should():
    inside = []
    for seed in range(500):
        answers = simulate_survey(300, seed=seed).data["answer"].dropna()
        inside.append(abs(answers.mean() - 60) <= 2 * answers.std() / np.sqrt(len(answers)))
    # 95.4% within 3.3 standard errors at 500.
    assert np.mean(inside) == pytest.approx(0.954, abs=3.3 * np.sqrt(0.954 * 0.046 / 500))


@pytest.mark.curriculum("S24")
@pytest.mark.curriculum("S25")
@pytest.mark.parametrize("mended", [False, True], ids=["none mended", "all mended"])
def test_all_twelve_together_are_as_their_law_says(mended):
    remedies = [*SURVEY_PROBLEMS] if mended else []
    means, answers = [], []
    for seed in range(150):
        survey, _ = simulate_survey(600, problems=SURVEY_PROBLEMS, remedies=remedies, seed=seed)
        means.append(survey["answer"].mean())
        answers.append(survey["answer"].notna().sum())
    law = law_of(PLAIN, SURVEY_PROBLEMS, remedies=remedies, answers=float(np.mean(answers)))
    near_the_law(means, law, np.mean(answers))


def test_the_audit_of_all_twelve_adds_up_exactly():
    survey, truth = simulate_survey(2_000, method="face to face", problems=SURVEY_PROBLEMS, seed=3)
    audit = bias_audit(survey, truth)
    assert audit["total"].iloc[-1] == pytest.approx(survey["answer"].mean())
    assert audit["total"].iloc[0] == pytest.approx(truth["score"].mean())
    # Truth, who answers, method, eleven problems that move answers, estimate.
    assert len(audit) == 15


def test_not_every_remedy_that_lowers_the_bias_is_worth_its_price():
    plans = remedy_plans(SURVEY_PROBLEMS, method="face to face", budget=12_000)
    assert plans["remedied"].iloc[0] != "none"
    best, most = plans["remedies"].iloc[0], plans["remedies"].max()
    assert best < most <= 12
    assert (plans["cost"] <= 12_000 * (1 + 1e-9)).all()
    rich = remedy_plans(SURVEY_PROBLEMS, method="face to face", budget=300_000)
    assert rich["remedies"].iloc[0] > best
    # A survey may come out right because two wrongs cancel; the order does not count on it.
    lucky = remedy_plans(SURVEY_PROBLEMS, method="face to face", budget=12_000, signs_known=True)
    assert lucky["rmse"].iloc[0] < plans["rmse"].iloc[0]
    assert lucky["rmse_unsigned"].iloc[0] > plans["rmse_unsigned"].iloc[0]


# simulate_survey


def test_groups_and_scores_are_as_planted():
    survey, truth = simulate_survey(60_000, method=EVERYBODY, seed=4)
    for column, shares in POPULATION_MARGINS.items():
        found = survey[column].value_counts(normalize=True)
        for group, share in shares.items():
            assert found[group] == pytest.approx(share, abs=3.5 * np.sqrt(0.25 / 60_000))
    by_age = truth.groupby(survey["age_band"])["score"].agg(["mean", "std"])
    assert by_age["mean"].to_numpy() == pytest.approx([55, 60, 65], abs=3.5 * 12 / np.sqrt(18_000))
    assert by_age["std"].to_numpy() == pytest.approx([12] * 3, abs=0.25)
    assert (survey["answer"] == truth["score"]).all()


def test_answers_come_as_often_as_reach_and_response_say_and_nobody_else_has_an_interviewer():
    method = SurveyMethod("mine", "", reach=0.8, response=0.5, by_age=0.4, by_score=0.3)
    survey, _ = simulate_survey(40_000, method=method, seed=5)
    has = survey["answer"].notna()
    assert has.mean() == pytest.approx(0.4, abs=3 * np.sqrt(0.24 / 40_000))
    assert (survey["interviewer"] > 0).eq(has).all()
    assert survey["position"].notna().eq(has).all()
    assert survey.loc[has, "interviewer"].value_counts().max() == method.workload


def test_interviewers_have_the_share_of_the_variance_that_rho_says():
    method = replace(EVERYBODY, rho=0.2)
    survey, _ = simulate_survey(20_000, method=method, seed=6)
    survey["within"] = survey["answer"] - survey["age_band"].map(
        {"18-34": -5, "35-54": 0, "55+": 5}
    )
    found = interviewer_effect(survey, answer="within")
    assert found.low < 0.2 < found.high


def test_a_remedy_may_be_named_by_itself_and_a_problem_may_be_ones_own():
    one, other = (simulate_survey(50, problems=["lying"], remedies=[name], seed=7).data
                  for name in ("lying", "anonymity"))  # fmt: skip
    pd.testing.assert_frame_equal(one, other)
    own = Problem("heat", "respondent", False, "shifted", 1.0, -7, 0, "fans", 0.0)
    survey, truth = simulate_survey(50, method=EVERYBODY, problems=[own], seed=7)
    assert (survey["answer"] - truth["score"]).to_numpy() == pytest.approx(-7)


# when misused


@pytest.mark.parametrize(
    ("call", "error", "message"),
    [
        (lambda: simulate_survey(0, seed=1), OutOfRangeError, "n must be 1 or more"),
        (lambda: simulate_survey(5, method="fax", seed=1), UnknownNameError, "no survey method"),
        (lambda: simulate_survey(5, problems=["heat"], seed=1), UnknownNameError, "no problem"),
        (
            lambda: simulate_survey(5, problems=["lying"], remedies=["cheating"], seed=1),
            UnknownNameError,
            "no problem that could be remedied 'cheating'",
        ),
        (lambda: SurveyMethod("x", "", response=40), OutOfRangeError, "response must be a share"),
        (lambda: SurveyMethod("x", "", rho=1.0), OutOfRangeError, "rho must lie in"),
        (
            lambda: simulate_survey(5, method=replace(EVERYBODY, by_age=1), seed=1),
            OutOfRangeError,
            "nobody can be readier",
        ),
        (lambda: compare_methods(), OutOfRangeError, "say either budget="),
        (lambda: compare_methods([], budget=1e4), EmptyError, "no method to compare"),
        (lambda: compare_methods(budget=100), OutOfRangeError, "pay for no answer"),
        (lambda: compare_methods(["mail"], answers={"online": 5}), OutOfRangeError, "'mail'"),
        (lambda: law_of("mail"), OutOfRangeError, "say either answers="),
        (
            lambda: remedy_plans(["lying"], method="mail", budget=10),
            OutOfRangeError,
            "pay for no answer",
        ),
        (
            lambda: Problem("x", "respondent", True, "eaten", 1, 1, 1, "", 0),
            UnknownNameError,
            "no kind of problem",
        ),
    ],
)
def test_refuses_what_cannot_be(call, error, message):
    with pytest.raises(error, match=message):
        call()


def test_an_audit_needs_answers_and_their_truth():
    survey, truth = simulate_survey(50, seed=8)
    with pytest.raises(EmptyError, match="nobody answered"):
        bias_audit(survey.assign(answer=np.nan), truth)
    with pytest.raises(BadRowsError, match=r"1 row\(s\) of the survey have nobody .*: \[0\]"):
        bias_audit(survey, truth.tail(49))
