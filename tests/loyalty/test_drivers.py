"""satisfaction_drivers recovers the weights that simulate_satisfaction planted."""

import numpy as np
import pandas as pd
import pytest

from crmlab.errors import BadRowsError, MissingColumnsError, OutOfRangeError
from crmlab.loyalty import satisfaction_drivers, simulate_satisfaction

# by hand


def test_an_exact_sum_gives_its_weights_back():
    answers = pd.DataFrame({"staff": [1, 2, 3, 4, 5], "price": [2, 1, 3, 1, 2]})
    answers["overall"] = 2 + 0.6 * answers["staff"] + 0.2 * answers["price"]
    table = satisfaction_drivers(answers)
    assert table["driver"].tolist() == ["staff", "price"]
    np.testing.assert_allclose(table["weight"], [0.6, 0.2])
    np.testing.assert_allclose(table["share"], [0.75, 0.25])
    assert table["correlation"].iloc[0] == pytest.approx(
        np.corrcoef(answers["staff"], answers["overall"])[0, 1]
    )


def test_shares_of_weights_that_cancel_are_unknown():
    answers = pd.DataFrame({"a": [1, 2, 3, 4, 5], "b": [2, 1, 3, 1, 2]})
    answers["overall"] = -answers["a"]
    assert satisfaction_drivers(answers)["share"].isna().all()


def test_the_share_of_an_only_driver_is_one_for_certain():
    answers, _ = simulate_satisfaction(50, weights={"staff": 0.7}, seed=59)
    row = satisfaction_drivers(answers).iloc[0]
    assert row["standard_error"] > 0
    np.testing.assert_allclose(row[["share", "share_low", "share_high"]].astype(float), 1)


# against the formula


@pytest.mark.curriculum("S46")
@pytest.mark.parametrize("seed", range(20))
def test_planted_weights_lie_within_their_standard_errors_at_2000_answers(seed):
    answers, truth = simulate_satisfaction(2_000, seed=seed)
    table = satisfaction_drivers(answers).merge(truth, on="driver", suffixes=("", "_true"))
    assert len(table) == 5
    # Five weights in each of twenty worlds: 3.6 standard errors.
    assert ((table["weight"] - table["weight_true"]).abs() <= 3.6 * table["standard_error"]).all()
    assert table["standard_error"].max() < 0.01


@pytest.mark.curriculum("S46")
@pytest.mark.parametrize("n", [60, 400])
def test_intervals_of_weights_and_shares_cover_in_95_of_100_worlds(covers, few, n):
    weights = {"product": 0.5, "price": 0.0, "staff": 0.3}
    found = {"weight": [], "share": []}
    for seed in few:
        answers, _ = simulate_satisfaction(n, weights=weights, seed=seed)
        table = satisfaction_drivers(answers).set_index("driver").loc[[*weights]]
        truth = np.array([*weights.values()])
        found["weight"].append((table["low"] <= truth) & (truth <= table["high"]))
        share = truth / truth.sum()
        found["share"].append((table["share_low"] <= share) & (share <= table["share_high"]))
    for part, each in found.items():
        for driver, held in zip(weights, np.transpose(each), strict=True):
            covers(held, "loyalty.satisfaction_drivers", f"{n} answers", part=f"{part} of {driver}")


def test_a_driver_without_weight_goes_together_with_the_whole_all_the_same():
    answers, _ = simulate_satisfaction(2_000, weights={"a": 1.0, "b": 0.0}, seed=67)
    row = satisfaction_drivers(answers).set_index("driver").loc["b"]
    assert row["low"] < 0 < row["high"]
    assert row["correlation"] > 0.4


@pytest.mark.statsmodels
def test_it_is_the_regression_of_statsmodels():
    import statsmodels.api as sm

    answers, _ = simulate_satisfaction(100, seed=71)
    table = satisfaction_drivers(answers).set_index("driver")
    x = answers.drop(columns=["customer_id", "overall"])
    fit = sm.OLS(answers["overall"], sm.add_constant(x)).fit()
    np.testing.assert_allclose(table["weight"], fit.params[table.index])
    np.testing.assert_allclose(table["standard_error"], fit.bse[table.index])
    interval = fit.conf_int().loc[table.index]
    np.testing.assert_allclose(table[["low", "high"]], interval)


# the simulator


def test_the_simulator_keeps_to_its_docstring():
    answers, truth = simulate_satisfaction(20_000, halo=0.5, seed=73)
    drivers = truth["driver"].tolist()
    ratings = answers[drivers]
    assert ratings.min().min() == 1
    assert ratings.max().max() == 9
    # Each ninth is as likely: 3.9 standard errors, for 45 shares at once.
    share = ratings.apply(lambda one: one.value_counts(normalize=True))
    assert ((share - 1 / 9).abs() < 3.9 * np.sqrt(8 / 81 / 20_000)).all(axis=None)
    noise = answers["overall"] - ratings @ truth.set_index("driver")["weight"]
    assert noise.abs().max() <= 1
    # A correlation of ranks of 0.5 normals: 6 / pi * asin(0.5 / 2); 3 standard errors.
    rank = ratings.iloc[:, :2].corr(method="spearman").iloc[0, 1]
    assert rank == pytest.approx(6 / np.pi * np.arcsin(0.25), abs=3 / np.sqrt(20_000))
    again = simulate_satisfaction(20_000, halo=0.5, seed=73)
    pd.testing.assert_frame_equal(answers, again.data)


# when misused


def test_refuses_answers_it_cannot_weigh():
    answers, _ = simulate_satisfaction(20, seed=1)
    with pytest.raises(MissingColumnsError, match="overall=…"):
        satisfaction_drivers(answers.drop(columns="overall"))
    with pytest.raises(BadRowsError, match="have no staff"):
        satisfaction_drivers(answers.assign(staff=np.nan))
    with pytest.raises(OutOfRangeError, match=r"\['.*'\] cannot be told apart"):
        satisfaction_drivers(answers.assign(twin=answers["staff"]))
    with pytest.raises(OutOfRangeError, match="more rows are needed"):
        satisfaction_drivers(answers.head(6))
    with pytest.raises(OutOfRangeError, match="there is no driver"):
        satisfaction_drivers(answers[["customer_id", "overall"]])


@pytest.mark.parametrize(
    "wrong", [{"n": 0}, {"weights": {}}, {"halo": 1.0}, {"noise": -1.0}, {"noise": np.inf}]
)
def test_the_simulator_refuses_worlds_that_there_are_not(wrong):
    with pytest.raises(OutOfRangeError):
        simulate_satisfaction(**{"n": 10, "seed": 1, **wrong})
