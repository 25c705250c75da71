"""Homes: who lives together, where, and with which children."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import pandas as pd
import pyarrow as pa

from crmlab._groups import repeat
from crmlab.customers.simulate.words import draw_addresses, draw_names, draw_word, frame_of, pc

SHARED = 0.10
MARRIED = 2 / 3
WITH_CHILDREN = 0.6
LEAST_MARRIED, LEAST_PARENT, MOST_PARENT = 22.0, 20.0, 50.0
SPOUSES_DIFFER = 3.0
WITH_PARENTS = 0.15
SCHOOLS = ("none yet", "kindergarten", "primary", "middle", "high")


class Homes(NamedTuple):
    """Each customer's home, gender, age and state, and the tables of all homes.

    `parent_age` is that of the younger of a couple, one for each home.
    """

    household_id: np.ndarray
    gender: np.ndarray
    age: np.ndarray
    married: np.ndarray
    households: pd.DataFrame
    addresses: pd.DataFrame
    parent_age: np.ndarray


def draw_homes(
    rng: np.random.Generator, customers: pd.DataFrame, gender: np.ndarray, age: np.ndarray
) -> Homes:
    """Return the homes of `customers`: two married customers share about one in twenty homes.

    A home is numbered by the first of its customers, and so is its address.
    """
    n, number = len(customers), customers["customer_id"].to_numpy()
    head = _heads(rng, customers["city"].to_numpy(), age)
    shared = np.flatnonzero(head != np.arange(n))
    gender, age = gender.copy(), age.copy()
    like_head = age[head] + rng.normal(0, SPOUSES_DIFFER, n)
    age[shared] = np.minimum(_old_enough(like_head[shared]), 80)
    gender[shared] = np.where(gender[head[shared]] == "F", "M", "F")
    married = (rng.random(n) < MARRIED) & (age >= LEAST_MARRIED)
    married[shared] = married[head[shared]] = True

    heads = np.flatnonzero(head == np.arange(n))
    home = number[heads]
    couple = married[heads]
    like_head = age[heads] + rng.normal(0, SPOUSES_DIFFER, len(heads))
    spouse_age = np.minimum(_old_enough(like_head), 85)
    joined = customers["joined_on"].to_numpy("M8[D]")
    born = joined[heads] - (spouse_age * 365.25).astype("m8[D]")
    # Both are customers in a shared home: the spouse is the other one.
    partner = np.isin(heads, head[shared])
    other = pd.Series(age[shared], index=head[shared]).reindex(heads).to_numpy()
    young = np.minimum(age[heads], np.where(partner, other, spouse_age))
    with_children = (young >= LEAST_PARENT + 1) & (young < MOST_PARENT + 15)
    with_children &= couple & (rng.random(len(heads)) < WITH_CHILDREN)
    children = np.where(with_children, rng.integers(1, 3, len(heads)), 0)
    parents = (rng.random(len(heads)) < WITH_PARENTS) & (age[heads] < 60)
    spouse_gender = np.where(gender[heads] == "F", "M", "F")
    spouse, _, _ = draw_names(rng, spouse_gender, chinese_share=1.0)
    away = couple.copy()
    away[partner] = False  # the spouse is a customer, and in people
    hobby = draw_word(rng, ("reading", "sport", "travel", "cooking"), len(heads))
    nature = draw_word(rng, ("outgoing", "careful", "calm"), len(heads))
    on_file = pa.array(away)
    households = frame_of(
        {
            "household_id": home,
            "address_id": home,
            "members": 1 + couple + children + 2 * parents,
            "children": children,
            "lives_with_parents": parents,
            "spouse_name": pc.if_else(on_file, spouse, None),
            "spouse_birth_date": np.where(away, born.astype("M8[us]"), np.datetime64("NaT", "us")),
            "spouse_personality": pc.if_else(on_file, nature, None),
            "spouse_hobby": pc.if_else(on_file, hobby, None),
        }
    )
    city = customers["city"].to_numpy()[heads]
    addresses = frame_of({"address_id": home, **draw_addresses(rng, city)})
    return Homes(number[head], gender, age, married, households, addresses, young)


def _old_enough(age: np.ndarray) -> np.ndarray:
    """Return ages at which one may marry: who is a year too young is a year older than that."""
    return LEAST_MARRIED + np.abs(age - LEAST_MARRIED)


def _heads(rng: np.random.Generator, city: np.ndarray, age: np.ndarray) -> np.ndarray:
    """Return for each customer the position of whom they live with, mostly their own."""
    order = np.lexsort([rng.permutation(len(city)), city])
    first, second = order[0 : len(order) - 1 : 2], order[1::2]
    together = (city[first] == city[second]) & (rng.random(len(first)) < SHARED)
    together &= age[np.minimum(first, second)] >= LEAST_MARRIED
    head = np.arange(len(city))
    head[np.maximum(first, second)[together]] = np.minimum(first, second)[together]
    return head


def draw_children(
    rng: np.random.Generator, households: pd.DataFrame, parent_age: np.ndarray, *, sensitive: bool
) -> pd.DataFrame:
    """Return one row per child of the homes, or none unless `sensitive`."""
    count = households["children"].to_numpy()
    home = repeat(households["household_id"].to_numpy(), count)
    place = np.arange(len(home)) - repeat(np.cumsum(count) - count, count)
    # So old that the younger parent was 20 to 50 years old then, and siblings a year apart.
    parent = repeat(parent_age, count)
    least, most = (parent - MOST_PARENT).clip(0), np.minimum(parent - LEAST_PARENT, 18)
    level = rng.random(len(home))
    level = level[np.lexsort([level, home])]
    room = most - least - (repeat(count, count) - 1)
    age_days = ((least + place + level * room) * 365).astype(np.int64)
    name, _, _ = draw_names(rng, rng.choice(["F", "M"], len(home)), chinese_share=1.0)
    stage = np.digitize(age_days / 365.25, [3, 6, 12, 15])
    children = frame_of(
        {
            "child_id": home * 10 + place,
            "household_id": home,
            "name": name,
            "birth_date": (np.datetime64("2024-12-31") - age_days).astype("M8[us]"),
            "schooling": pa.array(SCHOOLS).take(pa.array(stage)),
        }
    )
    return children if sensitive else children.iloc[:0]
