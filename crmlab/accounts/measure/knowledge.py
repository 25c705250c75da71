"""How well we know a rival, by what came true, and which source was right."""

from __future__ import annotations

import numpy as np
import pandas as pd

from crmlab._checks import (
    require_columns,
    require_numbers,
    require_rows,
    require_truths,
    require_values,
)
from crmlab._groups import bincount
from crmlab._intervals import wilson
from crmlab.accounts.ladder import LEVELS, SOURCES
from crmlab.accounts.measure.known import plain, require_chances
from crmlab.errors import BadRowsError


def knowledge_level(statements: pd.DataFrame) -> pd.DataFrame:
    """Levels of knowing a rival (了解层次), each shown by statements that came true.

    To say that one knows is no knowledge. A level is *known* if what was said on it came true more
    often than chance (Wilson's lower limit above the mean chance), and *reached* only if all levels
    below it are known as well: a gap caps the ladder.

    Parameters
    ----------
    statements : DataFrame, one row per statement that was checked
        level : int64, 1 to 5; chance : float64, to be right without knowing; right : bool

    Returns
    -------
    DataFrame, one row per level, 1 to 5
        level : int64; name : str; statements : int64
        rate, low, high : float64, share that came true, with Wilson's 95 % interval; missing
            without statements
        chance : float64
        known, reached : bool

    Raises
    ------
    MissingColumnsError, BadRowsError
        If a column or a value is missing, a level is none, or a chance lies beyond 0 to 1.

    Examples
    --------
    >>> seen = pd.DataFrame({"level": [1] * 20 + [2] * 20 + [3] * 20, "chance": 0.25,
    ...     "right": [True] * 20 + [False] * 15 + [True] * 25})
    >>> found = knowledge_level(seen)
    >>> found["known"].tolist(), int(found["reached"].sum())
    ([True, False, True, False, False], 1)
    """
    require_columns(statements, "level", "chance", "right")
    require_rows(statements)
    require_values(statements, "level", "chance", "right")
    table = plain(statements, "level", "chance", "right")
    require_numbers(table, "level")
    require_chances(table, "chance")
    require_truths(table, "right")
    odd = np.flatnonzero(~table["level"].isin([*LEVELS]))
    if odd.size:
        raise BadRowsError(f"{odd.size} row(s) have no level of 1 to 5: {odd[:10].tolist()}.")
    code = table["level"].to_numpy("int64") - 1
    n = bincount(code, minlength=5)
    with np.errstate(invalid="ignore", divide="ignore"):
        right = bincount(code, table["right"].to_numpy("float64"), minlength=5)
        chance = bincount(code, table["chance"].to_numpy("float64"), minlength=5) / n
        low, high = wilson(right, n)
        rate = right / n
    known = np.nan_to_num(low, nan=-1.0) > np.nan_to_num(chance, nan=0.0)
    return pd.DataFrame(
        {
            "level": [*LEVELS],
            "name": pd.Series([*LEVELS.values()], dtype="str"),
            "statements": n,
            "rate": rate,
            "low": low,
            "high": high,
            "chance": chance,
            "known": known,
            "reached": np.logical_and.accumulate(known),
        }
    )


def source_reliability(statements: pd.DataFrame) -> pd.DataFrame:
    """How often each of the four sources about a rival was right, beyond chance.

    Parameters
    ----------
    statements : DataFrame, as `knowledge_level` takes it, with source : str

    Returns
    -------
    DataFrame, one row per source
        source : str; statements : int64
        rate, low, high : float64, share that came true, with Wilson's 95 % interval; missing
            without statements
        reliability : float64, (rate - chance) / (1 - chance): 0 is guessing, 1 always right;
            missing where guessing is always right

    Raises
    ------
    MissingColumnsError, BadRowsError
        As `knowledge_level`, or if a source is none of the four: each statement has one.

    Examples
    --------
    >>> seen = pd.DataFrame({"source": "media", "level": 1, "chance": 0.25,
    ...     "right": [True, True, False, False]})
    >>> source_reliability(seen).set_index("source").loc["media", "reliability"].round(2)
    np.float64(0.33)
    """
    require_columns(statements, "source", "chance", "right")
    require_rows(statements)
    require_values(statements, "source", "chance", "right")
    table = plain(statements, "source", "chance", "right")
    require_chances(table, "chance")
    require_truths(table, "right")
    code = pd.Index([*SOURCES]).get_indexer(pd.Index(table["source"]))
    odd = np.flatnonzero(code < 0)
    if odd.size:
        names = [*dict.fromkeys(table["source"].iloc[odd])][:5]
        raise BadRowsError(
            f"{odd.size} row(s) have the source(s) {names}: {odd[:10].tolist()}. The four sources "
            f"are {[*SOURCES]}; what comes from none of them does not belong into a file."
        )
    n = bincount(code, minlength=len(SOURCES))
    with np.errstate(invalid="ignore", divide="ignore"):
        right = bincount(code, table["right"].to_numpy("float64"), minlength=len(SOURCES))
        chance = bincount(code, table["chance"].to_numpy("float64"), minlength=len(SOURCES)) / n
        low, high = wilson(right, n)
        rate = right / n
        reliability = np.where(chance < 1, (rate - chance) / (1 - chance), np.nan)
    return pd.DataFrame(
        {
            "source": pd.Series([*SOURCES], dtype="str"),
            "statements": n,
            "rate": rate,
            "low": low,
            "high": high,
            "reliability": reliability,
        }
    )
