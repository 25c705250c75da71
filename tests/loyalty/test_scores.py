"""net_promoter, csat, response_weights and shrunken: how satisfied, and how sure."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from crmlab.errors import (
    AmbiguousError,
    BadRowsError,
    EmptyError,
    MissingColumnsError,
    OutOfRangeError,
    WrongTypeError,
)
from crmlab.loyalty import (
    csat,
    net_promoter,
    response_weights,
    shrunken,
    simulate_recommendation,
)
from tests.worlds import LEAST


def said(promoters, passives, detractors):
    return pd.DataFrame({"score": [9] * promoters + [7] * passives + [6] * detractors})


# by hand


@pytest.mark.curriculum("S119")
def test_fifty_thirty_twenty_is_thirty_and_uncertain_by_fifteen_points():
    row = net_promoter(said(50, 30, 20)).iloc[0]
    assert row["nps"] == pytest.approx(30)
    assert row[["promoters", "passives", "detractors"]].tolist() == pytest.approx([0.5, 0.3, 0.2])
    assert (row["high"] - row["low"]) / 2 == pytest.approx(15, abs=0.2)
    # With 3 more answers, 3/4 of them promoters and 3/4 detractors.
    up, down = 50.75 / 103, 20.75 / 103
    error = 100 * np.sqrt((up + down - (up - down) ** 2) / 103)
    assert row["standard_error"] == pytest.approx(error)
    assert row["low"] == pytest.approx(100 * (up - down) - 1.959964 * error)


def test_all_promoters_are_not_certain():
    row = net_promoter(said(12, 0, 0)).iloc[0]
    assert row["nps"] == 100
    assert 50 < row["low"] < row["high"] == 100
    assert net_promoter(said(0, 0, 12), scale=10)["low"].item() == -100


def test_groups_come_in_order_and_weights_count():
    answers = said(2, 1, 1).assign(shop=["b", "a", "a", "b"], weight=[3.0, 1, 1, 1])
    table = net_promoter(answers, by="shop", weight="weight")
    assert table["shop"].tolist() == ["a", "b"]
    assert table["nps"].tolist() == [50, 50]
    # One answer of weight 3 and one of 1 are worth (3 + 1)**2 / (9 + 1) = 1.6 at most.
    assert table["standard_error"].iloc[1] > table["standard_error"].iloc[0]


def test_csat_is_mean_and_top_two():
    row = csat(pd.DataFrame({"stars": [5, 5, 4, 3, 1]}), score="stars").iloc[0]
    assert row["mean"] == 3.6
    assert row["top_share"] == 0.6
    # Student with 4 degrees of freedom: 2.776445 * 1.67332 / sqrt(5).
    assert row["mean_high"] == pytest.approx(min(3.6 + 2.0777, 5), abs=1e-3)
    assert np.isnan(csat(pd.DataFrame({"score": [4]}))["mean_low"].item())
    assert csat(pd.DataFrame({"score": [1, 7, 6]}), scale=7, top=1)["top_share"].item() == 1 / 3


def test_the_silent_are_spoken_for_by_their_kind():
    asked = pd.DataFrame(
        {"kind": ["a", "a", "b", "b", "b"], "answered": [True, True, True, False, False]}
    )
    heard = response_weights(asked, by="kind")
    assert heard["weight"].tolist() == pytest.approx([0.6, 0.6, 1.8])
    assert heard["kind"].tolist() == ["a", "a", "b"]


def test_groups_as_far_apart_as_luck_makes_them_get_nearly_one_value():
    table = shrunken(pd.DataFrame({"nps": [10.0, 12, 8, 11, 9], "standard_error": 15.0}))
    assert table["between"].tolist() == [0] * 5
    # Luck is (k - 3) / (k - 1) = 1/2 of each: Morris's caution with few groups.
    assert table["shrunk"].tolist() == pytest.approx([10, 11, 9, 10.5, 9.5])
    assert table["rank"].tolist() == [3, 1, 5, 2, 4]
    assert table["expected_rank"].between(2.7, 3.3).all()


# against the truth


@pytest.mark.curriculum("S119")
@pytest.mark.parametrize("chances", [(0.5, 0.3, 0.2), (0.86, 0.1, 0.04)])
def test_intervals_of_nps_cover_in_95_of_100_worlds(covers, chances):
    rng = np.random.default_rng(119)
    score = rng.choice([10, 8, 2], p=chances, size=(500, 100))
    answers = pd.DataFrame({"world": np.repeat(np.arange(500), 100), "score": score.ravel()})
    table = net_promoter(answers, by="world")
    truth = 100 * (chances[0] - chances[2])
    held = (table["low"] <= truth) & (truth <= table["high"])
    regime = "nearly all recommend" if chances[0] > 0.8 else "half recommend"
    covers(held, "loyalty.net_promoter", regime)


@pytest.mark.parametrize("seed", [1, 2])
def test_weighted_intervals_cover_where_silence_hangs_on_a_known_kind(seed):
    # Two regimes: casual customers are silent, and regular ones are.
    worlds = 500
    by_kind = (2.0, -2.0)[seed - 1]
    world, truth = simulate_recommendation(
        300 * worlds, branches=worlds, spread=0.0, answer=0.5, by_kind=by_kind, seed=seed
    )
    heard = response_weights(world, by=["branch", "kind"])
    table = net_promoter(heard, by="branch", weight="weight").merge(truth, on="branch")
    hits = (table["low"] <= table["nps_y"]) & (table["nps_y"] <= table["high"])
    # Every kind has its right share, so that luck is a little less than the formula takes: the
    # interval may cover too often, by what the kinds differ; it must not cover too seldom.
    assert hits.mean() >= LEAST
    naive = net_promoter(world[world["answered"]], by="branch").merge(truth, on="branch")
    hits = (naive["low"] <= naive["nps_y"]) & (naive["nps_y"] <= naive["high"])
    assert hits.mean() < 0.9


@pytest.mark.curriculum("S119")
@pytest.mark.parametrize("seed", range(20))
def test_weights_correct_silence_that_is_known_of_and_no_other(seed):
    common = {"branches": 10, "spread": 0.0, "answer": 0.3}
    known, truth = simulate_recommendation(20_000, by_kind=2.0, seed=seed, **common)
    raw = net_promoter(known[known["answered"]]).iloc[0]
    mended = net_promoter(response_weights(known, by="kind"), weight="weight").iloc[0]
    right = truth["nps"].mean()
    assert raw["low"] > right + 3
    assert abs(mended["nps"] - right) < 3 * mended["standard_error"]
    hidden, _ = simulate_recommendation(20_000, by_feeling=0.7, seed=seed, **common)
    wrong = net_promoter(response_weights(hidden, by="kind"), weight="weight").iloc[0]
    assert wrong["low"] > right + 10


@pytest.mark.curriculum("S119")
def test_a_ranking_of_twenty_branches_is_mostly_noise_and_shrinking_gains():
    # Over 20 worlds, 100 answers from each of 20 branches that differ by 8 points.
    misses, found = [], []
    for seed in range(20):
        answers, truth = simulate_recommendation(2_000, spread=0.12, seed=seed)
        table = shrunken(net_promoter(answers, by="branch"))
        right = truth["nps"].to_numpy()
        misses.append([((table[name] - right) ** 2).mean() for name in ("nps", "shrunk")])
        found.append(table["nps"].idxmax() == right.argmax())
    raw, shrunk = np.mean(misses, axis=0)
    assert shrunk < 0.7 * raw
    assert np.mean([after < before for before, after in misses]) >= 0.9
    # Who comes out first is mostly not the best one.
    assert sum(found) <= 10


@pytest.mark.parametrize("spread", [0.12, 0.4])
def test_intervals_after_shrinking_cover_in_95_of_100_worlds(covers, few, spread):
    # 500 worlds of 20 branches; of each world one branch counts, since they share what is learned.
    held = []
    for seed in few:
        answers, truth = simulate_recommendation(2_000, spread=spread, seed=seed)
        row = shrunken(net_promoter(answers, by="branch")).iloc[seed % 20]
        held.append(row["shrunk_low"] <= truth["nps"].iloc[seed % 20] <= row["shrunk_high"])
    covers(held, "loyalty.shrunken", "branches far apart" if spread > 0.2 else "branches near")


@pytest.mark.parametrize("chances", [(0.1, 0.2, 0.4, 0.2, 0.1), (0.02, 0.02, 0.06, 0.2, 0.7)])
def test_intervals_of_csat_cover_in_95_of_100_worlds(covers, chances):
    scale, rng = np.arange(1, 6), np.random.default_rng(46)
    rating = rng.choice(scale, p=chances, size=(500, 60))
    answers = pd.DataFrame({"world": np.repeat(np.arange(500), 60), "rating": rating.ravel()})
    table = csat(answers, score="rating", by="world")
    regime = "most are content" if chances[4] > 0.5 else "answers symmetric"
    for part, truth in (("mean", scale @ chances), ("top", sum(chances[3:]))):
        held = (table[f"{part}_low"] <= truth) & (truth <= table[f"{part}_high"])
        covers(held, "loyalty.csat", regime, part=part)


def test_expected_ranks_are_those_of_many_draws():
    answers, _ = simulate_recommendation(2_000, seed=5)
    table = shrunken(net_promoter(answers, by="branch"))
    spread = (table["shrunk_high"] - table["shrunk"]) / 1.959964
    rng = np.random.default_rng(5)
    drawn = rng.normal(table["shrunk"], spread, size=(20_000, 20))
    ranks = (-drawn).argsort(axis=1).argsort(axis=1) + 1
    # A rank has a standard deviation of 6 at most: 4 standard errors, for 20 at once.
    np.testing.assert_allclose(table["expected_rank"], ranks.mean(axis=0), atol=24 / 20_000**0.5)


# the simulator


def test_the_simulator_keeps_to_its_docstring():
    data, truth = simulate_recommendation(200_000, branches=4, spread=0.3, seed=11)
    found = net_promoter(data, by="branch")
    assert data["answered"].all()
    assert ((found["nps"] - truth["nps"]).abs() < 3.3 * found["standard_error"]).all()
    assert (data["kind"] == "regular").mean() == pytest.approx(0.4, abs=3 * 0.49 / 200_000**0.5)
    assert {*data["score"]} == {*range(11)}
    silent, _ = simulate_recommendation(200_000, branches=4, answer=0.3, seed=11)
    assert silent["answered"].mean() == pytest.approx(0.3, abs=3 * 0.46 / 200_000**0.5)
    assert silent.loc[~silent["answered"], "score"].isna().all()


# for any data


@given(st.lists(st.integers(0, 10), min_size=1, max_size=40))
def test_any_answers_give_an_interval_that_holds_together(scores):
    row = net_promoter(pd.DataFrame({"score": scores}), scale=10).iloc[0]
    assert -100 <= row["low"] <= row["high"] <= 100
    assert row[["promoters", "passives", "detractors"]].sum() == pytest.approx(1)
    assert row["nps"] == pytest.approx(
        100 * np.mean([(one >= 9) - (one <= 6) for one in scores]), abs=1e-9
    )


@given(st.permutations(range(30)))
def test_the_order_of_rows_never_matters(order):
    answers, _ = simulate_recommendation(30, branches=5, seed=3)
    table = shrunken(net_promoter(answers, by="branch", scale=10))
    again = shrunken(net_promoter(answers.iloc[order], by="branch", scale=10))
    pd.testing.assert_frame_equal(table, again)


# when misused


def test_a_scale_of_five_has_no_net_promoter_score():
    stars = pd.DataFrame({"score": [5, 5, 4, 3, 1]})
    with pytest.raises(AmbiguousError, match=r"no answer lies above 5.*use csat"):
        net_promoter(stars)
    with pytest.raises(OutOfRangeError, match="got scale=5"):
        net_promoter(stars, scale=5)
    assert net_promoter(stars, scale=10)["nps"].item() == -100
    assert csat(stars)["top_share"].item() == 0.6


def test_refuses_answers_that_are_none():
    good = said(2, 1, 1)
    with pytest.raises(OutOfRangeError, match=r"0 to 10, in row\(s\) \[0\]"):
        net_promoter(pd.DataFrame({"score": [11, 3]}))
    with pytest.raises(OutOfRangeError, match="whole number"):
        net_promoter(pd.DataFrame({"score": [9.5, 3]}))
    with pytest.raises(BadRowsError, match="have no score"):
        net_promoter(pd.DataFrame({"score": [9, None]}))
    with pytest.raises(WrongTypeError):
        net_promoter(pd.DataFrame({"score": ["9", "3"]}))
    with pytest.raises(EmptyError):
        net_promoter(good.head(0))
    with pytest.raises(MissingColumnsError, match="score=…"):
        net_promoter(good.rename(columns={"score": "answer"}))
    with pytest.raises(OutOfRangeError, match="a column customers of its own"):
        net_promoter(good.assign(customers=1), by="customers")
    with pytest.raises(OutOfRangeError, match="weight must be above 0"):
        net_promoter(good.assign(weight=[1, 1, 1, 0]), weight="weight")
    with pytest.raises(OutOfRangeError, match="1 to 5, in row"):
        csat(pd.DataFrame({"score": [0, 5]}))
    with pytest.raises(OutOfRangeError):
        csat(pd.DataFrame({"score": [1, 5]}), top=5)


def test_refuses_to_weigh_or_shrink_what_it_cannot():
    asked = pd.DataFrame({"kind": ["a", "b"], "answered": [True, False]})
    with pytest.raises(BadRowsError, match="nobody answered of"):
        response_weights(asked, by="kind")
    with pytest.raises(OutOfRangeError, match="nobody answered, so"):
        response_weights(asked.assign(answered=False), by="kind")
    with pytest.raises(OutOfRangeError, match="rename it first"):
        response_weights(asked.assign(weight=1.0), by="kind")
    with pytest.raises(OutOfRangeError, match="at least 4 are needed"):
        shrunken(pd.DataFrame({"nps": [1.0, 2, 3], "standard_error": 1.0}))
    with pytest.raises(OutOfRangeError, match="must be above 0"):
        shrunken(pd.DataFrame({"nps": [1.0, 2, 3, 4], "standard_error": [1.0, 1, 1, 0]}))


@pytest.mark.parametrize(
    "wrong",
    [{"n": 3}, {"branches": 0}, {"answer": 0.0}, {"spread": -1.0}, {"by_feeling": np.inf}],
)
def test_the_simulator_refuses_worlds_that_there_are_not(wrong):
    with pytest.raises(OutOfRangeError):
        simulate_recommendation(**{"n": 100, "seed": 1, **wrong})
