"""One block of customers with all its tables, each drawn by its topic from a stream of its own."""

from __future__ import annotations

from collections.abc import Collection

from crmlab.company.business_tables import OF_BUSINESS
from crmlab.company.customer_tables import OF_CUSTOMERS
from crmlab.company.offer import Firm, Tables
from crmlab.company.streams import Block
from crmlab.company.world import World

TRUTH = "truth_"
MAKERS = OF_CUSTOMERS | OF_BUSINESS
OF_BLOCKS = tuple(name for names in MAKERS.values() for name in names)
OF_FIRM = ("promotions", "products", "prices", "policies", "tariffs")
OF_FIRM += ("truth_promotions", "truth_brands")


def draw_block(firm: Firm, block: Block, *, tables: Collection[str] = OF_BLOCKS) -> Tables:
    """Return those of `tables` that the block has rows of; some of their texts are categories."""
    world, made = World(firm, block), {}
    for maker, names in MAKERS.items():
        if {*names} & {*tables}:
            made |= maker(world)
    return {name: made[name].reset_index(drop=True) for name in OF_BLOCKS if name in tables}
