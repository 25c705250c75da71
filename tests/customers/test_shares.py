"""Market share against customer share, in a world that did something and in one that was lucky."""

import numpy as np
import pandas as pd
import pytest

from crmlab.customers import rank_firms, share_paths, simulate_wallets, wallet_effect
from crmlab.errors import BadRowsError, OutOfRangeError, UnknownNameError
from crmlab.loyalty import simulate_choices

FIRMS = ["A", "B", "C", "others"]


def quarters(wallets):
    paths = share_paths(wallets)
    quarter = (paths["month"] - 1) // 3
    sums = paths.groupby(["line", quarter])[["spend", "category"]].sum()
    return (sums["spend"] / sums["category"]).unstack("line")


# by hand


def test_shares_are_sums_over_sums():
    frame = pd.DataFrame({"customer_id": [1, 2], "month": 1, "group": "all", "A": [90.0, 0.0]})
    frame = frame.assign(B=[10.0, 100.0], C=0.0, others=0.0)
    table = share_paths(frame).set_index("line")
    assert table["share"].tolist() == [0.45, 0.45]  # not the mean of .9 and 0 by heads alone
    assert share_paths(frame, group=None)["line"].tolist() == ["market"]


def test_a_firm_with_few_devoted_customers_leads_by_customer_share_only():
    spend = pd.DataFrame({"customer_id": [1, 2, 3, 1, 2, 4], "brand": list("AAABBC")})
    table = rank_firms(spend).set_index("firm")
    assert table.loc["A", ["market_rank", "customer_rank"]].tolist() == [1, 2]
    assert table.loc["C", ["market_rank", "customer_rank"]].tolist() == [3, 1]


def test_one_customer_has_a_share_and_no_interval_and_two_have_one():
    one = pd.DataFrame({"customer_id": [1], "month": 1, "A": [30.0], "B": [10.0]})
    row = share_paths(one, firms=["A", "B"], group=None).iloc[0]
    assert row["share"] == 0.75
    assert row[["low", "high"]].isna().all()
    two = pd.concat([one, one.assign(customer_id=2, A=0.0)])
    row = share_paths(two, firms=["A", "B"], group=None).iloc[0]
    # 30 of 50: misses 6 and -6, so a spread of 2 (36 + 36) over 50 squared.
    assert row["low"] == pytest.approx(0.6 - 1.959964 * 0.24)
    assert row["high"] == 1


# against the formula


@pytest.mark.curriculum("S15")
def test_market_share_falls_first_and_ends_no_lower_while_good_wallets_rise_throughout():
    for seed in range(20):
        table = quarters(simulate_wallets(2_000, contacted=1.0, seed=seed).data)
        market, good = table["market"], table["good, contacted"]
        assert market.iloc[2:4].max() < market.iloc[:2].min()
        assert market.iloc[-1] >= market.iloc[:2].max()
        assert (good.iloc[1:].diff().dropna() > 0).all()


@pytest.mark.curriculum("S15")
def test_the_good_are_fifteen_percent_and_bring_three_quarters_of_the_sales():
    wallets, _ = simulate_wallets(2_000, seed=1)
    before = wallets[wallets["month"] < 7]
    good = before["group"] != "small"
    assert before.loc[good, "customer_id"].nunique() == 300
    # Drawn as quantiles: the .75 is planted, the shares of wallets move it a little.
    assert before.loc[good, "A"].sum() / before["A"].sum() == pytest.approx(0.75, abs=0.03)


@pytest.mark.curriculum("S15")
def test_in_the_lucky_world_the_lines_rise_as_well_and_the_difference_is_none():
    gaps, errors, rises = [], [], []
    for seed in range(20):
        row = wallet_effect(simulate_wallets(1_000, luck=True, seed=seed).data)["change"]
        table = quarters(simulate_wallets(1_000, luck=True, seed=seed).data)
        rises.append(table["good, contacted"].iloc[-3:].mean() - table["good, contacted"].iloc[2])
        gaps.append(row.iloc[2])
        errors.append(row.iloc[0])
    assert min(rises) > 0.03  # points of share, in every world, that nobody made
    assert np.mean(errors) > 0.03
    assert abs(np.mean(gaps)) < 3 * np.std(gaps, ddof=1) / np.sqrt(20)


def test_where_contact_works_the_difference_finds_what_was_planted():
    gaps, truths = [], []
    for seed in range(20):
        wallets, truth = simulate_wallets(1_000, seed=seed)
        found = wallet_effect(wallets, last=1).set_index("group")["change"]
        group = wallets.drop_duplicates("customer_id").set_index("customer_id")["group"]
        gained = (truth["share_after"] - truth["share_before"]).set_axis(truth["customer_id"])
        gaps.append(found["difference"])
        truths.append(gained[group == "good, contacted"].mean())
    miss = np.array(gaps) - truths
    assert abs(miss.mean()) < 3 * miss.std(ddof=1) / np.sqrt(20)


@pytest.mark.parametrize("n", [6, 200])
def test_intervals_of_the_effect_hold_over_500_worlds(covers, few, n):
    # Shares move by chance in both groups, and by five points more in the treated.
    rng, held = np.random.default_rng(n), []
    rows = pd.DataFrame({"customer_id": np.repeat(np.arange(3 * n), 2), "month": [1, 2] * 3 * n})
    rows["group"] = np.repeat(["t", "c", "c"], 2 * n)
    for _ in few:
        before = rng.uniform(0.2, 0.5, 3 * n)
        treated = np.arange(3 * n) < n
        moved = np.where(treated, rng.uniform(0, 0.3, 3 * n), rng.uniform(0.05, 0.15, 3 * n))
        rows["A"] = np.column_stack([before, before + moved]).ravel()
        rows["B"] = 1 - rows["A"]
        found = wallet_effect(rows, firms=["A", "B"], treated="t", control="c", start=2, last=1)
        found = found.set_index("group")
        held.append(
            [
                found.loc["difference", "low"] <= 0.05 <= found.loc["difference", "high"],
                found.loc["t", "low"] <= 0.15 <= found.loc["t", "high"],
            ]
        )
    regime = f"{n} contacted, {2 * n} left alone"
    for part, inside in zip(("difference", "change of a group"), np.transpose(held), strict=True):
        covers(inside, "customers.wallet_effect", regime, part=part)


def test_double_jeopardy_alone_makes_customer_share_follow_market_share():
    for seed in range(5):
        table = rank_firms(simulate_choices(4_000, seed=seed).data)
        assert np.corrcoef(table["market_share"], table["customer_share"])[0, 1] > 0.9


# when misused


def test_money_below_zero_and_a_month_twice_are_refused_with_rows_and_remedy():
    wallets, _ = simulate_wallets(20, seed=1)
    low = wallets.copy()
    low.loc[3, "B"] = -1.0
    with pytest.raises(BadRowsError, match=r"below 0: \[3\].*take refunds off"):
        share_paths(low)
    twice = pd.concat([wallets, wallets.head(1)])
    with pytest.raises(BadRowsError, match=r"groupby\(\['month', 'customer_id', 'group'\]"):
        share_paths(twice)
    with pytest.raises(BadRowsError, match="repeat a month"):
        wallet_effect(twice)
    share_paths(twice.groupby(["month", "customer_id", "group"], as_index=False).sum())


def test_names_that_would_hide_a_line_or_count_money_twice_are_refused():
    wallets, _ = simulate_wallets(20, seed=1)
    with pytest.raises(BadRowsError, match="called 'market'"):
        share_paths(wallets.assign(group="market"))
    with pytest.raises(OutOfRangeError, match="counts twice"):
        share_paths(wallets, firms=["A", "A", "B"])
    with pytest.raises(OutOfRangeError, match="must be two groups"):
        wallet_effect(wallets, treated="small", control="small")


def test_an_unknown_firm_or_group_is_named_beside_those_there_are():
    wallets, _ = simulate_wallets(20, seed=1)
    with pytest.raises(UnknownNameError, match="no firm 'D'"):
        share_paths(wallets, ours="D")
    with pytest.raises(UnknownNameError, match="no group 'best'"):
        wallet_effect(wallets, treated="best")
    with pytest.raises(OutOfRangeError, match="lie apart"):
        wallet_effect(wallets, start=36)
