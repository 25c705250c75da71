"""simulate_purchases: every sentence of its docstring, as a test."""

import numpy as np
import pandas as pd
import pytest
from scipy.special import hyp2f1
from scipy.stats import beta, gamma

from crmlab.errors import OutOfRangeError
from crmlab.lifetime import concentrate, simulate_purchases, simulate_refunds

# The estimates for CDNOW of Fader, Hardie and Lee (2005, both papers), which are the defaults.
R, ALPHA, A, B = 0.243, 4.414, 0.793, 2.426
P, Q, V = 6.25, 3.74, 15.44
N = 100_000


@pytest.fixture(scope="module")
def cdnow():
    """Everybody joins within the first day and is watched for 39 weeks."""
    return simulate_purchases(N, n_days=273, joining_days=1, seed=11)


def repeats(world):
    return world.data.groupby("customer_id").size() - 1


# by hand


def test_columns_have_the_documented_dtypes():
    purchases, truth = simulate_purchases(9, seed=0)
    expected = {"customer_id": "int64", "date": "datetime64[us]", "amount": "float64"}
    assert purchases.dtypes.astype(str).to_dict() == expected
    expected = {"customer_id": "int64", "joined_on": "datetime64[us]"}
    expected |= dict.fromkeys(["rate_per_week", "dropout_probability", "mean_ticket"], "float64")
    expected |= {"dropped_out_on": "datetime64[us]"}
    assert truth.dtypes.astype(str).to_dict() == expected


def test_everybody_joins_with_a_first_purchase_in_the_joining_days_and_stays_in_the_window():
    purchases, truth = simulate_purchases(
        2_000, rate=(5, 1), start="2024-02-27", n_days=40, joining_days=3, seed=0
    )
    first = purchases.groupby("customer_id")["date"].min()
    assert (first.to_numpy() == truth["joined_on"].to_numpy()).all()
    days = pd.to_datetime(["2024-02-27", "2024-02-28", "2024-02-29"])
    assert {*truth["joined_on"]} == {*days}
    assert purchases["date"].min() == days[0]
    assert purchases["date"].max() == pd.Timestamp("2024-04-06")


def test_rows_are_sorted_by_customer_and_date():
    purchases = simulate_purchases(2_000, rate=(5, 1), seed=0).data
    pd.testing.assert_frame_equal(purchases, purchases.sort_values(["customer_id", "date"]))


def test_who_drops_out_does_so_on_the_day_of_the_last_purchase_which_is_a_repeat():
    purchases, truth = simulate_purchases(2_000, rate=(5, 10), seed=0)
    gone = truth.dropna(subset=["dropped_out_on"]).set_index("customer_id")["dropped_out_on"]
    assert 0 < len(gone) < 2_000
    last = purchases.groupby("customer_id")["date"].agg(["max", "size"]).loc[gone.index]
    assert (last["max"] == gone).all()
    assert (last["size"] >= 2).all()


def test_who_always_leaves_buys_once_more_and_who_never_leaves_is_alive():
    leaving = simulate_purchases(500, rate=(50, 1), dropout=(1e6, 1e-6), seed=0)
    assert (repeats(leaving) == 1).all()
    staying = simulate_purchases(500, rate=(50, 1), dropout=(1e-6, 1e6), seed=0)
    assert staying.truth["dropped_out_on"].isna().all()


def test_amounts_are_cents_and_never_nothing():
    amount = simulate_purchases(5_000, ticket=(0.05, 3, 1), seed=0).data["amount"]
    assert (amount == amount.round(2)).all()
    assert amount.min() == 0.01


def test_nobody_buys_again_on_a_closed_day_and_busy_days_have_more_in_proportion():
    season = np.tile([0.0, 1.0, 3.0], 100)
    world = simulate_purchases(
        5_000, rate=(50, 50), dropout=(1e-6, 1e6), n_days=300, joining_days=1, season=season, seed=0
    )
    again = world.data[world.data["date"] > "2024-01-01"]
    kind = (again["date"] - pd.Timestamp("2024-01-01")).dt.days % 3
    n = len(again)
    assert (kind != 0).all()
    # Three of four repeats fall on the busy days: 3 standard errors of a share at n = 286,000.
    assert n > 250_000
    assert (kind == 2).mean() == pytest.approx(0.75, abs=3 * np.sqrt(0.75 * 0.25 / n))


# against the formula


def test_mean_count_is_that_of_fader_hardie_and_lee_2005(cdnow):
    # Joining is uniform over one day of 273, which moves T by a 500th: take T in the middle.
    weeks = (273 - 0.5) / 7
    growth = (ALPHA / (ALPHA + weeks)) ** R
    growth *= hyp2f1(R, B, A + B - 1, weeks / (ALPHA + weeks))
    expected = (A + B - 1) / (A - 1) * (1 - growth)
    count = repeats(cdnow)
    # 3 standard errors of the mean of n = 100,000 counts.
    assert count.mean() == pytest.approx(expected, abs=3 * count.std() / np.sqrt(N))


def test_share_without_a_repeat_is_that_of_the_formula(cdnow):
    expected = (ALPHA / (ALPHA + (273 - 0.5) / 7)) ** R
    error = np.sqrt(expected * (1 - expected) / N)
    assert (repeats(cdnow) == 0).mean() == pytest.approx(expected, abs=3 * error)


def test_share_alive_is_that_of_the_formula(cdnow):
    # E[exp(-rate chance T)] over both laws, since the purchases that kill are themselves Poisson.
    expected = hyp2f1(R, A, A + B, -(273 - 0.5) / 7 / ALPHA)
    error = np.sqrt(expected * (1 - expected) / N)
    assert cdnow.truth["dropped_out_on"].isna().mean() == pytest.approx(expected, abs=3 * error)


def test_mean_spend_is_that_of_the_gamma_gamma(cdnow):
    expected = P * V / (Q - 1)
    first = cdnow.data.drop_duplicates("customer_id")["amount"]
    for amount in (first, cdnow.truth["mean_ticket"]):
        # 3 standard errors of the mean of n = 100,000 independent amounts.
        assert amount.mean() == pytest.approx(expected, abs=3 * amount.std() / np.sqrt(N))


def test_amounts_scatter_around_each_customers_own_mean_as_the_law_says(cdnow):
    ticket = cdnow.truth["mean_ticket"].to_numpy()[cdnow.data["customer_id"]]
    ratio = cdnow.data["amount"] / ticket
    # Gamma(p) / p has mean 1 and variance 1 / p; 3 standard errors at n of over 200,000.
    n = len(ratio)
    assert ratio.mean() == pytest.approx(1, abs=3 * np.sqrt(1 / P / n))
    assert ratio.var() == pytest.approx(1 / P, abs=3 * np.sqrt((2 + 6 / P) / n) / P)


def test_repeats_come_at_each_customers_own_rate_until_the_end():
    world = simulate_purchases(
        20_000, rate=(2, 4), dropout=(1e-6, 1e6), n_days=140, joining_days=70, seed=2
    )
    weeks = (pd.Timestamp("2024-05-20") - world.truth["joined_on"]).dt.days / 7 - 0.5 / 7
    expected = (world.truth["rate_per_week"] * weeks).sum()
    # A Poisson total: 3 standard errors are 3 roots of it.
    assert repeats(world).sum() == pytest.approx(expected, abs=3 * np.sqrt(expected))


def test_customers_drop_out_at_each_ones_own_probability():
    world = simulate_purchases(50_000, rate=(5, 5), dropout=(1, 3), seed=3)
    chance = world.truth["dropout_probability"]
    # Every repeat is a trial of its customer's own chance, so dropouts less the sum of chances
    # is a martingale with this variance: 3 standard errors of the total.
    expected = (repeats(world) * chance).sum()
    error = np.sqrt((repeats(world) * chance * (1 - chance)).sum())
    dropped = world.truth["dropped_out_on"].notna().sum()
    assert dropped == pytest.approx(expected, abs=3 * error)


def test_joining_spreads_evenly_over_the_joining_days():
    joined = simulate_purchases(N, n_days=84, joining_days=84, seed=5).truth["joined_on"]
    per_day = joined.value_counts()
    assert len(per_day) == 84
    # Chi-square with 83 degrees of freedom: 3 standard deviations of sqrt(2 * 83).
    chi_square = ((per_day - N / 84) ** 2 / (N / 84)).sum()
    assert chi_square < 83 + 3 * np.sqrt(2 * 83)


# for any data


@pytest.mark.parametrize("stratified", [False, True])
def test_same_seed_same_frames_and_another_seed_others(stratified):
    one, same, other = (
        simulate_purchases(99, stratified=stratified, seed=seed) for seed in (4, 4, 5)
    )
    pd.testing.assert_frame_equal(one.data, same.data)
    pd.testing.assert_frame_equal(one.truth, same.truth)
    assert not one.truth.equals(other.truth)


def test_a_stream_of_ones_own_is_a_seed_too():
    rng = np.random.default_rng(4)
    first, second = (simulate_purchases(9, seed=rng).data for _ in range(2))
    pd.testing.assert_frame_equal(first, simulate_purchases(9, seed=4).data)
    assert not first.equals(second)


@pytest.mark.parametrize("n", [1, 7, 1_000])
def test_stratified_traits_have_exactly_one_customer_in_every_nth_part_of_the_law(n):
    truth = simulate_purchases(n, stratified=True, seed=6).truth
    levels = {
        "rate_per_week": gamma(R, scale=1 / ALPHA).cdf,
        "dropout_probability": beta(A, B).cdf,
        "mean_ticket": lambda mean: gamma(Q, scale=1 / V).sf(P / mean),
    }
    for column, level in levels.items():
        part = np.floor(level(truth[column]) * n)
        assert sorted(part) == [*range(n)]


def test_stratified_traits_are_independent_of_each_other_and_of_joining():
    truth = simulate_purchases(20_000, stratified=True, seed=7).truth
    ranks = truth.drop(columns=["customer_id", "dropped_out_on"]).rank()
    off_diagonal = ranks.corr().to_numpy()[~np.eye(4, dtype=bool)]
    # A rank correlation of independent columns has standard error 1 / sqrt(n).
    assert np.abs(off_diagonal).max() < 3 / np.sqrt(20_000)


# simulate_refunds


def test_a_refund_gives_back_the_whole_amount_within_the_days():
    purchases = simulate_purchases(50_000, seed=8).data
    before = purchases.copy()
    refunds = simulate_refunds(purchases, share=0.1, seed=1)
    pd.testing.assert_frame_equal(purchases, before)
    bought = purchases.loc[refunds.index]
    assert (refunds["amount"] == -bought["amount"]).all()
    assert (refunds["customer_id"] == bought["customer_id"]).all()
    assert {*(refunds["date"] - bought["date"]).dt.days} == {*range(1, 15)}
    # 3 standard errors of a share of 0.1 at n = 139,000 purchases.
    n = len(purchases)
    assert len(refunds) / n == pytest.approx(0.1, abs=3 * np.sqrt(0.1 * 0.9 / n))


# concentrate


def numbered():
    """Purchases and customers with ids from 1, as `concentrate` reads them."""
    purchases, truth = simulate_purchases(2_000, rate=(1, 5), seed=9)
    return (
        purchases.assign(customer_id=purchases["customer_id"] + 1),
        truth.assign(customer_id=truth["customer_id"] + 1),
    )


def top_share(purchases):
    spend = purchases.groupby("customer_id")["amount"].sum().sort_values()
    return spend.iloc[-400:].sum() / spend.sum()


@pytest.mark.parametrize("share", [0.6, 0.8, 0.95])
def test_the_top_20_percent_bring_exactly_the_share_asked_for(share):
    purchases, customers = numbered()
    before = purchases.copy()
    spread, people = concentrate(purchases, customers, share=share)
    pd.testing.assert_frame_equal(purchases, before)
    # Only rounding to cents is left.
    assert top_share(spread) == pytest.approx(share, abs=1e-4)
    assert (spread[["customer_id", "date"]] == purchases[["customer_id", "date"]]).all().all()
    times = (people["mean_ticket"] / customers["mean_ticket"]).to_numpy()
    expected = purchases["amount"] * times[purchases["customer_id"] - 1]
    assert np.allclose(spread["amount"], expected, atol=0.0101)
    # A power of the ticket: log against log is a line.
    ratio = np.corrcoef(np.log(times), np.log(customers["mean_ticket"]))[0, 1]
    assert abs(ratio) == pytest.approx(1)


def test_rows_after_the_last_day_that_counts_are_spread_alike():
    purchases, customers = numbered()
    day = pd.Timestamp("2024-06-30")
    spread, _ = concentrate(purchases, customers, share=0.8, until=day)
    assert top_share(spread[spread["date"] <= day]) == pytest.approx(0.8, abs=1e-4)
    assert len(spread) == len(purchases)


def test_a_share_that_cannot_be_had_is_refused_with_those_that_can():
    purchases, customers = numbered()
    with pytest.raises(OutOfRangeError, match=r"cannot bring 0\.1 of the spend .* between 0\.\d\d"):
        concentrate(purchases, customers, share=0.1)


# when misused


@pytest.mark.parametrize(
    ("argument", "message"),
    [
        ({"n": 0}, "n must be 1 or more; got 0"),
        ({"joining_days": 0}, "joining_days must be 1 or more; got 0"),
        ({"n_days": 83}, "n_days must be 84 or more; got 83"),
        ({"rate": (0, 1)}, "every parameter of rate must be a finite number above 0; got 0"),
        ({"dropout": (1, -1)}, "every parameter of dropout .* got -1"),
        ({"ticket": (6, np.inf, 15)}, "every parameter of ticket .* got inf"),
        ({"ticket": (6, np.nan, 15)}, "every parameter of ticket .* got nan"),
        ({"season": [1.0]}, "season must be 546 numbers of 0 or more, one for each day; got 1"),
        ({"season": [-0.5] * 546}, "got 546, the smallest -0.5"),
        ({"season": []}, "got 0, the smallest inf"),
    ],
)
def test_refuses_what_is_outside_its_range(argument, message):
    with pytest.raises(OutOfRangeError, match=message):
        simulate_purchases(**{"n": 1, "seed": 0} | argument)


@pytest.mark.parametrize("argument", [{"share": 0}, {"share": 5}, {"within_days": 0}])
def test_refunds_refuse_what_is_outside_its_range(argument):
    purchases = simulate_purchases(1, seed=0).data
    arguments = {"share": 0.1, "within_days": 3} | argument
    with pytest.raises(OutOfRangeError):
        simulate_refunds(purchases, **arguments, seed=0)
