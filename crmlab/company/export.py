"""A world of any size on disk: Parquet in parts, written whole or not at all, and resumed.

While a world is being written, a table stands in `NAME.partial/`; a part gets its name when it is
whole. When all parts of all tables are there, the folders lose their `.partial`, and last of all
`manifest.json` says that the world is complete. What was written before an interruption is kept.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor, as_completed
from contextlib import ExitStack
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

import crmlab
from crmlab._checks import Seed, require_at_least
from crmlab.company.block import OF_BLOCKS, OF_FIRM, draw_block
from crmlab.company.offer import Firm, Tables
from crmlab.company.scenario import Scenario, scenario_of
from crmlab.company.streams import WORLDS, Block, blocks, key_of
from crmlab.errors import AmbiguousError, UnknownNameError, UnreadableFileError

__all__ = ["write_company"]

WRITING = ".writing"
MANIFEST = "manifest.json"
ALL_TABLES = (*OF_FIRM, *OF_BLOCKS)
Progress = Callable[[int, int], object]


def write_company(
    out: str | Path,
    n: int,
    *,
    seed: Seed,
    scenario: Scenario | Mapping[str, Any] | str | Path | None = None,
    tables: Sequence[str] = ALL_TABLES,
    blocks_per_part: int = 8,
    processes: int = 1,
    progress: Progress | None = None,
) -> dict[str, int]:
    """Write a world as Parquet, a folder for each table, in bounded memory; resume if interrupted.

    Parameters
    ----------
    out : path of a folder
        Made if it is not there. One folder holds one world.
    n, seed, scenario
        As in `simulate_company`: the same give the same rows, whatever the next two are.
    tables : names of tables, all when omitted; those of the truth begin with "truth_"
    blocks_per_part : int
        Blocks of 8,192 customers in each file.
    processes : int
        Processes that make parts at the same time.
    progress : callable, optional
        Called with the number of parts that are done, and of all.

    Returns
    -------
    dict : rows of each table

    Raises
    ------
    OutOfRangeError
        If a number is below 1.
    UnknownNameError
        If there is no such table.
    AmbiguousError
        If `out` holds another world, or parts of one.
    """
    require_at_least("n", n, 1)
    require_at_least("blocks_per_part", blocks_per_part, 1)
    require_at_least("processes", processes, 1)
    for name in tables:
        if name not in ALL_TABLES:
            raise UnknownNameError.among("table", name, ALL_TABLES)
    folder, scenario = Path(out), scenario_of(scenario)
    seed = key_of(seed)
    world = {
        "customers": n,
        "seed": seed,
        "scenario": scenario.as_dict(),
        "tables": [name for name in ALL_TABLES if name in tables],
        "blocks_per_part": blocks_per_part,
        "crmlab": crmlab.__version__,
        "worlds": WORLDS,
        "numpy": np.__version__,
    }
    _claim(folder, world)
    if (folder / MANIFEST).exists():
        return manifest_of(folder)["rows"]

    names, every = world["tables"], blocks(n)
    parts = [every[i : i + blocks_per_part] for i in range(0, len(every), blocks_per_part)]
    todo = [k for k in range(len(parts)) if not _is_whole(folder, names, k)]
    jobs = [(folder, seed, scenario, n, names, k, parts[k]) for k in todo]
    for finished in _run(jobs, processes):
        if progress:
            progress(len(parts) - len(todo) + finished, len(parts))
    rows = _finish(folder, names)
    _write_json(folder / MANIFEST, {"rows": rows, "world": world})
    return rows


def manifest_of(folder: Path) -> dict[str, Any]:
    """Return the manifest of a world that is whole: its rows by table, and what it is."""
    path = folder / MANIFEST
    if not path.exists():
        raise UnreadableFileError(
            f"{folder.name} holds no whole world: there is no {MANIFEST}. Write it first, or go on "
            f"with it: crmlab company --out {folder.name} ..."
        )
    return json.loads(path.read_text(encoding="utf-8"))


def _claim(folder: Path, world: dict[str, Any]) -> None:
    """Say which world the folder holds, or refuse if it holds another."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / "world.json"
    if not path.exists():
        if any(folder.iterdir()):
            raise AmbiguousError(f"{folder.name} holds other files; name an empty or a new folder.")
        _write_json(path, world)
        return
    there = json.loads(path.read_text(encoding="utf-8"))
    differing = [key for key in world if key != "numpy" and there.get(key) != world[key]]
    if differing:
        said = "; ".join(f"{key} {there.get(key)!r}, not {world[key]!r}" for key in differing)
        raise AmbiguousError(
            f"{folder.name} holds another world ({said}). Name another folder, or the same world "
            "to go on with it."
        )


def _write_json(path: Path, content: object) -> None:
    """Write a file that is there whole or not at all."""
    draft = path.with_name(path.name + WRITING)
    draft.write_text(json.dumps(content, indent=1) + "\n", encoding="utf-8")
    os.replace(draft, path)


def _place(folder: Path, name: str, part: int) -> Path | None:
    """Return where a whole part of a table is, if it is anywhere."""
    file = f"part-{part:05d}.parquet"
    found = (folder / name / file, folder / f"{name}.partial" / file)
    return next((path for path in found if path.exists()), None)


def _is_whole(folder: Path, names: Sequence[str], part: int) -> bool:
    """Return whether part `part` of all tables is there; tables of the firm have part 0 only."""
    wanted = [name for name in names if part == 0 or name not in OF_FIRM]
    return all(_place(folder, name, part) for name in wanted)


def _run(jobs: list[tuple], processes: int) -> Iterator[int]:
    """Do the jobs, here or in processes; give how many are done after each."""
    if processes == 1 or len(jobs) < 2:
        for done, job in enumerate(jobs, 1):
            _write_part(*job)
            yield done
        return
    with ProcessPoolExecutor(processes, mp_context=get_context("spawn")) as pool:
        futures = [pool.submit(_write_part, *job) for job in jobs]
        try:
            for done, future in enumerate(as_completed(futures), 1):
                future.result()
                yield done
        finally:
            pool.shutdown(wait=True, cancel_futures=True)


def _write_part(
    folder: Path,
    seed: int,
    scenario: Scenario,
    n: int,
    names: Sequence[str],
    part: int,
    members: Sequence[Block],
) -> None:
    """Write one part of every table, block by block, and name the files when all are whole.

    While a block is being drawn, a thread writes the one before it.
    """
    firm = Firm(seed, scenario, n)
    of_blocks = [name for name in names if name not in OF_FIRM]
    drafts: dict[Path, Path] = {}
    # The thread ends before the files are closed, however this ends.
    with ExitStack() as stack, ThreadPoolExecutor(1) as thread:
        writers: dict[str, pq.ParquetWriter] = {}

        def write(tables: Tables) -> None:
            for name, frame in tables.items():
                table = pa.Table.from_pandas(frame, preserve_index=False, nthreads=1)
                if name not in writers:
                    path = folder / f"{name}.partial" / f"part-{part:05d}.parquet"
                    path.parent.mkdir(exist_ok=True)
                    drafts[path] = path.with_name(path.name + WRITING)
                    writer = _writer(drafts[path], table.schema.remove_metadata())
                    writers[name] = stack.enter_context(writer)
                writers[name].write_table(table.replace_schema_metadata(None))

        of_firm = firm.tables() if part == 0 else {}
        before = thread.submit(write, {name: of_firm[name] for name in of_firm if name in names})
        for block in members:
            tables = draw_block(firm, block, tables=of_blocks)
            before.result()
            pa.default_memory_pool().release_unused()
            before = thread.submit(write, tables)
        before.result()
    for path, draft in drafts.items():
        os.replace(draft, path)


def _writer(path: Path, schema: pa.Schema) -> pq.ParquetWriter:
    """Return a writer that looks up words, and notes by how much whole numbers and days grow."""
    grows = [
        field.name
        for field in schema
        if pa.types.is_integer(field.type) or pa.types.is_timestamp(field.type)
    ]
    words = [
        field.name
        for field in schema
        if pa.types.is_dictionary(field.type) or pa.types.is_large_string(field.type)
    ]
    how: dict[str, Any] = {
        "compression": "zstd",
        "use_dictionary": words,
        "column_encoding": dict.fromkeys(grows, "DELTA_BINARY_PACKED"),
        "store_schema": False,  # so that categories are read as the texts they are
    }
    return pq.ParquetWriter(path, schema, **how)


def _finish(folder: Path, names: Sequence[str]) -> dict[str, int]:
    """Give every table its name, now that all are whole; return their rows."""
    rows = {}
    for name in names:
        partial, final = folder / f"{name}.partial", folder / name
        if partial.exists():
            for draft in partial.glob(f"*{WRITING}"):
                draft.unlink()
            os.replace(partial, final)
        rows[name] = sum(pq.read_metadata(path).num_rows for path in final.glob("*.parquet"))
    return rows
