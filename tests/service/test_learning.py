"""Bandits and their regret; what another rule would have brought; how far to tailor."""

import numpy as np
import pandas as pd
import pytest

from crmlab.errors import BadRowsError, MissingColumnsError, OutOfRangeError
from crmlab.service import (
    best_treatments,
    crossover_cost,
    off_policy_value,
    regret,
    simulate_bandit,
    simulate_logged,
    simulate_tailoring,
    tailoring,
)

BEST = {"young": "coupon", "family": "sample", "senior": "call"}

# regret


def test_regret_is_the_best_rate_less_that_of_the_offer():
    log = pd.DataFrame({"world": [0, 0, 1, 1], "step": [0, 1, 0, 1], "offer": [0, 1, 1, 1]})
    rates = pd.DataFrame({"world": [0, 0, 1, 1], "offer": [0, 1] * 2, "rate": [0.1, 0.3, 0.2, 0.1]})
    found = regret(log, rates)
    assert found["regret"].tolist() == pytest.approx([(0.2 + 0.1) / 2, (0 + 0.1) / 2])
    assert found["total"].tolist() == pytest.approx([0.15, 0.2])
    assert found["best"].tolist() == [0, 0.5]
    mixed = regret(log.sample(frac=1, random_state=1), rates.sample(frac=1, random_state=2))
    pd.testing.assert_frame_equal(found, mixed)


@pytest.mark.curriculum("S123")
def test_a_million_steps_in_500_worlds_regret_falls_and_thompson_loses_less_than_epsilon():
    curves = {
        policy: regret(*simulate_bandit(500, policy=policy, steps=2_000, seed=123))
        for policy in ("thompson", "epsilon")
    }
    assert len(curves["thompson"]) == 2_000
    for curve in curves.values():
        by_quarter = curve["regret"].groupby(curve["step"] // 500).mean()
        assert by_quarter.is_monotonic_decreasing
    last = {policy: curve["regret"].tail(500).mean() for policy, curve in curves.items()}
    # Epsilon explores for ever: a tenth of the mean regret of any offer at all.
    mean_loss = 0.12 - np.mean([0.02, 0.04, 0.06, 0.12])
    assert last["epsilon"] > 0.1 * mean_loss
    assert last["thompson"] < last["epsilon"] / 2
    # At first it is the other way round: what it learns later, Thompson pays early.
    early = {policy: curve["total"].iloc[199] for policy, curve in curves.items()}
    assert early["thompson"] > early["epsilon"]


def test_an_even_test_loses_the_mean_difference_at_every_step():
    log, rates = simulate_bandit(200, policy="even", rates=[0.1, 0.3], steps=200, seed=5)
    curve = regret(log, rates)
    # 40,000 choices: the share of the worse one is 1/2 within 3 standard errors.
    assert curve["regret"].mean() == pytest.approx(0.1, abs=0.2 * 3 * 0.5 / 200)
    taken = log.groupby("offer")["taken"].mean()
    assert taken.tolist() == pytest.approx([0.1, 0.3], abs=3 * (0.21 / 20_000) ** 0.5)


def test_rewards_that_come_late_cost_regret():
    totals = [
        regret(*simulate_bandit(200, delay=delay, steps=600, seed=6))["total"].iloc[-1]
        for delay in (0, 100, 300)
    ]
    assert totals == sorted(totals)
    log, _ = simulate_bandit(400, delay=300, steps=300, seed=6)
    # Nothing is known yet, so every offer is made alike: 4 offers, 120,000 choices.
    share = log["offer"].value_counts(normalize=True)
    assert share.tolist() == pytest.approx([0.25] * 4, abs=3 * (0.1875 / 120_000) ** 0.5)


# off_policy_value


def test_the_four_ways_by_hand():
    log = pd.DataFrame(
        {
            "wanted": ["call", "call", "call", "call"],
            "offer": ["call", "coupon", "call", "coupon"],
            "propensity": [0.25, 0.75, 0.5, 0.5],
            "taken": [1, 1, 0, 1],
            "kind": ["a", "a", "b", "b"],
        }
    )
    found = off_policy_value(log, features=["kind"]).set_index("way")["value"]
    assert found["matching"] == 0.5
    assert found["ips"] == (1 / 0.25 + 0) / 4
    assert found["snips"] == pytest.approx((1 / 0.25) / (1 / 0.25 + 1 / 0.5))
    # One call in each kind: the other one (mean 1/2 of both) stands in for whoever got it.
    # Guesses 1/2, 1, 1/2, 0; missed where both agree: 1 - 1/2 at 1/4, and 0 - 1/2 at 1/2.
    assert found["doubly robust"] == (0.5 + 1 + 0.5 + 0 + 0.5 / 0.25 - 0.5 / 0.5) / 4


@pytest.mark.slow
@pytest.mark.curriculum("S123")
@pytest.mark.parametrize("world", [{}, {"explores": 1.0, "keenness": 0.0}], ids=["unlike", "alike"])
def test_intervals_hold_the_truth_in_95_of_100_worlds(covers, few, world):
    held, errors = {}, {}
    rng = np.random.default_rng(500)
    for _ in few:
        log, truth = simulate_logged(1_500, seed=rng, **world)
        log = log.assign(wanted=log["segment"].map(BEST))
        rate = truth["rate"].to_numpy().reshape(-1, 3)
        columns = truth["offer"].to_numpy()[:3].tolist()
        value = rate[np.arange(len(log)), log["wanted"].map(columns.index)].mean()
        for way, low, high, got in off_policy_value(log, features=["segment", "keen"])[
            ["way", "low", "high", "value"]
        ].to_numpy():
            held.setdefault(way, []).append(low <= value <= high)
            errors.setdefault(way, []).append(got - value)
    for way in ("ips", "snips", "doubly robust"):
        covers(held[way], "service.off_policy_value", "alike" if world else "unlike", part=way)
        assert abs(np.mean(errors[way])) < 3 * np.std(errors[way]) / len(few) ** 0.5, way
    biased = np.mean(errors["matching"]) / (np.std(errors["matching"]) / len(few) ** 0.5)
    # The old rule chose whom it tried the others on: the mean where both agree is too low.
    assert biased < -3 or world


def test_refuses_a_log_that_cannot_answer():
    log, _ = simulate_logged(50, seed=1)
    log = log.assign(wanted="letter")
    with pytest.raises(OutOfRangeError, match="agree in no row"):
        off_policy_value(log)
    with pytest.raises(BadRowsError, match="no chance above 0"):
        off_policy_value(log.assign(wanted="coupon", propensity=0.0))
    with pytest.raises(MissingColumnsError, match="propensity"):
        off_policy_value(log.drop(columns="propensity"))
    with pytest.raises(BadRowsError, match="have no rate"):
        regret(
            pd.DataFrame({"world": [0], "step": [0], "offer": [3]}),
            pd.DataFrame({"world": [0], "offer": [0], "rate": [0.1]}),
        )
    for wrong in (
        {"policy": "luck"},
        {"rates": [0.5]},
        {"rates": 0.5},
        {"delay": -1},
        {"epsilon": 10},
    ):
        with pytest.raises(OutOfRangeError):
            simulate_bandit(2, seed=1, **wrong)
    for wrong in ({"favours": "nobody"}, {"explores": 20}, {"keenness": 2}):
        with pytest.raises(OutOfRangeError):
            simulate_logged(2, seed=1, **wrong)


# tailoring


def chosen_value(trials, truth, degree):
    """Return what the treatments chosen at a degree are truly worth, the mean of the customers."""
    plan = best_treatments(trials, degree=degree)
    return plan.merge(truth, on=["customer_id", "treatment"])["value"].mean()


@pytest.mark.curriculum("S124")
@pytest.mark.parametrize("seed", range(20))
def test_the_crossover_is_found_within_five_percent_and_the_promise_is_too_high(seed):
    trials, truth = simulate_tailoring(
        10_000, segments=4, trials=2, between=0.5, personal=1.5, noise=2.0, seed=seed
    )
    table = tailoring(trials)
    cross = crossover_cost(table).set_index("finer")
    segment, personal = (chosen_value(trials, truth, by) for by in ("segment", "customer_id"))
    wanted = (personal - segment) * 10_000 / (10_000 - 4)
    found = cross.loc["customer_id", "cost"]
    assert found == pytest.approx(wanted, rel=0.05)
    assert cross.loc["customer_id", "promised"] > 1.3 * wanted


def test_the_closed_form_of_the_curse():
    trials, _ = simulate_tailoring(20_000, segments=1, between=0, trials=2, seed=3)
    table = tailoring(trials).set_index("degree")
    largest = 1.0294  # mean of the largest of four standard normal numbers
    root = np.sqrt(1 + 9 / 2)
    mass = table.loc["mass", "expected"]
    error = 3 * root / 20_000**0.5
    assert table.loc["customer_id", "promised"] - mass == pytest.approx(
        largest * root, abs=2 * error
    )
    assert table.loc["customer_id", "expected"] - mass == pytest.approx(largest / root, abs=error)
    assert table.loc["customer_id", "reliability"] == pytest.approx(1 / root**2, abs=0.01)


def test_where_customers_are_alike_tailoring_to_each_is_worth_nothing():
    trials, _ = simulate_tailoring(3_000, personal=0.0, seed=4)
    table = tailoring(trials).set_index("degree")
    assert table.loc["customer_id", "gain"] < 0.1
    assert table.loc["customer_id", "promised"] > table.loc["segment", "promised"] + 0.5


def test_what_customers_spend_whatever_is_done_decides_nothing():
    trials, _ = simulate_tailoring(500, seed=5)
    rich = trials.assign(profit=trials["profit"] + 100 * (trials["customer_id"] % 7))
    both = [tailoring(one)[["reliability", "gain"]].iloc[1:] for one in (trials, rich)]
    pd.testing.assert_frame_equal(*both, atol=1e-8, rtol=1e-6)


def test_refuses_trials_that_leave_something_open():
    trials, _ = simulate_tailoring(20, seed=1)
    with pytest.raises(BadRowsError, match="never tried every treatment"):
        tailoring(trials[(trials["customer_id"] != 3) | (trials["treatment"] != 1)])
    with pytest.raises(BadRowsError, match="belong to two groups"):
        tailoring(trials.assign(segment=trials["trial"]))
    with pytest.raises(OutOfRangeError, match="two trials of each"):
        tailoring(trials[trials["trial"] == 0])
    with pytest.raises(OutOfRangeError, match="number of treatments"):
        tailoring(trials[trials["treatment"] == 0])
    with pytest.raises(OutOfRangeError, match="number of degrees"):
        crossover_cost(tailoring(trials).head(1))
    for wrong in ({"segments": 0}, {"n": 2}, {"treatments": 1}, {"trials": 1}, {"noise": -1}):
        with pytest.raises(OutOfRangeError):
            simulate_tailoring(**{"n": 20, "seed": 1} | wrong)


def test_an_offer_with_two_rates_or_one_never_made_is_told():
    log = pd.DataFrame({"world": [0, 0], "step": [0, 1], "offer": [0, 1]})
    rates = pd.DataFrame({"world": [0, 0, 0], "offer": [0, 1, 1], "rate": [0.1, 0.2, 0.9]})
    with pytest.raises(BadRowsError, match=r"1 offer\(s\) have two rates"):
        regret(log, rates)
    assert len(regret(log, rates.head(2))) == 2
    made, _ = simulate_logged(200, seed=1)
    new = made.assign(wanted="coupon")
    new.loc[:2, "wanted"] = "gift"
    with pytest.raises(BadRowsError, match=r"3 row\(s\) want an offer .* never made.*\['gift'\]"):
        off_policy_value(new)


def test_the_error_of_a_gain_is_that_of_what_the_treatments_truly_bring():
    gaps, errors = [], []
    for seed in range(40):
        trials, truth = simulate_tailoring(300, segments=4, trials=2, noise=2.0, seed=seed)
        table = tailoring(trials).set_index("degree")
        true = [chosen_value(trials, truth, by) for by in ("mass", "segment", "customer_id")]
        gaps.append(table["gain"].to_numpy()[1:] - np.diff(true))
        errors.append(table["gain_error"].to_numpy()[1:])
    spread = np.std(gaps, axis=0, ddof=1)
    # A standard deviation of 40 is off by 11 % itself.
    assert np.mean(errors, axis=0) == pytest.approx(spread, rel=3 * 0.11 + 0.05)


def test_hardly_any_trial_more_than_needed_gives_errors_that_are_numbers():
    trials, _ = simulate_tailoring(6, segments=2, treatments=2, trials=2, seed=7)
    # One trial of each, and a single second one: luck is known from one difference.
    least = pd.concat([trials[trials["trial"] == 0], trials[trials["trial"] == 1].head(1)])
    for one in (least, least.assign(profit=5.0)):
        table = tailoring(one)
        assert table["reliability"].iloc[1:].between(0, 1).all()
        assert np.isfinite(table["gain_error"].iloc[1:]).all()
