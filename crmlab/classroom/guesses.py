"""A guess typed before the answer, and the answer beside it afterwards.

What is revealed beside a truth was typed in this session; the file is written and never read here,
so that a chapter which is built or tested prints the same on every machine.
"""

from __future__ import annotations

import json
import re
from datetime import date
from pathlib import Path
from statistics import median
from typing import Any

from crmlab._words import _
from crmlab.classroom.listening import listener
from crmlab.classroom.plain import Cell, NotPlainError, Plain, plain
from crmlab.classroom.spelled import is_share, read_numbers
from crmlab.errors import CrmlabError

__all__ = ["guess", "reveal"]

NAME = "crmlab-guesses.json"
_NAMED = re.compile(r"\d\d[a-z]?\.[a-z]")
_NOTHING = ("", "nan", "nat", "<na>", "inf", "-inf", "infinity", "-infinity")
_SHOWN = 12
_typed: dict[str, list[Plain]] = {}
_in_percent: set[str] = set()


def guess(name: str, *typed: object) -> None:
    """Keep what you guess before the answer is shown; `reveal` shows it beside the truth.

    Parameters
    ----------
    name : str
        The chapter's number and a letter, such as "06.a".
    typed : number, text, list, Series or DataFrame
        Your guess. "30%" is the share 0.3, "1,200" and "¥300" are numbers too; `...`, None and ""
        are no guess yet, and what is no number (nan) is not kept. Several values are the guesses of
        several people: `guess("06.a", 0.3, 0.5, 0.35)` asks a class.

    Raises
    ------
    CrmlabError
        If `name` is no such name.

    Examples
    --------
    >>> guess("06.a", ...)
    06.a · no guess yet: type a number, "30%", a "text" or a list in place of ... and run again.
    """
    _require_name(name)
    if listener() is not None:
        return
    _typed.pop(name, None)
    _in_percent.discard(name)
    if not typed or any(_is_blank(each) for each in typed):
        said = _(
            '{name} · no guess yet: type a number, "30%", a "text" or a list in place of ... and '
            "run again."
        )
        print(said.format(name=name))
        return
    try:
        values = [plain(each) for each in typed]
    except NotPlainError:
        said = _("{name} · not kept: a guess is a number, a text in quotes or a list.")
        print(said.format(name=name))
        return
    cells = [cell for each in values for row in each.rows for cell in row]
    if not all(map(_says_something, cells)) or not all(each.rows for each in values):
        said = _(
            '{name} · not kept: None, nan and infinity say nothing. Type a number, "30%", a "text" '
            "or a list, and run again."
        )
        print(said.format(name=name))
        return
    if any(isinstance(cell, str) and is_share(cell) for cell in cells):
        _in_percent.add(name)
    values = [read_numbers(each) for each in values]
    _typed[name] = values
    _keep(name, values)
    typed_so = _several(values, percent=name in _in_percent)
    said = _("{name} · your guess: {guess}. It is kept; the answer comes further on.")
    print(said.format(name=name, guess=typed_so))


def _is_blank(typed: object) -> bool:
    return typed is ... or typed is None or (isinstance(typed, str) and not typed.strip())


def reveal(name: str, truth: object, *, form: str = "") -> None:
    """Show the truth, rounded, and what was guessed beside it.

    Parameters
    ----------
    name : str
        The name of the guess.
    truth : number, text, list, dict, Series or DataFrame
        What came out.
    form : str
        How numbers are written, as in `format`: ".0%" for a share in percent. By default three
        digits, in percent if the guess was.

    Raises
    ------
    CrmlabError
        If `name` is no name of a guess.

    Examples
    --------
    >>> reveal("06.a", 0.3642)
    06.a · the truth: 0.364 (no guess was typed)
    """
    _require_name(name)
    if listener() is not None:
        return
    right, mine = plain(truth), _typed.get(name, [])
    percent = name in _in_percent
    between = _is_number(right) and 0 < float(right.value) < 1  # pyright: ignore[reportArgumentType]
    if between or form.endswith("%"):
        shares = [_as_share(each) for each in mine]
        percent, mine = percent or shares != mine, shares
    # A whole number counts something, whatever was guessed: 27 tests are no 2,700%.
    shown = _worded(right, percent=percent and not isinstance(truth, int), form=form)
    if mine:
        said = _("{name} · your guess: {guess} · the truth: {truth}")
        typed = _several(mine, percent=percent, form=form)
    else:
        said, typed = _("{name} · the truth: {truth} (no guess was typed)"), ""
    print(said.format(name=name, guess=typed, truth=shown))


def _require_name(name: str) -> None:
    if not (isinstance(name, str) and _NAMED.fullmatch(name)):
        raise CrmlabError(
            f"{name!r} names no guess: a guess has its chapter's number and a letter, 06.a say."
        )


def _says_something(cell: Cell) -> bool:
    """Return whether a cell is a guess; the text "nan" is as little of one as the number is."""
    words = cell.strip().casefold() if isinstance(cell, str) else cell
    return words is not None and words not in _NOTHING


def _as_share(typed: Plain) -> Plain:
    """Return 30 as 0.3, where the truth is a share."""
    if _is_number(typed) and 1 < float(typed.value) <= 100:  # pyright: ignore[reportArgumentType]
        return plain(float(typed.value) / 100)  # pyright: ignore[reportArgumentType]
    return typed


def _is_number(value: Plain) -> bool:
    return value.kind == "number" and not isinstance(value.value, str)


def _several(values: list[Plain], *, percent: bool, form: str = "") -> str:
    """Word one guess, or the spread of several people's."""
    if len(values) == 1:
        return _worded(values[0], percent=percent, form=form)
    if not all(map(_is_number, values)):
        return " | ".join(_worded(each, percent=percent, form=form) for each in values)
    return spread([float(each.value) for each in values], percent=percent, form=form)  # pyright: ignore[reportArgumentType]


def spread(numbers: list[float], *, percent: bool = False, form: str = "") -> str:
    """Word the spread of guessed numbers: how many, the middle one, and from where to where."""
    low, middle, high = (
        _number(each, percent=percent, form=form)
        for each in (min(numbers), median(numbers), max(numbers))
    )
    said = _("{middle} in the middle of {n}, from {low} to {high}")
    return said.format(middle=middle, n=len(numbers), low=low, high=high)


def _worded(value: Plain, *, percent: bool, form: str) -> str:
    """Word one value, its rows one after the other."""
    rows = [
        " ".join(_number(cell, percent=percent, form=form) for cell in row)
        for row in value.rows[:_SHOWN]
    ]
    return ", ".join([*rows, *(["…"] if len(value.rows) > _SHOWN else [])])


def _number(cell: Cell, *, percent: bool, form: str) -> str:
    """Return one cell as people read it: numbers at three digits, whole ones whole."""
    if isinstance(cell, str | bool | None):
        return str(cell)
    if form:
        return format(cell, form)
    if percent:
        return f"{100 * cell:.3g}%" if abs(cell) < 10 else f"{100 * cell:,.0f}%"
    if cell == round(cell) or abs(cell) >= 100:
        return f"{cell:,.0f}"
    return f"{cell:.3g}"


def _keep(name: str, values: list[Plain]) -> None:
    """Add a guess to the file beside the notebook, unless it is the one kept last."""
    kept, path = read(Path()), Path(NAME)
    cells = [[cell for row in each.rows for cell in row] for each in values]
    typed = [each[0] if len(each) == 1 else each for each in cells]
    runs = kept.setdefault(name, [])
    if not runs or runs[-1]["typed"] != typed:
        runs.append({"on": date.today().isoformat(), "typed": typed})
    try:
        new = path.with_suffix(".new")
        new.write_text(json.dumps(kept, ensure_ascii=False, indent=1), encoding="utf-8")
        new.replace(path)
    except OSError as error:
        said = _("Your guess cannot be kept in this folder: {why}.")
        print(said.format(why=error.strerror))


def read(folder: Path) -> dict[str, list[dict[str, Any]]]:
    """Return the guesses kept in `folder`: by name, the runs in which something was typed.

    Each run has the day `on` and the list `typed`, one value for each person asked.
    """
    try:
        kept = json.loads((folder / NAME).read_text(encoding="utf-8"))
        return {
            name: [{"on": run["on"], "typed": [*run["typed"]]} for run in runs]
            for name, runs in kept.items()
        }
    except FileNotFoundError:
        return {}
    except (ValueError, TypeError, KeyError, AttributeError):
        print(_("{file} is damaged; guesses are kept anew.").format(file=NAME))
        return {}
