"""Read the file of an account from a reader's own YAML or Excel."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any, ClassVar

import pandas as pd
import yaml

from crmlab.accounts.headings import HEADINGS, INDEX, LIST
from crmlab.errors import BadRowsError, CrmlabError, UnreadableFileError

INTEGER = re.compile(r"[-+]?(?:0|[1-9][0-9]*)$")
FLOAT = re.compile(r"[-+]?(?:(?:0|[1-9][0-9]*)(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][-+]?[0-9]+)?$")
YAML, EXCEL = {".yaml", ".yml"}, {".xlsx", ".xls", ".xlsm", ".ods"}


class _Plain(yaml.SafeLoader):
    """YAML without references, whose numbers are those that people write.

    References make a small file huge, and no account's file needs them. By YAML 1.1 the text 0100
    is 64 and 12:30 is 750: here they are texts, and a field that asks for a number refuses them.
    """

    yaml_implicit_resolvers: ClassVar = {
        first: [(tag, form) for tag, form in rules if not tag.endswith((":int", ":float"))]
        for first, rules in yaml.SafeLoader.yaml_implicit_resolvers.items()
    }

    def compose_node(self, parent: Any, index: Any) -> Any:
        if self.check_event(yaml.AliasEvent):
            raise yaml.MarkedYAMLError(
                problem="references (* and &) are not taken here; write out what is meant",
                problem_mark=self.peek_event().start_mark,
            )
        return super().compose_node(parent, index)


for _kind, _form in (("int", INTEGER), ("float", FLOAT)):
    _Plain.add_implicit_resolver(f"tag:yaml.org,2002:{_kind}", _form, [*"-+.0123456789"])


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

    class Once(_Plain):
        pass

    def mapping(loader: Any, node: Any) -> dict:
        seen: dict[Any, int] = {}
        found: dict[Any, Any] = {}
        for key, value in node.value:
            line = key.start_mark.line + 1
            if not isinstance(key, yaml.ScalarNode):
                raise UnreadableFileError(
                    f"{path}, line {line}: the name of a field is a list or a mapping. Braces and "
                    "brackets in a text need quotes around the text."
                )
            if key.value in seen:
                raise BadRowsError(
                    f"{path}, line {line}: {key.value} stands already in line {seen[key.value]}. "
                    "Keep one of them."
                )
            seen[key.value] = line
            try:
                found[loader.construct_object(key)] = loader.construct_object(value, deep=True)
            except CrmlabError:
                raise
            except ValueError as error:  # such as the 30th of February
                raise BadRowsError(f"{path}, line {line}: {key.value}: {error}.") from error
        return found

    Once.add_constructor(yaml.resolver.BaseResolver.DEFAULT_MAPPING_TAG, mapping)
    try:
        return yaml.load(path.read_text(encoding="utf-8-sig"), Once)
    except UnicodeDecodeError as error:
        raise UnreadableFileError(f"{path} is not in UTF-8; save it as UTF-8.") from error
    except RecursionError as error:
        raise UnreadableFileError(f"{path} is nested too deeply for an account's file.") from error
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
        heading, found = str(name).strip().lower(), {}
        table = table.dropna(how="all")
        if heading == "swot":
            found[heading] = [_filled(row) for row in table.to_dict("records")]
        elif len(table.columns):  # a sheet on which nothing stands says nothing
            table = table.set_axis([str(each).strip().lower() for each in table.columns], axis=1)
            if [*table.columns].count("field") != 1 or [*table.columns].count("value") != 1:
                raise BadRowsError(
                    f"{path}, sheet {name}: two columns are needed, field and value, with these "
                    f"names in the first row; it has {[*table.columns]}."
                )
            values = _fields(table[["field", "value"]])
            is_account = heading == "account"
            found = {k: _day(v) for k, v in values.items()} if is_account else {heading: values}
        if twice := sorted({*found} & {*content}):
            raise BadRowsError(f"{path}, sheet {name}: {twice} stand on another sheet already.")
        content |= found
    return content


def _fields(table: pd.DataFrame) -> dict[str, Any]:
    """Return fields and values; several rows of one field are a list, "indices: x" a mapping."""
    kinds = {name: kind for names in HEADINGS.values() for name, kind in names.items()}
    found: dict[str, Any] = {}
    for name, value in table.dropna(subset=["value"]).itertuples(index=False):
        field, _colon, inner = (part.strip() for part in str(name).partition(":"))
        if kinds.get(field) == LIST:
            found.setdefault(field, []).append(value)
            continue
        inside = kinds.get(field) == INDEX and inner != ""
        place, key = (found.setdefault(field, {}), inner) if inside else (found, field)
        if not isinstance(place, dict) or key in place:
            raise BadRowsError(f"the field {name} stands twice, and holds one value only.")
        place[key] = value
    return found


def _filled(row: dict[Any, Any]) -> dict[str, Any]:
    return {str(key): value for key, value in row.items() if not pd.isna(value)}


def _day(value: Any) -> Any:
    return value.strftime("%Y-%m-%d") if hasattr(value, "strftime") else value
