"""cost_to_serve, shift_events, net_value, whale_curve, value_cost: by hand and when misused."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from crmlab.errors import (
    BadRowsError,
    CrmlabError,
    MissingColumnsError,
    MixedCurrenciesError,
    OutOfRangeError,
    UnknownNameError,
)
from crmlab.pyramid import (
    cost_to_serve,
    net_value,
    shift_events,
    simulate_service,
    value_cost,
    whale_curve,
)

# The two tariffs that the field quotes, in two currencies.
TARIFF = pd.DataFrame(
    {"event": ["transaction", "enquiry"], "cost": [17, 25], "currency": ["HKD", "USD"]}
)
HKD = pd.DataFrame({"event": ["branch", "online"], "cost": [17.0, 1.0], "currency": ["HKD", "HKD"]})
ACCOUNTS = pd.DataFrame(
    {
        "customer_id": ["Bob", "Ann", "Cy"],
        "spend": [5_000.0, 900.0, 100.0],
        "margin": [1_500.0, 300.0, 30.0],
        "upkeep": [60, 60, 60],
        "acquisition_cost": [300, 300, 0],
        "currency": "HKD",
    }
)
SERVICE = pd.DataFrame({"customer_id": ["Ann", "Bob"], "cost": [17.0, 1_700.0], "currency": "HKD"})


def happened(*rows):
    return pd.DataFrame(rows, columns=["customer_id", "event", "count"])


# by hand


@pytest.mark.curriculum("S69")
def test_100_transactions_cost_1700_hkd_and_4_enquiries_100_usd():
    bank = cost_to_serve(happened(("Ann", "transaction", 100)), TARIFF)
    card = cost_to_serve(happened(("Ann", "enquiry", 4)), TARIFF)
    assert bank[["cost", "currency"]].to_numpy().tolist() == [[1_700.0, "HKD"]]
    assert card[["cost", "currency"]].to_numpy().tolist() == [[100.0, "USD"]]


@pytest.mark.curriculum("S69")
def test_hkd_and_usd_are_never_added():
    both = happened(("Ann", "transaction", 100), ("Ann", "enquiry", 4))
    with pytest.raises(MixedCurrenciesError, match=r"money in \['HKD', 'USD'\] cannot be added"):
        cost_to_serve(both, TARIFF)


def test_events_of_a_customer_are_summed_and_a_row_without_a_count_is_one():
    events = happened(("Cy", "branch", 1), ("Ann", "online", 1), ("Cy", "online", 1))
    expected = pd.DataFrame(
        {
            "customer_id": ["Ann", "Cy"],
            "events": [1.0, 2.0],
            "cost": [1.0, 18.0],
            "currency": ["HKD", "HKD"],
        }
    )
    pd.testing.assert_frame_equal(cost_to_serve(events, HKD), expected)
    pd.testing.assert_frame_equal(cost_to_serve(events.drop(columns="count"), HKD), expected)


def test_a_share_of_the_branch_moves_online_and_nothing_else_does():
    events = happened(("Ann", "branch", 10), ("Ann", "online", 5))
    shifted = shift_events(events, source="branch", target="online", share=0.4)
    table = shifted.groupby("event")["count"].sum()
    assert table.to_dict() == {"branch": 6, "online": 9}
    assert cost_to_serve(shifted, HKD)["cost"].tolist() == [6 * 17 + 9 * 1]
    assert shifted.index.tolist() == [0, 1, 2]
    whole = shift_events(events.drop(columns="count"), source="branch", target="online", share=1)
    assert whole.groupby("event")["count"].sum().to_dict() == {"branch": 0, "online": 2}


def test_the_best_buyer_may_be_the_worst_customer():
    net = net_value(ACCOUNTS, SERVICE)
    expected = pd.DataFrame(
        {
            "customer_id": ["Ann", "Bob", "Cy"],
            "spend": [900.0, 5_000.0, 100.0],
            "margin": [300.0, 1_500.0, 30.0],
            "service": [17.0, 1_700.0, 0.0],
            "upkeep": [60.0, 60.0, 60.0],
            "acquisition": [60.0, 60.0, 0.0],
            "net_value": [163.0, -320.0, -30.0],
        }
    )
    pd.testing.assert_frame_equal(net, expected)


def test_a_shorter_life_bears_more_of_the_acquisition():
    net = net_value(ACCOUNTS.drop(columns=["spend", "currency"]), SERVICE, life_years=2)
    assert net["acquisition"].tolist() == [150, 150, 0]
    assert "spend" not in net


def test_the_whale_curve_rises_to_a_hump_and_falls_to_the_total():
    expected = pd.DataFrame(
        {
            "share_of_customers": [0, 0.25, 0.5, 0.75, 1],
            "cumulative_value": [0.0, 80, 120, 120, 100],
            "share_of_total": [0, 0.8, 1.2, 1.2, 1],
        }
    )
    found = whale_curve(pd.Series([0.0, -20, 80, 40]))
    pd.testing.assert_frame_equal(found, expected)


def test_a_whale_under_water_has_money_and_no_shares():
    curve = whale_curve(pd.Series([10.0, -30.0]))
    assert curve["cumulative_value"].tolist() == [0, 10, -20]
    assert curve["share_of_total"].isna().all()
    assert whale_curve(pd.Series([1.0, -1.0]))["share_of_total"].isna().all()
    assert whale_curve(pd.Series([0.75, -0.25]))["share_of_total"].tolist() == [0, 1.5, 1]


def test_four_kinds_by_margin_and_cost_with_high_strictly_above_the_line():
    net = pd.DataFrame(
        {
            "margin": [9.0, 9, 1, 1, 5],
            "service": [0.0, 8, 0, 8, 3],
            "upkeep": 1.0,
            "acquisition": 1.0,
            "net_value": 0.0,
        }
    )
    found = value_cost(net)
    kinds = ["passive", "carriage trade", "bargain basement", "aggressive", "bargain basement"]
    assert found["kind"].tolist() == kinds
    assert found["cost"].tolist() == [2, 10, 2, 10, 5]
    assert found[["margin_line", "cost_line"]].drop_duplicates().to_numpy().tolist() == [[5, 5]]
    assert found["center"].unique().tolist() == ["median"]
    by_mean = value_cost(net.assign(margin=net["margin"] + 3), center="mean")
    assert by_mean["margin_line"].unique() == pytest.approx([8])
    assert by_mean["cost_line"].unique() == pytest.approx([5.8])
    assert by_mean["center"].unique().tolist() == ["mean"]
    # A margin between the two lines: 8 lies on its own line, and above that of the costs.
    assert by_mean["kind"].tolist() == kinds


# against the formula


@pytest.mark.curriculum("S68")
def test_net_values_sum_to_the_total_margin_less_the_total_costs():
    service, _ = simulate_service(2_000, seed=3)
    net = net_value(service.accounts, cost_to_serve(service.events, service.tariff))
    price = service.tariff.set_index("event")["cost"]
    served = (service.events["count"] * service.events["event"].map(price)).sum()
    accounts = service.accounts
    costs = served + accounts["upkeep"].sum() + accounts["acquisition_cost"].sum() / 5
    assert net["net_value"].sum() == pytest.approx(accounts["margin"].sum() - costs)


@pytest.mark.curriculum("S70")
@pytest.mark.parametrize("seed", range(20))
def test_the_ranks_by_spend_and_by_net_value_differ_in_the_planted_case(seed):
    service, truth = simulate_service(1_000, seed=seed)
    net = net_value(service.accounts, cost_to_serve(service.events, service.tariff))
    by_spend = net.sort_values("spend", ascending=False)["customer_id"].tolist()
    by_value = net.sort_values("net_value", ascending=False)["customer_id"].tolist()
    assert by_spend[:10] != by_value[:10]
    # Two of the ten best buyers are planted as demanding; they stand at the bottom by value.
    demanding = {*truth.loc[truth["demanding"], "customer_id"]}
    planted = [one for one in by_spend[:10] if one in demanding]
    assert len(planted) == 2
    assert all(by_value.index(one) > 900 for one in planted)


# for any data


@given(st.lists(st.floats(-1e6, 1e6).map(lambda x: round(x, 2)), min_size=1))
def test_the_hump_is_the_sum_of_the_gains_and_the_end_is_the_total(values):
    curve = whale_curve(pd.Series(values))["cumulative_value"]
    assert curve.max() == pytest.approx(sum(value for value in values if value > 0))
    assert curve.iloc[-1] == pytest.approx(sum(values), abs=1e-6)


@given(st.permutations(range(3)))
def test_row_order_does_not_matter_and_the_inputs_are_untouched(order):
    accounts, events = ACCOUNTS.iloc[order], happened(("Cy", "branch", 1), ("Ann", "online", 2))
    copies = accounts.copy(), events.copy()
    found = net_value(accounts, cost_to_serve(events.iloc[::-1], HKD.iloc[::-1]))
    pd.testing.assert_frame_equal(found, net_value(ACCOUNTS, cost_to_serve(events, HKD)))
    pd.testing.assert_frame_equal(accounts, copies[0])
    pd.testing.assert_frame_equal(events, copies[1])


# when misused


def test_an_event_needs_a_cost_and_only_one():
    with pytest.raises(BadRowsError, match=r"no cost for \['visit'\]; it names \['branch'"):
        cost_to_serve(happened(("Ann", "visit", 1)), HKD)
    with pytest.raises(BadRowsError, match=r"\['branch'\] stand more than once in the tariff"):
        cost_to_serve(happened(("Ann", "branch", 1)), pd.concat([HKD, HKD]))


def test_refuses_no_events_and_negative_numbers_and_gaps():
    with pytest.raises(OutOfRangeError, match="there are no events"):
        cost_to_serve(happened(), HKD)
    with pytest.raises(OutOfRangeError, match=r"count must be 0 or more; it is not in rows \[1\]"):
        cost_to_serve(happened(("Ann", "branch", 1), ("Ann", "branch", -1)), HKD)
    with pytest.raises(OutOfRangeError, match="cost must be 0 or more"):
        cost_to_serve(happened(("Ann", "branch", 1)), HKD.assign(cost=-HKD["cost"]))
    with pytest.raises(BadRowsError, match=r"no count: \[0\]"):
        cost_to_serve(happened(("Ann", "branch", np.nan)), HKD)


def test_a_channel_that_nobody_uses_cannot_be_left():
    events = happened(("Ann", "branch", 1))
    with pytest.raises(UnknownNameError, match=r"no event 'shop'.*\['branch'\]"):
        shift_events(events, source="shop", target="online", share=0.5)
    with pytest.raises(OutOfRangeError, match="share not a percent"):
        shift_events(events, source="branch", target="online", share=50)


def test_a_served_stranger_and_an_account_in_two_rows_are_named():
    with pytest.raises(BadRowsError, match=r"1 served customer\(s\) have no account: \['Bob'\]"):
        net_value(ACCOUNTS[ACCOUNTS["customer_id"] != "Bob"], SERVICE)
    with pytest.raises(BadRowsError, match=r"\['Ann'\] stand more than once in service"):
        net_value(ACCOUNTS, pd.concat([SERVICE, SERVICE.head(1)]))
    with pytest.raises(BadRowsError, match=r"stand more than once in accounts"):
        net_value(pd.concat([ACCOUNTS, ACCOUNTS]), SERVICE)


def test_a_margin_in_one_currency_bears_no_cost_in_another():
    with pytest.raises(MixedCurrenciesError, match=r"\['CNY', 'HKD'\]"):
        net_value(ACCOUNTS.assign(currency="CNY"), SERVICE)
    with pytest.raises(MixedCurrenciesError, match=r"\['HKD', 'USD'\]"):
        net_value(ACCOUNTS.drop(columns="currency"), SERVICE.assign(currency=["HKD", "USD"]))


def test_refuses_a_life_of_no_years():
    with pytest.raises(OutOfRangeError, match="life_years must be a finite number above 0"):
        net_value(ACCOUNTS, SERVICE, life_years=0)


EVENTS = happened(("Ann", "branch", 1))
NET = net_value(ACCOUNTS, SERVICE)
FRAMES = {
    "events": (EVENTS, lambda one: cost_to_serve(one, HKD), "customer_id event"),
    "tariff": (HKD, lambda one: cost_to_serve(EVENTS, one), "event cost currency"),
    "moved events": (
        EVENTS,
        lambda one: shift_events(one, source="branch", target="online", share=0.5),
        "customer_id event",
    ),
    "accounts": (
        ACCOUNTS,
        lambda one: net_value(one, SERVICE),
        "customer_id margin upkeep acquisition_cost",
    ),
    "service": (SERVICE, lambda one: net_value(ACCOUNTS, one), "customer_id cost currency"),
    "net": (NET, value_cost, "margin service upkeep acquisition net_value"),
}
NEEDED = [(kind, column) for kind, (_, _, columns) in FRAMES.items() for column in columns.split()]


@pytest.mark.parametrize(("kind", "column"), NEEDED)
def test_every_column_that_is_read_is_asked_for_by_its_name(kind, column):
    frame, measure, _ = FRAMES[kind]
    with pytest.raises(MissingColumnsError, match=rf"missing \['{column}'\]"):
        measure(frame.drop(columns=column))
    if kind not in ("net", "moved events"):
        gone = frame.copy()
        gone[column] = gone[column].where(gone.index > 0)
        with pytest.raises(BadRowsError, match=rf"no {column}: \[0\]"):
            measure(gone)


@pytest.mark.parametrize(
    ("kind", "column"),
    [
        *(("tariff", "cost"), ("accounts", "margin"), ("accounts", "upkeep"), ("service", "cost")),
        *(("accounts", "acquisition_cost"), ("net", "margin"), ("net", "upkeep")),
    ],
)
def test_numbers_as_text_are_refused_by_their_column(kind, column):
    frame, measure, _ = FRAMES[kind]
    with pytest.raises(CrmlabError, match=column):
        measure(frame.assign(**{column: frame[column].astype("str")}))


def test_says_which_frame_it_wants():
    with pytest.raises(MissingColumnsError, match=r"missing \['margin'\]"):
        net_value(ACCOUNTS.drop(columns="margin"), SERVICE)
    with pytest.raises(MissingColumnsError, match=r"missing \['currency'\]"):
        cost_to_serve(happened(("Ann", "branch", 1)), HKD.drop(columns="currency"))
    with pytest.raises(OutOfRangeError, match=r"center must be 'mean' or 'median'.* of 3"):
        value_cost(net_value(ACCOUNTS, SERVICE), center="mode")
    with pytest.raises(OutOfRangeError, match="of 0"):
        value_cost(net_value(ACCOUNTS, SERVICE).head(0))
