"""ratio: the interval of one share over another, by its definition and at the ends."""

import numpy as np
import pytest
from scipy.optimize import brentq

from crmlab._intervals import ratio, wilson

# against the formula


@pytest.mark.parametrize(
    ("count", "n", "other", "other_n"), [(10, 100, 20, 200), (3, 20, 2, 30), (29, 30, 7, 60)]
)
def test_at_its_ends_the_difference_from_so_many_times_the_other_reaches_0(
    count, n, other, other_n
):
    share, below = count / n, other / other_n
    (low, high), (least, most) = wilson(count, n), wilson(other, other_n)

    def lower(times):
        return share - times * below - np.hypot(share - low, times * (most - below))

    def upper(times):
        return share - times * below + np.hypot(high - share, times * (below - least))

    found = ratio(count, n, other, other_n)
    middle = share / below
    assert found[0] == pytest.approx(brentq(lower, 1e-9, middle))
    assert found[1] == pytest.approx(brentq(upper, middle, 100 * middle))


# by hand


def test_nothing_above_begins_at_0_and_nothing_below_has_no_end():
    low, high = ratio([0, 5, 0], [20, 20, 20], [5, 0, 0], [20, 20, 20])
    assert low[0] == 0 < high[0] < 1
    assert 1 < low[1] < high[1] == np.inf
    assert (low[2], high[2]) == (0, np.inf)


def test_of_equal_shares_the_ends_are_inverse():
    low, high = ratio(30, 100, 30, 100)
    assert low * high == pytest.approx(1)
