"""Uplift: four kinds of customers, curves, profit, models, and the loop of six steps."""

import numpy as np
import pandas as pd
import pytest

from crmlab.campaigns import (
    CampaignLoop,
    UpliftModel,
    campaign_answers,
    qini,
    simulate_uplift,
    uplift_curve,
    uplift_groups,
    uplift_profit,
)
from crmlab.campaigns.model.uplift import METHODS
from crmlab.errors import (
    BadRowsError,
    CrmlabError,
    MissingColumnsError,
    OutOfRangeError,
    UnknownNameError,
)

FEATURES = ["visits", "on_sale", "tenure_months"]
COSTS = {"margin": 40.0, "contact": 2.0, "discount": 8.0}
SMALL = pd.DataFrame(
    {
        "score": [8, 7, 6, 5, 4, 3, 2, 1],
        "treated": [True, False] * 4,
        "bought": [True, False, True, False, True, True, False, True],
    }
)


def halves(n, seed):
    """Return a world's customers who teach, and those who test with their truth."""
    data, truth = simulate_uplift(n, seed=seed)
    teach = np.arange(n) < n // 2
    return data[teach], data[~teach], truth[~teach]


# by hand


def test_the_curve_by_hand():
    found = uplift_curve(SMALL, points=9)
    assert found["asked"].tolist() == [*range(9)]
    # After 4: two treated, both bought; two in control, none did. After 8: 3 of 4 and 2 of 4.
    assert found["qini"].tolist()[4::4] == [2 - 0, 3 - 2]
    assert found["extra"].tolist()[4::4] == [4 * (1 - 0), 8 * (3 / 4 - 2 / 4)]


def test_equal_scores_stay_together():
    found = uplift_curve(SMALL.assign(score=[2, 2, 2, 2, 1, 1, 1, 1]), points=9)
    assert found["asked"].tolist() == [0, 4, 8]


def test_the_profit_by_hand():
    found = uplift_profit(SMALL, margin=10, contact=1, discount=2, points=3)
    # Of the first four 100% buy when treated and none else: 4 * (10 - 2 - 1). Of all eight 3/4
    # and 2/4: 8 * (10 / 4 - 2 * 3 / 4 - 1).
    assert found["profit"].tolist() == pytest.approx([0, 28, 0])


def test_the_area_by_hand():
    found = qini(SMALL.assign(score=[2, 2, 2, 2, 1, 1, 1, 1]), seed=1)
    # The curve goes through (0, 0), (4, 2), (8, 1): the area is 4 + 6, less a triangle of 4.
    assert found.area == pytest.approx(10 - 4)
    # Perfect: 3 treated buyers first (3 treated, so nothing to scale: 3), three who did not buy,
    # then two in control who did: the curve is 3, 3, and 3 - 2 * 4 / 4 = 1.
    assert found.coefficient == pytest.approx(6 / (4.5 + 9 + 4 - 4))


# against the formula


def test_the_simulator_keeps_its_promises():
    n = 200_000
    data, truth = simulate_uplift(n, seed=3)
    both = data.merge(truth)
    for treated, chance in (
        (True, truth["chance"] + truth["uplift"]),
        (False, truth["chance"]),
    ):
        part = both[both["treated"] == treated]
        assert part["bought"].mean() == pytest.approx(
            chance[part.index].mean(), abs=3 * 0.5 / len(part) ** 0.5
        )
    share = truth["kind"].value_counts(normalize=True)
    gap = share["persuadable"] - share["sleeping dog"]
    assert gap == pytest.approx(truth["uplift"].mean(), abs=3 * 0.5 / n**0.5)
    _, told_nothing = simulate_uplift(1_000, sharpness=0, seed=3)
    assert (told_nothing["uplift"] == 0).all()
    assert (told_nothing["chance"] == 0.5).all()


def test_the_coefficient_needs_no_loop_over_thresholds_and_equals_one():
    rng = np.random.default_rng(4)
    scored, _ = simulate_uplift(300, seed=4)
    scored = scored.assign(score=rng.integers(0, 40, 300))
    points, all_of = [(0, 0.0)], scored["treated"].sum()
    for edge in sorted({*scored["score"]}, reverse=True):
        top = scored[scored["score"] >= edge]
        one, other = top[top["treated"]]["bought"], top[~top["treated"]]["bought"]
        scaled = other.sum() * len(one) / len(other) if len(other) else 0
        points.append((len(top), one.sum() - scaled))
    x, y = np.array(points, dtype=float).T
    area = np.trapezoid(y, x) - x[-1] * y[-1] / 2
    assert qini(scored, seed=1).area == pytest.approx(area)
    assert all_of > 0


@pytest.mark.parametrize(
    "scores",
    [
        np.random.default_rng(6).standard_normal(400),
        np.random.default_rng(6).standard_normal(400).round(1),
        # Neighbours in the last bit, on both sides of 0 and of -0.0, which is 0.
        np.append(-0.0, np.arange(-200, 199) * 5e-324),
        1 + np.arange(400) % 90 * np.finfo(float).eps,
    ],
    ids=["all differ", "some are equal", "the smallest there are", "in the last bits alone"],
)
def test_scores_of_any_kind_rank_as_their_whole_numbers_do(scores):
    scored, _ = simulate_uplift(400, seed=6)
    scored = scored.assign(score=np.random.default_rng(7).permutation(scores))
    places = scored["score"].rank(method="dense")
    area = qini(scored, seed=1).area
    assert area == qini(scored.assign(score=places), seed=1).area
    assert area == qini(scored.assign(score=1e300 * places / 400), seed=1).area


@pytest.mark.parametrize("method", METHODS)
def test_each_method_finds_whom_to_treat_in_twenty_worlds(method):
    likeness = []
    for seed in range(20):
        teach, test, truth = halves(6_000, seed)
        score = UpliftModel(method).fit(teach, FEATURES).predict(test)
        likeness.append(np.corrcoef(score, truth["uplift"])[0, 1])
    assert np.mean(likeness) > {"tree": 0.5}.get(method, 0.7)
    assert min(likeness) > 0.2


def test_targeting_by_uplift_earns_where_targeting_by_chance_loses():
    earned = {"uplift": [], "chance": [], "best": [], "all": []}
    for seed in range(20):
        teach, test, truth = halves(12_000, seed)
        model = UpliftModel().fit(teach, FEATURES)
        uplift, chance = model.predict(test), model.predict_chance(test)
        each = truth["uplift"] * 40 - (truth["chance"] + truth["uplift"]) * 8 - 2
        listed = uplift * 40 - chance * 8 - 2 > 0
        likely = np.argsort(-chance)[: listed.sum()]  # as many, by chance to buy
        earned["uplift"].append(each[listed].sum())
        earned["chance"].append(each.iloc[likely].sum())
        earned["best"].append(each.clip(0).sum())
        earned["all"].append(each.sum())
    mean = {name: np.mean(each) for name, each in earned.items()}
    assert mean["uplift"] > 0.85 * mean["best"]
    assert mean["chance"] < 0.3 * mean["uplift"]
    assert mean["all"] < 0


def test_the_profit_that_a_trial_tells_is_the_true_one():
    teach, test, truth = halves(60_000, 5)
    score = UpliftModel().fit(teach, FEATURES).predict(test)
    curve = uplift_profit(test.assign(score=score), **COSTS, points=11)
    each = (truth["uplift"] * 40 - (truth["chance"] + truth["uplift"]) * 8 - 2).to_numpy()
    true = np.append(0.0, each[np.argsort(-score)].cumsum())[curve["asked"]]
    reach = 3 / 1.96 * (curve["high"] - curve["low"]) / 2
    assert (np.abs(curve["profit"] - true) <= reach + 1e-9).all()


@pytest.mark.slow
@pytest.mark.parametrize("sharpness", [1.0, 0.3], ids=["features tell", "features tell little"])
def test_intervals_of_uplift_hold_the_truth_in_95_of_100_worlds(sharpness, covers, few, request):
    regime = request.node.callspec.id
    held = {
        "campaigns.uplift_curve": [],
        "campaigns.uplift_profit": [],
        "campaigns.uplift_groups": [],
    }
    rng = np.random.default_rng(14)
    for _ in few:
        data, truth = simulate_uplift(1_500, sharpness=sharpness, seed=rng)
        data = data.assign(score=truth["uplift"] + 0.1 * rng.standard_normal(1_500))
        order = np.argsort(-data["score"].to_numpy(), kind="stable")
        uplift = truth["uplift"].to_numpy()[order]
        each = uplift * 40 - (truth["chance"].to_numpy()[order] + uplift) * 8 - 2
        row = uplift_curve(data, points=5).iloc[2]
        held["campaigns.uplift_curve"].append(row["low"] <= uplift[:750].sum() <= row["high"])
        row = uplift_profit(data, **COSTS, points=5).iloc[2]
        held["campaigns.uplift_profit"].append(row["low"] <= each[:750].sum() <= row["high"])
        row = uplift_groups(data, groups=4).iloc[0]
        held["campaigns.uplift_groups"].append(row["low"] <= uplift[:375].mean() <= row["high"])
    for name, each in held.items():
        covers(each, name, regime)


@pytest.mark.slow
@pytest.mark.parametrize("likeness", [0.1, 1.0], ids=["a good score", "a poor score"])
def test_the_interval_of_qini_holds_in_95_of_100_worlds(likeness, covers, few, request):
    rng, found = np.random.default_rng(15), []
    big, truth = simulate_uplift(200_000, seed=15)
    big = big.assign(score=truth["uplift"] + likeness * rng.standard_normal(len(big)))
    true = qini(big, draws=50, seed=1).coefficient
    for _ in few:
        rows = rng.integers(0, len(big), 2_000)
        some = big.iloc[rows].drop(columns="customer_id")
        found.append(qini(some, draws=200, seed=rng))
    held = [one.low <= true <= one.high for one in found]
    covers(held, "campaigns.qini", request.node.callspec.id)
    if likeness == 0.1:
        assert np.mean([one.p_value < 0.05 for one in found]) > 0.9


def test_a_score_that_is_noise_looks_good_now_and_then_and_is_told_in_time():
    rng, found = np.random.default_rng(16), []
    for _ in range(200):
        data, _ = simulate_uplift(1_000, seed=rng)
        found.append(qini(data.assign(score=rng.random(1_000)), draws=100, seed=rng))
    above = np.mean([one.coefficient > 0 for one in found])
    assert above == pytest.approx(0.5, abs=3 * 0.5 / 200**0.5)
    false = np.mean([one.p_value <= 0.05 for one in found])
    assert false == pytest.approx(0.05, abs=3 * (0.05 * 0.95 / 200) ** 0.5)


def test_a_list_the_wrong_way_round_is_no_luck_either():
    data, truth = simulate_uplift(20_000, seed=17)
    right, wrong = (qini(data.assign(score=sign * truth["uplift"]), seed=1) for sign in (1, -1))
    assert right.high > right.noise
    assert wrong.low < -wrong.noise
    assert max(right.p_value, wrong.p_value) < 0.02


# S107: the loop


@pytest.mark.curriculum("S107")
def test_six_steps_are_logged_in_order_again_and_again():
    people, truth = simulate_uplift(1_000, seed=7)
    loop = CampaignLoop(seed=7).run(people, market(truth, 7), FEATURES, rounds=3)
    steps = ["record", "analyse", "organise", "implement", "measure", "improve"]
    assert loop.log_["name"].tolist() == 3 * steps
    assert loop.log_["step"].tolist() == 3 * [1, 2, 3, 4, 5, 6]
    assert loop.log_["round"].tolist() == [1] * 6 + [2] * 6 + [3] * 6
    assert loop.log_["done"].all()


def market(truth, seed):
    return lambda number, who: campaign_answers(truth, who, seed=1_000 * seed + number)


@pytest.mark.slow
@pytest.mark.curriculum("S107")
def test_each_step_that_is_skipped_costs_profit_and_the_report_does_not_say_so():
    steps = ("nothing", "record", "analyse", "organise", "implement", "measure", "improve")
    earned, told = ({step: [] for step in steps} for _ in range(2))
    for seed in range(20):
        people, truth = simulate_uplift(2_500, seed=seed)
        for step in steps:
            loop = CampaignLoop(skip=None if step == "nothing" else step, seed=seed)
            # Only for learning once it takes five rounds to be seen.
            loop.run(
                people,
                market(truth, seed),
                FEATURES,
                rounds=5 if step in ("nothing", "improve") else 2,
            )
            rounds = loop.profit(truth)
            earned[step].append(rounds["profit"].tolist())
            told[step].append(rounds["reported"].tolist())
    whole = np.array(earned["nothing"])
    by_round = whole.mean(axis=0)
    assert by_round[0] < 0 < by_round[1] < by_round[-1]
    # Seen in pairs of the same luck, in the last round of each.
    for step in steps[1:]:
        other = np.array(earned[step])
        lost = whole[:, other.shape[1] - 1] - other[:, -1]
        assert lost.mean() > 3 * lost.std() / 20**0.5, step
    for step in ("measure", "organise", "analyse"):
        assert np.mean(earned[step], axis=0)[1] < 0
    # Without a control group the loop loses money and reports the most of all.
    more = np.array(told["measure"])[:, 1] - np.array(told["nothing"])[:, 1]
    assert more.mean() > 3 * more.std() / 20**0.5


# for any data


def test_row_order_does_not_matter():
    data, truth = simulate_uplift(500, seed=8)
    data = data.assign(score=truth["uplift"])
    mixed = data.sample(frac=1, random_state=1)
    pd.testing.assert_frame_equal(uplift_curve(data), uplift_curve(mixed))
    pd.testing.assert_frame_equal(uplift_groups(data), uplift_groups(mixed))
    assert qini(data, seed=1) == qini(mixed, seed=1)


# when misused


@pytest.mark.parametrize(
    ("call", "error", "words"),
    [
        (lambda: uplift_curve(SMALL.assign(treated=1)), OutOfRangeError, "control group is empty"),
        (lambda: uplift_curve(SMALL, score="s"), MissingColumnsError, "missing"),
        (lambda: uplift_curve(SMALL, points=1), OutOfRangeError, "points"),
        (lambda: qini(SMALL.assign(bought=3), seed=1), OutOfRangeError, "bought must be True"),
        (lambda: qini(SMALL, draws=1, seed=1), OutOfRangeError, "draws"),
        (lambda: uplift_profit(SMALL, margin=0), OutOfRangeError, "margin"),
        (lambda: uplift_profit(SMALL, margin=1, contact=-1), OutOfRangeError, "contact"),
        (lambda: uplift_groups(SMALL, groups=8), OutOfRangeError, "fewer groups than 8"),
        (lambda: UpliftModel("magic").fit(SMALL, ["score"]), UnknownNameError, "method"),
        (lambda: UpliftModel().predict(SMALL), OutOfRangeError, "call fit"),
        (
            lambda: UpliftModel().fit(SMALL.assign(bought=~SMALL["treated"]), ["score"]),
            OutOfRangeError,
            "all of the treated group have bought=False",
        ),
        (
            lambda: UpliftModel("tree").fit(SMALL, ["score"]).predict_chance(SMALL),
            OutOfRangeError,
            "knows no chances",
        ),
        (lambda: CampaignLoop().profit(SMALL), OutOfRangeError, "call run"),
        (lambda: run(skip="dance"), UnknownNameError, "skip"),
        (lambda: run(margin=-1), OutOfRangeError, "margin"),
        (lambda: run(contact=-1), OutOfRangeError, "contact"),
        (lambda: run(answer=lambda k, who: [True]), OutOfRangeError, "answers must return 300"),
        (lambda: campaign_answers(SMALL, [True], seed=1), CrmlabError, "missing"),
        (lambda: simulate_uplift(10, sharpness=-1, seed=1), OutOfRangeError, "sharpness"),
    ],
)
def test_misuse_ends_in_words(call, error, words):
    with pytest.raises(error, match=words):
        call()


def run(answer=None, **options):
    people, truth = simulate_uplift(300, seed=1)
    loop = CampaignLoop(**options)
    return loop.run(people, answer or market(truth, 1), FEATURES, rounds=1)


def test_a_customer_who_stands_twice_is_named():
    data, truth = simulate_uplift(50, seed=1)
    twice = pd.concat([data, data.head(1)]).assign(score=1.0)
    with pytest.raises(BadRowsError, match=r"more than once: \[1\]"):
        uplift_curve(twice)
    with pytest.raises(OutOfRangeError, match="50 values"):
        campaign_answers(truth, np.ones(3, dtype=bool), seed=1)
