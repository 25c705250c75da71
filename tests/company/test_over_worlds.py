"""over_worlds: one question to many worlds; and the rule on what a seed keeps between releases."""

import json
from hashlib import blake2b
from pathlib import Path

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
    """If it does not: make WORLDS one more, write these anew, and say so in the CHANGELOG."""
    assert {"worlds": WORLDS, **hashes()} == HASHES


def hashes():
    """The hash of each table of a small world, with the digits that any machine gives alike."""
    made = simulate_tables(60, seed=2024, tables=ALL_TABLES)
    texts = {name: frame.to_csv(index=False, float_format="%.3f") for name, frame in made.items()}
    return {
        name: blake2b(text.encode("utf-8"), digest_size=8).hexdigest()
        for name, text in sorted(texts.items())
    }
