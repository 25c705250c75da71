"""Process, plan, sample size, stopping rule and the five cautions."""

from dataclasses import replace
from itertools import permutations

import numpy as np
import pandas as pd
import pytest

from crmlab.collection import (
    SURVEY_METHODS,
    SURVEY_STEPS,
    SurveyPlan,
    SurveyProcess,
    caution_score,
    fabrication_signs,
    law_of,
    precheck,
    sample_size,
    simulate_interviews,
    simulate_questionnaires,
    stopping,
)
from crmlab.errors import MissingColumnsError, OutOfRangeError, UnknownNameError, WrongTypeError

WEEKS = {
    "background": (1, 1),
    "overall design": (2, 1),
    "instruments": (3, 2),
    "fieldwork": (5, 3),
    "data processing": (8, 1),
    "report": (9, 1),
}
PLAN = {
    "purpose": "Do members stay?",
    "content": "twelve statements",
    "method": "face to face",
    "respondents": 200,
    "quality_control": "call back one in ten",
    "budget": 25_000,
    "schedule": WEEKS,
    "staffing": 8,
    "remarks": "none",
}

# the six steps


@pytest.mark.curriculum("S22")
def test_of_720_orders_of_the_six_steps_one_alone_is_taken():
    taken = []
    for order in permutations(SURVEY_STEPS):
        survey = SurveyProcess()
        wrong = next((k for k, step in enumerate(order) if step != [*SURVEY_STEPS][k]), None)
        for step in order[:wrong]:
            survey.take(step)
        if wrong is None:
            taken.append(order)
            continue
        with pytest.raises(OutOfRangeError, match=f"Take {survey.next!r} now"):
            survey.take(order[wrong])
        survey.take(survey.next)  # and following the remedy leads on
    assert taken == [tuple(SURVEY_STEPS)]


def test_a_report_before_the_design_is_refused_with_what_lacks():
    survey = SurveyProcess().take("background")
    with pytest.raises(OutOfRangeError, match=r"'report' comes too early: \['overall design', "):
        survey.take("report")
    with pytest.raises(OutOfRangeError, match="'background' was taken already"):
        survey.take("background")
    with pytest.raises(UnknownNameError, match="Did you mean 'fieldwork'"):
        survey.take("field work")
    assert survey.done == ["background"]


# the plan


@pytest.mark.curriculum("S23")
@pytest.mark.parametrize("element", PLAN)
def test_a_plan_that_lacks_an_element_is_refused_by_name(element):
    lacking = {key: value for key, value in PLAN.items() if key != element}
    with pytest.raises(OutOfRangeError, match=f"{element} is missing"):
        SurveyPlan(**lacking)
    if isinstance(PLAN[element], str):
        with pytest.raises(OutOfRangeError, match=f"{element} is missing"):
            SurveyPlan(**PLAN | {element: "  "}) if element != "method" else SurveyPlan(
                **PLAN | {element: ""}
            )
    assert SurveyPlan(**PLAN)


@pytest.mark.curriculum("S23")
def test_a_plan_also_has_to_add_up():
    with pytest.raises(OutOfRangeError, match=r"900 answers by face to face cost .* budget is 25"):
        SurveyPlan(**PLAN | {"respondents": 900})
    with pytest.raises(OutOfRangeError, match="a focus group cannot say how many"):
        SurveyPlan(**PLAN | {"method": "focus group", "budget": 1e6})
    with pytest.raises(OutOfRangeError, match="'fieldwork' begins before 'instruments'"):
        SurveyPlan(**PLAN | {"schedule": WEEKS | {"fieldwork": (2, 3)}})
    with pytest.raises(OutOfRangeError, match=r"schedule lacks \['report'\]"):
        SurveyPlan(**PLAN | {"schedule": {k: v for k, v in WEEKS.items() if k != "report"}})
    with pytest.raises(OutOfRangeError, match="there is no survey method 'fax'"):
        SurveyPlan(**PLAN | {"method": "fax"})
    # The budget that a plan needs is the one that its method's law costs.
    cost = law_of("face to face", answers=200).cost
    assert SurveyPlan(**PLAN | {"budget": cost})
    with pytest.raises(OutOfRangeError, match="budget"):
        SurveyPlan(**PLAN | {"budget": cost - 1})


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"respondents": -5}, "respondents must be a number above 0, and is -5"),
        ({"budget": float("nan")}, "budget must be a number above 0, and is nan"),
        ({"staffing": -1}, "staffing must be a number above 0"),
        ({"schedule": WEEKS | {"report": (9, 0)}}, r"\['report'\] take less than a week"),
        ({"schedule": WEEKS | {"background": (0, 1)}}, r"\['background'\] .* before the first"),
    ],
)
def test_a_plan_of_fewer_than_nobody_or_no_time_is_none(change, message):
    with pytest.raises(OutOfRangeError, match=message):
        SurveyPlan(**PLAN | change)


def test_the_timeline_is_when_each_step_begins_and_ends():
    table = SurveyPlan(**PLAN).timeline()
    assert table["step"].tolist() == [*SURVEY_STEPS]
    assert table["begins"].tolist() == [1, 2, 3, 5, 8, 9]
    assert table["ends"].tolist() == [1, 2, 4, 7, 8, 9]


# how many


@pytest.mark.parametrize(
    ("options", "answers", "invitations"),
    [
        # Cochran: 1.96^2 .25 / .05^2 = 384.1; for a population of 1,000 277.7.
        ({"margin": 0.05}, 385, 385),
        ({"margin": 0.05, "population": 1_000}, 278, 278),
        ({"margin": 0.05, "response": 0.25}, 385, 1_540),
        ({"margin": 0.05, "design_effect": 3}, 1_153, 1_153),
        ({"margin": 0.05, "share": 0.1}, 139, 139),
        ({"margin": 1, "deviation": 12}, 554, 554),
        ({"margin": 0.05, "confidence": 0.99}, 664, 664),
    ],
)
def test_sample_sizes_are_those_of_the_textbook(options, answers, invitations):
    found = sample_size(**options)
    assert (found.answers, found.invitations) == (answers, invitations)


def test_a_sample_of_that_size_misses_by_more_than_the_margin_one_time_in_twenty():
    n = sample_size(2, deviation=12).answers
    means = np.random.default_rng(1).normal(60, 12, (4_000, n)).mean(axis=1)
    assert np.mean(abs(means - 60) <= 2) == pytest.approx(0.95, abs=3.3 * np.sqrt(0.0475 / 4_000))


def test_nobody_can_invite_more_people_than_there_are():
    assert sample_size(0.05, population=1_000, response=0.278).invitations == 1_000
    with pytest.raises(OutOfRangeError, match="take 1,004 invitations, and there are only 1,000"):
        sample_size(0.05, population=1_000, response=0.277)
    with pytest.raises(OutOfRangeError, match="160 answers take 160 invitations"):
        sample_size(0.05, population=100, design_effect=2)


# when to stop


def test_looking_until_one_likes_the_result_deceives_and_stopping_by_width_does_not(covers):
    rng = np.random.default_rng(2)
    held, liked, deceived, sizes, shares = [], [], [], [], []
    for _ in range(500):
        answers = pd.DataFrame({"answer": rng.normal(60, 12, 800)})
        width = stopping(answers, margin=1.5)
        held.append(width.stopped and width.low <= 60 <= width.high)
        sizes.append(width.answers)
        result = stopping(answers, rule="result", against=60)
        deceived.append(result.stopped)
        liked.append(result.low <= 60 <= result.high)
        yes = stopping(pd.DataFrame({"answer": 1.0 * (rng.random(800) < 0.3)}), margin=0.04)
        shares.append(yes.low <= 0.3 <= yes.high)
    covers(held, "collection.stopping", "margin of 1.5 points", part="by width")
    covers(shares, "collection.stopping", "30% say yes, margin of 4%", part="by width")
    misses = "who stops when a result is liked deceives oneself, and that is the point"
    covers(
        liked, "collection.stopping", "a look at each 10 answers", part="by result", misses=misses
    )
    # It stops about where the formula says, without having been told the deviation.
    assert np.mean(sizes) == pytest.approx(sample_size(1.5, deviation=12).answers, rel=0.1)
    # Nothing is there to be found, and every fourth survey "finds" it.
    assert np.mean(deceived) > 0.2


def test_a_rule_that_is_never_met_uses_all_answers():
    found = stopping(pd.DataFrame({"answer": [4.0, 6.0] * 30}), margin=0.001)
    assert (found.answers, found.stopped, found.value) == (60, False, 5)
    assert stopping(pd.DataFrame({"answer": [4.0, 6.0] * 100}), margin=0.25).answers == 70
    # Answers all alike say nothing of how far others lie from them.
    rare = stopping(pd.DataFrame({"answer": [0.0] * 60 + [1.0] + [0.0] * 99}), margin=0.05)
    assert (rare.answers, rare.stopped) == (70, True)
    assert not stopping(pd.DataFrame({"answer": [0.0] * 60}), margin=0.05).stopped


# the five cautions


def evidence(seed, *, careless=0.01, cheats=0):
    questionnaires, _ = simulate_questionnaires(400, careless=careless, seed=seed)
    pairs = [(f"q{k}", f"q{k + 15}") for k in range(1, 6)]
    checked = precheck(
        questionnaires, items=[f"q{k}" for k in range(1, 21)], asked="asked", opposites=pairs,
        least_contradictions=3,
    )  # fmt: skip
    interviews, _ = simulate_interviews(800, cheats=cheats, made_up=0.9, seed=seed)
    signs = fabrication_signs(interviews, items=[f"q{k}" for k in range(1, 13)])
    return {
        "pilot": pd.DataFrame({"answer": [3.0] * 19 + [None]}),
        "checked": checked,
        "signs": signs,
        "response": 0.54,
    }


@pytest.mark.curriculum("S27")
@pytest.mark.parametrize("seed", range(20))
def test_a_survey_scores_0_to_5_by_its_evidence(seed):
    plan = SurveyPlan(**PLAN)
    good = caution_score(plan, **evidence(seed), most_suspicion=2.5)
    assert good["kept"].sum() == 5
    bad = caution_score(
        SurveyPlan(**PLAN | {"purpose": "A survey of members", "method": "telephone"}),
        **evidence(seed, careless=0.1, cheats=2)
        | {"response": 0.2, "pilot": pd.DataFrame({"answer": [3.0, None]})},
        most_suspicion=2.5,
    )
    assert bad["kept"].sum() == 0
    # Each caution falls for its own reason alone.
    for change, caution in (
        ({"response": 0.1}, "scientific method"),
        ({"pilot": pd.DataFrame({"answer": [None, 3.0]})}, "accurate question"),
    ):
        one = caution_score(plan, **evidence(seed) | change, most_suspicion=2.5)
        assert one.loc[~one["kept"], "caution"].tolist() == [caution]


@pytest.mark.curriculum("S27")
def test_the_more_cautions_are_thrown_to_the_wind_the_farther_from_the_truth():
    broken = {
        "accurate question": "misunderstanding",
        "scientific method": "non-response",
        "sound questionnaire": "guessing",
        "true results": "cheating",
    }
    method = replace(SURVEY_METHODS["face to face"], mode=0.0)
    error = [
        law_of(method, [*broken.values()][:k], answers=200).rmse_unsigned
        for k in range(len(broken) + 1)
    ]
    assert error == sorted(error)
    assert error[-1] > 3 * error[0]


# when misused


@pytest.mark.parametrize(
    ("call", "error", "message"),
    [
        (lambda: sample_size(0), OutOfRangeError, "margin must be a finite number above 0"),
        (lambda: sample_size(0.1, share=5), OutOfRangeError, "share lie in"),
        (lambda: sample_size(0.1, share=0), OutOfRangeError, "share lie in"),
        (
            lambda: stopping(pd.DataFrame({"answer": [1.0] * 60}), margin=-1),
            OutOfRangeError,
            "margin must be a finite number above 0",
        ),
        (lambda: sample_size(0.1, design_effect=0.5), OutOfRangeError, "design_effect"),
        (lambda: sample_size(0.1, population=0), OutOfRangeError, "population"),
        (
            lambda: stopping(pd.DataFrame({"answer": [1.0] * 60})),
            OutOfRangeError,
            "needs margin=",
        ),
        (
            lambda: stopping(pd.DataFrame({"answer": [1.0] * 60}), rule="result"),
            OutOfRangeError,
            "needs against=",
        ),
        (
            lambda: stopping(pd.DataFrame({"answer": [1.0]}), margin=1),
            OutOfRangeError,
            "number of answers must be 50 or more",
        ),
        (
            lambda: caution_score({}, pilot=None, checked=None, signs=None, response=1),
            WrongTypeError,
            "plan must be a SurveyPlan",
        ),
        (
            lambda: caution_score(
                SurveyPlan(**PLAN), **evidence(1) | {"checked": pd.DataFrame({"x": [1]})}
            ),
            MissingColumnsError,
            "precheck",
        ),
    ],
)
def test_refuses_what_cannot_be(call, error, message):
    with pytest.raises(error, match=message):
        call()
