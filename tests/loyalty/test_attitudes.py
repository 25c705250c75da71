"""Who is loyal, whether satisfaction moves money, and what a points programme brings."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from crmlab.errors import BadRowsError, EmptyError, MissingColumnsError, OutOfRangeError
from crmlab.loyalty import (
    loyalty_classes,
    programme_effect,
    simulate_loyalty,
    simulate_points,
    simulate_satisfaction_panel,
    within_between,
)

# by hand


@pytest.mark.curriculum("S120")
def test_four_customers_are_of_four_classes_and_high_is_above_the_line():
    people = pd.DataFrame(
        {
            "customer_id": list("abcde"),
            "attitude": [6, 6, 2, 2, 4.0],
            "share_of_wallet": [0.9, 0.1, 0.9, 0.1, 0.5],
        }
    )
    found = loyalty_classes(people)
    assert found["loyalty"].tolist() == ["true", "latent", "spurious", "none", "none"]
    assert found["customer_id"].tolist() == [*"abcde"]
    lower = loyalty_classes(people, attitude_above=3, behaviour_above=0.4)
    assert lower["loyalty"].tolist()[-1] == "true"


def test_four_customers_who_spend_alike_in_good_and_bad_months():
    panel = pd.DataFrame(
        {"customer_id": [1, 1, 2, 2, 3, 3, 4, 4], "satisfaction": [1.0, 3, 5, 7] * 2}
    )
    panel["spend_next_cny"] = [5.0, 5, 9, 9] * 2
    table = within_between(panel).set_index("effect")["coefficient"]
    # Means 2 and 6 with spending 5 and 9: one CNY a point; within, nothing.
    assert table["between"] == pytest.approx(1)
    assert table["within"] == pytest.approx(0, abs=1e-12)
    assert table["difference"] == pytest.approx(1)
    # Covariance 16 over variance 20 of all rows.
    assert table["pooled"] == pytest.approx(0.8)


def test_a_programme_by_hand():
    trial = pd.DataFrame(
        {
            "invited": [True] * 4 + [False] * 4,
            "joined": [True, True, False, False] + [False] * 4,
            "spend_before_cny": [100.0, 200, 100, 200] * 2,
            "spend_after_cny": [130.0, 230, 110, 210, 105, 205, 105, 205],
            "points_earned": [130.0, 230, 0, 0, 0, 0, 0, 0],
            "points_redeemed": [65.0, 115, 0, 0, 0, 0, 0, 0],
        }
    )
    table = programme_effect(trial, margin=0.5, point_cny=0.1).set_index("quantity")["value"]
    # Invited spend 170 on average, others 155: 15 each, 30 for each of the half who joined.
    assert table["effect per invited"] == pytest.approx(15)
    assert table["effect per member"] == pytest.approx(30)
    assert table["cost per invited"] == pytest.approx(180 * 0.1 / 4)
    assert table["profit per invited"] == pytest.approx(0.5 * 15 - 4.5)
    assert table["breakage"] == pytest.approx(0.5)
    assert table["members less others"] == pytest.approx(180 - 940 / 6)


# against the truth


@pytest.mark.curriculum("S120")
@pytest.mark.parametrize("seed", range(20))
def test_classes_equal_the_truth_in_nine_of_ten(seed):
    people, truth = simulate_loyalty(2_000, seed=seed)
    bought = people.dropna(subset=["share_of_wallet"])
    found = loyalty_classes(bought).merge(truth, on="customer_id", suffixes=("", "_true"))
    assert (found["loyalty"] == found["loyalty_true"]).mean() >= 0.9


@pytest.mark.curriculum("S120")
@pytest.mark.parametrize("seed", range(20))
def test_the_most_frequent_are_not_the_most_loyal(seed):
    # I14: "frequent buyers are the most satisfied and loyal". Here the most frequent come of habit.
    people, truth = simulate_loyalty(4_000, seed=seed)
    most = people.nlargest(800, "purchases_here")
    kind = truth.set_index("customer_id")["loyalty"]
    assert (kind.loc[most["customer_id"]] == "spurious").mean() > 0.6
    assert most["attitude"].mean() < people["attitude"].mean()
    assert most["stayed"].mean() < people["stayed"].mean()


@pytest.mark.parametrize(
    ("within", "between"), [(0.0, 60.0), (25.0, 0.0), (20.0, 20.0)], ids=["who", "what", "both"]
)
def test_within_and_between_cover_in_95_of_100_worlds(covers, few, within, between):
    waves = 5
    means = (between + within / waves) / (1 + 1 / waves)
    truth = np.array([within, means, means - within])
    held, parts = [], ["within", "between", "difference"]
    for seed in few:
        panel, _ = simulate_satisfaction_panel(
            60, waves=waves, within=within, between=between, seed=seed
        )
        table = within_between(panel).set_index("effect").loc[parts]
        held.append((table["low"] <= truth) & (truth <= table["high"]))
    regime = f"effect within {within:g}, between {between:g}"
    for part, each in zip(parts, np.transpose(held), strict=True):
        covers(each, "loyalty.within_between", regime, part=part)


@pytest.mark.curriculum("S119")
@pytest.mark.parametrize("seed", range(20))
def test_a_world_where_satisfaction_moves_money_and_one_where_it_only_goes_with_it(seed):
    who, _ = simulate_satisfaction_panel(600, between=60, seed=seed)
    table = within_between(who).set_index("effect")
    assert table.loc["pooled", "low"] > 15
    assert table.loc["within", "low"] < 3
    assert table.loc["difference", "low"] > 0
    what, _ = simulate_satisfaction_panel(600, within=20, seed=seed)
    table = within_between(what).set_index("effect")
    assert table.loc["within", "low"] > 15
    assert table.loc["difference", "high"] < 0


def test_within_is_the_regression_with_a_constant_for_each_customer():
    panel, _ = simulate_satisfaction_panel(12, waves=3, within=20, between=5, seed=3)
    dummies = pd.get_dummies(panel["customer_id"]).to_numpy("float64")
    x = np.column_stack([panel["satisfaction"], dummies])
    fit = np.linalg.lstsq(x, panel["spend_next_cny"], rcond=None)[0]
    table = within_between(panel).set_index("effect")["coefficient"]
    assert table["within"] == pytest.approx(fit[0])


@pytest.mark.parametrize(("lift", "n"), [(0.0, 400), (0.15, 1_000)])
def test_programme_intervals_cover_in_95_of_100_worlds(covers, few, lift, n):
    _, large = simulate_points(400_000, lift=lift, seed=77)
    joins = large["would_join"].mean()
    member = large.loc[large["would_join"], "gain_cny"].mean()
    truth = {"effect per invited": joins * member, "effect per member": member}
    held = {name: [] for name in truth}
    for seed in few:
        trial, _ = simulate_points(n, lift=lift, seed=seed)
        table = programme_effect(trial).set_index("quantity")
        for name, value in truth.items():
            held[name].append(table.loc[name, "low"] <= value <= table.loc[name, "high"])
    for part, each in held.items():
        covers(each, "loyalty.programme_effect", f"{n:,} customers, lift {lift:g}", part=part)


@pytest.mark.parametrize("seed", range(20))
def test_members_spend_more_though_the_programme_does_nothing(seed):
    trial, _ = simulate_points(6_000, lift=0.0, seed=seed)
    table = programme_effect(trial).set_index("quantity")
    assert table.loc["members less others", "low"] > 0
    # 20 worlds, none beyond 3.4 standard errors.
    row = table.loc["effect per invited"]
    assert abs(row["value"]) < 3.4 * row["standard_error"]
    value = table["value"]
    assert value["profit per invited"] == pytest.approx(
        0.3 * value["effect per invited"] - value["cost per invited"]
    )
    # About half of the invited earn 330 points each, redeem 70 % of them, at 0.02 CNY a point.
    assert table.loc["cost per invited", "low"] > 2
    # Each member keeps a share of their own: the error of the breakage counts members.
    row = table.loc["breakage"]
    assert abs(row["value"] - 0.3) < 3.4 * row["standard_error"]


# the simulators


def test_the_simulators_keep_to_their_docstrings():
    people, truth = simulate_loyalty(40_000, seed=5)
    kind = truth["loyalty"].to_numpy()
    by = people.groupby(kind)
    assert by.size().to_dict() == {
        "latent": 8_000,
        "none": 10_000,
        "spurious": 12_000,
        "true": 10_000,
    }
    rate = {"true": 24, "latent": 20, "spurious": 36, "none": 18}
    stays = {"true": 0.9, "latent": 0.8, "spurious": 0.25, "none": 0.2}
    for name in rate:
        n = (kind == name).sum()
        assert by["purchases_all"].mean()[name] == pytest.approx(
            rate[name], abs=3.3 * (rate[name] / n) ** 0.5
        )
        assert by["stayed"].mean()[name] == pytest.approx(stays[name], abs=3.3 * 0.5 / n**0.5)
        here = 0.8 if name in ("true", "spurious") else 0.2
        assert by["share_of_wallet"].mean()[name] == pytest.approx(here, abs=3.3 * 0.2 / n**0.5)
    assert people["attitude"].between(1, 7).all()

    panel, usual = simulate_satisfaction_panel(20_000, waves=4, within=10, between=30, seed=5)
    mean = panel.groupby("customer_id")["satisfaction"].mean().to_numpy()
    assert np.var(mean - usual["usual"]) == pytest.approx(1 / 4, abs=3 * 0.25 * (2 / 20_000) ** 0.5)
    trial, hidden = simulate_points(100_000, redeem=1.0, seed=5)
    # Lognormal with log variance 0.64 + 0.09: mean 300, standard deviation 311.
    assert trial["spend_before_cny"].mean() == pytest.approx(300, abs=3 * 311 / 100_000**0.5)
    assert (trial["points_redeemed"] == trial["points_earned"]).all()
    joined = hidden["would_join"] & trial["invited"]
    assert (joined == trial["joined"]).all()


# for any data


@given(st.permutations(range(40)))
def test_the_order_of_rows_never_matters(order):
    panel, _ = simulate_satisfaction_panel(10, waves=4, within=3, seed=1)
    np.testing.assert_allclose(
        within_between(panel).iloc[:, 1:], within_between(panel.iloc[order]).iloc[:, 1:]
    )
    trial, _ = simulate_points(40, seed=1)
    np.testing.assert_allclose(
        programme_effect(trial).iloc[:, 1:], programme_effect(trial.iloc[order]).iloc[:, 1:]
    )


# when misused


def test_refuses_what_says_nothing():
    people, _ = simulate_loyalty(20, seed=1)
    with pytest.raises(MissingColumnsError, match="attitude=…"):
        loyalty_classes(people.drop(columns="attitude"))
    with pytest.raises(BadRowsError, match="have no share_of_wallet"):
        loyalty_classes(people.assign(share_of_wallet=np.nan))
    with pytest.raises(EmptyError):
        loyalty_classes(people.head(0))
    panel, _ = simulate_satisfaction_panel(5, waves=1, seed=1)
    with pytest.raises(OutOfRangeError, match="never varies within a customer"):
        within_between(panel)
    with pytest.raises(OutOfRangeError, match="the same mean of satisfaction"):
        within_between(panel.assign(satisfaction=3.0).loc[[0, 1, 2, 3] * 2].assign(
            satisfaction=[1.0] * 4 + [5.0] * 4))  # fmt: skip
    with pytest.raises(OutOfRangeError, match="at least 4 customers are needed"):
        within_between(simulate_satisfaction_panel(3, waves=9, seed=1).data)


def test_a_trial_without_a_lottery_is_refused():
    trial, _ = simulate_points(200, seed=1)
    with pytest.raises(OutOfRangeError, match="joined uninvited"):
        programme_effect(trial.assign(joined=True))
    with pytest.raises(OutOfRangeError, match="left out at random"):
        programme_effect(trial.assign(invited=True))
    with pytest.raises(OutOfRangeError, match="more points than they earned"):
        programme_effect(trial.assign(points_redeemed=trial["points_earned"] + 1))
    with pytest.raises(OutOfRangeError, match="nobody earned a point"):
        programme_effect(trial.assign(points_earned=0.0, points_redeemed=0.0))
    with pytest.raises(OutOfRangeError, match="margin must lie"):
        programme_effect(trial, margin=30)


@pytest.mark.parametrize(
    ("simulate", "wrong"),
    [
        (simulate_loyalty, {"n": 0}),
        (simulate_satisfaction_panel, {"waves": 0}),
        (simulate_satisfaction_panel, {"within": np.nan}),
        (simulate_points, {"lift": -1}),
        (simulate_points, {"redeem": 0}),
    ],
)
def test_the_simulators_refuse_worlds_that_there_are_not(simulate, wrong):
    with pytest.raises(OutOfRangeError):
        simulate(**{"n": 10, "seed": 1, **wrong})
