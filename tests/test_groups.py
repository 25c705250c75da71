"""_groups: equal totals are equal whatever the order, and codes of any size are counted."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from crmlab._groups import bincount, money_of, repeat


@given(st.lists(st.integers(-(10**12), 10**12), min_size=1, max_size=60), st.randoms())
def test_cents_are_added_exactly_in_any_order_up_to_a_trillion(cents, random):
    money = np.array(cents) / 100
    shuffled = random.sample(cents, len(cents))
    found = money_of(np.zeros(len(money), dtype=np.intp), money, 1)[0]
    assert found == sum(cents) / 100
    assert found == money_of(np.zeros(len(money), dtype=np.intp), np.array(shuffled) / 100, 1)[0]


def test_amounts_finer_than_cents_are_rounded_to_a_millionth():
    who = np.array([0, 0, 1])
    assert money_of(who, np.array([0.1, 0.2004, -0.0000001]), 3).tolist() == [0.3004, 0.0, 0.0]


@pytest.mark.parametrize("n", [1, 40_000])
def test_a_customer_without_rows_has_no_money_and_no_sign(n):
    found = money_of(np.full(n, 1), np.full(n, 0.01), 3)
    assert found.tolist() == [0.0, n / 100, 0.0]
    assert not np.signbit(money_of(np.array([0]), np.array([-0.0]), 1)).any()


# bincount and repeat


@pytest.mark.parametrize("kind", ["int8", "int32", "int64", "uint8", "bool"])
def test_codes_of_any_size_are_counted_as_int64_and_repeated(kind):
    codes = np.array([0, 1, 1]).astype(kind)
    assert bincount(codes, minlength=3).tolist() == [1, 2, 0]
    assert bincount(codes).dtype == np.int64
    assert bincount(pd.Series(codes), [0.5, 1, 2]).tolist() == [0.5, 3.0]
    assert repeat(["a", "b", "c"], codes).tolist() == ["b", "c"]
    assert repeat([1, 2], np.array(2).astype("int16")).tolist() == [1, 1, 2, 2]


def test_numbers_that_are_no_codes_are_never_cut_to_some():
    with pytest.raises(TypeError, match="Cannot cast"):
        bincount([0.5, 1])
    with pytest.raises(TypeError, match="Cannot cast"):
        repeat([1, 2], [0.5, 1])
