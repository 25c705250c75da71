"""dependencies, anomalies, and a sheet brought to order."""

from itertools import combinations

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crmlab.database import (
    anomalies,
    dependencies,
    lost_facts,
    mended,
    several_values,
    simulate_order_sheet,
    split_cells,
)
from crmlab.database.simulate.sheet import TWO_VALUES
from crmlab.errors import AmbiguousError, MissingColumnsError, OutOfRangeError

RULES = {
    "order_id": ["date", "customer"],
    "customer": ["phone", "address"],
    "product": ["category", "price_cny"],
}
SHEET, TRUTH = simulate_order_sheet(300, moved=15, misspelt=4, doubled=20, seed=3)
SPLIT = split_cells(SHEET, columns=TWO_VALUES)
SMALL = pd.DataFrame(
    {
        "a": ["x", "x", "x", "y", "y"],
        "b": [1.0, 1.0, 2.0, None, None],
        "c": [1, 2, 3, 4, 5],
    }
)


def pairs(found):
    return {*zip(found["determinant"], found["dependent"], strict=True)}


def rows_to_remove(frame, left, name):
    """G3 from its definition: the least number of rows whose removal leaves no contradiction."""
    kept = 0
    for _, group in frame.fillna("missing").astype(object).groupby([*left]):
        kept += group[name].value_counts().max()
    return len(frame) - kept


# dependencies, by hand


def test_the_error_is_the_share_of_rows_that_would_have_to_go():
    found = dependencies(SMALL, max_error=0.2, most_columns=1)
    # b of x is 1, 1, 2: one of five rows breaks a -> b. c tells every row apart: not one test.
    assert found.to_dict("list") == {
        "determinant": ["a", "b"],
        "dependent": ["b", "a"],
        "error": [0.2, 0.0],
        "rows": [1, 0],
        "tested": [3, 2],
    }
    assert found.dtypes.astype(str).tolist() == ["str", "str", "float64", "int64", "int64"]


def test_without_tests_asked_for_keys_are_listed_too():
    found = dependencies(SMALL, min_tested=0, max_error=0)
    assert pairs(found) == {("b", "a"), ("c", "a"), ("c", "b")}
    assert found["tested"].tolist() == [2, 0, 0]


def test_what_fewer_columns_determine_is_not_listed_again():
    frame = pd.DataFrame(
        {"p": [1, 1, 2, 2], "q": [1, 2, 1, 2], "r": [1, 1, 2, 2], "s": [1, 2, 2, 1]}
    )
    found = dependencies(frame, min_tested=0, max_error=0)
    assert pairs(found) == {
        ("p", "r"), ("r", "p"), ("p + q", "s"), ("p + s", "q"), ("q + r", "s"), ("q + s", "p"),
        ("q + s", "r"), ("r + s", "q"),
    }  # fmt: skip
    assert pairs(dependencies(frame, columns=["q", "p", "s"], min_tested=0, max_error=0)) == {
        ("q + p", "s"), ("q + s", "p"), ("p + s", "q")
    }  # fmt: skip


def test_the_rules_of_the_shop_are_found_through_its_errors():
    found = dependencies(SPLIT, most_columns=1, max_error=0.2)  # one customer in five moved
    wanted = {(left, name) for left, names in RULES.items() for name in names}
    assert wanted <= pairs(found)
    exact = dependencies(TRUTH.sheet, most_columns=1, max_error=0)
    assert wanted <= pairs(exact)
    assert ("price_cny", "product") not in pairs(exact)  # two products cost the same


# dependencies, for any data

frames = st.integers(2, 4).flatmap(
    lambda width: st.lists(
        st.tuples(*[st.sampled_from(["u", "v", None])] * width), min_size=1, max_size=9
    ).map(lambda rows: pd.DataFrame(rows, columns=[*"abcd"[:width]]))
)


@settings(max_examples=40)
@given(frames, st.randoms())
def test_the_error_is_that_of_the_definition_and_the_order_of_rows_does_not_matter(frame, random):
    found = dependencies(frame, max_error=0.999, min_tested=0, most_columns=1)
    for left, name in combinations(frame.columns, 2):
        for x, a in ((left, name), (name, left)):
            row = found[(found["determinant"] == x) & (found["dependent"] == a)].iloc[0]
            assert row["rows"] == rows_to_remove(frame, [x], a)
            assert row["error"] == row["rows"] / len(frame)
    mixed = frame.iloc[random.sample(range(len(frame)), len(frame))]
    again = dependencies(mixed, max_error=0.999, min_tested=0, most_columns=1)
    pd.testing.assert_frame_equal(found, again)


@settings(max_examples=40)
@given(frames)
def test_what_is_listed_at_no_error_is_exactly_what_no_row_contradicts(frame):
    found = pairs(dependencies(frame, max_error=0, min_tested=0, most_columns=2))
    for size in (1, 2):
        for left in combinations(frame.columns, size):
            for name in [name for name in frame if name not in left]:
                holds = rows_to_remove(frame, left, name) == 0
                smaller = any((x, name) in found for x in left) and size == 2
                assert ((" + ".join(left), name) in found) == (holds and not smaller)


# dependencies, when misused


def test_arguments_out_of_range_are_refused():
    with pytest.raises(OutOfRangeError, match="number of rows"):
        dependencies(SMALL.head(0))
    with pytest.raises(OutOfRangeError, match="most_columns"):
        dependencies(SMALL, most_columns=0)
    with pytest.raises(OutOfRangeError, match="min_tested"):
        dependencies(SMALL, min_tested=-1)
    with pytest.raises(OutOfRangeError, match=r"share in \[0, 1\)"):
        dependencies(SMALL, max_error=5)
    with pytest.raises(MissingColumnsError, match="'z'"):
        dependencies(SMALL, columns=["a", "z"])
    with pytest.raises(AmbiguousError, match="a \\+ b"):
        dependencies(SMALL.rename(columns={"c": "a + b"}))


# anomalies


def test_every_row_of_a_contradiction_is_listed_with_how_many_agree():
    found = anomalies(SMALL, {"a": "b", "b": ["a"]})
    assert found.to_dict("list") == {
        "determinant": ["a"] * 3,
        "dependent": ["b"] * 3,
        "value": ["x"] * 3,
        "row": [0, 1, 2],
        "written": ["1.0", "1.0", "2.0"],
        "rows": [2, 2, 1],
        "of": [3, 3, 3],
    }


def test_no_value_against_a_value_is_a_contradiction_too():
    found = anomalies(pd.DataFrame({"a": ["x", "x"], "b": ["1", None]}), {"a": "b"})
    assert found["written"].isna().tolist() == [False, True]


def test_every_planted_update_anomaly_is_found_and_nothing_else_is_broken():
    found = anomalies(SPLIT, RULES)
    planted = TRUTH.cells[TRUTH.cells["kind"] != "two values"]
    seen = {*zip(found["row"], found["dependent"], strict=True)}
    cells = {*zip(planted["line"], planted["column"], strict=True)}
    assert cells <= seen
    assert len(cells) > 20
    # Each broken value has a planted cell: no false alarm.
    told = planted.assign(value=[
        SPLIT.loc[line, "customer" if column == "address" else "product"]
        for line, column in zip(planted["line"], planted["column"], strict=True)
    ])  # fmt: skip
    assert {*zip(found["value"], found["dependent"], strict=True)} == {
        *zip(told["value"], told["column"], strict=True)
    }
    assert anomalies(TRUTH.sheet, RULES).empty


def test_rules_are_told_by_a_frame_by_text_or_by_tuples_alike():
    frame = pd.DataFrame({"p": [1, 1, 1], "q": [1, 1, 2], "r": [1, 2, 3]})
    told = pd.DataFrame({"determinant": ["p + q"], "dependent": ["r"]})
    for rules in ({"p + q": "r"}, {("p", "q"): ["r", "p"]}, told):
        assert anomalies(frame, rules)["row"].tolist() == [0, 1]
        assert anomalies(frame, rules)["value"].tolist() == ["1 + 1", "1 + 1"]


def test_rules_about_other_columns_or_of_another_kind_are_refused():
    with pytest.raises(MissingColumnsError, match=r"name \['z'\]; the frame has \['a', 'b', 'c'\]"):
        anomalies(SMALL, {"a": "z"})
    with pytest.raises(OutOfRangeError, match=r"\{determinant: dependents\}; got list"):
        anomalies(SMALL, [("a", "b")])
    with pytest.raises(MissingColumnsError, match="dependent"):
        anomalies(SMALL, SMALL)


# mended


def test_the_majority_decides_and_a_tie_is_left_alone():
    frame = pd.DataFrame({"a": [*"xxxyyz"], "b": [1, 2, 2, 1, 2, 3]}, index=[*"mnopqr"])
    before = frame.copy()
    whole = mended(frame, {"a": "b"})
    assert whole["b"].tolist() == [2, 2, 2, 1, 2, 3]
    assert whole.index.equals(frame.index)
    assert whole.dtypes.equals(frame.dtypes)
    assert {*anomalies(whole, {"a": "b"})["value"]} == {"y"}
    pd.testing.assert_frame_equal(frame, before)


@given(frames)
def test_a_majority_changes_as_many_rows_as_the_error_says(frame):
    whole = mended(frame, {"a": "b"})
    changed = int((whole["b"].fillna("-") != frame["b"].fillna("-")).sum())
    left = anomalies(whole, {"a": "b"})
    tied = frame["a"].fillna("-").isin(frame["a"].fillna("-").iloc[left["row"]])
    assert changed == rows_to_remove(frame[~tied], ["a"], "b")


def test_a_majority_mends_spelling_but_not_all_addresses():
    whole = mended(SPLIT, RULES)
    assert (whole["category"] == TRUTH.sheet["category"]).all()
    wrong = whole["address"] != TRUTH.sheet["address"]
    assert wrong.sum() > 0


# several_values and split_cells


def test_a_cell_of_two_products_becomes_two_rows():
    frame = pd.DataFrame(
        {"id": [1, 2], "product": ["a;b ; ", "c"], "price": ["1; 2.5", "3"], "code": ["01;2", "3"]},
        index=[7, 7],
    )
    split = split_cells(frame, columns=["product", "price", "code"])
    assert split.to_dict("list") == {
        "id": [1, 1, 2],
        "product": ["a", "b", "c"],
        "price": [1.0, 2.5, 3.0],
        "code": ["01", "2", "3"],  # 01 is no number
    }
    found = several_values(frame)
    assert found.to_numpy().tolist() == [
        [0, "product", "a;b ; ", 2], [0, "price", "1; 2.5", 2], [0, "code", "01;2", 2]
    ]  # fmt: skip
    assert several_values(split).empty


def test_nothing_and_separators_alone_are_values_themselves():
    frame = pd.DataFrame({"product": ["a", None, ";"], "price": [1, 2, 3]})
    pd.testing.assert_frame_equal(split_cells(frame, columns=["product", "price"]), frame)
    none = split_cells(frame.head(0), columns="product")
    assert none.empty
    assert [*none] == ["product", "price"]


def test_the_planted_cells_are_found_and_split_into_the_faultless_rows():
    found = several_values(SHEET)
    planted = TRUTH.cells[TRUTH.cells["kind"] == "two values"]
    assert {*zip(found["row"], found["column"], strict=True)} == {
        *zip(planted["row"], planted["column"], strict=True)
    }
    pd.testing.assert_frame_equal(SPLIT[TWO_VALUES[2:]], TRUTH.sheet[TWO_VALUES[2:]])


def test_another_separator_can_be_named_and_uneven_cells_are_refused():
    frame = pd.DataFrame({"product": ["x", "a/b"], "price": ["1", "2"]})
    assert split_cells(frame, columns="product", separator="/")["product"].tolist() == [*"xab"]
    with pytest.raises(AmbiguousError, match=r"1 row\(s\).*\[1\]\. Row 1 says .*'a/b'"):
        split_cells(frame, columns=["product", "price"], separator="/")
    with pytest.raises(OutOfRangeError, match="separator"):
        several_values(frame, separator=" ")
    with pytest.raises(OutOfRangeError, match="number of columns"):
        split_cells(frame, columns=[])


# lost_facts


def test_the_last_order_of_a_product_takes_its_price_with_it():
    found = lost_facts(TRUTH.sheet, RULES, by="order_id")
    salts = found[found["value"] == "bath salts"].set_index("dependent")
    assert salts["written"].to_dict() == {"category": "skin care", "price_cny": "49"}
    order = TRUTH.sheet.loc[TRUTH.sheet["product"] == "bath salts", "order_id"].astype("str")
    assert {*salts["by"]} == {*order}
    # An order's own date may go with it; whoever ordered once is forgotten with the order.
    assert {*found["determinant"]} <= {"customer", "product"}
    once = TRUTH.sheet.groupby("customer")["order_id"].nunique()
    assert {*found.loc[found["determinant"] == "customer", "value"]} == {*once.index[once == 1]}


def test_an_order_of_two_rows_is_one_order():
    frame = pd.DataFrame({"order": [1, 1, 2], "who": ["a", "a", "b"], "phone": ["1", "1", "2"]})
    found = lost_facts(frame, {"who": "phone"}, by="order")
    assert found[["by", "value", "written"]].to_numpy().tolist() == [
        ["1", "a", "1"],
        ["2", "b", "2"],
    ]
    with pytest.raises(MissingColumnsError, match="by=…"):
        lost_facts(frame, {"who": "phone"}, by="date")
