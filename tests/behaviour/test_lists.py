"""PropensityModel, ValueModel, choose_list, list_regret, leak_report, simulate_prospects."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.special import expit
from scipy.stats import norm

from crmlab.behaviour import (
    PropensityModel,
    ValueModel,
    choose_list,
    leak_report,
    list_regret,
    profit_curve,
    propensity_value,
    score_table,
    simulate_prospects,
)
from crmlab.errors import (
    BadRowsError,
    EmptyError,
    MissingColumnsError,
    OutOfRangeError,
    UnknownNameError,
)

SEEN = ["visits", "days_since_last", "income_cny", "channel"]
COST = 6.0


def scored(seed, *, kind="logistic", n=40_000):
    """Return new customers with chances and values learned from others, and their truth."""
    data, truth = simulate_prospects(n, seed=seed)
    old, new, real = data[: n // 2], data[n // 2 :], truth[n // 2 :]
    sold = old[old["buys"]]
    value = ValueModel().fit(sold[SEEN], sold["margin_cny"]).predict(new[SEEN])
    chance = PropensityModel(kind).fit(old[SEEN], old["buys"]).predict(new[SEEN])
    return new.assign(chance=chance, value_cny=value, best=real["chance"]), real


# by hand

THREE = pd.DataFrame(
    {"customer_id": [3, 1, 2], "chance": [0.9, 0.5, 0.1], "value_cny": [10.0, 100, 30]}
)


def test_the_list_by_profit_is_not_the_list_by_chance():
    assert choose_list(THREE, cost=5)["expected_profit"].tolist() == [4, 45, -2]
    assert choose_list(THREE, cost=5)["chosen"].tolist() == [True, True, False]
    assert choose_list(THREE, cost=5, size=1)["chosen"].tolist() == [False, True, False]
    first = choose_list(THREE, cost=5, size=1, by="chance")
    assert first["chosen"].tolist() == [True, False, False]
    assert choose_list(THREE, cost=5, size=3)["chosen"].sum() == 2  # nobody at a loss
    regret = list_regret(first, THREE, cost=5)
    assert (regret.profit, regret.best_profit, regret.asked) == (4, 45, 1)
    assert regret.regret == pytest.approx(1 - 4 / 45)


def test_ties_go_by_customer_id():
    same = THREE.assign(chance=0.5, value_cny=50.0)
    assert choose_list(same, cost=1, size=1)["chosen"].tolist() == [False, True, False]


def test_the_curves_end_where_everybody_is_asked():
    curve = profit_curve(THREE, THREE, cost=5, points=4)
    assert curve.groupby("by")["profit"].last().tolist() == [47, 47, 47, 47]
    assert curve[curve["by"] == "profit"]["profit"].tolist() == [0, 45, 49, 47]
    assert curve[curve["by"] == "chance"]["profit"].tolist() == [0, 4, 49, 47]


def test_the_lift_of_tied_chances_does_not_hang_on_the_order_of_rows():
    # Two of ten are surely first; six are tied for the next two places, and half of them buy.
    chance = np.repeat([0.9, 0.5, 0.1], [2, 6, 2])
    buys = np.array([1, 1, 1, 1, 1, 0, 0, 0, 0, 0])
    for order in (np.arange(10), np.arange(10)[::-1]):
        scored = pd.DataFrame({"buys": buys[order], "chance": chance[order]})
        row = score_table(scored, outcome="buys", chances="chance", top=0.4).iloc[0]
        assert row["lift"] == pytest.approx((2 + 2 * 0.5) / 4 / 0.5)


def test_a_value_below_all_that_were_seen_counts_as_the_least():
    X = pd.DataFrame({"visits": np.arange(1.0, 41)})
    model = ValueModel().fit(X, 5 * X["visits"])
    told = model.predict(pd.DataFrame({"visits": [0.0, -3, 1]}))
    assert told == pytest.approx([told[2]] * 3)
    assert told[2] == pytest.approx(5, rel=0.2)


# against the truth


@pytest.mark.curriculum("S76")
@pytest.mark.parametrize("kind", ["logistic", "tree", "network", "boosting"])
def test_each_kind_of_model_is_within_three_points_of_the_truth(kind):
    new, _ = scored(76, kind=kind, n=20_000)
    table = score_table(new, outcome="buys", chances=["best", "chance"]).set_index("forecast")
    assert table.loc["chance", "auc"] == pytest.approx(table.loc["best", "auc"], abs=0.03)
    assert table.loc["chance", "auc_low"] < table.loc["best", "auc"]
    assert 0.9 <= table.loc["chance", "slope"] <= 1.1
    assert table.loc["chance", "lift"] > 2


@pytest.mark.curriculum("S76")
@pytest.mark.parametrize("seed", range(20))
def test_the_list_by_profit_loses_under_3_percent_and_takes_the_high_high_quadrant(seed):
    new, real = scored(seed)
    best = list_regret(choose_list(new, cost=COST), real, cost=COST)
    assert 0 <= best.regret < 0.03
    likely = choose_list(new, cost=COST, by="chance", size=best.asked)
    assert list_regret(likely, real, cost=COST).regret > 5 * best.regret
    quadrants = propensity_value(new, cost=COST).set_index("quadrant")
    assert quadrants["profit_each"].idxmax() == "high chance, high value"
    assert quadrants.loc["high chance, high value", "asked"] == 1
    assert quadrants["customers"].sum() == len(new)
    # Chances are true: three standard errors of the slope, of old and new data alike, are 0.1.
    row = score_table(new, outcome="buys", chances=["chance"]).iloc[0]
    assert 0.9 <= row["slope"] <= 1.1


@pytest.mark.parametrize("seed", range(3))
def test_the_planted_leak_is_found_and_nothing_else(seed):
    # Each seed takes another honest column beside the visits.
    honest = ["visits", SEEN[1 + seed]]
    for leak in (True, False):
        past, _ = simulate_prospects(2_000, leak=leak, seed=seed)
        fresh, _ = simulate_prospects(1_000, leak=leak, answered=False, seed=seed + 100)
        columns = honest + ["thank_you_calls"] * leak
        table = leak_report(past[columns], past["buys"], fresh=fresh)
        found = table.loc[table["leaks"], "column"].tolist()
        assert found == ["thank_you_calls"] * leak
        assert table["column"].iloc[0] == ("thank_you_calls" if leak else "visits")


def test_with_a_drift_a_split_by_lot_promises_what_time_does_not_keep():
    promised, kept = [], []
    for seed in range(5):
        data, _ = simulate_prospects(20_000, drift=0.8, seed=seed)
        late = (data["offered_on"] >= "2024-10-01").to_numpy()
        lot = np.random.default_rng(seed).permutation(late)
        for new, told in ((lot, promised), (late, kept)):
            model = PropensityModel().fit(data[~new][SEEN], data[~new]["buys"])
            new = data[new].assign(chance=lambda rows, m=model: m.predict(rows[SEEN]))
            told.append(score_table(new, outcome="buys", chances=["chance"])["auc"].item())
    assert (np.array(promised) > np.array(kept) + 0.01).all()


def test_the_value_of_a_sale_is_recovered():
    new, real = scored(3, n=20_000)
    ratio = new["value_cny"].to_numpy() / real["value_cny"].to_numpy()
    assert np.median(ratio) == pytest.approx(1, abs=0.05)
    assert np.corrcoef(np.log(new["value_cny"]), np.log(real["value_cny"]))[0, 1] > 0.95


def test_each_sentence_of_the_prospects_holds():
    data, truth = simulate_prospects(100_000, leak=True, drift=1.0, seed=4)
    chance = truth["chance"]
    error = np.sqrt((chance * (1 - chance)).sum())
    assert abs(data["buys"].sum() - chance.sum()) <= 3 * error
    calls = data.groupby("buys")["thank_you_calls"].mean()
    assert calls[True] == pytest.approx(1.2, abs=3 * np.sqrt(1.2 / data["buys"].sum()))
    assert calls[False] == pytest.approx(0.05, abs=3 * np.sqrt(0.05 / (~data["buys"]).sum()))
    sold = data["buys"].to_numpy()
    ratio = data["margin_cny"][sold] / truth["value_cny"][sold]
    assert ratio.mean() == pytest.approx(1, abs=3 * 0.5 / np.sqrt(sold.sum()))
    assert (data.loc[~sold, "margin_cny"] == 0).all()
    often = data["visits"] > 9
    early, late = data["offered_on"] < "2024-02-01", data["offered_on"] >= "2024-12-01"
    assert chance[often & early].mean() > chance[often & late].mean() + 0.05
    fresh, _ = simulate_prospects(500, leak=True, answered=False, seed=5)
    assert not {"buys", "margin_cny"} & {*fresh}
    assert (fresh["thank_you_calls"] == 0).all()
    pd.testing.assert_frame_equal(
        simulate_prospects(50, seed=1).data, simulate_prospects(50, seed=1).data
    )


@pytest.mark.parametrize(("n", "rate"), [(400, 0.3), (2_000, 0.05)])
def test_the_interval_of_the_area_holds_in_500_worlds(covers, few, n, rate):
    # A score that lies one deviation higher with who buys: Phi(1 / sqrt 2) of the pairs are right.
    rng, held = np.random.default_rng(n), []
    for _ in few:
        buys = rng.random(n) < rate
        scored = pd.DataFrame({"buys": buys, "chance": expit(rng.normal(buys - 1.0))})
        row = score_table(scored, outcome="buys", chances="chance").iloc[0]
        held.append(row["auc_low"] <= norm.cdf(0.5**0.5) <= row["auc_high"])
    regime = f"{n:,} customers, {rate:.0%} buy"
    covers(held, "behaviour.score_table", regime, part="area under the curve")


# for any data


@given(st.integers(1, 60), st.integers(0, 1_000), st.floats(0, 20))
def test_no_list_beats_the_one_by_expected_profit(n, seed, cost):
    rng = np.random.default_rng(seed)
    scores = pd.DataFrame({"customer_id": rng.permutation(n), "chance": rng.random(n),
                           "value_cny": rng.gamma(2, 20, n)})  # fmt: skip
    size = int(rng.integers(0, n + 1))
    best = choose_list(scores, cost=cost, size=size)
    earned = best.loc[best["chosen"], "expected_profit"].sum()
    for by in ("chance", "value"):
        other = choose_list(scores, cost=cost, size=size, by=by)
        assert other.loc[other["chosen"], "expected_profit"].sum() <= earned + 1e-9
    mixed = choose_list(scores.sample(frac=1, random_state=1), cost=cost, size=size)
    pd.testing.assert_frame_equal(mixed.sort_index(), best)


# when misused


def test_refuses_scores_that_choose_nobody_well():
    with pytest.raises(OutOfRangeError, match="not percent"):
        choose_list(THREE.assign(chance=[90.0, 50, 10]), cost=5)
    with pytest.raises(OutOfRangeError, match="say how many"):
        choose_list(THREE, cost=5, by="chance")
    with pytest.raises(OutOfRangeError, match="cost must be"):
        choose_list(THREE, cost=-5)
    for cost in (-5, np.nan, "5"):
        with pytest.raises(OutOfRangeError, match="cost must be"):
            list_regret(choose_list(THREE, cost=5), THREE, cost=cost)
    with pytest.raises(OutOfRangeError, match="customers less size"):
        choose_list(THREE, cost=5, size=4)
    with pytest.raises(UnknownNameError, match="Did you mean 'profit'"):
        choose_list(THREE, cost=5, by="profits")
    with pytest.raises(BadRowsError, match="more than once"):
        choose_list(pd.concat([THREE, THREE]), cost=5)
    with pytest.raises(BadRowsError, match="not in the truth"):
        list_regret(choose_list(THREE, cost=5), THREE.head(1), cost=5)
    with pytest.raises(OutOfRangeError, match="even the best list earns nothing"):
        list_regret(choose_list(THREE, cost=500), THREE, cost=500)
    with pytest.raises(OutOfRangeError, match="too much alike"):
        propensity_value(THREE.assign(chance=0.5), cost=1)
    with pytest.raises(MissingColumnsError, match="value_cny"):
        profit_curve(THREE.drop(columns="value_cny"), THREE, cost=1)


def test_refuses_data_that_no_model_can_learn_from():
    data, _ = simulate_prospects(300, seed=1)
    X, y = data[SEEN], data["buys"]
    with pytest.raises(OutOfRangeError, match="kind must be one of"):
        PropensityModel("forest").fit(X, y)
    with pytest.raises(OutOfRangeError, match="only 2 rows are of one kind"):
        PropensityModel().fit(X, pd.Series(np.arange(300) < 2))
    with pytest.raises(OutOfRangeError, match="did not buy out"):
        ValueModel().fit(X, data["margin_cny"])
    with pytest.raises(OutOfRangeError, match="at least 2 columns"):
        leak_report(X[["visits"]], y, fresh=X)
    with pytest.raises(EmptyError, match="no fresh customers"):
        leak_report(X, y, fresh=X.head(0))
    with pytest.raises(BadRowsError, match="in another order"):
        PropensityModel().fit(X, y.iloc[::-1])
    PropensityModel().fit(X, y.set_axis(y.index + 1_000))  # labels of its own are no order
    with pytest.raises(MissingColumnsError, match="visits"):
        leak_report(X, y, fresh=X.drop(columns="visits"))
    with pytest.raises(OutOfRangeError, match="top must lie"):
        score_table(data.assign(chance=0.5), outcome="buys", chances=["chance"], top=2)
    with pytest.raises(OutOfRangeError, match="drift must be 0 or more"):
        simulate_prospects(10, drift=-1, seed=1)
