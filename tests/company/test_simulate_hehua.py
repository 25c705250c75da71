"""simulate_hehua: every sentence of its docstring, as a test."""

from dataclasses import FrozenInstanceError

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crmlab.company import PERSONAS, season, simulate_hehua
from crmlab.errors import OutOfRangeError

SEED = 2024  # of the shipped Hehua


@pytest.fixture(scope="module")
def hehua():
    return simulate_hehua(seed=SEED)


@pytest.fixture(scope="module")
def town():
    """Twenty times Hehua, where shares have small standard errors."""
    return simulate_hehua(20_000, seed=SEED)


def with_persona(company, truth):
    return company.purchases.merge(truth.customers[["customer_id", "persona"]])


def top_share(purchases, share=0.2):
    spend = purchases.groupby("customer_id")["amount"].sum().sort_values(ascending=False)
    return spend.iloc[: round(share * len(spend))].sum() / spend.sum()


# by hand


def test_columns_have_the_documented_dtypes(hehua):
    company, truth = hehua
    day, money, text, whole = "datetime64[us]", "float64", "str", "int64"
    assert company.purchases.dtypes.astype(str).to_dict() == {
        "purchase_id": whole, "customer_id": whole, "date": day, "amount": money,
        "channel": text, "store": text, "category": text,
    }  # fmt: skip
    assert company.customers.dtypes.astype(str).to_dict() == {
        "customer_id": whole, "joined_on": day, "city": text, "card": text, "enquiries": whole,
    }  # fmt: skip
    assert truth.customers.dtypes.astype(str).to_dict() == {
        "customer_id": whole, "persona": text, "rate_per_week": money,
        "dropout_probability": money, "mean_ticket_cny": money, "dropped_out_on": day,
        "future_purchases": whole, "future_spend_cny": money,
    }  # fmt: skip


def test_hehua_has_exactly_1_000_customers_and_every_one_bought_within_the_two_years(hehua):
    company, truth = hehua
    assert [*company.customers["customer_id"]] == [*range(1, 1_001)]
    assert [*truth.customers["customer_id"]] == [*range(1, 1_001)]
    bought = company.purchases[company.purchases["amount"] > 0]
    assert bought["customer_id"].nunique() == 1_000
    assert company.purchases["date"].between("2023-01-01", "2024-12-31").all()


def test_customers_are_numbered_by_joining_and_join_with_their_first_purchase(hehua):
    company, _ = hehua
    first = company.purchases.groupby("customer_id")["date"].min()
    assert (first.to_numpy() == company.customers["joined_on"].to_numpy()).all()
    assert company.customers["joined_on"].is_monotonic_increasing


def test_purchases_are_numbered_by_date(hehua):
    purchases = hehua[0].purchases
    assert [*purchases["purchase_id"]] == [*range(1, len(purchases) + 1)]
    assert purchases["date"].is_monotonic_increasing


def test_shops_stand_in_the_home_city_and_the_web_shop_is_the_only_other_store(hehua):
    company, _ = hehua
    rows = company.purchases.merge(company.customers[["customer_id", "city"]])
    online = rows["channel"] == "online"
    assert (rows.loc[online, "store"] == "web shop").all()
    assert (rows.loc[~online, "store"] == rows.loc[~online, "city"]).all()


def test_cards_follow_the_first_years_net_spend(hehua):
    company, _ = hehua
    first_year = company.purchases[company.purchases["date"].dt.year == 2023]
    spend = first_year.groupby("customer_id")["amount"].sum()
    spend = spend.reindex(company.customers["customer_id"], fill_value=0).round(2)
    card = pd.cut(spend, [-np.inf, 1_000, 3_000, np.inf], right=False).cat.codes
    expected = np.array(["basic", "silver", "gold"])[card]
    assert (company.customers["card"].to_numpy() == expected).all()


def test_personas_have_their_shares_of_the_customers(hehua):
    counts = hehua[1].customers["persona"].value_counts().to_dict()
    assert counts == {persona.name: round(1_000 * persona.share) for persona in PERSONAS}
    assert sum(persona.share for persona in PERSONAS) == pytest.approx(1)


def test_cities_have_exactly_their_shares(hehua):
    counts = hehua[0].customers["city"].value_counts().to_dict()
    expected = {"Shanghai": 300, "Hangzhou": 200, "Wuhan": 200, "Chengdu": 200, "Xi'an": 100}
    assert counts == expected


def test_a_customer_who_dropped_out_has_no_purchase_after_that_day_in_window_or_future(hehua):
    company, truth = hehua
    gone = truth.customers.dropna(subset=["dropped_out_on"])
    assert (gone["dropped_out_on"] <= "2024-12-31").all()
    assert (gone["future_purchases"] == 0).all()
    bought = company.purchases[company.purchases["amount"] > 0]
    last = bought.groupby("customer_id")["date"].max().loc[gone["customer_id"]]
    assert (last.to_numpy() == gone["dropped_out_on"].to_numpy()).all()


# against what is planted


@pytest.mark.parametrize("seed", [SEED, 1, 2, 3, 4, 5])
def test_the_top_20_percent_bring_80_percent_give_or_take_1_5_points(seed):
    purchases = simulate_hehua(seed=seed)[0].purchases
    assert top_share(purchases) == pytest.approx(0.80, abs=0.015)


def test_loyal_gold_customers_bring_half_the_money(hehua):
    rows = with_persona(*hehua)
    share = rows.groupby("persona")["amount"].sum() / rows["amount"].sum()
    assert share.idxmax() == "loyal gold"
    assert share["loyal gold"] == pytest.approx(0.5, abs=0.05)


def test_price_hunters_buy_often_small_online_send_back_and_call(town):
    company, truth = town
    rows = with_persona(company, truth)
    bought = rows[rows["amount"] > 0].groupby("persona")
    assert (bought.size() / bought["customer_id"].nunique())["price hunter"] > 15
    assert bought["amount"].mean().idxmin() == "price hunter"
    assert bought["channel"].agg(lambda kind: (kind == "online").mean()).idxmax() == "price hunter"
    # 3 standard errors of 0.08 refunds per purchase at n of over 50,000; those due after the
    # window are missing, at most what was bought in its last fortnight, one part in 50.
    n = bought.size()["price hunter"]
    refunds = (rows.loc[rows["persona"] == "price hunter", "amount"] < 0).sum()
    error = 3 * np.sqrt(0.08 * 0.92 / n)
    assert 0.08 * 0.98 - error < refunds / n < 0.08 + error
    # 3 standard errors of a Poisson mean of 0.6 calls per purchase.
    calls = company.customers.merge(truth.customers).groupby("persona")["enquiries"].sum()
    assert calls["price hunter"] / n == pytest.approx(0.6, abs=3 * np.sqrt(0.6 / n))


def test_potential_big_tickets_buy_rarely_and_much_and_one_time_customers_once(town):
    rows = with_persona(*town)
    bought = rows[rows["amount"] > 0].groupby("persona")
    each = bought.size() / bought["customer_id"].nunique()
    assert bought["amount"].mean().idxmax() == "potential big ticket"
    assert each["potential big ticket"] < each["loyal gold"] / 4
    assert each["one time"] < 1.3


def test_the_faded_are_gone_and_the_loyal_are_not(town):
    truth = town[1].customers
    gone = truth.groupby("persona")["dropped_out_on"].agg(lambda day: day.notna().mean())
    assert gone["faded"] > 0.8
    assert gone["loyal gold"] < 0.2
    active = truth.groupby("persona")["future_purchases"].agg(lambda count: (count > 0).mean())
    assert active["loyal gold"] > 0.8
    assert active["faded"] < 0.2


def test_double_11_and_spring_festival_are_busy_and_the_festival_week_is_quiet(town):
    company, _ = town
    again = company.purchases.merge(company.customers)
    again = again[(again["amount"] > 0) & (again["date"] > again["joined_on"])]
    per_day = again["date"].value_counts().sort_index()
    periods = {  # busy days, the usual days next to them, and how much busier
        ("2024-11-01", "2024-11-11"): ("2024-10-18", "2024-10-31", 3.0),
        ("2024-01-20", "2024-02-09"): ("2024-01-06", "2024-01-19", 1.8),
        ("2024-02-10", "2024-02-16"): ("2024-02-17", "2024-03-01", 0.5),
    }
    for (first, last), (usual_first, usual_last, times) in periods.items():
        busy, usual = per_day[first:last], per_day[usual_first:usual_last]
        ratio = busy.mean() / usual.mean()
        # Counts are Poisson: 3 standard errors of their ratio, and 5 % for the customers who
        # join between one period and the other.
        error = 3 * np.sqrt(1 / busy.sum() + 1 / usual.sum())
        assert ratio == pytest.approx(times, rel=0.05 + error)


def test_refunds_are_whole_and_within_two_weeks_of_their_purchase(hehua):
    purchases = hehua[0].purchases
    refunds = purchases[purchases["amount"] < 0].assign(amount=lambda rows: -rows["amount"])
    bought = purchases[purchases["amount"] > 0]
    both = refunds.merge(bought, on=["customer_id", "amount", "channel"], suffixes=("", "_bought"))
    both = both[(both["date"] - both["date_bought"]).dt.days.between(1, 14)]
    assert {*both["purchase_id"]} == {*refunds["purchase_id"]}
    assert 200 < len(refunds) < 500


def test_the_future_is_what_a_living_customer_buys_at_the_own_rate(town):
    truth = town[1].customers
    alive = truth[truth["dropped_out_on"].isna() & (truth["persona"] == "loyal gold")]
    weeks = season()["2025"].sum() / 7
    chance = alive["dropout_probability"]
    rate = alive["rate_per_week"]
    # A customer who leaves with this chance after each purchase makes on average
    # (1 - exp(-rate chance weeks)) / chance of them; 3 standard errors of the total.
    expected = (-np.expm1(-rate * chance * weeks) / np.maximum(chance, 1e-9)).sum()
    error = np.sqrt(alive["future_purchases"].sum())
    assert alive["future_purchases"].sum() == pytest.approx(expected, abs=3 * error)


def test_season_has_a_weight_for_each_day_and_mean_1():
    busy = season()
    assert (busy.index == pd.date_range("2023-01-01", "2025-06-30")).all()
    assert busy.mean() == pytest.approx(1)


# for any data


def test_same_seed_same_firm_and_another_seed_another():
    (one, truth), (same, same_truth) = (simulate_hehua(50, seed=4) for _ in range(2))
    pd.testing.assert_frame_equal(one.purchases, same.purchases)
    pd.testing.assert_frame_equal(one.customers, same.customers)
    pd.testing.assert_frame_equal(truth.customers, same_truth.customers)
    assert not one.purchases.equals(simulate_hehua(50, seed=5)[0].purchases)


@settings(max_examples=20)
@given(st.integers(1, 60))
def test_any_number_of_customers_is_kept_exactly(n):
    company, truth = simulate_hehua(n, seed=0)
    assert len(company.customers) == len(truth.customers) == n
    assert company.purchases["customer_id"].nunique() == n


def test_the_firm_cannot_be_changed_by_accident(hehua):
    with pytest.raises(FrozenInstanceError):
        hehua[0].purchases = None


# when misused


def test_refuses_a_firm_without_customers():
    with pytest.raises(OutOfRangeError, match="n must be 1 or more; got 0"):
        simulate_hehua(0, seed=0)
