"""simulate_orders: every sentence of its docstring, as a test."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crmlab.customers import simulate_orders, simulate_organisations
from crmlab.errors import MissingColumnsError, OutOfRangeError

N = 4_000
SHARES = {"soap": 0.7, "cream": 0.3}


def firms(n, *, seed=1, **said):
    made = simulate_organisations(n, seed=seed)
    return made.data.organisations.assign(quality=made.truth["quality"], **said)


@pytest.fixture(scope="module")
def organisations():
    return firms(N)


@pytest.fixture(scope="module")
def world(organisations):
    return simulate_orders(organisations, categories=SHARES, seed=2)


def rows(world, organisations):
    """Orders with what their organisation says, and what is hidden of it."""
    return world.data.merge(organisations, on="organisation_id").merge(world.truth)


# by hand


def test_one_organisation_that_bought_for_100_cny_orders_for_100_cny_in_2024():
    one = firms(1, sales_results_cny=100.0, terms_days=30)
    orders, truth = simulate_orders(one, categories={"soap": 1.0}, seed=1)
    year = orders["ordered_on"].dt.year
    assert orders.loc[year == 2024, "amount_cny"].sum() == pytest.approx(100, abs=1e-9)
    before = 100 / (1 + truth["growth"].iloc[0])
    assert orders.loc[year == 2023, "amount_cny"].sum() == pytest.approx(before, abs=0.0051)
    assert {*orders["category"]} == {"soap"}
    assert [*orders["order_id"]] == [*range(1, len(orders) + 1)]


def test_who_buys_for_nothing_orders_nothing():
    orders, truth = simulate_orders(firms(3, sales_results_cny=0.0), categories=SHARES, seed=1)
    assert len(orders) == 0
    assert len(truth) == 3
    assert orders["ordered_on"].dtype == "datetime64[us]"


# against the formula


def test_orders_of_2024_amount_to_the_sales_results_to_the_fen(world, organisations):
    last = world.data[world.data["ordered_on"].dt.year == 2024]
    total = (last.groupby("organisation_id")["amount_cny"].sum() * 100).round().astype("int64")
    expected = (organisations.set_index("organisation_id")["sales_results_cny"] * 100).round()
    bought = expected[expected > 0].astype("int64")
    assert (total.loc[bought.index] == bought).all()
    assert (world.data["amount_cny"] >= 0.01).all()


def test_orders_of_2023_amount_to_that_over_1_plus_growth(world, organisations):
    first = world.data[world.data["ordered_on"].dt.year == 2023]
    total = first.groupby("organisation_id")["amount_cny"].sum()
    table = organisations.merge(world.truth, on="organisation_id").set_index("organisation_id")
    expected = table["sales_results_cny"] / (1 + table["growth"])
    assert np.allclose(total, expected[total.index], atol=0.0051, rtol=0)


def test_each_year_has_1_and_poisson_orders(world):
    table = world.data.groupby(["organisation_id", world.data["ordered_on"].dt.year]).size()
    rate = world.truth.set_index("organisation_id")["orders_per_year"]
    mean = rate[table.index.get_level_values(0)].to_numpy()
    z = (table.to_numpy() - mean) / np.sqrt(mean - 1)
    assert table.min() >= 1
    # Standardised Poisson counts: mean 0 and variance 1 at n of 8,000, kurtosis 3 + 1 / mean.
    assert abs(z.mean()) < 3 / np.sqrt(len(z))
    assert z.var() == pytest.approx(1, abs=3 * np.sqrt((2 + np.mean(1 / (mean - 1))) / len(z)))


def test_hidden_habits_have_their_laws(world, organisations):
    truth, quality = world.truth, organisations["quality"].to_numpy()
    # 4 + Gamma(2) * 4: mean 12, standard deviation 4 sqrt(2).
    assert truth["orders_per_year"].mean() == pytest.approx(12, abs=3 * 5.66 / np.sqrt(N))
    assert truth["orders_per_year"].min() >= 4
    slope = np.polyfit(quality, truth["growth"], 1)
    error = 3 * 0.1 / np.sqrt(N)
    assert slope[0] == pytest.approx(0.05, abs=error)
    assert slope[1] == pytest.approx(0.05, abs=error)
    odds = np.log(truth["late_probability"] / (1 - truth["late_probability"]))
    usual = organisations["payment_record"].map(
        {"on time": -3.0, "sometimes late": -1.0, "often late": 0.5}
    )
    assert np.allclose(odds, usual - 0.5 * quality)


def test_amounts_within_a_year_are_in_proportion_to_gamma_4(world):
    data = world.data.assign(year=world.data["ordered_on"].dt.year)
    whole = data.groupby(["organisation_id", "year"])["amount_cny"]
    k = whole.transform("size")
    share = data["amount_cny"] / whole.transform("sum")
    many = (k == 12).to_numpy()
    # Shares of 12 are Dirichlet(4, ..., 4): variance p (1 - p) / (48 + 1), p = 1 / 12.
    expected = (1 / 12) * (11 / 12) / 49
    squares = (share[many] - 1 / 12) ** 2
    assert squares.mean() == pytest.approx(expected, abs=3 * squares.std() / np.sqrt(many.sum()))


def test_units_are_bought_at_about_40_cny(world):
    large = world.data[world.data["amount_cny"] > 20_000]
    price = np.log(large["amount_cny"] / large["units"])
    assert price.mean() == pytest.approx(np.log(40), abs=3 * 0.2 / np.sqrt(len(large)))
    assert price.std() == pytest.approx(0.2, abs=3 * 0.2 / np.sqrt(2 * len(large)))
    assert (world.data["units"] >= 1).all()


def test_categories_have_their_shares(world):
    share = (world.data["category"] == "soap").mean()
    assert share == pytest.approx(0.7, abs=3 * np.sqrt(0.21 / len(world.data)))


def test_shelves_are_filled_30_days_before_shops_are_busy(organisations):
    days = pd.date_range("2023-01-01", "2025-01-30")
    busy = pd.Series(1.0, index=days)
    busy["2024-11-01":"2024-11-30"] = 5.0
    orders, _ = simulate_orders(organisations, categories=SHARES, busy=busy, seed=3)
    year = orders.loc[orders["ordered_on"].dt.year == 2024, "ordered_on"]
    share = year.between("2024-10-02", "2024-10-31").mean()
    expected = 30 * 5 / (30 * 5 + 336)
    assert share == pytest.approx(expected, abs=3 * np.sqrt(expected * (1 - expected) / len(year)))


def test_without_a_season_every_day_is_alike_and_both_years_are_whole(world):
    day = world.data["ordered_on"]
    assert (day.min(), day.max()) == (pd.Timestamp("2023-01-01"), pd.Timestamp("2024-12-31"))
    january = (day[day.dt.year == 2023].dt.month == 1).mean()
    n = (day.dt.year == 2023).sum()
    assert january == pytest.approx(31 / 365, abs=3 * np.sqrt(0.078 / n))


def test_who_is_late_pays_late_by_an_exponential_time_and_others_up_to_5_days_early(
    world, organisations
):
    # Orders that fall due early enough that nearly all are paid within the two years.
    table = rows(world, organisations).query("ordered_on < '2024-06-01'")
    due = table["ordered_on"] + pd.to_timedelta(table["terms_days"], unit="D")
    delay = (table["paid_on"] - due).dt.days
    late = delay > 0
    p = table["late_probability"]
    assert late.mean() == pytest.approx(p.mean(), abs=3 * np.sqrt((p * (1 - p)).sum()) / len(p))
    # 1 plus the whole days of an exponential time of 15: mean 1 / (1 - exp(-1/15)).
    mean = 1 / -np.expm1(-1 / 15)
    assert delay[late].mean() == pytest.approx(mean, abs=3 * 15 / np.sqrt(late.sum()))
    early = delay[~late & (table["terms_days"] > 0)]
    assert {*early.unique()} == {*range(-5, 1)}
    assert (table["paid_on"].dropna() >= table.loc[table["paid_on"].notna(), "ordered_on"]).all()


def test_what_would_be_paid_after_2024_is_not_yet_paid(world, organisations):
    table = rows(world, organisations)
    assert (table["paid_on"].dropna() <= "2024-12-31").all()
    due = table["ordered_on"] + pd.to_timedelta(table["terms_days"], unit="D")
    assert table.loc[due > "2025-01-05", "paid_on"].isna().all()
    assert table.loc[due < "2024-06-01", "paid_on"].notna().all()


# for any data


@settings(max_examples=20)
@given(st.integers(1, 30), st.integers(0, 99))
def test_same_seed_same_orders_by_day_and_the_input_stays(n, seed):
    one, same = simulate_orders(n, seed=seed), simulate_orders(n, seed=seed)
    pd.testing.assert_frame_equal(one.data, same.data)
    pd.testing.assert_frame_equal(one.truth, same.truth)
    assert one.data[["ordered_on", "organisation_id"]].apply(tuple, axis=1).is_monotonic_increasing
    given_ = firms(n, seed=seed)
    kept = given_.copy()
    simulate_orders(given_, categories=SHARES, before=7, seed=seed)
    pd.testing.assert_frame_equal(given_, kept)


# when misused


def test_refuses_no_organisations():
    with pytest.raises(OutOfRangeError, match="n must be 1 or more; got 0"):
        simulate_orders(0, seed=1)


def test_refuses_a_frame_without_a_column():
    with pytest.raises(MissingColumnsError, match="quality"):
        simulate_orders(firms(2).drop(columns="quality"), categories=SHARES, seed=1)


def test_refuses_a_record_it_does_not_know():
    with pytest.raises(OutOfRangeError, match=r"payment_record must be one of .* got 'never'"):
        simulate_orders(firms(2, payment_record="never"), categories=SHARES, seed=1)


def test_refuses_a_season_that_ends_too_early():
    busy = pd.Series(1.0, index=pd.date_range("2023-01-01", "2024-12-31"))
    with pytest.raises(OutOfRangeError, match="busy must have every day until 2025-01-30"):
        simulate_orders(firms(2), categories=SHARES, busy=busy, seed=1)
