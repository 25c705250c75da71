"""Shapes that the simulators of this topic return."""

from __future__ import annotations

from typing import NamedTuple

import pandas as pd

__all__ = ["Scattered"]


class Scattered(NamedTuple):
    """Facts about customers in several files, what is true of each, and what customers do."""

    data: pd.DataFrame
    truth: pd.DataFrame
    customers: pd.DataFrame
