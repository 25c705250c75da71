"""relationship_types: transactional customers and three kinds of relationship."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from crmlab.company import load_company
from crmlab.customers import (
    quarterly_profit,
    relationship_types,
    simulate_relationships,
    type_confusion,
)
from crmlab.errors import BadRowsError, MissingColumnsError, OutOfRangeError

TYPES = {"transactional", "largest", "growing", "fading"}


def quarters(**profits):
    """Return a frame of customers with these profits, one purchase for each that is not 0."""
    count = len(next(iter(profits.values())))
    return pd.DataFrame(
        {
            "customer_id": np.repeat([*profits], count),
            "quarter": [*range(1, count + 1)] * len(profits),
            "profit": np.concatenate([*profits.values()]).astype("float64"),
            "purchases": (np.concatenate([*profits.values()]) != 0).astype("int64"),
        }
    )


FOUR = quarters(big=[9, 9, 9, 9], up=[1, 2, 3, 4], down=[8, 6, 4, 2], rare=[0, 0, 0, 50])

# by hand


def test_the_types_of_four_customers():
    table = relationship_types(FOUR, largest_share=0.5).set_index("customer_id")
    assert table["type"].to_dict() == {
        "big": "largest",
        "up": "growing",
        "down": "fading",
        "rare": "transactional",
    }
    # Slopes 0, 1, -2, 15 over means 9, 2.5, 5, 12.5.
    np.testing.assert_allclose(
        table.loc[["big", "up", "down", "rare"], "trend"], [0, 0.4, -0.4, 1.2]
    )
    assert table.loc["rare", "active_share"] == 0.25
    assert table["profit_now"].to_dict() == {"big": 36, "down": 20, "rare": 50, "up": 10}


def test_deals_and_losses_make_a_customer_transactional():
    deals = FOUR.assign(deals=[1, 1, 1, 0] + [0] * 12)
    types = relationship_types(deals).set_index("customer_id")
    assert types.loc["big", ["type", "deals_share"]].tolist() == ["transactional", 0.75]
    losses = relationship_types(quarters(a=[-1, -1, -1, -1], b=[1, 1, 1, 1]))
    # A fifth of one relational customer, rounded, is none.
    assert losses["type"].tolist() == ["transactional", "growing"]
    assert np.isnan(losses["trend"].iloc[0])


def test_ties_at_the_limit_are_all_taken():
    table = relationship_types(
        quarters(a=[5, 5, 5], b=[5, 5, 5], c=[1, 1, 1]), largest_share=0.4, recent=3
    )
    assert table["type"].tolist() == ["largest", "largest", "growing"]
    assert {*relationship_types(FOUR, largest_share=0)["type"]} == TYPES - {"largest"}


def test_quarterly_profit_by_hand():
    bought = pd.DataFrame(
        {
            "purchase_id": [1, 2, 3, 4],
            "customer_id": [5, 5, 5, 6],
            "date": pd.to_datetime(["2024-01-10", "2024-04-01", "2024-06-30", "2023-12-31"]),
            "amount": [100.0, 40.0, -10.0, 70.0],
        }
    )
    table = quarterly_profit(bought, margin=0.3, quarters=2, deals=pd.Series([2, 3]))
    assert table["customer_id"].tolist() == [5, 5, 6, 6]
    np.testing.assert_allclose(table["profit"], [30, 9, 0, 0])
    assert table["purchases"].tolist() == [1, 1, 0, 0]
    assert table["deals"].tolist() == [0, 1, 0, 0]


def test_confusion_by_hand():
    types = pd.DataFrame({"customer_id": [1, 2, 3], "type": ["fading", "growing", "fading"]})
    truth = pd.DataFrame({"customer_id": [3, 2, 1], "type": ["largest", "fading", "fading"]})
    table = type_confusion(types, truth)
    assert len(table) == 16
    seen = table[table["customers"] > 0].set_index(["true_type", "found_type"])
    assert seen["recall"].to_dict() == {
        ("largest", "fading"): 1.0,
        ("fading", "growing"): 0.5,
        ("fading", "fading"): 0.5,
    }
    assert seen["precision"].tolist() == [0.5, 1.0, 0.5]
    assert table.query("true_type == 'growing'")["recall"].isna().all()


def test_quarters_before_the_file_begins_are_not_taken_for_idle_ones():
    bought = pd.DataFrame({"purchase_id": [1, 2], "customer_id": 5, "amount": 9.0})
    bought["date"] = pd.to_datetime(["2024-01-10", "2024-06-30"])
    with pytest.raises(OutOfRangeError, match="Take quarters=2 or fewer"):
        quarterly_profit(bought, margin=0.3, quarters=3)
    assert quarterly_profit(bought, margin=0.3, quarters=2)["purchases"].tolist() == [1, 1]
    # The last day of the first quarter is in it.
    bought.loc[0, "date"] = pd.Timestamp("2023-12-31")
    assert len(quarterly_profit(bought, margin=0.3, quarters=3)) == 3


# against the truth


@pytest.mark.curriculum("S49")
@pytest.mark.parametrize("seed", range(101, 111))
def test_the_types_partition_the_base_and_four_in_five_of_type_c_are_found(seed):
    data, truth = simulate_relationships(1_000, seed=seed)
    types = relationship_types(data)
    assert types["customer_id"].tolist() == truth["customer_id"].tolist()
    assert {*types["type"]} == TYPES
    table = type_confusion(types, truth).set_index(["true_type", "found_type"])
    assert table.loc[("fading", "fading"), "recall"] >= 0.8
    assert table.loc[("fading", "fading"), "precision"] >= 0.8
    assert table.loc[("transactional", "transactional"), "recall"] >= 0.95


def test_without_noise_hardly_anybody_is_mistaken_and_with_more_noise_more_are():
    def recall(noise):
        data, truth = simulate_relationships(3_000, noise=noise, seed=113)
        table = type_confusion(relationship_types(data), truth)
        return table.query("true_type == found_type == 'fading'")["recall"].iloc[0]

    assert recall(0) > recall(0.25) > recall(0.8)
    assert recall(0) > 0.95


def test_every_customer_of_the_firm_has_one_type():
    company, _ = load_company()
    table = relationship_types(quarterly_profit(company.purchases, margin=0.3, as_of="2024-12-31"))
    assert len(table) == len(company.people)
    assert {*table["type"]} == TYPES


# the simulator


def test_the_simulator_keeps_to_its_docstring():
    data, truth = simulate_relationships(20_000, noise=0.0, seed=117)
    for kind, share in {
        "transactional": 0.4,
        "largest": 0.1,
        "growing": 0.3,
        "fading": 0.2,
    }.items():
        # 3 standard errors of a share.
        tolerance = 3 * np.sqrt(share * (1 - share) / 20_000)
        assert (truth["type"] == kind).mean() == pytest.approx(share, abs=tolerance)
    both = data.merge(truth, on="customer_id")
    grid = both[both["type"] == "fading"].pivot(
        index="customer_id", columns="quarter", values="profit"
    )
    growth = (grid[8] / grid[1]) ** (1 / 7) - 1
    assert growth.mean() == pytest.approx(-0.14, abs=3 * 0.03 / np.sqrt(len(grid)))
    # The median of a lognormal has a standard error of 1.2533 sigma / sqrt(n) in logarithms.
    assert np.log(grid[1].median() / 200) == pytest.approx(
        0, abs=3 * 1.2533 * 0.3 / np.sqrt(len(grid))
    )
    rare = both[both["type"] == "transactional"]
    share = (rare["purchases"] > 0).mean()
    assert share == pytest.approx(0.25, abs=3 * np.sqrt(0.1875 / len(rare)))
    assert (data["deals"] <= data["purchases"]).all()


# for any data

profits = st.lists(st.integers(-20, 100), min_size=4, max_size=4)


@given(st.lists(profits, min_size=1, max_size=6))
def test_everybody_has_exactly_one_type_whatever_the_order(drawn):
    frame = quarters(**{f"c{place}": one for place, one in enumerate(drawn)})
    before = frame.copy()
    table = relationship_types(frame)
    assert len(table) == len(drawn)
    assert {*table["type"]} <= TYPES
    pd.testing.assert_frame_equal(table, relationship_types(frame.iloc[::-1]))
    pd.testing.assert_frame_equal(frame, before)


# when misused


def test_refuses_frames_and_limits_it_cannot_use():
    with pytest.raises(BadRowsError, match=r"\['up'\] lack a quarter"):
        relationship_types(FOUR.drop(index=5))
    with pytest.raises(BadRowsError, match="repeat a quarter"):
        relationship_types(pd.concat([FOUR, FOUR]))
    with pytest.raises(OutOfRangeError, match="not evenly spaced"):
        relationship_types(FOUR.replace({"quarter": {4: 9}}))
    with pytest.raises(OutOfRangeError, match="number of quarters must be 3"):
        relationship_types(FOUR[FOUR["quarter"] < 3])
    with pytest.raises(OutOfRangeError, match="at most the 4 quarters"):
        relationship_types(FOUR, recent=5)
    with pytest.raises(OutOfRangeError, match="falling must be below 0"):
        relationship_types(FOUR, falling=0.1)
    with pytest.raises(OutOfRangeError, match="regular must lie in"):
        relationship_types(FOUR, regular=50)
    with pytest.raises(MissingColumnsError, match="'profit'"):
        relationship_types(FOUR.drop(columns="profit"))
    with pytest.raises(BadRowsError, match=r"row\(s\) \[0\].*more deals than purchases"):
        relationship_types(FOUR.assign(deals=[2] + [0] * 15))
    with pytest.raises(BadRowsError, match=r"row\(s\) \[0\].*below 0"):
        relationship_types(FOUR.assign(purchases=[-1] + [1] * 15))
    types = relationship_types(FOUR)
    with pytest.raises(BadRowsError, match="no type"):
        type_confusion(types.assign(type=[None, *types["type"][1:]]), types)
    with pytest.raises(BadRowsError, match="the same customers"):
        type_confusion(types, types.head(2))


@pytest.mark.parametrize(
    "wrong", [{"n": 0}, {"quarters": 2}, {"noise": -1}, {"shares": {"largest": 1.0}}]
)
def test_the_simulator_refuses_worlds_that_there_are_not(wrong):
    with pytest.raises(OutOfRangeError):
        simulate_relationships(**{"n": 10, "seed": 1, **wrong})


def test_columns_that_know_missing_values_are_read_as_others_are():
    found = relationship_types(FOUR.convert_dtypes())
    pd.testing.assert_frame_equal(found, relationship_types(FOUR), check_dtype=False)
    with pytest.raises(OutOfRangeError, match="a DataFrame is needed here"):
        relationship_types(None)
