"""Levels that classmates give for open answers, where the teacher gives none."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from crmlab.errors import CrmlabError
from crmlab.grading.gradebook import open_levels

PEERS = "peers.csv"
# One reader alone decides nothing.
FEWEST = 2


def peer_levels(path: Path, students: set[str]) -> pd.DataFrame:
    """Return the median level of each open answer that two classmates or more have read.

    Parameters
    ----------
    path : Path
        CSV of reader_id, student_id, question, level; none if there is no such file.
    students : set of str, who is on the roster

    Returns
    -------
    DataFrame
        student_id, question : str
        level : float, 0 to 3

    Raises
    ------
    CrmlabError
        If a reader is not on the roster, reads an own answer, or the same one twice.
    """
    read = open_levels(path, students, more=("reader_id",))
    one = ["reader_id", "student_id", "question"]
    faults = {
        "the reader is not on the roster": ~read["reader_id"].isin(students),
        "nobody reads an own answer": read["reader_id"] == read["student_id"],
        "a reader gives one level to an answer": read.duplicated(one),
    }
    said = [
        f"line(s) {', '.join(str(row + 2) for row in read.index[where])}: {why}"
        for why, where in faults.items()
        if where.any()
    ]
    if said:
        raise CrmlabError(f"{path.name}: " + "; ".join(said))
    levels = read.groupby(["student_id", "question"])["level"].agg(["median", "size"])
    enough = levels.loc[levels["size"] >= FEWEST, "median"].rename("level")
    return enough.reset_index()


def with_peers(levels: pd.DataFrame, peers: pd.DataFrame) -> pd.DataFrame:
    """Return the teacher's levels, and those of peers where the teacher gave none."""
    both = pd.concat([levels, peers], ignore_index=True)
    return both.drop_duplicates(["student_id", "question"], keep="first").reset_index(drop=True)
