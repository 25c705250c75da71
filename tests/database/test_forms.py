"""normal_form, decompose and join_tables."""

from itertools import combinations

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crmlab.database import (
    anomalies,
    decompose,
    dependencies,
    join_tables,
    mended,
    normal_form,
    several_values,
    simulate_order_sheet,
    split_cells,
)
from crmlab.database.measure.keys import candidate_keys, closure, minimal_cover
from crmlab.database.simulate.sheet import TWO_VALUES
from crmlab.errors import AmbiguousError, BadRowsError, MissingColumnsError, OutOfRangeError

KEY = ["order_id", "product"]
RULES = {
    "order_id": ["date", "customer"],
    "customer": ["phone", "address"],
    "product": ["category", "price_cny"],
}
SHEET, TRUTH = simulate_order_sheet(300, moved=15, misspelt=4, doubled=20, seed=3)
SPLIT = split_cells(SHEET, columns=TWO_VALUES)


def frame_of(columns):
    return pd.DataFrame([range(len(columns))], columns=[*columns])


# normal_form, by hand


def test_the_big_sheet_is_in_no_normal_form_and_each_breach_has_its_reason():
    found = normal_form(SHEET, key=KEY, dependencies=RULES)
    assert found.name == "none"
    assert found.keys == ["order_id + product"]
    first = found.breaches[found.breaches["form"] == "1NF"]
    assert first["dependent"].tolist() == TWO_VALUES
    assert first["reason"].iloc[0] == "20 cell(s) of product hold several values"
    second = found.breaches[found.breaches["form"] == "2NF"]
    assert second["determinant"].tolist() == ["order_id"] * 4 + ["product"] * 2
    assert second["dependent"].tolist() == [
        "date", "customer", "phone", "address", "category", "price_cny"
    ]  # fmt: skip
    third = found.breaches[found.breaches["form"] == "3NF"]
    assert third["reason"].tolist() == [
        "phone depends on customer, which is no key",
        "address depends on customer, which is no key",
    ]
    assert normal_form(SPLIT, key=KEY, dependencies=RULES).name == "1NF"


@pytest.mark.parametrize(
    ("columns", "key", "rules", "name"),
    [
        ("abc", "a", {}, "BCNF"),
        ("abc", "ab", {"a": "c"}, "1NF"),
        ("abc", "a", {"b": "c"}, "2NF"),
        # Two overlapping keys, ab and ac; c determines b, which is part of a key.
        ("abc", "ab", {"c": "b"}, "3NF"),
        # The key given is too large: a alone determines all, so that nothing is partial.
        ("abc", "ab", {"a": ["b", "c"]}, "BCNF"),
        # Only through d does a part of the key determine c.
        ("abcd", "ab", {"a": "d", "d": "c"}, "1NF"),
        # Two equivalent keys, each of one column.
        ("abc", "a", {"b": ["a"]}, "BCNF"),
    ],
)
def test_textbook_tables_have_their_textbook_forms(columns, key, rules, name):
    assert normal_form(frame_of(columns), key=[*key], dependencies=rules).name == name


def test_every_candidate_key_is_named():
    # Every column of the ring determines the next: each is a key.
    ring = {"a": "b", "b": "c", "c": "a"}
    assert normal_form(frame_of("abc"), key="a", dependencies=ring).keys == ["a", "c", "b"]
    found = normal_form(frame_of("abc"), key="a + b", dependencies={"c": "b"})
    assert found.keys == ["a + b", "a + c"]
    assert found.breaches["reason"].tolist() == ["b, part of a key, depends on c, no key"]


def test_of_a_partial_dependency_only_the_smallest_part_is_named():
    found = normal_form(frame_of("abcd"), key=["a", "b", "c"], dependencies={"a": "d"})
    assert found.breaches["determinant"].tolist() == ["a"]


def test_a_key_that_rows_share_is_not_even_the_first_form():
    twice = pd.DataFrame({"a": [1, 1], "b": [1, 2]})
    found = normal_form(twice, key="a", dependencies={})
    assert found.name == "none"
    assert found.breaches["reason"].tolist() == ["1 row(s) repeat the key of another row"]


# the theory, for any dependencies

NAMES = [*"abcde"]
rules_of_five = st.lists(
    st.tuples(st.sets(st.sampled_from(NAMES), min_size=1, max_size=2), st.sampled_from(NAMES)),
    max_size=6,
).map(lambda found: [(tuple(sorted(left)), name) for left, name in found if name not in left])


def subsets(names):
    return [frozenset(c) for size in range(len(names) + 1) for c in combinations(names, size)]


@given(rules_of_five)
def test_the_keys_are_all_smallest_sets_that_determine_everything(rules):
    whole = [s for s in subsets(NAMES) if closure(s, rules) == {*NAMES}]
    smallest = {s for s in whole if not any(other < s for other in whole)}
    found = candidate_keys(rules, NAMES)
    assert len(found) == len({*found})
    assert {*found} == smallest


@given(rules_of_five)
def test_a_cover_says_the_same_and_nothing_in_it_can_go(rules):
    cover = minimal_cover(rules)
    for columns in subsets(NAMES):
        assert closure(columns, cover) == closure(columns, rules)
    for left, name in cover:
        others = [one for one in cover if one != (left, name)]
        assert name not in closure(left, others)
        for column in left:
            assert name not in closure({*left} - {column}, cover)


def form_by_definition(rules, names):
    """The normal form from the textbook definitions, over all subsets."""
    whole = [s for s in subsets(names) if closure(s, rules) >= {*names}]
    keys = [s for s in whole if not any(other < s for other in whole)]
    prime = frozenset().union(*keys)
    told = [(s, a) for s in subsets(names) for a in closure(s, rules) - s if a in names]
    if any(a not in prime and any(s < key for key in keys) for s, a in told):
        return "1NF"
    if any(a not in prime and s not in whole for s, a in told):
        return "2NF"
    return "3NF" if any(s not in whole for s, _ in told) else "BCNF"


@given(rules_of_five)
def test_the_form_is_that_of_the_definitions(rules):
    told = pd.DataFrame([("+".join(x).replace("+", " + "), a) for x, a in rules],
                        columns=["determinant", "dependent"])  # fmt: skip
    found = normal_form(frame_of(NAMES), key=NAMES, dependencies=told)
    assert found.name == form_by_definition(rules, NAMES)


# decompose and join_tables, by hand


def test_the_sheet_becomes_orders_customers_products_and_lines():
    before = TRUTH.sheet.copy()
    tables = decompose(TRUTH.sheet, key=KEY, dependencies=RULES)
    assert {name: [*table] for name, table in tables.items()} == {
        "order_id": ["order_id", "date", "customer"],
        "customer": ["customer", "phone", "address"],
        "product": ["product", "category", "price_cny"],
        "order_id + product": ["order_id", "product", "quantity"],
    }
    assert len(tables["order_id"]) == 300
    assert len(tables["customer"]) == TRUTH.sheet["customer"].nunique()
    pd.testing.assert_frame_equal(TRUTH.sheet, before)
    back = join_tables(tables)[[*TRUTH.sheet]].sort_values(KEY, ignore_index=True)
    pd.testing.assert_frame_equal(back, TRUTH.sheet.sort_values(KEY, ignore_index=True))


def test_a_fact_now_stands_in_one_place_and_needs_no_order():
    tables = decompose(TRUTH.sheet, key=KEY, dependencies=RULES)
    for name, rules in RULES.items():
        assert tables[name][name].is_unique
        assert anomalies(tables[name], {name: rules}).empty
    # The insertion anomaly is gone: who never ordered can be written.
    more = pd.concat([tables["customer"], TRUTH.unwritten])
    assert {*TRUTH.unwritten["customer"]} <= {*more["customer"]}


def test_where_no_table_has_the_key_one_is_added_and_contained_tables_are_dropped():
    frame = pd.DataFrame({"a": [1, 1, 2], "b": [1, 2, 1], "c": [5, 5, 6], "d": [7, 8, 7]})
    tables = decompose(frame, key=["a", "b"], dependencies={"a": "c", "b": "d"})
    assert [*tables] == ["a", "b", "a + b"]
    assert tables["a + b"].to_numpy().tolist() == [[1, 1], [1, 2], [2, 1]]
    both = decompose(frame[["a", "c"]].drop_duplicates(), key="a", dependencies={"c": "a"})
    assert [*both] == ["c"]


# decompose, for any data


@st.composite
def worlds(draw):
    """Rules over five columns, and rows that keep them."""
    rules = draw(rules_of_five)
    values = draw(st.lists(st.tuples(*[st.integers(0, 3)] * 5), min_size=1, max_size=12))
    frame = pd.DataFrame(values, columns=NAMES).drop_duplicates()
    told = pd.DataFrame(
        [(" + ".join(x), a) for x, a in rules], columns=["determinant", "dependent"]
    )
    for _ in range(20):  # rows that contradict go, until none does
        found = anomalies(frame, told)
        if found.empty:
            break
        frame = frame.drop(index=frame.index[found["row"].max()])
    return rules, told, frame.reset_index(drop=True)


@given(worlds())
def test_the_tables_join_to_the_sheet_are_in_third_form_and_keep_every_dependency(world):
    rules, told, frame = world
    tables = decompose(frame, key=NAMES, dependencies=told)
    kept = []
    for name, table in tables.items():
        own = [s for s in subsets([*table]) if s]
        inside = [(tuple(sorted(s)), a) for s in own for a in closure(s, rules) & {*table} - s]
        kept += inside
        assert form_by_definition(inside, [*table]) in ("3NF", "BCNF")
        assert table[name.split(" + ")].duplicated().sum() == 0
    for left, name in rules:
        assert name in closure(left, kept)
    joined = naturally(tables)[NAMES].sort_values(NAMES, ignore_index=True)
    pd.testing.assert_frame_equal(joined, frame.sort_values(NAMES, ignore_index=True))


def naturally(tables):
    """Return the natural join of all tables; those without a common column are crossed."""
    whole, *rest = tables.values()
    for table in rest:
        shared = [name for name in table if name in whole]
        whole = whole.merge(table, on=shared) if shared else whole.merge(table, how="cross")
    return whole


@settings(max_examples=25)
@given(st.integers(0, 10_000))
def test_any_repaired_sheet_comes_back_exactly(seed):
    sheet = simulate_order_sheet(20, moved=0, misspelt=0, doubled=0, seed=seed).truth.sheet
    back = join_tables(decompose(sheet, key=KEY, dependencies=RULES))
    wanted = sheet.sort_values(KEY, ignore_index=True)
    pd.testing.assert_frame_equal(back[[*sheet]].sort_values(KEY, ignore_index=True), wanted)


# when misused


def test_a_sheet_that_contradicts_itself_is_not_taken_apart():
    with pytest.raises(BadRowsError, match="customer → address, product → category") as caught:
        decompose(SPLIT, key=KEY, dependencies=RULES)
    pd.testing.assert_frame_equal(caught.value.table, anomalies(SPLIT, RULES))


def test_rows_that_share_a_key_or_lack_one_are_refused():
    frame = pd.DataFrame({"a": [1, 1, 2], "b": [1.0, 2.0, None]})
    with pytest.raises(BadRowsError, match=r"2 row\(s\) share a key .*\[0, 1\]"):
        decompose(frame, key="a", dependencies={})
    with pytest.raises(BadRowsError, match="no b"):
        decompose(frame.tail(2), key="a", dependencies={"b": "a"})
    with pytest.raises(MissingColumnsError, match="'z'"):
        decompose(frame, key="z", dependencies={})
    with pytest.raises(OutOfRangeError, match="columns of the key"):
        normal_form(frame, key=[], dependencies={})


def test_tables_that_do_not_refer_to_each_other_are_not_joined():
    alone = {"a": pd.DataFrame({"a": [1]}), "b": pd.DataFrame({"b": [1]})}
    with pytest.raises(AmbiguousError, match=r"none of the tables \['a', 'b'\]"):
        join_tables(alone)
    with pytest.raises(OutOfRangeError, match="number of tables"):
        join_tables({})


def test_what_is_no_table_key_or_rule_is_named():
    lines = pd.DataFrame({"order": [1, 2], "product": ["soap", "soap"], "price": [12, 12]})
    for frame in (None, "lines", [lines]):
        for work in (dependencies, several_values, lambda one: mended(one, {"product": "price"})):
            with pytest.raises(OutOfRangeError, match="a DataFrame is needed here"):
                work(frame)
    for key in (None, 3, {"order"}):
        with pytest.raises(OutOfRangeError, match="the key is the name of a column, or several"):
            normal_form(lines, key=key, dependencies={})
    for rules, words in (
        ({"product": None}, "'product' determines names of columns; got None"),
        ({3: "price"}, "a determinant is the name of a column, or a tuple of names; got 3"),
        (pd.DataFrame({"determinant": [None], "dependent": ["price"]}), "a determinant is"),
    ):
        with pytest.raises(OutOfRangeError, match=words):
            decompose(lines, key="order", dependencies=rules)
    for tables, error, words in (
        (None, OutOfRangeError, "tables must be frames by their key; got NoneType"),
        ({"order": None}, OutOfRangeError, "a DataFrame is needed here"),
        ({"customer": lines}, MissingColumnsError, r"missing \['customer'\]"),
    ):
        with pytest.raises(error, match=words):
            join_tables(tables)
