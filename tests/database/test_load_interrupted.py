"""A load that dies in the middle: the old rows are there, whole and usable, on each engine."""

import subprocess
import sys

import pandas as pd
import pytest
import sqlalchemy as sa

from crmlab.database import load_tables, open_database
from crmlab.database.loading import batches
from crmlab.database.schema import metadata
from crmlab.errors import BadRowsError
from tests.database.test_load_tables import PRICES, PRODUCTS, SHOP

OLD = PRODUCTS.assign(product_id=[8, 9], brand="old")

# It stops within the prices, the second table, of which two rows of three have gone out: the
# products are in, and in PostgreSQL the prices have lost their reference for the while.
CHILD = """
import sys
import pandas as pd
from crmlab.database import load_tables, open_database
from crmlab.database.loading import batches, engines

batches.ROWS = engines.ROWS = 2

def progress(done, of):
    if (done, of) == (4, 5):
        print("in the middle", flush=True)
        sys.stdin.read()  # until somebody ends this

shop = {name: pd.read_pickle(path) for name, path in zip(["products", "prices"], sys.argv[2:])}
load_tables(open_database(sys.argv[1]), shop, progress=progress)
"""


@pytest.fixture
def shop(database):
    """A database with two old products and no price."""
    metadata.create_all(database, tables=[metadata.tables[name] for name in SHOP])
    load_tables(database, {"products": OLD})
    return database


def require_old_state(engine):
    """Fail unless only the old products are there, and the database takes right rows only."""
    products, prices = (metadata.tables[name] for name in ("products", "prices"))
    with engine.connect() as connection:
        rows = connection.execute(sa.select(products).order_by(products.c.product_id)).all()
        assert [*map(tuple, rows)] == [*OLD.itertuples(index=False, name=None)]
        assert connection.execute(sa.select(prices)).all() == []
    with pytest.raises(BadRowsError, match=r"prices.product_id, row 0: '77'"):
        load_tables(engine, {"prices": PRICES.head(1).assign(product_id=77)})
    assert load_tables(engine, SHOP) == {"products": 2, "prices": 3}
    with engine.connect() as connection:
        assert len(connection.execute(sa.select(products)).all()) == 4


def test_a_killed_program_leaves_the_old_state(shop, tmp_path):
    address = shop.url.render_as_string(hide_password=False)
    shop.dispose()
    paths = [tmp_path / f"{name}.pickle" for name in ("products", "prices")]
    PRODUCTS.to_pickle(paths[0])
    PRICES.to_pickle(paths[1])
    with subprocess.Popen(
        [sys.executable, "-c", CHILD, address, *paths],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        encoding="utf-8",
    ) as child:
        try:
            assert child.stdout.readline().strip() == "in the middle"
        finally:
            child.kill()  # SIGKILL: it has no time to tidy up
        child.wait()
        assert child.returncode != 0
    again = open_database(address)
    require_old_state(again)
    again.dispose()


@pytest.mark.parametrize("at", [1, 2, 3])
def test_ctrl_c_leaves_the_old_state(shop, monkeypatch, at):
    monkeypatch.setattr(batches, "ROWS", 2)
    seen = []

    def stop(done, of):
        seen.append(done)
        if len(seen) == at:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        load_tables(shop, SHOP, progress=stop)
    assert len(seen) == at
    require_old_state(shop)


def test_an_error_of_the_reader_s_own_progress_leaves_the_old_state(shop):
    def fail(done, of):
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        load_tables(shop, SHOP, progress=fail)
    require_old_state(shop)


def test_a_fault_in_the_last_row_of_the_last_table_leaves_the_old_state(shop, monkeypatch):
    monkeypatch.setattr(batches, "ROWS", 2)
    last = PRICES.assign(price_cny=pd.Series([1.0, 1.0, "free"], dtype=object))
    with pytest.raises(BadRowsError, match=r"prices.price_cny, row 2: 'free'"):
        load_tables(shop, SHOP | {"prices": last})
    require_old_state(shop)
