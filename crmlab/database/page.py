"""One page about one customer, as HTML that prints well and as plain text."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from textwrap import indent
from typing import Any, NamedTuple
from unicodedata import east_asian_width

import numpy as np
import pandas as pd
from jinja2 import Environment, PackageLoader, StrictUndefined, Template

MASK = "•••"  # stands for what is hidden, and for what is hidden and not known
NOTHING = "—"


class Block(NamedTuple):
    """A part of the page: pairs of field and value, and the share of them that is known."""

    name: str
    rows: Sequence[tuple[str, str]]
    share: float | None = None


class Page(NamedTuple):
    """A page: a title, lines below it, blocks, notes at the end."""

    title: str
    lines: Sequence[str]
    blocks: Sequence[Block]
    notes: Sequence[str] = ()

    def html(self) -> str:
        """Return the page as HTML, in which every value is escaped."""
        return _template().render(self._asdict())

    def text(self) -> str:
        """Return the page as plain text."""
        parts = [self.title, *self.lines]
        for block in self.blocks:
            share = "" if block.share is None else f"  {_percent(block.share)}"
            width = max((_width(field) for field, _ in block.rows), default=0)
            rows = [
                f"{field}{' ' * (width - _width(field))}  {value}" for field, value in block.rows
            ]
            parts += ["", block.name + share, indent("\n".join(rows), "  ")]
        return "\n".join([*parts, "", *self.notes]).rstrip()


def shown(value: Any) -> str:
    """Return a value as a reader sees it: days without hours, numbers without noise.

    Examples
    --------
    >>> [shown(one) for one in (pd.Timestamp("2024-12-31"), 1234567.5, 3.0, True, None, " ")]
    ['2024-12-31', '1,234,567.5', '3', 'yes', '—', '—']
    """
    if value is None or pd.isna(value) or not str(value).strip():
        return NOTHING
    if isinstance(value, (bool, np.bool_)):
        return "yes" if value else "no"
    if isinstance(value, pd.Timestamp):
        return f"{value:%Y-%m-%d}"
    if isinstance(value, (int, float, np.number)):
        return f"{value:,.4f}".rstrip("0").rstrip(".")
    return str(value)


def _width(text: str) -> int:
    """Return how many places a text takes; a Chinese sign takes two."""
    return sum(2 if east_asian_width(one) in "WF" else 1 for one in text)


def _percent(share: float) -> str:
    """Return a share as percent; NaN, a share of nothing, as a dash."""
    return NOTHING if pd.isna(share) else f"{share:.0%}"


@cache
def _template() -> Template:
    """Return the page that is filled in."""
    loader = PackageLoader("crmlab.database")
    pages = Environment(loader=loader, autoescape=True, undefined=StrictUndefined)
    pages.filters["percent"] = _percent
    return pages.get_template("page.html")
