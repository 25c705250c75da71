"""Numbers that were found, each with what it is a share of, its window, and its cell of code."""

from __future__ import annotations

import re
import sys
import traceback
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from string import Formatter

import pandas as pd

from crmlab._words import pgettext
from crmlab.errors import BadRowsError, UnknownNameError

# Numbers that were typed: digits of any script, fractions of one letter, and shares in words.
TYPED = re.compile(
    r"\d[\d.,]*[%％]?|[\u00bc-\u00be\u2150-\u215e]"
    r"|百分之[零〇一二两三四五六七八九十百]+|[一二两三四五六七八九]成"
    r"|(?:\b(?:one|two|three|four|five|six|seven|eight|nine|ten|fifteen|\w+ty)\b[- ]?)+per ?cent\b",
    re.IGNORECASE,
)
# Below so many, a share moves by whole points when one customer changes.
FEWEST = 30


@dataclass(frozen=True)
class Finding:
    """One number of a project, and all that a reader needs to doubt it.

    name : how the text speaks of it
    value : the number
    form : how it is written, as in `format`
    of : what it is a share or a mean of, how many; missing for a count
    first, last : the window it was counted in, both days included
    cell : the code that found it
    opened : whether the later part of the file was open by then
    """

    name: str
    value: float
    form: str
    of: int | None
    first: pd.Timestamp
    last: pd.Timestamp
    cell: str
    opened: bool

    def __str__(self) -> str:
        """Return the number as the page writes it."""
        return format(self.value, self.form)

    @property
    def is_share(self) -> bool:
        """Whether it is written as a percent."""
        return self.form.endswith("%")

    @property
    def is_thin(self) -> bool:
        """Whether it rests on too few."""
        return self.of is not None and self.of < FEWEST


def pieces(text: str) -> list[tuple[str, str]]:
    """Return `text` as pairs of words and the name of the number after them, "" for none.

    Examples
    --------
    >>> pieces("Of {buyers} buyers {lost} are lost.")
    [('Of ', 'buyers'), (' buyers ', 'lost'), (' are lost.', '')]
    """
    return [(words, name or "") for words, name, _form, _mark in Formatter().parse(text)]


def require_found(text: str, findings: Mapping[str, Finding]) -> None:
    """Raise unless each number of `text` is the name of a finding in braces."""
    try:
        parts = pieces(text)
    except ValueError as error:
        raise BadRowsError(
            f"the braces of {text!r} do not close: {error}. Write a number as {{name}}."
        ) from error
    unknown = [name for _words, name in parts if name and name not in findings]
    if unknown:
        raise UnknownNameError(
            f"nothing was found under {unknown}; there are {[*findings]}. "
            f'Keep the number first: project.find("{unknown[0]}", …)'
        )
    typed = [said for words, _name in parts for said in TYPED.findall(words)]
    if typed:
        raise BadRowsError(
            f"{typed} is typed and not found. Keep each number with project.find(name, value), and "
            "write {name} in its place, so that a reader can follow it to the cell that made it."
        )


def fill(text: str, findings: Mapping[str, Finding]) -> str:
    """Return `text` with its numbers written out."""
    return "".join(words + (str(findings[name]) if name else "") for words, name in pieces(text))


def cell_of_caller() -> str:
    """Return the code of the notebook's cell that is running; of a script, the line."""
    python = sys.modules.get("IPython")
    shell = python.get_ipython() if python else None
    if shell is not None:
        return shell.user_ns["In"][-1].strip()
    ours = __name__.rpartition(".")[0].replace(".", "/")
    lines = [frame for frame in traceback.extract_stack() if ours not in frame.filename]
    return (lines[-1].line or "").strip() if lines else ""


def masked(cell: str, ids: Collection[object]) -> str:
    """Return code with each id of the file in it hidden: a text in quotes, or five digits and more.

    Examples
    --------
    >>> masked("seen.loc['ann@ex.org'] * 26", {"ann@ex.org"})
    "seen.loc['…'] * 26"
    """
    known = {str(each) for each in ids}

    def hidden(found: re.Match[str]) -> str:
        return found[0].replace(found["id"], "…") if found["id"] in known else found[0]

    cell = re.sub(r"(?P<quote>[\"'])(?P<id>[^\"'\n]+)(?P=quote)", hidden, cell)
    return re.sub(r"(?P<id>\d{5,})", hidden, cell)


def findings_frame(findings: Iterable[Finding]) -> pd.DataFrame:
    """Return the numbers as a frame, in the order in which they were found."""
    columns = ["name", "shown", "of", "first", "last", "when"]
    when = {True: pgettext("the lock", "after"), False: pgettext("the lock", "before")}
    rows = [(one.name, str(one), one.of, one.first, one.last, when[one.opened]) for one in findings]
    frame = pd.DataFrame(rows, columns=columns)
    return frame.astype({"name": "str", "shown": "str", "of": "Int64", "when": "str"})
