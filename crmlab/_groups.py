"""Who belongs together: rows with the same values, as numbers, quickly."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd


def class_codes(frame: pd.DataFrame, columns: Sequence[str]) -> np.ndarray:
    """Return the number 0, 1, … of each row's class; rows alike in all `columns` share one.

    A missing value is a value of its own: two rows that both hide it look alike.
    """
    codes, size = np.zeros(len(frame), dtype=np.int64), 1
    for column in columns:
        one, values = pd.factorize(frame[column], use_na_sentinel=False)
        if size * len(values) > 2**62:
            codes, kept = pd.factorize(codes)
            size = len(kept)
        codes = codes * len(values) + one
        size *= len(values)
    return pd.factorize(codes)[0]
