"""Read the file of an account from a reader's own YAML or Excel."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pandas as pd
import yaml

from crmlab.accounts.headings import HEADINGS, INDEX, LIST
from crmlab.errors import BadRowsError, UnreadableFileError

YAML, EXCEL = {".yaml", ".yml"}, {".xlsx", ".xls", ".xlsm", ".ods"}


def read_account(path: Path) -> dict[str, Any]:
    """Return what stands in the file, as the mapping that `AccountFile.of` takes."""
    if path.suffix.lower() not in YAML | EXCEL:
        raise UnreadableFileError(
            f"{path} ends in {path.suffix or 'nothing'}; an account's file is YAML or Excel: "
            f"{sorted(YAML | EXCEL)}."
        )
    if not path.is_file():
        raise UnreadableFileError(f"there is no file {path}. AccountFile.template() begins one.")
    content = _yaml(path) if path.suffix.lower() in YAML else _excel(path)
    if not isinstance(content, dict) or not content:
        raise UnreadableFileError(
            f"{path} holds no headings. AccountFile.template() shows how such a file begins."
        )
    return content


def _yaml(path: Path) -> Any:
    """Return the content of a YAML file; a key that stands twice is refused."""

    class Once(yaml.SafeLoader):
        pass

    def mapping(loader: Any, node: Any) -> dict:
        seen: dict[Any, int] = {}
        for key, _value in node.value:
            line = key.start_mark.line + 1
            if key.value in seen:
                raise BadRowsError(
                    f"{path}, line {line}: {key.value} stands already in line {seen[key.value]}. "
                    "Keep one of them."
                )
            seen[key.value] = line
        return {
            loader.construct_object(key): loader.construct_object(value, deep=True)
            for key, value in node.value
        }

    Once.add_constructor(yaml.resolver.BaseResolver.DEFAULT_MAPPING_TAG, mapping)
    try:
        return yaml.load(path.read_text(encoding="utf-8-sig"), Once)
    except UnicodeDecodeError as error:
        raise UnreadableFileError(f"{path} is not in UTF-8; save it as UTF-8.") from error
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line = f", line {mark.line + 1}" if mark else ""
        said = getattr(error, "problem", None) or str(error)
        raise UnreadableFileError(
            f"{path}{line} is no YAML: {said}. Texts with a colon need quotes, and fields are "
            "indented by two blanks, never tabs."
        ) from error


def _excel(path: Path) -> dict[str, Any]:
    """Return the sheets of a workbook by name: fields and values, and a table for swot."""
    from python_calamine import CalamineError

    try:
        sheets = pd.read_excel(path, sheet_name=None, engine="calamine", dtype=object)
    except (CalamineError, OSError, ValueError) as error:
        raise UnreadableFileError(f"{path} cannot be opened as Excel: {error}.") from error
    content: dict[str, Any] = {}
    for name, table in sheets.items():
        heading = str(name).strip().lower()
        table = table.dropna(how="all")
        if heading == "swot":
            content[heading] = [_filled(row) for row in table.to_dict("records")]
            continue
        if len(table.columns) < 2:
            raise BadRowsError(f"{path}, sheet {name}: two columns are needed, field and value.")
        values = _fields(table.iloc[:, :2].set_axis(["field", "value"], axis=1))
        if heading == "account":
            content |= {key: _day(value) for key, value in values.items()}
        else:
            content[heading] = values
    return content


def _fields(table: pd.DataFrame) -> dict[str, Any]:
    """Return fields and values; several rows of one field are a list, "indices: x" a mapping."""
    kinds = {name: kind for names in HEADINGS.values() for name, kind in names.items()}
    found: dict[str, Any] = {}
    for name, value in table.dropna(subset=["value"]).itertuples(index=False):
        field, _colon, inner = (part.strip() for part in str(name).partition(":"))
        if kinds.get(field) == INDEX and inner:
            found.setdefault(field, {})[inner] = value
        elif kinds.get(field) == LIST:
            found.setdefault(field, []).append(value)
        elif field in found:
            raise BadRowsError(f"the field {field} stands twice, and holds one value only.")
        else:
            found[field] = value
    return found


def _filled(row: dict[Any, Any]) -> dict[str, Any]:
    return {str(key): value for key, value in row.items() if not pd.isna(value)}


def _day(value: Any) -> Any:
    return value.strftime("%Y-%m-%d") if hasattr(value, "strftime") else value
