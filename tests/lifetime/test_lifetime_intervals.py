"""Intervals of the lifetime room in 500 worlds, where no other test of the room draws them."""

import numpy as np
import pandas as pd
import pytest

from crmlab.lifetime import (
    MBGNBD,
    CoxModel,
    ParetoNBD,
    alarm_quality,
    calibration,
    holdout_table,
)

PARETO = {"r": 0.8, "alpha": 4.0, "s": 0.8, "beta": 8.0}
MBG = {"r": 0.6, "alpha": 3.0, "a": 0.9, "b": 2.5}


def inside(table, truth):
    return (table["low"] <= truth) & (truth <= table["high"])


@pytest.mark.parametrize("regime", ["chances in the middle", "chances at the ends"])
def test_the_share_of_each_group_of_chances(covers, regime):
    # 300 customers whose chances are true; the truth of a group is its mean chance.
    rng = np.random.default_rng([2024, len(regime)])
    shape = (2, 2) if "middle" in regime else (0.5, 0.5)
    chance = rng.beta(*shape, (500, 300))
    came = rng.random((500, 300)) < chance
    held = []
    for p, alive in zip(chance, came, strict=True):
        table = calibration(pd.DataFrame({"p_alive": p, "alive": alive}), groups=3)
        held.append(inside(table, table["forecast"]))
    for part, each in zip(("lowest third", "middle", "highest"), np.transpose(held), strict=True):
        covers(each, "lifetime.calibration", regime, part=part)


@pytest.mark.parametrize("unlike", [False, True])
def test_the_mean_bought_after_so_many_repeats(covers, few, unlike):
    # 0, 1 and 2 repeats in thirds of 150 customers; purchases are Poisson, of one mean or unlike.
    rng = np.random.default_rng([2024, unlike])
    repeats = np.tile([0, 1, 2], 50)
    mean = np.array([0.5, 1.0, 2.0])
    nature = rng.gamma(1.0, 1.0, (500, 150)) if unlike else np.ones((500, 150))
    bought = rng.poisson(nature * mean[repeats])
    held = []
    for each in bought[: len(few)]:
        forecasts = {"repeats": repeats, "expected_purchases": mean[repeats], "bought": each}
        held.append(inside(holdout_table(pd.DataFrame(forecasts)), mean))
    regime = f"50 customers each, {'unlike' if unlike else 'alike'}"
    for part, each in enumerate(np.transpose(held)):
        covers(each, "lifetime.holdout_table", regime, part=f"after {part}")


@pytest.mark.parametrize("unlike", [False, True])
def test_the_precision_of_alarms(covers, few, unlike):
    # 60 customers are called, each on a day of the record; they fade on another.
    rng = np.random.default_rng([2024, unlike, 9])
    first = np.datetime64("2024-01-01")
    fades = rng.exponential(
        np.where(rng.random((500, 60)) < 0.5, 30, 300) if unlike else 100, (500, 60)
    )
    called = rng.integers(1, 181, (500, 60))
    of = [30, 300] if unlike else [100]
    days = np.arange(1, 181)
    truth = np.mean([1 - np.exp(-(days + 1) / mean) for mean in of])
    held = []
    for begins, on in zip(np.floor(fades).astype(int)[: len(few)], called, strict=False):
        who = np.arange(60)
        alarms = pd.DataFrame({"customer_id": who, "date": first + on})
        known = {"customer_id": who, "gap_days": 10.0, "fades_on": first + begins}
        found = alarm_quality(alarms, pd.DataFrame(known).assign(leaves_on=first + 9_999))
        held.append(inside(found, truth).item())
    covers(held, "lifetime.alarm_quality", f"customers {'unlike' if unlike else 'alike'}")


@pytest.mark.statsmodels
@pytest.mark.parametrize("shape", [1.0, 0.6])
def test_the_ratio_of_hazards(covers, few, shape):
    # 120 customers, half with a card that halves the hazard; half of them leave within the record.
    rng, held = np.random.default_rng([2024, int(10 * shape)]), []
    for _ in few:
        card = rng.random(120) < 0.5
        life = 10 * (rng.exponential(1, 120) / np.where(card, 0.5, 1)) ** (1 / shape)
        look = rng.uniform(0, 30, 120)
        rows = {"duration": np.minimum(life, look), "ended": life <= look, "card": card}
        held.append(inside(CoxModel(["card"]).fit(pd.DataFrame(rows)).summary(), 0.5).item())
    regime = "the hazard falls" if shape < 1 else "the hazard stays"
    covers(held, "lifetime.CoxModel.summary", regime)


def pareto_history(rng, n):
    rate = rng.gamma(PARETO["r"], 1 / PARETO["alpha"], n)
    age = rng.uniform(40, 52, n)
    span = np.minimum(rng.exponential(1 / rng.gamma(PARETO["s"], 1 / PARETO["beta"], n)), age)
    x = rng.poisson(rate * span)
    last = np.where(x > 0, span * rng.random(n) ** (1 / np.maximum(x, 1)), 0)
    return pd.DataFrame({"repeats": x, "age_at_last": last, "age": age})


def mbg_history(rng, n):
    """Histories of customers who may leave after the first purchase, too."""
    rate, leaves = rng.gamma(MBG["r"], 1 / MBG["alpha"], n), rng.beta(MBG["a"], MBG["b"], n)
    age = rng.uniform(40, 52, n)
    made, until = rng.poisson(rate * age), rng.geometric(leaves) - 1
    x = np.minimum(made, until)
    last = np.where(x > 0, age * rng.beta(np.maximum(x, 1), made - x + 1), 0)
    return pd.DataFrame({"repeats": x, "age_at_last": last, "age": age})


@pytest.mark.parametrize("whole_weeks", [False, True])
@pytest.mark.parametrize(
    ("Model", "draw", "law"), [(ParetoNBD, pareto_history, PARETO), (MBGNBD, mbg_history, MBG)]
)
def test_the_parameters_of_a_law_of_buying(covers, few, Model, draw, law, whole_weeks):
    rng, held = np.random.default_rng([2024, whole_weeks]), []
    for _ in few:
        history = draw(rng, 800)
        if whole_weeks:  # as a shop's log has them: days
            last = np.minimum(np.ceil(7 * history["age_at_last"]) / 7, history["age"])
            history["age_at_last"] = last
        held.append(inside(Model().fit(history).summary(), [*law.values()]))
    regime = "days of a log" if whole_weeks else "as the formula assumes"
    for part, each in zip(law, np.transpose(held), strict=True):
        few = (Model, part, whole_weeks) == (MBGNBD, "r", False)
        misses = "800 customers: a little too narrow" if few else ""
        covers(each, f"lifetime.{Model.__name__}.summary", regime, part=part, misses=misses)
