"""simulate_records: every sentence of its docstring, as a test."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crmlab.collection import simulate_records
from crmlab.errors import MissingColumnsError, OutOfRangeError

N = 15_000
FIELDS = ("name", "phone", "email", "birth_date", "address")


@pytest.fixture(scope="module")
def world():
    return simulate_records(N, seed=81)


def clean(world):
    """What each record would say if nothing had happened to it."""
    number = world.truth["customer_id"].astype(str)
    latin = world.data["system"] == "web shop"
    born = pd.Timestamp("1980-01-01") + pd.to_timedelta(world.truth["customer_id"], unit="D")
    return pd.DataFrame(
        {
            "name": ("Guke " + number).where(latin, "顾客" + number),
            "phone": "+1-200-555-0100 ext. " + number,
            "email": "guke" + number + "@example.com",
            "birth_date": born.dt.strftime("%Y-%m-%d"),
            "address": "子虚路" + number + "号",
        }
    )


def named(world, kind, field):
    return world.truth[kind].str.split().map(lambda fields: field in fields)


def near(share, expected, n):
    """Three standard errors of a share at n."""
    return share == pytest.approx(expected, abs=3 * np.sqrt(expected * (1 - expected) / n))


def distance(one, other):
    """Edits between two texts, where swapping two neighbours is one (Damerau)."""
    table = {(i, -1): i + 1 for i in range(-1, len(one))}
    table |= {(-1, j): j + 1 for j in range(-1, len(other))}
    for i, a in enumerate(one):
        for j, b in enumerate(other):
            ways = [table[i - 1, j] + 1, table[i, j - 1] + 1, table[i - 1, j - 1] + (a != b)]
            if i and j and a == other[j - 1] and one[i - 1] == b:
                ways.append(table[i - 2, j - 2] + 1)
            table[i, j] = min(ways)
    return table[len(one) - 1, len(other) - 1]


# what hangs together


def test_the_truth_says_which_fields_are_as_they_were(world):
    before = clean(world)
    for field in FIELDS:
        touched = named(world, "edited", field) | named(world, "stale", field)
        missing = named(world, "missing", field)
        assert (world.data[field].isna() == missing).all()
        same = world.data[field] == before[field]
        assert (same == ~(touched | missing)).all()
    assert not named(world, "stale", "email").any()


def test_an_edit_is_one_letter_or_one_swap(world):
    before = clean(world)
    for field in FIELDS:
        rows = named(world, "edited", field).to_numpy().nonzero()[0][:100]
        pairs = zip(before[field].iloc[rows], world.data[field].iloc[rows], strict=True)
        assert [distance(*pair) for pair in pairs] == [1] * len(rows)


def test_records_with_old_fields_were_updated_in_2023(world):
    stale = world.truth["stale"] != "none"
    assert (world.data.loc[stale, "updated_on"].dt.year == 2023).all()
    assert {*world.data["updated_on"].dt.year} == {2023, 2024}


def test_old_phones_reach_nobody(world):
    stale = named(world, "stale", "phone")
    assert world.data.loc[stale, "phone"].str.fullmatch(r"\+1-\d{3,4}-555-01\d\d ext. 0").all()


# what is planted


def test_people_stand_in_each_system_with_its_share_and_some_of_them_twice(world):
    times = world.truth.groupby([world.data["system"], "customer_id"]).size()
    for system, share in {"till": 0.8, "web shop": 0.6, "service desk": 0.4}.items():
        people = times[system]
        assert near(len(people) / N, share, N)
        assert near((people == 2).mean(), 0.03, len(people))
        assert people.max() == 2


@pytest.mark.parametrize("field", FIELDS)
def test_fates_have_their_shares(world, field):
    n = len(world.data)
    stale = 0.05 if field in ("phone", "address") else 0.0
    assert near(named(world, "missing", field).mean(), 0.05, n)
    assert near(named(world, "stale", field).mean(), 0.95 * stale, n)
    assert near(named(world, "edited", field).mean(), 0.95 * (1 - stale) * 0.05, n)


def test_the_order_of_the_records_says_nothing(world):
    place = np.corrcoef(world.data.index, world.truth["customer_id"])[0, 1]
    assert abs(place) < 3 / np.sqrt(len(world.data))


# for any data


@settings(max_examples=15)
@given(st.integers(1, 30), st.floats(0, 1), st.floats(0, 1), st.integers(0, 99))
def test_same_seed_same_records_keyed_alike(n, edits, twice, seed):
    said = {"edit_share": edits, "duplicate_share": twice, "seed": seed}
    one, same = simulate_records(n, **said), simulate_records(n, **said)
    pd.testing.assert_frame_equal(one.data, same.data)
    pd.testing.assert_frame_equal(one.truth, same.truth)
    assert [*one.data["record_id"]] == [*one.truth["record_id"]]


# when misused


@pytest.mark.parametrize(
    ("argument", "message"),
    [
        ({"n": 0}, "n must be 1 or more; got 0"),
        ({"edit_share": 5}, r"edit_share must lie in \[0, 1\], not a percent; got 5"),
        ({"duplicate_share": -1}, "duplicate_share must lie in"),
    ],
)
def test_refuses_what_is_outside_its_range(argument, message):
    with pytest.raises(OutOfRangeError, match=message):
        simulate_records(**{"n": 5, "seed": 0} | argument)


def test_people_without_an_address_are_refused():
    with pytest.raises(MissingColumnsError, match="address"):
        simulate_records(pd.DataFrame({"customer_id": [1]}), seed=0)
