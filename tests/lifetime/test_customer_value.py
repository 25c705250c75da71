"""customer_value and base_value: sums, intervals in 500 worlds, and misuse."""

import numpy as np
import pandas as pd
import pytest

from crmlab.errors import CrmlabError, OutOfRangeError
from crmlab.lifetime import (
    BGNBD,
    GammaGamma,
    ParetoNBD,
    base_value,
    buying_history,
    customer_value,
    simulate_purchases,
)
from tests.lifetime.worlds import exact_history

RATE, DROPOUT, TICKET = (0.6, 3.0), (0.9, 2.5), (6.25, 3.74, 15.44)
# Customers who buy half as often, and whose tickets are more unlike from day to day.
OTHERS = {"rate": (0.9, 6.0), "dropout": (1.2, 2.5), "ticket": (2.0, 4.0, 100.0)}
TRUE = BGNBD.known(r=0.6, alpha=3.0, a=0.9, b=2.5)
TRUE_SPEND = GammaGamma.known(p=6.25, q=3.74, v=15.44)


def log_world(n, seed, **also):
    options = {"rate": RATE, "dropout": DROPOUT, "ticket": TICKET, "joining_days": 84} | also
    return simulate_purchases(n, **{"n_days": 364} | options, seed=seed).data


def worlds_of(history, n):
    """Cut the histories of many customers into worlds of `n`; customers are independent."""
    return [history.iloc[row : row + n] for row in range(0, len(history), n)]


@pytest.fixture(scope="module")
def fitted():
    history = buying_history(log_world(800, 1))
    return history, BGNBD().fit(history), GammaGamma().fit(history)


# by hand


def test_values_are_discounted_purchases_times_the_ticket_and_sum_to_the_base(fitted):
    history, model, spend = fitted
    each = customer_value(history, model=model, spend=spend, months=12, margin=0.3)
    total = base_value(history, model=model, spend=spend, months=12, margin=0.3)
    assert total["quantity"].tolist() == ["purchases", "value"]
    assert total["estimate"].tolist() == pytest.approx(
        [each["expected_purchases"].sum(), each["value"].sum()]
    )
    undiscounted = customer_value(history, model=model, spend=spend, discount=0, margin=1)
    plain = undiscounted["expected_purchases"] * undiscounted["expected_ticket"]
    np.testing.assert_allclose(undiscounted["value"], plain)


def test_value_and_what_is_at_risk_are_the_value_of_one_surely_alive(fitted):
    history, model, spend = fitted
    each = customer_value(history, model=model, spend=spend)
    whole = each["value"] + each["at_risk"]
    np.testing.assert_allclose(each["value"], whole * each["p_alive"])


def test_predictions_for_customers_do_not_depend_on_who_else_is_there(fitted):
    history, model, spend = fitted
    all_ = customer_value(history, model=model, spend=spend)
    some = history.iloc[[5, 3]].set_index([[9, 9]])
    few = customer_value(some, model=model, spend=spend)
    pd.testing.assert_frame_equal(few, all_.iloc[[5, 3]].reset_index(drop=True))


# in 500 worlds


@pytest.mark.parametrize("regime", ["as the formula assumes", "days and cents of the simulator"])
def test_the_intervals_of_the_base_and_its_laws_hold_the_truth_in_95_of_100_worlds(
    covers, few, regime
):
    # 500 worlds of 600 customers, seeds fixed before; the truth is the same sum with the true
    # parameters, given the same histories. The slowest test of the room: each world is fitted once,
    # and for the second interval 20 times more.
    if regime[0] == "a":
        laws = {"rate": RATE, "dropout": DROPOUT, "ticket": TICKET, "ages": (40, 52)}
        history = exact_history(500 * 600, np.random.default_rng(2024), **laws)
    else:
        history = buying_history(log_world(500 * 600, seed=2024))
    held, learned = {"delta": [], "refit": []}, []
    names = [("BGNBD", name) for name in TRUE.names]
    names += [("GammaGamma", name) for name in TRUE_SPEND.names]
    planted = np.concatenate([TRUE.parameters_, TRUE_SPEND.parameters_])
    terms = {"months": 3, "discount": 0.1}
    for seed, one in zip(few, worlds_of(history, 600), strict=False):
        model, spend = BGNBD().fit(one), GammaGamma().fit(one)
        truth = base_value(one, model=TRUE, spend=TRUE_SPEND, **terms)["estimate"]
        for method, holds in held.items():
            options = terms | {"method": method, "refits": 20, "seed": seed}
            found = base_value(one, model=model, spend=spend, **options)
            holds.append((found["low"] < truth) & (truth < found["high"]))
        table = pd.concat([model.summary(), spend.summary()])
        learned.append((table["low"] < planted) & (planted < table["high"]))
    for method, holds in held.items():
        for part, each in zip(found["quantity"], np.transpose(holds), strict=True):
            covers(each, "lifetime.base_value", regime, part=f"{part}, {method}")
    for (law, part), each in zip(names, np.transpose(learned), strict=True):
        # The law knows no days: a log rounds the time of a purchase, and alpha is a time.
        rounded = (law, part, regime[0]) == ("BGNBD", "alpha", "d")
        misses = "600 customers by whole days: a little too narrow" if rounded else ""
        covers(each, f"lifetime.{law}.summary", regime, part=part, misses=misses)


@pytest.mark.parametrize(
    ("regime", "laws"),
    [("days and cents of the simulator", {}), ("seldom, and unlike in money", OTHERS)],
)
def test_the_interval_of_the_outcome_holds_what_happens(covers, few, regime, laws):
    # 500 worlds: a year is seen, half of one comes. What comes is counted in days and in money.
    purchases = log_world(500 * 300, seed=7, n_days=546, **laws)
    later = purchases[purchases["date"] >= "2024-12-30"]
    days = later.drop_duplicates(["customer_id", "date"])["customer_id"].value_counts()
    money = later.groupby("customer_id")["amount"].sum()
    history = buying_history(purchases[purchases["date"] < "2024-12-30"], as_of="2024-12-29")
    came = {"purchases": days, "value": money}
    came = pd.DataFrame({name: history["customer_id"].map(all_) for name, all_ in came.items()})
    held = []
    for seed, one in zip(few, worlds_of(history, 300), strict=False):
        models = {"model": BGNBD().fit(one), "spend": GammaGamma().fit(one)}
        found = base_value(one, months=6, discount=0, of="outcome", seed=seed, **models)
        truth = came.loc[one.index].sum().to_numpy()
        held.append((found["low"] < truth) & (truth < found["high"]))
    for part, each in zip(came, np.transpose(held), strict=True):
        covers(each, "lifetime.base_value", regime, part=f"{part}, outcome")


def test_refitting_and_the_delta_method_agree(fitted):
    history, model, spend = fitted
    for one in (model, ParetoNBD().fit(history)):
        delta = base_value(history, model=one, spend=spend)
        refit = base_value(history, model=one, spend=spend, method="refit", refits=120, seed=1)
        # The error of a standard error over 120 refits is 6.5 %; three of them, and model error.
        np.testing.assert_allclose(refit["standard_error"], delta["standard_error"], rtol=0.25)


def test_luck_adds_to_doubt(fitted):
    history, model, spend = fitted
    doubt = base_value(history, model=model, spend=spend)
    both = base_value(history, model=model, spend=spend, of="outcome", seed=2)
    assert (both["standard_error"] > doubt["standard_error"]).all()
    assert both["share_of_luck"].between(0.1, 0.95).all()
    again = base_value(history, model=model, spend=spend, of="outcome", seed=2)
    pd.testing.assert_frame_equal(both, again)


# when misused


def test_what_is_drawn_needs_a_seed(fitted):
    history, model, spend = fitted
    with pytest.raises(OutOfRangeError, match="seed"):
        base_value(history, model=model, spend=spend, of="outcome")
    with pytest.raises(OutOfRangeError, match="'delta' or 'refit'"):
        base_value(history, model=model, spend=spend, method="magic")


@pytest.mark.parametrize(
    "terms",
    [
        {"months": 0},
        {"discount": -0.1},
        {"discount": 10},
        {"discount": 1},
        {"margin": 0},
        {"margin": 30},
    ],
)
def test_terms_outside_their_interval_are_refused(fitted, terms):
    history, model, spend = fitted
    with pytest.raises(OutOfRangeError, match=next(iter(terms))):
        customer_value(history, model=model, spend=spend, **terms)


def test_models_must_be_fitted(fitted):
    history, model, _ = fitted
    with pytest.raises(CrmlabError, match="GammaGamma is not fitted"):
        customer_value(history, model=model, spend=GammaGamma())
