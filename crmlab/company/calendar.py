"""Hehua's window of two years and a half, and how busy each of its days is."""

from __future__ import annotations

import numpy as np
import pandas as pd

__all__ = ["season"]

FIRST_DAY = pd.Timestamp("2023-01-01")
LAST_DAY = pd.Timestamp("2024-12-31")
# The half-year after the window, which only the truth knows.
FUTURE_UNTIL = pd.Timestamp("2025-06-30")

# How busy each day of the week is beside a usual one, Monday first.
WEEK = (0.9, 0.85, 0.85, 0.9, 1.05, 1.3, 1.15)

WINDOW = {"first_day": f"{FIRST_DAY:%Y-%m-%d}", "last_day": f"{LAST_DAY:%Y-%m-%d}"}

# Chinese New Year's Day (State Council holiday notices for 2023, 2024 and 2025).
SPRING_FESTIVALS = ("2023-01-22", "2024-02-10", "2025-01-29")
# Month, day, days of run-up, and how much busier than a usual day.
FAIRS = (
    (3, 8, 3, 1.8),  # Women's Day
    (6, 18, 5, 2.0),  # the mid-year sale
    (11, 11, 10, 3.0),  # Double 11
)


def season() -> pd.Series:
    """Return how busy each day is beside a usual one: float64 by day, mean 1 over all days.

    The three weeks before Spring Festival bring 1.8 times a usual day's purchases, the festival
    week 0.5 times, and the fairs above what stands there, from their run-up to their day.
    """
    days = pd.date_range(FIRST_DAY, FUTURE_UNTIL, freq="D")
    busy = pd.Series(1.0, index=days)
    for festival in map(pd.Timestamp, SPRING_FESTIVALS):
        busy[festival - pd.Timedelta(days=21) : festival - pd.Timedelta(days=1)] = 1.8
        busy[festival : festival + pd.Timedelta(days=6)] = 0.5
    for year in np.unique(days.year):
        for month, day, run_up, times in FAIRS:
            fair = pd.Timestamp(year, month, day)
            busy[fair - pd.Timedelta(days=run_up) : fair] = times
    return busy / busy.mean()


def rhythm() -> pd.Series:
    """Return how busy each day of the firm is: its season, and the week's rhythm within it.

    Saturdays bring half as much again as Tuesdays; the mean is 1 over all days.
    """
    busy = season()
    day = pd.DatetimeIndex(busy.index).day_of_week
    busy = busy * np.array(WEEK)[day]
    return busy / busy.mean()
