"""Text that would be a command, tried through every argument of every function with a database."""

import inspect
from contextlib import suppress

import pandas as pd
import pytest
import sqlalchemy as sa

import crmlab.database as topic
from crmlab.database import (
    Condition,
    add_index,
    archive,
    build_query,
    customer_card,
    drop_index,
    explain,
    explore_query,
    fields_from,
    load_folder,
    load_tables,
    loyal_customers,
    open_database,
    personalised_service,
    purchase_reference,
    query_page,
    relationship_view,
    run_query,
    selling_card,
    sql,
    upgrade,
    upsert,
)
from crmlab.database.schema import metadata
from crmlab.errors import CrmlabError
from tests.database.conftest import ENGINES
from tests.database.hehua import hehua_on

HALF = "\ud800"  # half a character, which not even a frame can hold
EVIL = [
    "'; drop table people; --",
    '"; drop table people; --',
    "' or '1'='1",
    '" or 1=1 --',
    "1; update people set name = 'x'; commit",
    "name from people union select phone",
    "\n;\ndrop table people;",
    "\u2019 or 1=1 --",
    "\uff07; drop table people; --",
    "people\0; drop table people",
    HALF,
    '"people"',
    "*/ drop table people /*",
    "%",
    "_",
    "%s",
    "%(x)s",
    ":x",
    "$1",
    "",
    " ",
]
NOT_TEXT = {"engine", "metadata", "progress", "audit"}  # objects that no text can be taken for
BY_NAME = "select count(*) as n from people where name = :x"


def shop(**channel):
    """A frame of tariffs."""
    return pd.DataFrame({"channel": ["chat"], "cost_cny": [1.0]} | channel)


def wrong(text):
    """Frames of tariffs with a text for a column and for a number."""
    return shop(**{text: ["y"]}), shop(cost_cny=[text])


def paste(engine, text):
    """What nobody should do: even a text that is pasted into the question changes nothing."""
    with suppress(CrmlabError):
        sql(engine, f"select name from people where name = '{text}'")


def nothing(found):
    """Whether a frame has no rows, or counts none."""
    return found.empty or found.iloc[0, 0] == 0


def query(**asked):
    """A question about people, built and asked."""
    return lambda engine, **more: nothing(run_query(engine, build_query("people", **asked, **more)))


def asked(engine, condition):
    """Whether a condition on people finds nothing."""
    return nothing(run_query(engine, build_query("people", where=[condition])))


# For each function and argument, what to try; True is an honest answer, so is a CrmlabError.
TRIES = {
    ("sql", "text"): lambda e, x: sql(e, x) is None,
    ("sql", "max_rows"): lambda e, x: sql(e, "select name from people", max_rows=x) is None,
    ("sql", "parameters"): lambda e, x: nothing(sql(e, BY_NAME, x=x)),
    ("explain", "text"): lambda e, x: explain(e, x) is None,
    ("explain", "parameters"): lambda e, x: len(explain(e, BY_NAME, x=x)) <= 1,
    ("run_query", "query"): lambda e, x: run_query(e, x) is None,
    ("run_query", "max_rows"): lambda e, x: run_query(e, build_query("fans"), max_rows=x) is None,
    ("add_index", "table"): lambda e, x: add_index(e, x, "name") is None,
    ("add_index", "fields"): lambda e, x: add_index(e, "people", x) is None,
    ("drop_index", "table"): lambda e, x: drop_index(e, x, "name") is None,
    ("drop_index", "fields"): lambda e, x: drop_index(e, "people", x) is None,
    ("explore_query", "table"): lambda e, x: explore_query(e, table=x) is None,
    ("query_page", "table"): lambda e, x: "cannot be asked" in query_page(e, x),
    ("query_page", "fields"): lambda e, x: "cannot be asked" in query_page(e, "people", fields=[x]),
    ("query_page", "group_by"): lambda e, x: (
        not x or "cannot be asked" in query_page(e, "people", group_by=x)
    ),
    ("query_page", "total"): lambda e, x: (
        "cannot be asked" in query_page(e, "people", group_by="gender", total=x)
    ),
    ("query_page", "where"): lambda e, x: all(
        "cannot be asked" in page or "<td>" not in page
        for page in (
            query_page(e, "people", where=(x, "=", "x")),
            query_page(e, "people", where=("name", "=", x)),
            query_page(e, "people", where=("name", "in", x)),
        )
    ),
    ("archive", "customer_id"): lambda e, x: archive(e, x) is None,
    ("archive", "as_of"): lambda e, x: archive(e, 1, as_of=x) is None,
    ("customer_card", "customer_id"): lambda e, x: customer_card(e, x) is None,
    ("customer_card", "as_of"): lambda e, x: customer_card(e, 1, as_of=x) is None,
    ("selling_card", "customer_id"): lambda e, x: selling_card(e, x) is None,
    ("selling_card", "contents"): lambda e, x: selling_card(e, 1, contents=x) is None,
    ("selling_card", "as_of"): lambda e, x: selling_card(e, 1, as_of=x) is None,
    ("selling_card", "reveal"): lambda e, x: (
        selling_card(e, 1, reveal=[x], purpose="marketing", who="A", audit=[]) is None
    ),
    ("selling_card", "purpose"): lambda e, x: (
        selling_card(e, 1, reveal=["health"], purpose=x, who="A", audit=[]) is None
    ),
    ("selling_card", "who"): lambda e, x: written_down(e, x),
    ("relationship_view", "customer_id"): lambda e, x: relationship_view(e, x) is None,
    ("loyal_customers", "as_of"): lambda e, x: loyal_customers(e, as_of=x) is None,
    ("loyal_customers", "loyalty"): lambda e, x: loyal_customers(e, loyalty=x) is None,
    ("loyal_customers", "tenure_days"): lambda e, x: loyal_customers(e, tenure_days=x) is None,
    ("loyal_customers", "repeats"): lambda e, x: loyal_customers(e, repeats=x) is None,
    ("loyal_customers", "active_days"): lambda e, x: loyal_customers(e, active_days=x) is None,
    ("purchase_reference", "by"): lambda e, x: purchase_reference(e, by=x) is None,
    ("purchase_reference", "customer_id"): lambda e, x: (
        purchase_reference(e, customer_id=x) is None
    ),
    ("purchase_reference", "category"): lambda e, x: purchase_reference(e, category=x) is None,
    ("personalised_service", "customer_id"): lambda e, x: personalised_service(e, x) is None,
    ("personalised_service", "purpose"): lambda e, x: personalised_service(e, 1, purpose=x) is None,
    ("personalised_service", "offers"): lambda e, x: personalised_service(e, 1, offers=x) is None,
    ("personalised_service", "as_of"): lambda e, x: personalised_service(e, 1, as_of=x) is None,
    ("load_tables", "tables"): lambda e, x: (
        refused(load_tables, e, {x: shop()})
        and (x == HALF or all(refused(load_tables, e, {"tariffs": one}) for one in wrong(x)))
    ),
    ("load_folder", "folder"): lambda e, x: refused(load_folder, e, f"no such folder{x}"),
    ("load_folder", "tables"): lambda e, x: refused(load_folder, e, ".", tables=[x]),
    ("upsert", "name"): lambda e, x: upsert(e, x, shop()) is None,
    ("upsert", "frame"): lambda e, x: (
        x == HALF or all(refused(upsert, e, "tariffs", frame) for frame in wrong(x))
    ),
    ("upgrade", "to"): lambda e, x: upgrade(e, to=x) is None,
    ("open_database", "url"): lambda e, x: open_database(x) is None,
    # These make the question that run_query asks.
    ("build_query", "table"): lambda e, x: build_query(x) is None,
    ("build_query", "fields"): lambda e, x: query(fields=[x])(e),
    ("build_query", "group_by"): lambda e, x: query(group_by=[x])(e),
    ("build_query", "totals"): lambda e, x: all(
        refused(query(totals=[one]), e) for one in (x, f"sum {x}")
    ),
    ("build_query", "order_by"): lambda e, x: query(order_by=[x])(e),
    ("build_query", "limit"): lambda e, x: query(limit=x)(e),
    ("build_query", "where"): lambda e, x: asked(e, Condition("name", "=", x)),
    ("fields_from", "table"): lambda e, x: fields_from(x) is None,
    ("Condition", "field"): lambda e, x: asked(e, Condition(x, "=", "x")),
    ("Condition", "operator"): lambda e, x: asked(e, Condition("name", x, "x")),
    ("Condition", "value"): lambda e, x: all(
        answered(asked, e, Condition(*one))
        for one in (
            ("name", "in", [x]),
            ("email", "contains", x),
            ("gender", "=", x),
            ("customer_id", "=", x),
            ("birth_date", ">", x),
            ("income_cny", ">", x),
        )
    ),
}


def refused(work, *given, **more):
    """Whether a call raises a CrmlabError."""
    with pytest.raises(CrmlabError):
        work(*given, **more)
    return True


def answered(work, *given):
    """Whether a call raises a CrmlabError or answers True."""
    try:
        return work(*given)
    except CrmlabError:
        return True


def written_down(engine, text):
    """Whether the name of who asks stands in the audit as it was said."""
    audit, consents = [], metadata.tables["consents"].c
    agreed = sa.select(consents.customer_id).where(
        consents.purpose == "marketing", consents.withdrawn_on.is_(None)
    )
    who = int(run_query(engine, agreed).iloc[0, 0])
    asked_for = {"reveal": ["health"], "purpose": "marketing"}
    selling_card(engine, who, **asked_for, who=text, audit=audit)
    return audit[0]["who"] == text


@pytest.fixture(scope="module", params=ENGINES)
def hehua(request, tmp_path_factory):
    with hehua_on(request, request.param, tmp_path_factory.mktemp("injection")) as engine:
        yield engine


def state(engine):
    """Everything in the database: the names of its tables and indexes, and all rows of ours."""
    lists = {
        "sqlite": "select name, sql from sqlite_master order by name",
        "duckdb": "select table_name from duckdb_tables() order by 1",
        "postgresql": "select relname from pg_class where relnamespace = 2200 order by 1",
    }
    with engine.connect() as connection:
        names = connection.exec_driver_sql(lists[engine.dialect.name]).all()
        rows = {
            name: sorted(map(repr, connection.execute(sa.select(table))))
            for name, table in metadata.tables.items()
        }
    return names, rows


def arguments():
    """(function, argument) of everything public here that takes a database."""
    for name in topic.__all__:
        thing = getattr(topic, name)
        if inspect.isfunction(thing):
            found = inspect.signature(thing).parameters
            if "engine" in found:
                yield from ((name, one) for one in found if one not in NOT_TEXT)


def test_every_argument_of_every_function_with_a_database_is_tried():
    missing = {*arguments()} - {*TRIES}
    assert not missing, f"say in TRIES how text goes through {sorted(missing)}"
    for name, argument in TRIES:
        assert argument in inspect.signature(getattr(topic, name)).parameters


def test_no_text_through_any_argument_changes_the_database_or_finds_what_is_not_there(hehua):
    before = state(hehua)
    # Most arguments are refused before an engine is asked, so the others get every third text.
    texts = EVIL if hehua.dialect.name == "sqlite" else EVIL[::3]
    dishonest = []
    for (name, argument), tried in TRIES.items():
        for text in texts:
            try:
                honest = answered(tried, hehua, text)
            except Exception as error:  # so that all are told at once
                honest, argument = False, f"{argument}: {error!r}"[:200]
            if not honest:
                dishonest.append((name, argument, text[:40]))
    assert dishonest == []
    assert state(hehua) == before


def test_even_a_text_pasted_into_the_question_changes_nothing(hehua):
    before = state(hehua)
    for text in EVIL:
        paste(hehua, text)
    assert state(hehua) == before


def test_a_text_that_is_data_is_kept_as_it_is_written(hehua):
    def kept(text):
        try:
            load_tables(hehua, {"tariffs": shop(channel=[text])})
            upsert(hehua, "tariffs", shop(channel=[text], cost_cny=[2.0]))
        except CrmlabError:  # a null character
            return "\0" in text
        found = sql(hehua, "select * from tariffs where channel = :x", x=text)
        with hehua.begin() as connection:
            tariffs = metadata.tables["tariffs"]
            connection.execute(sa.delete(tariffs).where(tariffs.c.channel == text))
        return found.to_numpy().tolist() == [[text, 2.0]]

    before = state(hehua)
    assert [text for text in EVIL if text != HALF and not kept(text)] == []
    assert state(hehua) == before
