"""information_loss and seen_by_band: what a table lost when it was made anonymous."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from crmlab.errors import BadRowsError, MissingColumnsError, OutOfRangeError
from crmlab.privacy import information_loss, seen_by_band

BEFORE = pd.DataFrame(
    {
        "born": pd.to_datetime(["1970-01-01", "1980-01-01", "1990-01-01", "1970-01-11"]),
        "area": ["A", "B", "C", "A"],
        "spend": [10.0, 20.0, 30.0, 50.0],
    }
)

# by hand


def test_nothing_is_lost_where_nothing_changed():
    lost = information_loss(BEFORE, BEFORE, quasi=["born", "area"])
    assert (lost.certainty, lost.discernibility, lost.suppressed) == (0, 1, 0)


def test_everything_is_lost_where_nothing_is_told():
    after = BEFORE.assign(born="*", area="*")
    lost = information_loss(BEFORE, after, quasi=["born", "area"])
    assert (lost.certainty, lost.discernibility, lost.suppressed) == (1, 4, 0)


def test_words_lose_by_how_many_they_stand_for_and_rows_left_out_are_lost_wholly():
    after = BEFORE.assign(area=["A or B", "A or B", "C", "A or B"]).iloc[:3]
    lost = information_loss(BEFORE, after, quasi=["area"])
    # Two rows stand for two of three areas, 1/2 each; C for itself; one row is missing.
    assert lost.certainty == pytest.approx((0.5 + 0.5 + 0 + 1) / 4)
    # Classes of two and one, and the missing row looks like all four.
    assert lost.discernibility == pytest.approx((4 + 1 + 4) / 4)
    assert lost.suppressed == 1


def test_a_release_of_nobody_loses_all():
    lost = information_loss(BEFORE, BEFORE.head(0), quasi=["area"])
    assert (lost.certainty, lost.discernibility, lost.suppressed) == (1, 4, 4)


def test_a_column_that_never_differs_has_nothing_to_lose():
    same = BEFORE.assign(area="A")
    assert information_loss(same, same.assign(area="*"), quasi=["area"]).certainty == 0


def test_people_of_a_range_are_spread_evenly_over_it():
    after = BEFORE.assign(born=["1970-1990", "1970-1990", "1970-1990", "1970"])
    edges = [pd.Timestamp("1970-01-01"), pd.Timestamp("1980-01-01"), pd.Timestamp("1990-01-02")]
    table = seen_by_band(BEFORE, after, column="born", value="spend", edges=edges)
    assert table["band"].tolist() == ["1970", "1980"]
    assert table["people"].tolist() == [2, 2]
    assert table["mean"].tolist() == [30, 25]
    # 3,652 of the 7,305 days from 1970 to 1990 lie before 1980.
    early = 3 * 3_652 / 7_305
    assert table["people_seen"].tolist() == pytest.approx([early + 1, 3 - early])
    assert table["mean_seen"].tolist() == pytest.approx([(20 * early + 50) / (early + 1), 20])


# for any data


@given(st.lists(st.tuples(st.integers(0, 60), st.integers(0, 9)), min_size=1), st.integers(1, 30))
def test_whoever_is_seen_is_all_and_the_exact_table_shows_the_truth(drawn, width):
    people = pd.DataFrame(drawn, columns=["age", "spend"]).astype("float64")
    before = people.copy()
    asked = {"column": "age", "value": "spend", "edges": [0, 20, 40, 61]}
    exact = seen_by_band(people, people, **asked)
    assert (exact["people"] == exact["people_seen"]).all()
    pd.testing.assert_series_equal(exact["mean"], exact["mean_seen"], check_names=False)
    coarse = people.assign(age=(people["age"] // width).astype(str))
    seen = seen_by_band(people, coarse.iloc[::-1], **asked)
    assert seen["people_seen"].sum() == pytest.approx(len(people))
    total = (seen["people_seen"] * seen["mean_seen"].fillna(0)).sum()
    assert total == pytest.approx(people["spend"].sum())
    lost = information_loss(people, coarse, quasi=["age"])
    assert 0 <= lost.certainty <= 1
    pd.testing.assert_frame_equal(people, before)


# when misused


def test_refuses_rows_that_were_made_up_or_cannot_be_told_apart():
    strange = BEFORE.set_axis([0, 1, 2, 9])
    with pytest.raises(BadRowsError, match=r"1 released row\(s\) do not stand .*\[9\]"):
        information_loss(BEFORE, strange, quasi=["area"])
    twice = BEFORE.set_axis([0, 1, 2, 2])
    with pytest.raises(BadRowsError, match="an index value stands twice"):
        information_loss(BEFORE, twice, quasi=["area"])
    with pytest.raises(BadRowsError, match="have no area"):
        information_loss(BEFORE.assign(area=None), BEFORE, quasi=["area"])


def test_refuses_edges_and_values_that_are_none():
    asked = {"column": "spend", "value": "spend"}
    with pytest.raises(OutOfRangeError, match="edges must be two or more increasing"):
        seen_by_band(BEFORE, BEFORE, **asked, edges=[20, 10])
    with pytest.raises(OutOfRangeError, match="edges must be two or more increasing"):
        seen_by_band(BEFORE, BEFORE, **asked, edges=[20])
    with pytest.raises(OutOfRangeError, match="area must hold numbers"):
        seen_by_band(BEFORE, BEFORE, column="spend", value="area", edges=[0, 99])
    with pytest.raises(MissingColumnsError, match=r"\['area'\]"):
        information_loss(BEFORE, BEFORE[["spend"]], quasi=["area"])


def test_a_band_into_which_nobody_falls_has_no_mean():
    table = seen_by_band(BEFORE, BEFORE, column="spend", value="spend", edges=[0, 5, 99])
    assert np.isnan(table["mean"][0])
    assert table["people"].tolist() == [0, 4]
