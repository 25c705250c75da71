"""cross_groups, overlap_sets, group_profit, group_interactions and simulate_groups."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import chi2_contingency

from crmlab.behaviour import (
    cross_groups,
    group_interactions,
    group_profit,
    overlap_sets,
    simulate_groups,
)
from crmlab.errors import BadRowsError, EmptyError, MissingColumnsError, OutOfRangeError

ACTIVE, NEW, CHEAP = "bought last month", "bought new styles", "bought under 50 yuan"

# by hand


def test_counts_lift_and_jaccard_of_six_customers():
    members = pd.DataFrame({"new": [1, 1, 1, 0, 0, 0], "cheap": [1, 1, 0, 0, 0, 1]})
    row = cross_groups(members).iloc[0]
    assert row[["only_a", "only_b", "both", "neither"]].tolist() == [1, 1, 2, 2]
    assert row["lift"] == pytest.approx(2 * 6 / 9)
    assert row["jaccard"] == pytest.approx(2 / 4)
    assert row["chi2"] == pytest.approx(6 * (2 * 2 - 1) ** 2 / (3 * 3 * 3 * 3))


def test_exact_sets_are_in_order_of_their_size():
    members = pd.DataFrame({"a": [1, 1, 1, 0], "b": [1, 1, 0, 0]}).astype(bool)
    found = overlap_sets(members)
    assert found["customers"].tolist() == [2, 1, 1]
    assert found[["a", "b"]].to_numpy().tolist() == [[True, True], [False, False], [True, False]]
    assert len(overlap_sets(members, at_least=2)) == 1


def test_those_in_both_bring_less_than_the_sum():
    members = pd.DataFrame({"new": [1, 1, 1, 1, 0, 0, 0, 0], "cheap": [1, 1, 0, 0] * 2,
                            "profit": [9.0, 11, 29, 31, 19, 21, 9, 11]})  # fmt: skip
    found = group_profit(members, "new", "cheap").set_index("part")
    assert found["mean_profit"].to_dict() == {
        "only a": 30, "only b": 20, "both": 10, "neither": 10, "interaction": -30}  # fmt: skip
    assert found["total_profit"].tolist()[:4] == [60, 40, 20, 20]


# against the formula


@settings(max_examples=40)
@given(st.integers(2, 5), st.integers(2, 200), st.integers(0, 10_000))
def test_every_pair_agrees_with_scipy_and_pandas(k, n, seed):
    rng = np.random.default_rng(seed)
    members = pd.DataFrame(rng.random((n, k)) < rng.uniform(0.2, 0.8, k), columns=[*"abcde"[:k]])
    if members.all().any() or not members.any().all():
        return
    for row in cross_groups(members).itertuples():
        one, other = members[row.group_a], members[row.group_b]
        counted = pd.crosstab(one, other)
        assert row.both == (one & other).sum()
        assert row.only_a + row.only_b + row.both + row.neither == n
        assert row.chi2 == pytest.approx(chi2_contingency(counted, correction=False).statistic)


def test_the_log_linear_numbers_are_those_of_the_saturated_table_of_two():
    rng = np.random.default_rng(1)
    members = pd.DataFrame({"a": rng.random(500) < 0.4, "b": rng.random(500) < 0.3})
    n = pd.crosstab(members["a"], members["b"]).to_numpy()
    found = group_interactions(members).iloc[0]
    assert found["log_odds"] == pytest.approx(np.log(n[0, 0] * n[1, 1] / (n[0, 1] * n[1, 0])))
    error = np.sqrt((1 / n).sum())
    assert found["high"] - found["low"] == pytest.approx(2 * 1.959964 * error, rel=1e-6)


@pytest.mark.statsmodels
def test_three_groups_agree_with_the_poisson_log_linear_model():
    import statsmodels.api as sm

    members, _ = simulate_groups(5_000, groups=3, odds_ratio=2, seed=4)
    names = [ACTIVE, NEW, CHEAP]
    cells = members.groupby(names).size().reset_index(name="n")
    x = cells[names].astype(float)
    pairs = {(0, 1), (0, 2), (1, 2)}
    design = pd.DataFrame({f"{a}{b}": x.iloc[:, a] * x.iloc[:, b] for a, b in sorted(pairs)})
    fit = sm.GLM(cells["n"], sm.add_constant(pd.concat([x, design], axis=1)),
                 family=sm.families.Poisson()).fit()  # fmt: skip
    found = group_interactions(members, groups=names)
    # Pseudo-likelihood is not the likelihood, but near: a tenth of a standard error.
    assert (abs(found["log_odds"].to_numpy() - fit.params.iloc[4:].to_numpy())
            <= 0.1 * fit.bse.iloc[4:].to_numpy()).all()  # fmt: skip


# against the truth


@pytest.mark.curriculum("S74")
def test_the_planted_interaction_is_told_from_mere_overlap_among_20_groups():
    misses = []
    for seed in range(20):
        members, truth = simulate_groups(10_000, seed=seed)
        crossed = cross_groups(members)
        parts = crossed[["only_a", "only_b", "both", "neither"]].sum(axis=1)
        assert (parts == 10_000).all()
        # By lift and chi-square nearly all are related, and the planted one is not even the first.
        assert len(crossed) == 190
        assert (crossed["q_value"] < 0.05).mean() > 0.95
        others = crossed[crossed["group_a"] != ACTIVE]
        planted = (others["group_a"] == NEW) & (others["group_b"] == CHEAP)
        assert others.loc[planted, "lift"].item() < others["lift"].max()
        found = group_interactions(members)
        rest = (found["group_a"] != ACTIVE).to_numpy()
        first = found[rest].nsmallest(1, "p_value").iloc[0]
        assert (first["group_a"], first["group_b"]) == (NEW, CHEAP)
        # 170 pairs of mere overlap, nearly all of them found to be nothing.
        assert (found[rest]["q_value"] < 0.05).sum() <= 5
        error = (found["high"] - found["low"]) / (2 * 1.96)
        misses.append((found["log_odds"] - truth["log_odds"]) / error)
    # All 190 numbers are right on average: a mean of 20 is off by 1 / sqrt(20) standard errors,
    # and the largest of 190 such by 3.9 of those at most (one chance in a hundred).
    assert np.abs(np.mean(misses, axis=0)).max() <= 3.9 / np.sqrt(20)
    assert 0.9 < np.std(misses) < 1.1


@pytest.mark.parametrize("odds_ratio", [1.0, 3.0])
def test_the_interval_of_an_interaction_holds_in_500_worlds(covers, few, odds_ratio):
    held = []
    for seed in few:
        members, _ = simulate_groups(1_000, groups=3, odds_ratio=odds_ratio, seed=seed)
        row = group_interactions(members).iloc[2]
        held.append(row["low"] <= np.log(odds_ratio) <= row["high"])
    covers(held, "behaviour.group_interactions", f"odds ratio of {odds_ratio:g}")


@pytest.mark.parametrize("n", [300, 2_000])
def test_the_interval_of_the_profit_beyond_the_sum_holds_in_500_worlds(covers, few, n):
    held = []
    for seed in few:
        members, _ = simulate_groups(n, groups=3, seed=seed)
        row = group_profit(members, NEW, CHEAP, profit="profit_cny").iloc[4]
        held.append(row["low"] <= -25 <= row["high"])
    covers(held, "behaviour.group_profit", f"{n:,} customers", part="beyond the sum")


def test_each_sentence_of_the_groups_holds():
    members, truth = simulate_groups(100_000, seed=5)
    active = members[ACTIVE]
    assert active.sum() == 50_000
    asleep = members.loc[~active].drop(columns=["customer_id", "profit_cny", ACTIVE]).mean()
    assert asleep.drop([NEW, CHEAP]).between(0.017, 0.063).all()
    assert asleep[NEW] == pytest.approx(0.12, abs=3 * np.sqrt(0.12 * 0.88 / 50_000))
    assert (truth["log_odds"] != 0).sum() == 20
    parts = members.groupby([NEW, CHEAP])["profit_cny"].mean()
    error = 3 * 40 / np.sqrt(members.groupby([NEW, CHEAP]).size())
    wanted = np.array([20, 30, 50, 35])
    assert (abs(parts.to_numpy() - wanted) <= error.to_numpy()).all()


# for any data


def test_row_order_and_kinds_of_truth_do_not_matter():
    members, _ = simulate_groups(3_000, groups=5, seed=2)
    mixed = members.sample(frac=1, random_state=1)
    whole = mixed.astype(dict.fromkeys(mixed.columns[2:], "int64"))
    groups = [*members.columns[2:]]
    for measure in (cross_groups, overlap_sets, group_interactions):
        pd.testing.assert_frame_equal(
            measure(members, groups=groups), measure(whole, groups=groups), check_exact=False
        )


# when misused


def test_refuses_groups_that_are_empty_or_the_whole_base():
    members = pd.DataFrame({"a": [True, False], "none": False, "all": True})
    for measure in (cross_groups, group_interactions):
        with pytest.raises(BadRowsError, match=r"nobody is in \['none'\], and all 2 .* \['all'\]"):
            measure(members)


def test_refuses_what_cannot_be_crossed():
    members, _ = simulate_groups(200, groups=4, seed=1)
    with pytest.raises(OutOfRangeError, match="at least 2 groups"):
        cross_groups(members, groups=[NEW])
    for measure in (cross_groups, overlap_sets, group_interactions):
        with pytest.raises(OutOfRangeError, match="named twice"):
            measure(members, groups=[NEW, CHEAP, NEW])
    for taken in ("customers", "share"):
        with pytest.raises(OutOfRangeError, match=f"'{taken}'.* call the group otherwise"):
            overlap_sets(members.rename(columns={NEW: taken}))
    with pytest.raises(MissingColumnsError, match="old styles"):
        cross_groups(members, groups=[NEW, "old styles"])
    with pytest.raises(OutOfRangeError, match="True or False"):
        cross_groups(members, groups=[NEW, "profit_cny"])
    with pytest.raises(EmptyError, match="no customers"):
        cross_groups(members.head(0))
    with pytest.raises(BadRowsError, match="fewer than 2 customers"):
        group_profit(members.assign(same=members[NEW]), NEW, "same", profit="profit_cny")
    with pytest.raises(OutOfRangeError, match="no finite value"):
        group_interactions(members.assign(same=members[NEW]), groups=[NEW, "same", CHEAP])
    with pytest.raises(OutOfRangeError, match="groups must be 3 or more"):
        simulate_groups(10, groups=2, seed=1)
    with pytest.raises(OutOfRangeError, match="21 - groups"):
        simulate_groups(10, groups=30, seed=1)
    with pytest.raises(OutOfRangeError, match="odds_ratio"):
        simulate_groups(10, odds_ratio=0, seed=1)
