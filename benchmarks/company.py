"""Hehua at a million customers: purchases to Parquet, and people beside Mimesis and Faker.

Purchases are written with all columns of their table, by one process, in turn with those of a
bare world: one law for all customers, no refunds, promotions or failures, codes for words. Hehua
draws all that its customers would ever buy until half a year after its window, so that two
scenarios of one seed can be compared; `drawn` says how much, `calm` is it without promotions and
failures. What is left between `calm` and the bare world, for each purchase drawn, is personas,
their exact laws, refunds and the other columns.
Memory is that of the process that writes. Processor seconds say more than others where the
machine has other work. Mimesis and Faker make name, address, telephone and e-mail of fewer
people and are scaled up. The row `ours` makes these four fields too, `ours_whole` the people table.
"""

from __future__ import annotations

import resource
import sys
import tempfile
from collections.abc import Callable
from contextlib import ExitStack
from importlib.util import find_spec
from multiprocessing import get_context
from pathlib import Path
from time import perf_counter, process_time

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from crmlab.company import simulate_tables, write_company
from crmlab.company.calendar import rhythm
from crmlab.company.shoppers import draw_shoppers
from crmlab.company.streams import SHOPPERS, blocks, stream
from crmlab.customers.simulate.words import (
    DOMAINS,
    draw_addresses,
    draw_names,
    draw_word,
    frame_of,
    joined,
    phones,
)

CUSTOMERS = 1_000_000
BLOCK, PARTS = 8_192, 8
DAYS = 1_096


def peak_mib() -> float:
    """Return the most memory this process has held; macOS counts bytes, Linux KiB."""
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / (2**20 if sys.platform == "darwin" else 2**10)


def hehua(folder: Path, **scenario: float) -> int:
    """Write Hehua's purchases; return how many."""
    said = {"seed": 7, "scenario": scenario, "tables": ["purchases"]}
    return write_company(folder / "w", CUSTOMERS, **said)["purchases"]


def calm(folder: Path) -> int:
    """Write the purchases of a Hehua where the firm does nothing and nothing fails."""
    return hehua(folder, promotions=0, failure_rate=0)


def ever_bought() -> int:
    """Return how many purchases Hehua draws: all that its customers would ever buy, if they stayed.

    They depend on the seed alone, so that they are as many in every scenario.
    """
    said = {"stays": True, "busy": rhythm()}
    streams = ((stream(7, SHOPPERS, block.number), block.customers) for block in blocks(CUSTOMERS))
    return sum(len(draw_shoppers(*one, **said)[0]["day"]) for one in streams)


def bare(folder: Path) -> int:
    """Write the purchases of the simplest world there is, block by block; return how many."""
    rows, firsts = 0, range(0, CUSTOMERS, BLOCK)
    with ExitStack() as stack:
        writer = None
        for number in range(0, len(firsts), PARTS):
            tables = [bare_block(first) for first in firsts[number : number + PARTS]]
            table = pa.concat_tables(tables)
            if writer is None:
                writer = pq.ParquetWriter(folder / "bare.parquet", table.schema, compression="zstd")
                stack.enter_context(writer)
            writer.write_table(table)
            rows += len(table)
    return rows


def bare_block(first: int) -> pa.Table:
    """Return the purchases of one block: Pareto/NBD with gamma amounts, by customer and day."""
    n = min(BLOCK, CUSTOMERS - first)
    rng = np.random.default_rng([7, first])
    joined, rate = rng.integers(0, DAYS, n), rng.gamma(1.38, 1 / 62.0, n)
    life = rng.standard_exponential(n) / np.maximum(rng.gamma(1.0, 1 / 900.0, n), 1e-12)
    ticket, span = rng.gamma(6.0, 25.0, n), np.minimum(life, DAYS - joined)
    count = 1 + rng.poisson(rate * span)
    owner = np.repeat(np.arange(n), count)
    level = rng.random(len(owner))
    level[np.cumsum(count) - count] = 0.0
    time = joined[owner] + level * span[owner]
    time = time[np.lexsort([time, owner])]
    day = np.minimum(time.astype(np.int64), DAYS - 1).astype("M8[D]").astype("M8[us]")
    fen = np.rint(ticket[owner] * rng.standard_gamma(4.0, len(owner)) * 25).astype(np.int64)
    words = {
        name: rng.integers(0, kinds, len(owner), dtype=np.int8)
        for name, kinds in {"channel": 4, "store": 100, "category": 12}.items()
    }
    return pa.table({"customer_id": first + owner, "date": day, "fen": fen, **words})


def timed(make: Callable[[Path], int]) -> dict[str, float]:
    """Run `make` in a folder that is thrown away; runs in a process of its own."""
    with tempfile.TemporaryDirectory() as folder:
        began, busy = perf_counter(), process_time()
        rows = make(Path(folder))
        seconds, busy = perf_counter() - began, process_time() - busy
    return {"rows": rows, "s": seconds, "processor_s": busy, "peak_mib": peak_mib()}


def writing(*, runs: int) -> pd.DataFrame:
    """Return medians of writing the worlds, in turn, and for each 10 million purchases."""
    done = []
    for _ in range(runs):
        for make in (bare, hehua, calm):
            with get_context("spawn").Pool(1) as pool:
                done.append({"world": make.__name__, **pool.apply(timed, (make,))})
    table = pd.DataFrame(done).groupby("world", sort=False).median()
    for name in ("s", "processor_s"):
        table[f"{name}_per_10_million"] = table[name] / table["rows"] * 1e7
    table["drawn"] = table["rows"].where(table.index == "bare", ever_bought())
    for per in ("rows", "drawn"):
        times = table["processor_s"] / table[per]
        table[f"times_the_bare_by_{per}"] = times / times["bare"]
    return table


def ours(n: int) -> float:
    """Make the four fields that the others make."""
    rng, number = np.random.default_rng(7), np.arange(1, n + 1)
    began = perf_counter()
    gender = np.where(rng.random(n) < 0.5, "F", "M")
    name, _, mail = draw_names(rng, gender, chinese_share=1.0)
    address = draw_addresses(rng, np.full(n, "Wuhan"))
    frame_of(
        {
            "name": name,
            **address,
            "phone": phones(number),
            "email": joined(mail, number, "@", draw_word(rng, DOMAINS, n)),
        }
    )
    return perf_counter() - began


def ours_whole(n: int) -> float:
    """Make all 37 columns of the people table, and their homes; what they buy comes with it."""
    began = perf_counter()
    simulate_tables(n, seed=7, tables=["people", "addresses"])
    return perf_counter() - began


def mimesis(n: int) -> float:
    from mimesis import Address, Person
    from mimesis.locales import Locale

    person, address = Person(Locale.ZH, seed=1), Address(Locale.ZH, seed=1)
    began = perf_counter()
    for _ in range(n):
        person.full_name(), address.address(), person.phone_number(), person.email()
    return perf_counter() - began


def faker(n: int) -> float:
    from faker import Faker

    fake = Faker("zh_CN")
    Faker.seed(1)
    began = perf_counter()
    for _ in range(n):
        fake.name(), fake.address(), fake.phone_number(), fake.email()
    return perf_counter() - began


def main() -> pd.DataFrame:
    """Print the writing of purchases, and seconds for a million people of each maker."""
    print(writing(runs=3).round(2).to_string())
    makers = [(ours, 1_000_000), (ours_whole, 200_000), (mimesis, 5_000), (faker, 5_000)]
    rows = {
        make.__name__: {"people": n, "s_per_million": round(make(n) * 1e6 / n, 1)}
        for make, n in makers
        if make in (ours, ours_whole) or find_spec(make.__name__)
    }
    table = pd.DataFrame(rows).T
    table["times_slower"] = (table["s_per_million"] / table["s_per_million"].iloc[0]).round(1)
    print(table.to_string())
    return table


if __name__ == "__main__":
    main()
