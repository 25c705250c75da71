"""profile, profile_drift, stability_index, drift_after_policy: luck, policy, or change?"""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from crmlab.errors import BadRowsError, EmptyError, MissingColumnsError, OutOfRangeError
from crmlab.members import (
    drift_after_policy,
    profile,
    profile_drift,
    simulate_members,
    stability_index,
)

SIX = ["gender", "age_band", "region", "occupation", "income_band", "opened_in"]


def column(**counts):
    return pd.Series(np.repeat([*counts], [*counts.values()]))


# by hand


def test_shares_of_each_value_missing_ones_among_them():
    members = pd.DataFrame({"sex": ["w", "m", None, "w"], "shop": [1, 1, 2, 1]})
    found = profile(members, attributes=["sex", "shop"])
    assert found["value"].tolist() == ["(missing)", "m", "w", "1", "2"]
    assert found["members"].tolist() == [1, 1, 2, 3, 1]
    assert found["share"].tolist() == [0.25, 0.25, 0.5, 0.75, 0.25]


def test_the_index_adds_half_a_member_to_each_value():
    psi, freedom, scale = stability_index(column(a=9, b=1), column(a=4, b=6))
    p, q = np.array([9.5, 1.5]) / 11, np.array([4.5, 6.5]) / 11
    assert psi == pytest.approx(((q - p) * np.log(q / p)).sum())
    assert (freedom, scale) == (1, pytest.approx(0.2))


def test_a_value_that_was_never_seen_before_is_no_infinity():
    assert 0 < stability_index(column(a=10), column(a=5, b=5))[0] < np.inf


def test_the_chi_square_is_pearsons():
    day = pd.to_datetime(["2024-01-15"] * 10 + ["2024-02-15"] * 10)
    sex = column(w=6, m=4).tolist() + column(w=2, m=8).tolist()
    members = pd.DataFrame({"joined_on": day, "sex": sex})
    found = profile_drift(members, attributes=["sex"], baseline_until="2024-01-31").iloc[0]
    expected = stats.chi2_contingency([[6, 4], [2, 8]], correction=False)
    assert found["chi_square"] == pytest.approx(expected.statistic)
    assert found["p_value"] == pytest.approx(expected.pvalue)


# against the formula


@pytest.mark.parametrize("unlike", [False, True], ids=["even shares", "a rare value"])
@pytest.mark.parametrize(("n", "m"), [(200, 200), (2_000, 200)])
def test_without_any_change_psi_follows_its_law_in_500_worlds(n, m, unlike):
    share = np.array([0.4, 0.3, 0.2, 0.07, 0.03]) if unlike else np.full(10, 0.1)
    limit = (1 / n + 1 / m) * stats.chi2.ppf(0.95, len(share) - 1)
    rng = np.random.default_rng([n, m, unlike])
    over = 0
    for _ in range(500):
        before, after = (rng.multinomial(size, share) for size in (n, m))
        names = np.arange(len(share))
        pair = (pd.Series(np.repeat(names, counts)) for counts in (before, after))
        over += stability_index(*pair)[0] > limit
    # 3.3 standard errors of 5% at 500 worlds.
    assert 0.018 <= over / 500 <= 0.082


@pytest.mark.curriculum("S77")
def test_an_index_of_0_1_happens_by_luck_at_200_members():
    # Ten values, 200 members on each side, nothing changed: PSI is above 0.1 one time in three.
    assert stats.chi2.sf(0.1 / (1 / 200 + 1 / 200), 9) == pytest.approx(0.35, abs=0.01)


@pytest.mark.curriculum("S77")
@pytest.mark.parametrize("seed", range(20))
def test_a_harder_policy_is_flagged_within_two_months_in_what_it_moves(seed):
    members, truth = simulate_members(2_000, months=15, policy_from=13, seed=seed)
    found = profile_drift(members, attributes=SIX, baseline_until="2023-12-31")
    assert found["attribute"].nunique() == 6
    first_two = found[found["month"] < "2024-03-01"]
    flagged = {*first_two.loc[first_two["drifted"], "attribute"]}
    assert {"income_band", "age_band"} <= flagged
    assert truth.loc[~truth["admitted"], "policy"].all()


@pytest.mark.curriculum("S77")
def test_false_alarms_are_as_rare_as_promised():
    # 20 worlds of 12 months without any change: 5% of months have an alarm, at most.
    alarms = 0
    for seed in range(20):
        calm, _ = simulate_members(800, months=24, policy_from=None, seed=seed)
        found = profile_drift(calm, attributes=SIX, baseline_until="2023-12-31")
        alarms += found.groupby("month")["drifted"].any().sum()
    # A shared baseline ties the months of a world together; 3 standard errors, twice as wide.
    assert alarms / 240 <= 0.05 + 2 * 3 * (0.05 * 0.95 / 240) ** 0.5


@pytest.mark.curriculum("S77")
@pytest.mark.parametrize("seed", range(20))
def test_policy_and_change_are_told_apart(seed):
    changing, _ = simulate_members(
        2_000, months=24, policy_from=13, change_from=13, change=0.08, seed=seed
    )
    only_policy, _ = simulate_members(2_000, months=24, policy_from=13, seed=seed + 100)
    left = {}
    for name, world in (("change", changing), ("policy", only_policy)):
        old = world[world["joined_on"] < "2024-01-01"]
        new = world[world["joined_on"] >= "2024-01-01"]
        admits = old["income_band"].map({"low": 0.3, "middle": 1.0, "high": 1.0})
        found = drift_after_policy(old, new, attributes=SIX, admitted=admits)
        left[name] = found.set_index("attribute")
    # Both worlds drift; where only the rule changed, the rule explains it.
    for world in left.values():
        assert world.loc["income_band", "psi"] > 0.03
    assert left["policy"].loc["income_band", "left"] < 0.002
    assert left["change"].loc["age_band", "changed"]
    assert left["change"].loc["age_band", "left"] > 10 * left["policy"].loc["age_band", "left"]


@pytest.mark.parametrize("rule", [0.0, 0.3], ids=["none admitted", "some admitted"])
def test_the_limit_of_luck_holds_in_500_worlds(rule):
    above = 0
    for seed in range(500):
        rng = np.random.default_rng([seed, 77])
        old = pd.DataFrame({"x": rng.choice(list("abcd"), 400, p=[0.4, 0.3, 0.2, 0.1])})
        keeps = np.array([0.4 * rule, 0.3, 0.2, 0.1])
        new = pd.DataFrame({"x": rng.choice(list("abcd"), 300, p=keeps / keeps.sum())})
        admits = old["x"].map({"a": rule}).fillna(1.0)
        found = drift_after_policy(old, new, attributes=["x"], admitted=admits, draws=200)
        above += bool(found["changed"].iloc[0])
    # 3.3 standard errors of 5% at 500 worlds.
    assert 0.018 <= above / 500 <= 0.082


# simulate_members


def test_the_policy_keeps_out_only_low_incomes_and_the_market_is_left_alone():
    members, truth = simulate_members(20_000, months=2, policy_from=2, admitted_low=0.25, seed=1)
    before, after = (members[members["joined_on"].dt.month == month] for month in (1, 2))
    low = (before["income_band"] == "low").mean()
    # Of those with a low income a quarter is left.
    share = 0.25 * low / (1 - 0.75 * low)
    error = 3 * (share * (1 - share) / len(after)) ** 0.5 + 3 * (low / len(before)) ** 0.5
    assert (after["income_band"] == "low").mean() == pytest.approx(share, abs=error)
    for calm in ("gender", "region", "opened_in"):
        assert stability_index(before[calm], after[calm])[0] < 0.002
    assert len(truth) == 40_000
    assert truth["admitted"].sum() == len(members)


def test_the_change_makes_the_market_younger_each_month():
    members, _ = simulate_members(
        5_000, months=6, policy_from=None, change_from=2, change=0.1, seed=2
    )
    young = (members["age_band"] == "under 25").groupby(members["joined_on"].dt.month).mean()
    assert young.is_monotonic_increasing
    # Odds of the youngest against the oldest: 0.20 / 0.09, times exp(0.4) for each of five months.
    last = members.loc[members["joined_on"].dt.month == 6, "age_band"].value_counts()
    odds = last["under 25"] / last["55 and over"]
    assert odds == pytest.approx(0.2 / 0.09 * np.exp(2.0), rel=3 * (1 / last.min()) ** 0.5)


# for any data


@settings(max_examples=30)
@given(st.lists(st.sampled_from("abc"), min_size=2, max_size=40), st.integers(0, 99))
def test_the_index_does_not_know_order_or_direction_and_is_0_for_the_same(values, seed):
    before, after = pd.Series(values), pd.Series(values).sample(frac=1, random_state=seed)
    assert stability_index(before, after)[0] == pytest.approx(0, abs=1e-12)
    half = len(values) // 2
    one, other = before[:half], before[half:]
    assert stability_index(one, other)[0] == pytest.approx(stability_index(other, one)[0])


def test_categories_and_arrow_columns_are_read_as_their_values():
    members, _ = simulate_members(100, months=3, seed=3)
    expected = profile_drift(members, attributes=SIX, baseline_until="2023-01-31")
    for kind in ("category", "string[pyarrow]", "object"):
        other = members.astype(dict.fromkeys(SIX, kind))
        found = profile_drift(other, attributes=SIX, baseline_until="2023-01-31")
        pd.testing.assert_frame_equal(found, expected)


# when misused


def test_refuses_sides_without_members_and_rules_that_are_none():
    members, _ = simulate_members(50, months=2, seed=3)
    with pytest.raises(OutOfRangeError, match="nobody joined up to 2022"):
        profile_drift(members, attributes=SIX, baseline_until="2022-01-01")
    with pytest.raises(OutOfRangeError, match="nobody joined after 2024"):
        profile_drift(members, attributes=SIX, baseline_until="2024-01-01")
    with pytest.raises(MissingColumnsError, match="shoe"):
        profile(members, attributes="shoe")
    bad = members.assign(joined_on=members["joined_on"].where(members["customer_id"] > 1))
    with pytest.raises(BadRowsError, match="no joined_on"):
        profile_drift(bad, attributes=SIX, baseline_until="2023-01-31")
    with pytest.raises(EmptyError):
        stability_index(members["gender"], members["gender"].head(0))
    with pytest.raises(EmptyError):
        profile(members.head(0), attributes=SIX)
    rule = pd.Series(2.0, members.index)
    with pytest.raises(OutOfRangeError, match=r"shares in \[0, 1\], one for each old member"):
        drift_after_policy(members, members, attributes=SIX, admitted=rule)
    with pytest.raises(OutOfRangeError, match="lets nobody in"):
        drift_after_policy(members, members, attributes=SIX, admitted=rule * 0)


@pytest.mark.parametrize(
    ("argument", "message"),
    [
        ({"n": 0}, "n must be 1 or more"),
        ({"admitted_low": 30}, "admitted_low must be a share"),
        ({"change": -1}, "change must be a finite number of 0 or more"),
        ({"start": "soon"}, "start must be a month such as '2023-01'"),
        ({"policy_from": 0}, "policy_from must be 1 or more"),
    ],
)
def test_refuses_worlds_outside_their_range(argument, message):
    with pytest.raises(ValueError, match=message):
        simulate_members(**{"n": 5, "seed": 0} | argument)


def test_a_hole_that_turns_whole_numbers_into_floats_is_no_drift():
    old = pd.Series([1, 2] * 50)
    for new in (pd.Series([1.0, 2.0] * 30), pd.Series([1, 2] * 30, dtype=object) * 1.0):
        for same in (new, new.astype("category")):
            index, freedom, _ = stability_index(old, same)
            assert (index, freedom) == (pytest.approx(0), 1)
    assert stability_index(old, pd.Series([1, 2, None] * 20))[1] == 2
    assert stability_index(old, pd.Series([1.0, 2.5] * 20))[1] == 2


def test_shares_in_another_order_are_refused_and_an_array_is_in_the_order_of_the_rows():
    old, new = (pd.DataFrame({"shop": ["a", "b"] * n}) for n in (50, 30))
    rule = (old["shop"] == "a").map({True: 1.0, False: 0.3})
    with pytest.raises(BadRowsError, match="another index"):
        drift_after_policy(old, new, attributes=["shop"], admitted=rule.sort_values())
    found = [
        drift_after_policy(old, new, attributes=["shop"], admitted=one)
        for one in (rule, rule.sort_values().reindex(old.index), rule.to_numpy())
    ]
    for other in found[1:]:
        pd.testing.assert_frame_equal(found[0], other)
