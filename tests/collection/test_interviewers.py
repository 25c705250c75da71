"""Interviewers: what their answers have in common, what they made up, and who is accused."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from crmlab.collection import (
    fabrication_signs,
    flag_curve,
    innocent_share,
    interviewer_effect,
    simulate_interviews,
    simulate_survey,
)
from crmlab.collection.simulate.survey import PLAIN
from crmlab.errors import BadRowsError, MissingColumnsError, OutOfRangeError

ITEMS = [f"q{k}" for k in range(1, 13)]

# by hand


def test_four_answers_of_two_interviewers():
    answers = pd.DataFrame({"interviewer": [1, 1, 2, 2], "answer": [1.0, 3, 5, 7]})
    found = interviewer_effect(answers)
    # Mean squares 16 between and 2 within, 2 each: (16 - 2) / (16 + 2).
    assert found.rho == pytest.approx(7 / 9)
    assert found.mean.value == 4
    # Totals 4 below and 4 above: 2 / 1 * (16 + 16) / 16 = 4.
    assert found.mean.standard_error == pytest.approx(2)


def test_interviewers_with_one_mean_have_rho_below_0_and_no_error_by_luck():
    found = interviewer_effect(pd.DataFrame({"interviewer": [1, 1, 2, 2], "answer": [1.0, 3] * 2}))
    # Mean squares 0 between and 2 within: (0 - 2) / (0 + 2).
    assert found.rho == pytest.approx(-1)
    assert found.mean.standard_error == 0
    assert found.mean.effective_answers == np.inf


def test_precision_and_recall_of_three_scores():
    scores = pd.DataFrame({"s": [3.0, 2, 2, 1], "t": [True, False, True, False]})
    curve = flag_curve(scores, score="s", truth="t")
    assert curve["line"].tolist() == [3, 2, 1]
    assert curve["precision"].tolist() == pytest.approx([1, 2 / 3, 0.5])
    assert curve["recall"].tolist() == [0.5, 1, 1]
    assert curve["false_alarm"].tolist() == [0, 0.5, 1]


def test_most_of_the_accused_are_innocent_where_cheats_are_rare():
    # .98 * .05 = .049 honest, .02 * .95 = .019 cheats.
    assert innocent_share(0.02, recall=0.95, false_alarm=0.05) == pytest.approx(0.049 / 0.068)
    assert innocent_share(0.5, recall=0.95, false_alarm=0.05) == pytest.approx(0.05)


# against the truth


@pytest.mark.curriculum("S24")
@pytest.mark.parametrize("rho", [0.0, 0.1])
def test_in_500_worlds_rho_and_the_mean_lie_in_their_intervals(covers, few, rho):
    method = replace(PLAIN, response=1.0, rho=rho, workload=20)
    shift = {"18-34": -5, "35-54": 0, "55+": 5}
    held, mean, plain = [], [], []
    for seed in few:
        survey, _ = simulate_survey(400, method=method, seed=seed)
        survey["answer"] -= survey["age_band"].map(shift)
        found = interviewer_effect(survey)
        held.append(found.low <= rho <= found.high)
        mean.append(found.mean.low <= 60 <= found.mean.high)
        plain.append(abs(survey["answer"].mean() - 60) <= 1.96 * survey["answer"].std() / 20)
    regime = f"20 interviewers with rho = {rho}"
    covers(held, "collection.interviewer_effect", regime, part="rho")
    covers(mean, "collection.interviewer_effect", regime, part="mean")
    if rho:
        # 1 + 19 rho = 2.9 times the variance: the plain interval is much too sure of itself.
        assert np.mean(plain) < 0.85


@pytest.mark.curriculum("S24")
def test_who_makes_answers_up_is_found_and_the_curve_says_how_often_wrongly():
    tables = []
    for seed in range(20):
        interviews, truth = simulate_interviews(800, seed=seed)
        signs = fabrication_signs(interviews, items=ITEMS)
        cheat = truth.groupby(interviews["interviewer"])["cheat"].first()
        tables.append(signs.assign(cheat=signs["interviewer"].map(cheat)))
        assert cheat.sum() == 2
    together = pd.concat(tables)
    curve = flag_curve(together, score="suspicion", truth="cheat")
    # 40 cheats among 400: nine in ten can be found with few innocent among the accused.
    found = curve[curve["recall"] >= 0.9].iloc[0]
    assert found["precision"] > 0.6
    assert found["false_alarm"] < 0.06
    # And what the rule of Bayes says of the accused is what the curve counts.
    innocent = innocent_share(0.1, recall=found["recall"], false_alarm=found["false_alarm"])
    assert innocent == pytest.approx(1 - found["precision"])
    # Where nobody cheats somebody is still the most suspicious one.
    calm = fabrication_signs(simulate_interviews(800, cheats=0, seed=1).data, items=ITEMS)
    assert calm["suspicion"].max() > 0.3


# simulate_interviews


def test_cheats_are_as_many_as_planted_and_made_up_sheets_are_quicker_and_flatter():
    interviews, truth = simulate_interviews(8_000, interviewers=40, cheats=10, seed=3)
    assert truth.groupby(interviews["interviewer"])["cheat"].first().sum() == 10
    cheats = truth["cheat"]
    assert truth["made_up"][cheats].mean() == pytest.approx(0.5, abs=3 * np.sqrt(0.25 / 2_000))
    assert not truth["made_up"][~cheats].any()
    own = interviews[cheats]
    false = truth["made_up"][cheats]
    ratio = own["minutes"][false].median() / own["minutes"][~false].median()
    assert ratio == pytest.approx(0.7, abs=0.05)
    assert interviews[ITEMS].to_numpy().min() == 1
    assert interviews[ITEMS].to_numpy().max() == 5


# for any data


def test_row_order_does_not_matter():
    interviews, _ = simulate_interviews(300, seed=4)
    mixed = interviews.sample(frac=1, random_state=1)
    one, other = (fabrication_signs(each, items=ITEMS) for each in (interviews, mixed))
    pd.testing.assert_frame_equal(one, other)
    assert fabrication_signs(interviews, items=ITEMS, minutes=None)["quick"].isna().all()


# when misused


def test_refuses_what_tells_nothing():
    interviews, _ = simulate_interviews(200, seed=5)
    with pytest.raises(OutOfRangeError, match="number of interviewers must be 5 or more"):
        fabrication_signs(interviews.assign(interviewer=1), items=ITEMS)
    with pytest.raises(OutOfRangeError, match=r"\['1'\] have fewer than 5 interviews"):
        fabrication_signs(interviews[lambda f: (f["interviewer"] != 1) | (f.index < 41)],
                          items=ITEMS)  # fmt: skip
    with pytest.raises(OutOfRangeError, match="at least 4 items"):
        fabrication_signs(interviews, items=ITEMS[:3])
    with pytest.raises(MissingColumnsError, match="minutes="):
        fabrication_signs(interviews.drop(columns="minutes"), items=ITEMS)
    with pytest.raises(BadRowsError, match=r"no q1: \[0\]"):
        fabrication_signs(interviews.assign(q1=interviews["q1"].where(interviews.index > 0)),
                          items=ITEMS)  # fmt: skip
    one_each = pd.DataFrame({"interviewer": [1, 2], "answer": [1.0, 2]})
    with pytest.raises(OutOfRangeError, match="every interviewer asked once"):
        interviewer_effect(one_each)
    with pytest.raises(OutOfRangeError, match="number of interviewers must be 2"):
        interviewer_effect(one_each.assign(interviewer=1))
    alike = pd.DataFrame({"interviewer": [1, 1, 2, 2], "answer": [3.0] * 4})
    with pytest.raises(OutOfRangeError, match="every answer is 3, so there is no variance"):
        interviewer_effect(alike)
    with pytest.raises(OutOfRangeError, match="base_rate must be a share"):
        innocent_share(2, recall=0.5, false_alarm=0.5)
    with pytest.raises(OutOfRangeError, match="nobody is accused"):
        innocent_share(0.1, recall=0, false_alarm=0)
    with pytest.raises(OutOfRangeError, match="the same in every row"):
        flag_curve(pd.DataFrame({"s": [1.0], "t": [True]}), score="s", truth="t")
    with pytest.raises(OutOfRangeError, match="cheats must be at most 3"):
        simulate_interviews(9, interviewers=3, cheats=4, seed=1)
