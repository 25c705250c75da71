"""A question put together by choosing, with its SQL and its answer."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from typing import Any

import sqlalchemy as sa
from ipywidgets import HTML, Dropdown, SelectMultiple, Text, VBox

from crmlab._words import _
from crmlab.database.query import Condition, build_query, fields_from, query_text, run_query
from crmlab.database.query.build import OPERATORS
from crmlab.database.query.fields import Ways, said_of
from crmlab.database.schema import metadata
from crmlab.errors import CrmlabError, OutOfRangeError

NONE = "(none)"
ROWS = 10  # of an answer that are shown
_TRUTH = {"yes": True, "true": True, "1": True, "no": False, "false": False, "0": False}
_WIDTH = {"description_width": "6em"}
_STYLE = "margin:.4em 0;padding:.5em .8em;background:#f4f4f4;color:#1a1a1a;overflow-x:auto"


def query_page(
    engine: sa.Engine,
    table: str,
    *,
    fields: Sequence[str] = (),
    where: tuple[str, str, str] | None = None,
    group_by: str | None = None,
    total: str = "count",
) -> str:
    """Return the SQL of a question, its values and the first 10 rows of its answer, as HTML.

    Parameters
    ----------
    engine : Engine, from `open_database`
    table : str, whose rows are asked for
    fields : as in `build_query`; they are not used where there are groups
    where : field, operator and value as typed, such as ("date", ">=", "2024-06-01"); the values
        of "in" are parted by commas
    group_by : field, optional; then `total` is shown for each of its values, the largest first
    total : as in `build_query`

    Returns
    -------
    str
        A question that cannot be asked gives a page that says why.
    """
    try:
        conditions = [_condition(table, *where)] if where else []
        if group_by:
            down = [f"-{total.replace(' ', '_').replace('.', '_')}"]
            query = build_query(
                table, where=conditions, group_by=[group_by], totals=[total], order_by=down
            )
        else:
            query = build_query(table, fields, where=conditions)
        text, values = query_text(query)
        answer = run_query(engine, query.limit(ROWS + 1))
    except CrmlabError as error:
        refused = _("This cannot be asked:")
        return f'<p role="alert"><b>{refused}</b> {escape(str(error))}</p>'
    told = ", ".join(f":{name} = {value}" for name, value in values.items()) or _("none")
    more = _("The first {n} rows; there are more.") if len(answer) > ROWS else _("All rows.")
    apart = _("Values, apart from the text: {values}")
    shown = answer.head(ROWS).to_html(index=False, border=0, float_format="{:,.2f}".format)
    return (
        f'<pre style="{_STYLE}">{escape(text)}</pre>'
        f"<p>{apart.format(values=escape(told))}</p>{shown}"
        f"<p>{more.format(n=ROWS)}</p>"
    )


def explore_query(engine: sa.Engine, *, table: str = "purchases") -> VBox:
    """Return controls for a question above its `query_page`.

    Tables, fields, a condition, groups and a total are chosen; only the value is typed.
    Raises UnknownNameError if there is no such table to begin with.

    Parameters
    ----------
    engine : Engine, of a customer database
    table : str, the table the question is about at first
    """
    fields_from(table)  # a table that is not there is told before anything is drawn
    tables = _menu(_("table"), [*metadata.tables], table)
    fields = SelectMultiple(description=_("fields"), rows=6, style=_WIDTH)
    field, operator = _menu(_("where"), [NONE], NONE), _menu(_("operator"), OPERATORS, "=")
    value = Text(description=_("value"), continuous_update=False, style=_WIDTH)
    group, total = _menu(_("group by"), [NONE], NONE), _menu(_("total"), ["count"], "count")
    page = HTML()

    def redraw(change: object = None) -> None:
        where = None if field.value == NONE else (field.value, operator.value, value.value)
        page.value = query_page(
            engine,
            tables.value,
            fields=fields.value,
            where=where,
            group_by=None if group.value == NONE else group.value,
            total=total.value,
        )

    def offer(change: object = None) -> None:
        fields.options = known = fields_from(tables.value)
        for menu in (field, group):
            menu.options, menu.value = [NONE, *known], NONE
        total.options = totals_of(tables.value)
        redraw()

    offer()
    tables.observe(offer, names="value")
    for control in (fields, field, operator, value, group, total):
        control.observe(redraw, names="value")
    return VBox([tables, fields, field, operator, value, group, total, page])


def totals_of(table: str) -> list[str]:
    """Return the totals that make sense for a table: its count, and those of its own numbers.

    Examples
    --------
    >>> totals_of("payments")
    ['count', 'sum amount_cny', 'mean amount_cny']
    """
    columns = metadata.tables[table].columns
    numbers = [
        column.name
        for column in columns
        if isinstance(column.type, (sa.Double, sa.BigInteger))
        and not column.name.endswith("_id")
        and not column.foreign_keys
    ]
    return ["count", *(f"{what} {name}" for name in numbers for what in ("sum", "mean"))]


def _menu(words: str, options: Sequence[str], value: str) -> Any:
    """Return a menu of texts, one of which is always chosen."""
    return Dropdown(options=options, value=value, description=words, style=_WIDTH)


def _condition(table: str, field: str, operator: str, typed: str) -> Condition:
    """Return the condition that a field, an operator and a typed value mean."""
    if operator.startswith("is "):
        return Condition(field, operator)
    kind = said_of(Ways(table).column(field))["type"]
    if operator == "in":
        return Condition(field, operator, [_typed(one, kind) for one in typed.split(",")])
    return Condition(field, operator, _typed(typed, kind))


_KINDS = {
    "integer": "a whole number",
    "number": "a number",
    "boolean": "true or false",
    "date": "a day such as 2024-12-31",
}


def _typed(text: str, kind: str) -> Any:
    """Return what was typed as a value of a type."""
    text = text.strip()
    if not text:
        raise OutOfRangeError(f"type a value first: {_KINDS.get(kind, 'a text')}.")
    readers = {"integer": int, "number": float, "boolean": lambda word: _TRUTH[word.lower()]}
    try:
        return readers.get(kind, str)(text)
    except (ValueError, KeyError) as error:
        raise OutOfRangeError(f"{text!r} is no {kind}.") from error
