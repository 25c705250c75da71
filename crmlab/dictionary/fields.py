"""What every column of Hehua means, as Frictionless Table Schema."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

import pandas as pd
import yaml

from crmlab.errors import UnknownNameError


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
            **told_of(field),
            "data_class": schemas()[table].get("data_class", ""),
            "block": field.get("block", ""),
        }
        for field in schemas()[table]["fields"]
    ]
    return pd.DataFrame(rows)


def told_of(field: Mapping[str, Any]) -> dict[str, str]:
    """Return what a table for readers says of one field of a Frictionless Table Schema."""
    return {
        "field": field["name"],
        "type": field["type"],
        "unit": field.get("unit", ""),
        "meaning": field["description"],
        "meaning_zh": field["title"],
        "constraints": ", ".join(map(_in_words, field["constraints"].items())),
    }


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


def _in_words(constraint: tuple[str, object]) -> str:
    rule, value = constraint
    if value is True:
        return rule
    if isinstance(value, list):
        return f"one of {value}"
    return f"{rule} {value}"
