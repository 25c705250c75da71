"""Levels that classmates give for open answers, where the teacher gives none."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path

import pandas as pd

from crmlab.classroom.source import RUBRIC_LEVELS
from crmlab.errors import CrmlabError
from crmlab.grading.sheet import read_sheet

PEERS = "peers.csv"
# One reader alone decides nothing.
FEWEST = 2


def peer_levels(path: Path, students: Collection[str]) -> pd.DataFrame:
    """Return the median level of each open answer that two classmates or more have read.

    Parameters
    ----------
    path : Path
        A table of reader_id, student_id, question, level, saved by any spreadsheet; none if there
        is no such file.
    students : set of str, who is on the roster

    Returns
    -------
    DataFrame
        student_id, question : str
        level : float, 0 to 3

    Raises
    ------
    CrmlabError
        If a level is none, a reader or a student is not on the roster, or a reader reads an own
        answer, or the same one twice; all lines are named.
    """
    if not path.is_file():
        empty = {"student_id": "str", "question": "str", "level": "float64"}
        return pd.DataFrame(columns=[*empty]).astype(empty)
    read = read_sheet(path, students)
    if "reader_id" not in read:
        raise CrmlabError(f"{path.name}: missing ['reader_id'], who gave the level")
    read = read[read["level"].str.strip() != ""]
    level = pd.to_numeric(read["level"].str.replace(",", "."), errors="coerce")
    one = ["reader_id", "student_id", "question"]
    faults = {
        f"a level is 0 to {RUBRIC_LEVELS}": ~level.between(0, RUBRIC_LEVELS),
        "the student is not on the roster": ~read["student_id"].isin([*students]),
        "the reader is not on the roster": ~read["reader_id"].isin([*students]),
        "nobody reads an own answer": read["reader_id"] == read["student_id"],
        "a reader gives one level to an answer": read.duplicated(one),
    }
    said = [
        f"line(s) {', '.join(map(str, read.loc[where, 'line']))}: {why}"
        for why, where in faults.items()
        if where.any()
    ]
    if said:
        raise CrmlabError(f"{path.name}: " + "; ".join(said))
    found = level.groupby([read["student_id"], read["question"]]).agg(["median", "size"])
    return found.loc[found["size"] >= FEWEST, "median"].rename("level").reset_index()


def with_peers(levels: pd.DataFrame, peers: pd.DataFrame) -> pd.DataFrame:
    """Return the teacher's levels, and those of peers where the teacher gave none."""
    key = ["student_id", "question"]
    both = levels.merge(peers, on=key, how="outer", suffixes=("", "_of_peers"))
    given = both[["level", "second_level"]].notna().any(axis=1)
    both["level"] = both["level"].where(given, both["level_of_peers"])
    words = ["comment", "second_comment", "of"]
    both[words] = both[words].fillna("")
    return both[[*levels.columns]]
