"""BG/NBD, MBG/NBD, Pareto/NBD and gamma-gamma: published tables, truth, and misuse."""

import os
import subprocess
import sys

import numpy as np
import pandas as pd
import pytest
from scipy.integrate import quad
from scipy.special import gammaln, roots_genlaguerre, roots_jacobi

from crmlab.data import load
from crmlab.errors import BadRowsError, CrmlabError, EmptyError, OutOfRangeError, WeakFitWarning
from crmlab.lifetime import (
    BGNBD,
    MBGNBD,
    GammaGamma,
    ParetoNBD,
    buying_history,
    calibration,
    holdout_table,
    simulate_purchases,
)
from tests.lifetime.worlds import exact_history

BG = {"r": 0.243, "alpha": 4.414, "a": 0.793, "b": 2.426}
PARETO = {"r": 0.553, "alpha": 10.578, "s": 0.606, "beta": 11.669}
MODELS = [BGNBD, MBGNBD, ParetoNBD]


@pytest.fixture(scope="module")
def cdnow():
    """Customers of the 1/10 sample after 39 weeks; a free order is an order, so count the CDs."""
    return buying_history(first_39_weeks(), as_of="1997-09-30", amount="cds")


def first_39_weeks():
    return load("cdnow_sample").query("date <= '1997-09-30'")


def pareto_world(n, seed):
    """Histories drawn by the model's own story, one customer at a time in its latent traits."""
    rng = np.random.default_rng(seed)
    rate = rng.gamma(PARETO["r"], 1 / PARETO["alpha"], n)
    leaving = rng.gamma(PARETO["s"], 1 / PARETO["beta"], n)
    age = rng.uniform(27, 39, n)
    life = rng.exponential(1 / leaving)
    span = np.minimum(life, age)
    x = rng.poisson(rate * span)
    # The last of x uniform times.
    last = np.where(x > 0, span * rng.random(n) ** (1 / np.maximum(x, 1)), 0)
    history = pd.DataFrame({"repeats": x, "age_at_last": last, "age": age})
    return history, life > age


# by hand


def test_the_chance_to_be_alive_by_hand():
    history = pd.DataFrame({"repeats": [0, 2], "age_at_last": [0.0, 10.0], "age": [30.0, 30.0]})
    model = BGNBD.known(r=1, alpha=10, a=1, b=2)
    # 1 / (1 + a / (b + x - 1) * ((alpha + T) / (alpha + t_x)) ** (r + x)) = 1 / (1 + 1/3 * 2 ** 3)
    assert model.predict(history)["p_alive"].tolist() == pytest.approx([1, 1 / (1 + 8 / 3)])
    model = MBGNBD.known(r=1, alpha=10, a=1, b=2)
    # With one more survived purchase: 1 / (1 + 1/2 * 4 ** 1) and 1 / (1 + 1/4 * 2 ** 3)
    assert model.predict(history)["p_alive"].tolist() == pytest.approx([1 / 3, 1 / 3])


def test_expected_spend_is_between_the_mean_of_all_and_ones_own():
    model = GammaGamma.known(p=6, q=4, v=15)
    history = pd.DataFrame(
        {"repeats": [0, 1, 1000], "age_at_last": [0, 1.0, 9], "age": 9.0}
    ).assign(mean_repeat=[np.nan, 60.0, 60.0])
    assert model.predict(history).tolist() == pytest.approx([30, 6 * 75 / 9, 60], rel=1e-2)


# against published tables and other computations


def test_bg_nbd_of_cdnow_is_that_of_fader_hardie_and_lee_2005(cdnow):
    model = BGNBD().fit(cdnow)
    assert model.parameters_.round(3).tolist() == [0.243, 4.414, 0.793, 2.426]
    assert round(model.log_likelihood_, 1) == -9582.4


def test_pareto_nbd_of_cdnow_is_that_of_fader_hardie_and_lee_2005(cdnow):
    model = ParetoNBD().fit(cdnow)
    assert model.parameters_.round(3).tolist() == [0.553, 10.578, 0.606, 11.669]
    assert round(model.log_likelihood_, 1) == -9595.0


def test_gamma_gamma_of_cdnow_is_that_of_fader_and_hardie_2013():
    model = GammaGamma().fit(buying_history(first_39_weeks(), as_of="1997-09-30"))
    assert model.parameters_.round(2).tolist() == [6.25, 3.74, 15.44]


def test_cdnow_has_946_customers_with_repeats_and_2457_repeats_as_published(cdnow):
    assert (len(cdnow), (cdnow["repeats"] > 0).sum(), cdnow["repeats"].sum()) == (2357, 946, 2457)


@pytest.mark.parametrize("model", [BGNBD.known(**BG), MBGNBD.known(**BG)])
@pytest.mark.parametrize(("x", "t", "age"), [(0, 0, 20), (1, 3, 20), (4, 18, 25)])
def test_bg_predictions_are_integrals_over_the_traits(model, x, t, age):
    # By Bayes over rate and chance, at nodes of their laws; nothing of the closed forms is used.
    k = model.first
    p, of_p = roots_jacobi(120, BG["b"] - 1, BG["a"] - 1)
    p, of_p = (p + 1) / 2, of_p / of_p.sum()
    u, of_u = roots_genlaguerre(120, BG["r"] - 1)
    rate, law = u[:, None] / BG["alpha"], of_u[:, None] / of_u.sum() * of_p
    stayed = law * (1 - p) ** (x + k) * rate**x * np.exp(-rate * age)
    left = law * p * (1 - p) ** max(x + k - 1, 0) * rate**x * np.exp(-rate * t) * (x + k > 0)
    there, gone = stayed.sum(), left.sum()
    # Of a living customer: E[N] = (1 - exp(-rate p t)) / p
    ahead = (stayed * -np.expm1(-rate * p * 39) / p).sum()
    history = pd.DataFrame({"repeats": [x], "age_at_last": [float(t)], "age": [float(age)]})
    found = model.predict(history, weeks=39).iloc[0]
    assert found["p_alive"] == pytest.approx(there / (there + gone), rel=1e-6)
    assert found["expected_purchases"] == pytest.approx(ahead / (there + gone), rel=1e-6)


@pytest.mark.parametrize(
    "pair", [(0.5, 10.0, 0.6, 12.0), (0.5, 12.0, 0.6, 10.0), (2, 5, 0.2, 0.01)]
)
@pytest.mark.parametrize(("x", "t", "age"), [(0, 0, 39), (3, 3, 39), (29, 37.7, 37.9), (60, 5, 39)])
def test_the_integral_of_pareto_nbd_is_exact(pair, x, t, age):
    r, alpha, s, b = pair
    scale = (alpha + t) ** -(r + x) * (b + t) ** -(s + 1)
    slow = quad(
        lambda u: (alpha + u) ** -(r + x) * (b + u) ** -(s + 1) / scale, t, age, epsabs=0, limit=500
    )[0]
    odds = s * (alpha + age) ** (r + x) * (b + age) ** s * slow * scale
    history = pd.DataFrame({"repeats": [x], "age_at_last": [float(t)], "age": [float(age)]})
    found = ParetoNBD.known(r=r, alpha=alpha, s=s, beta=b).predict(history)["p_alive"].item()
    assert found == pytest.approx(1 / (1 + odds), rel=1e-8)


@pytest.mark.parametrize("model", [BGNBD.known(**BG), ParetoNBD.known(**PARETO)])
def test_residual_purchases_are_the_discounted_increments_of_the_expected(model, cdnow):
    some = cdnow.drop_duplicates("repeats").sort_values("repeats")
    worth = model.residual_purchases(some, discount=0.5).to_numpy()
    # Steps of two weeks up to 1,200, past which money is worth a ten-thousandth.
    edges = np.arange(0, 1201, 2)
    upto = np.array([model.predict(some, weeks=max(t, 1e-9))["expected_purchases"] for t in edges])
    middle = (edges[1:] + edges[:-1]) / 2
    slow = (np.diff(upto, axis=0) * (1.5 ** (-middle / 52))[:, None]).sum(axis=0)
    np.testing.assert_allclose(worth, slow, rtol=1e-3)


@pytest.mark.parametrize("Model", MODELS)
def test_gradients_are_those_of_finite_differences(Model, cdnow):
    from crmlab.lifetime.model.histories import distinct

    found = distinct(cdnow.head(300))
    loss = Model().loss(found, found.weight, 39.0)
    at = np.array([-0.5, -1.0, 0.3, 0.8])
    slow = [(loss(at + e)[0] - loss(at - e)[0]) / 2e-6 for e in 1e-6 * np.eye(4)]
    np.testing.assert_allclose(loss(at)[1], slow, rtol=1e-5, atol=1e-8)


@pytest.mark.parametrize("Model", MODELS)
def test_futures_drawn_have_the_expected_mean(Model, cdnow):
    from crmlab.lifetime.model.histories import distinct

    model = Model().fit(cdnow)
    rng, found = np.random.default_rng(3), distinct(cdnow)
    totals = [model.draw(rng, found, model.parameters_, 52).sum() for _ in range(200)]
    expected = model.predict(cdnow, weeks=52)["expected_purchases"].sum()
    assert np.mean(totals) == pytest.approx(expected, abs=3 * np.std(totals) / np.sqrt(200))


@pytest.mark.curriculum("S121")
def test_bg_nbd_recovers_the_truth_over_twenty_seeds():
    truth, scores = np.log([*BG.values()]), []
    laws = {"rate": (BG["r"], BG["alpha"]), "dropout": (BG["a"], BG["b"]), "ages": (66, 78)}
    for seed in range(20):
        history = exact_history(3_000, np.random.default_rng(seed), **laws)
        found = BGNBD().fit(history).estimates_
        scores.append((found.logs - truth) / np.sqrt(np.diag(found.covariance)))
    # The mean of 20 standard scores: 3 standard errors are 3 / sqrt(20); their spread is about 1
    # (a chi of 20 lies in 0.55 to 1.5 with chance .999).
    assert np.abs(np.mean(scores, axis=0)).max() < 3 / np.sqrt(20)
    assert np.std(scores, axis=0).min() > 0.55
    assert np.std(scores, axis=0).max() < 1.5


def test_whole_days_move_alpha_by_a_known_bit_and_no_forecast():
    # Two purchases of a day are one, so the busiest buy less often than the law says: alpha is
    # about 4 % too long. What will happen is counted in days as well, and comes true.
    made = simulate_purchases(100_000, n_days=728, seed=1)
    cut = pd.Timestamp("2024-01-01") + pd.Timedelta(546, "D")
    known, later = made.data[made.data["date"] < cut], made.data[made.data["date"] >= cut]
    history = buying_history(known, as_of=str((cut - pd.Timedelta(1, "D")).date()))
    model = BGNBD().fit(history)
    apart = model.estimates_.logs - np.log([*BG.values()])
    error = np.sqrt(np.diag(model.estimates_.covariance))
    assert np.log(1.02) < apart[1] < np.log(1.06)  # 3 standard errors are 0.03
    assert (np.abs(apart[[0, 2, 3]]) < 3 * error[[0, 2, 3]]).all()
    days = later.drop_duplicates(["customer_id", "date"])["customer_id"].value_counts()
    bought = days.reindex(history["customer_id"]).fillna(0).to_numpy()
    off = bought - model.predict(history, weeks=26)["expected_purchases"].to_numpy()
    assert abs(off.sum()) < 3 * off.std() * np.sqrt(len(off))


def test_pareto_nbd_recovers_the_truth_over_twenty_seeds():
    truth = np.log([*PARETO.values()])
    scores = []
    for seed in range(20):
        found = ParetoNBD().fit(pareto_world(3_000, seed)[0]).estimates_
        scores.append((found.logs - truth) / np.sqrt(np.diag(found.covariance)))
    assert np.abs(np.mean(scores, axis=0)).max() < 3 / np.sqrt(20)
    assert np.std(scores, axis=0).min() > 0.55
    assert np.std(scores, axis=0).max() < 1.5


def test_the_chance_to_be_alive_comes_true_in_every_tenth():
    made = simulate_purchases(20_000, seed=9, joining_days=84, n_days=365)
    history = buying_history(made.data)
    forecasts = BGNBD().fit(history).predict(history)
    forecasts["alive"] = made.truth["dropped_out_on"].isna().to_numpy()
    table = calibration(forecasts)
    # Share less forecast, in standard errors of each group's share.
    error = np.sqrt(table["forecast"] * (1 - table["forecast"]) / table["customers"])
    off = (table["share"] - table["forecast"]).abs()
    assert (off < 3.3 * error + 0.01).all()  # 1 point: dropouts of the very last days
    assert table["forecast"].iloc[0] < 0.2


def test_pareto_chances_come_true_where_pareto_is_true():
    history, alive = pareto_world(20_000, 5)
    forecasts = ParetoNBD.known(**PARETO).predict(history).assign(alive=alive)
    table = calibration(forecasts)
    error = np.sqrt(table["forecast"] * (1 - table["forecast"]) / table["customers"])
    assert ((table["share"] - table["forecast"]).abs() < 3.3 * error).all()


def test_the_next_39_weeks_of_cdnow_are_foreseen_by_group_and_too_low_in_sum(cdnow):
    later = load("cdnow_sample").query("date > '1997-09-30'")
    days = later.drop_duplicates(["customer_id", "date"])["customer_id"].value_counts()
    forecasts = cdnow.assign(bought=cdnow["customer_id"].map(days).fillna(0))
    for Model in (BGNBD, ParetoNBD):
        expected = Model().fit(cdnow).predict(cdnow, weeks=39)["expected_purchases"]
        # Both stay below 1,882, by 12 %; of all repeats of 78 weeks that is 5 %.
        assert 0.86 < expected.sum() / forecasts["bought"].sum() < 0.90
        table = holdout_table(forecasts.assign(expected_purchases=expected.to_numpy()))
        assert table["customers"].sum() == 2357
        assert table["expected"].corr(table["bought"]) > 0.95


# for any data


@pytest.mark.parametrize("Model", MODELS)
def test_row_order_and_the_unit_of_time_do_not_matter(Model, cdnow):
    model = Model().fit(cdnow)
    mixed = Model().fit(cdnow.sample(frac=1, random_state=1))
    np.testing.assert_array_equal(model.parameters_, mixed.parameters_)
    days = cdnow.assign(age=cdnow["age"] * 7, age_at_last=cdnow["age_at_last"] * 7)
    in_days = Model().fit(days).parameters_ / np.where(Model.timed, 7, 1)
    np.testing.assert_allclose(in_days, model.parameters_, rtol=1e-5)


def test_results_do_not_depend_on_the_threads_of_blas():
    code = (
        "from crmlab.data import load; from crmlab.lifetime import *\n"
        "h = buying_history(load('cdnow_sample'))\n"
        "print([M().fit(h).parameters_.tolist() for M in (BGNBD, ParetoNBD, GammaGamma)])"
    )
    printed = []
    for threads in ("1", "2"):
        threading = {"OMP_NUM_THREADS": threads, "OPENBLAS_NUM_THREADS": threads}
        command = [sys.executable, "-c", code]
        run = subprocess.run(
            command, env=os.environ | threading, capture_output=True, encoding="utf-8", check=True
        )
        printed.append(run.stdout)
    assert printed[0] == printed[1]


@pytest.mark.parametrize("Model", MODELS)
def test_thousands_of_repeats_overflow_nothing(Model):
    rng = np.random.default_rng(1)
    x = np.append(rng.poisson(3, 200), [4_000, 2_500])
    age = np.append(rng.uniform(20, 50, 200), [50, 50])
    last = np.where(x > 0, age * rng.random(202) ** (1 / np.maximum(x, 1)), 0)
    last[-1] = 2.0  # a heavy buyer who fell silent
    history = pd.DataFrame({"repeats": x, "age_at_last": last, "age": age})
    found = Model.known(**(PARETO if Model is ParetoNBD else BG)).predict(history, weeks=52)
    assert np.isfinite(found).all(axis=None)
    assert found["p_alive"].iloc[-1] < 1e-6 < found["expected_purchases"].iloc[-2]


@pytest.mark.parametrize("a", [1.0, 1 + 1e-7, 0.3])
def test_the_mean_has_no_gap_where_the_formula_has_one(a):
    history = pd.DataFrame({"repeats": [0, 2], "age_at_last": [0, 9.0], "age": 20.0})
    near = [
        BGNBD.known(r=0.5, alpha=5, a=a + step, b=1.3 if a > 0.5 else 0.7).predict(history)
        for step in (0, 1e-3)
    ]
    np.testing.assert_allclose(near[0], near[1], rtol=5e-3)


def test_history_of_a_log_with_refunds_and_ties():
    days = ["2024-01-01", "2024-01-08", "2024-01-08", "2024-01-15", "2024-01-02"]
    purchases = pd.DataFrame(
        {
            "customer_id": [*"AAAAB"],
            "date": pd.to_datetime(days),
            "amount": [10.0, 4.0, 6.0, -4.0, -1.0],
        }
    )
    table = buying_history(purchases)
    assert table["customer_id"].tolist() == ["A"]  # B has a refund only
    assert table.loc[0, ["repeats", "age_at_last", "age", "mean_repeat"]].tolist() == [1, 1, 2, 6]
    pd.testing.assert_frame_equal(table, buying_history(purchases.iloc[::-1]))


def test_history_as_of_a_day_knows_nothing_of_later_rows():
    purchases = simulate_purchases(300, seed=4).data
    with pytest.warns(match="left out"):
        then = buying_history(purchases, as_of="2024-06-30")
    known = buying_history(purchases[purchases["date"] <= "2024-06-30"], as_of="2024-06-30")
    pd.testing.assert_frame_equal(then, known)


# when misused


def test_nobody_who_bought_again_is_no_base_for_a_model():
    history = pd.DataFrame({"repeats": [0] * 20, "age_at_last": 0.0, "age": 9.0})
    with pytest.raises(OutOfRangeError, match="nobody bought again"):
        BGNBD().fit(history)


def test_one_customer_is_too_few():
    history = pd.DataFrame({"repeats": [3], "age_at_last": [5.0], "age": [9.0]})
    with pytest.raises(OutOfRangeError, match="number of customers"):
        ParetoNBD().fit(history)


@pytest.mark.parametrize(
    ("row", "words"),
    [
        ((1, 10.0, 9.0), "after the end"),
        ((0, 1.0, 9.0), "no repeat, but"),
        ((1, 0.0, 9.0), "the last one at age 0"),
        ((1.5, 1.0, 9.0), "not whole"),
        ((-1, 0.0, 9.0), "below 0"),
    ],
)
def test_impossible_customers_are_listed(row, words):
    history = pd.DataFrame([row] * 12, columns=["repeats", "age_at_last", "age"])
    with pytest.raises(BadRowsError, match=words):
        BGNBD().fit(history)


def test_spend_that_goes_with_frequency_is_refused_with_how_much():
    rng = np.random.default_rng(2)
    x = rng.integers(1, 9, 300)
    history = pd.DataFrame({"repeats": x, "age_at_last": 5.0, "age": 9.0})
    history["mean_repeat"] = x**0.5 * rng.gamma(4, 5, 300) / rng.gamma(4, 0.25, 300)
    with pytest.raises(OutOfRangeError, match=r"rank correlation is 0\.[345]"):
        GammaGamma().fit(history)
    assert GammaGamma(most_correlation=1).fit(history).correlation_ > 0.3


def test_a_base_without_dropout_leaves_a_parameter_open_and_says_so():
    rng = np.random.default_rng(3)
    x = rng.poisson(6, 400)
    last = np.where(x > 0, 40 * rng.random(400) ** (1 / np.maximum(x, 1)), 0)
    history = pd.DataFrame({"repeats": x, "age_at_last": last, "age": 40.0})
    with pytest.warns(WeakFitWarning, match="open"):
        model = BGNBD().fit(history)
    # What is to be read is right all the same.
    assert model.predict(history, weeks=40)["expected_purchases"].mean() == pytest.approx(
        6, rel=0.1
    )


def test_asking_before_fitting_is_refused():
    history = pd.DataFrame({"repeats": [1], "age_at_last": [1.0], "age": [2.0]})
    for ask in (BGNBD().summary, lambda: BGNBD().predict(history)):
        with pytest.raises(CrmlabError, match="fit"):
            ask()


def test_no_purchases_and_wrong_parameters_are_refused():
    only_refunds = pd.DataFrame(
        {"customer_id": [1], "date": pd.to_datetime(["2024-01-01"]), "amount": [-5.0]}
    )
    with pytest.raises(EmptyError):
        buying_history(only_refunds)
    with pytest.raises(OutOfRangeError, match="parameters are"):
        BGNBD.known(r=1)
    with pytest.raises(OutOfRangeError, match="no mean"):
        GammaGamma.known(p=1, q=0.9, v=3).predict(
            pd.DataFrame({"repeats": [0], "age_at_last": 0.0, "age": 1.0, "mean_repeat": np.nan})
        )


def test_gamma_gamma_is_the_likelihood_of_its_story(cdnow):
    # At one point, against the density of Fader and Hardie (2013), equation (1a).
    from crmlab.lifetime.model.gamma_gamma import _loss

    x, m, (p, q, v) = np.array([1.0, 3, 3]), np.array([20.0, 35, 8]), (6.25, 3.74, 15.44)
    density = (
        gammaln(p * x + q)
        - gammaln(p * x)
        - gammaln(q)
        + q * np.log(v)
        + (p * x - 1) * np.log(m)
        + p * x * np.log(x)
        - (p * x + q) * np.log(v + m * x)
    )
    assert _loss(x, m, np.ones(3))(np.log([p, q, v]))[0] == pytest.approx(-density.mean())
