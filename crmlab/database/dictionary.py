"""What every column of Hehua means, as Frictionless Table Schema; and a fast check of tables."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import yaml

from crmlab._checks import require_columns
from crmlab.errors import OutOfRangeError, UnknownNameError

# The kinds of dtype that a type of the dictionary may have.
KINDS = {"integer": "i", "number": "fi", "string": "OTU", "boolean": "b"}
KINDS |= {"date": "M", "datetime": "M"}
SHOWN = 5  # rows that are shown for each rule of a field


@cache
def schemas() -> dict[str, dict[str, Any]]:
    """Return the Frictionless Table Schema of each table, by name."""
    return {name: _schema(table) for name, table in written().items()}


@cache
def written() -> dict[str, dict[str, Any]]:
    """Return what tables.yaml says of each table, as it is written there."""
    path = Path(__file__).parent / "tables.yaml"
    return yaml.safe_load(path.read_text(encoding="utf-8"))


def datapackage(tables: Mapping[str, str]) -> dict[str, Any]:
    """Return the Frictionless Data Package of `tables` (name: file).

    Raises UnknownNameError if a table has no schema.

    Examples
    --------
    >>> [resource["path"] for resource in datapackage({"tariffs": "tariffs.csv"})["resources"]]
    ['tariffs.csv']
    """
    for name in tables:
        if name not in schemas():
            raise UnknownNameError.among("table", name, schemas())
    return {
        "$schema": "https://datapackage.org/profiles/2.0/datapackage.json",
        "name": "hehua",
        "title": "Hehua (荷华), a fictional firm",
        "licenses": [{"name": "CC-BY-4.0"}],
        "resources": [
            {"name": name, "path": file, "encoding": "utf-8", "schema": schemas()[name]}
            for name, file in tables.items()
        ],
    }


def dictionary(table: str) -> pd.DataFrame:
    """Return one row per column of a table.

    Parameters
    ----------
    table : name of a table

    Returns
    -------
    DataFrame of str, in the order of the table's columns
        field, type, unit, meaning, meaning_zh, constraints;
        data_class : descriptive, promotion or transaction, empty for a table of truths;
        block : of the individual or organisation model, empty in other tables

    See Also
    --------
    data_model : the same of all tables

    Raises
    ------
    UnknownNameError
        If there is no such table.

    Examples
    --------
    >>> dictionary("tariffs")[["field", "type", "unit", "meaning_zh"]]
          field    type unit meaning_zh
    0   channel  string              渠道
    1  cost_cny  number  CNY         单价
    """
    if table not in [*schemas()]:
        raise UnknownNameError.among("table", table, schemas())
    rows = [
        {
            "field": field["name"],
            "type": field["type"],
            "unit": field.get("unit", ""),
            "meaning": field["description"],
            "meaning_zh": field["title"],
            "constraints": ", ".join(f"{one} {what}" for one, what in field["constraints"].items()),
            "data_class": schemas()[table].get("data_class", ""),
            "block": field.get("block", ""),
        }
        for field in schemas()[table]["fields"]
    ]
    return pd.DataFrame(rows)


def data_model() -> pd.DataFrame:
    """Return one row per column of the database: table, then what `dictionary` says of it.

    Each field belongs to one of three classes of data (客户数据分类): descriptive, promotion or
    transaction. Those of the individual model (people, households, addresses, children) have one
    of its 6 blocks, those of the organisation model (organisations, offices) one of its 5.

    Examples
    --------
    >>> model = data_model()
    >>> [*model["data_class"].unique()]
    ['descriptive', 'promotion', 'transaction']
    >>> [*model.loc[model["table"] == "organisations", "block"].unique()]
    ['basic', 'behaviour', 'people', 'business status', 'trading']
    """
    told = {name: dictionary(name) for name, schema in schemas().items() if "data_class" in schema}
    return pd.concat(told, names=["table", None]).reset_index(0).reset_index(drop=True)


def faults(
    tables: Mapping[str, pd.DataFrame], schema_of: Mapping[str, dict[str, Any]] | None = None
) -> pd.DataFrame:
    """Every breach of the dictionary in `tables`, which are checked against each other too.

    Parameters
    ----------
    tables : frames by name; a key of a table that is not among them is not followed
    schema_of : Frictionless Table Schemas by name, Hehua's own when omitted

    Returns
    -------
    DataFrame, one row per fault, of each field and rule the first 5 rows; empty when all is well
        table, field : str
        row : int64, counted from 0; -1 for the whole column
        value : str, what is there
        rule : str, what is asked
        rows : int64, how many rows break this rule

    Raises
    ------
    UnknownNameError
        If a table has no schema.

    Examples
    --------
    >>> tariffs = pd.DataFrame({"channel": ["chat", "chat"], "cost_cny": [8.0, -1.0]})
    >>> faults({"tariffs": tariffs})[["field", "row", "value", "rule"]]
          field  row value               rule
    0  cost_cny    1  -1.0          minimum 0
    1   channel    1  chat  unique in tariffs
    """
    known = schemas() if schema_of is None else schema_of
    if not isinstance(tables, Mapping):
        raise OutOfRangeError(
            "tables must be frames by name, such as {'people': frame}; "
            f"got {type(tables).__name__}."
        )
    found = []
    for name, frame in tables.items():
        if name not in known:
            raise UnknownNameError.among("table", name, known)
        fields = {field["name"] for field in known[name]["fields"]}
        require_columns(frame, *fields & {*getattr(frame, "columns", ())})
        for field, bad, rule in _broken(name, frame, known[name], tables):
            rows = np.flatnonzero(bad) if bad is not None else np.array([-1])
            for row in rows[:SHOWN].tolist():
                value = "" if row < 0 else _shown(frame, field, row)
                found.append((name, field, row, value, rule, len(rows)))
    columns = ["table", "field", "row", "value", "rule", "rows"]
    texts = {"table": "str", "field": "str", "value": "str", "rule": "str"}
    return pd.DataFrame(found, columns=columns).astype({**texts, "row": "int64", "rows": "int64"})


def _schema(table: Mapping[str, Any]) -> dict[str, Any]:
    """Return a table's schema from its short form."""
    schema: dict[str, Any] = {
        "$schema": "https://datapackage.org/profiles/2.0/tableschema.json",
        "title": table["title"],
        "title_zh": table["title_zh"],
        "fields": [_field(line) for line in table["fields"].splitlines()],
    }
    if "class" in table:
        schema["data_class"] = table["class"]
    blocks = {field: b for b, fields in table.get("blocks", {}).items() for field in fields.split()}
    for field in schema["fields"]:
        if field["name"] in blocks:
            field["block"] = blocks[field["name"]]
    if "key" in table:
        schema["primaryKey"] = table["key"]
    if "refers" in table:
        schema["foreignKeys"] = [
            {"fields": [field], "reference": _reference(to)}
            for field, to in table["refers"].items()
        ]
    return schema


def _reference(to: str) -> dict[str, Any]:
    """Return what a foreign key such as people.customer_id refers to."""
    table, field = to.split(".")
    return {"resource": table, "fields": [field]}


def _field(line: str) -> dict[str, Any]:
    """Return a field from `name | type | unit | Chinese name | meaning | constraints`."""
    name, kind, unit, title, meaning, rules = (part.strip() for part in line.split(" |", 5))
    constraints: dict[str, Any] = {"required": True}
    for rule in filter(None, rules.split(", ")):
        word, _, what = rule.partition(" ")
        if word == "optional":
            del constraints["required"]
        elif word in ("min", "max"):
            constraints[f"{word}imum"] = what if kind == "date" else json.loads(what)
        elif word == "enum":
            constraints["enum"] = what.split("/")
        else:
            constraints[word] = what
    field = {"name": name, "type": kind, "title": title, "description": meaning}
    if unit:
        field["unit"] = unit
    return {**field, "constraints": constraints}


def _broken(
    name: str, frame: pd.DataFrame, schema: Mapping[str, Any], tables: Mapping[str, pd.DataFrame]
) -> Iterator[tuple[str, np.ndarray | None, str]]:
    """Yield field, rows that break a rule (None: the column itself), and the rule."""
    wanted = [field["name"] for field in schema["fields"]]
    for extra in [column for column in frame.columns if column not in wanted]:
        yield str(extra), None, "a column of the dictionary"
    for field in schema["fields"]:
        if field["name"] not in frame:
            yield field["name"], None, "a column that is there"
        elif not _fits(frame[field["name"]], field["type"]):
            yield field["name"], None, f"type {field['type']}, not {frame[field['name']].dtype}"
        else:
            for bad, rule in _values(frame[field["name"]], field):
                yield field["name"], bad, rule
    key = schema.get("primaryKey", [])
    if key and {*key} <= {*frame.columns}:
        yield key[0], frame.duplicated(key).to_numpy(), f"unique in {name}" + _with(key)
    for foreign in schema.get("foreignKeys", []):
        (field,), parent = foreign["fields"], foreign["reference"]["resource"]
        (column,) = foreign["reference"]["fields"]
        if field in frame and column in tables.get(parent, ()):
            orphan = ~frame[field].isin(tables[parent][column]) & frame[field].notna()
            yield field, orphan.to_numpy(), f"one of {parent}.{column}"


def _fits(column: pd.Series, kind: str) -> bool:
    """Return whether a column has a dtype for a type of the dictionary; objects must be texts."""
    dtype: Any = column.dtype
    if dtype.kind not in KINDS[kind] or getattr(getattr(dtype, "pyarrow_dtype", dtype), "tz", None):
        return False
    values = getattr(dtype, "categories", column)
    if values.dtype != object:
        return values.dtype.kind in KINDS[kind]
    return pd.api.types.infer_dtype(values, skipna=True) in ("string", "empty")


def _with(key: list[str]) -> str:
    """Return the other columns of a key in words."""
    return f" together with {', '.join(key[1:])}" if key[1:] else ""


def _values(column: pd.Series, field: Mapping[str, Any]) -> Iterator[tuple[np.ndarray, str]]:
    """Yield the rows of a column that break a constraint of its field, and which."""
    missing = column.isna().to_numpy()
    asked = field["constraints"]
    if asked.get("required"):
        yield missing, "required"
    there = ~missing
    if field["type"] == "date":
        hours = (column != column.dt.normalize()).fillna(False).to_numpy(dtype=bool)
        yield there & hours, "a day without an hour"
    for rule, sign in (("minimum", 1), ("maximum", -1)):
        if rule in asked:
            limit = pd.Timestamp(asked[rule]) if field["type"] == "date" else asked[rule]
            beyond = column < limit if sign > 0 else column > limit
            yield there & beyond.fillna(False).to_numpy(dtype=bool), f"{rule} {asked[rule]}"
    if "enum" in asked:
        yield there & ~column.isin(asked["enum"]).to_numpy(), f"one of {', '.join(asked['enum'])}"
    if "pattern" in asked:
        fits = column.str.fullmatch(asked["pattern"], flags=re.ASCII).fillna(False)
        yield there & ~fits.to_numpy(dtype=bool), f"like {asked['pattern']}"


def _shown(frame: pd.DataFrame, field: str, row: int) -> str:
    """Return a value as a message shows it."""
    value = frame[field].iloc[row]
    return "" if pd.isna(value) else str(value)
