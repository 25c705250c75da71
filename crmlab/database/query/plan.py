"""How a database finds its answer, in the same words on each; indexes made and dropped."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any, NamedTuple

import pandas as pd
import sqlalchemy as sa

from crmlab.database.connection import database_errors, require_engine
from crmlab.database.query.reading import ask, bound, reading, writing
from crmlab.database.query.wording import named_tables, query_errors, unknown
from crmlab.database.schema import metadata
from crmlab.errors import OutOfRangeError

_LITE = re.compile(r"(?P<how>SCAN|SEARCH) (?:TABLE )?(?P<table>\w+)(?:.*? USING (?P<what>.*))?")
_Prefixed = Callable[[str], sa.TextClause]
_NAMED = re.compile(r"INDEX (\w+)")


class _Step(NamedTuple):
    """One visit to a table."""

    table: str
    action: str
    index_used: str
    rows_visited: int


def explain(engine: sa.Engine, text: str, /, **parameters: Any) -> pd.DataFrame:
    """Tell how a database finds the answer to a question: which tables it visits, and how.

    The question runs, as in `sql`, and its rows are counted and thrown away.

    Parameters
    ----------
    engine : Engine, from `open_database`
    text, **parameters : as in `sql`

    Returns
    -------
    DataFrame, one row per visit to a table, in the engine's order
        step : int64, from 1
        action : str, "scan" (every row), "search by index", "search by key" (the primary one)
        table : str
        index : str, its name; DuckDB does not tell it, and keeps one for each key and reference
        rows_visited : int64, rows that were looked at; on SQLite a table that is visited twice
            shows the sum in each of its rows

    Raises
    ------
    DatabaseError, UnknownNameError, OutOfRangeError
        As `sql` does.

    See Also
    --------
    add_index, drop_index : to look again with an index, or without

    Examples
    --------
    >>> from crmlab.database.connection import open_database
    >>> engine = open_database(":memory:")
    >>> metadata.tables["tariffs"].create(engine)
    >>> explain(engine, "select * from tariffs where cost_cny > :least", least=10)
       step action    table index  rows_visited
    0     1   scan  tariffs                   0
    """

    def prefixed(words: str) -> sa.TextClause:
        return bound(engine, words + text, parameters)

    statement = bound(engine, text, parameters)
    tell = {"sqlite": _sqlite, "duckdb": _duckdb, "postgresql": _postgresql}[engine.dialect.name]
    with query_errors(engine, text), reading(engine) as connection:
        # What is no question, or no single one, does not get further than this.
        if engine.dialect.name != "sqlite":
            ask(connection, statement).close()
        steps = [*tell(connection, text, prefixed)]
    frame = pd.DataFrame(steps, columns=["table", "action", "index", "rows_visited"])
    frame.insert(0, "step", range(1, len(frame) + 1))
    kinds = dict.fromkeys(["action", "table", "index"], "str")
    frame = frame.astype(kinds | {"step": "int64", "rows_visited": "int64"})
    return frame[["step", "action", "table", "index", "rows_visited"]]


def add_index(engine: sa.Engine, table: str, *fields: str) -> str:
    """Make an index on fields of a table, unless it is there, and return its name.

    Parameters
    ----------
    engine : Engine, of a customer database
    table : str, its name
    *fields : str, fields of the table, in the order in which the index sorts them
    """
    require_engine(engine)
    index = _index(table, fields)
    with database_errors(f"{index.name} cannot be made"), engine.begin() as connection:
        connection.execute(sa.schema.CreateIndex(index, if_not_exists=True))
    return str(index.name)


def drop_index(engine: sa.Engine, table: str, *fields: str) -> str:
    """Drop the index on fields of a table, if it is there, and return its name.

    Parameters
    ----------
    engine, table, *fields
        As `add_index` was given them.
    """
    require_engine(engine)
    index = _index(table, fields)
    with database_errors(f"{index.name} cannot be dropped"), engine.begin() as connection:
        connection.execute(sa.schema.DropIndex(index, if_exists=True))
    return str(index.name)


def _index(table: str, fields: tuple[str, ...]) -> sa.Index:
    """Return the index of a table of ours, of which the schema itself learns nothing."""
    if table not in [*metadata.tables]:
        raise unknown("table", table, [*metadata.tables])
    columns = metadata.tables[table].columns
    for field in fields:
        if field not in columns.keys():  # noqa: SIM118 - a name may be no text
            raise unknown("field", field, [*columns.keys()])
    if not fields:
        raise OutOfRangeError(f"an index needs at least one field of {table}.")
    fields = tuple(dict.fromkeys(fields))
    copy = sa.Table(table, sa.MetaData(), *(sa.Column(field) for field in fields))
    return sa.Index(f"ix_{table}_{'_'.join(fields)}", *copy.columns)


def _sqlite(connection: sa.Connection, text: str, prefixed: _Prefixed) -> Iterator[_Step]:
    """Yield what SQLite plans, and the rows that it visits."""
    planned = connection.execute(prefixed("explain query plan ")).scalars(3).all()
    tables = [table.name for table in named_tables(text)]
    with _counted(connection, tables) as visited:
        for _ in connection.execute(prefixed("")):
            pass
    for line in planned:
        found = _LITE.match(line)
        table = _table(found["table"], text, tables) if found else ""
        if not found or not table:
            continue
        what = found["what"] or ""
        index = "".join(_NAMED.findall(what))
        if what.startswith("AUTOMATIC"):  # made for this question alone, from every row
            every = sa.select(sa.func.count()).select_from(metadata.tables[table])
            yield _Step(table, "scan", "", connection.execute(every).scalar_one())
        elif found["how"] == "SCAN":
            yield _Step(table, "scan", index, visited[table])
        elif "PRIMARY KEY" in what or index.startswith("sqlite_autoindex"):
            yield _Step(table, "search by key", "", visited[table])
        else:
            yield _Step(table, "search by index", index, visited[table])


@contextmanager
def _counted(connection: sa.Connection, tables: Sequence[str]) -> Iterator[Counter[str]]:
    """Count the rows that SQLite looks at, by views that stand before the tables.

    SQLite has no count of its own. A view with a table's name, in this connection only, tells of
    each row that is looked at; SQLite merges it into the question, whose plan stays as it is.
    """
    driver: Any = connection.connection.driver_connection
    visited: Counter[str] = Counter()

    def visit(table: str, _: int) -> int:
        visited[table] += 1
        return 1

    driver.create_function("crmlab_visit", 2, visit)
    with writing(driver):
        for table in tables:
            look = f"select * from main.{table} where crmlab_visit('{table}', rowid)"
            driver.execute(f"create temp view {table} as {look}")
    try:
        yield visited
    finally:
        with writing(driver):
            for table in tables:
                driver.execute(f"drop view temp.{table}")
        driver.create_function("crmlab_visit", 2, None)


def _table(name: str, text: str, tables: Sequence[str]) -> str:
    """Return the table that a name in a plan means, which may be its alias; or nothing."""
    for table in tables:
        if name == table or re.search(rf"\b{table}\s+(as\s+)?{name}\b", text, re.IGNORECASE):
            return table
    return ""


def _duckdb(connection: sa.Connection, text: str, prefixed: _Prefixed) -> Iterator[_Step]:
    """Yield what DuckDB did."""
    told = connection.execute(prefixed("explain (analyze, format json) ")).scalars(1).one()
    for node in _nodes(json.loads(told), "children", "operator"):
        extra = node.get("extra_info", {})
        if isinstance(extra, dict) and "Table" in extra:
            action = "search by index" if extra.get("Type") == "Index Scan" else "scan"
            # DuckDB 1 has the longer name.
            rows = node["rows_scanned" if "rows_scanned" in node else "operator_rows_scanned"]
            yield _Step(extra["Table"].rpartition(".")[2], action, "", rows)


def _postgresql(connection: sa.Connection, text: str, prefixed: _Prefixed) -> Iterator[_Step]:
    """Yield what PostgreSQL did."""
    told = connection.execute(prefixed("explain (analyze, timing off, format json) ")).scalar_one()
    for node in _nodes(told[0]["Plan"], "Plans"):
        if "Relation Name" not in node:
            continue
        # A bitmap is filled from indexes, which are its children.
        names = [one["Index Name"] for one in _nodes(node, "Plans") if "Index Name" in one]
        action = "search by index" if names else "scan"
        if names and all(name.startswith("pk_") for name in names):
            action, names = "search by key", []
        removed = ("Rows Removed by Filter", "Rows Removed by Index Recheck")
        rows = node["Actual Rows"] + sum(node.get(one, 0) for one in removed)
        yield _Step(
            node["Relation Name"], action, ", ".join(names), round(rows * node["Actual Loops"])
        )


def _nodes(node: dict[str, Any], *below: str) -> Iterator[dict[str, Any]]:
    """Yield a node of a plan and all those below it."""
    yield node
    for name in below:
        for child in node.get(name, []):
            yield from _nodes(child, *below)
