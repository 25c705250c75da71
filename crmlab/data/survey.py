"""A reader's own survey: exports of survey tools in, answers on known scales and a report out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from crmlab._checks import names_of, require_list
from crmlab._words import N_, _
from crmlab.data._faults import require_treatment
from crmlab.data._survey_cells import DONT_KNOW, folded, ladder_of, read_cell, written
from crmlab.data._survey_faults import Faults
from crmlab.data._survey_names import is_no_item, is_respondent, is_reversed
from crmlab.data._survey_rows import Rows, rows_of
from crmlab.data._survey_scales import Scale, ends_said, scales_of
from crmlab.data.report import Guess
from crmlab.data.survey_report import SurveyReading, SurveyReport
from crmlab.errors import (
    AmbiguousError,
    EmptyError,
    MissingColumnsError,
)

_LEAST = 0.5  # share of the filled cells that must be answers, for a column to be an item


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
        If there is no such file, or it is damaged or no table.
    MissingColumnsError
        If a column that is named is not there, or no column holds answers.
    AmbiguousError
        If items or files are on different scales, or files have different items; if answers on
        1-5 stand beside 0, 8 or 9, or on 1-7 beside 0, which may be codes.
    BadRowsError
        If rows are refused; its `table` has one row per refused cell.
    OutOfRangeError
        If an argument has a value it cannot have.

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
    chosen = _items(files, items, id_column, unknown, guesses)
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
    numbers, strange, ladders = _numbers(cells, given, guesses)
    scales = scales_of(numbers, given, ladders, files, guesses)
    turned = _turned(chosen, reversed, guesses)
    for item, values in numbers.items():
        low, high = scales[item]
        for at in np.flatnonzero((values < low) | (values > high)):
            strange.append((int(at), item, f"{values[at]:g}"))
            values[at] = np.nan
        if item in turned:
            numbers[item] = low + high - values
    torn = [(file.name, *one) for file in files for one in file.torn]
    refusal = Faults(files, where)
    refusal.add_cells("unreadable answer", strange, unreadable, scales)
    refusal.add_torn(torn, unreadable)

    frame = _frame(files, id_column, numbers, where)
    no_idea = [at for at in range(len(where)) if any(c[at] == DONT_KNOW for c in cells.values())]
    samples = [
        str(row[file.names.index(item)])
        for file in files for row in file.rows for item in chosen
        if read_cell(folded(row[file.names.index(item)]), unknown) == DONT_KNOW
    ]  # fmt: skip
    refusal.add_rows("don't know", no_idea, "keep", samples)
    short = {(file.name, number) for file in files for number in file.short}
    refusal.add_rows("short row", [at for at, one in enumerate(where) if one in short], "keep")
    silent = np.flatnonzero(frame[chosen].isna().all(axis=1).to_numpy()).tolist()
    refusal.add_rows("no answers", silent, no_answers)
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
        counted_from="rows as in the file, or in frame.iloc",
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
        _require(files, [named], "respondent=")
        return named
    for name in files[0].names:
        if is_respondent(name) and all(name in file.names for file in files):
            guesses.append(Guess(N_("respondent"), name, _("by its name; see respondent=")))
            return name
    return None


def _require(files: list[Rows], names: Sequence[str], argument: str) -> None:
    for file in files:
        missing = [name for name in names if name not in file.names]
        if missing:
            raise MissingColumnsError(
                f"missing {missing}; {file.name} has {file.names}. Name your own columns with "
                f"{argument}…"
            )


def _items(
    files: list[Rows],
    named: Sequence[str] | None,
    id_column: str | None,
    unknown: frozenset[str],
    guesses: list[Guess],
) -> list[str]:
    """Return the columns that hold answers."""
    if named is not None:
        chosen = names_of("items", named)
        _require(files, chosen, "items=")
        if not chosen:
            raise EmptyError("items=[] names no column. Leave it out, and they are searched.")
        taken = sorted({"respondent_id", "row", "file"} & {*chosen})
        if taken:
            raise AmbiguousError(
                f"{taken} cannot be items: the answers have columns of that name that say whose "
                "they are and where they stand. Rename them in the file."
            )
        return chosen
    found = [[name for name in file.names if name != id_column and _is_item(file, name, unknown)]
             for file in files]  # fmt: skip
    for file, other in zip(files[1:], found[1:], strict=True):
        if {*other} != {*found[0]}:
            apart = sorted({*other} ^ {*found[0]})
            raise AmbiguousError(
                f"{files[0].name} and {file.name} have different items: {apart[:10]}. Name those "
                "that both have with items=[…], or give columns of one question one name."
            )
    if not found[0]:
        raise MissingColumnsError(
            f"no column of {files[0].name} holds answers on a scale; it has {files[0].names}. Name "
            "them with items=[…]."
        )
    columns = _("{n} columns").format(n=len(found[0]))
    guesses.append(Guess(N_("items"), columns, _("by their answers; see items=")))
    return found[0]


def _is_item(file: Rows, name: str, unknown: frozenset[str]) -> bool:
    """Return whether most cells of a column are answers on a scale."""
    if is_no_item(name):
        return False
    at = file.names.index(name)
    cells = [read_cell(folded(row[at]), unknown) for row in file.rows]
    filled = [cell for cell in cells if cell is not None and cell != DONT_KNOW]
    words = {cell for cell in filled if isinstance(cell, str)}
    ladder = ladder_of(words)
    good = sum(cell in ladder if isinstance(cell, str) else 0 <= cell <= 10 for cell in filled)
    return bool(filled) and good >= _LEAST * len(filled)


def _numbers(
    cells: dict[str, list[Any]], given: Mapping[str, Scale], guesses: list[Guess]
) -> tuple[dict[str, np.ndarray], list[tuple[int, str, str]], dict[str, int]]:
    """Return the answers of each item as numbers, those that are none, and points of words."""
    strange, numbers, points = [], {}, {}
    worded: dict[str, list[str]] = {}
    every = {cell for column in cells.values() for cell in column if isinstance(cell, str)}
    every -= {DONT_KNOW}
    for item, column in cells.items():
        words = {cell for cell in column if isinstance(cell, str) and cell != DONT_KNOW}
        low, high = given.get(item, (1, None))
        long = high if low == 1 else 0
        shared = ladder_of(every, long)
        ladder = shared if every <= {*shared} else ladder_of(words, long)
        if words & {*ladder}:
            points[item] = len(ladder)
            told = ", ".join(f"{word} = {at}" for word, at in ladder.items())
            worded.setdefault(told, []).append(item)
        values = np.full(len(column), np.nan)
        for at, cell in enumerate(column):
            if isinstance(cell, int):
                values[at] = cell
            elif cell in ladder:
                values[at] = ladder[cell]
            elif cell is not None and cell != DONT_KNOW:
                strange.append((at, item, str(cell)))
        numbers[item] = values
    for told, named in worded.items():
        why = _("so in {n} of the items").format(n=len(named))
        guesses.append(Guess(N_("words as numbers"), f"{named[0]}: {told}", why))
    return numbers, strange, points


def _turned(chosen: list[str], said: Sequence[str] | None, guesses: list[Guess]) -> list[str]:
    """Return the items that are turned."""
    if said is not None:
        turned = names_of("reversed", said)
        missing = [item for item in turned if item not in chosen]
        if missing:
            raise MissingColumnsError.among(missing, chosen, ["reversed"])
        return turned
    turned = [item for item in chosen if is_reversed(item)]
    if turned:
        why = _("by the name; reversed=[] turns none")
        guesses.append(Guess(N_("reversed"), ", ".join(turned), why))
    return turned


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
