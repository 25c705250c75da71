"""The data sets that ship with the kit: what there is, what it means, and each as a frame."""

from __future__ import annotations

import json
from difflib import get_close_matches
from pathlib import Path

import pandas as pd

from crmlab._shipped import shipped
from crmlab.dictionary.fields import told_of
from crmlab.errors import UnknownNameError

__all__ = ["catalogue", "dictionary", "load"]

# Types of a Frictionless Table Schema, and what they are here.
_DTYPES = {
    "integer": "int64",
    "number": "float64",
    "string": "str",
    "date": "datetime64[us]",
}


def catalogue() -> pd.DataFrame:
    """Every data set that ships with the kit, with its origin and its own terms.

    Returns
    -------
    DataFrame, one row per data set
        name : str, what `load` takes
        topic : str, the chapter that uses it first
        rows : int64
        file : str, name of its file in the folder `datasets`
        title, title_zh : str
        source : str, where the data come from
        licence : str, the terms of the data themselves

    See Also
    --------
    load : one of them as a frame.
    dictionary : the meaning of its columns.

    Examples
    --------
    >>> catalogue().query("name == 'cdnow'")["rows"].item()
    69659
    """
    path = shipped("datasets") / "catalogue.csv"
    return _from_csv(path, {"rows": "int64"})


def load(name: str) -> pd.DataFrame:
    """One shipped data set, typed as its dictionary says. Nothing is fetched from a network.

    Parameters
    ----------
    name : str
        A name of the `catalogue`.

    Returns
    -------
    DataFrame
        Its columns as in `dictionary(name)`, in that order: whole numbers int64, other numbers
        float64, texts str, dates datetime64[us].

    Raises
    ------
    UnknownNameError
        If no data set has this name; the message lists those there are.

    See Also
    --------
    crmlab.data.read_purchases : a file of your own.

    Examples
    --------
    >>> load("service_tariffs")[["firm", "event", "cost", "currency"]]
                   firm        event  cost currency
    0    Hang Seng Bank  transaction  17.0      HKD
    1  American Express      enquiry  25.0      USD
    """
    path = _path(name)
    types = {field["name"]: _DTYPES[field["type"]] for field in _fields(name)}
    if path.suffix == ".parquet":
        frame = pd.read_parquet(path)
    else:
        # Dates come as text first.
        texts = {
            column: "str" if kind.startswith("date") else kind for column, kind in types.items()
        }
        frame = _from_csv(path, texts)
    return frame.astype(types)


def dictionary(name: str) -> pd.DataFrame:
    """Meaning, type and unit of each column of a shipped data set.

    Parameters
    ----------
    name : str
        As for `load`.

    Returns
    -------
    DataFrame, one row per column of the data set, in its order
        field : str, name of the column
        type : str, "integer", "number", "string" or "date" (Frictionless Table Schema)
        unit : str, empty where there is none
        meaning : str
        meaning_zh : str, its Chinese name
        constraints : str, such as "required, minimum 0"

    Raises
    ------
    UnknownNameError
        As `load`.

    Examples
    --------
    >>> dictionary("four_customers")[["field", "type", "unit"]]
             field    type unit
    0  customer_id  string
    1         date    date
    2       amount  number  USD
    """
    return pd.DataFrame([told_of(field) for field in _fields(name)])


def _from_csv(path: Path, types: dict[str, str]) -> pd.DataFrame:
    """Return a shipped table in which only an empty cell is a missing one."""
    return pd.read_csv(
        path, encoding="utf-8-sig", dtype=types, keep_default_na=False, na_values=[""]
    )


def _path(name: str) -> Path:
    """Return the file of the data set `name`."""
    table = catalogue()
    files = dict(zip(table["name"], table["file"], strict=True))
    if name not in files:
        near = get_close_matches(str(name), files, n=1)
        raise UnknownNameError.among("data set", name, files, near)
    return shipped("datasets") / files[name]


def _fields(name: str) -> list[dict]:
    """Return the fields of the data set's Frictionless Table Schema."""
    schema = _path(name).with_name(f"{name}.schema.json")
    return json.loads(schema.read_text(encoding="utf-8"))["fields"]
