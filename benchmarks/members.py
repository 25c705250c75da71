"""Churn and effective cards at 13 month ends of 10 million purchases, beside plain pandas.

In one run, in turns: crmlab in one pass; one `groupby(customer).agg` of the same rows, which is the
measure of what a pass costs; and plain pandas in a loop over the month ends. Medians of processor
seconds, which other work on the machine disturbs least. What they find must agree.
"""

from __future__ import annotations

import sys
from statistics import median
from time import process_time

import numpy as np
import pandas as pd

from crmlab.members.measure import effective_cards, rolling_churn

CUSTOMERS, MONTHS, REPEATS = 1_000_000, 36, 3


def purchases(rows: int) -> pd.DataFrame:
    """Return purchases whose customers, days and amounts are drawn at random over three years."""
    rng = np.random.default_rng(1)
    first = np.datetime64("2022-01-01")
    log = {
        "customer_id": rng.integers(0, max(CUSTOMERS * rows // 10_000_000, 1), rows),
        "date": (first + rng.integers(0, 1_096, rows)).astype("M8[us]"),
        "amount": rng.gamma(2, 30, rows).round(2) + 0.01,
    }
    return pd.DataFrame(log)


def in_a_loop(log: pd.DataFrame) -> list[tuple[int, int]]:
    """Return cohort and returned at each of the last 13 month ends, by plain pandas."""
    found = []
    for end in pd.date_range("2023-12-31", "2024-12-31", freq="ME"):
        middle, start = (end - pd.offsets.MonthEnd(12 * years) for years in (1, 2))
        day = pd.Timedelta(days=1)
        before = log.loc[(log["date"] >= start + day) & (log["date"] < middle + day), "customer_id"]
        after = log.loc[(log["date"] >= middle + day) & (log["date"] < end + day), "customer_id"]
        cohort = before.unique()
        found.append((len(cohort), int(np.isin(cohort, after.unique()).sum())))
    return found


def one_groupby(log: pd.DataFrame) -> pd.DataFrame:
    """Return one plain pass over the customers."""
    return log.groupby("customer_id").agg(last=("date", "max"), n=("date", "size"))


def main(rows: int = 10_000_000) -> pd.DataFrame:
    """Print and return the medians, and how they stand to one groupby."""
    log = purchases(rows)
    works = {
        "one groupby": lambda: one_groupby(log),
        "rolling_churn": lambda: rolling_churn(log, as_of="2024-12-31"),
        "effective_cards": lambda: effective_cards(log, as_of="2024-12-31"),
        "pandas in a loop": lambda: in_a_loop(log),
    }
    seconds: dict[str, list[float]] = {name: [] for name in works}
    results = {}
    for _ in range(REPEATS):
        for name, work in works.items():
            began = process_time()
            results[name] = work()
            seconds[name].append(process_time() - began)
    counts = results["rolling_churn"][["cohort", "returned"]].to_numpy()
    agree = [(int(a), int(b)) for a, b in counts] == results["pandas in a loop"]
    print(f"{rows:,} purchases; the results {'agree' if agree else 'DIFFER'}")
    table = pd.DataFrame({"cpu_s": {name: median(each) for name, each in seconds.items()}})
    table["of_one_groupby"] = table["cpu_s"] / table.loc["one groupby", "cpu_s"]
    print(table.round(2).to_string())
    return table


if __name__ == "__main__":
    main(*[int(word) for word in sys.argv[1:]])
