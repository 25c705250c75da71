"""Entity-relationship diagrams (ER 图) of a database, drawn from its tables.

layout   where boxes and lines go
svg      the picture of it
mermaid  the same as text that JupyterLab draws
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cached_property
from pathlib import Path

import pandas as pd
import sqlalchemy as sa

from crmlab._checks import require_at_least, require_one_of
from crmlab.database import schema
from crmlab.database.diagram.entities import Entity, Relation, entities, relations
from crmlab.database.diagram.mermaid import mermaid_text
from crmlab.database.diagram.svg import svg_text
from crmlab.dictionary import schemas
from crmlab.errors import OutOfRangeError, UnknownNameError, UnreadableFileError

__all__ = ["Diagram"]

COLUMNS = ("none", "keys", "all")


class Diagram:
    """Entity-relationship diagram of tables and what they refer to.

    A box is a table, a line a foreign key. The marks at its ends say how many: a bar is one, a
    circle none, a crow's foot many: two bars at people and a crow's foot at purchases say that a
    purchase has exactly one customer, and a customer any number of purchases. In JupyterLab the
    diagram is drawn by mermaid; exports, and pages that know no mermaid, show the SVG.

    Parameters
    ----------
    tables : sequence of str, optional
        Which tables, by name; all of `metadata` when omitted. References to others are left out.
    data_class : "descriptive", "promotion" or "transaction", optional
        Of Hehua's tables only those of this class.
    columns : "keys", "all" or "none"
        Which columns the boxes list.
    metadata : sqlalchemy.MetaData, optional
        The tables of any database; Hehua's when omitted.
    titles : mapping of table to its name in another language, optional
        Hehua's Chinese ones when omitted; of other databases the comments of the tables.

    Attributes
    ----------
    mermaid, svg : str
    relations : DataFrame, one row per reference, by table as given, then by column
        table, columns, refers_to : str
        kind : str, "n:1" or "1:1"; how many rows of `table` there may be per row of `refers_to`
        optional : bool, a row of `table` may refer to nothing

    Raises
    ------
    UnknownNameError
        If there is no such table or class of data.
    OutOfRangeError
        If `columns` is none of the three, or there are no tables.

    Source
    ------
    Chen, P. P.-S. (1976). The entity-relationship model. ACM Transactions on Database Systems 1(1),
    9-36. doi:10.1145/320434.320440. Everest, G. C. (1976). Basic data structure models explained
    with a common example. Fifth Texas Conference on Computing Systems, 39-46 (the crow's foot).

    Examples
    --------
    >>> Diagram(["households", "people", "purchases"])
    people.household_id → households (n:1, optional)
    purchases.customer_id → people (n:1)
    """

    def __init__(
        self,
        tables: Sequence[str] | None = None,
        *,
        data_class: str | None = None,
        columns: str = "keys",
        metadata: sa.MetaData | None = None,
        titles: Mapping[str, str] | None = None,
    ) -> None:
        require_one_of("columns", columns, COLUMNS)
        if isinstance(tables, str):
            raise OutOfRangeError(f"tables must be a list of names, such as [{tables!r}].")
        own = metadata is None or metadata is schema.metadata
        known = schema.metadata.tables if metadata is None else metadata.tables
        classes = {name: schemas()[name]["data_class"] for name in known} if own else {}
        chosen = [*known] if tables is None else [*dict.fromkeys(tables)]
        for name in chosen:
            if name not in known:
                raise UnknownNameError.among("table", name, known)
        if data_class is not None:
            if data_class not in classes.values():
                there = [*dict.fromkeys(classes.values())]
                raise UnknownNameError.among("class of data", data_class, there)
            chosen = [name for name in chosen if classes[name] == data_class]
        require_at_least("the number of tables", len(chosen), 1)

        if titles is None and own:
            titles = {name: schemas()[name]["title_zh"] for name in chosen}
        picked = [known[name] for name in chosen]
        self._relations: list[Relation] = relations(picked)
        self._entities: list[Entity] = entities(
            picked, columns=columns, titles=titles or {}, classes=classes
        )

    @property
    def relations(self) -> pd.DataFrame:
        """One row per reference: table, columns, refers_to, kind, optional."""
        rows = [
            (one.child, " + ".join(one.columns), one.parent, one.kind, one.optional)
            for one in self._relations
        ]
        kinds = {"table": "str", "columns": "str", "refers_to": "str", "kind": "str"}
        kinds["optional"] = "bool"
        return pd.DataFrame(rows, columns=[*kinds]).astype(kinds)

    @cached_property
    def mermaid(self) -> str:
        """The diagram as text in the language of mermaid."""
        return mermaid_text(self._entities, self._relations)

    @cached_property
    def svg(self) -> str:
        """The diagram as a picture, complete in itself."""
        return svg_text(self._entities, self._relations, alt=repr(self))

    def save(self, path: str | Path) -> Path:
        """Write the diagram to a file whose name ends in .svg, .mmd or .mermaid; return its path.

        Raises
        ------
        OutOfRangeError
            If it ends in anything else.
        UnreadableFileError
            If it cannot be written.
        """
        path = Path(path)
        texts = {".svg": "svg", ".mmd": "mermaid", ".mermaid": "mermaid"}
        if path.suffix.lower() not in texts:
            raise OutOfRangeError(f"a diagram is saved as one of {[*texts]}; got {path.name!r}.")
        try:
            text = getattr(self, texts[path.suffix.lower()])
            path.write_text(text, encoding="utf-8", newline="\n")
        except OSError as error:
            raise UnreadableFileError(
                f"{path.name} cannot be written: {error.strerror}."
            ) from error
        return path

    def __repr__(self) -> str:
        """Return one line per reference, then the tables that neither refer nor are referred to."""
        lines = [*map(str, self._relations)]
        tied = {name for one in self._relations for name in (one.child, one.parent)}
        alone = [one.name for one in self._entities if one.name not in tied]
        return "\n".join(lines + [f"no references: {', '.join(alone)}"] * bool(alone))

    def _repr_mimebundle_(self, **_: object) -> tuple[dict[str, str], dict[str, dict[str, str]]]:
        """Return all forms: JupyterLab takes mermaid before SVG, exports the other way round."""
        forms = {"text/vnd.mermaid": self.mermaid, "image/svg+xml": self.svg}
        return {**forms, "text/plain": repr(self)}, {"image/svg+xml": {"alt": repr(self)}}
