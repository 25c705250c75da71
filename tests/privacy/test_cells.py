"""published_table and cell_intervals: no small cell, and none that the margins give away."""

from itertools import product

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from crmlab.errors import AmbiguousError, BadRowsError, MissingColumnsError, OutOfRangeError
from crmlab.privacy import cell_intervals, published_table


def people(counts):
    """One row per person from a table of counts, rows named a, b, … and columns u, v, …"""
    counts = np.asarray(counts)
    rows = [("abcdef"[i], "uvwxyz"[j]) for (i, j), n in np.ndenumerate(counts) for _ in range(n)]
    return pd.DataFrame(rows, columns=["row", "column"])


ONE_SMALL = people([[20, 3, 10], [8, 30, 12], [15, 9, 40]])

# by hand


def test_one_small_cell_is_given_away_unless_three_more_are_hidden():
    bare = published_table(ONE_SMALL, by=["row", "column"], complementary=False)
    assert bare["people"].isna().sum() == 1
    solved = cell_intervals(bare)
    assert solved.loc[solved["people"].isna(), ["least", "most"]].to_numpy().tolist() == [[3, 3]]

    table = published_table(ONE_SMALL, by=["row", "column"])
    assert table["people"].isna().sum() == 4
    solved = cell_intervals(table)
    assert (solved["most"] > solved["least"])[table["people"].isna()].all()


def test_the_cells_hidden_besides_are_those_of_fewest_people():
    # Rectangles through (a, v): rows {a,b} x columns {u,v}: 20+8+30, {v,w}: 10+30+12,
    # rows {a,c}: {u,v}: 20+15+9, {v,w}: 10+9+40; 44 people are the fewest.
    table = published_table(ONE_SMALL, by=["row", "column"])
    hidden = table[table["people"].isna()]
    assert {*hidden["row"]} == {"a", "c"}
    assert {*hidden["column"]} == {"u", "v"}


def test_two_zeros_do_not_hide_each_other():
    # The rectangle of the cheapest cells would leave 0 + 0 = 0 in the first row.
    table = published_table(people([[0, 0, 30], [9, 9, 30]]), by=["row", "column"])
    solved = cell_intervals(table)
    hidden = table["people"].isna()
    assert hidden.sum() >= 4
    assert (solved["most"] > solved["least"])[hidden].all()


def test_one_column_hides_a_second_cell():
    table = published_table(people([[9, 2, 7, 30]]), by="column")
    assert table["column"].tolist() == ["u", "v", "w", "x", "total"]
    assert table["people"].fillna(-1).tolist() == [9, -1, -1, 30, 48]


def test_nothing_is_hidden_where_all_cells_are_large():
    table = published_table(people([[5, 6], [7, 8]]), by=["row", "column"])
    assert table["people"].tolist() == [5, 6, 11, 7, 8, 15, 12, 14, 26]


def test_small_margins_are_hidden_too():
    table = published_table(people([[1, 1], [20, 30]]), by=["row", "column"])
    margin = table.query("row == 'a' and column == 'total'")
    assert margin["people"].isna().all()


# for any data

tables = (
    st.integers(1, 4)
    .flatmap(
        lambda width: st.lists(
            st.lists(st.integers(0, 12), min_size=width, max_size=width), min_size=1, max_size=4
        )
    )
    .filter(lambda counts: np.sum(counts) > 0)
)


@pytest.mark.curriculum("S53")
@given(tables, st.booleans())
def test_no_published_cell_is_below_five_and_no_margin_gives_one_away(counts, both):
    frame = people(counts)
    table = published_table(frame, by=["row", "column"] if both else ["column"])
    shown = table["people"].dropna()
    assert (shown >= 5).all()
    solved = cell_intervals(table)
    hidden = table["people"].isna()
    assert (solved["most"] - solved["least"] >= 1)[hidden].all()
    assert (solved["most"] == solved["least"])[~hidden].all()


@given(tables)
def test_what_is_published_is_true_and_in_any_row_order_the_same(counts):
    frame = people(counts)
    before = frame.copy()
    table = published_table(frame, by=["row", "column"])
    pd.testing.assert_frame_equal(published_table(frame.iloc[::-1], by=["row", "column"]), table)
    whole = published_table(frame, by=["row", "column"], min_cell=1, complementary=False)
    shown = table["people"].notna()
    assert (table["people"] == whole["people"].fillna(0))[shown].all()
    solved = cell_intervals(table)
    truth = whole["people"].fillna(0)
    assert truth.between(solved["least"], solved["most"]).all()
    pd.testing.assert_frame_equal(frame, before)


# Every table of two rows and columns with cells up to 12, as its nine numbers with margins.
_A, _B, _C, _D = np.meshgrid(*[np.arange(13.0)] * 4, indexing="ij")
EVERY = np.stack([_A, _B, _A + _B, _C, _D, _C + _D, _A + _C, _B + _D, _A + _B + _C + _D], axis=-1)
EVERY = EVERY.reshape(-1, 9)


@pytest.mark.parametrize("counts", [*product([1, 3, 4, 6], repeat=4)][::5])
def test_intervals_are_those_of_trying_every_table(counts):
    frame = people(np.reshape(counts, (2, 2)))
    table = published_table(frame, by=["row", "column"], complementary=False)
    shown = table["people"].notna().to_numpy()
    fits = EVERY[(EVERY[:, shown] == table["people"].to_numpy()[shown]).all(axis=1)]
    solved = cell_intervals(table)
    assert (solved["least"] == fits.min(axis=0)).all()
    bounded = (solved["most"] <= 12).to_numpy()
    assert (solved["most"] == fits.max(axis=0))[bounded].all()


# when misused


def test_refuses_three_columns_and_none():
    frame = ONE_SMALL.assign(third="x")
    with pytest.raises(OutOfRangeError, match="one or two columns"):
        published_table(frame, by=["row", "column", "third"])
    with pytest.raises(OutOfRangeError, match="one or two columns"):
        published_table(frame, by=[])


def test_refuses_what_it_cannot_name():
    with pytest.raises(MissingColumnsError, match=r"missing \['city'\]"):
        published_table(ONE_SMALL, by=["city"])
    with pytest.raises(BadRowsError, match="have no row"):
        published_table(ONE_SMALL.assign(row=None), by=["row"])
    with pytest.raises(AmbiguousError, match="called 'total'"):
        published_table(ONE_SMALL.replace({"row": {"a": "total"}}), by=["row"])
    with pytest.raises(AmbiguousError, match="look alike"):
        published_table(pd.DataFrame({"row": [1, "1"]}, dtype=object).astype(object), by=["row"])


def test_refuses_nobody_and_a_least_cell_of_nothing():
    with pytest.raises(OutOfRangeError, match="number of people"):
        published_table(ONE_SMALL.head(0), by=["row"])
    with pytest.raises(OutOfRangeError, match="min_cell must be 1"):
        published_table(ONE_SMALL, by=["row"], min_cell=0)


def test_a_table_that_does_not_add_up_is_refused():
    table = published_table(ONE_SMALL, by=["row", "column"])
    table.loc[len(table) - 1, "people"] += 1
    with pytest.raises(OutOfRangeError, match="do not add up"):
        cell_intervals(table)


def test_intervals_want_a_published_table():
    with pytest.raises(MissingColumnsError, match="people"):
        cell_intervals(ONE_SMALL)
