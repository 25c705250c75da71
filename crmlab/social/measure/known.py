"""The one door for tables of fans: checked, and in plain numbers of days."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import pandas as pd

from crmlab._checks import (
    day_of,
    require_alike,
    require_columns,
    require_days,
    require_key,
    require_rows,
    require_values,
)
from crmlab._purchases import plain_days, plain_ids
from crmlab.errors import BadRowsError, OutOfRangeError

NEVER = 10**7  # a day too far to come


class KnownFans(NamedTuple):
    """Fans by row: ids, customers, and the days (since 1970) on which they came and went."""

    ids: pd.Index
    customers: pd.Index
    followed: np.ndarray
    left: np.ndarray


def known_fans(fans: pd.DataFrame, *also: str) -> KnownFans:
    """Return the fans of a frame; refuse who stands twice, or left before they followed."""
    require_columns(fans, "fan_id", "followed_on", *also)
    require_rows(fans)
    require_key(fans, "fan_id")
    require_values(fans, "followed_on", *also)
    ids = plain_ids(fans["fan_id"])
    buyers = plain_ids(fans["customer_id"]) if "customer_id" in fans else ids
    followed = days_of(fans, "followed_on")
    left = np.full(len(fans), NEVER)
    if "unfollowed_on" in fans:
        left = days_of(fans, "unfollowed_on")
        rows = np.flatnonzero(left < followed)
        if rows.size:
            raise BadRowsError(
                f"{rows.size} row(s) have unfollowed_on before followed_on: {rows[:10].tolist()} "
                f"(fans {ids.iloc[rows[:10]].tolist()}). Nobody leaves before they came: swap the "
                "two days, or clear unfollowed_on in these rows."
            )
    return KnownFans(pd.Index(ids), pd.Index(buyers), followed, left)


def acts_of(known: KnownFans, acts: pd.DataFrame, *also: str) -> tuple[np.ndarray, np.ndarray]:
    """Return the row of the fan and the day of each act; refuse acts of strangers or before."""
    require_columns(acts, "fan_id", "on_day", *also)
    require_values(acts, "fan_id", "on_day", *also)
    if not len(acts):
        return np.empty(0, dtype="int64"), np.empty(0, dtype="int64")
    require_alike("fan_id", pd.Series(known.ids), acts["fan_id"])
    row = known.ids.get_indexer(pd.Index(plain_ids(acts["fan_id"])))
    strange = np.flatnonzero(row < 0)
    if strange.size:
        some = acts["fan_id"].iloc[strange[:10]].tolist()
        raise BadRowsError(
            f"{strange.size} row(s) are of nobody among the fans: {strange[:10].tolist()} (fans "
            f"{some}). Add them to fans, or leave these rows out."
        )
    day = days_of(acts, "on_day")
    early = np.flatnonzero(day < known.followed[row])
    if early.size:
        raise BadRowsError(
            f"{early.size} row(s) stand before their fan followed: {early[:10].tolist()}. Mend the "
            "days; who acts before following has followed earlier than fans says."
        )
    return row, day


def bought_by(
    known: KnownFans, purchases: pd.DataFrame
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return the place in `house_purchases`, the row of the fan and the day of each."""
    if not len(purchases):
        nothing = np.empty(0, dtype="int64")
        return nothing, nothing, nothing
    require_alike("customer_id", pd.Series(known.customers), purchases["customer_id"])
    row = known.customers.get_indexer(pd.Index(plain_ids(purchases["customer_id"])))
    day, place = days_of(purchases, "date"), np.flatnonzero(row >= 0)
    return place, row[place], day[place]


def last_day(as_of: str | pd.Timestamp | None, known: KnownFans, *days: np.ndarray) -> int:
    """Return the day `as_of`, by default the last one on which anything happened."""
    if as_of is not None:
        day = int(day_of("as_of", as_of).astype("M8[D]").astype("int64"))
        if day < known.followed.min():
            raise OutOfRangeError(
                f"as_of is {np.datetime64(day, 'D')}, before the first follow on "
                f"{np.datetime64(known.followed.min(), 'D')}: nobody was a fan yet."
            )
        return day
    seen = [known.followed, known.left[known.left < NEVER], *days]
    return int(max(one.max() for one in seen if one.size))


def days_of(frame: pd.DataFrame, name: str) -> np.ndarray:
    """Return the days of a column as numbers since 1970, NEVER where missing."""
    days = plain_days(frame[name])
    if days.isna().all():
        return np.full(len(frame), NEVER)
    require_days(frame.assign(**{name: days}), name)
    days = days.to_numpy("M8[D]")
    return np.where(np.isnat(days), NEVER, days.astype("int64"))
