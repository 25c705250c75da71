"""What holds for every public simulator: its name, its seed, and that it stands alone."""

import importlib
import inspect
from functools import cache, lru_cache
from itertools import combinations
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import crmlab
from crmlab.behaviour import simulate_assortment
from crmlab.campaigns import simulate_promotions
from crmlab.errors import OutOfRangeError

PACKAGE = Path(crmlab.__file__).parent
TOPICS = sorted(path.parent.name for path in PACKAGE.glob("*/__init__.pyi"))
N = 1_000

# What a simulator that does not begin from a number is about.
NUMBERS = np.arange(1, N + 1)
DAYS = pd.Series(pd.date_range("2023-01-01", periods=N, freq="h").floor("D")).astype("M8[us]")
PURCHASES = pd.DataFrame(
    {
        "purchase_id": NUMBERS,
        "customer_id": NUMBERS,
        "date": DAYS,
        "amount": 100.0,
        "category": "soap",
    }
)
CUSTOMERS = pd.DataFrame(
    {"customer_id": NUMBERS, "joined_on": DAYS, "city": "Wuhan", "sensitivity": 1.0}
).assign(mean_ticket=50.0, from_day=DAYS, until=pd.NaT, alive_until=pd.NaT)
FIVE_C = ("character", "capacity", "capital", "collateral", "conditions")
FILES = pd.DataFrame({"organisation_id": NUMBERS, **dict.fromkeys(FIVE_C, NUMBERS % 10 + 1)})
HOUSEHOLDS = pd.DataFrame({"household_id": NUMBERS, "category": "milk", "due": 0.5, "price": 9.0})
HOUSEHOLDS["price"] += NUMBERS / 10
BEGIN = {
    "friends": pd.DataFrame({"one": NUMBERS, "other": np.roll(NUMBERS, 7) + N}),
    "offers": HOUSEHOLDS[["household_id", "category"]].assign(arm="list"),
    "files": FILES,
    "purchases": PURCHASES,
    "customers": CUSTOMERS,
    "people": CUSTOMERS,
    "customer_id": NUMBERS,
    "categories": ("soap", "cream"),
    "labels": pd.DataFrame({"party_id": NUMBERS, "status": np.resize(["actual", "none"], N)}),
    "years": 6,
}
MORE = {
    "simulate_spread": {"seeds": [1]},
    "simulate_eras": {"noise": 0.1},
    "simulate_referred": {"waves": 5},
    "simulate_slips": {"slip": 0.5},
    "simulate_panel": {"members": 9},
    "simulate_deliveries": {"address_id": NUMBERS},
    "simulate_tables": {"tables": ("people", "purchases")},
    "simulate_targets": {"customers": CUSTOMERS},
    "simulate_mailing": {"households": HOUSEHOLDS},
    "simulate_failures": {"rate": 0.5, "dropout": 0.5},
    "simulate_order_sheet": {"prospects": N},
}

# They draw from the stream of the bare seed, so that shipped files and printed numbers stay:
# two of them with one seed see the same luck.
PLAIN = {
    "company.simulate_hehua": "the shipped files hehua_*",
    "lifetime.simulate_purchases": "chapter 00's exercise, and the customers of hehua_*",
    "collection.simulate_records": "chapter 04b and its exercise",
    "database.simulate_order_sheet": "chapter 04 and its exercise",
    "privacy.simulate_people": "chapter 05 and its exercise",
    "privacy.simulate_panel": "chapter 05",
    "rfm.simulate_segments": "chapter 06",
    "rfm.simulate_shippers": "chapter 06",
    "rfm.simulate_captive": "chapter 06",
    "rfm.simulate_letter": "chapter 06",
    "rfm.simulate_response": "chapter 06's exercise",
    "rfm.simulate_supermarket": "chapter 06 and its exercise",
    "rfm.simulate_telecom": "chapter 06",
    "pyramid.simulate_concentrated": "chapter 07",
    "pyramid.simulate_two_periods": "chapter 07 and its exercise",
    "pyramid.simulate_service": "chapter 07's exercise",
}


def public(prefix):
    """Return every public name with a prefix, by topic and name."""
    found = {}
    for topic in TOPICS:
        module = importlib.import_module(f"crmlab.{topic}")
        names = [name for name in dir(module) if name.startswith(prefix)]
        found |= {f"{topic}.{name}": name for name in names}
    return found


SIMULATORS = [*public("simulate_")]


def function(label):
    topic, name = label.split(".")
    return getattr(importlib.import_module(f"crmlab.{topic}"), name)


def made(label, seed, n=N):
    """Return what a simulator gives, from `n` or what else it begins from."""
    simulate = function(label)
    first = next(iter(inspect.signature(simulate).parameters))
    begin = simulate_promotions(12, seed=0) if first == "promotions" else BEGIN.get(first, n)
    return simulate(begin, **MORE.get(label.split(".")[1], {}), seed=seed)


def frames(result):
    """Return every frame of a result, however deep."""
    if isinstance(result, pd.DataFrame):
        return [result]
    if isinstance(result, dict):
        return [one for part in result.values() for one in frames(part)]
    if isinstance(result, tuple):
        return [one for part in result for one in frames(part)]
    return frames(tuple(vars(result).values())) if hasattr(result, "__dict__") else []


def luck(result):
    """Return the first column of numbers that chance had a hand in, hidden ones before seen."""
    for frame in reversed(frames(result)):
        for name in frame.columns:
            column = frame[name]
            is_number = column.dtype.kind in "if" and not name.endswith("_id")
            if is_number and len(frame) >= N and column.head(N).nunique() > 10:
                # What many rows share, such as a store's own rate, was drawn once; a clock, never.
                once = column.drop_duplicates()
                if not once.is_monotonic_increasing:
                    return once.to_numpy(dtype=float)
    return np.empty(0)


# by hand


def test_there_are_no_second_names():
    assert not public("draw_")
    assert len(SIMULATORS) > 30


@pytest.mark.parametrize("label", SIMULATORS)
def test_a_simulator_begins_from_n_or_from_a_frame_and_has_a_seed_without_default(label):
    parameters = inspect.signature(function(label)).parameters
    first, *rest = parameters.values()
    assert first.name in {"n", "promotions", *BEGIN}
    assert all(one.kind is one.KEYWORD_ONLY for one in rest if one.name != "customers")
    assert parameters["seed"].default is inspect.Parameter.empty


# for any seed


@pytest.mark.parametrize("label", SIMULATORS)
def test_a_number_and_its_seed_sequence_give_the_same_and_a_stream_moves_on(label):
    rng = np.random.default_rng(3)
    first, moved = (frames(made(label, rng, 20)) for _ in range(2))
    by_sequence = [frames(made(label, np.random.SeedSequence(3), 20)) for _ in range(2)]
    for one, same in zip(*by_sequence, strict=True):
        pd.testing.assert_frame_equal(one, same)
    assert not all(one.equals(other) for one, other in zip(first, moved, strict=True))
    for one, same in zip(by_sequence[0], frames(made(label, 3, 20)), strict=True):
        pd.testing.assert_frame_equal(one, same)


def test_two_simulators_with_one_seed_have_nothing_to_do_with_each_other():
    labels = [label for label in SIMULATORS if label not in PLAIN]
    drawn = [label for label in labels if drawn_by(label, 7).size]
    assert len(drawn) > 15
    for one, other in combinations(drawn, 2):
        # About 2,000 pairs: one beyond 5 standard errors by luck has a chance of 0.001.
        together, n = likeness((one, 7), (other, 7))
        if abs(together) > 5 / np.sqrt(n):
            # Rows that repeat with a dozen categories, or rise with time, are alike by pattern:
            # then they are just as alike where the seeds differ.
            apart, m = likeness((one, 7), (other, 8))
            assert abs(together - apart) < 5 * np.sqrt(1 / n + 1 / m), (one, other)


@cache
def drawn_by(label, seed):
    """Return what chance had a hand in, of one simulator and one seed."""
    return luck(made(label, seed))


@lru_cache(500)
def ranks(label, seed, n):
    """Return the ranks of the first `n` of what was drawn, among themselves."""
    return pd.Series(drawn_by(label, seed)[:n]).rank().to_numpy()


def likeness(one, other):
    """Return the rank correlation of two draws, each a label and a seed, and how far both go."""
    n = min(drawn_by(*one).size, drawn_by(*other).size)
    return np.corrcoef(ranks(*one, n), ranks(*other, n))[0, 1], n


def test_one_stream_for_two_simulators_would_be_noticed():
    one = ("rfm.simulate_segments", 7)
    np.testing.assert_array_equal(luck(made(*one)), drawn_by(*one))
    assert likeness(one, one)[0] == pytest.approx(1)
    assert abs(likeness(one, ("rfm.simulate_segments", 8))[0]) < 0.5


@pytest.mark.parametrize("label", PLAIN)
def test_who_is_exempt_draws_from_the_bare_seed(label):
    bare = np.random.default_rng(3)
    for one, same in zip(frames(made(label, bare, 20)), frames(made(label, 3, 20)), strict=True):
        pd.testing.assert_frame_equal(one, same)


def test_an_assortment_has_a_stream_of_its_own():
    bare = simulate_assortment(("soap",), seed=np.random.default_rng(3))
    assert not bare.prices.equals(simulate_assortment(("soap",), seed=3).prices)


# when misused


@pytest.mark.parametrize("seed", [None, "a", -1, 1.5])
@pytest.mark.parametrize("label", SIMULATORS)
def test_what_is_no_seed_is_refused_in_words(label, seed):
    with pytest.raises(OutOfRangeError, match=r"seed must be a whole number, 0 or more"):
        made(label, seed, 20)
