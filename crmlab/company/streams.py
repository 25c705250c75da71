"""One random stream for each block of customers and each table: the same world however it is cut.

A block of customers is the unit of chance. Whatever makes a world (one process or many, a few
blocks at a time or all) asks for the stream of a block and a table by name, so it makes the same
rows. Nothing ever draws from a stream that another block or table draws from. Within a stream,
what a customer or a purchase draws is a function of its own number (`crmlab._chance`), so that a
scenario changes nothing but what follows from it.
"""

from __future__ import annotations

from typing import NamedTuple
from zlib import crc32

import numpy as np

from crmlab._checks import Seed, stream_of

# One more whenever a seed gives another world than in the release before: CHANGELOG says so.
WORLDS = 2
BLOCK = 8_192
# Numbers of a block's rows start here, so that no block needs to know how many another has.
IDS_PER_BLOCK = 10_000_000
SHOPPERS = "shoppers"


class Block(NamedTuple):
    """One block: its number, its customers, and how many customers stand before them."""

    number: int
    customers: int
    before: int

    @property
    def first_id(self) -> int:
        """Return what stands before the first number of a row of this block."""
        return self.number * IDS_PER_BLOCK


def blocks(n_customers: int) -> list[Block]:
    """Return the blocks of a world, in order; all hold `BLOCK` customers but the last."""
    firsts = range(0, n_customers, BLOCK)
    return [Block(k, min(BLOCK, n_customers - first), first) for k, first in enumerate(firsts)]


def key_of(seed: Seed) -> int:
    """Return the whole number that a world of this seed is known by.

    A whole number is its own; a SeedSequence always gives the same; a Generator gives its next.
    """
    rng = stream_of(seed)
    number = seed
    if isinstance(seed, np.random.SeedSequence) and not seed.spawn_key:
        number = seed.entropy
    return int(number) if isinstance(number, (int, np.integer)) else int(rng.integers(2**63))


def stream(seed: int, table: str, block: int = 0) -> np.random.Generator:
    """Return the random stream of one table in one block of the world `seed`.

    The shoppers of the first block have the stream of the bare seed.
    """
    if table == SHOPPERS:
        key = (block,) if block else ()
    else:
        key = (block, crc32(table.encode("utf-8")))
    return np.random.default_rng(np.random.SeedSequence(seed, spawn_key=key))
