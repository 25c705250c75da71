"""What engines say of a question that they do not understand, in one wording."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from difflib import get_close_matches
from textwrap import shorten

import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError, SQLAlchemyError

from crmlab.database.schema import KEPT_IN, metadata
from crmlab.errors import CrmlabError, DatabaseError, UnknownNameError

# The same fault as SQLite, PostgreSQL and DuckDB word it.
_NO_COLUMN = re.compile(
    r"no such column: (?P<a>\S+)|column (?P<b>\S+) does not exist"
    r"|column (?P<c>\S+) not found in FROM|does not have a column named (?P<d>\S+)"
)
_NO_TABLE = re.compile(
    r"no such table: (?P<a>\S+)|relation (?P<b>\S+) does not exist"
    r"|Table with name (?P<c>\S+) does not exist|FROM-clause entry for table (?P<d>\S+)"
    r"|Referenced table (?P<e>\S+) not found"
)
_SYNTAX = re.compile(r'near "(?P<a>[^"]*)": syntax error|syntax error at or near "(?P<b>[^"]*)"')
_CUT_SHORT = re.compile("incomplete input|syntax error at end of input")
_SEVERAL = re.compile("one statement at a time|multiple commands|statements; one SELECT")
_WRITES = re.compile("not authorized|authorization denied|read-only|data-modifying|prohibited")


@contextmanager
def query_errors(engine: sa.Engine, text: str) -> Iterator[None]:
    """Turn what an engine says of the question `text` into a CrmlabError that says where.

    Use it around the connection: it looks at the database again when that one is closed.
    """
    try:
        yield
    except DatabaseError as error:
        raise misread(text, str(error), columns_of(engine)) from error
    except CrmlabError:
        raise
    except DBAPIError as error:
        raise misread(text, str(error.orig), columns_of(engine)) from error
    # What a driver cannot write down: half a character, a number of more than 64 bits, an object.
    except (SQLAlchemyError, ValueError, OverflowError, TypeError) as error:
        raise misread(text, str(error), columns_of(engine)) from error


def columns_of(engine: sa.Engine) -> dict[str, list[str]]:
    """Return the columns of each table that is in a database, by the table's name."""
    try:
        inspector = sa.inspect(engine)
        names = [*inspector.get_table_names(), *inspector.get_view_names()]
        return {name: [one["name"] for one in inspector.get_columns(name)] for name in names}
    except (SQLAlchemyError, NotImplementedError):
        return {name: [*table.columns.keys()] for name, table in metadata.tables.items()}


def misread(text: str, said: str, there: Mapping[str, Sequence[str]]) -> CrmlabError:
    """Return the error for a question of which an engine `said` what is wrong.

    `there` holds the columns of each table of the database that was asked.
    """
    if found := _NO_COLUMN.search(said):
        words = {*re.findall(r"\w+", text.lower())}
        asked = [name for name in there if name.lower() in words] or [*there]
        columns = [*dict.fromkeys(column for name in asked for column in there[name])]
        return unknown("column", _name(found), columns)
    if found := _NO_TABLE.search(said):
        # A database of ours lacks one of our tables as long as it is empty or of an older version.
        if (name := _name(found)) in metadata.tables and (not there or KEPT_IN in there):
            return DatabaseError(f"there is no table {name!r} here yet; upgrade(engine) makes it.")
        return unknown("table", name, [table for table in there if table != KEPT_IN])
    if _SEVERAL.search(said):
        return DatabaseError("the text holds several statements; ask one question at a time.")
    if _CUT_SHORT.search(said):
        return DatabaseError("the text ends too soon: something is missing after its last word.")
    found = _SYNTAX.search(said)
    if _WRITES.search(said) or (found and text.split()[0] == _name(found)):
        return DatabaseError(
            "only questions are answered here: one SELECT, WITH or VALUES, which changes nothing. "
            f"This text is none: {shorten(text, 60, placeholder='…')}"
        )
    if found:
        return DatabaseError(f"the text is not understood {_where(text, _name(found))}.")
    return DatabaseError(f"the database cannot answer: {said.strip().splitlines()[0]}")


def unknown(kind: str, name: object, known: Sequence[str]) -> UnknownNameError:
    """Return the error for a name that is not among those known, with one that looks like it."""
    return UnknownNameError.among(kind, name, known, get_close_matches(str(name), known, n=1))


def named_tables(text: str) -> list[sa.Table]:
    """Return our tables that a text names, in the order of the schema."""
    words = {*re.findall(r"\w+", text.lower())}
    return [table for name, table in metadata.tables.items() if name in words]


def _name(found: re.Match[str]) -> str:
    """Return the name that a fault is about, without marks and without its table."""
    name = next(filter(None, found.groups()), "")
    return name.strip('"!').rpartition(".")[2].strip('"')


def _where(text: str, word: str) -> str:
    """Return the place of a word: its line, unless it stands in several or none."""
    lines = [n for n, line in enumerate(text.splitlines(), 1) if word in line]
    return f"near {word!r}, in line {lines[0]}" if len(lines) == 1 else f"near {word!r}"
