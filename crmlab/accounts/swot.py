"""A SWOT (态势分析) that cannot be filled wrongly: each item with its evidence and its meaning."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from numbers import Real
from typing import TypeGuard

import pandas as pd

from crmlab._checks import require_columns, require_rows, require_values
from crmlab._purchases import plain_values
from crmlab.errors import BadRowsError, CrmlabError, OutOfRangeError

__all__ = ["Swot", "SwotItem"]

# Opportunities (机会) and threats (威胁) lie outside; strengths (优势), weaknesses (劣势) inside.
KINDS = {"O": "opportunity", "T": "threat", "S": "strength", "W": "weakness"}
SIDES = {"external": ("O", "T"), "internal": ("S", "W")}
TEXTS = ("item", "kind", "side", "evidence", "implication")


@dataclass(frozen=True)
class SwotItem:
    """One item: a fact that was seen, what it means, and how probable and strong it is.

    item : str, its name
    kind : str, "O" or "T" for an external fact, "S" or "W" for an internal one
    side : str, "external" or "internal"
    evidence : str, what was seen, where and when; implication : str, what it means for us
    probability : float in [0, 1], that it will matter: that the opportunity succeeds, the threat
        comes, the strength or weakness is real
    strength : float in [0, 1]: our strength to use an opportunity, or how hard a threat hits
    probability_sd, strength_sd : float, how unsure both are, as standard deviations; 0 for certain

    Raises
    ------
    OutOfRangeError
        If kind and side do not go together, a text is empty, or a chance or its deviation lies
        outside [0, 1]; or if a chance is less sure than it can be: a deviation of sqrt(p (1 - p))
        already means nobody knows.

    Examples
    --------
    >>> SwotItem("S1", "S", "internal", "12 of 20 hold degrees", "new ideas", 0.8, 0.6).side
    'internal'
    """

    item: str
    kind: str
    side: str
    evidence: str
    implication: str
    probability: float
    strength: float
    probability_sd: float = 0.0
    strength_sd: float = 0.0

    def __post_init__(self) -> None:
        for name in TEXTS:
            value = getattr(self, name)
            if not isinstance(value, str) or not value.strip():
                raise OutOfRangeError(f"{self.item or 'an item'} has no {name}; write it in words.")
        if self.side not in SIDES:
            raise OutOfRangeError(
                f"the side of {self.item} must be one of {[*SIDES]}; got {self.side!r}."
            )
        if self.kind not in SIDES[self.side]:
            right = " or ".join(SIDES[self.side])
            raise OutOfRangeError(
                f"{self.item} is {self.side}, and so {right}, not {self.kind}. Opportunities and "
                "threats are in the environment, strengths and weaknesses in the firm: what would "
                "stay if the firm were not there is external."
            )
        for name in ("probability", "strength"):
            self._require_chance(name, getattr(self, name), getattr(self, f"{name}_sd"))

    def _require_chance(self, name: str, value: object, sd: object) -> None:
        for label, number in ((name, value), (f"{name}_sd", sd)):
            if not _is_number(number) or not 0 <= float(number) <= 1:
                hint = " Percents are shares here: 70 % is 0.7." if _is_percent(number) else ""
                raise OutOfRangeError(
                    f"{label} of {self.item} must lie in 0 to 1; got {number!r}.{hint}"
                )
        most = (float(value) * (1 - float(value))) ** 0.5  # pyright: ignore[reportArgumentType]
        if sd and float(sd) >= most:  # pyright: ignore[reportArgumentType]
            raise OutOfRangeError(
                f"{name}_sd of {self.item} is {sd}; with a {name} of {value} it must be below "
                f"{most:.2f}, where nothing at all is known."
            )


class Swot:
    """Items of a SWOT, each checked as it comes in; a name stands only once.

    Parameters
    ----------
    items : SwotItems, in any order

    Raises
    ------
    OutOfRangeError
        If what is handed over is no SwotItem.
    BadRowsError
        If two items have one name.

    Examples
    --------
    >>> degrees = SwotItem("S1", "S", "internal", "12 of 20 hold degrees", "new ideas", 0.8, 0.6)
    >>> swot = Swot([degrees])
    >>> swot.frame[["item", "kind", "strength"]]
      item kind  strength
    0   S1    S       0.6
    """

    def __init__(self, items: Iterable[SwotItem] = ()) -> None:
        self._items: list[SwotItem] = []
        for item in items:
            self.add(item)

    def add(self, item: SwotItem) -> None:
        """Take one item more, if it is one and its name is new."""
        if not isinstance(item, SwotItem):
            raise OutOfRangeError(f"a SwotItem is needed here; got {item!r:.60}.")
        if item.item in {one.item for one in self._items}:
            raise BadRowsError(f"there is an item {item.item} already; give each its own name.")
        self._items.append(item)

    def __iter__(self) -> Iterator[SwotItem]:
        return iter(self._items)

    def __len__(self) -> int:
        return len(self._items)

    @property
    def frame(self) -> pd.DataFrame:
        """The items, one row each, with the columns of `SwotItem`."""
        names = [*SwotItem.__dataclass_fields__]
        table = pd.DataFrame([asdict(item) for item in self._items], columns=names)
        kinds = {name: "str" if name in TEXTS else "float64" for name in names}
        return table.astype(kinds)

    @property
    def missing(self) -> list[str]:
        """The kinds of which there is no item yet, in words."""
        there = {item.kind for item in self._items}
        return [word for kind, word in KINDS.items() if kind not in there]

    @classmethod
    def from_frame(cls, table: pd.DataFrame) -> Swot:
        """Read items from a frame with the columns of `SwotItem`; all bad rows are told at once.

        Raises
        ------
        MissingColumnsError
            If a column other than the standard deviations is missing.
        BadRowsError
            If rows are no items; each is told with what is wrong.
        """
        names = [name for name in SwotItem.__dataclass_fields__ if not name.endswith("_sd")]
        require_columns(table, *names)
        require_rows(table)
        require_values(table, "item")
        extra = [name for name in ("probability_sd", "strength_sd") if name in table.columns]
        plain = pd.DataFrame({name: plain_values(table[name]) for name in [*names, *extra]})
        swot, faults = cls(), []
        for number, row in enumerate(plain.to_dict("records")):
            try:
                swot.add(SwotItem(**{str(name): value for name, value in row.items()}))
            except CrmlabError as fault:
                faults.append(f"row {number}: {fault}")
        if faults:
            raise BadRowsError(f"{len(faults)} row(s) are no SWOT items.\n" + "\n".join(faults))
        return swot


def _is_number(value: object) -> TypeGuard[float]:
    return isinstance(value, Real) and not isinstance(value, bool)


def _is_percent(value: object) -> bool:
    return _is_number(value) and 1 < value <= 100
