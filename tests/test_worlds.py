"""covers: an honest interval passes, one too short or too long does not."""

import numpy as np
import pytest

from tests.worlds import covers

MEANS = np.random.default_rng(1).normal(size=(500, 3))


def test_an_honest_interval_passes_and_others_are_told():
    assert covers(MEANS - 1.96, MEANS + 1.96, 0)
    with pytest.raises(AssertionError, match=r"of 500 worlds, not 0\.95"):
        covers(MEANS - 1.5, MEANS + 1.5, 0)
    with pytest.raises(AssertionError, match="of 500 worlds"):
        covers(MEANS - 3, MEANS + 3, 0)


def test_one_number_of_several_that_fails_is_enough():
    width = np.array([1.96, 1.96, 1.2])
    with pytest.raises(AssertionError):
        covers(MEANS - width, MEANS + width, 0)


def test_an_interval_that_is_missing_never_counts():
    with pytest.raises(AssertionError):
        covers([np.nan] * 500, [1.0] * 500, 0)
