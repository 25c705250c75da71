"""kaplan_meier, nelson_aalen and log_rank: by hand, published, for any data, and misused."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from crmlab.errors import (
    BadRowsError,
    CrmlabError,
    EmptyError,
    MissingColumnsError,
    OutOfRangeError,
)
from crmlab.lifetime import kaplan_meier, log_rank, nelson_aalen, survival_quantiles

# Weeks in remission of 42 children with leukaemia, 21 of them on 6-mercaptopurine; + is censored.
# Freireich et al. (1963), Blood 21(6), 699-716, as printed in textbooks of survival analysis.
TREATED = "6+ 6 6 6 7 9+ 10+ 10 11+ 13 16 17+ 19+ 20+ 22 23 25+ 32+ 32+ 34+ 35+"
PLACEBO = "1 1 2 2 3 4 4 5 5 8 8 8 8 11 11 12 12 15 17 22 23"


def leukaemia():
    rows = [
        (arm, word)
        for arm, text in (("6-MP", TREATED), ("placebo", PLACEBO))
        for word in text.split()
    ]
    table = pd.DataFrame(rows, columns=["arm", "word"])
    table["duration"] = table["word"].str.rstrip("+").astype("int64")
    table["ended"] = ~table["word"].str.endswith("+")
    return table


# by hand


def test_four_subscribers():
    durations = pd.DataFrame({"duration": [1, 2, 3, 4], "ended": [True, False, True, False]})
    table = kaplan_meier(durations)
    expected = pd.DataFrame(
        {
            "time": [0.0, 1, 2, 3, 4],
            "at_risk": [4, 4, 3, 2, 1],
            "ended": [0, 1, 0, 1, 0],
            "censored": [0, 0, 1, 0, 1],
            "survival": [1, 3 / 4, 3 / 4, 3 / 8, 3 / 8],
        }
    )
    pd.testing.assert_frame_equal(table[[*expected]], expected)
    # Greenwood at 3: (3/8) ** 2 * (1 / (4 * 3) + 1 / (2 * 1))
    assert table.loc[3, "standard_error"] == pytest.approx(3 / 8 * np.sqrt(1 / 12 + 1 / 2))


def test_an_end_comes_before_a_censoring_of_the_same_time():
    durations = pd.DataFrame({"duration": [5, 5], "ended": [True, False]})
    assert kaplan_meier(durations)["survival"].iloc[-1] == 0.5


def test_who_came_late_is_at_risk_only_from_then_on():
    durations = pd.DataFrame({"came": [0, 2, 3], "duration": [2, 4, 5], "ended": True})
    table = kaplan_meier(durations, entry="came")
    # At 2 only the first is at risk: the second enters at 2, the third at 3.
    assert table["at_risk"].tolist() == [0, 1, 2, 1]
    assert table["survival"].tolist() == [1, 0, 0, 0]


def test_an_end_at_time_nothing_counts():
    table = kaplan_meier(pd.DataFrame({"duration": [0, 3], "ended": [True, False]}))
    assert table["survival"].tolist() == [0.5, 0.5]


def test_nelson_aalen_adds_ends_over_those_at_risk():
    durations = pd.DataFrame({"duration": [1, 1, 2, 5], "ended": [1, 1, 0, 1]})
    table = nelson_aalen(durations)
    assert table["hazard"].tolist() == [0, 2 / 4, 2 / 4, 2 / 4 + 1]
    assert table["standard_error"].tolist() == pytest.approx(
        [0, np.sqrt(2) / 4, np.sqrt(2) / 4, np.sqrt(2 / 16 + 1)]
    )


def test_nobody_ends_and_everybody_ends():
    stays = kaplan_meier(pd.DataFrame({"duration": [1, 2], "ended": False}))
    assert (stays["survival"] == 1).all()
    assert survival_quantiles(stays)[["time", "low", "high"]].isna().all(axis=None)
    goes = kaplan_meier(pd.DataFrame({"duration": [1, 2], "ended": True}))
    assert goes["survival"].tolist() == [1, 0.5, 0]
    assert survival_quantiles(goes)["time"].item() == 1


def test_one_customer():
    table = kaplan_meier(pd.DataFrame({"duration": [7], "ended": [True]}))
    assert table["survival"].tolist() == [1, 0]


# against published results and the formula


def test_medians_of_leukaemia_are_23_and_8_weeks_as_published():
    curves = kaplan_meier(leukaemia(), by="arm")
    assert survival_quantiles(curves)["time"].tolist() == [23, 8]


def test_survival_of_6_mp_is_the_textbook_table():
    # Kleinbaum and Klein (2012), Survival Analysis, table 2.2: S at 6, 7, 10, 13, 16, 22, 23.
    table = kaplan_meier(leukaemia().query("arm == '6-MP'"))
    at = table[table["ended"] > 0].set_index("time")["survival"].round(4).to_dict()
    assert at == {6: 0.8571, 7: 0.8067, 10: 0.7529, 13: 0.6902, 16: 0.6275, 22: 0.5378, 23: 0.4482}


def test_log_rank_of_leukaemia_is_16_79_as_published():
    found = log_rank(leukaemia(), by="arm")
    assert round(found.statistic, 2) == 16.79
    assert found.degrees == 1
    assert found.groups["expected"].round(2).tolist() == [19.25, 10.75]
    assert found.groups["ended"].tolist() == [9, 21]


@pytest.mark.statsmodels
@pytest.mark.parametrize("kind", ["whole", "real"])
def test_survival_and_its_error_are_those_of_statsmodels(kind):
    from statsmodels.api import SurvfuncRight

    rng = np.random.default_rng(4)
    time = rng.integers(1, 60, 500) if kind == "whole" else rng.exponential(20, 500)
    came = np.floor(time * rng.random(500) * 0.9)
    ended = rng.random(500) < 0.6
    for entry in (None, "came"):
        table = kaplan_meier(
            pd.DataFrame({"duration": time, "ended": ended, "came": came}), entry=entry
        )
        theirs = SurvfuncRight(time, ended, entry=came if entry else None)
        ours = table[table["ended"] > 0]
        here = np.isin(theirs.surv_times, ours["time"])
        assert here.sum() == len(ours)
        np.testing.assert_allclose(ours["survival"], theirs.surv_prob[here], rtol=0, atol=1e-12)
        some = ours["survival"].to_numpy() > 0
        np.testing.assert_allclose(
            ours["standard_error"][some], theirs.surv_prob_se[here][some], rtol=0, atol=1e-12
        )


@pytest.mark.statsmodels
def test_log_rank_is_that_of_statsmodels_for_three_groups():
    from statsmodels.duration.survfunc import survdiff

    rng = np.random.default_rng(5)
    group = rng.integers(0, 3, 400)
    time = np.ceil(rng.exponential(10 + 3 * group))
    ended = rng.random(400) < 0.7
    found = log_rank(pd.DataFrame({"duration": time, "ended": ended, "g": group}), by="g")
    statistic, p_value = survdiff(time, ended, group)
    assert found.statistic == pytest.approx(statistic, rel=1e-10)
    assert found.p_value == pytest.approx(p_value, rel=1e-8)


@pytest.mark.parametrize("shape", [1.0, 0.6])
def test_the_interval_holds_the_true_survival_in_95_of_100_worlds(covers, shape):
    # 500 worlds of 150 customers, seed fixed beforehand; hazard constant, and one that falls with
    # age. Half are censored by a look at an even chance.
    # Times are whole hundredths, an end counted at the end of its own: what lasts is the same.
    rng = np.random.default_rng(2024)
    life = np.ceil(1000 * rng.weibull(shape, (500, 150))).astype(int)
    look = rng.integers(0, 3000, (500, 150))
    durations = pd.DataFrame(
        {
            "world": np.repeat(np.arange(500), 150),
            "duration": np.minimum(life, look).ravel(),
            "ended": (life <= look).ravel(),
        }
    )
    curves = kaplan_meier(durations, by="world")
    cumulative = nelson_aalen(durations, by="world")
    regime = "the hazard falls" if shape < 1 else "the hazard stays"
    for at in (500, 1000):
        truth = np.exp(-((at / 1000) ** shape))
        last = curves[curves["time"] <= at].groupby("world").last()
        inside = last["low"].lt(truth) & last["high"].gt(truth)
        covers(inside, "lifetime.kaplan_meier", regime, part=f"at {at // 100}")
        last = cumulative[cumulative["time"] <= at].groupby("world").last()
        true_hazard = (at / 1000) ** shape
        inside = last["low"].lt(true_hazard) & last["high"].gt(true_hazard)
        covers(inside, "lifetime.nelson_aalen", regime, part=f"at {at // 100}")
    median = survival_quantiles(curves)
    truth = 1000 * np.log(2) ** (1 / shape)
    inside = median["low"].le(truth) & median["high"].fillna(np.inf).ge(truth)
    covers(inside, "lifetime.survival_quantiles", regime)


def test_log_rank_rejects_one_in_twenty_where_groups_are_alike():
    rng = np.random.default_rng(7)
    p_values = []
    for _ in range(500):
        life = np.ceil(rng.exponential(10, 100))
        table = {"duration": np.minimum(life, 12), "ended": life <= 12, "g": np.arange(100) % 2}
        p_values.append(log_rank(pd.DataFrame(table), by="g").p_value)
    # 500 worlds at 5 %: 3.3 standard errors are 3.2 points.
    assert 0.018 <= np.mean(np.array(p_values) < 0.05) <= 0.082


# for any data

lives = st.lists(
    st.tuples(st.integers(0, 30), st.booleans(), st.sampled_from("ab")), min_size=1, max_size=60
).map(lambda rows: pd.DataFrame(rows, columns=["duration", "ended", "g"]))


@given(lives)
def test_whole_days_counted_are_as_real_numbers_sorted_and_row_order_does_not_matter(durations):
    counted = kaplan_meier(durations, by="g")
    real = kaplan_meier(durations.astype({"duration": float}).iloc[::-1], by="g")
    pd.testing.assert_frame_equal(counted, real)


@given(lives)
def test_survival_falls_from_1_and_everybody_is_counted_once(durations):
    table = kaplan_meier(durations)
    assert table["survival"].is_monotonic_decreasing
    assert table["survival"].between(0, 1).all()
    assert (table["ended"] + table["censored"]).sum() == len(durations)
    inside = table.dropna(subset=["low"])
    assert (inside["low"] <= inside["survival"]).all()
    assert (inside["survival"] <= inside["high"]).all()


@given(lives)
def test_each_group_has_the_curve_it_has_alone(durations):
    together = kaplan_meier(durations, by="g")
    for name, alone in durations.groupby("g"):
        one = together[together["g"] == name].drop(columns="g").reset_index(drop=True)
        pd.testing.assert_frame_equal(one, kaplan_meier(alone))


@given(lives.filter(lambda table: not table.query("not ended").any(axis=None)))
def test_without_censoring_survival_is_the_share_that_lasts_longer(durations):
    for row in kaplan_meier(durations).itertuples():
        assert row.survival == pytest.approx((durations["duration"] > row.time).mean())


@pytest.mark.parametrize("kind", ["int32", "float32", "Int64", "Float64", "int64[pyarrow]"])
def test_any_kind_of_number_will_do(kind):
    durations = leukaemia()[["duration", "ended"]]
    expected = kaplan_meier(durations)
    same = durations.astype({"duration": kind, "ended": "boolean"}).set_index([[0] * 42])
    pd.testing.assert_frame_equal(kaplan_meier(same), expected)


def test_categories_and_text_name_groups_alike():
    durations = leukaemia()
    expected = kaplan_meier(durations, by="arm")
    same = durations.astype({"arm": "category"})
    pd.testing.assert_frame_equal(kaplan_meier(same, by="arm"), expected)


# when misused


def test_a_missing_column_is_named_with_the_argument_that_renames_it():
    with pytest.raises(MissingColumnsError, match="ended=…"):
        kaplan_meier(pd.DataFrame({"duration": [1]}))


@pytest.mark.parametrize("bad", [{"duration": [1, -2]}, {"duration": [1, None]}])
def test_impossible_rows_are_listed(bad):
    with pytest.raises(BadRowsError, match=r"\[1\]"):
        kaplan_meier(pd.DataFrame({"ended": [True, True]} | bad))


def test_no_rows_and_no_numbers_are_refused():
    with pytest.raises(EmptyError):
        kaplan_meier(pd.DataFrame({"duration": [], "ended": []}))
    with pytest.raises(CrmlabError, match="numbers"):
        kaplan_meier(pd.DataFrame({"duration": ["1"], "ended": [True]}))
    with pytest.raises(OutOfRangeError, match="finite"):
        kaplan_meier(pd.DataFrame({"duration": [np.inf], "ended": [True]}))
    with pytest.raises(CrmlabError, match="True or False"):
        kaplan_meier(pd.DataFrame({"duration": [1], "ended": [2]}))


def test_who_enters_at_the_end_was_never_watched():
    with pytest.raises(BadRowsError, match="watched for no time"):
        kaplan_meier(pd.DataFrame({"c": [3], "duration": [3], "ended": [True]}), entry="c")


def test_one_group_or_no_end_cannot_be_compared():
    with pytest.raises(OutOfRangeError, match="two groups"):
        log_rank(pd.DataFrame({"duration": [1, 2], "ended": True, "g": "a"}), by="g")
    with pytest.raises(OutOfRangeError, match="nobody ends"):
        log_rank(pd.DataFrame({"duration": [1, 2], "ended": False, "g": [*"ab"]}), by="g")


def test_a_share_of_percent_is_refused():
    with pytest.raises(OutOfRangeError, match="share"):
        survival_quantiles(kaplan_meier(leukaemia()), share=50)
