"""docs/reference/intervals.md: every interval that the kit prints, in two regimes or more."""

import inspect
import re
from collections import defaultdict
from dataclasses import is_dataclass
from importlib import import_module
from pathlib import Path

import numpy as np
import pytest

from crmlab.teaching import reference
from tests import worlds

SAYS = re.compile(r"95 ?%( confidence)? intervals?\b", re.S)
KEPT = worlds.rows(worlds.PAGE.read_text(encoding="utf-8"))


def said():
    """Yield room and public name of whatever says that it prints a 95 % interval."""
    for room in reference.rooms():
        module = import_module(f"crmlab.{room}")
        things = {
            name: getattr(module, name)
            for name, place in reference.names_of(room).items()
            if not place.startswith(("plot", "explore"))
        }
        results = {
            name for name, thing in things.items() if is_dataclass(thing) and says(thing)
        }  # stand on the page under the function that returns them
        for name, thing in things.items():
            if inspect.isclass(thing):
                if name not in results:
                    yield from (
                        f"{room}.{name}.{key}"
                        for key, member in inspect.getmembers(thing, callable)
                        if not key.startswith("_") and says(member)
                    )
            elif callable(thing) and (says(thing) or returned(thing) in results):
                yield f"{room}.{name}"


def says(thing):
    return bool(SAYS.search(" ".join((inspect.getdoc(thing) or "").split())))


def returned(function):
    return str(inspect.signature(function).return_annotation)


def test_every_interval_that_is_printed_stands_on_the_page_in_two_regimes_or_more():
    regimes = defaultdict(set)
    for name, _, regime in KEPT:
        regimes[name].add(regime)
    printed = {*said()}
    assert len(printed) > 30
    lacking = {name for name in printed if len(regimes[name]) < 2} - worlds.OPEN
    lacking = sorted(name for name in lacking if name.split(".")[0] not in worlds.OPEN)
    assert not lacking, f"draw worlds of two kinds, with the fixture covers, for {lacking}"


def test_what_is_not_measured_yet_is_printed_and_has_no_row():
    assert {*said()} >= {name for name in worlds.OPEN if "." in name}
    assert not worlds.OPEN & {name for name, _, _ in KEPT}


def test_every_row_of_the_page_is_measured_by_a_test():
    text = "".join(
        path.read_text(encoding="utf-8")
        for path in worlds.PAGE.parents[2].joinpath("tests").rglob("test_*.py")
    )
    for name, _, _ in KEPT:
        room, last = name.split(".")[0], name.split(".")[-1]
        assert re.search(rf'"{name}"|f"{room}\.\{{\w+(\.__name__)?\}}(\.{last})?"', text), name


def test_the_page_is_as_the_script_writes_it_and_says_where_an_interval_does_not_hold():
    assert worlds.page(KEPT) == worlds.PAGE.read_text(encoding="utf-8")
    for key, (share, misses) in KEPT.items():
        assert bool(misses) != (worlds.LEAST <= share <= worlds.MOST), key


# the check itself


@pytest.fixture
def elsewhere(tmp_path, monkeypatch):
    monkeypatch.setattr(worlds, "PAGE", tmp_path / "intervals.md")
    monkeypatch.setattr(worlds, "OPEN", set())
    monkeypatch.delenv("CRMLAB_COVERAGE", raising=False)
    return tmp_path


def held(n):
    return np.arange(500) < n


def test_what_a_run_finds_is_written_and_the_next_run_compares(elsewhere, monkeypatch):
    file = elsewhere / "found.jsonl"
    monkeypatch.setenv("CRMLAB_COVERAGE", str(file))
    worlds.covers(held(475), "rfm.some", "alike")
    worlds.covers(held(400), "rfm.some", "unlike", part="mean", misses="few customers")
    worlds.main(file)
    assert worlds.PAGE.read_text(encoding="utf-8").splitlines()[-2:] == [
        "| `rfm.some` | alike | 95.0 % | |",
        "| `rfm.some` mean | unlike | 80.0 % | few customers |",
    ]
    monkeypatch.delenv("CRMLAB_COVERAGE")
    worlds.covers(held(475), "rfm.some", "alike")
    worlds.covers(held(400), "rfm.some", "unlike", part="mean", misses="few customers")
    with pytest.raises(AssertionError):  # right, but no longer what the page says
        worlds.covers(held(465), "rfm.some", "alike")
    with pytest.raises(AssertionError, match="not on the page"):
        worlds.covers(held(475), "rfm.other", "alike")


def test_few_worlds_are_compared_with_the_page_and_never_written(elsewhere, monkeypatch):
    file = elsewhere / "found.jsonl"
    monkeypatch.setenv("CRMLAB_COVERAGE", str(file))
    with pytest.raises(AssertionError):
        worlds.covers(held(95)[:100], "rfm.some", "alike")
    worlds.covers(held(475), "rfm.some", "alike")
    worlds.main(file)
    monkeypatch.delenv("CRMLAB_COVERAGE")
    worlds.covers(held(88)[:100], "rfm.some", "alike")
    with pytest.raises(AssertionError):  # 7 points from the page, more than 100 worlds may
        worlds.covers(held(87)[:100], "rfm.some", "alike")


@pytest.mark.parametrize(("n", "misses"), [(458, ""), (492, ""), (475, "few customers")])
def test_an_interval_that_misses_needs_a_sentence_and_one_that_holds_has_none(
    elsewhere, monkeypatch, n, misses
):
    monkeypatch.setenv("CRMLAB_COVERAGE", str(elsewhere / "found.jsonl"))
    with pytest.raises(AssertionError):
        worlds.covers(held(n), "rfm.some", "alike", misses=misses)


def test_a_run_of_one_topic_leaves_the_rows_of_the_others(elsewhere, monkeypatch):
    file = elsewhere / "found.jsonl"
    monkeypatch.setenv("CRMLAB_COVERAGE", str(file))
    worlds.covers(held(475), "rfm.some", "alike")
    worlds.main(file)
    file.unlink()
    for regime in ("alike", "unlike"):  # the second run knows the first regime no more
        worlds.covers(held(480), "loyalty.some", regime)
        worlds.main(file, "loyalty")
        file.unlink()
    worlds.covers(held(480), "loyalty.some", "unlike")
    kept = [*worlds.rows(worlds.PAGE.read_text(encoding="utf-8"))]
    assert kept == [("loyalty.some", "", "unlike"), ("rfm.some", "", "alike")]
    worlds.main(Path(file))
    assert len(worlds.rows(worlds.PAGE.read_text(encoding="utf-8"))) == 1
