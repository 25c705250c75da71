"""added_value and simulate_treatments: what the records of the card are worth."""

import numpy as np
import pandas as pd
import pytest

from crmlab.errors import BadRowsError, MissingColumnsError, OutOfRangeError
from crmlab.members import added_value, simulate_treatments

# One treatment for all brings 1.2 a member (upsell), each quadrant its own 9.4.
GAIN = 9.4 - 1.2

# by hand


def test_the_gain_is_the_best_for_each_group_over_the_best_for_all():
    trial = pd.DataFrame(
        {
            "customer_id": range(16),
            "quadrant": [1] * 8 + [2] * 8,
            "treatment": (["a"] * 4 + ["b"] * 4) * 2,
            "margin": [10.0] * 4 + [4.0] * 4 + [1.0] * 4 + [3.0] * 4,
        }
    )
    found = added_value(trial)
    # a for all brings (10 + 1) / 2; a for the first and b for the second (10 + 3) / 2.
    assert (found.uniform, found.uniform_margin) == ("a", 5.5)
    assert (found.gain, found.optimistic_gain) == (1, 1)
    # Money does not vary here; that half of 16 are in the second group does: (4 / 2 - 1) / 16.
    assert found.low == pytest.approx(1 - 1.959964 / 4)
    assert found.plan["treatment"].tolist() == ["a", "b"]
    assert found.plan["members"].tolist() == [8, 8]


def test_where_one_treatment_is_best_for_all_knowing_adds_nothing():
    trial, _ = simulate_treatments(40_000, effects={"nothing": [0] * 4, "gift": [20] * 4}, seed=4)
    found = added_value(trial)
    assert (found.gain, found.uniform) == (0, "gift")
    assert set(found.plan["treatment"]) == {"gift"}


# against the truth


@pytest.mark.curriculum("S78")
@pytest.mark.parametrize("seed", range(20))
def test_targeted_less_uniform_treatment_is_the_planted_gain(seed):
    trial, truth = simulate_treatments(40_000, seed=seed)
    share = truth.groupby("quadrant")["share"].first()
    best = truth.groupby("quadrant")["effect"].max()
    one = (truth["share"] * truth["effect"]).groupby(truth["treatment"]).sum().max()
    assert (share * best).sum() - one == pytest.approx(GAIN)
    found = added_value(trial)
    error = (found.high - found.low) / 2 / 1.96
    assert found.gain == pytest.approx(GAIN, abs=3 * error)
    assert found.plan["treatment"].tolist() == ["protect", "contact", "nothing", "upsell"]


@pytest.mark.parametrize("noise", [0.5, 1.5], ids=["even money", "skewed money"])
def test_the_interval_holds_the_gain_in_500_worlds(covers, few, noise):
    # Effects so far apart that every half finds the best plan; else the plan is part of luck.
    up, down = (
        np.array([60, 60, -30, -30]) * noise / 0.5,
        np.array([-90, -60, 30, 30]) * noise / 0.5,
    )
    effects = {"nothing": np.zeros(4), "up": up, "down": down}
    gain = 0.6 * (30 + 30) * noise / 0.5
    held = []
    for seed in few:
        trial, _ = simulate_treatments(4_000, effects=effects, noise=noise, seed=seed)
        found = added_value(trial)
        held.append(found.low <= gain <= found.high)
    covers(held, "members.added_value", "even money" if noise < 1 else "skewed money")


@pytest.mark.curriculum("S78")
def test_the_gain_judged_by_those_who_chose_is_too_large():
    # No treatment does anything: whatever is gained is luck.
    effects = {name: [0] * 4 for name in "abcd"}
    optimistic, honest = [], []
    for seed in range(100):
        found = added_value(simulate_treatments(2_000, effects=effects, seed=seed).data)
        optimistic.append(found.optimistic_gain)
        honest.append(found.gain)
    assert np.mean(optimistic) > 1
    assert np.mean(honest) == pytest.approx(0, abs=3 * np.std(honest) / 10)


def test_margins_have_the_mean_that_was_planted():
    trial, truth = simulate_treatments(100_000, seed=6)
    found = trial.groupby(["quadrant", "treatment"])["margin"].agg(["mean", "sem"])
    base = pd.Series({1: 160.0, 2: 70.0, 3: 15.0, 4: 60.0})
    expected = truth.set_index(["quadrant", "treatment"])["effect"]
    expected = expected + base[expected.index.get_level_values(0)].to_numpy()
    assert (abs(found["mean"] - expected) <= 3.5 * found["sem"]).all()


# for any data


def test_row_order_does_not_matter():
    trial, _ = simulate_treatments(500, seed=1)
    found, mixed = added_value(trial), added_value(trial.sample(frac=1, random_state=2))
    assert found.gain == pytest.approx(mixed.gain)
    pd.testing.assert_frame_equal(found.plan, mixed.plan)


# when misused


def test_refuses_trials_that_cannot_answer():
    trial, _ = simulate_treatments(500, seed=1)
    with pytest.raises(OutOfRangeError, match="number of treatments must be 2 or more"):
        added_value(trial[trial["treatment"] == "nothing"])
    few = trial[(trial["quadrant"] != 1) | (trial["treatment"] != "upsell")]
    with pytest.raises(OutOfRangeError, match=r"only 0 member\(s\) of quadrant 1 had 'upsell'"):
        added_value(few)
    with pytest.raises(MissingColumnsError, match="with margin="):
        added_value(trial.drop(columns="margin"))
    with pytest.raises(BadRowsError, match="no margin"):
        added_value(trial.assign(margin=np.nan))
    with pytest.raises(OutOfRangeError, match="number of members must be 1 or more"):
        added_value(trial.head(0))


@pytest.mark.parametrize(
    ("argument", "message"),
    [
        ({"n": 0}, "n must be 1 or more"),
        ({"shares": (20, 20, 40, 20)}, "shares must be four that sum to 1"),
        ({"effects": {"a": (1, 2)}}, "four finite numbers"),
        ({"noise": 0}, "noise must be a finite number above 0"),
    ],
)
def test_refuses_worlds_outside_their_range(argument, message):
    with pytest.raises(ValueError, match=message):
        simulate_treatments(**{"n": 5, "seed": 0} | argument)


def test_members_who_stand_twice_would_make_the_interval_too_narrow_and_are_refused():
    trial, _ = simulate_treatments(200, seed=1)
    with pytest.raises(BadRowsError, match="more than once in the trial"):
        added_value(pd.concat([trial, trial]))
