"""Budget, noisy_count, noisy_sum, noisy_histogram: answers with noise, and the promise itself."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from crmlab.errors import BadRowsError, NotAllowedError, OutOfRangeError, UnknownNameError
from crmlab.privacy import (
    Budget,
    advantage_bound,
    attacker_advantage,
    noisy_count,
    noisy_histogram,
    noisy_sum,
)

HUNDRED = pd.Series(range(100))


def answers(people, *, n, epsilon, mechanism, seed):
    budget = Budget(n * epsilon * 2, seed=seed)
    asked = {"epsilon": epsilon, "budget": budget, "mechanism": mechanism}
    return np.array([noisy_count(people, **asked).value for _ in range(n)])


# the budget, by hand


def test_ten_tenths_are_one_and_the_eleventh_is_refused():
    budget = Budget(1.0, seed=5)
    for number in range(10):
        budget.spend(0.1, f"question {number}")
    assert budget.left == 0
    with pytest.raises(NotAllowedError, match=r'"one more" would cost epsilon 0.1; 0 of 1 is left'):
        budget.spend(0.1, "one more")
    assert budget.answers["epsilon"].tolist() == [0.1] * 10
    assert budget.answers["left"].iloc[-1] == 0
    assert repr(budget) == "Budget(0 of 1 left)"


def test_a_refused_question_costs_nothing_and_draws_no_noise():
    one, other = Budget(1.0, seed=5), Budget(1.0, seed=5)
    with pytest.raises(NotAllowedError):
        noisy_count(HUNDRED, epsilon=2, budget=one)
    assert one.left == 1
    assert one.answers.empty
    assert noisy_count(HUNDRED, epsilon=1, budget=one) == noisy_count(
        HUNDRED, epsilon=1, budget=other
    )


def test_without_a_seed_the_noise_cannot_be_foreseen():
    drawn = {Budget(1).rng.integers(2**62) for _ in range(3)}
    assert len(drawn) == 3


@pytest.mark.parametrize("epsilon", [0, -1, np.inf, np.nan])
def test_a_budget_and_a_price_are_finite_and_above_zero(epsilon):
    with pytest.raises(OutOfRangeError, match="epsilon must be a finite number above 0"):
        Budget(epsilon)
    with pytest.raises(OutOfRangeError, match="epsilon must be a finite number above 0"):
        Budget(1).spend(epsilon, "?")


@given(st.lists(st.integers(1, 50), max_size=30))
def test_what_is_spent_never_exceeds_the_budget(hundredths):
    budget = Budget(1.0, seed=5)
    for cost in hundredths:
        try:
            budget.spend(cost / 100, "?")
        except NotAllowedError:
            assert round(100 * budget.left) < cost
    assert sum(round(100 * one) for one in budget.answers["epsilon"]) <= 100


# answers, by hand


def test_counts_stay_whole_and_say_their_error():
    found = noisy_count(HUNDRED, epsilon=0.5, budget=Budget(1, seed=5))
    assert found.value == round(found.value)
    a = np.exp(-0.5)
    assert found.standard_error == pytest.approx(np.sqrt(2 * a) / (1 - a))
    assert found.epsilon == 0.5


def test_one_very_large_customer_cannot_show_in_a_sum():
    small, large = (pd.Series([20.0] * 99 + [last]) for last in (100.0, 1e9))
    asked = {"low": 0, "high": 100, "epsilon": 1}
    one, other = (noisy_sum(s, **asked, budget=Budget(1, seed=5)) for s in (small, large))
    assert one == other
    assert one.value * 100 == pytest.approx(round(one.value * 100))
    # The largest person is 10,000 fen; Laplace: sqrt(2) * 100 CNY / epsilon.
    assert one.standard_error == pytest.approx(np.sqrt(2) * 100, rel=1e-4)
    laplace = noisy_sum(small, **asked, budget=Budget(1, seed=5), mechanism="laplace")
    assert laplace.standard_error == pytest.approx(np.sqrt(2) * 100)


@pytest.mark.parametrize("mechanism", ["laplace", "geometric"])
def test_each_bar_has_noise_of_its_own_as_of_one_count_and_by_the_same_law(mechanism):
    values = pd.Series(["a"] * 50)
    names = [f"{n}" for n in range(400)] + ["a"]
    budget = Budget(4, seed=8)
    asked = {"epsilon": 1, "budget": budget, "mechanism": mechanism}
    table = noisy_histogram(values, categories=names, question="bars", **asked)
    one = noisy_count(values, **asked)
    assert table["standard_error"].unique().tolist() == [one.standard_error]
    noise = table["people"].to_numpy()[:-1]
    # 400 draws: their deviation lies within 15 % of the error (a kurtosis of 6: 3 of 0.056).
    assert noise.std() == pytest.approx(one.standard_error, rel=0.17)
    assert (noise == noise.round()).all() == (mechanism == "geometric")
    assert "bars" in str(budget.ledger()) if callable(getattr(budget, "ledger", None)) else True


def test_a_histogram_costs_once_and_shows_empty_categories():
    budget = Budget(1, seed=5)
    names = ["none", "asthma", "diabetes"]
    values = pd.Series(["asthma"] * 5)
    table = noisy_histogram(values, categories=names, epsilon=1, budget=budget)
    assert table["category"].tolist() == names
    assert budget.left == 0
    assert len(budget.answers) == 1
    assert (table["people"] - [0, 5, 0]).abs().max() < 6


# against the formula


@pytest.mark.parametrize("mechanism", ["geometric", "laplace"])
@pytest.mark.parametrize("epsilon", [0.2, 1.0])
def test_noise_has_mean_zero_and_the_stated_error(mechanism, epsilon):
    n = 4_000
    noise = answers(HUNDRED, n=n, epsilon=epsilon, mechanism=mechanism, seed=11) - 100
    error = noisy_count(
        HUNDRED, epsilon=epsilon, budget=Budget(9), mechanism=mechanism
    ).standard_error
    assert abs(noise.mean()) <= 3 * error / np.sqrt(n)
    # The kurtosis of a Laplace law is 6, of a two-sided geometric one at these epsilons below 7:
    # the variance of a sample's variance is at most (7 - 1) sigma**4 / n.
    assert noise.var() == pytest.approx(error**2, rel=3 * np.sqrt(6 / n))


def test_the_geometric_law_is_the_published_one():
    n, a = 20_000, np.exp(-1.0)
    noise = answers(HUNDRED, n=n, epsilon=1.0, mechanism="geometric", seed=12) - 100
    for z in (-2, -1, 0, 1, 2):
        share = (1 - a) / (1 + a) * a ** abs(z)
        error = 3 * np.sqrt(share * (1 - share) / n)
        assert (noise == z).mean() == pytest.approx(share, abs=error)


def test_sums_are_right_on_average():
    spend = pd.Series(np.arange(50.0))
    budget = Budget(4_000, seed=13)
    asked = {"low": 0, "high": 40, "epsilon": 1, "budget": budget}
    drawn = np.array([noisy_sum(spend, **asked).value for _ in range(2_000)])
    truth = spend.clip(0, 40).sum()
    assert drawn.mean() == pytest.approx(truth, abs=3 * np.sqrt(2) * 40 / np.sqrt(2_000))


# the promise


@pytest.mark.parametrize("mechanism", ["geometric", "laplace"])
@pytest.mark.parametrize("epsilon", [0.1, 0.5, 1.0, 2.0])
def test_no_attacker_gains_more_than_the_bound(mechanism, epsilon):
    n = 6_000
    inside, outside = (
        answers(people, n=n, epsilon=epsilon, mechanism=mechanism, seed=seed)
        for people, seed in ((HUNDRED, 21), (HUNDRED[1:], 22))
    )
    found = attacker_advantage(inside, outside)
    # n / 2 answers judge each world: its standard error is at most sqrt(0.5 / n).
    assert found.standard_error <= np.sqrt(1 / n)
    assert found.advantage <= advantage_bound(epsilon) + 3 * found.standard_error
    # What the best threshold reaches in theory: the bound itself, or 1 - exp(-epsilon / 2).
    best = advantage_bound(epsilon) if mechanism == "geometric" else 1 - np.exp(-epsilon / 2)
    assert found.advantage == pytest.approx(best, abs=4 * found.standard_error)


@pytest.mark.parametrize("mechanism", ["geometric", "laplace"])
def test_one_person_changes_the_chance_of_any_answer_by_exp_epsilon_at_most(mechanism):
    n, epsilon = 20_000, 0.8
    inside, outside = (
        np.round(answers(people, n=n, epsilon=epsilon, mechanism=mechanism, seed=seed))
        for people, seed in ((HUNDRED, 31), (HUNDRED[1:], 32))
    )
    for answer in range(95, 106):
        p, q = (inside == answer).mean(), (outside == answer).mean()
        error = np.sqrt(p * (1 - p) / n + np.exp(2 * epsilon) * q * (1 - q) / n)
        assert p - np.exp(epsilon) * q <= 3 * error
        error = np.sqrt(q * (1 - q) / n + np.exp(2 * epsilon) * p * (1 - p) / n)
        assert q - np.exp(epsilon) * p <= 3 * error


@pytest.mark.parametrize("mechanism", ["geometric", "laplace"])
@pytest.mark.parametrize(
    ("low", "high", "person"),
    [(0, 40, 40.0), (-40, 10, -40.0), (-10, 40, 40.0), (-40, -30, -40.0), (0.004, 0.015, 0.02)],
)
@pytest.mark.slow
def test_no_attacker_learns_of_the_largest_person_in_a_sum(mechanism, low, high, person):
    n, epsilon = 3_000, 1.0
    others = [(low + high) / 2] * 20
    drawn = []
    for people, seed in ((pd.Series([*others, person]), 51), (pd.Series(others), 52)):
        budget = Budget(n * epsilon * 2, seed=seed)
        asked = {"low": low, "high": high, "epsilon": epsilon, "mechanism": mechanism}
        drawn.append(np.array([noisy_sum(people, budget=budget, **asked).value for _ in range(n)]))
    # The attacker looks for answers above a threshold; who owes lowers them.
    found = attacker_advantage(*(np.sign(person) * one for one in drawn))
    assert found.advantage <= advantage_bound(epsilon) + 3 * found.standard_error
    # Who is as large as the bounds allow is as well hidden as promised, and no better.
    best = 1 - np.exp(-epsilon / 2)
    assert found.advantage >= best - 4 * found.standard_error


def test_who_names_too_few_categories_pays_and_learns_no_value():
    budget = Budget(1)
    values = pd.Series(["none"] * 80 + ["asthma"] * 20)
    with pytest.raises(UnknownNameError, match="not every value stands in") as caught:
        noisy_histogram(values, categories=["none"], epsilon=0.75, budget=budget)
    assert "asthma" not in str(caught.value)
    assert budget.left == 0.25
    # An empty budget answers nothing, not even by another error.
    for strange in (values, pd.Series([None, "none"])):
        with pytest.raises(NotAllowedError, match=r"0\.25 of 1 is left"):
            noisy_histogram(strange, categories=["none"], epsilon=0.75, budget=budget)


def test_noise_that_would_be_lost_is_refused():
    spend = pd.Series([1.0, 2.0])
    asked = {"epsilon": 1, "budget": Budget(1000)}
    with pytest.raises(OutOfRangeError, match="too large to be added exactly"):
        noisy_sum(spend, low=0, high=1e13, **asked)
    with pytest.raises(OutOfRangeError, match=r"cannot be added exactly.*larger unit"):
        noisy_sum(pd.Series(np.ones(100)), low=0, high=1e12, **asked)
    with pytest.raises(OutOfRangeError, match="would hide nothing"):
        noisy_count(HUNDRED, epsilon=50, budget=Budget(1000))
    assert asked["budget"].left == 1000
    assert noisy_sum(spend, low=0, high=1e10, **asked).value != 3.0


def test_rows_that_are_not_people_are_refused_or_their_people_counted():
    bought = pd.DataFrame({"customer_id": [1] * 50 + [2]})
    with pytest.raises(BadRowsError, match=r"51 rows are of 2 customers.*person='customer_id'"):
        noisy_count(bought, epsilon=1, budget=Budget(1))
    drawn = noisy_count(bought, epsilon=30, budget=Budget(30), person="customer_id")
    assert drawn.value == 2


def test_noise_that_is_too_small_would_be_noticed():
    rng = np.random.default_rng(5)
    half = [100 + size + rng.laplace(0, 0.5, 6_000) for size in (0, -1)]  # that is epsilon 2
    found = attacker_advantage(*half)
    assert found.advantage > advantage_bound(1.0) + 3 * found.standard_error


@pytest.mark.opendp
def test_agrees_with_opendp():
    import opendp.prelude as dp

    dp.enable_features("contrib")
    domain, metric = dp.atom_domain(T=int), dp.absolute_distance(T=int)
    theirs = dp.m.make_geometric(domain, metric, scale=1 / 0.7)
    assert theirs.map(1) == pytest.approx(0.7)
    n = 4_000
    drawn = np.array([theirs(100) for _ in range(n)]) - 100
    ours = answers(HUNDRED, n=n, epsilon=0.7, mechanism="geometric", seed=41) - 100
    for z in range(-3, 4):
        p, q = (drawn == z).mean(), (ours == z).mean()
        share = (p + q) / 2
        assert p == pytest.approx(q, abs=3 * np.sqrt(2 * share * (1 - share) / n))


# when misused


def test_a_person_with_two_rows_is_refused():
    twice = pd.Series([1.0, 2.0], index=[7, 7])
    asked = {"epsilon": 1, "budget": Budget(1)}
    with pytest.raises(BadRowsError, match=r"\[7\] stand\(s\) more than once in the index"):
        noisy_count(twice, **asked)
    with pytest.raises(BadRowsError, match="groupby"):
        noisy_sum(twice, low=0, high=1, **asked)
    with pytest.raises(BadRowsError, match="more than once"):
        noisy_histogram(twice, categories=[1, 2], **asked)


def test_what_is_wrong_with_a_question_is_said_before_anything_is_spent():
    budget = Budget(1)
    with pytest.raises(BadRowsError, match=r"have no value: \[1\]"):
        noisy_sum(pd.Series([1.0, np.nan]), low=0, high=1, epsilon=1, budget=budget)
    with pytest.raises(BadRowsError, match=r"have no value: \[0\]"):
        noisy_histogram(pd.Series([None]), categories=["a"], epsilon=1, budget=budget)
    with pytest.raises(OutOfRangeError, match="one or more different values"):
        noisy_histogram(pd.Series(["a"]), categories=["a", "a"], epsilon=1, budget=budget)
    with pytest.raises(OutOfRangeError, match="low must be a number below high"):
        noisy_sum(HUNDRED, low=5, high=5, epsilon=1, budget=budget)
    with pytest.raises(OutOfRangeError, match="mechanism must be one of"):
        noisy_count(HUNDRED, epsilon=1, budget=budget, mechanism="gauss")
    with pytest.raises(OutOfRangeError, match="epsilon must be a finite"):
        noisy_count(HUNDRED, epsilon=0, budget=budget)
    assert budget.left == 1
