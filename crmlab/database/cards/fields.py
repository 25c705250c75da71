"""The customer card of a direct seller: its fields, blocks, and which of them are sensitive."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pandas as pd
import yaml

COLUMNS = ("field", "block", "meaning_zh", "stands_alone", "is_sensitive", "needed")


def card_fields() -> pd.DataFrame:
    """Return the fields of the customer card (顾客资料卡), one row for each.

    Returns
    -------
    DataFrame
        field : str, a column of the cards that `simulate_direct_selling` makes
        block : str; five blocks, and education and income beside them
        meaning_zh : str
        stands_alone : bool, for education and income
        is_sensitive : bool, to be masked unless asked for and allowed
        needed : str, what a seller needs the field for; "" where nobody could say, so that data
            minimisation would leave it out

    Examples
    --------
    >>> fields = card_fields()
    >>> fields["block"].nunique(), fields.loc[~fields["stands_alone"], "block"].nunique()
    (7, 5)
    """
    kinds = dict.fromkeys(("field", "block", "meaning_zh", "needed"), "str")
    return pd.DataFrame(_rows(), columns=[*COLUMNS]).astype(kinds)


@cache
def _rows() -> list[list[str | bool]]:
    """Return what the file of fields says."""
    path = Path(__file__).with_name("fields.yaml")
    return yaml.safe_load(path.read_text(encoding="utf-8"))
