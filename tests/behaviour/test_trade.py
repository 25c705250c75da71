"""Cumulative amounts, returns, and what a complaint foretells."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crmlab.behaviour import cumulative_amount, return_rate
from crmlab.company import simulate_company
from crmlab.errors import (
    AmbiguousError,
    BadRowsError,
    MissingColumnsError,
    OutOfRangeError,
    WrongTypeError,
)
from crmlab.service import complaint_to_churn

PURCHASES = pd.DataFrame(
    {
        "purchase_id": [1, 2, 3, 4, 5],
        "customer_id": [7, 8, 7, 7, 8],
        "date": pd.to_datetime(
            ["2024-03-01", "2024-03-02", "2024-03-09", "2024-03-05", "2024-04-01"]
        ),
        "amount": [80.0, 20.0, 50.0, -80.0, 30.0],
        "category": ["soap", "soap", "oil", "soap", "oil"],
    }
)
RETURNS = pd.DataFrame(
    {
        "refund_id": [4],
        "purchase_id": [1],
        "customer_id": [7],
        "returned_on": pd.to_datetime(["2024-03-05"]),
        "reason": ["damaged"],
        "amount_cny": [80.0],
    }
)


@pytest.fixture(scope="module")
def firm():
    return simulate_company(6_000, seed=51)


# by hand


@pytest.mark.curriculum("S41")
def test_the_cumulative_amount_is_a_running_sum_and_a_return_is_linked_to_its_purchase():
    table = cumulative_amount(PURCHASES, RETURNS)
    expected = pd.DataFrame(
        {
            "customer_id": [7, 7, 7, 8, 8],
            "date": pd.to_datetime(
                ["2024-03-01", "2024-03-05", "2024-03-09", "2024-03-02", "2024-04-01"]
            ),
            "purchase_id": [1, 1, 3, 2, 5],
            "event": ["purchase", "refund", "purchase", "purchase", "purchase"],
            "amount": [80.0, -80.0, 50.0, 20.0, 30.0],
            "cumulative_amount": [80.0, 0.0, 50.0, 20.0, 50.0],
        }
    ).astype({"event": "str"})
    pd.testing.assert_frame_equal(table, expected)
    # The same where the log holds no refunds, and the returns no refund_id.
    alone = cumulative_amount(PURCHASES[PURCHASES["amount"] > 0], RETURNS.drop(columns="refund_id"))
    pd.testing.assert_frame_equal(alone, expected)
    untied = cumulative_amount(PURCHASES)
    assert untied["cumulative_amount"].tolist() == expected["cumulative_amount"].tolist()
    assert untied["purchase_id"].tolist() == [1, 4, 3, 2, 5]


def test_return_rates_by_hand():
    table = return_rate(PURCHASES, RETURNS)
    assert table["category"].tolist() == ["oil", "soap"]
    assert table[["purchases", "returned"]].to_numpy().tolist() == [[2, 0], [2, 1]]
    assert table["return_rate"].tolist() == [0.0, 0.5]
    # Wilson's interval of 1 in 2.
    assert table["low"].iloc[1] == pytest.approx(0.0945, abs=1e-4)
    by_reason = return_rate(PURCHASES, RETURNS, by="reason")
    assert by_reason[["reason", "purchases", "returned"]].iloc[0].tolist() == ["damaged", 4, 1]
    lines = pd.DataFrame({"purchase_id": [1, 1, 1, 2], "product_id": [10, 10, 11, 11]})
    by_product = return_rate(lines, RETURNS, by="product_id")
    assert by_product[["purchases", "returned"]].to_numpy().tolist() == [[1, 1], [2, 1]]


def test_complaints_by_hand():
    days = ["2024-01-01", "2024-01-01", "2024-01-11", "2024-01-01", "2024-03-01", "2024-03-01"]
    bought = pd.DataFrame(
        {
            "purchase_id": [1, 2, 3, 4, 5, 6],
            "customer_id": [1, 2, 2, 3, 3, 4],
            "date": pd.to_datetime(days),
            "amount": 1.0,
        }
    )
    sore = pd.DataFrame({"purchase_id": [1, 2], "complained_on": bought["date"].head(2)})
    table = complaint_to_churn(bought, sore, horizon_days=60)
    # The 60 days from January 2nd are answers, so the three purchases of the 1st are questions.
    # 1 never came back, 2 did, and 3, who did not complain, did on the 60th day.
    assert table["asked_of"].tolist() == ["purchases", "customers"]
    assert table[["complained", "others"]].to_numpy().tolist() == [[2, 1], [2, 1]]
    assert table[["back_complained", "back_others"]].to_numpy().tolist() == [[0.5, 1], [0.5, 1]]
    # Customers 1 and 2 push the log of the ratio by -1/2 and +1/2, customer 3 by nothing.
    assert table["high"].iloc[0] == pytest.approx(0.5 * np.exp(1.959964 * np.sqrt(0.5)))


# against the formula


@pytest.mark.curriculum("S41")
def test_every_return_of_the_firm_is_linked_and_the_sums_are_those_of_the_log(firm):
    company, _ = firm
    table = cumulative_amount(company.purchases, company.returns)
    assert len(table) == len(company.purchases)
    assert (table["event"] == "refund").sum() == len(company.returns)
    pairs = table.groupby("purchase_id")["amount"].agg(["size", "sum"])
    assert pairs["size"].max() == 2
    np.testing.assert_allclose(pairs.loc[pairs["size"] == 2, "sum"], 0, atol=1e-9)
    last = table.groupby("customer_id")["cumulative_amount"].last()
    net = company.purchases.groupby("customer_id")["amount"].sum()
    np.testing.assert_allclose(last, net, atol=1e-6)


@pytest.mark.curriculum("S41")
def test_the_planted_harm_of_a_failure_is_recovered_from_complaints(firm):
    company, _ = firm
    table = complaint_to_churn(
        company.purchases, company.complaints, horizon_days=180, as_of="2024-12-31"
    ).set_index("asked_of")
    # All who complain had a failure, of whom 25 % leave. Of the others a share of
    # .06 * .3 / (1 - .06 * .7) had one too, and kept silent.
    silent = 0.06 * 0.3 / (1 - 0.06 * 0.7)
    truth = 0.75 / (1 - 0.25 * silent)
    row = table.loc["purchases"]
    error = np.log(row["high"] / row["low"]) / 2 / 1.959964
    assert abs(np.log(row["ratio"] / truth)) < 3 * error
    assert error < 0.03
    assert row["harm"] == 1 - row["ratio"]


def test_asked_of_customers_the_harm_hides_behind_their_frequency(firm):
    company, truth = firm
    table = complaint_to_churn(company.purchases, company.complaints, as_of="2024-12-31")
    by_purchase, by_customer = table["ratio"]
    assert by_purchase < 0.8 < by_customer
    # Whoever complained buys more often, and that is what is confounded.
    complained = truth.customers["customer_id"].isin(company.complaints["customer_id"])
    rate = truth.customers["rate_per_week"]
    assert rate[complained].mean() > 1.5 * rate[~complained].mean()


@pytest.mark.parametrize("unlike", [False, True])
def test_the_interval_of_the_return_rate_covers_in_95_of_100_worlds(covers, unlike):
    # 500 categories of 150 purchases, of which a tenth come back: each alike, or some far oftener.
    rng = np.random.default_rng([53, unlike])
    chance = rng.choice([0.02, 0.34], (500, 150), p=[0.75, 0.25]) if unlike else 0.1
    back = (rng.random((500, 150)) < chance).ravel()
    category = np.repeat(np.arange(500), 150)
    bought = pd.DataFrame({"purchase_id": np.arange(len(category)), "category": category})
    table = return_rate(bought, bought.loc[back, ["purchase_id"]])
    held = (table["low"] <= 0.1) & (table["high"] >= 0.1)
    covers(held, "behaviour.return_rate", f"purchases {'unlike' if unlike else 'alike'}")


@pytest.mark.parametrize(("unlike", "n"), [(False, 300), (True, 150)])
def test_the_interval_of_the_ratio_covers_in_95_of_100_worlds(covers, few, unlike, n):
    # 500 worlds of so many customers who come back after 30 days, with one chance or each with a
    # chance of their own, six visits at most; a failed visit takes 30 % of that chance.
    rng, held = np.random.default_rng(53), []
    for _ in few:
        nature = rng.beta(4, 2, (n, 1)) if unlike else np.full((n, 1), 2 / 3)
        failed = rng.random((n, 6)) < 0.25
        back = rng.random((n, 6)) < nature * np.where(failed, 0.7, 1)
        came = np.cumprod(np.c_[np.ones(n, dtype=bool), back[:, :5]], axis=1).astype(bool)
        customer, visit = np.nonzero(came)
        bought = pd.DataFrame({"purchase_id": np.arange(len(visit)), "customer_id": customer})
        bought["date"] = pd.Timestamp("2024-01-01") + pd.to_timedelta(30 * visit, unit="D")
        sore = bought.loc[failed[came]].rename(columns={"date": "complained_on"})
        # Day 165: the sixth visits, on day 150, are answers only.
        table = complaint_to_churn(
            bought.assign(amount=1.0), sore, horizon_days=40, as_of="2024-06-14"
        )
        held.append(table["low"].iloc[0] <= 0.7 <= table["high"].iloc[0])
    covers(held, "service.complaint_to_churn", f"customers {'unlike' if unlike else 'alike'}")


# for any data

rows = st.lists(
    st.tuples(st.integers(1, 4), st.integers(0, 20), st.integers(-500, 500)), min_size=1
)


@settings(max_examples=40)
@given(rows)
def test_the_last_cumulative_amount_is_the_sum_whatever_the_order(drawn):
    log = pd.DataFrame(drawn, columns=["customer_id", "day", "amount"])
    log["date"] = pd.Timestamp("2024-01-01") + pd.to_timedelta(log.pop("day"), unit="D")
    log["purchase_id"] = range(len(log))
    before = log.copy()
    table = cumulative_amount(log)
    pd.testing.assert_frame_equal(table, cumulative_amount(log.iloc[::-1]))
    last = table.groupby("customer_id")["cumulative_amount"].last()
    np.testing.assert_allclose(last, log.groupby("customer_id")["amount"].sum())
    pd.testing.assert_frame_equal(log, before)


# when misused


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"purchase_id": 99}, "belong to no purchase"),
        ({"customer_id": 8}, "another customer's purchase"),
        ({"returned_on": pd.Timestamp("2024-02-01")}, "come before their purchase"),
        ({"amount_cny": 0.0}, "give back nothing"),
        ({"amount_cny": 80.02}, "give back more than was paid"),
    ],
)
def test_refuses_returns_that_do_not_fit(change, words):
    with pytest.raises(BadRowsError, match=words):
        cumulative_amount(PURCHASES, RETURNS.assign(**change))


def test_refuses_frames_it_cannot_use():
    with pytest.raises(MissingColumnsError, match="amount=…"):
        cumulative_amount(PURCHASES.drop(columns="amount"))
    with pytest.raises(BadRowsError, match="stand more than once in purchases"):
        cumulative_amount(pd.concat([PURCHASES, PURCHASES]))
    with pytest.raises(BadRowsError, match="belong to none of the purchases"):
        return_rate(PURCHASES, RETURNS.assign(purchase_id=99))
    with pytest.raises(AmbiguousError, match="both frames have a column 'customer_id'"):
        return_rate(PURCHASES, RETURNS, by="customer_id")
    with pytest.raises(MissingColumnsError, match="by=…"):
        return_rate(PURCHASES, RETURNS, by="colour")
    sore = pd.DataFrame({"purchase_id": [99], "complained_on": pd.to_datetime(["2024-03-02"])})
    with pytest.raises(BadRowsError, match="belong to no purchase"):
        complaint_to_churn(PURCHASES, sore)
    with pytest.raises(OutOfRangeError, match="nothing to compare"):
        complaint_to_churn(PURCHASES, sore.assign(purchase_id=2), horizon_days=1)
    with pytest.raises(OutOfRangeError, match="horizon_days must be"):
        complaint_to_churn(PURCHASES, sore, horizon_days=0)
    with pytest.raises(WrongTypeError, match="purchase_id holds"):
        complaint_to_churn(PURCHASES, sore.assign(purchase_id="1"))
    with pytest.raises(BadRowsError, match=r"\[1\] stand more than once in purchases"):
        complaint_to_churn(pd.concat([PURCHASES, PURCHASES.head(1)]), sore.assign(purchase_id=1))


@pytest.mark.parametrize("kind", ["Int64", "int64[pyarrow]", "float64"])
def test_complaints_find_their_purchases_whatever_the_numbers_are_kept_as(kind):
    days = pd.to_datetime(["2024-01-01"] * 4 + ["2024-01-02", "2024-03-01"])
    bought = pd.DataFrame({"purchase_id": range(6), "customer_id": [1, 2, 3, 4, 1, 3]})
    bought = bought.assign(date=days, amount=1.0)
    sore = pd.DataFrame({"purchase_id": [0, 1], "complained_on": days[:2]})
    wanted = complaint_to_churn(bought, sore, horizon_days=60)
    for one, other in (
        (bought.astype({"purchase_id": kind}), sore),
        (bought, sore.astype({"purchase_id": kind})),
    ):
        pd.testing.assert_frame_equal(complaint_to_churn(one, other, horizon_days=60), wanted)


def test_days_in_a_time_zone_or_as_text_are_refused():
    zoned = PURCHASES["date"].dt.tz_localize("Asia/Shanghai")
    with pytest.raises(OutOfRangeError, match="date must hold dates without a time zone"):
        cumulative_amount(PURCHASES.assign(date=zoned))
    with pytest.raises(OutOfRangeError, match="returned_on must hold dates"):
        cumulative_amount(PURCHASES, RETURNS.assign(returned_on="2024-05-01"))
    with pytest.raises(OutOfRangeError, match="by must be the name of one column"):
        return_rate(PURCHASES, RETURNS, by=["reason"])
