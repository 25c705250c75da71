"""Customer ids as whole numbers from 0, in the order of the ids."""

from __future__ import annotations

import numpy as np
import pandas as pd

from crmlab.errors import OutOfRangeError


def numbered(ids: pd.Series) -> tuple[np.ndarray, pd.Index]:
    """Return the number of each row's customer, and the customers in the order of their numbers.

    Whole numbers that lie close together need no hashing: a look-up table numbers them.
    """
    if isinstance(ids.dtype, pd.CategoricalDtype):
        return _of_categories(ids)
    kind = pd.api.types.infer_dtype(ids) if ids.dtype == object else ids.dtype.kind
    if kind in {"i", "u", "integer"}:
        return _of_integers(ids.to_numpy("int64"))
    if kind == "string" or isinstance(ids.dtype, pd.StringDtype):
        numbers, customers = pd.factorize(ids.astype("str"), sort=True)
        return numbers, pd.Index(customers)
    raise OutOfRangeError(
        f"{ids.name} must hold whole numbers or text; got {ids.dtype}. "
        f"Convert it first: frame[{ids.name!r}].astype('int64') or .astype('str')"
    )


def _of_integers(ids: np.ndarray) -> tuple[np.ndarray, pd.Index]:
    lowest, highest = ids.min(), ids.max()
    if int(highest) - int(lowest) > 8 * ids.size:  # too sparse for a table
        numbers, customers = pd.factorize(ids, sort=True)
        return numbers, pd.Index(customers)
    places = ids - lowest if lowest else ids
    seen = np.zeros(highest - lowest + 1, dtype=bool)
    seen[places] = True
    customers = pd.Index(np.flatnonzero(seen) + lowest)
    if seen.all():
        return places, customers
    return (np.cumsum(seen) - 1)[places], customers


def _of_categories(ids: pd.Series) -> tuple[np.ndarray, pd.Index]:
    places, present = _of_integers(ids.cat.codes.to_numpy("int64"))
    names, customers = numbered(ids.cat.categories[present].to_series())
    return names[places], customers
