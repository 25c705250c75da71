"""Which data to keep, before any is collected: the first step of identification."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pandas as pd
import yaml

from crmlab.dictionary import dictionary
from crmlab.errors import UnknownNameError


def define_fields(purpose: str, kind: str = "individual") -> pd.DataFrame:
    """Fields that a purpose needs of a kind of customer, with the reason for each.

    Two principles choose them: our own need, for what is not needed is not collected; and the
    customer's nature, which says how the field behaves for such customers.

    Parameters
    ----------
    purpose : str, "recognise", "deliver" or "give credit"
    kind : str, "individual" or "organisation"

    Returns
    -------
    DataFrame, one row per field
        table, field : str, where it stands in the database
        meaning, meaning_zh : str, from the dictionary
        need : str, what we do with it
        nature : str, what it is like for such customers

    Raises
    ------
    UnknownNameError
        If there is no such purpose or kind.

    See Also
    --------
    crmlab.privacy.gate.Policy : keeps every later question to the fields of its purpose.

    Examples
    --------
    >>> define_fields("deliver", "organisation")["field"].tolist()
    ['name', 'contact_name', 'line']
    """
    said = _purposes()
    if not isinstance(purpose, str) or purpose not in said:
        raise UnknownNameError.among("purpose", purpose, said)
    if not isinstance(kind, str) or kind not in said[purpose]:
        raise UnknownNameError.among("kind of customer", kind, said[purpose])
    rows = [line.split(" | ") for line in said[purpose][kind].splitlines()]
    table = pd.DataFrame(rows, columns=["place", "need", "nature"], dtype="str")
    place = table.pop("place").str.split(".", expand=True).set_axis(["table", "field"], axis=1)
    known = pd.concat([dictionary(name).assign(table=name) for name in place["table"].unique()])
    known = known[["table", "field", "meaning", "meaning_zh"]]
    return place.merge(known, how="left", validate="1:1").join(table)


@cache
def _purposes() -> dict[str, dict[str, str]]:
    """Return the table of purposes, by purpose and kind."""
    return yaml.safe_load(Path(__file__).with_name("fields.yaml").read_text(encoding="utf-8"))
