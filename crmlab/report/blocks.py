"""What a section of the page is made of; each block has a template of its name."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import ClassVar, Literal

from crmlab._words import N_

# What stands before a note; the page says it in the reader's language.
LABELS = (N_("Note"), N_("Caution"))


@dataclass(frozen=True)
class Card:
    """One headline figure: a label, its value, and what to know about it."""

    label: str
    value: str
    note: str = ""


@dataclass(frozen=True)
class Cards:
    """Headline figures side by side."""

    template: ClassVar = "cards"
    cards: Sequence[Card]


@dataclass(frozen=True)
class Column:
    """A column of a table: its head, its cells from top to bottom, and of what kind they are.

    A `number` is set right, a `share` (a float in 0-1) also gets a bar, a `name` is text from
    the reader's file, kept apart from ours whatever its direction.
    """

    head: str
    cells: Iterable[object]
    kind: Literal["text", "number", "share", "name"] = "text"


@dataclass(frozen=True)
class Table:
    """Columns under a caption; the first one names the row."""

    template: ClassVar = "table"
    caption: str
    columns: Sequence[Column]

    @property
    def rows(self) -> list[tuple[object, ...]]:
        """The cells, row by row."""
        return [*zip(*(column.cells for column in self.columns), strict=True)]


@dataclass(frozen=True)
class Picture:
    """A drawn figure: its SVG as a data address, its finding in words, how to read it."""

    template: ClassVar = "picture"
    source: str
    alt: str
    caption: str
    width_rem: float


@dataclass(frozen=True)
class Text:
    """Paragraphs."""

    template: ClassVar = "text"
    paragraphs: Sequence[str]


@dataclass(frozen=True)
class Points:
    """Short statements, one under the other."""

    template: ClassVar = "points"
    points: Sequence[str]


@dataclass(frozen=True)
class Note:
    """Something the reader should know before trusting what stands around it."""

    template: ClassVar = "note"
    text: str
    label: Literal["Note", "Caution"] = "Note"


@dataclass(frozen=True)
class Term:
    """A word of the field, its Chinese, and what it means."""

    english: str
    chinese: str
    meaning: str


@dataclass(frozen=True)
class Terms:
    """A glossary."""

    template: ClassVar = "terms"
    terms: Sequence[Term]


@dataclass(frozen=True)
class Part:
    """Blocks under a heading of their own."""

    template: ClassVar = "part"
    title: str
    blocks: Sequence[Block]


Block = Cards | Table | Picture | Text | Points | Note | Terms | Part


@dataclass(frozen=True)
class Section:
    """One chapter of the page: its heading, its finding in one sentence, and the evidence."""

    anchor: str
    title: str
    finding: str
    blocks: Sequence[Block] = ()
