"""pyramid, pyramid_tiers and the metals: by hand, for any data, and when misused."""

from dataclasses import asdict
from decimal import Decimal

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crmlab.data import load
from crmlab.errors import (
    BadRowsError,
    CrmlabError,
    MissingColumnsError,
    OutOfRangeError,
    WrongTypeError,
)
from crmlab.pyramid import (
    concentration,
    lorenz,
    metal_pyramid,
    metal_tiers,
    pyramid,
    pyramid_tiers,
    simulate_concentrated,
    simulate_service,
    whale_curve,
)
from crmlab.pyramid.measure.tiers import headcount
from crmlab.rfm import rfm

# Bob and Cy spend the same, and the line between two tiers runs between them.
SPEND = pd.Series([50.0, 900.0, 20.0, 50.0, -20.0], index=["Cy", "Ann", "Dee", "Bob", "Eve"])

# by hand


def test_who_spends_the_same_is_ranked_by_id():
    expected = pd.DataFrame(
        {
            "customer_id": ["Ann", "Bob", "Cy", "Dee", "Eve"],
            "spend": [900.0, 50.0, 50.0, 20.0, -20.0],
            "tier": ["top 20%", "20-40%", "40-100%", "40-100%", "40-100%"],
        }
    )
    pd.testing.assert_frame_equal(pyramid_tiers(SPEND, cuts=[0.2, 0.4]), expected)


def test_a_tier_has_its_headcount_its_money_and_their_shares():
    expected = pd.DataFrame(
        {
            "tier": ["best", "rest"],
            "customers": [2, 3],
            "spend": [950.0, 50.0],
            "share_of_customers": [0.4, 0.6],
            "share_of_spend": [0.95, 0.05],
            "mean_spend": [475.0, 50 / 3],
        }
    )
    pd.testing.assert_frame_equal(pyramid(SPEND, cuts=[0.4], names=["best", "rest"]), expected)


@pytest.mark.curriculum("S66")
def test_a_thousand_customers_make_10_40_150_and_800():
    spend = simulate_concentrated(1_000, seed=1).data.set_index("customer_id")["spend"]
    table = pyramid(spend)
    assert table["tier"].tolist() == ["VIP", "major", "ordinary", "small"]
    assert table["customers"].tolist() == [10, 40, 150, 800]


def test_a_tier_of_nobody_stays_in_the_table_without_a_mean():
    table = pyramid(pd.Series([5.0, 3.0])).set_index("tier")
    assert table["customers"].tolist() == [0, 0, 0, 2]
    assert table.loc["VIP", "share_of_spend"] == 0
    assert np.isnan(table.loc["VIP", "mean_spend"])


def test_a_single_customer_is_small_by_the_rule_and_holds_everything():
    assert pyramid(pd.Series([5.0]))["share_of_spend"].tolist() == [0, 0, 0, 1]


@pytest.mark.parametrize(
    ("cut", "n", "heads"),
    # In binary, 0.145 * 100 + 0.5 falls just short of 15 and 0.35 * 10 + 0.5 does not.
    [(0.145, 100, 15), (0.35, 10, 4), (0.01, 49, 0), (0.01, 50, 1), (np.float64(0.05), 1_000, 50)],
)
def test_a_half_head_is_rounded_up_for_the_cut_as_it_is_written(cut, n, heads):
    assert headcount(cut, n) == heads


def test_three_cuts_keep_the_names_of_the_field_and_others_are_named_by_rank():
    assert {*pyramid_tiers(SPEND, cuts=[0.2, 0.4, 0.6])["tier"]} <= {"VIP", "major", "ordinary"} | {
        "small"
    }
    table = pyramid(SPEND, cuts=[0.005, 0.07])
    assert table["tier"].tolist() == ["top 0.5%", "0.5-7%", "7-100%"]


@pytest.mark.curriculum("S67")
def test_five_metals_sum_to_n_and_each_has_less_mean_profit_than_the_one_above():
    service, _ = simulate_service(1_000, seed=1)
    profit = service.accounts.set_index("customer_id")["margin"] - 100
    table = metal_pyramid(profit)
    assert table["tier"].tolist() == ["platinum", "gold", "silver", "iron", "lead"]
    assert table["customers"].sum() == 1_000
    assert (table["mean_profit"].diff().dropna() < 0).all()


def test_metals_hold_1_4_15_60_and_20_percent_where_nobody_loses_money():
    profit = pd.Series(np.arange(1.0, 1_001.0))
    assert metal_pyramid(profit)["customers"].tolist() == [10, 40, 150, 600, 200]


def test_whoever_loses_money_is_lead_at_any_rank():
    profit = pd.Series([9.0, 5.0, 1.0, -1.0, -2.0, -3.0])
    tiers = metal_tiers(profit, cuts=[0.2, 0.4, 0.6, 0.9])
    # By rank alone the fourth would be silver and the fifth iron.
    assert tiers["tier"].tolist() == ["platinum", "gold", "silver", "lead", "lead", "lead"]


def test_a_profit_of_nothing_or_of_a_cent_is_no_loss():
    profit = pd.Series([9.0, 5.0, 0.01, 0.0, -0.01])
    tiers = metal_tiers(profit, cuts=[0.2, 0.4, 0.6, 0.8])
    assert tiers["tier"].tolist() == ["platinum", "gold", "silver", "iron", "lead"]


def test_profit_shares_of_a_firm_without_profit_are_unknown():
    assert metal_pyramid(pd.Series([1.0, -1.0]))["share_of_profit"].isna().all()
    table = metal_pyramid(pd.Series([1.0, -2.0]))
    assert table["share_of_profit"].isna().all()
    assert table["profit"].sum() == -1


MEASURES = [pyramid, pyramid_tiers, lorenz, concentration]


@pytest.mark.parametrize("measure", MEASURES)
def test_takes_what_rfm_returns_and_means_the_money_by_customer(measure):
    customers = rfm(load("hehua_purchases"))
    spend = customers.set_index("customer_id")["monetary"]
    found, expected = (as_frame(measure(money)) for money in (customers, spend))
    pd.testing.assert_frame_equal(found, expected)
    named = customers.rename(columns={"monetary": "mine"}).assign(spend=0.0)
    pd.testing.assert_frame_equal(as_frame(measure(named, value="mine")), expected)
    arrow = pa.Table.from_pandas(customers)
    pd.testing.assert_frame_equal(as_frame(measure(arrow)), expected)


def as_frame(found):
    return found if isinstance(found, pd.DataFrame) else pd.DataFrame([asdict(found)])


def test_profit_is_found_under_its_own_names_and_spend_is_not_taken_for_it():
    net = pd.DataFrame({"customer_id": [1, 2], "spend": [90.0, 10.0], "net_value": [-5.0, 10.0]})
    assert metal_tiers(net)["profit"].to_list() == [-5.0, 10.0]
    assert whale_curve(net)["cumulative_value"].to_list() == [0.0, 10.0, 5.0]
    with pytest.raises(MissingColumnsError, match="with value=…"):
        metal_pyramid(net[["customer_id", "spend"]])
    # Of both, metals go by the profit and the whale by what is left of it; any other is named.
    both = net.assign(profit=[7.0, 1.0])
    assert metal_tiers(both)["profit"].to_list() == [7.0, 1.0]
    assert whale_curve(both)["cumulative_value"].to_list() == [0.0, 10.0, 5.0]
    for measure in (metal_tiers, metal_pyramid):
        assert measure(both, value="spend")["profit"].sum() == 100
    assert whale_curve(both, value="spend")["cumulative_value"].to_list() == [0.0, 90.0, 100.0]


# for any data

money = st.floats(-1e6, 1e6).map(lambda x: round(x, 2))
spends = st.dictionaries(st.integers(0, 99), money, min_size=1).map(
    lambda rows: pd.Series(rows, dtype="float64")
)
some_cuts = st.lists(
    st.integers(1, 99).map(lambda x: x / 100), min_size=1, max_size=5, unique=True
).map(sorted)


@settings(max_examples=40)
@given(spends, some_cuts)
def test_tiers_sum_to_n_and_nobody_spends_less_than_the_tier_below(spend, cuts):
    tiers = pyramid_tiers(spend, cuts=cuts)
    assert len(tiers) == len(spend)
    assert tiers["customer_id"].is_monotonic_increasing
    names = pyramid(spend.abs() + 1, cuts=cuts)["tier"]
    lowest = tiers.groupby("tier")["spend"].min().reindex(names).dropna()
    highest = tiers.groupby("tier")["spend"].max().reindex(names).dropna()
    assert (lowest.to_numpy()[:-1] >= highest.to_numpy()[1:]).all()


@settings(max_examples=40)
@given(spends)
def test_the_pyramid_counts_everybody_and_every_coin(spend):
    table = pyramid(spend.abs() + 1)
    assert table["customers"].sum() == len(spend)
    assert table["spend"].sum() == pytest.approx((spend.abs() + 1).sum())
    assert table[["share_of_customers", "share_of_spend"]].sum().tolist() == pytest.approx([1, 1])


@settings(max_examples=40)
@given(spends, st.randoms(use_true_random=False))
def test_row_order_does_not_matter_and_the_input_is_untouched(spend, random):
    shuffled = spend.sample(frac=1, random_state=random.randrange(2**32))
    before = shuffled.copy()
    pd.testing.assert_frame_equal(pyramid_tiers(shuffled), pyramid_tiers(spend))
    pd.testing.assert_frame_equal(metal_tiers(shuffled), metal_tiers(spend))
    pd.testing.assert_series_equal(shuffled, before)


# when misused


@pytest.mark.parametrize("cuts", [[1, 5, 20], [0.05, 0.01], [0.2, 0.2], [0], [1.0], []])
def test_refuses_cuts_that_do_not_rise_between_nobody_and_everybody(cuts):
    with pytest.raises(OutOfRangeError, match=r"cumulative shares .* such as \(0\.01, 0\.05"):
        pyramid(SPEND, cuts=cuts)


@pytest.mark.parametrize("names", [["a", "b"], ["a", "b", "c", "c"]])
def test_refuses_names_that_do_not_fit_the_cuts(names):
    with pytest.raises(CrmlabError, match="3 cuts make 4 tiers, each with a name of its own"):
        pyramid(SPEND, names=names)


def test_refuses_a_metal_pyramid_of_other_than_four_cuts():
    with pytest.raises(CrmlabError, match="2 cuts make 3 tiers"):
        metal_pyramid(SPEND, cuts=[0.1, 0.2])


def test_names_the_customers_without_spend_and_those_with_two_rows():
    with pytest.raises(BadRowsError, match=r"2 customer\(s\) have no spend: 'a', 'c'"):
        pyramid(pd.Series([np.nan, 1.0, None], index=[*"abc"]))
    with pytest.raises(BadRowsError, match=r"2 customer\(s\) have no finite spend: 'a', 'c'"):
        pyramid(pd.Series([np.inf, 1.0, -np.inf], index=[*"abc"]))
    with pytest.raises(BadRowsError, match=r"1 customer\(s\) have more than one row; sum .* 'a'"):
        pyramid(pd.Series([1.0, 2.0, 3.0], index=[*"aba"]))


def test_names_only_the_first_ten_of_many():
    with pytest.raises(BadRowsError, match=r"^12 customer.*: 0, 1, .*, 9, …\.$"):
        pyramid(pd.Series(np.full(12, np.nan)))


def test_refuses_rows_without_a_customer():
    with pytest.raises(BadRowsError, match=r"no customer id \(row numbers from 0\): 1\."):
        pyramid(pd.Series([1.0, 2.0], index=["a", None]))


def test_refuses_customers_who_spent_nothing_between_them():
    with pytest.raises(OutOfRangeError, match="these 2 customers sum to 0"):
        pyramid(pd.Series([5.0, -5.0]))


def test_refuses_what_is_no_money_per_customer():
    with pytest.raises(MissingColumnsError, match=r"missing \['monetary'\]; .* with value=…"):
        pyramid(SPEND.rename("money").to_frame())
    with pytest.raises(WrongTypeError, match=r"value='spend' names a column of a frame"):
        pyramid(SPEND, value="spend")
    with pytest.raises(WrongTypeError, match=r"spend must hold numbers; got str"):
        pyramid(pd.DataFrame({"customer_id": [1], "spend": ["12"]}))
    by_two = pd.Series([1.0], index=pd.MultiIndex.from_tuples([(7, "web")], names=["id", "shop"]))
    with pytest.raises(CrmlabError, match=r"got Series with index \['id', 'shop'\]"):
        pyramid(by_two)
    with pytest.raises(CrmlabError, match=r"got list with index None"):
        pyramid([1.0, 2.0])  # pyright: ignore[reportArgumentType]
    with pytest.raises(OutOfRangeError, match="number of customers must be 1 or more; got 0"):
        pyramid(SPEND.head(0))
    for wrong in (["1", "2"], [True, False], [Decimal(1), Decimal(2)]):
        with pytest.raises(CrmlabError, match="must hold numbers"):
            pyramid(pd.Series(wrong))


def test_refuses_ids_of_two_types_which_have_no_order():
    with pytest.raises(CrmlabError, match=r"index\.astype\(str\)"):
        pyramid(pd.Series([1.0, 2.0], index=[1, "b"]))
