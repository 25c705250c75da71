"""What every customer card is: lines in blocks, some of them masked."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import pandas as pd

from crmlab.database.page import MASK, Block, Page


@dataclass(frozen=True)
class Card:
    """A card. In a notebook it shows itself as a page.

    fields : DataFrame of str, one row per line of the card
        block, field, value; masked : bool, whether the value is hidden
    """

    customer_id: int
    name: str
    title: str
    fields: pd.DataFrame = field(repr=False, compare=False)

    @property
    def blocks(self) -> list[str]:
        """The names of the blocks, in the card's order."""
        return [*dict.fromkeys(self.fields["block"])]

    def _repr_html_(self) -> str:
        return self._page().html()

    def __str__(self) -> str:
        return self._page().text()

    def _page(self) -> Page:
        """Return the page of this card."""
        blocks = [
            Block(str(name), [*zip(rows["field"], rows["value"], strict=True)])
            for name, rows in self.fields.groupby("block", sort=False)
        ]
        notes = [f"{MASK} is sensitive, and hidden whether it is known or not."]
        hidden = bool(self.fields["masked"].any())
        return Page(f"{self.name} ({self.customer_id})", [self.title], blocks, notes * hidden)


def card_of(
    customer_id: int, name: Any, title: str, rows: list[tuple[str, str, str, bool]]
) -> Card:
    """Return a card of rows of block, field, value, masked."""
    fields = pd.DataFrame(rows, columns=["block", "field", "value", "masked"])
    return Card(int(customer_id), str(name), title, fields)
