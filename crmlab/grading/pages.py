"""What fills the templates: every text is escaped, and said in the language spoken."""

from __future__ import annotations

from urllib.parse import quote

from jinja2 import Environment, PackageLoader, StrictUndefined

from crmlab._words import _, language

PAGES = Environment(
    loader=PackageLoader("crmlab.grading"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)
PAGES.filters["quoted"] = lambda text: quote(str(text), safe="")
PAGES.filters["short"] = lambda number: f"{number:.4g}"
PAGES.globals |= {"_": _, "spoken": lambda: "zh-Hans" if language() == "zh" else language()}
