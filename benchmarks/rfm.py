"""RFM of 10 million purchases of a million customers, beside DuckDB, polars, pandas and others.

Each contender runs in a process of its own, on a frame of its own kind that is already in
memory; the processes take turns, and medians are printed. Peak memory is that of the process
while it works, the frame included (Linux only). `cpu_s` adds up all cores: it says more than the
clock where the machine has other work. What the contenders find must agree.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from time import perf_counter, process_time

import numpy as np
import pandas as pd

PURCHASES, CUSTOMERS, DAYS = 10_000_000, 1_000_000, 730
ROUNDS, REPEATS = 3, 3
SLOW = {"lifetimes", "clvkit"}  # one round, one run
# work -> (contenders, what must hold: peer, how many times as fast as it at least)
WORKS = {
    "days": (
        ["crmlab", "duckdb", "polars", "pandas", "lifetimes", "clvkit"],
        {"duckdb": 2.5, "polars": 1.8, "lifetimes": 20, "clvkit": 20},
    ),
    "purchases": (
        ["crmlab", "duckdb", "polars", "pandas"],
        {"duckdb": 1 / 1.2, "polars": 1 / 1.2, "pandas": 3},
    ),
    "purchases, text ids": (["crmlab", "duckdb", "polars", "pandas"], {"duckdb": 1}),
    "purchases, categories": (["crmlab", "crmlab on integers"], {"crmlab on integers": 1 / 1.1}),
    "rfm and scores, 1 million": (["crmlab", "pandas"], {"pandas": 1}),
}

PER_CUSTOMER = "max({day}) AS last, min({day}) AS first, {n} AS n, sum({money}) AS total"
PLAIN = "SELECT customer_id, " + PER_CUSTOMER.format(
    day="date", n="count(*) FILTER (amount > 0)", money="amount"
)
BY_DAY = "SELECT customer_id, " + PER_CUSTOMER.format(day="date", n="count(*)", money="amount")


def write_log(path: Path, rows: int) -> None:
    """Write purchases whose customers, days and amounts are drawn at random."""
    rng = np.random.default_rng(1)
    day = rng.integers(0, DAYS, rows)
    log = {
        "customer_id": rng.integers(0, CUSTOMERS * rows // PURCHASES, rows),
        "date": (np.datetime64("2023-01-01") + day).astype("M8[us]"),
        "amount": rng.gamma(2, 30, rows).round(2),
    }
    pd.DataFrame(log).to_parquet(path)


def crmlab(work: str, log: pd.DataFrame) -> Callable:
    from crmlab.rfm.measure import rfm, rfm_scores

    if "scores" in work:
        return lambda: rfm_scores(rfm(log))
    return lambda: rfm(log, count="days" if work == "days" else "purchases")


def duckdb(work: str, log: pd.DataFrame) -> Callable:
    import duckdb

    base = duckdb.connect()
    base.sql("CREATE TABLE log AS SELECT customer_id, date::DATE AS date, amount FROM log")
    query = f"{PLAIN} FROM log GROUP BY ALL"
    if work == "days":
        daily = "SELECT customer_id, date, sum(amount) AS amount FROM log GROUP BY ALL"
        query = f"{BY_DAY} FROM ({daily}) GROUP BY ALL"
    return lambda: base.sql(query).to_arrow_table()


def polars(work: str, log: pd.DataFrame) -> Callable:
    import polars as pl

    frame = pl.from_pandas(log).with_columns(pl.col("date").dt.date()).lazy()
    number = (pl.col("amount") > 0).sum()
    if work == "days":
        frame, number = frame.group_by("customer_id", "date").agg(pl.col("amount").sum()), pl.len()
    day, money = pl.col("date"), pl.col("amount").sum()
    summary = [day.max().alias("last"), day.min().alias("first"), number.alias("n")]
    return frame.group_by("customer_id").agg(*summary, money.alias("total")).collect


def pandas(work: str, log: pd.DataFrame) -> Callable:
    def agg(frame: pd.DataFrame) -> pd.DataFrame:
        groups = frame.groupby("customer_id", sort=False)
        days = {"last": ("date", "max"), "first": ("date", "min"), "n": ("amount", "size")}
        return groups.agg(**days, total=("amount", "sum"))

    if work != "days":
        return lambda: agg(log)
    return lambda: agg(log.groupby(["customer_id", "date"], sort=False, as_index=False).sum())


def lifetimes(work: str, log: pd.DataFrame) -> Callable:
    from lifetimes.utils import summary_data_from_transaction_data

    columns = ("customer_id", "date", "amount")
    return lambda: summary_data_from_transaction_data(log, *columns)


def clvkit(work: str, log: pd.DataFrame) -> Callable:
    from clvkit import CustomerBase

    return lambda: CustomerBase.from_transactions(log).to_pandas()


def digest(result: object) -> list[float]:
    """Return the number of customers, of counts and of money, however they are named."""
    frame = result if isinstance(result, pd.DataFrame) else pd.DataFrame(result.to_pandas())
    if "T" in frame:  # the summaries count repeats, and the mean spend of a repeat
        return [len(frame), float((frame["frequency"] + 1).sum()), float("nan")]
    number, money = ("frequency", "monetary") if "monetary" in frame else ("n", "total")
    return [len(frame), float(frame[number].sum()), round(float(frame[money].sum()), 0)]


def memory_mb(key: str) -> float:
    """Return VmRSS or VmHWM of this process in MB, or nothing where there is no /proc."""
    status = Path("/proc/self/status")
    lines = status.read_text(encoding="utf-8").splitlines() if status.exists() else []
    return next((int(line.split()[1]) / 1024 for line in lines if line.startswith(key)), np.nan)


def one(work: str, contender: str, path: str) -> None:
    """Time one contender in this process and print what came out as JSON."""
    log = pd.read_parquet(path)
    if "text" in work:
        log["customer_id"] = "C" + log["customer_id"].astype("str").str.zfill(7)
    if "categories" in work and contender == "crmlab":
        log["customer_id"] = log["customer_id"].astype("category")
    run = globals()[contender.split()[0]](work, log)
    if contender in ("duckdb", "polars"):
        del log
    forget = Path("/proc/self/clear_refs")
    if forget.exists():
        forget.write_text("5", encoding="utf-8")  # the peak starts anew
    seconds, cpu = [], []
    for _ in range(1 if contender in SLOW else REPEATS):
        began, worked = perf_counter(), process_time()
        result = run()
        seconds.append(perf_counter() - began)
        cpu.append(process_time() - worked)
    found = {"seconds": seconds, "cpu": cpu, "peak_mb": memory_mb("VmHWM")}
    print(json.dumps(found | {"digest": digest(result)}))


def race(work: str, contenders: list[str], path: Path) -> pd.DataFrame:
    """Run the contenders in turns; return their medians, peaks and digests."""
    found = {name: [] for name in contenders}
    for turn in range(ROUNDS):
        for name in contenders:
            if turn and name in SLOW:
                continue
            command = [sys.executable, "-m", "benchmarks.rfm", work, name, str(path)]
            run = subprocess.run(command, capture_output=True, encoding="utf-8", check=True)
            found[name].append(json.loads(run.stdout.splitlines()[-1]))
    rows = {
        name: {
            "median_s": median(s for run in runs for s in run["seconds"]),
            "best_s": min(s for run in runs for s in run["seconds"]),
            "cpu_s": median(s for run in runs for s in run["cpu"]),
            "peak_mb": median(run["peak_mb"] for run in runs),
            "digest": runs[0]["digest"],
        }
        for name, runs in found.items()
    }
    table = pd.DataFrame(rows).T
    table["times_crmlab"] = (table["median_s"] / table.loc["crmlab", "median_s"]).astype(float)
    return table


def imported() -> list[str]:
    """Return the heavy libraries that `import crmlab` loads."""
    heavy = {
        "numpy",
        "pandas",
        "scipy",
        "sklearn",
        "matplotlib",
        "seaborn",
        "ipywidgets",
        "pyarrow",
    }
    command = [sys.executable, "-c", "import crmlab, sys; print(*sys.modules)"]
    run = subprocess.run(command, capture_output=True, encoding="utf-8", check=True)
    return sorted(heavy & {*run.stdout.split()})


def main() -> dict[str, pd.DataFrame]:
    """Print and return one table per kind of work, with what must hold and whether it does."""
    tables = {}
    with TemporaryDirectory() as folder:
        paths = {rows: Path(folder) / f"{rows}.parquet" for rows in (PURCHASES, PURCHASES // 10)}
        for rows, path in paths.items():
            write_log(path, rows)
        for work, (contenders, goals) in WORKS.items():
            path = paths[PURCHASES // 10 if "1 million" in work else PURCHASES]
            table = race(work, contenders, path)
            table["must_be"] = pd.Series(goals)
            table["holds"] = (table["times_crmlab"] >= table["must_be"]).where(table["must_be"] > 0)
            agree = {tuple(d[:2]) for d in table["digest"]}
            print(f"{work}: the results {'agree' if len(agree) == 1 else f'DIFFER: {agree}'}")
            shown = table.drop(columns="digest").astype(
                {"median_s": float, "best_s": float, "cpu_s": float}
            )
            print(shown.to_string(float_format="{:.2f}".format), "\n", flush=True)
            tables[work] = table
    print(f"import crmlab loads: {', '.join(imported()) or 'no heavy library'}")
    return tables


if __name__ == "__main__":
    one(*sys.argv[1:]) if sys.argv[1:] else main()
