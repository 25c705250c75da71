"""The columns that the models of this topic read: numbers as they are, words as yes or no."""

from __future__ import annotations

import re
from typing import Any

import numpy as np
import pandas as pd

from crmlab._checks import require_columns, require_truths, require_values
from crmlab._purchases import plain_values
from crmlab.errors import BadRowsError, EmptyError, OutOfRangeError, WrongTypeError

_NUMBER = re.compile(r"[-+]?\d+(\.\d+)?(e[-+]?\d+)?$", re.I).match


class Design:
    """Columns of a frame as numbers; a word becomes one column of yes or no for each value."""

    def __init__(self, frame: pd.DataFrame) -> None:
        require_columns(frame)
        if not frame.size:
            raise EmptyError("there are no rows or no columns; both are needed.")
        self.columns = [*frame.columns]
        self.words: dict[Any, list[str]] = {}
        self.whole: set[Any] = set()
        for name, column in self._plain(frame).items():
            if pd.api.types.is_bool_dtype(column) or not pd.api.types.is_numeric_dtype(column):
                self.words[name] = sorted(column.astype("str").unique())
                if all(map(_NUMBER, self.words[name])):
                    raise WrongTypeError(
                        f"{name} holds numbers as text. Convert it first: "
                        f"frame[{name!r}].astype('float64')"
                    )
            elif (column == np.rint(column)).all():
                self.whole.add(name)

    def _plain(self, frame: pd.DataFrame) -> pd.DataFrame:
        require_columns(frame, *self.columns)
        require_values(frame, *self.columns)
        plain = pd.DataFrame({name: plain_values(frame[name]) for name in self.columns})
        for name, column in plain.items():
            if column.dtype.kind == "M":
                raise WrongTypeError(
                    f"{name} holds dates, which no model here reads. Make a number of days of it."
                )
        return plain

    @property
    def names(self) -> list[tuple[Any, str | None]]:
        """The columns of the numbers: a name, and the word that a yes stands for."""
        return [(name, word) for name in self.columns for word in (self.words.get(name) or [None])]

    def numbers(self, frame: pd.DataFrame) -> np.ndarray:
        """Return the frame as numbers; a word that was never seen is no to all."""
        plain = self._plain(frame)
        parts = []
        for name, word in self.names:
            if word is None:
                parts.append(plain[name].to_numpy("float64"))
            else:
                parts.append((plain[name].astype("str") == word).to_numpy("float64"))
        found = np.column_stack(parts)
        if not np.isfinite(found).all():
            raise OutOfRangeError("a column holds an infinite number; set it aside first.")
        return found


def _mixed(one: pd.Index, other: pd.Index) -> bool:
    """Return whether two indices hold the same labels in another order."""
    unique = one.is_unique and other.is_unique and not one.equals(other)
    return unique and bool(one.isin(other).all())


def outcome_of(y: Any, X: pd.DataFrame) -> np.ndarray:
    """Return what happened as 1 and 0: one value for each row of `X`, both of them there."""
    rows = len(X)
    if not isinstance(y, (pd.Series, np.ndarray)) or np.ndim(y) != 1 or len(y) != rows:
        raise OutOfRangeError(f"the outcome must be a column of {rows} values, one for each row.")
    if isinstance(y, pd.Series) and _mixed(y.index, X.index):
        raise BadRowsError(
            "the outcome has the rows of the frame in another order. Bring it into that of the "
            "frame first: y.loc[X.index]"
        )
    column = pd.DataFrame({"outcome": np.asarray(y)})
    require_values(column, "outcome")
    column = column.infer_objects()
    require_truths(column, "outcome")
    found = column["outcome"].to_numpy("float64")
    if found.min() == found.max():
        raise OutOfRangeError("the outcome is the same in all rows; both yes and no are needed.")
    return found
