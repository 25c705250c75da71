"""open.csv: the open answers beside their rubric, and the levels that people give them.

A spreadsheet may save it in its own way: in any encoding, with other separators, numbers where
there were ids. The column `of` is a mark of the answer: a level is that of the answer it was given
for, and is asked for again when the answer has changed.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager
from difflib import get_close_matches
from hashlib import sha256
from pathlib import Path
from typing import Any

import pandas as pd
from filelock import FileLock, Timeout
from sklearn.metrics import cohen_kappa_score

from crmlab._words import _
from crmlab.classroom.source import RUBRIC_LEVELS, Exercise
from crmlab.errors import CrmlabError
from crmlab.grading.paper import defused, write_whole
from crmlab.grading.roster import table_of

OPEN = "open.csv"
# A spreadsheet that saves open.csv would otherwise turn 06.10 into the number 6.1.
_LETTER = "Q"
# What a spreadsheet takes for a number or a date: 007, 2e5, 3-4, MAR1. An apostrophe keeps it.
_NUMBERLIKE = re.compile(r"[\d.+-]+(e[\d+-]*\d)?|(jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)"
                         r"[a-z]*[-.]?\d+", re.IGNORECASE)  # fmt: skip
_CUT = re.compile(r"\d[.,]\d+E\+\d+", re.IGNORECASE)
_NEEDED = ["student_id", "question", "level"]
_GIVEN = ["level", "comment", "second_level", "second_comment"]
_PATIENCE = 10  # seconds: a sheet is written in a fraction of one
COLUMNS = ["assignment", "question", "student_id", "name", "rubric", "answer", *_GIVEN, "of"]


def mark_of(answer: str) -> str:
    """Return the mark of an answer: a few letters that change when the answer does."""
    return "A" + sha256(defused(answer).encode("utf-8", "replace")).hexdigest()[:10]


@contextmanager
def held(path: Path) -> Iterator[None]:
    """Hold the sheet at `path` for one who reads and writes it; another process waits its turn.

    Raises
    ------
    CrmlabError
        If it does not become free.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    lock = FileLock(path.with_name(f".{path.name}.lock"), timeout=_PATIENCE)
    try:
        lock.acquire()
    except Timeout as error:
        raise CrmlabError(
            f"another `crmlab course` has held {path.name} for {_PATIENCE} seconds; try it again"
        ) from error
    try:
        yield
    finally:
        lock.release()


def read_sheet(path: Path, students: Collection[str]) -> pd.DataFrame:
    """Return the sheet as text, every id as the roster has it; missing columns are empty.

    Raises
    ------
    CrmlabError
        If it cannot be read, lacks a column that is needed, or names nobody on the roster.
    """
    lines = table_of(path) if path.is_file() and path.stat().st_size else []
    if not lines:
        raise CrmlabError(
            f"{path.name} is empty; delete it, and the next `crmlab course grade` writes a fresh "
            "one without levels"
        )
    (_first, head), *rows = lines
    if missing := sorted({*_NEEDED} - {*head}):
        raise CrmlabError(f"{path.name}: missing {missing}; it has {head}")
    cells = [[*row, *[""] * len(head)][: len(head)] for _line, row in rows]
    sheet = pd.DataFrame(cells, columns=head, dtype="str")
    sheet = sheet.assign(**{name: "" for name in COLUMNS if name not in head})
    sheet.insert(0, "line", [line for line, _ in rows])
    sheet["question"] = sheet["question"].str.removeprefix(_LETTER)
    known = {_as_number(each): each for each in students}
    ids = [_id(text, students, known) for text in sheet["student_id"]]
    sheet["student_id"] = pd.Series(ids, index=sheet.index, dtype="str")
    return sheet


def _as_number(student: str) -> str:
    """Return an id as a spreadsheet leaves it: without zeros before it."""
    return student.lstrip("0")


def _id(text: str, students: Collection[str], known: Mapping[str, str]) -> str:
    """Return the id that a spreadsheet may have changed."""
    text = text.removeprefix("'")
    return text if text in students else known.get(_as_number(text), text)


def open_levels(path: Path, students: Collection[str]) -> pd.DataFrame:
    """Return the levels that people wrote into `open.csv`; none if there is no such file.

    Returns
    -------
    DataFrame, one row per answer that has a level or a comment
        student_id, question, comment, second_comment, of : str
        level, second_level : float, 0 to 3, missing where there is none

    Raises
    ------
    CrmlabError
        If the file cannot be read, or a line has a level or student that cannot be; all are named.
    """
    wanted = ["student_id", "question", *_GIVEN, "of"]
    numbers = {"level": "float64", "second_level": "float64"}
    if not path.is_file():
        return pd.DataFrame(columns=wanted, dtype="str").astype(numbers)
    sheet = read_sheet(path, students)
    some = sheet[_GIVEN].apply(lambda column: column.str.strip() != "").any(axis=1)
    sheet, faults = sheet[some], []
    for name in numbers:
        # As a Chinese keyboard writes it: ３.
        plain = sheet[name].str.normalize("NFKC").str.replace(",", ".")
        level = pd.to_numeric(plain, errors="coerce")
        wrong = ~level.between(0, RUBRIC_LEVELS) & (sheet[name].str.strip() != "")
        if wrong.any():
            lines = ", ".join(map(str, sheet.loc[wrong, "line"]))
            faults.append(f"line(s) {lines}: a level is 0 to {RUBRIC_LEVELS}")
        sheet = sheet.assign(**{name: level.astype("float64")})
    strangers = sheet[~sheet["student_id"].isin([*students])]
    faults += [_stranger(row.line, str(row.student_id), students) for row in strangers.itertuples()]
    sheet = sheet.drop_duplicates(wanted)
    twice = sheet[sheet.duplicated(["student_id", "question"], keep=False)]
    for (student, question), lines in twice.groupby(["student_id", "question"])["line"]:
        where = ", ".join(map(str, lines))
        faults.append(f"line(s) {where}: {student} has several levels for {question}; leave one")
    if faults:
        raise CrmlabError(f"{path.name}: " + "; ".join(faults))
    return sheet[wanted].reset_index(drop=True)


def _stranger(line: object, student: str, students: Collection[str]) -> str:
    """Word the fault of an id that is not on the roster."""
    if _CUT.fullmatch(student):
        advice = "a spreadsheet has cut it; format the column as text before you save"
    else:
        near = get_close_matches(student, [*students], n=1)
        advice = f"did you mean {near[0]!r}?" if near else "ids are those of the roster"
    return f"line {line}: {student!r} is not on the roster; {advice}"


def level_of(given: Mapping[Any, Any], answer: str) -> float | None:
    """Return the level that an answer was given, if any: the mean of two where two read it.

    Examples
    --------
    >>> level_of({"level": 2.0, "second_level": 3.0}, "I would write to gold.")
    2.5
    >>> level_of({"level": 2.0, "of": mark_of("It pays.")}, "It does not pay.")
    """
    if given.get("of") and given["of"] != mark_of(answer):
        return None
    two = [given.get("level"), given.get("second_level")]
    known = [float(each) for each in two if pd.notna(each)]
    return sum(known) / len(known) if known else None


def commented(level: float, given: Mapping[Any, Any]) -> str:
    """Return what a student reads about a level: its number, and what the readers wrote."""
    said = [str(given.get(name) or "").strip() for name in ("comment", "second_comment")]
    return "\n".join(
        [
            _("Level {level} of {most}.").format(level=f"{level:g}", most=RUBRIC_LEVELS),
            *filter(None, said),
        ]
    )


def write_open(
    path: Path, book: pd.DataFrame, levels: pd.DataFrame, exercises: Iterable[Exercise] = ()
) -> None:
    """Write every open answer beside its rubric, with levels that still are those of the answer."""
    asked = book[book["kind"].isin(["open", "read"])]
    rubrics = {
        name: _numbered(each.rubric) for e in exercises for name, each in e.questions.items()
    }
    sheet = asked[["assignment", "question", "student_id", "answer"]].assign(
        name=asked.get("name", ""),
        rubric=[rubrics.get(name, "") for name in asked["question"]],
        now=[mark_of(answer) for answer in asked["answer"]],
    )
    sheet = sheet.merge(levels, on=["student_id", "question"], how="left")
    sheet = sheet.reindex(columns=[*COLUMNS, "now"])
    was = sheet["of"].astype("object").where(sheet["of"].notna(), "")
    changed = was.ne("") & was.ne(sheet["now"])
    sheet[["level", "second_level"]] = sheet[["level", "second_level"]].mask(changed)
    write_sheet(path, sheet.assign(of=sheet["now"]))


def _numbered(rubric: Iterable[str]) -> str:
    return "\n".join(f"{number} · {level}" for number, level in enumerate(rubric, 1))


def write_sheet(path: Path, sheet: pd.DataFrame) -> None:
    """Write the sheet whole, as a spreadsheet leaves it alone."""
    more = [name for name in sheet if name not in (*COLUMNS, "line", "now")]
    sheet = sheet[[*COLUMNS, *more]].assign(
        question=_LETTER + sheet["question"],
        student_id=[f"'{i}" if _NUMBERLIKE.fullmatch(i) else i for i in sheet["student_id"]],
    )
    write_table(sheet, path)


def write_table(frame: pd.DataFrame, path: Path) -> None:
    """Write a table for people: CSV that a spreadsheet reads as UTF-8, and never as a formula."""
    safe = frame.map(lambda cell: defused(cell) if isinstance(cell, str) else cell)
    text = safe.to_csv(index=False, float_format="%.10g", lineterminator="\n")
    write_whole(path, text.encode("utf-8-sig"))


def agreement(levels: pd.DataFrame) -> pd.DataFrame:
    """Return how far two markers agree on each question.

    Parameters
    ----------
    levels : DataFrame, as `open_levels` returns

    Returns
    -------
    DataFrame, one row per question that two have marked
        question : str
        both : int64, answers that have two levels
        same : float in [0, 1], share of them with the same level
        kappa : float, at most 1, quadratic weights; missing where all levels are one

    Source
    ------
    Cohen (1968), Psychological Bulletin 70, 213-220, doi:10.1037/h0026256.
    """
    rows = []
    two = levels.dropna(subset=["level", "second_level"])
    for question, each in two.groupby("question"):
        first, second = (each[name].round().astype(int) for name in ("level", "second_level"))
        varies = len({*first, *second}) > 1
        kappa = cohen_kappa_score(first, second, weights="quadratic") if varies else float("nan")
        same = float((each["level"] == each["second_level"]).mean())
        rows.append({"question": question, "both": len(each), "same": same, "kappa": kappa})
    return pd.DataFrame(rows, columns=["question", "both", "same", "kappa"])
