"""contact_plan, contact_test and simulate_contacts: how often is too often?"""

import numpy as np
import pandas as pd
import pytest

from crmlab.errors import BadRowsError, MissingColumnsError, OutOfRangeError, WrongTypeError
from crmlab.members import Patience, contact_plan, contact_test, simulate_contacts

# Members who buy every three weeks, and are easily annoyed.
ANNOYED = Patience(mean_gap_days=21, refresh_days=21, forgive_days=15)

# by hand


def test_a_contact_that_is_always_forgiven_costs_nobody_however_small_the_chance():
    # exp(-71 / 2) is 4e-16: one less it is 1 to the last digit, and a thousandth of a day's is 0.
    for forgive_days in (2.0, 1.0, 0.1, 1e-3):
        found = Patience(forgive_days=forgive_days).expected(np.array([60, 71, 90, 120]), 364)
        np.testing.assert_allclose(found["contacts"], [6, 5, 4, 3], rtol=1e-9)
        np.testing.assert_allclose(found["left"], 0, atol=1e-12)
        assert (np.diff(found["profit"]) < 0).all()
    data, truth = simulate_contacts(
        50, intervals=[90], patience=Patience(forgive_days=1e-3), seed=1
    )
    assert not data["left"].any()
    assert truth["contacts"].tolist() == [4]


@pytest.mark.curriculum("S83")
def test_the_plan_is_the_mean_repurchase_days_by_default():
    members = pd.DataFrame(
        {
            "customer_id": ["Ann", "Bob", "Cy"],
            "returns": [3, 1, 0],
            "mean_gap_days": [13.4, 40, None],
        }
    )
    found = contact_plan(members)
    # All: (3 * 13.4 + 40) / 4 = 20.05 days.
    assert found["interval_days"].tolist() == [13, 20, 20]
    assert found["basis"].tolist() == ["own", "all", "all"]
    assert contact_plan(members, least_returns=1)["interval_days"].tolist() == [13, 40, 20]


def test_the_test_gives_means_and_says_which_are_surely_worse():
    trial = pd.DataFrame(
        {
            "interval_days": [7, 7, 7, 30, 30, 30, 60, 60, 60],
            "contacts": [9, 9, 9, 3, 3, 3, 1, 1, 1],
            "left": [True, True, False] + [False] * 6,
            "profit": [1.0, 2, 3, 8, 9, 10, 7, 9, 8],
        }
    )
    found = contact_test(trial)
    assert found["profit"].tolist() == [2, 9, 8]
    assert found["left"].round(2).tolist() == [0.67, 0, 0]
    # Student with 2 degrees of freedom: 4.3027 / sqrt(3).
    assert found["high"].tolist() == pytest.approx(found["profit"] + 4.302653 / 3**0.5)
    assert found["in_the_running"].tolist() == [False, True, True]


# against the truth


@pytest.mark.curriculum("S83")
@pytest.mark.parametrize("seed", range(20))
def test_the_best_interval_is_found_and_is_not_the_mean_gap(seed):
    for patience, best, gap in ((Patience(), 28, 60), (ANNOYED, 56, 21)):
        trial, truth = simulate_contacts(20_000, patience=patience, seed=seed)
        assert truth.loc[truth["profit"].idxmax(), "interval_days"] == best
        found = contact_test(trial).set_index("interval_days")
        # The best is never ruled out, and the rule of the field is.
        assert found.loc[best, "in_the_running"]
        near = min(found.index, key=lambda days: abs(days - gap))
        assert not found.loc[near, "in_the_running"]


@pytest.mark.curriculum("S83")
@pytest.mark.parametrize("seed", range(20))
def test_over_contact_raises_churn_as_planted(seed):
    trial, truth = simulate_contacts(20_000, seed=seed)
    found = contact_test(trial)
    error = np.sqrt(truth["left"] * (1 - truth["left"]) / found["members"])
    # 140 comparisons in all: 4 standard errors.
    assert (abs(found["left"] - truth["left"]) <= 4 * error + 1e-3).all()
    assert found["left"].iloc[:5].is_monotonic_decreasing
    assert truth["left"].is_monotonic_decreasing


@pytest.mark.parametrize("patience", [Patience(), ANNOYED], ids=["patient", "annoyed"])
def test_the_intervals_hold_in_500_worlds_and_the_best_stays_in_the_running(covers, few, patience):
    held, left, kept = [], [], 0
    arms = (14, 28, 56)
    for seed in few:
        trial, truth = simulate_contacts(450, intervals=arms, patience=patience, seed=seed)
        found = contact_test(trial)
        held.append((found["low"] <= truth["profit"]) & (truth["profit"] <= found["high"]))
        left.append((found["left_low"] <= truth["left"]) & (truth["left"] <= found["left_high"]))
        kept += found.loc[truth["profit"].idxmax(), "in_the_running"]
    regime = "members annoyed" if patience is ANNOYED else "members patient"
    for part, each in (("profit", held), ("left", left)):
        for days, inside in zip(arms, np.transpose(each), strict=True):
            narrow = (part, days, patience is ANNOYED) == ("left", 56, False)
            misses = "150 members, hardly any of whom leave: a little too narrow" if narrow else ""
            name = f"{part}, every {days} days"
            covers(inside, "members.contact_test", regime, part=name, misses=misses)
    # 3.3 standard errors of 95% at 500 worlds.
    assert kept / len(held) >= 0.95 - 3.3 * (0.95 * 0.05 / len(held)) ** 0.5


# simulate_contacts


def test_contacts_leaving_and_profit_are_those_of_the_closed_form():
    trial, truth = simulate_contacts(200_000, seed=11)
    by = trial.groupby("interval_days")
    for column in ("contacts", "left", "profit"):
        error = by[column].sem().to_numpy()
        assert (abs(by[column].mean().to_numpy() - truth[column]) <= 3.5 * error + 5e-4).all()


def test_nobody_is_contacted_or_buys_after_leaving():
    trial, _ = simulate_contacts(5_000, seed=2)
    assert (trial["contacts"] * trial["interval_days"] <= 364).all()
    left = trial[trial["left"]]
    assert (left["member_days"] == left["contacts"] * left["interval_days"]).all()
    assert (trial.loc[~trial["left"], "member_days"] == 364).all()
    assert (trial["answers"] <= trial["contacts"]).all()


# for any data


def test_row_order_does_not_matter():
    trial, _ = simulate_contacts(500, seed=3)
    mixed = trial.sample(frac=1, random_state=1)
    pd.testing.assert_frame_equal(contact_test(trial), contact_test(mixed))


# when misused


def test_refuses_tests_that_cannot_answer():
    trial, _ = simulate_contacts(500, seed=3)
    with pytest.raises(OutOfRangeError, match="number of intervals must be 2 or more; got 1"):
        contact_test(trial[trial["interval_days"] == 7])
    with pytest.raises(OutOfRangeError, match="members at each interval must be 2 or more"):
        contact_test(trial.drop_duplicates("interval_days"))
    with pytest.raises(MissingColumnsError, match="with left="):
        contact_test(trial.drop(columns="left"))
    with pytest.raises(OutOfRangeError, match="left must hold True or False"):
        contact_test(trial.assign(left=7))
    nobody = pd.DataFrame({"customer_id": [1], "returns": [0], "mean_gap_days": [None]})
    with pytest.raises(OutOfRangeError, match="nobody returned"):
        contact_plan(nobody)


@pytest.mark.parametrize(
    ("argument", "message"),
    [
        ({"n": 0}, "n must be 1 or more"),
        ({"intervals": [0]}, "every interval must be 1 or more"),
        ({"intervals": []}, "at least one"),
        ({"days": 0}, "days must be 1 or more"),
        ({"seed": -1}, "seed must be"),
    ],
)
def test_refuses_worlds_outside_their_range(argument, message):
    with pytest.raises(ValueError, match=message):
        simulate_contacts(**{"n": 5, "seed": 0} | argument)


def test_refuses_members_that_cannot_be():
    with pytest.raises(OutOfRangeError, match="leave must be a share; got 2"):
        Patience(leave=2)
    with pytest.raises(OutOfRangeError, match="margin must be a finite number above 0"):
        Patience(margin=0)


def test_intervals_in_parts_of_days_are_refused_and_whole_floats_are_days():
    trial = pd.DataFrame({"interval_days": [7.0, 7, 9, 9], "contacts": 1, "left": False})
    trial["profit"] = [1.0, 2, 3, 4]
    assert contact_test(trial)["interval_days"].tolist() == [7, 9]
    with pytest.raises(OutOfRangeError, match="whole days"):
        contact_test(trial.assign(interval_days=[7.2, 7.2, 7.9, 7.9]))


def test_a_member_with_returns_and_no_gap_has_no_plan():
    members = pd.DataFrame({"customer_id": [1, 2], "returns": [3, 0], "mean_gap_days": [9, np.nan]})
    for frame in (members, members.convert_dtypes()):
        assert contact_plan(frame)["interval_days"].tolist() == [9, 9]
    with pytest.raises(BadRowsError, match="no mean_gap_days"):
        contact_plan(members.assign(returns=[3, 4]))
    with pytest.raises(BadRowsError, match="no returns"):
        contact_plan(members.assign(returns=[3, np.nan]))
    with pytest.raises(WrongTypeError, match="returns must hold numbers"):
        contact_plan(members.assign(returns=["3", "0"]))
