"""promotion_roi and simulate_letter: is the letter of thanks worth sending?"""

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from crmlab.errors import BadRowsError, MissingColumnsError, OutOfRangeError
from crmlab.rfm import promotion_roi, simulate_letter


def outcomes(treated, control):
    groups = [True] * len(treated) + [False] * len(control)
    return pd.DataFrame({"treated": groups, "margin": [*treated, *control]})


# by hand


def test_uplift_is_the_difference_of_the_means_and_roi_sets_it_against_the_cost():
    result = promotion_roi(outcomes([14, 12], [9, 11]), cost=2)
    assert (result.treated, result.control) == (2, 2)
    assert result.uplift == 3
    assert result.roi == 0.5
    # Both variances are 2, so the standard error is sqrt(2) on 2 degrees of freedom: t = 4.302653.
    assert result.uplift_low == pytest.approx(3 - 4.302653 * np.sqrt(2), abs=1e-6)
    assert result.uplift_high == pytest.approx(3 + 4.302653 * np.sqrt(2), abs=1e-6)
    assert result.roi_low == pytest.approx((result.uplift_low - 2) / 2)
    assert result.roi_high == pytest.approx((result.uplift_high - 2) / 2)


def test_groups_that_spread_differently_get_welchs_degrees_of_freedom():
    result = promotion_roi(outcomes([14, 12, 13], [9, 17]), cost=2)
    # Variances of the means: 1 / 3 and 32 / 2.
    squared = 1 / 3 + 16
    freedom = squared**2 / ((1 / 3) ** 2 / 2 + 16**2 / 1)
    reach = stats.t.ppf(0.975, freedom) * np.sqrt(squared)
    assert (result.uplift_low, result.uplift_high) == pytest.approx((-reach, reach))


def test_columns_may_have_other_names_and_ones_and_zeros_are_groups_too():
    frame = outcomes([14, 12], [9, 11])
    other = frame.astype({"treated": int}).rename(columns={"treated": "letter", "margin": "usd"})
    renamed = promotion_roi(other, cost=2, treated="letter", margin="usd")
    assert renamed == promotion_roi(frame, cost=2)


# against the truth


def test_in_500_experiments_the_interval_holds_the_true_uplift_as_often_as_it_says(covers, few):
    held = []
    for seed in few:
        data = simulate_letter(300, effect=0.10, seed=seed).data
        result = promotion_roi(data, cost=1.5)
        held.append(result.uplift_low <= 0.10 * 16 * 6 <= result.uplift_high)
    covers(held, "rfm.promotion_roi", "150 treated, 150 held out, parcels by chance")


def test_it_holds_as_often_where_few_bring_most_and_few_are_held_out(covers, few):
    # Log-normal margins: a tenth of the customers bring over half of them. The letter adds a third.
    rng, held = np.random.default_rng(84), []
    truth = np.exp(1.5**2 / 2) / 3
    for _ in few:
        result = promotion_roi(
            outcomes(rng.lognormal(0, 1.5, 300) * 4 / 3, rng.lognormal(0, 1.5, 60)), cost=1
        )
        held.append(result.uplift_low <= truth <= result.uplift_high)
    covers(held, "rfm.promotion_roi", "300 treated, 60 held out, skewed margins")


@pytest.mark.parametrize("sizes", [(300, 60), (60, 300)])
def test_the_smaller_group_may_be_either_and_signs_turn_with_the_money(sizes):
    rng = np.random.default_rng(5)
    frame = outcomes(*(rng.lognormal(0, 1, n) for n in sizes))
    found, other = (
        promotion_roi(frame, cost=1),
        promotion_roi(frame.assign(treated=~frame["treated"]), cost=1),
    )
    assert (other.uplift_low, other.uplift_high) == pytest.approx(
        (-found.uplift_high, -found.uplift_low), rel=0.05
    )
    spread = (found.uplift_high - found.uplift_low) / 2
    welch = stats.ttest_ind(
        frame.loc[frame["treated"], "margin"],
        frame.loc[~frame["treated"], "margin"],
        equal_var=False,
    ).confidence_interval(0.95)
    assert spread == pytest.approx((welch.high - welch.low) / 2, rel=0.25)


def test_the_letter_adds_its_effect_to_the_parcels_of_who_got_it_and_to_nobody_else():
    n, effect = 40_000, 0.25
    data, truth = simulate_letter(n, effect=effect, seed=1)
    assert data["treated"].sum() == n // 2
    # Parcels are negative binomial: variance of the gamma rate 16**2 / 4, plus its mean.
    for group, mean in ((True, 16 * (1 + effect)), (False, 16)):
        some = data.loc[data["treated"] == group, "parcels"]
        spread = np.sqrt((mean / 16) ** 2 * 64 + mean)
        assert some.mean() == pytest.approx(mean, abs=3 * spread / np.sqrt(n / 2))
    assert truth["added"].mean() == pytest.approx(
        effect * 16, abs=3 * np.sqrt((effect**2 * 64 + effect * 16) / n)
    )
    assert truth["rate"].var() == pytest.approx(64, rel=0.1)
    assert (data["margin"] == 6 * data["parcels"]).all()


def test_columns_have_the_documented_dtypes():
    data, truth = simulate_letter(9, seed=0)
    expected = {"customer_id": "int64", "treated": "bool", "parcels": "int64", "margin": "float64"}
    assert data.dtypes.astype(str).to_dict() == expected
    expected = {"customer_id": "int64", "rate": "float64", "added": "int64"}
    assert truth.dtypes.astype(str).to_dict() == expected


def test_row_order_does_not_matter_and_the_input_is_untouched():
    data = simulate_letter(50, seed=2).data
    before = data.copy()
    one, other = promotion_roi(data, cost=1), promotion_roi(data.iloc[::-1], cost=1)
    assert one.uplift == pytest.approx(other.uplift)
    pd.testing.assert_frame_equal(data, before)


# when misused


@pytest.mark.parametrize(("treated", "control"), [([1, 2], [3]), ([1, 2], []), ([5, 5], [5, 5])])
def test_refuses_an_experiment_without_two_groups_that_vary(treated, control):
    with pytest.raises(OutOfRangeError, match="Keep a part of the customers without"):
        promotion_roi(outcomes(treated, control), cost=1)


def test_refuses_a_promotion_without_cost_and_groups_that_are_no_groups():
    frame = outcomes([14, 12], [9, 11])
    with pytest.raises(OutOfRangeError, match="cost must be a finite number above 0; got 0"):
        promotion_roi(frame, cost=0)
    with pytest.raises(BadRowsError, match=r"1 row\(s\) of treated are neither .*: \[3\]"):
        promotion_roi(frame.assign(treated=[1, 1, 0, 2]), cost=1)
    with pytest.raises(MissingColumnsError, match=r"missing \['margin'\]; .* with margin=…"):
        promotion_roi(frame[["treated"]], cost=1)
    with pytest.raises(BadRowsError, match=r"1 row\(s\) have no margin: \[0\]"):
        promotion_roi(outcomes([None, 1], [1, 2]), cost=1)


def test_refuses_a_world_without_groups_and_a_letter_that_repels():
    with pytest.raises(OutOfRangeError, match="n must be 4 or more; got 3"):
        simulate_letter(3, seed=1)
    with pytest.raises(OutOfRangeError, match=r"effect must be a share of 0 or more; got -0.1"):
        simulate_letter(9, effect=-0.1, seed=1)
