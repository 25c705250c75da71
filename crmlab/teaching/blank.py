"""The cells a reader completes: built whole, handed out with a blank where the mark stands.

A code cell of a chapter tagged `solution` marks what the reader types with a comment at the end of
the statement. The repository and the book show the cell as the author wrote it; in a reader's copy
the value of that statement is `...`, and a fold below shows one way to write it.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from crmlab._words import ENGLISH
from crmlab.errors import ChapterError

MARK = "# you type this"
# As it stands in the chapters of each language.
MARKS = {ENGLISH: MARK, "zh": "# 由你来写"}
_MARKED = re.compile(f" *({'|'.join(MARKS.values())})$")


def blanked(code: str) -> str:
    """Return `code` with `...` for the value of every statement that ends with the mark.

    Raises
    ------
    ChapterError
        If there is no mark, or one stands elsewhere than at the end of a statement with a value.

    Examples
    --------
    >>> print(blanked("spend = prices.sum()  # you type this"))
    spend = ...  # you type this
    """
    marks = {n: found[1] for n, line in enumerate(code.split("\n"), 1)
             if (found := _MARKED.search(line.rstrip()))}  # fmt: skip
    found = [each for each in _statements(ast.parse(code)) if each.end_lineno in marks]
    if not marks or {each.end_lineno for each in found} != {*marks}:
        raise ChapterError(
            f"a cell tagged solution ends the statement that a reader writes with {MARK!r}: "
            f"name = value  {MARK}, or return value  {MARK}"
        )
    lines = [line.encode() for line in code.split("\n")]
    for each in sorted(found, key=lambda each: -each.lineno):
        value = each.value
        assert value is not None
        first = each.lineno - 1
        ahead = [*lines[first : value.lineno - 1], lines[value.lineno - 1][: value.col_offset]]
        before = b"\n".join(ahead).rstrip(b"( \n")
        lines[first : each.end_lineno] = [before + f" ...  {marks[each.end_lineno or 0]}".encode()]
    return "\n".join(line.decode() for line in lines)


def _statements(tree: ast.AST) -> Iterator[ast.Assign | ast.AnnAssign | ast.AugAssign | ast.Return]:
    """Yield the statements whose value may be a blank."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Assign | ast.AnnAssign | ast.AugAssign | ast.Return) and node.value:
            yield node


def _name(node: ast.AST) -> str:
    """Return the name that an expression is, indexes or calls, or nothing."""
    while isinstance(node, ast.Call | ast.Subscript):
        node = node.func if isinstance(node, ast.Call) else node.value
    return node.id if isinstance(node, ast.Name) else ""


def faults(code: str) -> Iterator[str]:
    """Yield what would mislead the reader of a cell tagged `solution`.

    Run as it is handed out, the cell must say calmly that nothing is typed: so what it marks goes
    nowhere but into a check with the value to compare with, and as it is: `round(...)` would fail.
    """
    try:
        blanked(code)
    except ChapterError as error:
        yield str(error)
        return
    tree = ast.parse(code)
    checks = [
        node
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "check"
    ]
    if not checks or any(len(call.args) != 3 for call in checks):
        yield 'lacks a check with the value to compare with: check("06.b", mine, wanted)'
    lines = code.split("\n")
    yours = [
        each for each in _statements(tree) if _MARKED.search(lines[(each.end_lineno or 0) - 1])
    ]
    bound = {
        node.id
        for each in yours
        for node in ast.walk(each)
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)
    }
    made = bound | {each.name for each in ast.walk(tree) if isinstance(each, ast.FunctionDef)}
    if any(_name(call.args[1]) not in made for call in checks if len(call.args) == 3):
        yield f"checks something made of {sorted(made)}; a reader's blank would fail there"
    allowed = {id(node) for call in checks for node in ast.walk(call)}
    allowed |= {id(node) for each in yours for node in ast.walk(each)}
    used = {
        node.id
        for node in ast.walk(tree)
        if isinstance(node, ast.Name) and node.id in bound and id(node) not in allowed
    }
    if used:
        yield f"uses {sorted(used)} before the check; a reader's blank would fail there"
