"""A diagram as text that mermaid draws."""

from __future__ import annotations

import re
from collections.abc import Sequence

from crmlab.database.diagram.entities import Entity, Field, Relation


def mermaid_text(entities: Sequence[Entity], relations: Sequence[Relation]) -> str:
    """Return the boxes and lines in the language of mermaid's erDiagram."""
    lines = ["erDiagram", "    direction LR"]
    for one in entities:
        head = f"    {_name(one.name)}[{_quoted(f'{one.name} {one.title}'.strip())}]"
        if one.fields:
            lines += [head + " {", *(f"        {_line(field)}" for field in one.fields), "    }"]
        else:
            lines.append(head)
    for one in relations:
        # Read at the parent, then at the child: ||--o{ is one parent, any number of children.
        ends = ("|o" if one.optional else "||") + "--" + ("o|" if one.unique else "o{")
        label = _quoted(", ".join(one.columns))
        lines.append(f"    {_name(one.parent)} {ends} {_name(one.child)} : {label}")
    return "\n".join(lines) + "\n"


def _line(field: Field) -> str:
    """Return a column; one whose name mermaid cannot read has it once more as a comment."""
    name = re.sub(r"\W", "_", field.name, flags=re.ASCII)
    name = name if re.match(r"[A-Za-z]", name) else f"c_{name}"
    said = "" if name == field.name else " " + _quoted(field.name)
    return f"{field.kind} {name} {', '.join(field.keys)}".rstrip() + said


def _name(table: str) -> str:
    """Return the name of a table as mermaid reads it."""
    return table if re.fullmatch(r"[A-Za-z]\w*", table, flags=re.ASCII) else _quoted(table)


def _quoted(text: str) -> str:
    """Return text in the quotes that it must not hold itself."""
    return '"' + text.replace('"', "'").replace("\n", " ") + '"'
