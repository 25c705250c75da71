"""holdout_response, decile_table, compare_scores, cutoff_table: forecasts judged honestly."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import binomtest

from crmlab._intervals import wilson
from crmlab.data import load
from crmlab.errors import BadRowsError, LaterRowsWarning, MissingColumnsError, OutOfRangeError
from crmlab.lifetime.simulate import simulate_purchases
from crmlab.rfm import (
    compare_scores,
    cutoff_table,
    decile_table,
    holdout_response,
    rfm,
    rfm_scores,
    simulate_response,
)


def bought(*rows):
    frame = pd.DataFrame(rows, columns=["customer_id", "date", "amount"])
    return frame.astype({"date": "M8[us]", "amount": "float64"})


def judged(scores, responses):
    return pd.DataFrame({"rfm_score": scores, "responded": responses})


# Ann comes back twice, Bob brings something back, Cy takes a gift, Di is new after the split.
PURCHASES = bought(
    ("Ann", "2024-01-01 10:00", 10),
    ("Bob", "2024-01-31 23:00", 20),
    ("Cy", "2024-01-09", 30),
    ("Ann", "2024-02-01", 40),
    ("Di", "2024-02-02", 50),
    ("Cy", "2024-02-05", 0),
    ("Bob", "2024-02-10", -20),
    ("Ann", "2024-02-20", 5),
)
# Six customers, two of them equal at the middle: contacting three takes half of each.
SIX = judged([9, 8, 5, 5, 2, 1], [1, 0, 1, 0, 0, 0])

# by hand


def test_holdout_puts_what_was_known_beside_what_came_after():
    table = holdout_response(PURCHASES, split="2024-01-31")
    known = PURCHASES[PURCHASES["date"] < "2024-02-01"]
    pd.testing.assert_frame_equal(table.iloc[:, :6], rfm(known, as_of="2024-01-31"))
    assert table["customer_id"].to_list() == ["Ann", "Bob", "Cy"]
    assert table["holdout_purchases"].to_list() == [2, 0, 0]
    assert table["holdout_spend"].to_list() == [45.0, -20.0, 0.0]
    assert table["responded"].to_list() == [1, 0, 0]


def test_the_holdout_ends_where_the_caller_says_and_later_rows_are_counted():
    with pytest.warns(LaterRowsWarning, match="1 row"):
        table = holdout_response(PURCHASES, split="2024-01-31", until="2024-02-10")
    assert table["holdout_purchases"].to_list() == [1, 0, 0]


def test_the_holdout_knows_categories_and_names_of_the_callers_own():
    own = {"customer_id": "card", "date": "day", "amount": "sum"}
    table = holdout_response(
        PURCHASES.astype({"customer_id": "category"}).rename(columns=own),
        split="2024-01-31",
        count="days",
        customer="card",
        date="day",
        amount="sum",
    )
    expected = holdout_response(PURCHASES, split="2024-01-31", count="days")
    pd.testing.assert_frame_equal(table, expected)


def test_deciles_count_equal_scores_at_the_limit_in_part():
    halves = decile_table(SIX, groups=2)
    assert halves["customers"].to_list() == [3, 3]
    assert halves["responders"].to_list() == [1.5, 0.5]
    assert halves["response_rate"].to_list() == [0.5, pytest.approx(1 / 6)]
    assert halves["base_rate"].to_list() == [pytest.approx(1 / 3)] * 2
    assert halves["lift"].to_list() == [1.5, 0.5]
    assert halves["share_contacted"].to_list() == [0.5, 1.0]
    assert halves["share_reached"].to_list() == [0.75, 1.0]


def test_without_a_response_there_is_no_lift_and_nothing_reached():
    table = decile_table(judged([2, 1], [0, 0]), groups=2)
    assert table[["lift", "share_reached"]].isna().all(axis=None)
    compared = compare_scores(
        judged([2, 1], [0, 0]), scores=["rfm_score"], against="rfm_score", seed=1
    )
    assert compared["lift"].isna().all()
    assert compared["response_rate"].to_list() == [0]


def test_comparing_puts_each_score_beside_chance_and_the_rule_to_beat():
    table = SIX.assign(monetary=[1, 2, 3, 4, 5, 6])
    compared = compare_scores(table, depth=0.5, seed=1).set_index("score")
    assert compared["responders"].to_list() == [1.5, 0]
    assert compared["response_rate"].to_list() == [0.5, 0]
    assert compared["lift"].to_list() == [1.5, 0]
    assert compared["difference"].to_list() == [0.5, 0]
    assert compared.loc["monetary", ["difference_low", "difference_high"]].to_list() == [0, 0]


def test_cutoffs_go_from_nobody_to_everybody():
    table = cutoff_table(SIX, margin=10, cost=2, groups=2)
    assert table["contacted"].to_list() == [0, 3, 6]
    assert table["responders"].to_list() == [0, 1.5, 2]
    assert table["profit"].to_list() == [0, 9, 8]
    assert table["share_contacted"].to_list() == [0, 0.5, 1]


# against the formula


@pytest.mark.parametrize(("count", "n"), [(0, 5), (3, 10), (40, 41), (7, 7)])
def test_the_interval_is_the_one_of_scipy(count, n):
    expected = binomtest(count, n).proportion_ci(method="wilson")
    assert wilson(count, n) == (pytest.approx(expected.low), pytest.approx(expected.high))


def test_the_band_of_chance_leaves_out_at_most_one_in_forty_on_either_side():
    # Six of twelve drawn at random, six of the twelve responding: by counting, none of the six
    # drawn responds in 1 of 924 draws, one in 36, two in 225. 37 / 924 is more than 1 / 40.
    table = decile_table(judged(range(12), [1, 0] * 6), groups=2)
    np.testing.assert_allclose(table["random_low"], 1 / 6)
    np.testing.assert_allclose(table["random_high"], 5 / 6)


def test_scores_drawn_by_lot_stay_in_the_band_of_chance():
    rng = np.random.default_rng(3)
    inside = []
    for _ in range(500):
        table = judged(rng.permutation(300), rng.permutation(np.repeat([1, 0], [90, 210])))
        deciles = decile_table(table)
        inside += [*deciles["response_rate"].between(deciles["random_low"], deciles["random_high"])]
    # Whole numbers of responders make the band at least as wide as 95%: 5,000 deciles, of
    # which the ten of one world sum up, so 500 worlds count; 3 standard errors.
    assert np.mean(inside) > 0.95 - 3 * np.sqrt(0.95 * 0.05 / 500)


def test_deciles_of_the_true_probability_show_that_probability():
    data, truth = simulate_response(100_000, base_rate=0.2, seed=8)
    table = data.assign(probability=truth["response_probability"])
    deciles = decile_table(table, score="probability")
    best_first = truth["response_probability"].sort_values(ascending=False).to_numpy()
    expected = best_first.reshape(10, 10_000).mean(axis=1)
    # 3 standard errors of a rate among 10,000.
    error = 3 * np.sqrt(expected * (1 - expected) / 10_000)
    assert (np.abs(deciles["response_rate"] - expected) < error).all()


def test_the_planted_strengths_come_back_in_their_order():
    effects = {"recency": 1.0, "frequency": 0.0, "monetary": 0.5}
    data, _ = simulate_response(50_000, effects=effects, base_rate=0.2, seed=8)
    table = rfm_scores(data)
    scores = ["recency_score", "monetary_score", "frequency_score"]
    compared = compare_scores(table, scores=scores, resamples=50, seed=1).set_index("score")
    assert compared["lift"].is_monotonic_decreasing
    # Frequency has no effect of its own, but who buys often spends more.
    assert compared.loc["frequency_score", "lift_low"] > 1
    assert compared.loc["recency_score", "difference_low"] > 0


def test_no_planted_effect_no_lift():
    effects = dict.fromkeys(["recency", "frequency", "monetary"], 0.0)
    data, _ = simulate_response(50_000, effects=effects, base_rate=0.2, seed=8)
    row = compare_scores(rfm_scores(data), scores=["rfm_score"], resamples=50, seed=1).iloc[0]
    # 3 standard errors of a rate of 0.2 among the 10,000 contacted, as a share of 0.2.
    assert row["lift"] == pytest.approx(1, abs=3 * np.sqrt(0.2 * 0.8 / 10_000) / 0.2)


@pytest.mark.parametrize(
    ("base_rate", "size", "seed", "regime"),
    [(0.3, 300, 4, "many respond, 300 customers"), (0.08, 600, 5, "few respond, 600 customers")],
)
def test_bootstrap_intervals_cover_the_truth_in_95_of_100_worlds(
    covers, few, base_rate, size, seed, regime
):
    everybody = rfm_scores(simulate_response(200_000, base_rate=base_rate, seed=seed).data)
    everybody["latest"] = -everybody["days_since_last"]
    columns = ["response_rate", "lift", "difference"]
    truth = compare_scores(everybody, scores=["latest"], resamples=1, seed=1)[columns].iloc[0]
    held = []
    for world in few:
        sample = everybody.sample(size, random_state=world)
        row = compare_scores(sample, scores=["latest"], resamples=150, seed=world).iloc[0]
        bounds = [("low", "high"), ("lift_low", "lift_high"), ("difference_low", "difference_high")]
        held.append(
            [
                row[low] <= truth[name] <= row[high]
                for name, (low, high) in zip(columns, bounds, strict=True)
            ]
        )
    for column, each in zip(columns, np.transpose(held), strict=True):
        covers(each, "rfm.compare_scores", regime, part=column)


@pytest.mark.filterwarnings("ignore::crmlab.errors.UninformativeScoreWarning")  # most bought once
def test_who_has_dropped_out_does_not_respond_and_the_score_knows_it_better_than_spend():
    data, truth = simulate_purchases(5_000, n_days=728, joining_days=180, seed=6)
    table = holdout_response(data, split="2025-06-30").merge(truth, on="customer_id")
    gone = table["dropped_out_on"] <= pd.Timestamp("2025-06-30")
    assert gone.sum() > 500
    assert table.loc[gone, "holdout_purchases"].sum() == 0
    row = compare_scores(rfm_scores(table), scores=["rfm_score"], resamples=100, seed=1).iloc[0]
    assert row["lift_low"] > 1
    assert row["difference_low"] > 0


@pytest.mark.filterwarnings("ignore::crmlab.errors.UninformativeScoreWarning")  # most bought once
def test_on_cdnow_the_score_beats_top_spenders_and_both_beat_chance():
    table = rfm_scores(holdout_response(load("cdnow"), split="1997-09-30"))
    assert len(table) == 23_570
    deciles = decile_table(table)
    assert (deciles["response_rate"].iloc[:3] > deciles["random_high"].iloc[:3]).all()
    assert (deciles["response_rate"].iloc[3:] < deciles["random_low"].iloc[3:]).all()
    compared = compare_scores(table, resamples=50, seed=1).set_index("score")
    assert (compared["lift_low"] > 1.9).all()
    assert compared.loc["rfm_score", "difference_low"] > 0.05


# for any data

tables = st.lists(st.tuples(st.integers(0, 3), st.integers(0, 1)), min_size=5, max_size=40)


@given(tables, st.integers(1, 5), st.randoms(use_true_random=False))
def test_deciles_lose_nobody_and_do_not_depend_on_row_order(rows, groups, random):
    table = judged(*zip(*rows, strict=True))
    deciles = decile_table(table, groups=groups)
    limits = np.floor(np.arange(groups + 1) * len(rows) / groups + 0.5)
    assert deciles["customers"].to_list() == np.diff(limits).tolist()
    assert deciles["responders"].sum() == pytest.approx(table["responded"].sum())
    assert deciles["response_rate"].between(-1e-12, 1 + 1e-12).all()
    random.shuffle(rows)
    shuffled = decile_table(judged(*zip(*rows, strict=True)), groups=groups)
    pd.testing.assert_frame_equal(shuffled, deciles)


@given(tables)
def test_cutoffs_are_the_deciles_summed_up(rows):
    table = judged(*zip(*rows, strict=True))
    cutoffs = cutoff_table(table, margin=3, cost=1, groups=5)
    everybody = 3 * table["responded"].sum() - len(table)
    assert cutoffs["profit"].iloc[[0, -1]].to_list() == pytest.approx([0, everybody])
    assert cutoffs["contacted"].is_monotonic_increasing


# when misused


@pytest.mark.parametrize("split", ["2023-12-31", "2024-02-20", "2025-01-01"])
def test_a_split_without_days_on_both_sides_is_refused(split):
    with pytest.raises(
        OutOfRangeError, match=r"days on both sides; .* from 2024-01-01 to 2024-02-20"
    ):
        holdout_response(PURCHASES, split=split)


def test_a_split_that_is_no_date_is_refused():
    with pytest.raises(OutOfRangeError, match="split must be a date such as '2024-06-30'"):
        holdout_response(PURCHASES, split="midsummer")


def test_holdout_refuses_what_rfm_refuses():
    with pytest.raises(MissingColumnsError, match="with customer=…"):
        holdout_response(PURCHASES.drop(columns="customer_id"), split="2024-01-31")
    with pytest.raises(BadRowsError, match="amount"):
        holdout_response(PURCHASES.assign(amount=None), split="2024-01-31")


@pytest.mark.parametrize(
    ("table", "arguments", "error", "words"),
    [
        (SIX, {"score": "clv"}, MissingColumnsError, "with score=…"),
        (SIX, {"response": "yes"}, MissingColumnsError, "with response=…"),
        (SIX, {"groups": 0}, OutOfRangeError, "groups must be 1 or more"),
        (SIX, {"groups": 7}, OutOfRangeError, "number of customers must be 7 or more; got 6"),
        (judged([1, None], [0, 1]), {}, BadRowsError, r"rfm_score: \[1\]"),
        (judged(["a", "b"], [0, 1]), {}, OutOfRangeError, "rfm_score must hold numbers"),
        (judged([1, 2], [0, 2]), {}, OutOfRangeError, "responded must be 0 or 1"),
    ],
)
def test_deciles_refuse_what_they_cannot_judge(table, arguments, error, words):
    with pytest.raises(error, match=words):
        decile_table(table, **arguments)


@pytest.mark.parametrize(
    ("arguments", "words"),
    [({"depth": 20}, "share not a percent"), ({"resamples": 0}, "resamples must be 1 or more")],
)
def test_comparing_refuses_impossible_arguments(arguments, words):
    with pytest.raises(OutOfRangeError, match=words):
        compare_scores(SIX.assign(monetary=1), seed=1, **arguments)


def test_comparing_nobody_is_refused():
    with pytest.raises(OutOfRangeError, match="number of customers must be 1"):
        compare_scores(SIX.assign(monetary=1).head(0), seed=1)


@pytest.mark.parametrize("money", [{"margin": -1, "cost": 1}, {"margin": 1, "cost": np.nan}])
def test_cutoffs_refuse_negative_money(money):
    with pytest.raises(OutOfRangeError, match="margin and cost must be 0 or more"):
        cutoff_table(SIX, groups=2, **money)
