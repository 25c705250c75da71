"""simulate_response: every sentence of its docstring, as a test."""

import numpy as np
import pytest
from sklearn.linear_model import LogisticRegression

from crmlab.errors import OutOfRangeError
from crmlab.rfm import simulate_response

EFFECTS = {"recency": 0.9, "frequency": -0.4, "monetary": 0.3}

# by hand


def test_columns_have_the_documented_dtypes():
    data, truth = simulate_response(9, seed=0)
    whole = ["customer_id", "days_since_last", "frequency", "tenure_days", "responded"]
    assert {*data.columns} == {*whole, "monetary", "ticket"}
    assert (data[whole].dtypes == "int64").all()
    assert (data[["monetary", "ticket"]].dtypes == "float64").all()
    assert truth.dtypes.astype(str).to_dict() == {
        "customer_id": "int64",
        "response_probability": "float64",
    }


def test_the_columns_fit_together_as_those_of_rfm():
    data = simulate_response(500, seed=0).data
    assert data["customer_id"].to_list() == [*range(1, 501)]
    assert data["frequency"].min() == 1
    np.testing.assert_allclose(data["ticket"] * data["frequency"], data["monetary"])
    assert (data["tenure_days"] >= data["days_since_last"]).all()
    once = data["frequency"] == 1
    assert (data["tenure_days"] == data["days_since_last"])[once].all()


# against the formula


def test_the_planted_effects_come_back_from_a_logistic_regression():
    n = 100_000
    data, truth = simulate_response(n, effects=EFFECTS, base_rate=0.2, seed=2)
    logs = np.log([1 / (1 + data["days_since_last"]), data["frequency"], data["monetary"]]).T
    z = (logs - logs.mean(axis=0)) / logs.std(axis=0)
    fit = LogisticRegression(C=np.inf).fit(z, data["responded"])
    # Standard errors from the Fisher information at the true probabilities.
    p = truth["response_probability"].to_numpy()
    design = np.column_stack([np.ones(n), z])
    information = design.T @ (design * (p * (1 - p))[:, None])
    error = np.sqrt(np.diag(np.linalg.inv(information)))[1:]
    assert (np.abs(fit.coef_[0] - [*EFFECTS.values()]) < 3 * error).all()


@pytest.mark.parametrize("base_rate", [0.001, 0.1, 0.9])
def test_the_mean_probability_is_the_base_rate_and_so_many_respond(base_rate):
    n = 100_000
    data, truth = simulate_response(n, base_rate=base_rate, seed=2)
    assert truth["response_probability"].mean() == pytest.approx(base_rate)
    # 3 standard errors of a share, which differing probabilities can only make smaller.
    error = 3 * np.sqrt(base_rate * (1 - base_rate) / n)
    assert data["responded"].mean() == pytest.approx(base_rate, abs=error)


def test_days_frequency_and_tickets_follow_their_laws():
    n = 100_000
    data = simulate_response(n, seed=2).data
    # Whole days: the mean of floor(Exponential(120)) is 1 / (e**(1/120) - 1), its deviation 120.
    mean_days = 1 / np.expm1(1 / 120)
    assert data["days_since_last"].mean() == pytest.approx(mean_days, abs=3 * 120 / np.sqrt(n))
    # Poisson with an exponential mean of 4: mean 4, variance 4 + 16.
    assert data["frequency"].mean() == pytest.approx(5, abs=3 * np.sqrt(20 / n))
    logs = np.log(data["ticket"])
    assert logs.mean() == pytest.approx(np.log(50), abs=3 * 0.8 / np.sqrt(n))
    assert logs.std() == pytest.approx(0.8, abs=3 * 0.8 / np.sqrt(2 * n))


# for any data


# when misused


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ({"n": 1}, "n must be 2 or more"),
        ({"base_rate": 0}, r"base_rate must lie in \(0, 1\]"),
        ({"base_rate": 1}, "below 1"),
        ({"effects": {"recency": 1}}, "effects must name"),
    ],
)
def test_refuses_impossible_worlds(arguments, words):
    with pytest.raises(OutOfRangeError, match=words):
        simulate_response(**{"n": 10, "seed": 0, **arguments})
