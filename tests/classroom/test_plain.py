"""crmlab.classroom.plain: answers become numbers, text, lists and tables, and nothing else."""

import json
import math

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from crmlab.classroom.plain import (
    NotPlainError,
    Plain,
    plain,
    safe_digits,
    text_of,
    texts_of,
)


def same(answer, expected, digits=4):
    wanted = plain(expected)
    digits = safe_digits(wanted, digits)
    return text_of(plain(answer), digits) in texts_of(wanted, digits)


FRAME = pd.DataFrame({"tier": ["gold", "lead"], "share": [0.25, 0.75]})

# by hand


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        (0.51236, 0.51241),
        (1.6667, 5 / 3),
        (1.666, 5 / 3),
        (3, 3.0000000001),
        (np.float32(0.5), 0.5),
        (np.int16(12345), 12345),
        (12345.0, 12345),
        (-0.0, 0),
        (" Gold ", "gold"),
        (np.str_("gold"), "gold"),
        (np.True_, True),
        (pd.Timestamp("2024-01-05"), "2024-01-05"),
        (np.datetime64("2024-01-05"), "2024-01-05"),
        (float("inf"), np.inf),
        (None, np.nan),
        ((1, 2.5), [1, 2.5]),
        (np.array([1, 2.5]), [1, 2.5]),
        (np.array(0.5), 0.5),
        (np.array("gold"), "gold"),
        (np.array([0.5]), [0.5]),
        ({2, 1}, {1, 2}),
        ({"a": 1}, pd.Series({"a": 1})),
        (FRAME.iloc[::-1], FRAME),
        (FRAME[["share", "tier"]], FRAME),
        (FRAME.set_index("tier"), FRAME),
        (FRAME.set_index("tier")["share"], FRAME),
        (FRAME.astype({"tier": "category"}), FRAME),
        (FRAME.assign(share=[0.25 + 1e-12, 0.75]), FRAME),
        (FRAME.set_index([FRAME["tier"], [1, 1]]).iloc[:, 1:], None),
    ],
)
def test_these_are_the_same(answer, expected):
    assert expected is None or same(answer, expected)


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        (0.5121, 0.51241),
        (1.67, 5 / 3),
        (12346, 12345),
        (True, 1),
        ("gold", "lead"),
        ([2.5, 1], [1, 2.5]),
        ([1], 1),
        (0.51, None),
        (FRAME.assign(share=[0.75, 0.25]), FRAME),
        (FRAME.rename(columns={"share": "part"}), FRAME),
        (FRAME.head(1), FRAME),
        (pd.concat([FRAME, FRAME]), FRAME),
    ],
)
def test_these_are_not(answer, expected):
    assert not same(answer, expected)


def test_a_number_on_a_rounding_edge_is_right_on_both_sides():
    assert same(0.123449999999, 0.12345)
    assert same(0.123450000001, 0.12345)


def test_a_table_with_a_number_on_a_rounding_edge_is_rounded_elsewhere():
    edge = plain([0.12345, 0.5001])
    assert safe_digits(edge, 4) == 5
    assert same([0.123449999999, 0.5001], [0.12345, 0.5001])


def test_an_index_that_says_something_becomes_columns():
    assert plain(FRAME.groupby("tier")["share"].sum()).columns == ("share", "tier")
    assert plain(FRAME).columns == ("share", "tier")
    assert plain(FRAME.set_index(["tier", "share"])).columns == ("share", "tier")
    assert plain(pd.DataFrame({"n": [1]}, index=["a"])).columns == ("index", "n")


# for any data

numbers = st.floats(allow_nan=False, allow_infinity=False, allow_subnormal=False, width=32)


@given(numbers)
def test_a_number_is_itself_and_noise_of_sums_does_not_matter(value):
    assert same(value, value)
    assert same(value * (1 + 1e-13), value)


@given(st.floats(1e-6, 1e6))
def test_one_percent_more_is_another_number(value):
    assert not same(value * 1.01 + 1e-9, value, digits=4)


@given(st.lists(st.tuples(st.sampled_from("abc"), numbers), min_size=1))
def test_row_order_never_matters(rows):
    frame = pd.DataFrame(rows, columns=["k", "v"])
    assert same(frame.sample(frac=1, random_state=1), frame)


@given(
    st.one_of(
        st.none(), st.booleans(), st.integers(), st.floats(), st.text(), st.lists(st.floats())
    )
)
def test_an_answer_survives_json(value):
    once = plain(value)
    assert Plain.from_json(json.loads(json.dumps(once.to_json(), allow_nan=False))) == once


# when misused


class Faked(float):
    def __eq__(self, other):
        return True

    def __sub__(self, other):
        return 0.0

    __hash__ = float.__hash__


class FakedArray(np.ndarray):
    def __eq__(self, other):
        return True


class FakedFrame(pd.DataFrame):
    pass


class Anything:
    def __eq__(self, other):
        return True

    def __float__(self):
        raise AssertionError("never asked")

    __hash__ = None


@pytest.mark.parametrize(
    "value",
    [
        Faked(3),
        Anything(),
        np.array([1.0, 2.0]).view(FakedArray),
        np.array([Faked(3)], dtype=object),
        FakedFrame({"a": [1]}),
        pd.DataFrame({"a": pd.Series([Faked(1)], dtype=object)}),
        pd.DataFrame({"a": [Anything()]}),
        [Anything()],
        {"a": Anything()},
        np.array([[1, 2], [3, 4]]),
        3 + 4j,
        np.timedelta64(1, "D"),
        print,
        ...,
    ],
)
def test_objects_that_only_look_like_answers_are_refused(value):
    with pytest.raises(NotPlainError, match="Hand in a plain number"):
        plain(value)


def test_more_than_an_answer_is_refused():
    with pytest.raises(NotPlainError, match="500000 at most"):
        plain(np.zeros(500_001))
    with pytest.raises(NotPlainError, match="500000 at most"):
        plain(pd.DataFrame(np.zeros((500_001, 1))))


@pytest.mark.parametrize(
    "loaded",
    [
        None,
        3,
        [],
        {},
        {"kind": "number"},
        {"kind": "spell", "columns": [], "rows": [[1]]},
        {"kind": "number", "columns": [], "rows": []},
        {"kind": "number", "columns": [], "rows": [[1], [2]]},
        {"kind": "number", "columns": [], "rows": [[{"a": 1}]]},
        {"kind": "number", "columns": ["a"], "rows": [[1]]},
        {"kind": "table", "columns": ["a"], "rows": [[1, 2]]},
        {"kind": "table", "columns": [1], "rows": [[1]]},
        {"kind": "table", "columns": ["a"], "rows": 7},
        {"kind": ["list"], "columns": [], "rows": [[1]]},
    ],
)
def test_json_that_no_answer_wrote_is_refused(loaded):
    with pytest.raises(NotPlainError):
        Plain.from_json(loaded)


def test_a_number_too_long_for_a_float_is_still_compared():
    assert same(10**30, 10**30)
    assert not same(10**30, 10**31)
    assert math.isfinite(plain(1e308).value)
