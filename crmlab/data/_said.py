"""What a caller says about a file before it is read."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

import pandas as pd


@dataclass(frozen=True)
class Said:
    """What a caller said about how to read cells and rows; None where nothing."""

    day_first: bool | None = None
    date_format: str | None = None
    swapped: bool | None = None
    today: pd.Timestamp | None = None
    decimal: str | None = None
    keep_totals: bool = False
    nobody: Collection[object] | None = None
    no_sale: str = "drop"
    order_totals: bool | None = None
    currency: str | None = None
    rates: Any = None
