"""OK's table and strategy: what two readings of growth imply, and where the plan has a gap."""

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from crmlab.accounts import ok_indices, ok_strategy, share_readings, strategy_trace
from crmlab.errors import BadRowsError, OutOfRangeError

# by hand


@pytest.mark.curriculum("S102")
def test_the_table_is_the_printed_one_and_both_readings_imply_what_they_do():
    table = ok_indices()
    printed = {
        "market_share": [15, 35, 40],
        "profit_margin": [5, 9, 10],
        "share_growth": [12, 4, 3],
        "profit_growth": [-3, 2, 2],
    }
    for name, percents in printed.items():
        assert (table[name] * 100).round(6).tolist() == percents
    assert table["new_products"].tolist() == [6, 2, 1]
    assert table["market_share"].sum() == pytest.approx(0.90)
    found = share_readings(table).set_index(["reading", "firm"])
    # I28: relative gives 13.4, 33.7, 38.8 and others 14.1 -> 10; points 3, 31, 37 and 29.
    before = (found["share_before"] * 100).round(1)
    assert before.loc["relative"].tolist() == [13.4, 33.7, 38.8, 14.1]
    assert before.loc["points"].tolist() == [3.0, 31.0, 37.0, 29.0]
    assert found["share_now"].loc[:, "others"].tolist() == pytest.approx([0.1, 0.1])
    assert found.loc[("relative", "others"), "growth"] == pytest.approx(-0.29, abs=0.005)
    # Profit down 3 % on five times the share needs a margin of 26 % the year before.
    assert found.loc[("points", "OK"), "margin_before"] == pytest.approx(0.05 * 5 / 0.97)
    assert found.loc[("relative", "OK"), "margin_before"] == pytest.approx(0.05 * 1.12 / 0.97)


@pytest.mark.curriculum("S104")
def test_each_weakness_is_traced_to_actions_and_the_managers_have_none():
    links = ok_strategy()
    answers, serves = (links[links["kind"] == kind] for kind in ("answers", "serves"))
    assert (answers["target"].nunique(), serves["target"].nunique()) == (4, 4)
    found = strategy_trace().set_index("weakness")
    assert found.index.tolist() == ["W1", "W2", "W3"]
    assert found["gap"].tolist() == [False, False, True]
    assert found.loc["W3", "unserved"] == "managers who cooperate"
    # With an action for it, the gap is closed.
    more = pd.DataFrame(
        {"source": ["managers who cooperate"], "target": ["one bonus"], "kind": ["serves"]}
    )
    assert not strategy_trace(pd.concat([links, more]))["gap"].any()


# for any data


@given(
    st.lists(st.tuples(st.sampled_from(["W1", "W2"]), st.sampled_from("abc")), min_size=1),
    st.lists(st.tuples(st.sampled_from("abc"), st.sampled_from(["x", "y"]))),
)
def test_there_is_a_gap_where_no_path_leads(answers, serves):
    rows = [(*pair, "answers") for pair in answers] + [(*pair, "serves") for pair in serves]
    found = strategy_trace(pd.DataFrame(rows, columns=["source", "target", "kind"]))
    for row in found.itertuples():
        reached = {x for w, f in answers if w == row.weakness for g, x in serves if f == g}
        assert row.gap == (not reached)
        assert row.actions == ", ".join(sorted(reached))


@given(st.lists(st.floats(0.01, 0.3), min_size=2, max_size=3), st.floats(-0.2, 0.3))
def test_shares_before_and_now_are_each_one_together(shares, growth):
    firms = pd.DataFrame({"firm": [*"ABC"[: len(shares)]], "market_share": shares})
    firms = firms.assign(profit_margin=0.1, share_growth=growth, profit_growth=0.0)
    found = share_readings(firms).groupby("reading")
    for column in ("share_before", "share_now"):
        assert found[column].sum().tolist() == pytest.approx([1, 1])


# when misused


def test_a_reading_that_cannot_be_is_told_and_wrong_tables_are_refused():
    table = ok_indices().assign(share_growth=[0.20, 0.04, 0.03])
    found = share_readings(table).groupby("reading")["possible"].first()
    assert found.to_dict() == {"points": False, "relative": True}
    with pytest.raises(BadRowsError, match=r"15 % is 0\.15"):
        share_readings(ok_indices().assign(market_share=[15.0, 35, 40]))
    with pytest.raises(OutOfRangeError, match="market_growth"):
        share_readings(ok_indices(), market_growth=-1)
    with pytest.raises(BadRowsError, match="neither 'answers' nor 'serves'"):
        strategy_trace(ok_strategy().assign(kind="leads to"))
    with pytest.raises(OutOfRangeError, match="no weakness is linked"):
        strategy_trace(ok_strategy().loc[lambda one: one["kind"] == "serves"])


def test_margins_in_percent_endless_growth_and_a_firm_called_others_are_refused():
    percents = ok_indices().assign(profit_margin=[5.0, 9, 10])
    with pytest.raises(BadRowsError, match=r"5 % is 0\.05"):
        share_readings(percents)
    # A firm may sell nothing but profit, and may lose more than it sells.
    assert len(share_readings(ok_indices().assign(profit_margin=[1.0, -2, 0]))) == 8
    for growth in (float("inf"), float("nan"), "0"):
        with pytest.raises(OutOfRangeError, match="market_growth"):
            share_readings(ok_indices(), market_growth=growth)
    with pytest.raises(BadRowsError, match="may be called 'others'"):
        share_readings(ok_indices().assign(firm=["others", "X", "Y"]))
