"""money_of: equal totals are equal, whatever the order of the rows."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from crmlab._groups import money_of


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
