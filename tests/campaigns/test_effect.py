"""Effects by a control group, sample ratios, assignment, power, and looks."""

import numpy as np
import pandas as pd
import pytest
from scipy.stats import ttest_ind
from statsmodels.stats.power import NormalIndPower, TTestIndPower

from crmlab.campaigns import (
    alarms_by_look,
    assign_groups,
    false_alarms,
    power_curve,
    sample_ratio,
    sequential_bounds,
    simulate_looks,
    simulate_trial,
    treatment_effect,
    trial_size,
)
from crmlab.errors import (
    BadRowsError,
    CrmlabError,
    MissingColumnsError,
    OutOfRangeError,
    WrongTypeError,
)

SMALL = pd.DataFrame(
    {
        "customer_id": [1, 2, 3, 4, 5, 6],
        "treated": [True, True, True, False, False, False],
        "spend_before": [4.0, 6.0, 8.0, 4.0, 5.0, 6.0],
        "spend": [5.0, 7.0, 9.0, 4.0, 5.0, 6.0],
        "city": ["A", "A", "B", "A", "A", "B"],
    }
)

# by hand


def test_the_difference_and_what_cuped_takes_out_by_hand():
    found = treatment_effect(SMALL, before="spend_before").set_index("way")
    assert found.loc["difference", "effect"] == 2
    # Within each arm, spend rises one for one with spend before: the slope is 1.
    # Before, the treated were 6 and the others 5: of the difference of 2, 1 was there already.
    assert found.loc["cuped", "effect"] == pytest.approx(1)
    assert found.loc["cuped", "standard_error"] == pytest.approx(0)
    assert found["treated"].tolist() == found["control"].tolist() == [3, 3]
    assert found.loc["difference", "relative"] == pytest.approx(2 / 5)


def test_strata_by_hand():
    trial = pd.concat([SMALL, SMALL.assign(customer_id=SMALL["customer_id"] + 6)])
    found = treatment_effect(trial, strata="city").set_index("way").loc["strata"]
    # In A: 6 - 4.5 = 1.5 for 8 of 12 customers; in B: 9 - 6 = 3 for 4.
    assert found["effect"] == pytest.approx(1.5 * 8 / 12 + 3 * 4 / 12)


def test_stores_count_once_each_by_hand():
    trial = pd.DataFrame(
        {
            "store": [1, 1, 1, 2, 3, 3, 4],
            "treated": [True] * 4 + [False] * 3,
            "spend": [1.0, 2, 3, 6, 1, 1, 2],
        }
    )
    found = treatment_effect(trial, store="store").set_index("way").loc["store"]
    assert found["effect"] == (2 + 6) / 2 - (1 + 2) / 2
    assert (found["treated"], found["control"]) == (2, 2)


def test_strata_hold_exactly_their_share():
    people = pd.DataFrame({"customer_id": range(30), "city": ["A"] * 20 + ["B"] * 10})
    drawn = assign_groups(people, share=0.3, strata="city", seed=1)
    assert drawn.groupby("city")["treated"].sum().to_dict() == {"A": 6, "B": 3}
    mixed = assign_groups(people.sample(frac=1, random_state=2), share=0.3, strata="city", seed=1)
    pd.testing.assert_frame_equal(drawn, mixed.sort_index())


# against the formula


def test_the_plain_difference_is_welchs():
    trial, _ = simulate_trial(400, seed=2)
    found = treatment_effect(trial).iloc[0]
    one, other = (trial.loc[trial["treated"] == arm, "spend"] for arm in (True, False))
    theirs = ttest_ind(one, other, equal_var=False)
    assert found["effect"] / found["standard_error"] == pytest.approx(theirs.statistic)
    bounds = theirs.confidence_interval(0.95)
    assert (found["low"], found["high"]) == (pytest.approx(bounds.low), pytest.approx(bounds.high))


def test_power_is_that_of_statsmodels():
    found = power_curve([500, 2_000], effect=5.0, sd=40.0)["power"].tolist()
    theirs = [
        NormalIndPower().power(effect_size=5 / 40, nobs1=n / 2, alpha=0.05) for n in (500, 2_000)
    ]
    assert found == pytest.approx(theirs, abs=1e-9)
    size = trial_size(effect=5.0, sd=40.0, control=0.25)
    nobs = NormalIndPower().solve_power(effect_size=5 / 40, alpha=0.05, power=0.8, ratio=3)
    assert size == np.ceil(4 * nobs)
    # Student's t needs a few more: in hundreds of customers nobody sees it.
    student = TTestIndPower().solve_power(effect_size=5 / 40, alpha=0.05, power=0.8, ratio=3)
    assert 0 <= 4 * student - size < 6


def test_repeated_looks_are_those_of_armitage_mcpherson_and_rowe():
    # Their table 2, for a nominal level of 5%: 1, 2, 3, 4, 5, 10, 20 and 50 looks.
    printed = {1: 0.05, 2: 0.083, 3: 0.107, 4: 0.126, 5: 0.142, 10: 0.193, 20: 0.248, 50: 0.320}
    found = false_alarms(50).set_index("look")["false_alarm"]
    assert found[[*printed]].round(3).to_dict() == printed


def test_bounds_are_those_of_jennison_and_turnbull():
    # Group sequential methods (2000), tables 2.1 and 2.3: alpha 0.05, 2, 5 and 10 looks.
    pocock = {2: 2.178, 5: 2.413, 10: 2.555}
    fleming = {2: 1.977, 5: 2.040, 10: 2.087}
    for looks in pocock:
        assert sequential_bounds(looks)["bound"].iloc[0] == pytest.approx(pocock[looks], abs=6e-4)
        last = sequential_bounds(looks, kind="obrien-fleming")["bound"].iloc[-1]
        assert last == pytest.approx(fleming[looks], abs=6e-4)


def test_a_single_look_needs_no_other_bound():
    assert sequential_bounds(1)["bound"].tolist() == pytest.approx([1.959964])


# S108: the control group


@pytest.mark.curriculum("S108")
@pytest.mark.parametrize(
    ("regime", "world"),
    [
        ("half in control, customers alike", {"unlike": 0.05, "visits": 6.0}),
        ("a tenth in control, customers unlike", {"control": 0.1, "unlike": 2.0}),
    ],
)
def test_the_planted_lift_lies_in_the_interval_in_95_of_100_worlds(regime, world, covers):
    held, errors, rng = {"difference": [], "cuped": []}, [], np.random.default_rng(108)
    planted = 0.1 * world.get("visits", 2.0) * 50
    for _ in range(500):
        trial, _truth = simulate_trial(2_000, seed=rng, **world)
        found = treatment_effect(trial, before="spend_before").set_index("way")
        errors.append(found["effect"] - planted)
        for way in held:
            held[way].append(found.loc[way, "low"] <= planted <= found.loc[way, "high"])
    for way, each in held.items():
        assert np.mean(each) >= 0.93
        covers(each, "campaigns.treatment_effect", regime, part=way)
    errors = pd.DataFrame(errors)
    assert (errors.mean().abs() < 3 * errors.std() / 500**0.5).all()
    # What customers spent before foretells them where they are unlike: less is left to chance.
    gain = errors["cuped"].std() / errors["difference"].std()
    assert gain < 0.75 if "control" in world else gain > 0.9


@pytest.mark.curriculum("S108")
def test_without_a_control_group_the_same_campaigns_seem_to_sell_ten_times_as_much():
    reported, true = [], []
    for seed in range(20):
        trial, truth = simulate_trial(5_000, seed=seed)
        reported.append(trial.loc[trial["treated"], "spend"].mean())
        true.append(truth.loc[trial["treated"].to_numpy(), "effect"].mean())
    assert np.mean(reported) == pytest.approx(11 * np.mean(true), rel=0.02)


def test_a_trial_finds_its_effect_as_often_as_was_planned():
    # Variance of spend: 1.5 v t^2 + (v t)^2 = 7,500 + 10,000, a little more for the treated.
    size = trial_size(effect=10.0, sd=17_500**0.5)
    rng, found = np.random.default_rng(3), 0
    for _ in range(400):
        row = treatment_effect(simulate_trial(size, seed=rng)[0]).iloc[0]
        found += row["low"] > 0
    # 80% less what the lift adds to the variance: within 3 standard errors of 78%.
    assert found / 400 == pytest.approx(0.78, abs=3 * (0.78 * 0.22 / 400) ** 0.5)


@pytest.mark.parametrize("kind", ["pocock", "obrien-fleming"])
def test_looking_daily_calls_a_third_a_success_and_a_bound_keeps_its_promise(kind):
    looks, _ = simulate_looks(4_000, looks=30, seed=108)
    plain = alarms_by_look(looks)["share"].iloc[-1]
    promised = false_alarms(30)["false_alarm"].iloc[-1]
    assert plain == pytest.approx(promised, abs=3 * (promised * (1 - promised) / 4_000) ** 0.5)
    assert plain > 0.25
    bounds = sequential_bounds(30, kind=kind)
    kept = alarms_by_look(looks, bounds=bounds["bound"].to_numpy())["share"].iloc[-1]
    assert kept == pytest.approx(0.05, abs=3 * (0.05 * 0.95 / 4_000) ** 0.5)
    assert bounds["false_alarm"].iloc[-1] == pytest.approx(0.05, abs=1e-9)


def test_lost_customers_are_noticed_by_the_sample_ratio_and_not_by_the_effect():
    trial, _ = simulate_trial(20_000, lift=0.0, seed=4)
    # A form that the treated must fill in: who spends nothing does not, and is not counted.
    lost = trial["treated"] & ~trial["bought"] & (trial["customer_id"] % 4 == 0)
    left = trial[~lost]
    assert not sample_ratio(trial).is_mismatch
    assert sample_ratio(left).is_mismatch
    assert treatment_effect(left).iloc[0]["low"] > 0  # sure of an effect that is not there


def test_the_simulator_keeps_its_promises():
    visits, ticket, unlike = 2.0, 50.0, 1.0
    trial, truth = simulate_trial(200_000, lift=0.0, seed=5)
    mean, variance = visits * ticket, 1.5 * visits * ticket**2 + unlike * (visits * ticket) ** 2
    assert trial["spend"].mean() == pytest.approx(mean, abs=3 * (variance / 200_000) ** 0.5)
    assert trial["spend"].var() == pytest.approx(variance, rel=0.03)
    rho = unlike / (unlike + 1.5 / visits)
    assert trial["spend"].corr(trial["spend_before"]) == pytest.approx(rho, abs=0.01)
    assert trial["treated"].mean() == pytest.approx(0.5, abs=3 * 0.5 / 200_000**0.5)
    assert (truth["effect"] == 0).all()
    z = simulate_looks(20_000, looks=4, effect=2.8, seed=5)[0].query("look == 4")["z"]
    assert (z.abs() > 1.96).mean() == pytest.approx(0.8, abs=3 * 0.4 / 20_000**0.5)


# for any data


def test_row_order_does_not_matter_and_the_frame_is_left_as_it_was():
    before = SMALL.copy()
    found = treatment_effect(SMALL, before="spend_before")
    mixed = treatment_effect(SMALL.sample(frac=1, random_state=3), before="spend_before")
    pd.testing.assert_frame_equal(found, mixed)
    pd.testing.assert_frame_equal(SMALL, before)


# when misused


@pytest.mark.parametrize(
    ("change", "error", "words"),
    [
        (lambda t: t.assign(treated=True), OutOfRangeError, "control group is empty"),
        (lambda t: t.assign(treated=False), OutOfRangeError, "treated group is empty"),
        (lambda t: t.assign(treated="yes"), WrongTypeError, "treated must hold True or False"),
        (lambda t: t.assign(customer_id=[1, 2, 3, 1, 5, 6]), BadRowsError, r"at once: \[1\]"),
        (lambda t: t.assign(customer_id=[1, 1, 3, 4, 5, 6]), BadRowsError, "more than once"),
        (lambda t: t.assign(spend=[1, None, 3, 4, 5, 6]), BadRowsError, "no spend"),
        (lambda t: t.drop(columns="treated"), MissingColumnsError, "treated"),
        (lambda t: t.iloc[[0, 3]], OutOfRangeError, "1 treated and 1 in the control group"),
    ],
)
def test_a_trial_that_is_none_is_refused_in_words(change, error, words):
    with pytest.raises(error, match=words):
        treatment_effect(change(SMALL))


def test_a_store_that_was_treated_in_part_is_refused():
    with pytest.raises(OutOfRangeError, match=r"treated in part: \['A', 'B'\]"):
        treatment_effect(SMALL, store="city")
    with pytest.raises(OutOfRangeError, match="fewer than 2 treated"):
        treatment_effect(SMALL, strata="city")


def test_who_was_treated_before_being_assigned_is_named():
    days = {"assigned_on": pd.Timestamp("2024-03-01"), "contacted_on": pd.NaT}
    trial = SMALL.assign(**days).astype({"contacted_on": "M8[us]"})
    trial.loc[[0, 1], "contacted_on"] = pd.to_datetime(["2024-03-02", "2024-02-20"])
    named = {"assigned_on": "assigned_on", "contacted_on": "contacted_on"}
    with pytest.raises(BadRowsError, match=r"before they were assigned .*: \[1\]"):
        sample_ratio(trial, **named)
    trial.loc[1, "contacted_on"] = pd.NaT
    assert sample_ratio(trial, **named).treated == 3
    trial.loc[4, "contacted_on"] = pd.Timestamp("2024-03-05")
    with pytest.raises(BadRowsError, match=r"control group were contacted .*: \[4\]"):
        sample_ratio(trial, **named)
    with pytest.raises(OutOfRangeError, match="both assigned_on"):
        sample_ratio(trial, assigned_on="assigned_on")


@pytest.mark.parametrize(
    "call",
    [
        lambda: power_curve([100], effect=0, sd=1),
        lambda: power_curve([100], effect=0.1),
        lambda: power_curve([100], effect=0.1, rate=0.2, sd=1),
        lambda: power_curve([100], effect=0.9, rate=0.2),
        lambda: power_curve([3], effect=0.1, rate=0.2),
        lambda: power_curve(100, effect=0.1, rate=0.2),
        lambda: power_curve([100], effect=0.1, rate=0.2, control=50),
        lambda: power_curve([100], effect=0.1, rate=0.2, correlation=1),
        lambda: trial_size(effect=0.1, rate=0.2, power=80),
        lambda: trial_size(effect=0.1, rate=0.2, alpha=5),
        lambda: false_alarms(0),
        lambda: false_alarms(5, z=-1),
        lambda: sequential_bounds(5, kind="bonferroni"),
        lambda: alarms_by_look(pd.DataFrame({"test": [1], "look": [1], "z": [0.0]}), bounds=0),
        lambda: simulate_trial(10, control=1, seed=1),
        lambda: simulate_trial(10, lift=-1.5, seed=1),
        lambda: sample_ratio(SMALL, share=50),
        lambda: assign_groups(SMALL.head(1), seed=1),
    ],
)
def test_a_number_outside_its_range_is_refused_in_words(call):
    with pytest.raises(CrmlabError, match=r"\w+ \w+"):
        call()
