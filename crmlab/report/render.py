"""Sections in, HTML out: the one place where templates are filled."""

from __future__ import annotations

from collections.abc import Sequence

from jinja2 import Environment, PackageLoader, StrictUndefined

import crmlab
from crmlab._words import _, language
from crmlab.report.blocks import Section
from crmlab.report.words import share

# By this mark a later run knows an earlier report, whichever version wrote it.
GENERATOR = f"crmlab report {crmlab.__version__}"
MARK = b'<meta name="generator" content="crmlab report '


def render(sections: Sequence[Section], *, title: str, period: str, source: str) -> str:
    """Return the page; every text is escaped, wherever it came from."""
    return (
        environment()
        .get_template("page.html")
        .render(sections=sections, title=title, period=period, source=source)
    )


def environment() -> Environment:
    """Return what fills the templates: it escapes every text, and misses no name in silence."""
    found = Environment(
        loader=PackageLoader("crmlab.report"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    found.filters |= {"share": share, "bar": _bar}
    found.globals |= {"zip": zip, "_": _, "language": language(), "generator": GENERATOR}
    return found


def _bar(part: float) -> str:
    """Return how far a bar is filled: a missing share or a loss not at all, 1 at most."""
    return f"{min(part, 1):.4f}" if part > 0 else "0"
