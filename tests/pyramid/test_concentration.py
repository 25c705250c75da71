"""concentration and lorenz: by hand, against the formula, for any data, and when misused."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from crmlab.errors import OutOfRangeError
from crmlab.pyramid import concentration, lorenz, pyramid, simulate_concentrated

# by hand


def test_one_of_five_holds_eighty_percent():
    found = concentration(pd.Series([5.0, 80.0, 5.0, 5.0, 5.0]))
    assert (found.customers, found.spend, found.negative_customers) == (5, 100.0, 0)
    assert (found.top, found.share) == (0.20, 0.80)
    assert found.share_of_top == pytest.approx(0.80)
    assert found.customers_for_share == pytest.approx(0.20)
    # Area under the curve by trapezia: (0 + .05) / 2 + ... over five steps gives 0.2.
    assert found.gini == pytest.approx(1 - 2 * 0.2)


def test_equal_customers_have_no_concentration():
    found = concentration(pd.Series(np.full(10, 0.1)))
    assert found.gini == pytest.approx(0, abs=1e-12)
    assert found.share_of_top == pytest.approx(0.20)
    assert found.customers_for_share == pytest.approx(0.80)


def test_as_many_customers_as_just_hold_the_share_are_enough():
    # Sums of floats: seven of ten hold 0.7, and a little less where they are added.
    for n, share in ((10, 0.7), (10, 0.3), (100, 0.29), (1_000, 0.57)):
        found = concentration(pd.Series(np.full(n, 0.1)), top=share, share=share)
        assert (found.top, found.share, found.customers_for_share) == (share, share, share)


def test_one_customer_alone():
    found = concentration(pd.Series([7.0]))
    assert (found.gini, found.share_of_top, found.customers_for_share) == (0.0, 0.0, 1.0)


def test_the_curve_starts_at_nobody_and_the_lowest_spender():
    expected = pd.DataFrame(
        {"share_of_customers": [0, 0.25, 0.5, 0.75, 1], "share_of_spend": [0, 0.1, 0.2, 0.4, 1]}
    )
    pd.testing.assert_frame_equal(lorenz(pd.Series([6.0, 1.0, 2.0, 1.0])), expected)


def test_refunds_take_the_curve_below_zero_and_are_counted():
    spend = pd.Series([120.0, 0.0, -20.0])
    assert lorenz(spend)["share_of_spend"].tolist() == pytest.approx([0, -0.2, -0.2, 1])
    found = concentration(spend, top=1 / 3)
    assert found.negative_customers == 1
    assert found.share_of_top == pytest.approx(1.2)
    assert found.customers_for_share == pytest.approx(1 / 3)


# against the formula


@pytest.mark.parametrize(
    ("top", "share", "sigma"),
    [
        pytest.param(0.20, 0.80, 1.683, marks=pytest.mark.curriculum("S11")),
        pytest.param(0.24, 0.80, 1.548, marks=pytest.mark.curriculum("S12")),
        pytest.param(0.15, 0.75, 1.711, marks=pytest.mark.curriculum("S13")),
    ],
)
def test_the_rules_of_the_field_hold_at_20_000_lognormal_customers(top, share, sigma):
    spend = pd.Series(np.exp(sigma * np.random.default_rng(5).normal(size=20_000)))
    found = concentration(spend, top=top, share=share)
    # The share's standard deviation at this n is 0.5 to 0.7 point; the row allows 1.5.
    assert found.share_of_top == pytest.approx(share, abs=0.015)
    assert found.customers_for_share == pytest.approx(top, abs=0.015)


@pytest.mark.curriculum("S12")
def test_the_24_percent_and_the_76_percent_sum_to_everything():
    spend = simulate_concentrated(20_000, top=0.24, share=0.80, seed=5).data["spend"]
    table = pyramid(spend, cuts=[0.24], names=["good", "others"]).set_index("tier")
    assert table.loc["others", "share_of_spend"] == pytest.approx(0.20, abs=0.015)
    assert table["share_of_spend"].sum() == pytest.approx(1)


def test_gini_is_the_mean_difference_over_twice_the_mean():
    spend = np.random.default_rng(2).exponential(size=200)
    pairs = np.abs(spend[:, None] - spend[None, :]).mean()
    assert concentration(pd.Series(spend)).gini == pytest.approx(pairs / (2 * spend.mean()))


# for any data

spends = st.lists(st.integers(0, 10_000), min_size=1, max_size=60).filter(any).map(pd.Series)


@given(spends)
def test_the_curve_rises_ever_faster_and_lies_below_the_diagonal(spend):
    curve = lorenz(spend)
    steps = curve["share_of_spend"].diff().dropna()
    assert (steps.diff().dropna() >= -1e-12).all()
    assert (curve["share_of_spend"] <= curve["share_of_customers"] + 1e-12).all()
    assert curve.iloc[-1].tolist() == [1, 1]


@given(spends)
def test_the_two_readings_agree_with_the_pyramid(spend):
    found = concentration(spend, top=0.2, share=0.8)
    assert -1e-12 <= found.gini < 1
    top = pyramid(spend, cuts=[0.2]).loc[0, "share_of_spend"]
    assert found.share_of_top == pytest.approx(top)
    # The smallest such group: it reaches the share, and one customer fewer does not.
    best, heads = spend.sort_values(ascending=False), round(found.customers_for_share * len(spend))
    assert best.head(heads).sum() >= 0.8 * spend.sum()
    assert best.head(heads - 1).sum() < 0.8 * spend.sum()


@given(spends, st.integers(1, 1_000))
def test_the_unit_of_money_and_the_order_of_rows_do_not_matter(spend, factor):
    one, other = concentration(spend), concentration(spend.iloc[::-1] * factor)
    assert one.gini == pytest.approx(other.gini)
    assert one.customers_for_share == other.customers_for_share


# when misused


@pytest.mark.parametrize("function", [concentration, lorenz])
@pytest.mark.parametrize("spend", [[0.0, 0.0], [5.0, -6.0]])
def test_refuses_a_total_that_is_not_above_zero(function, spend):
    with pytest.raises(OutOfRangeError, match="need a total above 0"):
        function(pd.Series(spend))


@pytest.mark.parametrize("rule", [{"top": 20}, {"share": 0}])
def test_refuses_percents(rule):
    with pytest.raises(OutOfRangeError, match="a share not a percent"):
        concentration(pd.Series([1.0]), **rule)
