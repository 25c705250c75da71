"""Reading 10 million purchases from text and Parquet, beside pandas.

Each reader runs in a process of its own, and the readers take turns. Its memory is the peak
of that process while it reads, less what it had before, the finished frame included; beside it
stands how many times the frame's own size that is. crmlab must stay below two (Linux only).
"clean" text has whole numbers, ISO days and decimal points; "shop" text has ids such as
C0000123, days such as 23/06/2024, and Chinese names in GB18030. pandas gets no hint in the
one and every hint (dtype, encoding, date format) in the other.
"""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from time import perf_counter

import numpy as np
import pandas as pd

from crmlab.data.read import read_purchases

PURCHASES, CUSTOMERS, DAYS = 10_000_000, 1_000_000, 1000
ROUNDS = 3
MOST_MEMORY = 2.0
READERS = {
    ("clean.csv", "crmlab"): lambda path: read_purchases(path).purchases,
    ("clean.csv", "pandas"): lambda path: pd.read_csv(path, parse_dates=["date"]),
    ("shop.csv", "crmlab"): lambda path: read_purchases(path).purchases,
    ("shop.csv", "pandas"): lambda path: pd.read_csv(
        path, encoding="gb18030", parse_dates=["日期"], date_format="%d/%m/%Y"
    ),
    ("clean.parquet", "crmlab"): lambda path: read_purchases(path).purchases,
    ("clean.parquet", "pandas"): pd.read_parquet,
}


def write_files(folder: Path, rows: int) -> None:
    """Write the same purchases, drawn at random, in each form."""
    rng = np.random.default_rng(1)
    log = pd.DataFrame(
        {
            "customer_id": rng.integers(0, CUSTOMERS, rows),
            "date": (np.datetime64("2022-01-01") + rng.integers(0, DAYS, rows)).astype("M8[us]"),
            "amount": rng.gamma(2, 30, rows).round(2),
        }
    )
    log.to_parquet(folder / "clean.parquet")
    log.to_csv(folder / "clean.csv", index=False, chunksize=1 << 18, encoding="utf-8")
    log["customer_id"] = "C" + log["customer_id"].astype("str").str.zfill(7)
    log.set_axis(["会员号", "日期", "金额"], axis=1).to_csv(
        folder / "shop.csv",
        index=False,
        chunksize=1 << 18,
        encoding="gb18030",
        date_format="%d/%m/%Y",
    )


def memory_mb(key: str) -> float:
    """Return VmRSS or VmHWM of this process in MB, or nothing where there is no /proc."""
    status = Path("/proc/self/status")
    lines = status.read_text(encoding="utf-8").splitlines() if status.exists() else []
    return next((int(line.split()[1]) / 1024 for line in lines if line.startswith(key)), np.nan)


def one(folder: str, file: str, reader: str) -> None:
    """Time one reader in this process and print what came out as JSON."""
    import pyarrow.csv
    import pyarrow.parquet  # noqa: F401

    before = memory_mb("VmRSS")
    began = perf_counter()
    frame = READERS[file, reader](Path(folder) / file)
    seconds = perf_counter() - began
    own = float(frame.memory_usage(index=False, deep=True).sum()) / 2**20
    found = [len(frame), round(float(frame.iloc[:, 2].sum()), 0)]
    peak = memory_mb("VmHWM") - before
    print(json.dumps({"seconds": seconds, "peak": peak, "own": own, "found": found}))


def main(rows: int = PURCHASES) -> None:
    """Print the table, and whether crmlab stays below twice the frame."""
    runs: dict[tuple[str, str], list[dict]] = {key: [] for key in READERS}
    with TemporaryDirectory() as folder:
        write_files(Path(folder), rows)
        for _ in range(ROUNDS):
            for file, reader in READERS:
                command = [sys.executable, "-m", "benchmarks.reading", folder, file, reader]
                done = subprocess.run(command, capture_output=True, encoding="utf-8", check=True)
                runs[file, reader].append(json.loads(done.stdout.splitlines()[-1]))

    print(f"{'file':14} {'reader':8} {'seconds':>8} {'peak MB':>8} {'frame MB':>9} {'times':>6}")
    for (file, reader), each in runs.items():
        assert each[0]["found"] == runs[file, "pandas"][0]["found"], (file, reader)
        seconds = median(run["seconds"] for run in each)
        peak, own = median(run["peak"] for run in each), each[0]["own"]
        verdict = ""
        if reader == "crmlab":
            verdict = "ok" if not peak / own >= MOST_MEMORY else f"ABOVE {MOST_MEMORY:g}"
        line = f"{file:14} {reader:8} {seconds:8.2f} {peak:8.0f} {own:9.0f} {peak / own:6.2f}"
        print(f"{line}  {verdict}".rstrip(), flush=True)


if __name__ == "__main__":
    one(*sys.argv[1:]) if len(sys.argv) > 1 else main()
