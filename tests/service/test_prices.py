"""simulate_prices, price_elasticity and promotion_effect: recovered from what is planted."""

import numpy as np
import pandas as pd
import pytest

from crmlab.errors import BadRowsError, MissingColumnsError, OutOfRangeError, WrongTypeError
from crmlab.service import price_elasticity, promotion_effect, simulate_prices

EFFECTS = ["in the week", "1 week after", "2 weeks after", "3 weeks after", "in all"]

# by hand


def test_elasticity_is_the_slope_of_logs_within_products():
    weeks = pd.DataFrame(
        {
            "product": ["a"] * 4 + ["b"] * 4,
            "price": [1.0, 2, 4, 8] * 2,
            "units": [64.0, 16, 4, 1, 640, 160, 40, 10],
        }
    )
    found = price_elasticity(weeks, cost=None, promoted=None)
    assert found["way"].tolist() == ["plain"]
    assert found["elasticity"].tolist() == pytest.approx([-2])


def test_a_promotion_borrows_from_the_weeks_after():
    units = [100.0, 100, 100, 150, 80, 90, 100, 100, 100, 100, 100, 100]
    weeks = pd.DataFrame({"product": "a", "week": range(12), "units": units})
    weeks["promoted"] = weeks["week"] == 3
    found = promotion_effect(weeks, price=None)
    assert found["effect"].tolist() == EFFECTS
    assert found["share"].tolist() == pytest.approx([0.5, -0.2, -0.1, 0, 0.2])
    mixed = promotion_effect(weeks.sample(frac=1, random_state=1), price=None)
    assert mixed["share"].tolist() == pytest.approx(found["share"].tolist())


# against the truth


@pytest.mark.curriculum("S122")
def test_the_cost_recovers_the_elasticity_and_plain_regression_the_bias_of_the_formula():
    wanted = np.array([-2 + 0.5 * 0.04 / (0.36 * 0.04 + 0.25 * 0.04 + 0.0025), -2])
    errors, spread = [], []
    for seed in range(20):
        weeks, _ = simulate_prices(30, seed=seed)
        found = price_elasticity(weeks)
        errors.append((found["elasticity"] - wanted).to_numpy())
        spread.append(found["standard_error"].to_numpy())
        assert found["first_stage"].iloc[1] > 10
        assert found["high"].iloc[0] < -1
        assert found["low"].iloc[0] > -1.8  # far from the truth, and sure of it
    mean, error = np.mean(errors, axis=0), np.std(errors, axis=0, ddof=1)
    assert (np.abs(mean) < 3 * error / 20**0.5).all()
    # The errors it tells are those it makes: a standard deviation of 20 is off by 16 % itself.
    assert np.mean(spread, axis=0) == pytest.approx(error, rel=3 * 0.16)


def test_where_prices_know_nothing_both_ways_are_right():
    z = []
    for seed in range(20):
        weeks, _ = simulate_prices(12, follows=0.0, seed=seed)
        found = price_elasticity(weeks)
        z.append(((found["elasticity"] + 2) / found["standard_error"]).to_numpy())
    assert (np.abs(np.mean(z, axis=0)) < 3 * np.std(z, axis=0) / 20**0.5).all()


@pytest.mark.curriculum("S122")
def test_what_a_promotion_adds_and_pulls_forward_is_recovered():
    shares, errors = [], []
    for seed in range(20):
        weeks, _ = simulate_prices(30, promotion=0.4, pulled=0.5, seed=seed)
        found = promotion_effect(weeks)
        shares.append(found["share"].to_numpy())
        errors.append(found["standard_error"].to_numpy())
    off = np.mean(shares, axis=0) - [0.4, -0.1, -0.1, 0, 0.2]
    # A hundredth besides: the price has been held equal by a curve of its own.
    assert (np.abs(off) < 3 * np.std(shares, axis=0, ddof=1) / 20**0.5 + 0.01).all()
    assert np.mean(errors, axis=0) == pytest.approx(
        np.std(shares, axis=0, ddof=1), rel=3 * 0.16, abs=0.004
    )


def test_the_truth_adds_up():
    weeks, truth = simulate_prices(10, pulled=0.5, weeks=60, seed=4)
    assert (truth.loc[~weeks["promoted"], "added"] == 0).all()
    inner = truth[truth["week"] < 58]
    assert truth["missing"].sum() == pytest.approx(0.5 * inner["added"].sum(), rel=0.1)
    none, calm = simulate_prices(10, promotion=0.0, seed=4)
    assert (calm[["added", "missing"]] == 0).all(axis=None)
    assert none["promoted"].mean() == pytest.approx(1 / 8, abs=3 * (7 / 64 / 1_040) ** 0.5)


# when misused


def test_refuses_weeks_that_cannot_answer():
    weeks, _ = simulate_prices(3, seed=1)
    with pytest.raises(BadRowsError, match="no logarithm"):
        price_elasticity(weeks.assign(units=0.0))
    with pytest.raises(BadRowsError, match="no price"):
        price_elasticity(weeks.assign(price=None))
    with pytest.raises(OutOfRangeError, match="the price moves are too few"):
        price_elasticity(weeks.assign(price=2.0))
    with pytest.raises(MissingColumnsError, match="cost"):
        price_elasticity(weeks.drop(columns="cost"))
    with pytest.raises(OutOfRangeError, match="nothing to compare"):
        promotion_effect(weeks.assign(promoted=False))
    with pytest.raises(BadRowsError, match="stands twice"):
        promotion_effect(pd.concat([weeks, weeks]))
    with pytest.raises(BadRowsError, match="price of 0 or less"):
        promotion_effect(weeks.assign(price=0.0))
    for wrong in ({"weeks": 3}, {"elasticity": 1}, {"follows": -1}, {"pulled": 2}, {"n": 0}):
        with pytest.raises(OutOfRangeError):
            simulate_prices(**{"n": 2, "seed": 1} | wrong)


def test_a_product_that_sells_nothing_in_quiet_weeks_is_told():
    weeks = pd.DataFrame({"product": "a", "week": range(12), "units": 0.0})
    weeks["promoted"] = weeks["week"] == 3
    weeks.loc[3, "units"] = 9.0
    with pytest.raises(OutOfRangeError, match=r"1 product\(s\) sell nothing in their quiet weeks"):
        promotion_effect(weeks, price=None)


def test_one_promotion_has_an_error_though_it_is_fitted_without_a_rest():
    rng = np.random.default_rng(5)
    for products in (1, 12):
        many = 40 * products
        weeks = pd.DataFrame(
            {"product": np.arange(many) // 40, "week": np.arange(many) % 40, "promoted": False}
        ).assign(units=rng.normal(100, 10, many))
        weeks.loc[20, "promoted"] = True
        found = promotion_effect(weeks, price=None).set_index("effect")
        # One week less the mean of many: a tenth of a quiet week's units.
        assert found.loc["in the week", "standard_error"] == pytest.approx(0.1, rel=0.3)


def test_weeks_that_are_no_numbers_are_refused():
    weeks, _ = simulate_prices(3, seed=1)
    for measure in (price_elasticity, promotion_effect):
        with pytest.raises(WrongTypeError, match="week must hold numbers"):
            measure(weeks.assign(week=weeks["week"].astype("str")))
