"""Prospects: 4 reasons, 6 principles, a score of 0 to 6, and whether it foretells anything."""

from itertools import product

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.special import expit
from sklearn.metrics import roc_auc_score

from crmlab.customers import (
    foretelling,
    lasting_by_score,
    prospect_principles,
    prospect_reasons,
    score_prospects,
    simulate_prospects,
)
from crmlab.customers.simulate.prospects import BASE, MEETS
from crmlab.errors import BadRowsError, MissingColumnsError, OutOfRangeError

ONE = pd.DataFrame(
    {
        "prospect_id": [1, 2, 3],
        "needs_known": [2, 1, 0.0],
        "planning_years": [3, 2.9, 0],
        "improvements_asked": [1, 0, 0],
        "parts_to_play": [1, 0, np.nan],
        "category_spend_cny": [3_000, 2_999, np.nan],
        "warnings": [0, 1, 0],
    }
)

# by hand


@pytest.mark.curriculum("S48")
def test_there_are_4_reasons_and_6_principles_and_the_score_runs_from_0_to_6():
    assert len(prospect_reasons()) == 4
    assert len(prospect_principles()) == 6
    table = score_prospects(ONE)
    assert table["score"].tolist() == [6, 0, 1]
    assert table["unknown"].tolist() == [0, 0, 2]
    assert table["met"].tolist() == [", ".join(prospect_principles()["key"]), "", "caution"]
    data, _ = simulate_prospects(2_000, seed=81)
    assert {*score_prospects(data)["score"]} == {*range(7)}


def test_the_principles_are_data_that_a_reader_may_change():
    rules = prospect_principles().head(2).assign(at_least=[1.0, 9.0])
    assert score_prospects(ONE, principles=rules)["score"].tolist() == [1, 1, 0]


def test_auc_by_hand():
    cases = pd.DataFrame({"score": [6, 4, 4, 3, 1], "stayed": [1, 1, 0, 1, 0]})
    found = foretelling(cases, outcome="stayed")
    # Pairs: 6 beats 4 and 1; 4 ties 4, beats 1; 3 loses to 4, beats 1: 4.5 of 6.
    assert found.auc == 0.75
    assert (found.found, found.others) == (3, 2)
    # DeLong: variances of (1, .75, .5) over 3 and of (.5, 1) over 2.
    assert found.standard_error == pytest.approx(np.sqrt(0.0625 / 3 + 0.125 / 2))
    sure = foretelling(cases.assign(score=cases["stayed"]), outcome="stayed")
    # Every pair is right, of two others only: by the rule of three nothing is known.
    assert (sure.auc, sure.low, sure.high) == (1, 0, 1)
    many = pd.DataFrame({"score": [1] * 30 + [0] * 60, "stayed": [1] * 30 + [0] * 60})
    found = foretelling(many, outcome="stayed")
    assert (found.low, found.high) == (pytest.approx(0.9), 1)
    alike = foretelling(many.assign(score=1), outcome="stayed")
    assert (alike.auc, alike.low, alike.high) == (0.5, 0, 1)


def test_lasting_by_score_by_hand():
    cases = pd.DataFrame({"score": [6, 4, 4], "stayed": [True, True, False]})
    table = lasting_by_score(cases, outcome="stayed")
    assert table[["score", "prospects", "lasting"]].to_numpy().tolist() == [[4, 2, 1], [6, 1, 1]]
    assert table["low"].iloc[0] == pytest.approx(0.0945, abs=1e-4)


# against the formula


def true_auc(effects, weights=None):
    """Return the chance that a lasting prospect scores above another, over all 64 kinds."""
    kinds = np.array([*product([0, 1], repeat=6)])
    share = np.array([one for one, _ in MEETS.values()])
    chance = np.prod(np.where(kinds, share, 1 - share), axis=1)
    lasts = expit(BASE + kinds @ effects)
    score = kinds.sum(axis=1) if weights is None else kinds @ weights
    yes, no = chance * lasts, chance * (1 - lasts)
    wins = (score[:, None] > score) + 0.5 * (score[:, None] == score)
    return (yes[:, None] * no * wins).sum() / (yes.sum() * no.sum())


@pytest.mark.curriculum("S48")
@pytest.mark.parametrize("seed", range(20))
def test_the_score_foretells_who_lasts_as_well_as_enumeration_says(seed):
    effects = np.array([effect for _, effect in MEETS.values()])
    data, truth = simulate_prospects(3_000, seed=seed)
    scored = score_prospects(data).merge(truth, on="prospect_id")
    found = foretelling(scored, outcome="lasting")
    # Two in each of twenty worlds: 3.4 standard errors.
    assert abs(found.auc - true_auc(effects)) < 3.4 * found.standard_error
    # A plain count is worth less than the weights nobody knows.
    best = foretelling(scored, score="lasting_probability", outcome="lasting")
    assert abs(best.auc - true_auc(effects, effects)) < 3.4 * best.standard_error
    assert true_auc(effects) < true_auc(effects, effects) - 0.02


def test_a_world_in_which_the_principles_mean_nothing_is_found_out():
    none = dict.fromkeys(MEETS, 0.0)
    data, truth = simulate_prospects(5_000, effects=none, base=-0.5, seed=87)
    found = foretelling(score_prospects(data).merge(truth, on="prospect_id"), outcome="lasting")
    assert abs(found.auc - 0.5) < 3 * found.standard_error


@pytest.mark.parametrize("share", [1.0, 0.4], ids=["clear", "blurred"])
def test_intervals_of_the_auc_and_of_each_scores_share_cover_in_95_of_100_worlds(
    covers, few, share
):
    effects = {name: share * effect for name, (_, effect) in MEETS.items()}
    truth = true_auc(np.array([*effects.values()]))
    data, hidden = simulate_prospects(500 * 150, effects=effects, seed=89)
    scored = score_prospects(data).merge(hidden, on="prospect_id")
    # A score of 3 lasts as often as the kinds of prospects that make three; 500 worlds of them.
    regime = "principles matter" if share == 1 else "principles matter less"
    for score in (2, 4):
        some = scored.loc[scored["score"] == score].iloc[: 500 * 40].copy()
        some["score"] = np.arange(len(some)) // (len(some) // 500)
        table = lasting_by_score(some[some["score"] < 500], outcome="lasting")
        chance = some["lasting_probability"].mean()
        inside = (table["low"] <= chance) & (chance <= table["high"])
        covers(inside, "customers.lasting_by_score", regime, part=f"score {score}")
    each = scored.groupby((scored["prospect_id"] - 1) // 150)
    held = [
        found.low <= truth <= found.high
        for found in (foretelling(each.get_group(world), outcome="lasting") for world in few)
    ]
    covers(held, "customers.foretelling", regime)


def test_the_simulator_plants_what_the_principles_ask():
    data, truth = simulate_prospects(4_000, seed=91)
    table = score_prospects(data)
    effects = pd.Series({key: effect for key, (_, effect) in MEETS.items()})
    np.testing.assert_allclose(
        truth["lasting_probability"], expit(BASE + table[[*MEETS]].astype(float) @ effects)
    )
    for key, (share, _) in MEETS.items():  # 3 standard errors of a share
        assert table[key].mean() == pytest.approx(share, abs=3 * np.sqrt(share * (1 - share) / 4e3))
    hole = simulate_prospects(4_000, unknown_share=0.25, seed=91).data
    holes = hole.drop(columns="prospect_id").isna().to_numpy().mean()
    assert holes == pytest.approx(0.25, abs=3 * np.sqrt(0.1875 / 24_000))
    np.testing.assert_array_equal(hole.fillna(data), data)


# for any data


@given(st.lists(st.tuples(st.integers(0, 6), st.booleans()), min_size=4))
def test_auc_is_that_of_scikit_learn(cases):
    frame = pd.DataFrame(cases, columns=["score", "stayed"])
    if frame["stayed"].sum() < 2 or (~frame["stayed"]).sum() < 2:
        with pytest.raises(OutOfRangeError, match="at least 2 of each"):
            foretelling(frame, outcome="stayed")
        return
    found = foretelling(frame, outcome="stayed")
    assert found.auc == pytest.approx(roc_auc_score(frame["stayed"], frame["score"]))
    assert 0 <= found.low <= found.auc <= found.high <= 1
    assert found == foretelling(frame.iloc[::-1], outcome="stayed")


# when misused


def test_refuses_frames_it_cannot_use():
    with pytest.raises(MissingColumnsError, match="'warnings'"):
        score_prospects(ONE.drop(columns="warnings"))
    with pytest.raises(BadRowsError, match="stand more than once in prospects"):
        score_prospects(pd.concat([ONE, ONE]))
    with pytest.raises(OutOfRangeError, match="must hold numbers"):
        score_prospects(ONE.assign(warnings="none"))
    with pytest.raises(OutOfRangeError, match="needs one limit"):
        score_prospects(ONE, principles=prospect_principles().assign(at_most=1.0))
    scored = score_prospects(ONE).assign(stayed=[0, 1, 2])
    for measure in (foretelling, lasting_by_score):
        with pytest.raises(OutOfRangeError, match="stayed must be 0 or 1"):
            measure(scored, outcome="stayed")


@pytest.mark.parametrize("wrong", [{"n": 0}, {"unknown_share": 2}, {"effects": {"luck": 1.0}}])
def test_the_simulator_refuses_worlds_that_there_are_not(wrong):
    with pytest.raises(OutOfRangeError):
        simulate_prospects(**{"n": 10, "seed": 1, **wrong})
