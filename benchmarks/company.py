"""Hehua at a million customers: purchases to Parquet, and people beside Mimesis and Faker.

Purchases are written with all columns of their table, by one process; the memory is that of the
process that writes them. Mimesis and Faker make name, address, telephone and e-mail of fewer
people and are scaled up. The row `ours` makes these four fields too, `ours_whole` the people table.
"""

from __future__ import annotations

import resource
import sys
import tempfile
from importlib.util import find_spec
from multiprocessing import get_context
from pathlib import Path
from time import perf_counter

import numpy as np
import pandas as pd

from crmlab.company import simulate_tables, write_company
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


def peak_mib() -> float:
    """Return the most memory this process has held; macOS counts bytes, Linux KiB."""
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / (2**20 if sys.platform == "darwin" else 2**10)


def write(customers: int) -> dict[str, float]:
    """Write the purchases in a folder that is thrown away; runs in a process of its own."""
    with tempfile.TemporaryDirectory() as folder:
        began = perf_counter()
        rows = write_company(Path(folder) / "w", customers, seed=7, tables=["purchases"])
        seconds = perf_counter() - began
    return {"rows": rows["purchases"], "seconds": seconds, "peak_mib": peak_mib()}


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
    with get_context("spawn").Pool(1) as pool:
        done = pool.apply(write, (CUSTOMERS,))
    rate = done["rows"] / done["seconds"] / 1e6
    print(f"{done['rows']:,} purchases of {CUSTOMERS:,} customers to Parquet:")
    print(f"{done['seconds']:.1f} s, {rate:.2f} million rows/s, {done['peak_mib']:.0f} MiB")
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
