"""A rate is a share below 1: who types 10 for 10 % is told so."""

import numpy as np
import pytest

from crmlab._checks import require_rate
from crmlab.errors import OutOfRangeError


def test_takes_what_lies_between_0_and_1_and_0_where_there_may_be_none():
    for rate in (1e-9, 0.1, 0.999, np.float64(0.5)):
        require_rate("discount", rate)
    require_rate("discount", 0, or_none=True)


@pytest.mark.parametrize("rate", [1, 10, 1.0, -0.1, float("nan"), float("inf"), "10%", None])
def test_refuses_percents_and_what_is_no_number(rate):
    for or_none in (False, True):
        with pytest.raises(OutOfRangeError, match=r"below 1: 0\.10 is 10 %; got"):
            require_rate("discount", rate, or_none=or_none)


def test_refuses_0_where_a_sum_would_have_no_end():
    with pytest.raises(OutOfRangeError, match="discount must be above 0 and below 1"):
        require_rate("discount", 0)
