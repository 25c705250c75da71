"""A reader's own survey: exports of survey tools in, answers on known scales and a report out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from crmlab._checks import require_list
from crmlab._words import N_, _
from crmlab.data._faults import require_treatment
from crmlab.data._survey_cells import DONT_KNOW, folded, read_cell, written
from crmlab.data._survey_faults import Faults
from crmlab.data._survey_items import items_of, numbers_of, require_among, turned_of
from crmlab.data._survey_names import is_respondent
from crmlab.data._survey_rows import Rows, rows_of
from crmlab.data._survey_scales import Scale, ends_said, scales_of
from crmlab.data.report import Guess
from crmlab.data.survey_report import SurveyReading, SurveyReport
from crmlab.errors import (
    EmptyError,
)

__all__ = ["read_survey"]


def read_survey(
    source: Any,
    *,
    items: Sequence[str] | None = None,
    respondent: str | None = None,
    scale: Scale | Mapping[str, Scale] | None = None,
    reversed: Sequence[str] | None = None,
    dont_know: Collection[object] = (),
    encoding: str | None = None,
    separator: str | None = None,
    sheet: str | int | None = None,
    unreadable: str = "refuse",
    duplicates: str = "keep",
    no_answers: str = "keep",
) -> SurveyReading:
    r"""Return the answers in one or several files, on known scales, and a report on what was found.

    Parameters
    ----------
    source : path, open file or DataFrame, or a list of these
        Delimited text, Excel or OpenDocument, as survey tools export them, in English or Chinese.
        Several files are put under each other; they must have the same items.
    items : list of str
        Columns that hold answers. If not said: those whose cells are mostly numbers from 0 to 10,
        such numbers with words ("4 - agree", "5分"), or words of one ladder ("agree", 满意); times,
        durations, ages and the like are none. The report says which.
    respondent : str
        Column of the respondent's number; searched by name (id, 序号, 答卷编号) if not said.
    scale : (int, int), or dict from item to (int, int)
        The ends. If not said: the shortest usual scale (1-5, 1-6, 1-7, 1-9, 1-10, 0-10) on which
        all answers lie; words have as many points as their ladder. If items then are on scales of
        different length, or a few numbers beside all others look like codes, it must be said.
    reversed : list of str
        Items that say the opposite; their answers are turned (low + high - answer). If not said:
        those whose name says so ("(R)", 反向); [] turns none.
    dont_know : list
        Further answers that mean "don't know", such as [98, 99]; the usual words (don't know, n/a,
        不知道, 说不清, 拒答) are known. They are counted and become missing.
    encoding, separator, sheet : as `read_purchases` takes them
    unreadable : "refuse" or "drop"
        Answers that are none, lie outside the scale, or stand in torn rows. Refused, all are listed
        at once; dropped, such an answer becomes missing, and a torn row is left out.
    duplicates : "keep", "drop" or "refuse"
        Rows whose respondent has one already; who has no number is nobody's duplicate.
    no_answers : "keep", "drop" or "refuse"
        Questionnaires without any answer.

    Returns
    -------
    answers : DataFrame, one row per questionnaire in the order of the files, index 0 to n - 1
        respondent_id : as written, where there is such a column
        row : int64, the number that a person sees in the file
        file : str, where there are several
        the items : float64, missing without answer
        the other columns : numbers if all cells are, else str
    report : SurveyReport
        Counts, row numbers and samples per kind of fault, and what was guessed.

    Raises
    ------
    UnreadableFileError
        As `read_purchases`.
    MissingColumnsError
        If a column that is named is not there, or no column holds answers.
    AmbiguousError
        If items or files are on different scales, or files have different items; if answers on
        1-5 stand beside 0, 8 or 9, or on 1-7 beside 0, which may be codes.
    BadRowsError
        If rows are refused; its `table` has one row per refused cell.
    OutOfRangeError
        If `unreadable`, `duplicates` or `no_answers` is none of its words, `scale` no two ends that
        rise, `dont_know` no list, `separator` more than one character, there is no file or `items`
        is empty, or `encoding`, `separator` or `sheet` is said where the source has none.

    See Also
    --------
    crmlab.collection.measure.precheck : which of them were filled in with care.

    Examples
    --------
    >>> from io import StringIO
    >>> answers, report = read_survey(StringIO(
    ...     "序号,1、服务好,2、价格贵（反向）\n1,非常同意,2\n2,不知道,5\n"
    ... ))
    >>> answers
      respondent_id  row  1、服务好  2、价格贵（反向）
    0             1    2     5.0         4.0
    1             2    3     NaN         1.0
    >>> print(report.fault("don't know"))
    don't know: 1 kept, row 3, such as 不知道
    """
    require_treatment("unreadable", unreadable, "refuse", "drop")
    for name, value in (("duplicates", duplicates), ("no_answers", no_answers)):
        require_treatment(name, value, "keep", "drop", "refuse")
    require_list("dont_know", dont_know, "[98, 99]")
    unknown = frozenset(folded(one) for one in dont_know)
    sources = [*source] if isinstance(source, list | tuple) else [source]
    if not sources:
        raise EmptyError("there is no file in the list. Name one.")
    files = [rows_of(one, encoding=encoding, separator=separator, sheet=sheet) for one in sources]
    guesses = [guess for file in files for guess in file.guesses]
    _name_apart(files)

    id_column = _respondent(files, respondent, guesses)
    chosen = items_of(files, items, id_column, unknown, guesses)
    cells = {
        item: [
            read_cell(folded(row[file.names.index(item)]), unknown)
            for file in files
            for row in file.rows
        ]
        for item in chosen
    }
    where = [(file.name, number) for file in files for number in file.numbers]
    given = ends_said(scale, chosen)
    numbers, strange, ladders = numbers_of(cells, given, guesses)
    scales = scales_of(numbers, given, ladders, files, guesses)
    turned = turned_of(chosen, reversed, guesses)
    for item, values in numbers.items():
        low, high = scales[item]
        for at in np.flatnonzero((values < low) | (values > high)):
            strange.append((int(at), item, f"{values[at]:g}"))
            values[at] = np.nan
        if item in turned:
            numbers[item] = low + high - values
    torn = [(file.name, *one) for file in files for one in file.torn]
    refusal = Faults(files, where)
    refusal.add_cells(N_("unreadable answer"), strange, unreadable, scales)
    refusal.add_torn(torn, unreadable)

    frame = _frame(files, id_column, numbers, where)
    no_idea = [at for at in range(len(where)) if any(c[at] == DONT_KNOW for c in cells.values())]
    samples = [
        str(row[file.names.index(item)])
        for file in files for row in file.rows for item in chosen
        if read_cell(folded(row[file.names.index(item)]), unknown) == DONT_KNOW
    ]  # fmt: skip
    refusal.add_rows(N_("don't know"), no_idea, "keep", samples)
    short = {(file.name, number) for file in files for number in file.short}
    refusal.add_rows(N_("short row"), [at for at, one in enumerate(where) if one in short], "keep")
    silent = np.flatnonzero(frame[chosen].isna().all(axis=1).to_numpy()).tolist()
    refusal.add_rows(N_("no answers"), silent, no_answers)
    again: list[int] = []
    if id_column is not None:
        ids = frame["respondent_id"]
        again = np.flatnonzero((ids.duplicated() & (ids != "")).to_numpy()).tolist()
        refusal.add_rows("duplicate", again, duplicates)
    refusal.settle()
    left = {*(silent if no_answers == "drop" else ()), *(again if duplicates == "drop" else ())}
    report = SurveyReport(
        sources=tuple(file.name for file in files),
        rows=len(where) + len(torn),
        blank_rows=sum(file.blank for file in files),
        items=tuple(chosen),
        scales=scales,
        reversed=tuple(turned),
        columns={} if id_column is None else {"respondent_id": id_column},
        guesses=tuple(guesses),
        faults=tuple(refusal.faults),
        counted_from=_("rows as in the file, or in frame.iloc"),
    )
    return SurveyReading(frame.drop(index=[*left]).reset_index(drop=True), report)


def _name_apart(files: list[Rows]) -> None:
    """Give files of one name numbers, so that each fault can say where it is."""
    many = Counter(file.name for file in files)
    for at, file in enumerate(files, 1):
        if many[file.name] > 1:
            file.name = f"{file.name} ({at})"


def _respondent(files: list[Rows], named: str | None, guesses: list[Guess]) -> str | None:
    """Return the column of the respondents' numbers."""
    if named is not None:
        require_among(files, [named], "respondent=")
        return named
    for name in files[0].names:
        if is_respondent(name) and all(name in file.names for file in files):
            guesses.append(Guess(N_("respondent"), name, _("by its name; see respondent=")))
            return name
    return None


def _frame(
    files: list[Rows],
    id_column: str | None,
    numbers: dict[str, np.ndarray],
    where: list[tuple[str, int]],
) -> pd.DataFrame:
    """Return one row per questionnaire: number, place, items, and the other columns."""
    made: dict[str, Any] = {}
    if id_column is not None:
        ids = [written(row[file.names.index(id_column)]) for file in files for row in file.rows]
        made["respondent_id"] = pd.Series(ids, dtype="str")
    made["row"] = np.array([number for _, number in where], dtype=np.int64)
    if len(files) > 1:
        made["file"] = pd.Series([name for name, _ in where], dtype="str")
    made |= numbers
    others = dict.fromkeys(name for file in files for name in file.names)
    for name in others:
        if name in numbers or name == id_column:
            continue
        cells = [
            row[file.names.index(name)] if name in file.names else None
            for file in files
            for row in file.rows
        ]
        text = pd.Series([None if not folded(c) else str(c).strip() for c in cells], dtype="str")
        number = pd.to_numeric(text, errors="coerce")
        key = name if name not in made else f"{name} (of the file)"
        made[key] = text if (number.isna() & text.notna()).any() else number
    return pd.DataFrame(made)
