"""Lots drawn again, friends, novelty, many ideas, one city, one series, points that run off."""

import numpy as np
import pandas as pd
import pytest
from scipy.linalg import toeplitz
from scipy.optimize import minimize_scalar
from scipy.signal import lfilter
from scipy.special import ndtr
from scipy.stats import bootstrap, permutation_test

from crmlab.campaigns import (
    bootstrap_difference,
    effect_by_week,
    interrupted_series,
    points_liability,
    points_triangle,
    randomisation_test,
    simulate_cities,
    simulate_friends,
    simulate_ideas,
    simulate_ledger,
    simulate_novelty,
    simulate_trial,
    synthetic_control,
    treatment_effect,
)
from crmlab.errors import BadRowsError, CrmlabError, OutOfRangeError, UnknownNameError
from crmlab.loyalty import shrunken

# by hand


def test_all_lots_are_counted_by_hand():
    trial = pd.DataFrame({"treated": [True, True, False, False], "spend": [9.0, 5, 4, 2]})
    # Six lots: sums of two of 9, 5, 4, 2 are 14, 13, 11, 9, 7, 6; their mean is 10. As far from it
    # as 14 are 14 and 6.
    found = randomisation_test(trial, seed=1)
    assert (found.effect, found.p_value) == (4.0, pytest.approx(2 / 6))
    assert (found.assignments, found.exact) == (6, True)


def test_a_triangle_by_hand():
    ledger = pd.DataFrame(
        {
            "earned_month": [3, 3, 3, 4, 4, 5],
            "redeemed_month": [3, 5, -1, 5, -1, -1],
            "points": [100, 200, 700, 50, 150, 400],
        }
    )
    found = points_triangle(ledger)
    assert found["earned_month"].tolist() == [3, 3, 3, 4, 4, 5]
    assert found["age_months"].tolist() == [0, 1, 2, 0, 1, 0]
    assert found["share"].tolist() == pytest.approx([0.1, 0.1, 0.3, 0, 0.25, 0])
    # At the end of month 4 the two hundred and the fifty are not redeemed yet.
    early = points_triangle(ledger, month=4)
    assert early["share"].tolist() == pytest.approx([0.1, 0.1, 0])


def test_weeks_by_hand_and_their_mean_so_far():
    trial = pd.DataFrame(
        {
            "customer_id": [1, 2, 3, 4] * 2,
            "week": [0] * 4 + [1] * 4,
            "treated": [True, True, False, False] * 2,
            "spend": [9.0, 7, 2, 2, 5, 3, 2, 2],
        }
    )
    found = effect_by_week(trial)
    assert found["effect"].tolist() == [6, 2]
    assert found["so_far"].tolist() == [6, 4]


# against the formula and other packages


def test_drawn_lots_are_those_of_scipy():
    trial, _ = simulate_trial(60, seed=2)
    one, other = (trial.loc[trial["treated"] == arm, "spend"] for arm in (True, False))
    found = randomisation_test(trial, draws=4_000, seed=3)
    theirs = permutation_test(
        (one, other),
        lambda x, y: np.mean(x) - np.mean(y),
        n_resamples=4_000,
        rng=np.random.default_rng(4),
    )
    reach = 3 * (2 * theirs.pvalue * (1 - theirs.pvalue) / 4_000) ** 0.5
    assert found.p_value == pytest.approx(theirs.pvalue, abs=reach)
    assert not found.exact


@pytest.mark.parametrize("n", [300, 30_000], ids=["one by one", "in groups"])
def test_the_bootstrap_is_that_of_scipy(n):
    trial, _ = simulate_trial(n, seed=5)
    found = bootstrap_difference(trial, draws=2_000, seed=6)
    one, other = (trial.loc[trial["treated"] == arm, "spend"].to_numpy() for arm in (True, False))
    theirs = bootstrap(
        (one, other),
        lambda x, y, axis=-1: x.mean(axis) - y.mean(axis),
        n_resamples=2_000 if n < 1_000 else 400,
        vectorized=True,
        method="percentile",
        batch=50,
        rng=np.random.default_rng(7),
    )
    draws = len(theirs.bootstrap_distribution)
    # The error of a standard error by so many draws is 1 / sqrt(2 draws) of it.
    off = 3 * theirs.standard_error * (0.5 / draws + 0.5 / 2_000) ** 0.5
    assert found.standard_error == pytest.approx(theirs.standard_error, abs=off)
    # That of a quantile at 2.5% is 2.67 standard errors over sqrt(draws), for a normal law.
    off = 3 * 2.67 * theirs.standard_error * (1 / draws + 1 / 2_000) ** 0.5
    low, high = theirs.confidence_interval
    assert (found.low, found.high) == (pytest.approx(low, abs=off), pytest.approx(high, abs=off))


def test_with_eight_stores_the_test_by_lots_keeps_its_promise():
    rng, false = np.random.default_rng(8), 0
    for _ in range(300):
        stores = pd.DataFrame({"treated": [True] * 4 + [False] * 4, "spend": rng.pareto(2, 8)})
        false += randomisation_test(stores, seed=1).p_value <= 0.05
    # 70 lots: the p-values are those of 2, 4, ... lots of 70, so that 2 of 70 lie below 5%.
    assert false / 300 == pytest.approx(2 / 70, abs=3 * (2 / 70 * 68 / 70 / 300) ** 0.5)


@pytest.mark.parametrize("unlike", [0.2, 2.0], ids=["customers alike", "customers unlike"])
def test_the_interval_by_resampling_holds_in_95_of_100_worlds(unlike, covers, few, request):
    rng, held = np.random.default_rng(9), []
    for _ in few:
        trial, _ = simulate_trial(1_500, unlike=unlike, seed=rng)
        found = bootstrap_difference(trial, draws=400, seed=rng)
        held.append(found.low <= 10 <= found.high)
    covers(held, "campaigns.bootstrap_difference", request.node.callspec.id)


@pytest.mark.parametrize("skewed", [False, True], ids=["even money", "skewed money"])
def test_the_interval_of_a_week_holds_in_95_of_100_worlds(skewed, covers, few, request):
    # 80 customers, half of them treated, for two weeks; the effect of the first is 7, then 4.8.
    rng, held = np.random.default_rng([9, skewed]), []
    for _ in few:
        data, truth = simulate_novelty(80, weeks=2, seed=rng)
        if not skewed:
            mean = 20 + data["treated"] * truth["effect"].to_numpy()[data["week"]]
            data["spend"] = rng.normal(mean, 8)
        row = effect_by_week(data).iloc[0]
        held.append(row["low"] <= truth["effect"][0] <= row["high"])
    covers(held, "campaigns.effect_by_week", request.node.callspec.id)


def test_a_series_is_weighted_by_the_likeliest_share_of_the_week_before():
    # The same by whole matrices: weights of errors whose correlation falls by the share each week.
    rng, week = np.random.default_rng(10), np.arange(-30, 30)
    x = np.stack([np.ones(60), week, week >= 0, week * (week >= 0)], axis=1).astype(float)
    y = x @ [50, 0.3, 6, -0.2] + lfilter([1.0], [1.0, -0.6], rng.normal(0, 2, 60))

    def fitted(share):
        weight = np.linalg.inv(toeplitz(share ** np.arange(60)))
        spread = np.linalg.inv(x.T @ weight @ x)
        best = spread @ x.T @ weight @ y
        left = (y - x @ best) @ weight @ (y - x @ best)
        size = -np.linalg.slogdet(weight)[1] - np.linalg.slogdet(spread)[1]
        return 56 * np.log(left) + size, best, np.sqrt(np.diag(spread) * left / 56)

    best = minimize_scalar(lambda share: fitted(share)[0], bounds=(0.01, 0.99), method="bounded")
    _, values, errors = fitted(best.x)
    found = interrupted_series(pd.DataFrame({"week": week, "sales": y}))
    assert found["value"].to_numpy() == pytest.approx(values[1:], rel=1e-3)
    assert found["standard_error"].to_numpy() == pytest.approx(errors[1:], rel=1e-3)


@pytest.mark.parametrize("likeness", [0.0, 0.5], ids=["weeks unlike", "weeks like the one before"])
def test_the_intervals_of_a_series_hold_in_95_of_100_worlds(likeness, covers, few, request):
    # 40 weeks before and 40 after; an error is `likeness` times that of the week before, and new.
    rng, week = np.random.default_rng([9, int(10 * likeness)]), np.arange(-40, 40)
    truth = {"trend before": 0.2, "jump": 8.0, "bend": -0.1}
    line = 100 + 0.2 * week + (8 - 0.1 * week) * (week >= 0)
    held = {effect: [] for effect in truth}
    for _ in few:
        luck = lfilter([1.0], [1.0, -likeness], rng.normal(0, 3, 180))[100:]
        found = interrupted_series(pd.DataFrame({"week": week, "sales": line + luck}))
        for row in found.itertuples():
            held[row.effect].append(row.low <= truth[row.effect] <= row.high)
    for effect, each in held.items():
        covers(each, "campaigns.interrupted_series", request.node.callspec.id, part=effect)


# friends, stores, novelty, ideas


def test_where_friends_talk_only_lots_of_circles_find_the_effect():
    single, circles, true = [], [], 6.0 * 1.5
    for seed in range(20):
        data, _ = simulate_friends(600, draw="customer", seed=seed)
        single.append(treatment_effect(data)["effect"].iloc[0])
        data, _ = simulate_friends(600, draw="circle", seed=seed)
        found = treatment_effect(data, store="circle_id").set_index("way")
        circles.append(found.loc["store", "effect"])
    assert np.mean(circles) == pytest.approx(true, abs=3 * np.std(circles) / 20**0.5)
    # Friends of the control group are treated as often as those of the treated.
    assert np.mean(single) == pytest.approx(6, abs=3 * np.std(single) / 20**0.5)


def test_forty_stores_are_not_forty_thousand_customers():
    fooled, kept = 0, 0
    for seed in range(60):
        # A store is a circle whose customers are alike in a tenth: nothing is done to them.
        data, _ = simulate_friends(
            40, circle=100, draw="circle", effect=0.0, likeness=0.1, seed=seed
        )
        found = treatment_effect(data, store="circle_id").set_index("way")
        wrong = ~((found["low"] <= 0) & (found["high"] >= 0))
        fooled += wrong["difference"]
        kept += wrong["store"]
    # 100 customers who are alike in a tenth spread their mean as 100 / 10.9 unlike ones do, so
    # that 1.96 standard errors of single customers are 0.59 true ones: a false alarm in 55%.
    chance = 2 * ndtr(-1.96 / (1 + 99 * 0.1) ** 0.5)
    assert fooled == pytest.approx(60 * chance, abs=3 * (60 * chance * (1 - chance)) ** 0.5)
    assert kept <= 8  # 3 expected of 60; more than 8 has a chance of 0.4%


def test_a_short_test_reports_the_novelty_and_a_long_one_what_lasts():
    first, last, short = [], [], []
    for seed in range(20):
        data, truth = simulate_novelty(2_000, seed=seed)
        found = effect_by_week(data)
        short.append(found["so_far"].iloc[1])
        first.append(found["effect"].iloc[0] - truth["effect"].iloc[0])
        last.append(found["effect"].iloc[-1] - truth["effect"].iloc[-1])
    for errors in (first, last):
        assert abs(np.mean(errors)) < 3 * np.std(errors) / 20**0.5
    # Two weeks report the mean of both, more than five times what is left in the last one.
    early = truth["effect"].iloc[:2].mean()
    assert np.mean(short) == pytest.approx(early, abs=3 * np.std(short) / 20**0.5)
    assert early > 5 * truth["effect"].iloc[-1]


def test_the_best_of_twenty_ideas_is_worth_less_than_it_measured_and_more_than_one_big_bet():
    measured, true, deflated, bet = [], [], [], []
    for seed in range(800):
        ideas, truth = simulate_ideas(20, mean=1.0, spread=2.0, seed=seed)
        best = int(ideas["effect"].idxmax())
        measured.append(ideas["effect"][best])
        true.append(truth["effect"][best])
        if seed < 200:
            deflated.append(shrunken(ideas, estimate="effect")["shrunk"][best])
        bet.append(max(truth["effect"][0], 0))  # one idea, tested for sure, and done if it is good
    # What is measured is Normal(1, root(2**2 + s**2)), and the largest of 20 normal numbers is
    # 1.867 on average; of what it stands above the mean, 2**2 / (2**2 + s**2) is true.
    spread = (2.0**2 + (2 * 130) ** 2 / 1_000) ** 0.5
    for found, wanted in (
        (measured, 1 + 1.867 * spread),
        (true, 1 + 1.867 * 2.0**2 / spread),
    ):
        assert np.mean(found) == pytest.approx(wanted, abs=3 * np.std(found) / 800**0.5)
    # Twenty ideas tell their own spread badly: of the luck, at most a sixth is left on average.
    off = np.array(deflated) - true[:200]
    left = abs(np.mean(off)) - 3 * np.std(off) / 200**0.5
    assert left < (np.mean(measured) - np.mean(true)) / 6
    assert np.mean(true) > np.mean(bet) + 3 * np.std(np.array(true) - bet) / 800**0.5


# one city, one series


def test_a_mixture_of_cities_finds_the_lift_and_says_when_none_fits():
    errors, p_values, too_large = [], [], []
    for seed in range(100, 120):
        panel, truth = simulate_cities(20, seed=seed)
        found = synthetic_control(panel, treated="city 1")
        errors.append(found.effect - truth.loc[truth["week"] >= 0, "effect"].mean())
        p_values.append(found.p_value)
        assert found.weights["weight"].sum() == pytest.approx(1)
        assert (found.weights["weight"] >= 0).all()
        # A city twice as large as any mixture: a gap without an effect, and it is there before.
        large, _ = simulate_cities(20, size=2.0, lift=0.0, seed=seed)
        found = synthetic_control(large, treated="city 1")
        before = found.path.loc[found.path["week"] < 0, "gap"]
        too_large.append((found.relative, before.mean()))
    assert abs(np.mean(errors)) < 3 * np.std(errors) / 20**0.5
    # The effect is 10: three standard errors of a single city, so that it is the most unlike of
    # the 20 in nearly all worlds; by chance it would be in one of 20.
    assert 3 * np.std(errors) < 10
    assert np.sum(np.array(p_values) == 1 / 20) >= 17  # 3 errors below 19.6 of 20
    # Twice as large as any mixture: without an effect the gap is that of the size, and it was
    # there before.
    gaps = np.array(too_large)
    assert (gaps.mean(axis=0) - 3 * gaps.std(axis=0) / 20**0.5 > [0.1, 10]).all()


def test_a_series_alone_finds_the_jump_and_takes_a_shock_for_it():
    jumps, shocked, by_others, lost = [], [], [], []
    for seed in range(20):
        rng = np.random.default_rng(seed)
        week = np.arange(-40, 40)
        sales = 100 + 0.2 * week + 8 * (week >= 0) + rng.normal(0, 3, 80)
        series = pd.DataFrame({"week": week, "sales": sales})
        jumps.append(interrupted_series(series).set_index("effect").loc["jump"])
        panel, truth = simulate_cities(20, lift=0.0, shock=-0.2, seed=seed)
        alone = interrupted_series(panel[panel["city"] == "city 1"]).set_index("effect")
        shocked.append(alone.loc["jump", "value"])
        by_others.append(synthetic_control(panel, treated="city 1").effect)
        assert (truth["effect"] == 0).all()
        # The shock takes a fifth of what would have been, a quarter of what was left.
        left = truth.loc[truth["week"] >= 0, "without"]
        lost.append((-0.25 * left.iloc[0], -0.25 * left.mean()))
    jumps = pd.DataFrame(jumps)
    assert jumps["value"].mean() == pytest.approx(8, abs=3 * jumps["value"].std() / 20**0.5)
    # What happens to the one city alone is taken for the programme by both: neither can know.
    for found, wanted in zip((shocked, by_others), np.array(lost).T, strict=True):
        apart = found - wanted
        assert np.mean(apart) == pytest.approx(0, abs=3 * np.std(apart) / 20**0.5)
        assert np.mean(found) + 3 * np.std(found) / 20**0.5 < 0


def test_what_moves_all_cities_is_taken_for_an_effect_by_a_series_alone():
    false_alone, false_beside = 0, 0
    for seed in range(20):
        panel, _ = simulate_cities(20, lift=0.0, seed=seed)
        one = interrupted_series(panel[panel["city"] == "city 1"]).set_index("effect").loc["jump"]
        false_alone += not one["low"] <= 0 <= one["high"]
        false_beside += synthetic_control(panel, treated="city 1").p_value <= 0.05
    # One in 20 is promised, and more than 4 would have a chance of 0.3%: random walks are no lines.
    assert false_alone > 4
    assert false_beside <= 4


# points that run off


def test_what_is_still_owed_is_foreseen_and_breakage_is_what_was_planted():
    off, broken = [], []
    for seed in range(20):
        ledger, truth = simulate_ledger(300, seed=seed)
        found = points_liability(ledger, expiry=24).merge(truth)
        off.append((found["redeemed"] + found["expected"] - found["ultimate"]).sum())
        broken.append(found["breakage"].iloc[-1])
        # A firm without breakage would hold back far more than is ever asked for.
        assert found["face_cny"].sum() > 1.5 * found["liability_cny"].sum()
    assert abs(np.mean(off)) < 3 * np.std(off) / 20**0.5
    planted = 1 - 0.7 * (1 - 0.85**24)
    assert np.mean(broken) == pytest.approx(planted, abs=3 * np.std(broken) / 20**0.5)


def test_what_is_lost_is_owed_no_more():
    ledger, _ = simulate_ledger(50, months=30, expiry=12, seed=1)
    found = points_liability(ledger, expiry=12)
    old = found["age_months"] >= 11
    assert (found.loc[old, ["still_open", "expected", "liability_cny"]] == 0).all().all()
    assert (found.loc[~old, "expected"] > 0).all()


# for any data


def test_row_order_does_not_matter():
    trial, _ = simulate_trial(200, seed=1)
    mixed = trial.sample(frac=1, random_state=1)
    assert randomisation_test(trial, seed=1) == randomisation_test(mixed, seed=1)
    ledger, _ = simulate_ledger(20, seed=1)
    again = ledger.sample(frac=1, random_state=1)
    pd.testing.assert_frame_equal(points_triangle(ledger), points_triangle(again))
    pd.testing.assert_frame_equal(
        points_liability(ledger, expiry=24), points_liability(again, expiry=24)
    )


# when misused

CITIES = simulate_cities(4, weeks=5, seed=1)[0]
LEDGER = simulate_ledger(5, months=6, expiry=3, seed=1)[0]


@pytest.mark.parametrize(
    ("call", "error", "words"),
    [
        (lambda: synthetic_control(CITIES, treated="city 9"), UnknownNameError, "city 9"),
        (
            lambda: synthetic_control(CITIES.query("week < 0"), treated="city 1"),
            OutOfRangeError,
            "0",
        ),
        (
            lambda: synthetic_control(pd.concat([CITIES] * 2), treated="city 1"),
            BadRowsError,
            "once",
        ),
        (lambda: interrupted_series(CITIES), BadRowsError, "more than once"),
        (lambda: interrupted_series(CITIES.head(6)), OutOfRangeError, "at least 8 of each"),
        (lambda: points_liability(LEDGER, expiry=12), OutOfRangeError, "the ledger has 6 months"),
        (lambda: points_triangle(LEDGER.assign(points=-1)), BadRowsError, "points below 0"),
        (
            lambda: points_triangle(LEDGER.assign(earned_month=5, redeemed_month=4)),
            BadRowsError,
            "redeemed_month before earned_month",
        ),
        (lambda: points_triangle(LEDGER, month=-3), OutOfRangeError, "lies before"),
        (lambda: simulate_friends(3, seed=1), OutOfRangeError, "n must be"),
        (lambda: simulate_friends(9, spill=50, seed=1), OutOfRangeError, "spill"),
        (lambda: simulate_novelty(9, half_life=0, seed=1), OutOfRangeError, "half_life"),
        (lambda: simulate_ideas(9, customers=10, seed=1), OutOfRangeError, "customers"),
        (lambda: simulate_cities(2, seed=1), OutOfRangeError, "n must be"),
        (lambda: simulate_ledger(5, pace=0, seed=1), OutOfRangeError, "pace"),
        (lambda: randomisation_test(CITIES, seed=1), CrmlabError, "missing"),
    ],
)
def test_misuse_ends_in_words(call, error, words):
    with pytest.raises(error, match=words):
        call()
