"""Plain answers: numbers, text, lists and tables, and the one text that stands for each.

Two answers are the same when their texts are. A number is rounded to a few significant digits, a
whole number to ten; a table forgets the order of its rows and columns. Nothing an answer brings
along (`__eq__`, `__sub__`, a subclass) takes part in the comparison.
"""

from __future__ import annotations

import math
import sys
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from itertools import chain
from typing import Any

import numpy as np
import pandas as pd

from crmlab._words import _
from crmlab.errors import CrmlabError

Cell = float | str | bool | None
DIGITS = 4
_MOST_CELLS = 500_000
_NUMBERS = {int, float, *(kind for kind in np.sctypeDict.values() if issubclass(kind, np.number))}
_FRAMES = {pd.DataFrame, pd.Series}
_SAFE_DISTANCE = 1e-4
_LARGEST_WHOLE = 2**53


class NotPlainError(CrmlabError):
    """An answer is neither a number, a text, a list nor a table."""

    @classmethod
    def of(cls, value: object) -> NotPlainError:
        """Word the error for `value`, without asking it anything."""
        said = _(
            "your answer is of the kind {kind!r}. Hand in a plain number, text, list or table "
            "(DataFrame or Series)."
        )
        return cls(said.format(kind=type(value).__name__))

    @classmethod
    def inside(cls, value: object) -> NotPlainError:
        """Word the error for one of several values."""
        said = _(
            "a value in your answer is of the kind {kind!r}, where a number or text belongs. Hand "
            "in a plain number, text, list or table (DataFrame or Series)."
        )
        return cls(said.format(kind=type(value).__name__))


@dataclass(frozen=True)
class Plain:
    """An answer as it is compared, stored and sent: a value, a list or a table, and nothing else.

    A table has its columns' names and its rows; a list is a table of one column without a name,
    and a single value one of one cell.
    """

    kind: str
    columns: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]

    @property
    def value(self) -> Cell:
        """The only cell of a number, a text, a flag or nothing."""
        return self.rows[0][0]

    def to_json(self) -> dict[str, Any]:
        """Return the answer as JSON can write it."""
        return {"kind": self.kind, "columns": [*self.columns], "rows": [[*r] for r in self.rows]}

    @classmethod
    def from_json(cls, loaded: Any) -> Plain:
        """Return the answer that `to_json` wrote; whatever else came is refused."""
        try:
            answer = cls(loaded["kind"], (*loaded["columns"],), (*map(tuple, loaded["rows"]),))
            if answer._is_sound():
                return answer
        except (TypeError, KeyError):
            pass
        raise NotPlainError.of(loaded)

    def _is_sound(self) -> bool:
        """Return whether every part is of the kind that `plain` makes."""
        many = self.kind in ("list", "table")
        return (
            self.kind in _KINDS
            and all(type(name) is str for name in self.columns)
            and all(len(row) == max(1, len(self.columns)) for row in self.rows)
            and all(type(cell) in _CELLS for row in self.rows for cell in row)
            and (many or (len(self.rows) == 1 and not self.columns))
        )


_KINDS = {"number", "text", "flag", "nothing", "list", "table"}
_CELLS = {int, float, str, bool, type(None)}


def plain(value: object) -> Plain:
    """Return an answer in its plain form.

    Parameters
    ----------
    value : number, str, bool, date, None, list, tuple, set, dict, array, Series or DataFrame
        The type itself counts; a class derived from one of these is refused.

    Returns
    -------
    Plain
        A Series or dict becomes a table of its keys and values; an index with a name becomes a
        column; dates become text, YYYY-MM-DD.

    Raises
    ------
    NotPlainError
        For anything else, or for more than 500,000 cells.

    Examples
    --------
    >>> plain(0.5)
    Plain(kind='number', columns=(), rows=((0.5,),))
    >>> plain({"gold": 3})
    Plain(kind='table', columns=('index', 'value'), rows=(('gold', 3),))
    """
    kind = type(value)
    if kind is dict:
        return _table(["index", "value"], value.items())  # pyright: ignore[reportAttributeAccessIssue]
    if kind in _FRAMES:
        return _of_frame(value)  # pyright: ignore[reportArgumentType]
    if kind in (set, frozenset):
        cells = [_cell(each) for each in value]  # pyright: ignore[reportGeneralTypeIssues]
        return Plain("list", (), tuple((cell,) for cell in sorted(cells, key=repr)))
    if kind is np.ndarray:
        value = value.tolist()  # pyright: ignore[reportAttributeAccessIssue]
        kind = type(value)  # a list, or the one value of an array without axes
    if kind in (list, tuple):
        return Plain("list", (), tuple((_cell(each),) for each in _few(value)))  # pyright: ignore[reportArgumentType]
    cell = _cell(value, NotPlainError.of)
    name = {bool: "flag", str: "text", type(None): "nothing"}.get(type(cell), "number")
    return Plain(name, (), ((cell,),))


def _cell(value: object, refused: Callable[[object], NotPlainError] = NotPlainError.inside) -> Cell:
    """Return one value as JSON can write it; a number that is none of those becomes None."""
    kind = type(value)
    if value is None or value is pd.NaT or value is pd.NA:
        return None
    if kind is str or kind is bool:
        return value  # pyright: ignore[reportReturnType]
    if kind is np.bool_:
        return bool(value)
    if kind is np.str_:
        return str(value)
    if kind in (pd.Timestamp, datetime, date):
        return str(value).removesuffix(" 00:00:00")
    if kind is np.datetime64:
        return _cell(pd.Timestamp(value))  # pyright: ignore[reportArgumentType]
    if kind not in _NUMBERS or issubclass(kind, np.complexfloating | np.timedelta64):
        raise refused(value)
    number = int(value) if issubclass(kind, int | np.integer) else float(value)  # pyright: ignore[reportArgumentType]
    if isinstance(number, int) and abs(number) > _LARGEST_WHOLE:
        return "inf" if abs(number) > sys.float_info.max else float(number)
    if math.isnan(number):
        return None
    return number if abs(number) < math.inf else str(number)


def _of_frame(frame: pd.DataFrame | pd.Series) -> Plain:
    """Return a frame's cells, with an index that says something as columns."""
    if isinstance(frame, pd.Series):
        frame = frame.rename("value" if frame.name is None else str(frame.name)).to_frame()
        keyed = True
    else:
        keyed = any(name is not None for name in frame.index.names)
        keyed |= not pd.api.types.is_integer_dtype(frame.index.dtype)
    if frame.size > _MOST_CELLS:
        said = _("your answer has {n} cells; {most} at most.")
        raise NotPlainError(said.format(n=frame.size, most=_MOST_CELLS))
    if keyed:
        frame = frame.reset_index(names=None if frame.index.nlevels > 1 else _index_name(frame))
    columns = [frame.iloc[:, place].astype(object) for place in range(frame.shape[1])]
    return _table([*map(str, frame.columns)], zip(*columns, strict=True))


def _index_name(frame: pd.DataFrame) -> str:
    return "index" if frame.index.name is None else str(frame.index.name)


def _table(columns: list[str], rows: Iterable[Iterable[object]]) -> Plain:
    """Return the table of `rows`, its columns in the order of their names."""
    order = sorted(range(len(columns)), key=columns.__getitem__)
    taken = [[_cell(each) for each in row] for row in rows]
    cells = tuple(tuple(row[place] for place in order) for row in taken)
    return Plain("table", tuple(columns[place] for place in order), cells)


def _few(values: list[object]) -> list[object]:
    """Return `values`, refusing more than can be an answer."""
    if len(values) > _MOST_CELLS:
        said = _("your answer has {n} values; {most} at most.")
        raise NotPlainError(said.format(n=len(values), most=_MOST_CELLS))
    return values


def text_of(answer: Plain, digits: int) -> str:
    """Return the text that stands for `answer`, its numbers at `digits` significant digits."""
    rows = ["\t".join(_text(cell, digits) for cell in row) for row in answer.rows]
    if answer.kind == "table":
        rows.sort()
    head = [] if answer.kind in ("number", "text", "flag") else [answer.kind, *answer.columns]
    return "\n".join(["\t".join(head), *rows])


def texts_of(expected: Plain, digits: int) -> frozenset[str]:
    """Return every text that counts as `expected`: a number lies between two roundings."""
    if expected.kind != "number" or not isinstance(expected.value, int | float):
        return frozenset([text_of(expected, digits)])
    below, above = _neighbours(expected.value, digits)
    each = (Plain("number", (), ((value,),)) for value in (expected.value, below, above))
    return frozenset(text_of(answer, digits) for answer in each)


def safe_digits(expected: Plain, wanted: int) -> int:
    """Return how many digits round no number of a table or list near to a rounding edge.

    A single number has two neighbouring roundings instead, and keeps the digits wanted.
    """
    if expected.kind not in ("list", "table"):
        return wanted
    numbers = [c for c in chain(*expected.rows) if type(c) is float and not _is_whole(c)]
    choices = [wanted, wanted + 1, wanted - 1, wanted + 2]
    return min(choices, key=lambda digits: any(_is_near_edge(c, digits) for c in numbers))


def _is_whole(value: float) -> bool:
    """Return whether `value` is a whole number up to the noise of sums."""
    return abs(value - round(value)) <= 1e-9 * max(1.0, abs(value))


def _step(value: float, digits: int) -> float:
    return 10.0 ** (math.floor(math.log10(abs(value))) - digits + 1)


def _neighbours(value: float, digits: int) -> tuple[float, float]:
    """Return the roundings just below and above `value`; a whole number is its own."""
    if value == 0 or _is_whole(value):
        return value, value
    step = _step(value, digits)
    return math.floor(value / step) * step, math.ceil(value / step) * step


def _is_near_edge(value: float, digits: int) -> bool:
    beyond = abs(value) / _step(value, digits) % 1
    return abs(beyond - 0.5) < _SAFE_DISTANCE


def _text(cell: Cell, digits: int) -> str:
    """Return the text of one cell; letters' case and spaces do not count."""
    if isinstance(cell, str):
        return " ".join(cell.casefold().split())
    if cell is None or isinstance(cell, bool):
        return str(cell)
    if _is_whole(cell):
        return f"{round(cell):.10g}"
    return f"{float(f'{cell:.{digits - 1}e}'):.12g}"
