"""The records of Hehua's customers found by crmlab and by Splink: F1 and time on the same data.

Each contender runs in a process of its own on records that are already in memory. Splink gets the
same keys and the same kinds of similarity; once the fields as they were typed, and once the normal
forms that crmlab makes, whose time is then counted. `million` as an argument asks for a million
people, by crmlab alone.
"""

from __future__ import annotations

import json
import resource
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter, process_time

import pandas as pd

from crmlab.company import simulate_tables
from crmlab.identity.measure import match_quality, normalise_records
from crmlab.identity.model import match_records

PEOPLE, SEEDS = 10_000, (1, 2, 3)
CONTENDERS = ("crmlab", "splink", "splink, normal forms")
FIELDS = ("name", "phone", "email", "birth_date", "address")


def crmlab(records: pd.DataFrame) -> pd.DataFrame:
    return match_records(records).people


def splink(records: pd.DataFrame, *, normal: bool = False) -> pd.DataFrame:
    """Train as Splink's guide does: u from random pairs, then m by EM within two keys."""
    import splink.comparison_library as compare
    from splink import Linker, SettingsCreator, block_on
    from splink.backends.duckdb import DuckDBAPI

    table = records[["record_id", *FIELDS]]
    if normal:
        made = normalise_records(records)
        table = pd.DataFrame({field: made[f"{field}_normal"] for field in FIELDS})
        table = table.assign(record_id=records["record_id"], name=made["name_letters"])
    keys = ["phone", "email", "birth_date", "address"]
    settings = SettingsCreator(
        link_type="dedupe_only",
        unique_id_column_name="record_id",
        comparisons=[
            compare.JaroWinklerAtThresholds("name", [0.9]),
            *[compare.DamerauLevenshteinAtThresholds(key, [2]) for key in keys],
        ],
        blocking_rules_to_generate_predictions=[block_on(key) for key in keys],
    )
    linker = Linker(DuckDBAPI().register(table), settings, log_level=None)
    train = linker.training
    rules = [block_on("email"), block_on("phone", "birth_date")]
    train.estimate_probability_two_random_records_match(rules, recall=0.9)
    train.estimate_u_using_random_sampling(max_pairs=1e6, seed=1)
    for key in ("email", "birth_date"):
        train.estimate_parameters_using_expectation_maximisation(block_on(key))
    found = linker.inference.predict(threshold_match_probability=0.01)
    groups = linker.clustering.cluster_pairwise_predictions_at_threshold(found, 0.5)
    people = groups.as_pandas_dataframe()
    return people.rename(columns={"cluster_id": "person_id"})[["record_id", "person_id"]]


def run(contender: str, folder: Path) -> dict[str, float]:
    """Return what one contender finds, and how long it takes, in this process."""
    records = pd.read_parquet(folder / "records.parquet")
    truth = pd.read_parquet(folder / "truth.parquet")
    began, cpu = perf_counter(), process_time()
    if contender == "crmlab":
        people = crmlab(records)
    else:
        people = splink(records, normal=contender.endswith("forms"))
    took, used = perf_counter() - began, process_time() - cpu
    found = match_quality(people, truth)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return {
        "precision": round(found.precision, 4),
        "recall": round(found.recall, 4),
        "f1": round(found.f1, 4),
        "seconds": round(took, 1),
        "cpu_s": round(used, 1),
        "peak_mib": round(peak),
    }


def apart(contender: str, folder: Path) -> dict[str, float]:
    """Return what `run` says in a process of its own."""
    command = [sys.executable, "-m", "benchmarks.identification", contender, str(folder)]
    done = subprocess.run(command, capture_output=True, encoding="utf-8", check=False)
    if done.returncode:
        raise SystemExit(f"{contender} failed:\n{done.stderr}")
    return json.loads(done.stdout.splitlines()[-1])


def main(people: int = PEOPLE, contenders: tuple[str, ...] = CONTENDERS) -> pd.DataFrame:
    """Print and return one row per seed and contender."""
    rows = []
    for seed in SEEDS if people == PEOPLE else SEEDS[:1]:
        made = simulate_tables(people, seed=seed, tables=["records", "truth_records"])
        with TemporaryDirectory() as folder:
            made["records"].to_parquet(Path(folder) / "records.parquet")
            made["truth_records"].to_parquet(Path(folder) / "truth.parquet")
            for contender in contenders:
                row = {"people": people, "seed": seed, "contender": contender}
                rows.append(row | apart(contender, Path(folder)))
    table = pd.DataFrame(rows).set_index(["people", "seed", "contender"])
    print(table.to_string())
    return table


if __name__ == "__main__":
    if len(sys.argv) == 3:
        print(json.dumps(run(sys.argv[1], Path(sys.argv[2]))))
    elif sys.argv[1:] == ["million"]:
        main(1_000_000, ("crmlab",))
    else:
        main()
