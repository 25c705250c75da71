"""write_company: the same world however it is cut, whole or not at all, and resumed."""

import json
import subprocess
import sys
import time
from hashlib import blake2b
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow.parquet as pq
import pytest

from crmlab.company import Scenario, simulate_tables, write_company
from crmlab.company.block import OF_BLOCKS, draw_block
from crmlab.company.export import ALL_TABLES
from crmlab.company.offer import Firm
from crmlab.company.streams import BLOCK, blocks, stream
from crmlab.errors import AmbiguousError, OutOfRangeError, UnknownNameError
from tests.servers import spark_session

ROOT = Path(__file__).parents[2]
N = 2 * BLOCK + 300
SOME = ("purchases", "people", "truth_customers", "promotions")


def digest(frame):
    """Hash of a table's rows, in their order."""
    rows = pd.util.hash_pandas_object(frame, index=False).to_numpy()
    return blake2b(rows.tobytes(), digest_size=8).hexdigest()


def digests(folder):
    return {name: digest(pd.read_parquet(folder / name)) for name in ALL_TABLES}


@pytest.fixture(scope="module")
def whole(tmp_path_factory):
    """All tables of three blocks in one part, by one process."""
    folder = tmp_path_factory.mktemp("whole") / "world"
    write_company(folder, N, seed=5)
    return folder


# streams


def test_blocks_hold_all_customers_in_order_and_only_the_last_is_short():
    assert [tuple(block) for block in blocks(N)] == [
        (0, BLOCK, 0), (1, BLOCK, BLOCK), (2, 300, 2 * BLOCK),
    ]  # fmt: skip
    assert len(blocks(BLOCK)) == 1


def test_every_table_of_every_block_has_a_stream_of_its_own():
    tables = ("shoppers", "people", "lines")
    drawn = {stream(seed, table, block).random()
             for seed in (1, 2) for table in tables for block in (0, 1)}  # fmt: skip
    assert len(drawn) == 12
    assert stream(3, "people", 1).random() == stream(3, "people", 1).random()


# the same world however it is made


@pytest.mark.parametrize(("blocks_per_part", "processes"), [(1, 1), (2, 1), (1, 2)])
def test_the_world_is_the_same_whatever_the_chunks_and_processes(
    blocks_per_part, processes, whole, tmp_path
):
    write_company(tmp_path / "w", N, seed=5, blocks_per_part=blocks_per_part, processes=processes)
    assert len([*(tmp_path / "w/purchases").iterdir()]) == -(-3 // blocks_per_part)
    assert digests(tmp_path / "w") == digests(whole)


def test_the_world_on_disk_is_the_one_in_memory(whole):
    made = simulate_tables(N, seed=5, tables=ALL_TABLES)
    assert {name: digest(frame) for name, frame in made.items()} == digests(whole)
    for name, frame in made.items():
        pd.testing.assert_frame_equal(pd.read_parquet(whole / name), frame)


@pytest.mark.spark
@pytest.mark.java
@pytest.mark.filterwarnings("ignore:PySpark does not yet fully support pandas:FutureWarning")
def test_spark_makes_the_same_world(whole):
    columns = {
        "purchases": ["purchase_id", "amount"],
        "orders": ["order_id", "amount_cny"],
        "truth_sellers": ["seller_id", "activity"],
    }

    def make(batches):
        import pyarrow as pa

        firm = Firm(5, Scenario(), N)
        for batch in batches:
            for number in batch.column("id").to_pylist():
                made = draw_block(firm, blocks(N)[number], tables=[*columns])
                for place, (name, (key, value)) in enumerate(columns.items()):
                    part = made[name]
                    yield pa.record_batch(
                        {
                            "place": np.full(len(part), place),
                            "key": part[key].to_numpy(),
                            "value": part[value].to_numpy(),
                        }
                    )

    with spark_session() as spark:
        numbers = spark.range(3, numPartitions=3)
        made = numbers.mapInArrow(make, "place long, key long, value double")
        rows = made.toArrow().to_pandas().sort_values(["place", "key"])
    for place, (name, (key, value)) in enumerate(columns.items()):
        found = rows.loc[rows["place"] == place, ["key", "value"]]
        expected = pd.read_parquet(whole / name).sort_values(key)[[key, value]]
        assert digest(found) == digest(expected)


# whole or not at all


def test_the_manifest_counts_the_rows_and_names_the_world(whole):
    manifest = json.loads((whole / "manifest.json").read_text(encoding="utf-8"))
    assert manifest["rows"]["people"] == N
    assert manifest["world"]["seed"] == 5
    assert Scenario(**manifest["world"]["scenario"]) == Scenario()
    for name, rows in manifest["rows"].items():
        assert len(pd.read_parquet(whole / name)) == rows
    assert not [*whole.glob("*.partial")]
    assert not [*whole.rglob("*.writing")]


def test_parts_have_one_row_group_for_each_block(whole):
    file = pq.ParquetFile(whole / "people" / "part-00000.parquet")
    assert [file.metadata.row_group(k).num_rows for k in range(3)] == [BLOCK, BLOCK, 300]


def test_a_killed_writer_leaves_no_table_that_looks_whole_and_a_rerun_goes_on(tmp_path):
    folder, n = tmp_path / "w", 5 * BLOCK
    code = (
        "from crmlab.company import write_company\n"
        f"write_company({str(folder)!r}, {n}, seed=6, tables={SOME!r}, blocks_per_part=1)"
    )
    run = subprocess.Popen([sys.executable, "-c", code], cwd=ROOT)
    first = folder / "people.partial" / "part-00000.parquet"
    try:
        until = time.monotonic() + 60
        while not first.exists() and time.monotonic() < until:
            time.sleep(0.02)
    finally:
        run.kill()
        run.wait()
    assert first.exists()
    assert not (folder / "manifest.json").exists()
    assert not any((folder / name).exists() for name in SOME)
    names = [name for name in SOME if name != "promotions"]
    made = {
        path.name: path.stat().st_mtime_ns
        for path in (folder / "people.partial").glob("*.parquet")
        if all((folder / f"{name}.partial" / path.name).exists() for name in names)
    }
    seen = []
    write_company(
        folder, n, seed=6, tables=SOME, blocks_per_part=1, progress=lambda *one: seen.append(one)
    )
    # What was whole was not made again; the rest was.
    for name, at in made.items():
        assert (folder / "people" / name).stat().st_mtime_ns == at
    assert seen[-1] == (5, 5)
    assert len(seen) == 5 - len(made) > 0
    expected = simulate_tables(n, seed=6, tables=SOME)
    for name in SOME:
        assert digest(pd.read_parquet(folder / name)) == digest(expected[name])


def test_a_disk_that_is_full_is_said_and_leaves_nothing_that_looks_whole(tmp_path, monkeypatch):
    def full(self, table):
        raise OSError("No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr(pq.ParquetWriter, "write_table", full)
        with pytest.raises(OSError, match="No space left"):
            write_company(tmp_path / "w", 50, seed=1, tables=SOME)
    assert not [*(tmp_path / "w").rglob("*.parquet")]
    assert write_company(tmp_path / "w", 50, seed=1, tables=SOME)["people"] == 50


def test_an_interruption_between_the_renames_is_mended(whole, tmp_path):
    write_company(tmp_path / "w", 50, seed=1, tables=SOME)
    (tmp_path / "w/manifest.json").unlink()
    (tmp_path / "w/people").rename(tmp_path / "w/people.partial")
    rows = write_company(tmp_path / "w", 50, seed=1, tables=SOME)
    assert rows["people"] == 50
    assert (tmp_path / "w/people").exists()


def test_a_finished_world_is_not_made_again(tmp_path):
    first = write_company(tmp_path / "w", 50, seed=1, tables=SOME)
    before = (tmp_path / "w/people/part-00000.parquet").stat().st_mtime_ns
    assert write_company(tmp_path / "w", 50, seed=1, tables=SOME) == first
    assert (tmp_path / "w/people/part-00000.parquet").stat().st_mtime_ns == before


def test_only_the_tables_asked_for_are_written(tmp_path):
    rows = write_company(tmp_path / "w", 50, seed=1, tables=["lines"])
    assert [*rows] == ["lines"]
    assert {path.name for path in (tmp_path / "w").iterdir()} == {
        "world.json", "manifest.json", "lines",
    }  # fmt: skip
    assert "lines" in OF_BLOCKS


# when misused


def test_another_world_in_the_folder_is_refused_and_named(tmp_path):
    write_company(tmp_path / "w", 50, seed=1, tables=SOME)
    with pytest.raises(AmbiguousError, match=r"w holds another world \(seed 1, not 2\)"):
        write_company(tmp_path / "w", 50, seed=2, tables=SOME)
    with pytest.raises(AmbiguousError, match="scenario"):
        write_company(tmp_path / "w", 50, seed=1, tables=SOME, scenario=Scenario(churn=2.0))


def test_a_folder_with_other_files_is_refused(tmp_path):
    (tmp_path / "letter.txt").write_text("mine", encoding="utf-8")
    with pytest.raises(AmbiguousError, match="holds other files"):
        write_company(tmp_path, 50, seed=1)


@pytest.mark.parametrize("argument", [{"n": 0}, {"blocks_per_part": 0}, {"processes": 0}])
def test_numbers_below_1_are_refused(argument, tmp_path):
    with pytest.raises(OutOfRangeError, match="must be 1 or more; got 0"):
        write_company(tmp_path, **{"n": 9, "seed": 1} | argument)


def test_a_table_there_is_none_of_is_refused(tmp_path):
    with pytest.raises(UnknownNameError, match="no table 'purchase'"):
        write_company(tmp_path, 9, seed=1, tables=["purchase"])
