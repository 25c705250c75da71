"""load_folder and `crmlab database load`: by hand, for a whole world, and when misused."""

import json
import shutil

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import sqlalchemy as sa
from click.testing import CliRunner

from crmlab.cli import main
from crmlab.company import write_company
from crmlab.database import load_folder, open_database, upgrade
from crmlab.database.loading import batches
from crmlab.database.schema import metadata
from crmlab.errors import (
    BadRowsError,
    DatabaseError,
    MissingColumnsError,
    OutOfRangeError,
    UnknownNameError,
    UnreadableFileError,
)


@pytest.fixture(scope="module")
def world(tmp_path_factory):
    """A folder with a small whole Hehua."""
    folder = tmp_path_factory.mktemp("world") / "hehua"
    write_company(folder, 200, seed=7, blocks_per_part=1)
    return folder


@pytest.fixture
def parts(tmp_path):
    """A folder with two parts of products and one of prices."""
    products = {"product_id": [1, 2], "category": "护肤", "brand": "莲", "size": [1, 2]}
    days = pd.to_datetime(["2023-01-01"] * 2).astype("M8[us]")
    prices = pd.DataFrame({"product_id": [1, 3], "valid_from": days, "price_cny": [10.0, 7.5]})
    write(tmp_path, "products", 0, pd.DataFrame(products))
    write(tmp_path, "products", 1, pd.DataFrame(products).assign(product_id=[3, 4]))
    write(tmp_path, "prices", 0, prices)
    manifest(tmp_path, products=4, prices=2)
    return tmp_path


def write(folder, name, part, frame):
    (folder / name).mkdir(exist_ok=True)
    frame.to_parquet(folder / name / f"part-{part:05d}.parquet", index=False)


def manifest(folder, **rows):
    text = json.dumps({"rows": rows, "world": {}})
    (folder / "manifest.json").write_text(text, encoding="utf-8")


def tables_in(engine):
    metadata.create_all(engine, tables=[metadata.tables[name] for name in ("products", "prices")])
    return engine


def stored(engine, name):
    """Return a table as a frame with the dtypes of its Parquet."""
    table = metadata.tables[name]
    with engine.connect() as connection:
        rows = connection.execute(sa.select(table).order_by(*table.primary_key))
        columns = [*zip(*rows, strict=True)] or [[]] * len(table.c)
    arrays = [
        batches.typed([*values], column) for values, column in zip(columns, table.c, strict=True)
    ]
    return pa.table(arrays, names=[column.name for column in table.c])


# by hand


def test_all_parts_of_all_tables_are_loaded(database, parts):
    said = []
    rows = load_folder(tables_in(database), parts, progress=lambda *now: said.append(now))
    assert [*rows.items()] == [("products", 4), ("prices", 2)]
    assert said == [(2, 6), (4, 6), (6, 6)]
    assert stored(database, "products")["product_id"].to_pylist() == [1, 2, 3, 4]
    assert stored(database, "prices")["price_cny"].to_pylist() == [10.0, 7.5]


def test_only_some_tables_are_loaded_if_named(parts):
    engine = tables_in(open_database(":memory:"))
    assert load_folder(engine, str(parts), tables=["products"]) == {"products": 4}
    assert load_folder(engine, parts, tables=["prices"]) == {"prices": 2}
    assert load_folder(engine, parts, tables=[]) == {}


# for a whole world


def test_a_world_comes_back_as_it_was_written(database, world):
    upgrade(database)
    rows = load_folder(database, world)
    said = json.loads((world / "manifest.json").read_text(encoding="utf-8"))["rows"]
    assert rows == {name: n for name, n in said.items() if name in metadata.tables}
    assert rows["people"] == 200
    assert not [name for name in rows if name.startswith("truth")]
    for name in [name for name in rows if metadata.tables[name].primary_key.columns]:
        table = metadata.tables[name]
        written = pq.read_table(world / name)
        arrays = [
            batches.typed(written[column.name].combine_chunks(), column) for column in table.c
        ]
        key = [(column.name, "ascending") for column in table.primary_key]
        expected = pa.table(arrays, names=[column.name for column in table.c]).sort_by(key)
        # Sorted anew, since text has another order in each engine.
        assert stored(database, name).sort_by(key).equals(expected), name


def test_the_command_loads_with_a_bar_beside_what_it_says(world, tmp_path):
    url = str(tmp_path / "hehua.sqlite")
    assert CliRunner().invoke(main, ["database", "up", "--url", url]).exit_code == 0
    some = ["--table", "addresses", "--table", "households", "--table", "people"]
    done = CliRunner().invoke(main, ["database", "load", str(world), "--url", url, *some])
    assert done.exit_code == 0
    assert "rows in 3 tables" in done.stdout
    assert "Loading" in done.stderr
    assert "Loading" not in done.stdout
    assert stored(open_database(url), "people").num_rows == 200


def test_the_command_tells_an_error_without_a_traceback(world, tmp_path):
    url = str(tmp_path / "hehua.sqlite")
    done = CliRunner().invoke(main, ["database", "load", str(world), "--url", url])
    assert done.exit_code == 1
    assert "crmlab database up" in done.stderr
    assert "Traceback" not in done.output


# when misused


def test_a_folder_without_a_manifest_is_no_whole_world(parts):
    (parts / "manifest.json").unlink()
    with pytest.raises(UnreadableFileError, match=r"no manifest.json.*crmlab company"):
        load_folder(tables_in(open_database(":memory:")), parts)


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"rows": 3}', '{"rows": {"people": "x"}}'])
def test_a_manifest_that_is_none_is_refused(parts, text):
    (parts / "manifest.json").write_text(text, encoding="utf-8")
    with pytest.raises(UnreadableFileError, match="is no manifest"):
        load_folder(tables_in(open_database(":memory:")), parts)


def test_a_part_that_is_gone_is_missed(parts):
    (parts / "products" / "part-00001.parquet").unlink()
    with pytest.raises(UnreadableFileError, match="should have 4 rows of products and has 2"):
        load_folder(tables_in(open_database(":memory:")), parts)


def test_a_part_that_is_cut_off_is_no_parquet(parts):
    path = parts / "products" / "part-00001.parquet"
    path.write_bytes(path.read_bytes()[:-20])
    with pytest.raises(UnreadableFileError, match="a part of products is no Parquet"):
        load_folder(tables_in(open_database(":memory:")), parts)


def test_a_part_that_lacks_a_column_is_refused(parts):
    frame = pd.read_parquet(parts / "products" / "part-00001.parquet")
    write(parts, "products", 1, frame.drop(columns="brand"))
    with pytest.raises(MissingColumnsError, match=r"products lacks \['brand'\]"):
        load_folder(tables_in(open_database(":memory:")), parts)


def test_an_orphan_in_a_later_part_undoes_everything(database, parts):
    tables_in(database)
    prices = pd.read_parquet(parts / "prices" / "part-00000.parquet")
    write(parts, "prices", 1, prices.assign(product_id=[2, 99]))
    manifest(parts, products=4, prices=4)
    with pytest.raises(BadRowsError, match=r"prices.product_id, row 3: '99'"):
        load_folder(database, parts)
    assert stored(database, "products").num_rows == 0


def test_tables_that_are_not_there_are_named(parts):
    engine = tables_in(open_database(":memory:"))
    for name in ("../products", "truth_customers"):
        with pytest.raises(UnknownNameError, match="there is no table"):
            load_folder(engine, parts, tables=[name])
    with pytest.raises(UnknownNameError, match=r"no table in .* 'people'"):
        load_folder(engine, parts, tables=["people"])


def test_a_database_without_tables_says_what_to_type(database, parts):
    with pytest.raises(DatabaseError, match="crmlab database up"):
        load_folder(database, parts)


def test_a_part_that_is_damaged_within_is_refused_and_nothing_is_loaded(database, world, tmp_path):
    shutil.copytree(world, tmp_path / "world")
    part = sorted((tmp_path / "world" / "people").glob("*.parquet"))[-1]
    content = bytearray(part.read_bytes())
    middle = slice(len(content) // 4, len(content) // 4 + 2_000)
    content[middle] = b"x" * 2_000
    part.write_bytes(content)
    upgrade(database)
    with pytest.raises(UnreadableFileError, match=f"{part.name} of people is damaged"):
        load_folder(database, tmp_path / "world")
    assert stored(database, "households").num_rows == 0


def test_what_is_no_folder_is_refused(parts):
    engine = open_database(":memory:")
    with pytest.raises(UnreadableFileError, match=r"manifest\.json is no manifest"):
        load_folder(engine, parts / "manifest.json")
    with pytest.raises(OutOfRangeError, match="folder must be a path; got None"):
        load_folder(engine, None)
