"""A hundred million purchases on DuckDB under 6 GiB, and where pandas still serves.

    python -m benchmarks.scale [MILLIONS] [FOLDER]

Purchases are made in parts of about ten million by `simulate_purchases` and kept in FOLDER as
Parquet; on the first part the result is compared with the pandas form.
"""

from __future__ import annotations

import sys
from dataclasses import asdict
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Event, Thread
from time import perf_counter

import numpy as np
import pandas as pd
import psutil

from crmlab.lifetime.simulate import simulate_purchases
from crmlab.rfm.measure import rfm
from crmlab.scale import PurchaseStore, open_purchases

CUSTOMERS = 1_000_000
MEASURES = {
    "rfm": PurchaseStore.rfm,
    "rfm, days counted": lambda store: store.rfm(count="days"),
    "rfm_scores": PurchaseStore.rfm_scores,
    "segment_summary": PurchaseStore.segment_summary,
    "rfm_map": PurchaseStore.rfm_map,
    "pyramid": PurchaseStore.pyramid,
    "lorenz": PurchaseStore.lorenz,
    "concentration": lambda store: pd.DataFrame([asdict(store.concentration())]),
    "migration": lambda store: store.migration("2023-12-31"),
    "repurchase": PurchaseStore.repurchase,
}


def make(folder: Path, millions: int) -> None:
    """Write about `millions` of purchases, a part of about ten million at a time."""
    for part in range(millions // 10):
        path = folder / f"part-{part:03d}.parquet"
        if path.exists():
            continue
        purchases, _ = simulate_purchases(
            CUSTOMERS,
            rate=(1.5, 12.0),
            dropout=(0.6, 30.0),
            ticket=(6.25, 3.74, 15.44),
            start="2023-01-01",
            n_days=731,
            joining_days=240,
            seed=np.random.default_rng([7, part]),
        )
        # Each part has customers of its own, as the branches of a chain have.
        purchases["customer_id"] += part * CUSTOMERS
        purchases.to_parquet(path, index=False)


class Peak:
    """The most memory this process holds within a with block, in GiB."""

    def __enter__(self) -> Peak:
        self.gib, self._done = 0.0, Event()
        self._watch = Thread(target=self._look, daemon=True)
        self._watch.start()
        return self

    def _look(self) -> None:
        process = psutil.Process()
        while not self._done.wait(0.05):
            self.gib = max(self.gib, process.memory_info().rss / 2**30)

    def __exit__(self, *_: object) -> None:
        self._done.set()
        self._watch.join()


def timed(run) -> tuple[object, float, float]:
    """Return what `run` returns, its seconds and its peak memory in GiB."""
    with Peak() as peak:
        start = perf_counter()
        result = run()
        seconds = perf_counter() - start
    return result, seconds, peak.gib


def told(engine: str, name: str, seconds: float, gib: float, rows: int) -> None:
    print(f"  {engine} {name:20} {seconds:7.1f} s  {gib:5.1f} GiB  {rows:>12,} rows", flush=True)


def main(millions: int = 10, folder: str | None = None) -> None:
    with TemporaryDirectory() as own:
        place = Path(folder or own)
        place.mkdir(parents=True, exist_ok=True)
        make(place, millions)
        files = place / "part-*.parquet"
        with open_purchases(files, memory="6GB") as store:
            rows = int(store.engine.fetch("select count(*) as n from purchases")["n"].iloc[0])
            print(f"{rows:,} purchases in {len([*place.glob(files.name)])} Parquet files")
            for name, measure in MEASURES.items():
                frame, seconds, gib = timed(lambda measure=measure: measure(store))
                print(
                    f"  DuckDB {name:20} {seconds:7.1f} s  {gib:5.1f} GiB  {len(frame):>12,} rows"
                )
                del frame
        first = place / "part-000.parquet"
        purchases = pd.read_parquet(first)
        table, seconds, gib = timed(lambda: rfm(purchases))
        print(f"one part, {len(purchases):,} rows in memory")
        told("pandas", "rfm", seconds, gib, len(table))
        with open_purchases(first) as store:
            pd.testing.assert_frame_equal(store.rfm(), table, rtol=1e-9)


if __name__ == "__main__":
    main(*[int(word) if word.isdigit() else word for word in sys.argv[1:]])
