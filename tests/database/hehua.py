"""Hehua's first 120 customers and all that is about them, for tests on each engine."""

from contextlib import contextmanager
from functools import cache

from crmlab.company import load_company
from crmlab.database.loading import load_tables
from crmlab.database.migration import upgrade
from crmlab.database.schema import metadata
from tests.database.conftest import empty_database

CUSTOMERS = 120


@cache
def small_tables():
    """The frames, by name: rows that refer to nobody else, and some of the prices."""
    company, _ = load_company()
    kept = {}
    for table in metadata.sorted_tables:
        frame = getattr(company, table.name)
        if "customer_id" in frame:
            frame = frame[frame["customer_id"] <= CUSTOMERS]
        if table.name in ("prices", "records"):
            frame = frame.head(50)
        for key in table.foreign_keys:
            parent = kept.get(key.column.table.name)
            if parent is not None:
                there = frame[key.parent.name].isin(parent[key.column.name])
                frame = frame[there | frame[key.parent.name].isna()]
        kept[table.name] = frame.reset_index(drop=True)
    return kept


@contextmanager
def hehua_on(request, name, folder):
    """A database of these tables on one engine."""
    with empty_database(request, name, folder) as engine:
        upgrade(engine)
        load_tables(engine, small_tables())
        yield engine
