"""over_worlds: one question to many worlds; and the rule on what a seed keeps between releases."""

import json
from hashlib import blake2b
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from crmlab.company import Scenario, over_worlds, simulate_tables
from crmlab.company.export import ALL_TABLES
from crmlab.company.streams import WORLDS
from crmlab.errors import AmbiguousError

CHURN = {"churn": 1.5}
HASHES = json.loads(Path(__file__).with_name("hashes.json").read_text(encoding="utf-8"))


def asked(company, truth):
    """What two processes can be asked: it stands in a module."""
    return {"rows": len(company.purchases), "gone": truth.customers["dropped_out_on"].count()}


def refused(company, truth):
    raise AssertionError("no world should be asked again")


# by hand


def test_two_processes_answer_as_one_does():
    one = over_worlds(asked, [3, 1], n=40, scenario=CHURN)
    assert one["seed"].tolist() == [3, 1]
    assert one.equals(over_worlds(asked, [3, 1], n=40, scenario=Scenario(**CHURN), processes=2))


def test_what_a_file_holds_is_not_asked_again(tmp_path):
    file = tmp_path / "answers.jsonl"
    first = over_worlds(asked, [1, 2], n=40, resume=file)
    with file.open("a", encoding="utf-8") as half:
        half.write('{"seed": 3, "rows": [{"ro')  # the run ended here
    assert over_worlds(refused, [1, 2], n=40, resume=file).equals(first)
    more, seen = over_worlds(asked, [1, 2, 3], n=40, resume=file), []
    assert more.equals(over_worlds(asked, [1, 2, 3], n=40, progress=lambda *n: seen.append(n)))
    assert seen == [(1, 3), (2, 3), (3, 3)]
    with pytest.raises(AmbiguousError, match="other worlds"):
        over_worlds(asked, [1], n=41, resume=file)


def test_a_seed_gives_the_same_world_as_in_the_release_before():
    """If it does not: make WORLDS one more, write these anew, and say so in the CHANGELOG.

    What is new beside them needs a hash of its own, and no new number.
    """
    assert HASHES["worlds"] == WORLDS
    found = hashes()
    moved = [name for name, said in HASHES["columns"].items() if found.get(name) != said]
    assert not moved
    assert not {*found} - {*HASHES["columns"]}


def hashes():
    """The hash of each column of a small world, with the digits that any machine gives alike."""
    made = simulate_tables(60, seed=2024, tables=ALL_TABLES)
    return {
        f"{name}.{column}": digest(frame[column])
        for name, frame in sorted(made.items())
        for column in frame
    }


def digest(column):
    """A hash of seven digits of each number: a last bit that differs moves none but by a marvel."""
    if column.dtype.kind == "f":
        column = column + 0.0  # no minus zero
    text = column.to_csv(index=False, float_format="%.7g")
    return blake2b(text.encode("utf-8"), digest_size=8).hexdigest()


def test_a_hash_forgives_the_last_bits_of_a_number_and_nothing_else():
    column = pd.Series([0.1, 2_345_678.25, -0.0, np.nan])
    near = column * (1 + 4e-16)
    assert digest(column) == digest(near) == digest(column.abs())
    assert digest(column) != digest(column.replace(0.1, 0.100001))
    assert digest(pd.Series([1, 2])) != digest(pd.Series([2, 1]))
