"""Counts are whole numbers, rates and shares are numbers, whatever asks for them."""

import numpy as np
import pytest

from crmlab._checks import require_at_least, require_positive, require_probability
from crmlab.errors import OutOfRangeError
from crmlab.rfm import four_customers, rfm, rfm_scores, simulate_supermarket


@pytest.mark.parametrize("value", [2, 3, np.int64(2)])
def test_a_count_that_is_large_enough_passes(value):
    require_at_least("bins", value, 2)


@pytest.mark.parametrize("value", [2.5, 5.0, float("nan"), "5", None])
def test_what_is_no_whole_number_is_refused_by_name(value):
    with pytest.raises(OutOfRangeError, match=f"bins must be a whole number; got {value!r}"):
        rfm_scores(rfm(four_customers()), bins=value)
    with pytest.raises(OutOfRangeError, match="n must be a whole number"):
        simulate_supermarket(value, seed=1)


@pytest.mark.parametrize("value", ["0.5", None, [0.5], float("nan")])
def test_a_rate_or_share_that_is_no_number_is_refused_by_name(value):
    with pytest.raises(OutOfRangeError, match="epsilon must be a finite number above 0; got"):
        require_positive("epsilon", value)
    with pytest.raises(OutOfRangeError, match="share must lie in"):
        require_probability("share", value)


@pytest.mark.parametrize("value", [1, 0.5, np.float32(0.5), np.int64(1)])
def test_numbers_of_any_kind_are_rates_and_shares(value):
    require_positive("epsilon", value)
    require_probability("share", value)
