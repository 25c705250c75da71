"""Competing risks, late entry, hazards by age, immortal time, Cox: truth, and misuse."""

import numpy as np
import pandas as pd
import pytest

from crmlab.errors import (
    AmbiguousError,
    BadRowsError,
    CrmlabError,
    EmptyError,
    OutOfRangeError,
    WrongTypeError,
)
from crmlab.lifetime import (
    CoxModel,
    cumulative_incidence,
    episodes,
    hazard_by_age,
    kaplan_meier,
    log_rank,
    observed_durations,
    simulate_contracts,
    simulate_gold_cards,
    simulate_running_shoes,
    simulate_saving,
    survival_quantiles,
)
from crmlab.lifetime.simulate.contracts import DAYS_OF_MONTH, HAZARDS

RATES = np.array([*HAZARDS.values()]).sum(axis=0)


def recorded(n, seed):
    data = simulate_contracts(n, seed=seed).data
    return observed_durations(data, as_of="2024-12-31", seen_from="seen_from")


# by hand


def test_reasons_and_survivors_sum_to_one():
    table = pd.DataFrame(
        {"duration": [1, 2, 2, 3, 4], "reason": ["price", "moved", "price", None, "moved"]}
    )
    found = cumulative_incidence(table)
    stays = kaplan_meier(table.assign(ended=table["reason"].notna()))
    total = found.groupby("time")["incidence"].sum()
    left = 1 - stays.set_index("time")["survival"]
    np.testing.assert_allclose(total, left.loc[total.index])
    # price: 1/5, then 4/5 * 1/4
    assert found.query("reason == 'price' and time == 2")["incidence"].item() == pytest.approx(0.4)
    # Alone: 1 - 4/5 * 3/4
    alone = found.query("reason == 'price' and time == 2")["one_reason_only"].item()
    assert alone == pytest.approx(1 - 0.6)


def test_time_in_each_band_and_its_ends():
    table = pd.DataFrame({"duration": [3.0, 5.0, 12.0], "ended": [True, True, False]})
    table = table.assign(came=[0.0, 4.0, 0.0])
    found = hazard_by_age(table, cuts=[5, 10], entry="came")
    assert found["exposure"].tolist() == [3 + 1 + 5, 0 + 0 + 5, 2]
    assert found["ended"].tolist() == [2, 0, 0]  # an end at 5 is one of the first band
    assert found["low"].iloc[1] == 0
    assert found["high"].iloc[1] == pytest.approx(-np.log(0.025) / 5)


def test_dates_become_durations():
    contracts = pd.DataFrame(
        {
            "started_on": pd.to_datetime(["2024-01-01", "2024-01-01", "2024-06-01"]),
            "left_on": pd.to_datetime(["2024-02-01", "2024-12-31", None]),
        }
    )
    found = observed_durations(contracts, as_of="2024-03-01")
    assert found["duration"].tolist() == [31, 60]  # the third has not begun
    assert found["ended"].tolist() == [True, False]  # what comes later is not known


def test_a_change_cuts_a_duration_in_two():
    table = pd.DataFrame(
        {"duration": [9.0, 20.0, 5.0], "ended": [1, 1, 0], "gold": [np.nan, 10.0, 7.0]}
    )
    found = episodes(table, change="gold")
    assert found["entry"].tolist() == [0, 0, 10, 0]
    assert found["duration"].tolist() == [9, 10, 20, 5]
    assert found["ended"].tolist() == [True, False, True, False]
    assert found["changed"].tolist() == [False, False, True, False]


# against the formula and independent code


@pytest.mark.parametrize("seed", range(3))
def test_lives_follow_the_hazards_of_the_docstring(seed):
    truth = simulate_contracts(40_000, seed=seed).truth
    for at in (6, 12, 18, 36):
        bands = np.clip(at - np.array([0, 12, 24]), 0, [12, 12, np.inf])
        expected = np.exp(-(RATES * bands).sum())
        error = np.sqrt(expected * (1 - expected) / 40_000)
        assert (truth["months"] > at).mean() == pytest.approx(expected, abs=3 * error)
    early = truth[truth["months"] < 12]["reason"]
    share = HAZARDS["price"][0] / RATES[0]
    error = np.sqrt(share * (1 - share) / len(early))
    assert (early == "price").mean() == pytest.approx(share, abs=3 * error)


@pytest.mark.curriculum("S121")
def test_a_hazard_that_changes_is_recovered_within_5_percent_over_twenty_seeds():
    found = []
    for seed in range(20):
        months = recorded(20_000, seed)
        months = months.assign(
            duration=months["duration"] / DAYS_OF_MONTH, entry=months["entry"] / DAYS_OF_MONTH
        )
        table = hazard_by_age(months, cuts=[12, 24], entry="entry")
        off = (table["hazard"] - RATES).abs()
        # Each within 3 standard errors of a count (at n = 20,000 about 1,000 ends or more), and
        # a day of rounding in some 500.
        assert (off < 3.3 * RATES / np.sqrt(table["ended"]) + 0.003 * RATES).all()
        found.append(table["hazard"])
    # The row: within 5 %.
    np.testing.assert_allclose(np.mean(found, axis=0), RATES, rtol=0.05)


@pytest.mark.parametrize("regime", ["hazards that fall", "hazards that rise"])
def test_the_intervals_hold_the_true_hazard_and_survival_in_95_of_100_worlds(covers, few, regime):
    # 500 worlds of 400 who sign, two fifths of the time before the record; seeds fixed before.
    hazards = dict(HAZARDS) if "fall" in regime else {"any": (0.02, 0.03, 0.06)}
    rates = np.array([*hazards.values()]).sum(axis=0)
    truth = np.exp(-12 * rates[0] - 6 * rates[1])
    held = []
    for seed in few:
        data = simulate_contracts(400, hazards=hazards, seed=seed).data
        days = observed_durations(data, as_of="2024-12-31", seen_from="seen_from")
        months = days.assign(
            duration=days["duration"] / DAYS_OF_MONTH, entry=days["entry"] / DAYS_OF_MONTH
        )
        table = hazard_by_age(months, cuts=[12, 24], entry="entry")
        inside = (table["low"] < rates) & (rates < table["high"])
        curve = kaplan_meier(days, entry="entry")
        row = curve[curve["time"] <= 18 * DAYS_OF_MONTH].iloc[-1]
        held.append([*inside, row["low"] < truth < row["high"]])
    for part, each in zip(("1st year", "2nd year", "later"), np.transpose(held)[:3], strict=True):
        covers(each, "lifetime.hazard_by_age", regime, part=part)
    covers(np.transpose(held)[3], "lifetime.kaplan_meier", f"late entry, {regime}")


def test_without_late_entry_survival_is_too_high():
    days = recorded(20_000, 1)
    at = 12 * DAYS_OF_MONTH
    truth = np.exp(-12 * RATES[0])

    def there(**options):
        curve = kaplan_meier(days, **options)
        return curve[curve["time"] <= at]["survival"].iloc[-1]

    assert there(entry="entry") == pytest.approx(truth, abs=0.02)
    assert there() > truth + 0.05


def test_incidence_by_reason_is_the_truth_and_one_reason_only_is_not():
    made = simulate_contracts(40_000, recorded_from="2020-01-01", seed=2)
    days = observed_durations(made.data, as_of="2024-12-31")
    found = cumulative_incidence(days)
    at = 24 * DAYS_OF_MONTH
    last = found[found["time"] <= at].groupby("reason").last()
    truth = made.truth[made.truth["months"] <= 24].groupby("reason").size() / 40_000
    off = (last["incidence"] - truth.loc[last.index]).abs()
    assert (off < 3.3 * last["standard_error"] + 0.003).all()
    assert (last["one_reason_only"] > last["incidence"] + 0.02).all()


@pytest.mark.statsmodels
def test_incidence_and_its_error_are_those_of_statsmodels():
    from statsmodels.duration.survfunc import CumIncidenceRight

    rng = np.random.default_rng(3)
    time, status = rng.integers(1, 40, 300), rng.integers(0, 3, 300)
    time[0], status[0] = 50, 0  # at the end of all theirs divides by nothing
    names = np.array([None, "a", "b"], dtype=object)[status]
    found = cumulative_incidence(pd.DataFrame({"duration": time, "reason": names}))
    theirs = CumIncidenceRight(time, status)
    for k, name in enumerate("ab"):
        ours = found[(found["reason"] == name) & (found["time"] > 0)]
        here = np.isin(theirs.times, ours["time"])
        np.testing.assert_allclose(ours["incidence"], theirs.cinc[k][here], atol=1e-12)
        np.testing.assert_allclose(ours["standard_error"], theirs.cinc_se[k][here], rtol=0.02)


@pytest.mark.parametrize("unlike", [False, True])
def test_the_interval_of_an_incidence_holds_the_truth_in_95_of_100_worlds(covers, few, unlike):
    rng, held = np.random.default_rng(2024), []
    # Rates .03 and .02 a month, at ten months; or half of that and half as much again.
    means = np.array([40, 40 / 3] if unlike else [20, 20])
    truth = 0.6 * (1 - np.exp(-10 / means)).mean()
    for _ in few:
        life = rng.exponential(means[rng.integers(0, 2, 200)] if unlike else 20, 200)
        names = np.where(rng.random(200) < 0.6, "price", "moved").astype(object)
        look = rng.uniform(5, 30, 200)
        names[life > look] = None
        table = pd.DataFrame({"duration": np.minimum(life, look), "reason": names})
        found = cumulative_incidence(table).query("reason == 'price' and time <= 10").iloc[-1]
        held.append(found["low"] < truth < found["high"])
    covers(held, "lifetime.cumulative_incidence", f"customers {'unlike' if unlike else 'alike'}")


# immortal time


@pytest.mark.slow
def test_a_card_that_does_nothing_looks_like_a_lifesaver_until_time_is_cut():
    ratios, naive = [], []
    for seed in range(20):
        data = simulate_gold_cards(1_000, seed=seed).data
        ever = data.assign(gold=data["gold_after"].notna())
        columns = {"duration": "months", "ended": "left"}
        naive.append(CoxModel(["gold"], **columns).fit(ever).summary()["hazard_ratio"].item())
        pieces = episodes(data, change="gold_after", **columns)
        found = CoxModel(["changed"], entry="entry", **columns).fit(pieces).summary()
        ratios.append(found["coefficient"].item() / found["standard_error"].item())
    assert np.mean(naive) < 0.6
    # The mean of twenty standard scores around 0.
    assert abs(np.mean(ratios)) < 3 / np.sqrt(20)


def test_a_card_that_halves_the_hazard_is_seen_to_do_so():
    data = simulate_gold_cards(6_000, hazard_ratio=0.5, seed=4).data
    columns = {"duration": "months", "ended": "left"}
    pieces = episodes(data, change="gold_after", **columns)
    row = CoxModel(["changed"], entry="entry", **columns).fit(pieces).summary().iloc[0]
    assert row["low"] < 0.5 < row["high"]
    curves = kaplan_meier(pieces, duration="months", ended="left", entry="entry", by="changed")
    assert {*curves["changed"]} == {True, False}


def test_mean_stay_is_that_of_the_docstring():
    data = simulate_gold_cards(50_000, months=1e6, seed=5).data
    by = data.groupby(data["gold_after"].notna())["months"].agg(["mean", "sem"])
    assert by.loc[False, "mean"] == pytest.approx(1 / 0.07, abs=3 * by.loc[False, "sem"])
    assert by.loc[True, "mean"] == pytest.approx(1 / 0.07 + 25, abs=3 * by.loc[True, "sem"])


def test_cox_without_ties_solves_its_own_equation():
    # The score of the partial likelihood, written out, is 0 at the estimate.
    rng = np.random.default_rng(6)
    x = rng.normal(size=80)
    time = rng.exponential(np.exp(-0.7 * x))
    table = pd.DataFrame({"duration": time, "ended": rng.random(80) < 0.8, "x": x})
    b = CoxModel(["x"]).fit(table).summary()["coefficient"].item()
    score = 0.0
    for row in table[table["ended"]].itertuples():
        risk = table[table["duration"] >= row.duration]["x"].to_numpy()
        weight = np.exp(b * risk)
        score += row.x - (weight * risk).sum() / weight.sum()
    assert score == pytest.approx(0, abs=1e-6)
    assert b == pytest.approx(0.7, abs=0.5)


# shoes, with consent


@pytest.mark.curriculum("S125")
def test_wear_is_recovered_within_5_percent_though_shoes_were_worn_at_installation():
    medians, biased = [], []
    for seed in range(20):
        data, truth = simulate_running_shoes(3_000, seed=seed)
        agreed = truth.set_index("runner_id")["consents"]
        assert agreed.loc[data["runner_id"]].all()  # nobody else's shoes are there
        columns = {"duration": "km", "ended": "replaced"}
        curve = kaplan_meier(data, entry="km_at_install", **columns)
        medians.append(survival_quantiles(curve)["time"].item())
        biased.append(survival_quantiles(kaplan_meier(data, **columns))["time"].item())
    assert np.abs(np.array(medians) / 700 - 1).max() < 0.05
    assert np.mean(biased) > 1.07 * 700


def test_who_is_met_on_the_road_wears_longer_shoes():
    shoes = simulate_running_shoes(5_000, consent=1, seed=1)
    assert shoes.truth["consents"].all()
    assert shoes.data.groupby("runner_id").size().sum() == shoes.truth["pairs"].sum()
    assert (shoes.data["km"] > shoes.data["km_at_install"]).all()


# saving by uplift


def test_in_the_world_of_saving_the_most_at_risk_are_not_the_most_to_gain():
    data, truth = simulate_saving(60_000, seed=3)
    worst = data["risk"] > 0.85
    middle = data["risk"].between(0.25, 0.5)
    assert truth["gain"][worst].max() < 0 < truth["gain"][middle].min()
    for group in (worst, middle):
        by = data[group].groupby("offered")["left"].agg(["mean", "sem"])
        gain = by.loc[False, "mean"] - by.loc[True, "mean"]
        error = np.hypot(*by["sem"])
        assert gain == pytest.approx(truth["gain"][group].mean(), abs=3.3 * error)


# when misused


def test_reasons_entries_and_dates_that_cannot_be_are_refused():
    with pytest.raises(OutOfRangeError, match="nobody has ended"):
        cumulative_incidence(pd.DataFrame({"duration": [1], "reason": [None]}))
    dates = pd.DataFrame({"started_on": ["2024-02-01"], "left_on": ["2024-01-01"]})
    with pytest.raises(BadRowsError, match="before they start"):
        observed_durations(dates.apply(pd.to_datetime), as_of="2024-12-31")
    with pytest.raises(OutOfRangeError, match="rise"):
        hazard_by_age(pd.DataFrame({"duration": [1.0], "ended": [True]}), cuts=[5, 2])
    with pytest.raises(OutOfRangeError, match="before 0"):
        episodes(pd.DataFrame({"duration": [1.0], "ended": [1], "g": [-1.0]}), change="g")
    with pytest.raises(EmptyError):
        hazard_by_age(pd.DataFrame({"duration": [], "ended": []}, dtype=float), cuts=[1])


def test_cox_refuses_what_foresees_every_leave_and_takes_it_with_one_exception():
    # Only card holders leave, at every second day; so there is no finite rate beside the others.
    days = np.arange(1.0, 41)
    card = days % 2 == 0
    table = pd.DataFrame({"duration": days, "ended": card, "card": card, "age": days % 7})
    for columns in (["card"], ["age", "card"]):
        with pytest.raises(OutOfRangeError, match=r"no estimate is finite: \['card'\] tells who"):
            CoxModel(columns).fit(table)
    with pytest.raises(OutOfRangeError, match="no estimate is finite"):  # in perfect order
        CoxModel(["order"]).fit(table.assign(ended=True, order=-days))
    table.loc[4, "ended"] = True
    found = CoxModel(["age", "card"]).fit(table).summary().iloc[1]
    assert found["coefficient"] > 0
    assert found["high"] < np.inf


def test_cox_refuses_what_says_nothing():
    table = pd.DataFrame({"duration": [1, 2], "ended": True, "x": 1.0})
    with pytest.raises(OutOfRangeError, match="never vary"):
        CoxModel(["x"]).fit(table)
    with pytest.raises(OutOfRangeError, match="nobody ends"):
        CoxModel(["x"]).fit(table.assign(x=[1, 2], ended=False))
    with pytest.raises(CrmlabError, match="fit"):
        CoxModel(["x"]).summary()
    with pytest.raises(CrmlabError):
        CoxModel("x")


@pytest.mark.parametrize(
    "make",
    [
        lambda: simulate_contracts(0, seed=1),
        lambda: simulate_contracts(9, cuts=[5], seed=1),
        lambda: simulate_contracts(9, cuts=[5, 2], seed=1),
        lambda: simulate_contracts(9, hazards={"a": (0.1, -1, 0.1)}, seed=1),
        lambda: simulate_contracts(9, recorded_from="2030-01-01", seed=1),
        lambda: simulate_gold_cards(9, churn=0, seed=1),
        lambda: simulate_running_shoes(9, consent=70, seed=1),
        lambda: simulate_saving(9, treated=0, seed=1),
        lambda: simulate_saving(9, seed=None),
    ],
)
def test_simulators_refuse_numbers_outside_their_interval(make):
    with pytest.raises(CrmlabError):
        make()


def test_log_rank_knows_late_entry():
    data = simulate_gold_cards(1_500, seed=9).data
    pieces = episodes(data, change="gold_after", duration="months", ended="left")
    found = log_rank(pieces, by="changed", duration="months", ended="left", entry="entry")
    assert found.p_value > 0.001


IMPOSSIBLE = [
    {"duration": [2.0, -6.0, 10.0]},
    {"duration": [2.0, 6.0, 10.0], "came": [2.0, 0.0, 0.0]},
    {"duration": [2.0, 6.0, 10.0], "came": [0.0, 0.0, -1.0]},
]


@pytest.mark.parametrize("bad", IMPOSSIBLE)
def test_whoever_counts_time_refuses_rows_that_cannot_be(bad):
    table = pd.DataFrame({"ended": True, "gold": [1.0, 2, 3]} | bad)
    entry = "came" if "came" in bad else None
    for measure in (
        lambda: hazard_by_age(table, cuts=[5], entry=entry),
        lambda: episodes(table, change="gold", entry=entry),
        lambda: CoxModel(["gold"], entry=entry).fit(table),
        lambda: kaplan_meier(table, entry=entry),
    ):
        with pytest.raises(BadRowsError, match="1 row"):
            measure()


def test_a_change_of_who_was_watched_late_keeps_the_entry():
    table = pd.DataFrame({"duration": [9.0, 20, 30, 40], "ended": True, "entry": [5.0, 12, 10, 0]})
    table["gold"] = [np.nan, 10, 20, 0]
    with pytest.raises(AmbiguousError, match="say entry='entry'"):
        episodes(table, change="gold")
    found = episodes(table, change="gold", entry="entry")
    assert found["entry"].tolist() == [5, 12, 10, 20, 0]
    assert found["duration"].tolist() == [9, 20, 20, 30, 40]
    assert found["ended"].tolist() == [True, True, False, True, True]
    assert found["changed"].tolist() == [False, True, False, True, True]
    assert (found["duration"] - found["entry"]).sum() == (table["duration"] - table["entry"]).sum()
    with pytest.raises(AmbiguousError, match="changed"):
        episodes(found.drop(columns="entry"), change="gold")


def test_cox_refuses_columns_of_which_one_is_made_up_of_others():
    table = pd.DataFrame({"duration": [1, 2, 3, 4, 5, 6], "ended": True, "a": [1, 0, 1, 0, 1, 0]})
    table = table.assign(b=1 - table["a"], c=[1, 2, 1, 2, 2, 1])
    assert len(CoxModel(["a", "c"]).fit(table).summary()) == 2
    for columns in (["a", "a"], ["a", "b"], ["a", "c", "b"]):
        with pytest.raises(OutOfRangeError, match="made up of the others"):
            CoxModel(columns).fit(table)


def test_reasons_in_arrow_columns_are_read_as_their_values():
    table = pd.DataFrame({"duration": [1, 2, 3], "reason": ["price", "moved", None]})
    arrow = table.convert_dtypes(dtype_backend="pyarrow")
    pd.testing.assert_frame_equal(cumulative_incidence(arrow), cumulative_incidence(table))


def test_a_change_that_is_no_time_is_refused_and_one_that_never_came_cuts_nothing():
    table = pd.DataFrame({"duration": [9.0, 20], "ended": True, "gold": None})
    assert episodes(table, change="gold")["duration"].tolist() == [9, 20]
    for strange in (["", "10"], pd.to_datetime(["2024-01-01", None])):
        with pytest.raises(WrongTypeError, match="gold must hold numbers"):
            episodes(table.assign(gold=strange), change="gold")
