"""The three simulators: every sentence of their docstrings, as a test."""

import numpy as np
import pandas as pd
import pytest
from scipy.special import ndtr

from crmlab.errors import OutOfRangeError
from crmlab.pyramid import (
    concentration,
    cost_to_serve,
    lognormal_sigma,
    net_value,
    pareto_shape,
    pyramid,
    simulate_concentrated,
    simulate_service,
    simulate_two_periods,
)


def spend_of(n, **options):
    return simulate_concentrated(n, **options).data.set_index("customer_id")["spend"]


# concentrated spend


@pytest.mark.parametrize(
    ("top", "share", "sigma", "shape"),
    [(0.20, 0.80, 1.683, 1.16), (0.24, 0.80, 1.548, 1.19), (0.15, 0.75, 1.711, 1.18)],
)
def test_the_rules_of_the_field_ask_for_these_laws(top, share, sigma, shape):
    assert lognormal_sigma(top, share) == pytest.approx(sigma, abs=5e-4)
    assert pareto_shape(top, share) == pytest.approx(shape, abs=5e-3)


@pytest.mark.curriculum("S11")
def test_random_lognormal_spend_shows_the_rule_and_its_gini_over_twenty_seeds():
    found = [concentration(spend_of(20_000, seed=seed)) for seed in range(20)]
    shares, ginis = (
        np.array([getattr(one, name) for one in found]) for name in ("share_of_top", "gini")
    )
    # 3 standard errors in each world, and of the mean of twenty.
    assert (np.abs(shares - 0.80) < 0.015).all()
    gini = 2 * ndtr(lognormal_sigma(0.2, 0.8) / 2**0.5) - 1
    for seen, truth in ((shares, 0.80), (ginis, gini)):
        assert abs(seen.mean() - truth) < 3 * seen.std(ddof=1) / np.sqrt(20)


@pytest.mark.parametrize("distribution", ["lognormal", "pareto"])
@pytest.mark.parametrize("top", [0.01, 0.05, 0.20, 0.50])
def test_stratified_customers_hold_exactly_what_the_law_says(distribution, top):
    spend = spend_of(1_000, distribution=distribution, stratified=True, seed=1)
    if distribution == "lognormal":
        expected = ndtr(lognormal_sigma(0.2, 0.8) - ndtri_of(1 - top))
    else:
        expected = top ** (1 - 1 / pareto_shape(0.2, 0.8))
    assert concentration(spend, top=top).share_of_top == pytest.approx(expected, abs=1e-9)
    assert spend.mean() == pytest.approx(1_000)


def ndtri_of(p):
    from scipy.special import ndtri

    return ndtri(p)


def test_pareto_shares_jump_about_where_lognormal_ones_do_not():
    shares = {
        law: [
            concentration(spend_of(20_000, distribution=law, seed=seed)).share_of_top
            for seed in range(20)
        ]
        for law in ("lognormal", "pareto")
    }
    assert np.ptp(shares["lognormal"]) < 0.04
    assert np.ptp(shares["pareto"]) > 0.08


def test_spend_grows_with_the_hidden_position_and_has_the_stated_mean():
    data, truth = simulate_concentrated(100_000, top=0.3, share=0.5, mean_spend=50, seed=2)
    assert (data["customer_id"] == truth["customer_id"]).all()
    order = truth["position"].to_numpy().argsort()
    assert (np.diff(data["spend"].to_numpy()[order]) >= 0).all()
    assert truth["position"].between(0, 1).all()
    # exp(sigma^2) - 1 is the squared coefficient of variation; 3 standard errors at n.
    cv = np.sqrt(np.expm1(lognormal_sigma(0.3, 0.5) ** 2))
    assert data["spend"].mean() == pytest.approx(50, abs=3 * 50 * cv / 100_000**0.5)


# service


def test_a_planted_share_is_demanding_in_every_tier():
    service, truth = simulate_service(1_000, demanding=0.2, seed=4)
    spend = service.accounts["spend"]
    assert truth["demanding"].sum() == 200
    for best in (10, 50, 200):
        assert truth["demanding"][spend.nlargest(best).index].sum() == best / 5
    assert concentration(spend).share_of_top == pytest.approx(0.80)


def test_net_value_is_recovered_within_three_standard_errors():
    service, truth = simulate_service(5_000, seed=6)
    net = net_value(service.accounts, cost_to_serve(service.events, service.tariff))
    quiet = ~truth["demanding"].to_numpy()
    accounts, cost = service.accounts, service.tariff["cost"].to_numpy()
    # A Poisson count of mean cost_k * part_k / price_k, worth price_k each, has the variance
    # price_k * (its mean cost): 17, 40 and 1 HKD weighted by the parts .60, .35 and .05.
    per_hkd = (cost * [0.60, 0.35, 0.05]).sum()
    for group, appetite in ((quiet, 0.20), (~quiet, 1.40)):
        error = np.sqrt(per_hkd * appetite * accounts["margin"][group].sum())
        expected = truth["expected_net_value"][group].sum()
        assert net["net_value"][group].sum() == pytest.approx(expected, abs=3 * error)


def test_the_demanding_lose_money_at_any_size_and_the_big_quiet_ones_never():
    service, truth = simulate_service(1_000, seed=1)
    assert (truth.loc[truth["demanding"], "expected_net_value"] < 0).all()
    big = service.accounts["spend"] > service.accounts["spend"].quantile(0.8)
    assert (truth.loc[big & ~truth["demanding"], "expected_net_value"] > 0).all()


def test_the_books_are_in_one_currency_with_the_courses_counter_price():
    service, truth = simulate_service(50, acquisition_cost=500, upkeep=100, seed=0)
    assert {*service.accounts["currency"]} | {*service.tariff["currency"]} == {"HKD"}
    assert service.tariff.set_index("event")["cost"]["branch transaction"] == 17
    assert (service.events["count"] > 0).all()
    assert service.accounts.dtypes.astype(str).to_dict() == {
        "customer_id": "int64", "tenure_years": "float64", "spend": "float64",
        "margin": "float64", "upkeep": "float64", "acquisition_cost": "float64",
        "currency": "str",
    }  # fmt: skip
    assert service.events.dtypes.astype(str).tolist() == ["int64", "str", "int64"]
    assert truth.dtypes.astype(str).tolist() == ["int64", "bool", "float64"]


def test_tenure_is_exponential_and_tells_nothing_of_the_demand():
    service, truth = simulate_service(20_000, seed=7)
    tenure = service.accounts["tenure_years"]
    # Mean and standard deviation are both 5; 3 standard errors at n, and of the difference.
    assert tenure.mean() == pytest.approx(5, abs=3 * 5 / 20_000**0.5)
    groups = tenure.groupby(truth["demanding"]).mean()
    assert groups[True] - groups[False] == pytest.approx(
        0, abs=3 * 5 * np.sqrt(1 / 4_000 + 1 / 16_000)
    )


# two periods


def test_periods_hold_everybody_but_the_new_and_everybody_but_the_lost():
    spends, truth = simulate_two_periods(1_000, lost=0.3, new=0.2, seed=3)
    fate = truth.set_index("customer_id")["fate"]
    assert len(truth) == 1_200
    assert (fate == "new").sum() == 200
    first, second = (part["customer_id"] for _, part in spends.groupby("period"))
    assert {*first} == {*fate.index[fate != "new"]}
    assert {*second} == {*fate.index[fate != "lost"]}
    # 3 standard errors of a share of 0.3 at n = 1,000.
    assert (fate == "lost").sum() / 1_000 == pytest.approx(0.3, abs=3 * np.sqrt(0.21 / 1_000))


@pytest.mark.parametrize("persistence", [0.0, 0.5, 0.9])
def test_the_logs_of_two_spends_correlate_at_the_persistence(persistence):
    n = 50_000
    spends, truth = simulate_two_periods(n, persistence=persistence, lost=0, new=0, seed=9)
    logs = np.log(spends.pivot(index="customer_id", columns="period", values="spend"))
    # Fisher: the standard error of a correlation is (1 - r^2) / sqrt(n).
    error = 3 * (1 - persistence**2) / n**0.5
    assert logs.corr().loc[1, 2] == pytest.approx(persistence, abs=error)
    expected = np.sqrt(persistence)
    habit = np.corrcoef(truth["habit"], logs[1])[0, 1]
    assert habit == pytest.approx(expected, abs=3 * (1 - persistence) / n**0.5 + 1e-9)


def test_full_persistence_moves_nobody():
    spends, _ = simulate_two_periods(100, persistence=1, lost=0, new=0, seed=1)
    first, second = (part["spend"].to_numpy() for _, part in spends.groupby("period"))
    assert second == pytest.approx(first)


def test_the_treated_spend_more_by_the_lift_and_only_the_kept_are_treated():
    calm = simulate_two_periods(2_000, treated=0.5, lift=0, seed=2)
    pushed = simulate_two_periods(2_000, treated=0.5, lift=0.25, seed=2)
    chosen = pushed.truth.set_index("customer_id")["treated"]
    assert {*pushed.truth.loc[chosen.to_numpy(), "fate"]} == {"kept"}
    ratio = pushed.data["spend"] / calm.data["spend"]
    lifted = chosen[pushed.data["customer_id"]].to_numpy() & (pushed.data["period"] == 2)
    assert ratio[lifted].to_numpy() == pytest.approx(1.25)
    assert (ratio[~lifted] == 1).all()


@pytest.mark.parametrize("period", [1, 2])
def test_both_periods_have_the_same_law(period):
    spends, _ = simulate_two_periods(20_000, seed=4)
    spend = spends[spends["period"] == period].set_index("customer_id")["spend"]
    # As for S11: half a point to 0.7 is the standard deviation at this n.
    assert pyramid(spend)["share_of_spend"].iloc[:3].sum() == pytest.approx(0.80, abs=0.015)


# all of them


@pytest.mark.parametrize("simulate", [simulate_concentrated, simulate_two_periods])
def test_same_seed_same_frames(simulate):
    for one, other in zip(simulate(50, seed=4), simulate(50, seed=4), strict=True):
        pd.testing.assert_frame_equal(one, other)
    assert not simulate(50, seed=4).data.equals(simulate(50, seed=5).data)


# when misused


@pytest.mark.parametrize("rule", [(0.8, 0.2), (0.2, 1.0), (20, 80), (0, 0.5)])
def test_refuses_a_rule_that_cannot_be(rule):
    with pytest.raises(OutOfRangeError, match=r"share"):
        lognormal_sigma(*rule)
    with pytest.raises(OutOfRangeError, match=r"share"):
        simulate_concentrated(5, top=rule[0], share=rule[1], distribution="pareto", seed=0)


def test_an_even_rule_is_no_spread_for_the_lognormal_and_none_for_the_pareto():
    assert lognormal_sigma(0.3, 0.3) == 0
    assert spend_of(5, top=0.3, share=0.3, seed=0).tolist() == pytest.approx([1_000] * 5)
    with pytest.raises(OutOfRangeError, match="no Pareto law spreads spend evenly"):
        pareto_shape(0.3, 0.3)


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"n": 0}, "n must be 1 or more"),
        ({"mean_spend": 0}, "mean_spend must be a finite number above 0"),
        ({"distribution": "normal"}, r"one of \['lognormal', 'pareto'\]; got 'normal'"),
    ],
)
def test_refuses_impossible_customers(options, words):
    with pytest.raises(OutOfRangeError, match=words):
        simulate_concentrated(**{"n": 5, "seed": 0} | options)


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"demanding": 20}, "demanding must lie in"),
        ({"margin_rate": 0}, "margin_rate must lie in"),
        ({"upkeep": -1}, "upkeep must be"),
        ({"acquisition_cost": 0}, "acquisition_cost must be"),
        ({"appetite": (0, 1)}, "every appetite, and life_years, must be"),
        ({"life_years": 0}, "every appetite, and life_years, must be"),
    ],
)
def test_refuses_an_impossible_service(options, words):
    with pytest.raises(OutOfRangeError, match=words):
        simulate_service(5, seed=0, **options)


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"persistence": 1.1}, r"persistence must lie in \[0, 1\], not a percent; got 1.1"),
        ({"lost": -0.1}, "lost must lie in"),
        ({"new": 15}, "new must lie in"),
        ({"treated": 2}, "treated must lie in"),
        ({"lift": -1}, r"1 \+ lift must be"),
    ],
)
def test_refuses_impossible_periods(options, words):
    with pytest.raises(OutOfRangeError, match=words):
        simulate_two_periods(5, seed=0, **options)
