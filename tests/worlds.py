"""One way to ask whether an interval covers: in many worlds, each column of numbers on its own."""

import numpy as np


def covers(low, high, truth, *, level=0.95):
    """Return whether intervals hold the truth as often as they say, to 3.3 standard errors.

    `low` and `high` have a row per world, and a column per number if there are several. For 500
    worlds and 95 % that is 91.8 to 98.2 %.
    """
    low, high = np.asarray(low, dtype=float), np.asarray(high, dtype=float)
    assert not np.isnan(low).any()
    assert not np.isnan(high).any()
    share = ((low <= truth) & (truth <= high)).mean(axis=0)
    band = 3.3 * np.sqrt(level * (1 - level) / len(low))
    assert (abs(share - level) <= band).all(), f"{share} of {len(low)} worlds, not {level}"
    return True
