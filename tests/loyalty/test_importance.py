"""driver_importance: Shapley's shares of R squared."""

from itertools import permutations

import numpy as np
import pandas as pd
import pytest

from crmlab.errors import BadRowsError, CorrelatedDriversWarning, OutOfRangeError
from crmlab.loyalty import driver_importance, satisfaction_drivers, simulate_satisfaction
from crmlab.loyalty.measure.importance import lmg

WEIGHTS = {"product": 0.45, "staff": 0.35, "price": 0.2}


def by_orders(x, y):
    """Return the mean gain in R squared of each driver over all orders: the definition."""
    rows = [*range(x.shape[1])]

    def r2(columns):
        if not columns:
            return 0.0
        fit = np.linalg.lstsq(x[:, columns], y, rcond=None)[0]
        return 1 - ((y - x[:, columns] @ fit) ** 2).sum() / (y**2).sum()

    gains = np.zeros(len(rows))
    orders = [*permutations(rows)]
    for order in orders:
        for place, driver in enumerate(order):
            gains[driver] += r2([*order[: place + 1]]) - r2([*order[:place]])
    return gains / len(orders)


# by hand


def test_drivers_that_are_unrelated_get_the_squares_of_their_correlations():
    answers = pd.DataFrame({"a": [1, 1, -1, -1], "b": [1, -1, 1, -1]})
    answers["overall"] = 3 * answers["a"] + 4 * answers["b"]
    table = driver_importance(answers, resamples=0)
    assert table["driver"].tolist() == ["b", "a"]
    assert table["share"].tolist() == pytest.approx([16 / 25, 9 / 25])
    assert table["r_squared"].sum() == pytest.approx(1)
    assert table["vif"].tolist() == pytest.approx([1, 1])
    assert table["share_low"].isna().all()


# against the formula


def test_it_is_the_mean_over_all_orders():
    answers, _ = simulate_satisfaction(80, seed=3)
    x = answers.drop(columns=["customer_id", "overall"])
    x, y = (x - x.mean()).to_numpy(), answers["overall"] - answers["overall"].mean()
    found = driver_importance(answers, resamples=0).set_index("driver")["r_squared"]
    wanted = by_orders(x, y.to_numpy())
    np.testing.assert_allclose(found[[*answers.columns[1:-1]]], wanted, atol=1e-12)


def test_units_do_not_matter():
    answers, _ = simulate_satisfaction(200, seed=3)
    other = answers.assign(staff=100 * answers["staff"] + 7, overall=-3 * answers["overall"])
    one, two = (driver_importance(frame, resamples=50, seed=1) for frame in (answers, other))
    columns = ["share", "share_low", "share_high", "vif"]
    np.testing.assert_allclose(one[columns], two[columns], rtol=1e-9)


@pytest.mark.curriculum("S119")
@pytest.mark.parametrize("seed", range(20))
def test_planted_weights_are_recovered_within_5_points_by_regression_and_by_shapley(seed):
    # Without a common mood all ratings spread alike, and a part of R squared is a weight squared.
    answers, truth = simulate_satisfaction(2_000, weights=WEIGHTS, halo=0.0, seed=seed)
    weights = truth.set_index("driver")["weight"]
    regression = satisfaction_drivers(answers).set_index("driver")["weight"]
    assert (regression - weights).abs().max() < 0.05
    parts = driver_importance(answers, resamples=0).set_index("driver")["r_squared"]
    shapley = np.sqrt(parts) / np.sqrt(parts).sum()
    assert (shapley - weights / weights.sum()).abs().max() < 0.05


def population(weights, halo, noise=1.0):
    """Return the correlations that `simulate_satisfaction` has without end of answers."""
    # Ninths of two normals: the correlation of their ratings, from a grid of the normal curve.
    many, _ = simulate_satisfaction(400_000, weights={"a": 1.0, "b": 0.0}, halo=halo, seed=0)
    rho = many["a"].corr(many["b"])
    q, variance = len(weights), 80 / 12
    w = np.array([*weights.values()])
    inner = np.full((q, q), rho) + (1 - rho) * np.eye(q)
    whole = variance * w @ inner @ w + noise**2 / 3
    outer = variance * inner @ w / np.sqrt(variance * whole)
    return np.block([[inner, outer[:, None]], [outer[None, :], np.ones((1, 1))]])


@pytest.mark.curriculum("S119")
@pytest.mark.parametrize(("halo", "n"), [(0.5, 150), (0.2, 400)])
def test_bootstrap_intervals_cover_in_95_of_100_worlds(covers, few, halo, n):
    truth = lmg(population(WEIGHTS, halo))
    truth = truth / truth.sum()
    held = []
    for seed in few:
        answers, _ = simulate_satisfaction(n, weights=WEIGHTS, halo=halo, seed=seed)
        table = driver_importance(answers, resamples=100, seed=seed).set_index("driver")
        table = table.loc[[*WEIGHTS]]
        held.append((table["share_low"] <= truth) & (truth <= table["share_high"]))
    for driver, each in zip(WEIGHTS, np.transpose(held), strict=True):
        covers(each, "loyalty.driver_importance", f"{n} answers", part=driver)


def test_a_driver_that_does_nothing_is_given_a_part_by_its_company():
    answers, _ = simulate_satisfaction(3_000, weights={"a": 1.0, "b": 0.0}, seed=67)
    share = driver_importance(answers, resamples=0).set_index("driver")["share"]
    assert share["b"] > 0.1
    assert abs(satisfaction_drivers(answers).set_index("driver").loc["b", "weight"]) < 0.05


# when misused


def test_drivers_that_go_together_are_told():
    answers, _ = simulate_satisfaction(300, halo=0.95, seed=2)
    with pytest.warns(CorrelatedDriversWarning, match="go together with the other drivers"):
        table = driver_importance(answers, resamples=0)
    assert table["vif"].max() > 5


def test_refuses_answers_it_cannot_weigh():
    answers, _ = simulate_satisfaction(40, seed=1)
    with pytest.raises(OutOfRangeError, match="repeat what others say"):
        driver_importance(answers.assign(twin=answers["staff"]), resamples=0)
    with pytest.raises(OutOfRangeError, match=r"\['staff'\] have one value"):
        driver_importance(answers.assign(staff=3), resamples=0)
    with pytest.raises(BadRowsError, match="have no staff"):
        driver_importance(answers.assign(staff=np.nan), resamples=0)
    with pytest.raises(OutOfRangeError, match="seed must be a whole number"):
        driver_importance(answers)
    many = {f"d{one}": 1.0 for one in range(17)}
    with pytest.raises(OutOfRangeError, match="at most 16"):
        driver_importance(simulate_satisfaction(40, weights=many, seed=1).data, resamples=0)
