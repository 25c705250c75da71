"""Attacks on answers: differencing, membership, and how good any attacker can be."""

import numpy as np
import pandas as pd
import pytest

from crmlab.errors import (
    BadRowsError,
    MissingColumnsError,
    NotAllowedError,
    OutOfRangeError,
    UnknownNameError,
)
from crmlab.privacy import (
    Budget,
    advantage_bound,
    attacker_advantage,
    differencing_attack,
    membership_attack,
    noisy_count,
    simulate_panel,
    simulate_people,
)

CLUB = simulate_people(5_000, sensitive=True, seed=5).data.club.set_index("member_id")
ASKED = {"column": "medical_note", "value": "asthma"}

# by hand


def test_two_exact_counts_tell_everybody():
    found = differencing_attack(CLUB, **ASKED, targets=CLUB.index[:300])
    assert found["correct"].all()
    truth = (CLUB["medical_note"].iloc[:300] == "asthma").to_numpy()
    assert (found["guess"] == truth).all()
    assert (found["with_person"] == (CLUB["medical_note"] == "asthma").sum()).all()
    assert (found["with_person"] - found["without_person"] == truth).all()


def test_noise_leaves_the_attacker_about_a_coin():
    budget = Budget(100, seed=5)
    targets = CLUB.index[:400]
    found = differencing_attack(
        CLUB,
        **ASKED,
        targets=targets,
        answer=lambda rows: noisy_count(rows, epsilon=0.1, budget=budget).value,
    )
    has = (CLUB["medical_note"].loc[targets] == "asthma").to_numpy()
    guess = found["guess"].to_numpy()
    n = has.sum(), (~has).sum()
    # Both answers cost 0.2 in all: right alarms less false ones stay under that bound.
    error = 3 * np.sqrt(0.25 / n[0] + 0.25 / n[1])
    assert guess[has].mean() - guess[~has].mean() <= advantage_bound(0.2) + error


def test_a_spent_budget_ends_the_attack():
    budget = Budget(0.1, seed=5)
    with pytest.raises(NotAllowedError):
        differencing_attack(
            CLUB,
            **ASKED,
            targets=[1],
            answer=lambda rows: noisy_count(rows, epsilon=0.1, budget=budget).value,
        )


def test_the_threshold_is_learned_on_one_half_and_judged_on_the_other():
    found = attacker_advantage(np.array([5, 0, 5, 5]), np.array([1, 9, 1, 1]))
    # Learned on [5, 5] against [1, 1]: 5. Judged on [0, 5] and [9, 1]: a half each.
    assert (found.threshold, found.advantage) == (5, 0)
    assert found.standard_error == pytest.approx(np.sqrt(0.25 / 2 + 0.25 / 2))


# against the formula


@pytest.mark.parametrize("shift", [0.0, 1.0])
def test_the_advantage_of_two_normals_is_the_area_between_them(shift):
    from scipy.stats import norm

    rng = np.random.default_rng(5)
    found = attacker_advantage(rng.normal(shift, 1, 20_000), rng.normal(0, 1, 20_000))
    area = 2 * norm.cdf(shift / 2) - 1
    assert found.advantage == pytest.approx(area, abs=3 * found.standard_error + 0.002)


def test_a_member_scores_higher_by_the_sum_of_variances_over_members():
    members, products = 50, 400
    panel, truth = simulate_panel(3_000, members=members, products=products, seed=5)
    member = truth["member"].to_numpy()
    found = membership_attack(panel, panel[member].mean(), panel.mean())
    assert found["person_id"].tolist() == panel.index.tolist()
    scores = found["score"].to_numpy()
    share = panel.mean()
    expected = (share * (1 - share)).sum() / members
    gap = scores[member].mean() - scores[~member].mean()
    # A score's standard deviation is about sqrt(sum s**2 / members), like for the outsiders.
    error = scores[~member].std() * np.sqrt(1 / members)
    assert gap == pytest.approx(expected, abs=3 * error)
    assert attacker_advantage(scores[member], scores[~member]).advantage > 0.5


def test_the_bound_is_the_hyperbolic_tangent_of_half_epsilon():
    for epsilon in (0.1, 1.0, 3.0):
        e = np.exp(epsilon)
        assert advantage_bound(epsilon) == pytest.approx((e - 1) / (e + 1))


# for any data


def test_row_order_does_not_change_who_scores_what():
    panel, truth = simulate_panel(50, members=9, products=20, seed=5)
    shares = panel[truth["member"].to_numpy()].mean()
    one = membership_attack(panel, shares, panel.mean())
    other = membership_attack(panel.iloc[::-1], shares[::-1], panel.mean())
    other = other.sort_values("person_id", ignore_index=True)
    pd.testing.assert_frame_equal(one, other)


# when misused


def test_refuses_targets_and_columns_that_are_not_there():
    with pytest.raises(UnknownNameError, match="no person 0"):
        differencing_attack(CLUB, **ASKED, targets=[0])
    with pytest.raises(MissingColumnsError, match="note"):
        differencing_attack(CLUB, column="note", value="asthma", targets=[1])
    with pytest.raises(BadRowsError, match="stands twice"):
        differencing_attack(pd.concat([CLUB, CLUB]), **ASKED, targets=[1])


def test_refuses_averages_of_unknown_products_and_of_none():
    panel = pd.DataFrame({"soap": [1, 0]})
    with pytest.raises(MissingColumnsError, match="tea"):
        membership_attack(panel, pd.Series({"tea": 0.5}), pd.Series({"tea": 0.5}))
    with pytest.raises(OutOfRangeError, match="reference must have every product"):
        membership_attack(panel, pd.Series({"soap": 0.5}), pd.Series({"tea": 0.5}))
    with pytest.raises(OutOfRangeError, match="number of published averages"):
        membership_attack(panel, pd.Series(dtype=float), panel.mean())


def test_refuses_too_few_answers_and_no_epsilon():
    with pytest.raises(OutOfRangeError, match="answers of each kind must be 4"):
        attacker_advantage(np.ones(4), np.ones(3))
    with pytest.raises(OutOfRangeError, match="epsilon"):
        advantage_bound(0)
