"""Whatever asks a database says so when it is handed something else."""

import pytest

from crmlab.database import (
    add_index,
    archive,
    build_query,
    customer_card,
    drop_index,
    explain,
    explore_query,
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
    version,
)
from crmlab.errors import OutOfRangeError
from tests.database.hehua import small_tables

TARIFFS = small_tables()["tariffs"]
ASKED = {
    "add_index": lambda engine, _: add_index(engine, "people", "name"),
    "archive": lambda engine, _: archive(engine, 1),
    "customer_card": lambda engine, _: customer_card(engine, 1),
    "drop_index": lambda engine, _: drop_index(engine, "people", "name"),
    "explain": lambda engine, _: explain(engine, "select * from people"),
    "explore_query": lambda engine, _: explore_query(engine),
    "load_folder": lambda engine, world: load_folder(engine, world),
    "load_tables": lambda engine, _: load_tables(engine, {"tariffs": TARIFFS}),
    "loyal_customers": lambda engine, _: loyal_customers(engine),
    "personalised_service": lambda engine, _: personalised_service(engine, 1),
    "purchase_reference": lambda engine, _: purchase_reference(engine),
    "query_page": lambda engine, _: query_page(engine, "people"),
    "relationship_view": lambda engine, _: relationship_view(engine, 1),
    "run_query": lambda engine, _: run_query(engine, build_query("people")),
    "selling_card": lambda engine, _: selling_card(engine, 1),
    "sql": lambda engine, _: sql(engine, "select 1"),
    "upgrade": lambda engine, _: upgrade(engine),
    "upsert": lambda engine, _: upsert(engine, "tariffs", TARIFFS),
    "version": lambda engine, _: version(engine),
}


@pytest.fixture
def world(tmp_path):
    """A folder that is a whole world, without tables."""
    (tmp_path / "manifest.json").write_text('{"rows": {}}', encoding="utf-8")
    return tmp_path


@pytest.mark.parametrize("asked", ASKED)
def test_the_name_of_a_file_or_a_connection_is_no_engine(asked, world):
    with open_database(":memory:").connect() as connection:
        for given in ("hehua.sqlite", connection, None):
            if asked in ("explore_query", "query_page"):  # which show what others raise
                page = ASKED[asked](given, world)
                shown = page if isinstance(page, str) else page.children[-1].value
                assert "an Engine is needed here" in shown
            else:
                with pytest.raises(OutOfRangeError, match=r"open_database\('hehua.sqlite'\)"):
                    ASKED[asked](given, world)
