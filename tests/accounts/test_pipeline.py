"""Win rates, guesses and forecasts of a pipeline, and what one account's loss does."""

from itertools import product

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.special import expit, logit
from scipy.stats import binom

from crmlab.accounts import (
    concentration_risk,
    guess_quality,
    pipeline_forecast,
    simulate_accounts,
    simulate_pipeline,
    win_rates,
)
from crmlab.errors import BadRowsError, OutOfRangeError

RATES = pd.DataFrame({"stage": ["offer"], "deals": [100_000], "won": [40_000]})

# by hand


def test_rates_brier_and_forecast_by_hand():
    deals = pd.DataFrame(
        {"stage": ["offer"] * 4, "owner": "Lin", "said": [0.9, 0.8, 0.3, 0.2], "won": [1, 0, 1, 0]}
    )
    rate = win_rates(deals, stages=["lead", "offer"])
    assert rate["deals"].tolist() == [0, 4]
    assert rate.loc[1, ["rate", "low", "high"]].tolist() == pytest.approx(
        [0.5, 0.15, 0.85], abs=0.01
    )
    found = guess_quality(deals).iloc[0]
    # (0.01 + 0.64 + 0.49 + 0.04) / 4 against 0.25 of always saying one half.
    assert found["brier"] == pytest.approx(0.295)
    assert found["skill"] == pytest.approx(-0.18)


def test_one_large_deal_is_won_or_lost_and_never_by_a_part():
    deals = pd.DataFrame({"stage": "offer", "amount_cny": [9_000.0, 1_000.0]})
    found = pipeline_forecast(deals, RATES, goal=9_000.0, draws=40_000, seed=1)
    assert {*found.outcomes["sales_cny"]} == {0.0, 1_000.0, 9_000.0, 10_000.0}
    assert found.expected_cny == pytest.approx(4_000)
    assert found.without_largest_cny == pytest.approx(400)
    # The mean is an amount that nobody will ever see.
    assert found.expected_cny not in {*found.outcomes["sales_cny"]}
    assert found.reaches == pytest.approx(0.4, abs=3 * 0.5 / 200)


# against the formula


@pytest.mark.parametrize("seed", range(5))
def test_the_forecast_is_the_law_of_all_ways_to_win(seed):
    rng = np.random.default_rng(seed)
    amounts = rng.integers(1, 20, 6).astype(float)
    deals = pd.DataFrame({"stage": "offer", "amount_cny": amounts})
    exact = {}
    for wins in product([0, 1], repeat=6):
        total = float(np.dot(wins, amounts))
        exact[total] = exact.get(total, 0) + 0.4 ** sum(wins) * 0.6 ** (6 - sum(wins))
    goal = amounts.sum() / 2
    found = pipeline_forecast(deals, RATES, goal=goal, draws=40_000, seed=seed)
    right = sum(chance for total, chance in exact.items() if total >= goal)
    # The rates are known to 0.0015.
    assert found.reaches == pytest.approx(right, abs=3 * 0.5 / 200 + 0.005)


@pytest.mark.parametrize("seed", range(20))
def test_who_hopes_and_who_is_too_sure_is_found(seed):
    deals, truth = simulate_pipeline(8_000, seed=seed)
    found = guess_quality(deals).set_index("owner")
    # Three standard errors of a mean of deals that are won or not.
    error = 3 * (found["won"] * (1 - found["won"]) / found["deals"]) ** 0.5
    gap = found["said"] - found["won"]
    assert abs(gap["Chen"]) < error["Chen"] + 0.01  # her noise bends the scale a little
    assert gap["Lin"] > error["Lin"]
    assert gap["Wu"] < 0
    assert found.loc["Ma", "slope"] + 3 * found.loc["Ma", "slope_error"] < 1
    assert found["brier"].idxmin() != "Lin"
    by_truth = ((truth["chance"] - deals["won"]) ** 2).mean()
    assert by_truth < ((deals["said"] - deals["won"]) ** 2).mean()


@pytest.mark.slow
@pytest.mark.parametrize("n", [12, 40])
def test_the_interval_of_a_forecast_holds_what_comes_in_95_of_100_quarters(covers, few, n):
    held = []
    for seed in few:
        past, _ = simulate_pipeline(300, seed=seed)
        now, _ = simulate_pipeline(n, seed=10_000 + seed)
        found = pipeline_forecast(now, win_rates(past), draws=400, seed=seed)
        held.append(found.low_cny <= now.loc[now["won"], "amount_cny"].sum() <= found.high_cny)
    covers(held, "accounts.pipeline_forecast", f"{n} open deals")


@pytest.mark.parametrize("n", [60, 600])
def test_the_intervals_of_win_rates_hold_the_truth(covers, few, n):
    # Deals of one stage differ by N(0, 0.6**2) in log odds: the mean chance, by 40 points.
    place, weight = np.polynomial.hermite_e.hermegauss(40)
    rates = {"lead": 0.08, "negotiation": 0.65}
    right = [expit(logit(rate) + 0.6 * place) @ weight / weight.sum() for rate in rates.values()]
    held = []
    for seed in few:
        found = win_rates(simulate_pipeline(n, seed=seed).data).set_index("stage").loc[[*rates]]
        held.append((found["low"] <= right) & (right <= found["high"]))
    for stage, each in zip(rates, np.transpose(held), strict=True):
        covers(each, "accounts.win_rates", f"{n} deals", part=stage)


def test_win_rates_find_the_stages_as_planted():
    deals, truth = simulate_pipeline(40_000, seed=2)
    found = win_rates(deals).set_index("stage")
    planted = truth["chance"].groupby(deals["stage"]).mean().loc[found.index]
    assert ((found["low"] < planted) & (planted < found["high"])).sum() >= 3


@pytest.mark.parametrize("n", [1, 4, 30])
def test_equal_accounts_are_as_many_as_they_are_and_a_bad_year_is_binomial(n):
    accounts = pd.DataFrame({"account_id": range(n), "sales_cny": 100.0})
    found = concentration_risk(accounts, leave=0.1, seed=1)
    assert found.effective == pytest.approx(n)
    assert found.bad_year_loss == pytest.approx(found.bad_year_if_equal)
    # 20,000 draws: the quantile lies between those of 0.945 and 0.955.
    low, high = binom.ppf([0.945, 0.955], n, 0.1) / n
    assert low <= found.bad_year_loss <= high


def test_a_bad_year_is_worse_where_one_account_is_large_though_the_mean_is_not():
    even = pd.DataFrame({"account_id": range(50), "sales_cny": 1.0})
    one = even.assign(sales_cny=[40.0, *[1.0] * 49])
    spread, top = (concentration_risk(table, leave=0.1, seed=2) for table in (even, one))
    assert spread.expected_loss == top.expected_loss == 0.1
    assert top.bad_year_loss > 2 * spread.bad_year_loss
    assert (top.top_account, round(top.top_share, 2)) == (0, 0.45)


# for any data


@given(st.lists(st.floats(1, 1e6), min_size=1, max_size=30))
def test_a_forecast_lies_between_nothing_and_everything(amounts):
    deals = pd.DataFrame({"stage": "offer", "amount_cny": amounts})
    found = pipeline_forecast(deals, RATES, draws=100, seed=1)
    assert 0 <= found.low_cny <= found.median_cny <= found.high_cny <= sum(amounts) * (1 + 1e-9)
    assert 0 < found.largest_share <= 1


# when misused


def test_guesses_beyond_0_to_1_unknown_stages_and_empty_pasts_are_told():
    deals, _ = simulate_pipeline(50, seed=1)
    with pytest.raises(BadRowsError, match=r"said beyond 0 to 1.*/ 100"):
        guess_quality(deals.assign(said=deals["said"] * 100))
    with pytest.raises(BadRowsError, match=r"stand at \['hope'\]"):
        win_rates(deals.assign(stage="hope"))
    empty = pd.DataFrame({"stage": ["lead", "offer"], "deals": [0, 3], "won": [0, 1]})
    with pytest.raises(BadRowsError, match="not a win rate from past deals"):
        pipeline_forecast(deals[deals["stage"] == "lead"], empty, seed=1)
    with pytest.raises(BadRowsError, match="amounts must be"):
        pipeline_forecast(deals.assign(amount_cny=-1.0), win_rates(deals), seed=1)
    with pytest.raises(OutOfRangeError, match="no sales"):
        concentration_risk(pd.DataFrame({"account_id": [1], "sales_cny": [0.0]}), seed=1)
    data, _ = simulate_accounts(5, seed=1)
    with pytest.raises(OutOfRangeError, match="leave"):
        concentration_risk(data.accounts, leave=10, seed=1)


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ([0.9, 0.8, 0.3, 0.2], True),
        ([0.5, 0.5, 0.5, 0.5], False),  # one chance for all
        ([1.0, 0.8, 0.3, 0.2], False),  # log odds without end
        ([0.9, 0.2, 0.8, 0.3], False),  # who tells them apart without a fault
        ([0.9, 0.3, 0.3, 0.2], False),  # and nearly so
        ([0.9, 0.4, 0.3, 0.2], True),
    ],
)
def test_a_slope_is_told_only_where_the_deals_tell_one(said, told):
    deals = pd.DataFrame({"owner": "Lin", "said": said, "won": [True, False, True, False]})
    found = guess_quality(deals).iloc[0]
    assert np.isfinite([found["slope"], found["slope_error"]]).tolist() == [told, told]
    assert found["brier"] == pytest.approx(np.mean((deals["said"] - deals["won"]) ** 2))


def test_rates_that_cannot_be_and_goals_that_are_none_are_refused():
    deals = pd.DataFrame({"stage": ["offer"], "amount_cny": [1_000.0]})
    for won in (100_001, -1):
        with pytest.raises(BadRowsError, match=r"won lies beyond 0 to deals at \['offer'\]"):
            pipeline_forecast(deals, RATES.assign(won=won), seed=1)
    with pytest.raises(BadRowsError, match="stand more than once in stage"):
        pipeline_forecast(deals, pd.concat([RATES, RATES]), seed=1)
    with pytest.raises(BadRowsError, match="no won"):
        pipeline_forecast(deals, RATES.assign(won=np.nan), seed=1)
    for goal in (np.nan, "5"):
        with pytest.raises(OutOfRangeError, match="goal must be a number"):
            pipeline_forecast(deals, RATES, goal=goal, seed=1)
    past = pd.DataFrame({"stage": ["offer"], "won": [True]})
    with pytest.raises(OutOfRangeError, match="stages must differ"):
        win_rates(past, stages=["offer", "offer"])
    with pytest.raises(OutOfRangeError, match="stages must be a list"):
        win_rates(past, stages="offer")
