"""A question built from names and values: tables joined along their keys, values kept apart."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import sqlalchemy as sa
from sqlalchemy.engine.default import DefaultDialect

from crmlab._checks import require_at_least, require_kind, require_list
from crmlab.database.query.fields import Ways, checked, said_of
from crmlab.database.query.wording import unknown
from crmlab.errors import OutOfRangeError

_COMPARED: dict[str, Callable[[Any, Any], Any]] = {
    "=": lambda column, value: column == value,
    "!=": lambda column, value: column != value,
    "<": lambda column, value: column < value,
    "<=": lambda column, value: column <= value,
    ">": lambda column, value: column > value,
    ">=": lambda column, value: column >= value,
    "in": lambda column, value: column.in_(value),
    "contains": lambda column, value: column.icontains(value, autoescape=True),
    "is empty": lambda column, _: column.is_(None),
    "is known": lambda column, _: column.is_not(None),
}
OPERATORS = (*_COMPARED,)
TOTALS = ("count", "sum", "mean", "min", "max")


@dataclass(frozen=True)
class Condition:
    """What the rows must meet: a field, an operator, a value.

    field : str, a column of the table asked, or `table.column` of one that its rows refer to
    operator : one of = != < <= > >= in contains, is empty, is known; what is empty meets only
        the last but one; `contains` looks for a part of a text, large letters as small ones
    value : of the field's type; for `in` a list; nothing for `is empty` and `is known`

    Raises UnknownNameError for another operator.
    """

    field: str
    operator: str
    value: Any = None

    def __post_init__(self) -> None:
        if self.operator not in OPERATORS:
            raise unknown("operator", self.operator, OPERATORS)


def build_query(
    table: str,
    fields: Sequence[str] = (),
    *,
    where: Sequence[Condition] = (),
    group_by: Sequence[str] = (),
    totals: Sequence[str] = (),
    order_by: Sequence[str] = (),
    limit: int | None = None,
) -> sa.Select[Any]:
    """Return the question that some names and values ask; nothing is asked yet.

    Tables are joined along their foreign keys, from a row to the one row that it refers to, so
    that no row of `table` is counted twice; what it refers to may be empty. Where two keys lead
    to a table, the one that bears the name of that table's own key does.

    Parameters
    ----------
    table : str, whose rows are asked for
    fields : names of columns of `table`, or `table.column` of one that its rows refer to, near or
        far; all columns of `table` if omitted
    where : conditions, all of which the rows must meet
    group_by : like `fields`, instead of them: one row per group
    totals : "count", or "sum", "mean", "min" or "max" and a field, such as "sum amount"
    order_by : fields or totals, "-" before those that go down; ties go by the groups or by the
        key of `table`, and what is empty comes last
    limit : int, optional

    Returns
    -------
    Select
        Its columns have the names of the fields, with the table before where two are alike, and
        `count`, `sum_amount`, ... for totals.

    Raises
    ------
    UnknownNameError
        If there is no such table, field, total, or value of a listed field.
    OutOfRangeError
        If a value is not of its field's type, a total or an operator does not go with a field, or
        there are both fields and groups.

    See Also
    --------
    crmlab.database.query.reading.run_query : asks it
    query_text : shows it

    Examples
    --------
    >>> query = build_query("purchases", group_by=["people.gender"], totals=["sum amount"])
    >>> print(query_text(query)[0])
    SELECT people.gender, sum(purchases.amount) AS sum_amount
    FROM purchases
    LEFT JOIN people ON people.customer_id = purchases.customer_id
    GROUP BY people.gender
    ORDER BY people.gender NULLS LAST
    """
    for name, given in (("fields", fields), ("group_by", group_by), ("totals", totals)):
        require_list(name, given, "['gender']")
    require_list("order_by", order_by, "['gender']")
    require_list("where", where, "[Condition('gender', '=', 'F')]")
    fields, group_by, totals, where = [*fields], [*group_by], [*totals], [*where]
    for condition in where:
        require_kind("where", condition, Condition, "made of conditions: [Condition(…)]")
    if fields and (group_by or totals):
        raise OutOfRangeError("there are fields and groups; ask for rows or for groups.")
    ways = Ways(table)
    own = [] if group_by or totals else [*ways.start.columns.keys()]
    shown = [ways.column(name) for name in (group_by or fields or own)]
    counted = [_total(name, ways) for name in totals]
    chosen = [*_labelled(shown), *counted]
    query: Any = sa.select(*chosen)
    for condition in where:
        query = query.where(_met(condition, ways))
    if group_by:
        query = query.group_by(*shown)
    tail = shown if group_by or totals else [*ways.start.primary_key] or [*ways.start.columns]
    query = query.order_by(*_order(order_by, counted, tail, ways))
    if limit is not None:
        require_at_least("limit", limit, 1)
        query = query.limit(int(limit))
    return query.select_from(ways.joined())


def query_text(query: sa.Select[Any]) -> tuple[str, dict[str, Any]]:
    """Return the SQL of a query, as all engines read it, and its values, kept apart from it.

    Parameters
    ----------
    query : Select, of `build_query`
    """
    compiled = query.compile(
        dialect=DefaultDialect(paramstyle="named"), compile_kwargs={"render_postcompile": True}
    )
    text = re.sub(r"\s+(FROM|WHERE|GROUP BY|ORDER BY|LIMIT) ", r"\n\1 ", str(compiled))
    text = text.replace(" LEFT OUTER JOIN ", "\nLEFT JOIN ")
    return text, {name: compiled.params[name] for name in sorted(compiled.params)}


def _labelled(columns: Sequence[sa.Column[Any]]) -> list[Any]:
    """Return the columns, with the table in their name where two are alike."""
    names = [column.name for column in columns]
    return [
        column if names.count(column.name) == 1 else column.label(f"{column.table}_{column.name}")
        for column in columns
    ]


def _total(name: str, ways: Ways) -> Any:
    """Return the total that "sum amount" means, labelled sum_amount."""
    measure, _, field = str(name).partition(" ")
    if measure not in TOTALS:
        raise unknown("total", measure, TOTALS)
    if measure == "count":
        if field:
            raise OutOfRangeError(f"count counts rows; say 'count' without {field!r}.")
        return sa.func.count().label("count")
    column = ways.column(field)
    if said_of(column)["type"] not in ("integer", "number"):
        kind = said_of(column)["type"]
        raise OutOfRangeError(f"{measure} needs a field of numbers; {field} holds {kind}.")
    function = {"mean": sa.func.avg}.get(measure) or getattr(sa.func, measure)
    return function(column).label(f"{measure}_{column.name}")


def _order(
    order_by: Sequence[str], totals: Sequence[Any], tail: Sequence[Any], ways: Ways
) -> list[Any]:
    """Return what the rows go by, down to something that no two of them share."""
    known = {total.key: total for total in totals}
    order = []
    for name in order_by:
        plain = str(name).removeprefix("-")
        column = known[plain] if plain in known else ways.column(plain)
        order.append((column, name != plain))
    order += [(column, False) for column in tail]
    return [_ordered(column, down, ways.start) for column, down in order]


def _ordered(column: Any, down: bool, start: sa.Table) -> Any:
    """Return one thing to go by; what may be empty then comes last on every engine."""
    way = column.desc() if down else column
    filled = isinstance(column, sa.Column) and column.table is start and not column.nullable
    return way if filled or column.key == "count" else way.nulls_last()


def _met(condition: Condition, ways: Ways) -> Any:
    """Return a condition in SQL, once its value is known to be of the field's type."""
    column = ways.column(condition.field)
    operator, value, kind = condition.operator, condition.value, said_of(column)["type"]
    if operator.startswith("is "):
        if value is not None:
            raise OutOfRangeError(f"{operator!r} takes no value; got {value!r}.")
    elif operator == "in":
        if isinstance(value, str) or not np.iterable(value):
            raise OutOfRangeError(f"'in' takes a list of values; got {value!r}.")
        value = [checked(one, column, condition.field) for one in value]
    elif (operator == "contains") != (kind == "string") and operator not in ("=", "!="):
        what = "texts only" if operator == "contains" else "numbers and days only"
        raise OutOfRangeError(f"{operator!r} is for {what}; {condition.field} holds {kind}.")
    elif operator == "contains":
        if not isinstance(value, str) or not value:
            raise OutOfRangeError(f"'contains' looks for a text; got {value!r}.")
    else:
        value = checked(value, column, condition.field)
    if kind == "boolean":  # a constant would be written in as many ways as there are engines
        value = sa.bindparam(column.name, value, type_=sa.Boolean, unique=True)
    return _COMPARED[operator](column, value)
