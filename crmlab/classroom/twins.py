"""Chapters and exercises in two languages: the twin of a cell stands right below it.

`# %% [markdown] lang="zh" of="3f2a9c1d"` begins a twin; `of` is the mark of the text it
translates, so that an English sentence which moved on is noticed. What a cell says beside its text
(`alt`, `hint`, …) has its translation beside it too, as `alt_zh`. The twin of a code cell differs
from it in the words of its strings and in nothing else.
"""

from __future__ import annotations

import ast
import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from hashlib import sha256
from itertools import pairwise
from typing import Any, NamedTuple

from crmlab._words import ENGLISH

# What a cell says beside its text.
BESIDE = ("alt", "hint", "objective", "message", "rubric")


class Part(NamedTuple):
    """A cell as both readers know it: its kind, its text, and what stands beside it."""

    kind: str
    text: str
    meta: Mapping[str, Any]

    @property
    def language(self) -> str:
        """The language of the cell: what `lang` says, else English."""
        return self.meta.get("lang", ENGLISH)

    @property
    def begins(self) -> str:
        """What tells an author which cell is meant."""
        return repr(self.text.partition("\n")[0])


def mark(text: str) -> str:
    """Return what a twin writes as `of`: eight letters that change when the text does.

    Examples
    --------
    >>> mark("# 06 · Who will buy again?") == mark("# 06 · Who will buy again")
    False
    """
    return sha256(text.encode()).hexdigest()[:8]


def languages(parts: Iterable[Part]) -> list[str]:
    """Return the languages of a chapter, English first."""
    return [ENGLISH, *sorted({part.language for part in parts} - {ENGLISH})]


def misplaced(parts: Sequence[Part]) -> Iterator[str]:
    """Yield what keeps a twin from standing for the cell above it."""
    for before, part in pairwise([Part("", "", {}), *parts]):
        if part.language == ENGLISH:
            continue
        if (before.kind, before.language) != (part.kind, ENGLISH):
            yield (
                f"the {part.language} cell {part.begins} must come right after the English cell "
                "it translates, and be of its kind"
            )
        elif part.kind == "code" and _shape(before.text) != _shape(part.text):
            yield (
                f"the {part.language} cell {part.begins} must be the code above it but for the "
                "words in its strings"
            )


def behind(parts: Sequence[Part]) -> Iterator[str]:
    """Yield what is not translated, or no longer; nothing for what has no twin at all."""
    for language in languages(parts)[1:]:
        for part, after in pairwise([*parts, Part("", "", {})]):
            if part.language != ENGLISH:
                continue
            if after.language != language:
                if part.kind == "markdown":
                    yield f"{part.begins} has no {language} twin"
            elif after.meta.get("of") != mark(part.text):
                yield (
                    f"the {language} cell {after.begins} translates an older text; read both, and "
                    f'write of="{mark(part.text)}"'
                )
            yield from _unsaid(part, language)


def _unsaid(part: Part, language: str) -> Iterator[str]:
    """Yield what a cell says beside its text in English alone."""
    for name in BESIDE:
        twin = f"{name}_{language}"
        mine, theirs = _count(part.meta.get(name)), _count(part.meta.get(twin))
        if mine != theirs:
            yield f"{part.begins} has {mine} {name}=… and {theirs} {twin}=…"


def _count(said: str | list[str] | None) -> int:
    return 0 if said is None else 1 if isinstance(said, str) else len(said)


def beside(meta: Mapping[str, Any], language: str) -> dict[str, Any]:
    """Return what stands beside a cell's text in one language, under the English names."""
    mine = {name: meta[f"{name}_{language}"] for name in BESIDE if f"{name}_{language}" in meta}
    rest = {key: said for key, said in meta.items() if key.rpartition("_")[0] not in BESIDE}
    return rest | mine


def unwrapped(text: str) -> str:
    r"""Return a text whose lines within a paragraph are joined: Chinese has no blanks.

    A page would show a line's end as one.

    Examples
    --------
    >>> unwrapped("一行写不下，\n就写两行。\n\n* 第 5\n  项")
    '一行写不下，就写两行。\n\n* 第 5 项'
    """
    return _WRAPPED.sub(_joined, text)


# A line's end within a paragraph: what follows begins neither a paragraph nor an item.
_WRAPPED = re.compile(r"(?<=\S)\n *(?=\S)(?![*+-] |\d+\. |[#|>]|```)")


def _joined(end: re.Match[str]) -> str:
    """Return what stands in place of a line's end; stars of emphasis are not seen."""
    before = end.string[: end.start()].rstrip("*")[-1:]
    after = end.string[end.end() :].lstrip("*")[:1]
    wide = [each for each in (before, after) if unicodedata.east_asian_width(each or " ") in "WFA"]
    if len(wide) == 2 or any(unicodedata.category(each).startswith("P") for each in wide):
        return ""
    return " " if wide else "\n"


def _shape(code: str) -> str:
    """Return the syntax tree of a code cell without the words of its strings."""
    return ast.dump(_Wordless().visit(ast.parse(code)))


class _Wordless(ast.NodeTransformer):
    """Takes the words from strings; what an f-string fills in stays, in whichever order."""

    def visit_Constant(self, node: ast.Constant) -> ast.AST:
        return ast.Constant("") if isinstance(node.value, str) else node

    def visit_JoinedStr(self, node: ast.JoinedStr) -> ast.AST:
        gaps = [self.visit(each) for each in node.values if isinstance(each, ast.FormattedValue)]
        return ast.JoinedStr(sorted(gaps, key=ast.dump))

    def visit_FormattedValue(self, node: ast.FormattedValue) -> ast.AST:
        # How a number is written is no word.
        return ast.FormattedValue(self.visit(node.value), node.conversion, node.format_spec)
