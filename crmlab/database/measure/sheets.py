"""A sheet brought to order: one value in a cell, one spelling of a fact, what a deletion costs."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd

from crmlab._checks import require_at_least, require_columns
from crmlab._groups import class_codes, repeat
from crmlab.database.measure.dependencies import PLUS, Rules, rules_of, texts
from crmlab.errors import AmbiguousError, OutOfRangeError

# What reads as a number; 00123 is a code, and stays text.
NUMBER = r"[+-]?(?:0|[1-9]\d*)(?:\.\d+)?"


def several_values(frame: pd.DataFrame, *, separator: str = ";") -> pd.DataFrame:
    """Every cell that holds more than one value, which the first normal form forbids.

    Parameters
    ----------
    frame : DataFrame, any; only text is looked at
    separator : str
        What stands between two values of a cell.

    Returns
    -------
    DataFrame, by row, then as the columns stand in `frame`
        row : int64, from 0
        column : str
        written : str
        values : int64, 2 or more

    Raises
    ------
    OutOfRangeError
        If there is no separator.

    See Also
    --------
    split_cells : gives each value a row of its own.

    Examples
    --------
    >>> several_values(pd.DataFrame({"product": ["soap", "lipstick; cream"], "price": ["9", "59"]}))
       row   column          written  values
    0    1  product  lipstick; cream       2
    """
    require_columns(frame)
    _require_separator(separator)
    found = []
    for place, column in enumerate(frame.columns):
        for row, cell in enumerate(frame.iloc[:, place]):
            if isinstance(cell, str) and len(parts := _parts(cell, separator)) > 1:
                found.append((row, place, str(column), cell, len(parts)))
    found.sort(key=lambda one: one[:2])
    kinds = {"row": "int64", "column": "str", "written": "str", "values": "int64"}
    rows = [(row, *rest) for row, _, *rest in found]
    return pd.DataFrame(rows, columns=[*kinds]).astype(kinds)


def split_cells(
    frame: pd.DataFrame, *, columns: Sequence[str], separator: str = ";"
) -> pd.DataFrame:
    """Rows with one value in each cell: the first product with the first price, and so on.

    Parameters
    ----------
    frame : DataFrame, any
    columns : the columns whose values belong together
    separator : str
        What stands between two values of a cell. Blanks around it are dropped, and empty parts.

    Returns
    -------
    DataFrame, with the columns of `frame`, in its order
        A row whose cells hold k values has become k rows, which agree in all other columns. Where
        every value of one of `columns` reads as a number, the column is numeric.

    Raises
    ------
    MissingColumnsError
        If `frame` lacks one of `columns`.
    AmbiguousError
        If a row has two products and one price, say: whose is it?
    OutOfRangeError
        If no columns are named, or there is no separator.

    See Also
    --------
    several_values : where they are.

    Examples
    --------
    >>> orders = pd.DataFrame({"order": [1], "product": ["soap; cream"], "price": ["12; 128"]})
    >>> split_cells(orders, columns=["product", "price"])
       order product  price
    0      1    soap     12
    1      1   cream    128
    """
    columns = [columns] if isinstance(columns, str) else [*columns]
    _require_separator(separator)
    require_at_least("the number of columns", len(columns), 1)
    require_columns(frame, *columns)

    parts = {name: [_parts(cell, separator) for cell in frame[name]] for name in columns}
    counts = np.array([[*map(len, parts[name])] for name in columns], dtype=np.int64)
    uneven = np.flatnonzero((counts != counts[:1]).any(axis=0))
    if uneven.size:
        row = int(uneven[0])
        raise AmbiguousError(
            f"{len(uneven)} row(s) have more values in one column than in another: "
            f"{uneven.tolist()}. Row {row} says {frame[columns].iloc[row].to_dict()}. Write as "
            "many values in each of these cells."
        )
    split = frame.iloc[repeat(np.arange(len(frame)), counts[0])].reset_index(drop=True)
    for name in columns:
        values = pd.Series([part for cell in parts[name] for part in cell], dtype=object)
        split[name] = _typed(values, split[name].dtype)
    return split


def mended(frame: pd.DataFrame, dependencies: Rules) -> pd.DataFrame:
    """Return the frame with each contradiction decided by the majority of its rows.

    Where two values are equally frequent, nothing is changed. A majority is not the truth: which
    address is the right one only the customer knows.

    Parameters
    ----------
    frame : DataFrame, any
    dependencies : as for `anomalies`
        Mended in this order.

    Returns
    -------
    DataFrame, with the rows and columns of `frame`
        Where X should determine A, each value of X has the A that most of its rows have.

    Raises
    ------
    MissingColumnsError
        As `anomalies`.

    See Also
    --------
    anomalies : the contradictions, and what is left of them.

    Examples
    --------
    >>> orders = pd.DataFrame({
    ...     "product": ["soap", "soap", "soap"],
    ...     "category": ["household", "house-hold", "household"],
    ... })
    >>> mended(orders, {"product": "category"})["category"].tolist()
    ['household', 'household', 'household']
    """
    rules, whole = rules_of(frame, dependencies), frame.copy()
    for left, name in rules:
        group, value = class_codes(whole, left), class_codes(whole, [name])
        seen = pd.DataFrame({"group": group, "value": value, "row": np.arange(len(whole))})
        said = seen.groupby(["group", "value"], as_index=False)["row"].agg(["size", "first"])
        said["most"] = said.groupby("group")["size"].transform("max")
        top = said[said["size"] == said["most"]].drop_duplicates("group", keep=False)
        decided = pd.Series(top["first"].to_numpy(), index=top["group"].to_numpy())
        source = decided.reindex(group).fillna(seen["row"].set_axis(group)).to_numpy("int64")
        whole[name] = whole[name].iloc[source].set_axis(whole.index)
    return whole


def lost_facts(frame: pd.DataFrame, dependencies: Rules, *, by: str) -> pd.DataFrame:
    """Facts that would be forgotten if one order (say) were deleted: the deletion anomaly.

    Parameters
    ----------
    frame : DataFrame, any
    dependencies : as `dependencies` returns them, or {determinant: dependents}
        Those of `by` itself are left out: an order's own date may go with the order.
    by : str
        Column of what is deleted.

    Returns
    -------
    DataFrame, by dependency, then by the value of X as it first stands in `frame`
        by : str, the value of `by` whose rows are the only ones that know
        determinant, value, dependent, written : str, the fact

    Raises
    ------
    MissingColumnsError
        If `frame` lacks `by` or a column that a dependency names.

    Examples
    --------
    >>> orders = pd.DataFrame({
    ...     "order_id": [1, 2, 3],
    ...     "product": ["soap", "soap", "bath salts"],
    ...     "price": [12, 12, 49],
    ... })
    >>> lost_facts(orders, {"product": "price"}, by="order_id")
      by determinant       value dependent written
    0  3     product  bath salts     price      49
    """
    require_columns(frame, by=by)
    columns = ["by", "determinant", "value", "dependent", "written"]
    found = [pd.DataFrame(columns=columns)]
    for left, name in rules_of(frame, dependencies):
        if by in left:
            continue
        seen = pd.DataFrame({"group": class_codes(frame, left), "by": class_codes(frame, [by])})
        orders = seen.groupby("group")["by"].transform("nunique")
        rows = np.flatnonzero((orders == 1) & ~seen["group"].duplicated())
        shown = {"by": texts(frame, [by], rows), "determinant": PLUS.join(left)}
        shown |= {"value": texts(frame, left, rows), "dependent": name}
        found.append(pd.DataFrame({**shown, "written": texts(frame, [name], rows)}))
    return pd.concat(found, ignore_index=True).astype("str")


def _require_separator(separator: str) -> None:
    """Raise OutOfRangeError unless there is something that can stand between two values."""
    if not isinstance(separator, str) or not separator.strip():
        raise OutOfRangeError(f"separator must be a sign such as ';'; got {separator!r}.")


def _parts(cell: object, separator: str) -> list[object]:
    """Return the values of a cell; one that holds none, or no text, is a value itself."""
    if not isinstance(cell, str):
        return [cell]
    return [part.strip() for part in cell.split(separator) if part.strip()] or [cell]


def _typed(values: pd.Series, kind: Any) -> pd.Series:
    """Return values as numbers if all of them read as such, else in the dtype they had."""
    there = values[values.notna()]
    is_text = len(there) > 0 and there.map(lambda one: isinstance(one, str)).all()
    if is_text and there.astype("str").str.fullmatch(NUMBER).all():
        return pd.to_numeric(values)
    return values.astype(kind)
