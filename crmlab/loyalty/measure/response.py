"""Weights that make those who answered stand for all who were asked."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from crmlab._checks import names_of, require_columns, require_rows, require_truths, require_values
from crmlab._groups import bincount, class_codes
from crmlab.errors import BadRowsError, OutOfRangeError


def response_weights(
    asked: pd.DataFrame, *, by: str | Sequence[str], answered: str = "answered"
) -> pd.DataFrame:
    """Those who answered, each with a weight, so that every kind counts as it was asked.

    In each cell of `by` the weight is the customers asked over those who answered, scaled to a
    mean of 1. This corrects silence (无应答) that differs between cells. Silence that hangs on the
    answer itself, within a cell, it cannot correct, and no one can see it in the answers.

    Parameters
    ----------
    asked : DataFrame, one row per customer who was asked
        `answered` : bool
        columns of `by` : known of everybody, also of the silent
    by : str or sequence of str
    answered : str

    Returns
    -------
    DataFrame, the rows that answered, in their order, with every column of `asked` and
        weight : float64, mean 1

    Raises
    ------
    MissingColumnsError, BadRowsError
        If a column or a value is missing, or nobody of a cell answered (merge such cells first).
    OutOfRangeError
        If nobody answered.

    See Also
    --------
    net_promoter : takes the weights, `weight="weight"`.

    Source
    ------
    Post-stratification: Holt, D. and Smith, T. M. F. (1979), doi:10.2307/2344652.

    Examples
    --------
    >>> asked = pd.DataFrame({"kind": ["a", "a", "b", "b"], "answered": [True, True, True, False]})
    >>> response_weights(asked, by="kind")["weight"].tolist()
    [0.75, 0.75, 1.5]
    """
    columns = names_of("by", by)
    require_columns(asked, *columns, answered=answered)
    require_rows(asked)
    require_values(asked, *columns)
    require_truths(asked, answered)
    if "weight" in asked:
        raise OutOfRangeError("the frame has a column weight already; rename it first.")
    heard = asked[answered].to_numpy(bool)
    if not heard.any():
        raise OutOfRangeError("nobody answered, so there is nothing to weigh.")

    cell = class_codes(asked, columns).astype(np.intp)
    all_of, heard_of = bincount(cell), bincount(cell, heard)
    silent = np.flatnonzero(heard_of == 0)
    if silent.size:
        shown = asked.loc[np.isin(cell, silent), columns].drop_duplicates().head(5)
        raise BadRowsError(
            f"nobody answered of {shown.to_dict('records')}. Nobody can stand for them: give them "
            "and a neighbouring kind one name, and weigh again."
        )
    weight = (all_of / heard_of)[cell][heard]
    return asked.loc[heard].assign(weight=weight / weight.mean())
