"""Direct sellers: who recruited whom, whom they serve, and whom each customer leads to."""

from collections import deque

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from crmlab.database import card_fields, simulate_direct_selling
from crmlab.errors import BadRowsError, MissingColumnsError, OutOfRangeError
from crmlab.social import reach_through_network, seller_tree, simulate_sellers

LAST = "2024-12-31"


def people(n, *, first=1):
    joined = pd.Timestamp("2023-01-01") + pd.to_timedelta(np.arange(n) * 400 // n, unit="D")
    number = np.arange(first, first + n)
    frame = pd.DataFrame({"customer_id": number, "joined_on": joined, "city": "Wuhan"})
    return frame.astype({"joined_on": "M8[us]", "city": "str"})


@pytest.fixture(scope="module")
def town():
    return simulate_direct_selling(3_000, seed=131)


# simulate_sellers, a sentence of its docstring each


def test_columns_have_the_documented_dtypes_even_where_nobody_sells():
    for share in (0.0, 0.1):
        drawn = simulate_sellers(people(300), share=share, last_day=LAST, seed=1)
        assert drawn.sellers.dtypes.astype(str).to_dict() == {
            "seller_id": "int64",
            "customer_id": "int64",
            "recruited_by": "Int64",
            "started_on": "datetime64[us]",
            "region": "str",
        }
        assert drawn.seller_customers.dtypes.astype(str).to_dict() == {
            "customer_id": "int64",
            "seller_id": "int64",
            "since": "datetime64[us]",
            "channel": "str",
        }
        assert drawn.truth.dtypes.astype(str).to_dict() == {
            "seller_id": "int64",
            "activity": "float64",
        }
    assert len(drawn.sellers) > 0


def test_keys_and_days_agree():
    everybody = people(5_000, first=8_193)
    drawn = simulate_sellers(everybody, share=0.1, last_day=LAST, seed=3)
    sellers, served = drawn.sellers, drawn.seller_customers
    joined = everybody.set_index("customer_id")["joined_on"]
    started = sellers.set_index("seller_id")["started_on"]
    assert sellers["customer_id"].is_unique
    assert sellers["started_on"].is_monotonic_increasing
    assert (sellers["started_on"].to_numpy() >= joined[sellers["customer_id"]].to_numpy()).all()
    recruits = sellers.dropna(subset=["recruited_by"])
    assert (started[recruits["recruited_by"]].to_numpy() <= recruits["started_on"]).all()
    assert served["customer_id"].is_unique
    assert not served["customer_id"].isin(sellers["customer_id"]).any()
    assert (served["since"].to_numpy() >= started[served["seller_id"]].to_numpy()).all()
    assert (served["since"].to_numpy() >= joined[served["customer_id"]].to_numpy()).all()
    for day in (sellers["started_on"], served["since"]):
        assert day.max() <= pd.Timestamp(LAST)
    assert sellers["recruited_by"].isna().sum() == round(0.05 * len(sellers))


@pytest.mark.parametrize("evenness", [1.0, 0.2])
def test_the_mean_depth_is_the_harmonic_sum_whatever_the_activities(evenness):
    # All have long joined, so all 40 sellers are seen; 2 of them are founders.
    old = people(40).assign(joined_on=pd.Timestamp("2000-01-01"))
    rng = np.random.default_rng(5)
    depth = []
    for _ in range(120):
        drawn = simulate_sellers(old, share=1.0, evenness=evenness, seed=rng)
        tree = seller_tree(drawn.sellers).set_index("seller_id")["depth"]
        depth.append(tree[drawn.sellers["seller_id"].iloc[-1]])
    expected = 1 + sum(1 / k for k in range(3, 40))
    # 3 standard errors of a mean of 120 trees.
    assert np.mean(depth) == pytest.approx(expected, abs=3 * np.std(depth) / np.sqrt(120))


@pytest.mark.curriculum("S45")
def test_customers_come_by_3_channels_with_the_documented_chances(town):
    served = town.data.seller_customers
    share = served["channel"].value_counts(normalize=True)
    assert {*share.index} == {"salesperson", "referral", "web site"}
    for channel, chance in {"salesperson": 0.5, "referral": 0.3, "web site": 0.2}.items():
        tolerance = 3 * np.sqrt(chance * (1 - chance) / len(served))
        assert share[channel] == pytest.approx(chance, abs=tolerance)


def test_active_sellers_have_more_recruits_customers_and_sales(town):
    data, truth = town
    table = seller_tree(data.sellers, data.sales).merge(truth, on="seller_id")
    table["customers"] = (
        data.seller_customers["seller_id"].value_counts().reindex(table["seller_id"]).to_numpy()
    )
    for name in ("recruits", "customers", "sales_cny"):
        # Ranks of independent columns correlate with a standard error of 1 / sqrt(n - 1).
        rank = table[["activity", name]].fillna(0).corr(method="spearman").iloc[0, 1]
        assert rank > 3 / np.sqrt(len(table) - 1)


# the town


@pytest.mark.curriculum("S45")
def test_the_card_has_5_blocks_and_7_if_education_and_income_stand_alone(town):
    fields = card_fields()
    assert fields["block"].nunique() == 7
    assert {*fields.loc[fields["stands_alone"], "block"]} == {"education", "income"}
    assert fields.loc[~fields["stands_alone"], "block"].nunique() == 5
    assert town.data.cards.columns.tolist() == ["customer_id", *fields["field"]]


@pytest.mark.curriculum("S45")
def test_medical_fields_are_empty_unless_asked_for_and_nothing_else_changes(town):
    medical = ["health", "medical_history"]
    assert {*medical} <= {*card_fields().query("is_sensitive")["field"]}
    assert town.data.cards[medical].isna().all(axis=None)
    told = simulate_direct_selling(3_000, sensitive=True, seed=131).data
    assert told.cards[medical].notna().all(axis=None)
    rest = town.data.cards.columns.difference(medical)
    pd.testing.assert_frame_equal(told.cards[rest], town.data.cards[rest])
    pd.testing.assert_frame_equal(told.sales, town.data.sales)


def test_cards_sales_and_referrals_belong_to_those_the_firm_knows(town):
    data = town.data
    known = pd.concat([data.sellers["customer_id"], data.seller_customers["customer_id"]])
    assert {*data.cards["customer_id"]} == {*known}
    served = data.seller_customers.set_index("customer_id")
    sales = data.sales
    assert (served.loc[sales["customer_id"], "seller_id"].to_numpy() == sales["seller_id"]).all()
    assert (served.loc[sales["customer_id"], "since"].to_numpy() <= sales["sold_on"]).all()
    assert sales["sold_on"].max() <= pd.Timestamp(LAST)
    by = data.referrals.set_index("customer_id")["referred_by"]
    assert not by.index.isin(served.index[served["channel"] == "web site"]).any()
    direct = served.index[served["channel"] == "salesperson"]
    assert (by[direct] == served.loc[direct, "seller_id"]).all()
    friend = served.index[served["channel"] == "referral"]
    source = by[friend].to_numpy()
    of_seller = source == served.loc[friend, "seller_id"].to_numpy()
    host = served.reindex(source[~of_seller])
    assert (host["seller_id"].to_numpy() == served.loc[friend[~of_seller], "seller_id"]).all()
    assert (host["since"].to_numpy() <= served.loc[friend[~of_seller], "since"]).all()
    recruits = data.sellers.dropna(subset=["recruited_by"]).set_index("seller_id")["recruited_by"]
    assert (by[recruits.index] == recruits).all()


def test_orders_come_once_in_30_days_for_a_lognormal_amount(town):
    served, sales = town.data.seller_customers, town.data.sales
    days = (pd.Timestamp("2025-01-01") - served["since"]).dt.days.sum()
    # 3 standard errors of a Poisson count, and of a mean of logarithms.
    assert len(sales) == pytest.approx(days / 30, abs=3 * np.sqrt(days / 30))
    logs = np.log(sales["amount_cny"])
    assert logs.mean() == pytest.approx(5.0, abs=3 * 0.6 / np.sqrt(len(logs)) + 1e-4)
    again = simulate_direct_selling(3_000, seed=131).data
    pd.testing.assert_frame_equal(again.sales, sales)


# reach, by hand and by brute force


def test_reach_by_hand():
    referrals = pd.DataFrame({"customer_id": [2, 3, 4, 5], "referred_by": [1, 1, 3, None]})
    table = reach_through_network(referrals, steps=1, family=pd.Series({1: 2, 4: 1, 9: 5}))
    assert table["customer_id"].tolist() == [1, 2, 3, 4, 5, 9]
    assert table["friends"].tolist() == [2, 0, 1, 0, 0, 0]
    assert table["relatives"].tolist() == [2, 0, 1, 1, 0, 5]
    assert table["reached"].tolist() == [4, 0, 2, 1, 0, 5]
    far = reach_through_network(referrals, steps=9)
    assert far["friends"].tolist() == [3, 0, 1, 0, 0]
    assert far["brought"].tolist() == [2, 0, 1, 0, 0]
    assert far["relatives"].sum() == 0


def by_search(pairs, start, steps):
    """Return everybody within `steps` below `start`, found one by one."""
    below = {}
    for child, parent in pairs:
        below.setdefault(parent, []).append(child)
    seen, queue = set(), deque([(start, 0)])
    while queue:
        one, step = queue.popleft()
        if step < steps:
            seen |= {*below.get(one, [])}
            queue.extend((child, step + 1) for child in below.get(one, []))
    return seen


@given(st.lists(st.integers(0, 30), min_size=1, max_size=30), st.integers(1, 5), st.randoms())
def test_reach_is_what_a_search_finds_whatever_the_order(choices, steps, random):
    # Customer k + 2 was brought by one of 1 … k + 1.
    pairs = [(place + 2, choice % (place + 1) + 1) for place, choice in enumerate(choices)]
    home = {one: one % 3 for one in range(1, len(pairs) + 2)}
    random.shuffle(pairs)
    referrals = pd.DataFrame(pairs, columns=["customer_id", "referred_by"])
    table = reach_through_network(referrals, steps=steps, family=pd.Series(home))
    for row in table.itertuples():
        found = by_search(pairs, row.customer_id, steps)
        assert row.friends == len(found)
        assert row.relatives == home[row.customer_id] + sum(home[one] for one in found)


def test_the_town_s_reach_is_that_of_a_search(town):
    referrals = town.data.referrals
    table = reach_through_network(referrals, steps=3).set_index("customer_id")
    pairs = [*referrals.itertuples(index=False, name=None)]
    for one in table["friends"].nlargest(5).index:
        assert table.loc[one, "friends"] == len(by_search(pairs, one, 3))


def test_seller_tree_by_hand():
    sellers = pd.DataFrame(
        {"seller_id": [4, 1, 2, 3], "recruited_by": pd.array([None, None, 1, 2], dtype="Int64")}
    )
    sales = pd.DataFrame({"seller_id": [3, 3, 1, 4], "amount_cny": [10.0, 20.0, 5.0, 1.0]})
    table = seller_tree(sellers, sales)
    assert table["seller_id"].tolist() == [1, 2, 3, 4]
    assert table["depth"].tolist() == [0, 1, 2, 0]
    assert table["recruits"].tolist() == [1, 1, 0, 0]
    assert table["downline"].tolist() == [2, 1, 0, 0]
    assert table["sales_cny"].tolist() == [5, 0, 30, 1]
    assert table["group_sales_cny"].tolist() == [35, 30, 30, 1]
    assert "sales_cny" not in seller_tree(sellers)


# when misused


def test_refuses_networks_that_there_cannot_be():
    circle = pd.DataFrame({"customer_id": [1, 2, 3], "referred_by": [2, 1, 1]})
    with pytest.raises(BadRowsError, match=r"customers \[1, 2, 3\] lead back to themselves"):
        reach_through_network(circle)
    with pytest.raises(BadRowsError, match="stand more than once in referrals"):
        reach_through_network(circle.assign(customer_id=1))
    good = pd.DataFrame({"customer_id": [2], "referred_by": [1]})
    with pytest.raises(OutOfRangeError, match="steps must be 1 or more"):
        reach_through_network(good, steps=0)
    with pytest.raises(OutOfRangeError, match="whole numbers of 0 or more"):
        reach_through_network(good, family=pd.Series({1: 0.5}))
    with pytest.raises(BadRowsError, match=r"\[1\] stand more than once in family"):
        reach_through_network(good, family=pd.Series([1, 2], index=[1, 1]))
    with pytest.raises(MissingColumnsError, match="by=…"):
        reach_through_network(good.drop(columns="referred_by"))


def test_refuses_recruiters_and_sales_of_strangers():
    sellers = pd.DataFrame({"seller_id": [1, 2], "recruited_by": [None, 9.0]})
    with pytest.raises(BadRowsError, match="1 recruiters stand not in sellers"):
        seller_tree(sellers)
    alone = sellers.assign(recruited_by=None)
    sales = pd.DataFrame({"seller_id": [7], "amount_cny": [1.0]})
    with pytest.raises(BadRowsError, match=r"sellers of sales stand not in sellers: \[7\]"):
        seller_tree(alone, sales)


@pytest.mark.parametrize(
    "wrong", [{"share": 2}, {"served_share": -1}, {"evenness": 0}, {"n": 0}, {"days": 0}]
)
def test_the_simulator_refuses_worlds_that_there_are_not(wrong):
    with pytest.raises(OutOfRangeError):
        simulate_direct_selling(**{"n": 10, "seed": 1, **wrong})
