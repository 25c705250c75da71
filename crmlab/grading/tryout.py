"""Runs an exercise's source as a class would meet it, and tells all that is wrong at once."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterator, Sequence
from contextlib import redirect_stdout
from dataclasses import dataclass, field
from io import BytesIO, StringIO
from pathlib import Path
from time import process_time
from typing import Any

import pandas as pd

from crmlab._shapes import Simulated
from crmlab.classroom.judge import judge, key_of
from crmlab.classroom.listening import listening
from crmlab.classroom.plain import NotPlainError, Plain, plain
from crmlab.classroom.solve import Solved, UnsolvedError, seed_of, solve, world
from crmlab.classroom.source import Exercise, ExerciseError, Question
from crmlab.classroom.strip import stripped
from crmlab.classroom.unseen import read_own
from crmlab.grading.marks import CELL_SECONDS, shown_as

STUDENTS = 30
# So many show whether an answer that is one for all is one for all.
_FEW = 3
_KEY = "nobody's course"


@dataclass
class Tried:
    """What a source is, and what was found: faults, and what an author may want to look at.

    `rows` has a line for each question: what it is worth, the answer of one student, and how many
    different ones there are.
    """

    exercise: Exercise | None = None
    asked: list[str] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    rows: list[dict[str, Any]] = field(default_factory=list)

    @property
    def questions(self) -> list[Question]:
        """The questions of the source, without those that the kit asks beside them."""
        return [self.exercise.questions[name] for name in self.asked] if self.exercise else []


def try_out(path: Path, *, students: int = STUDENTS) -> Tried:
    """Return what a class of so many students would meet in the exercise at `path`.

    Its world is drawn for each of them, every solution and every known wrong answer is computed
    on what they get, and the notebook is run as it is handed out, with nothing typed in.
    """
    try:
        exercise, asked = read_own(path)
    except ExerciseError as error:
        return Tried(faults=[*error.faults] or [str(error)])
    except OSError as error:
        return Tried(faults=[f"{path.name} cannot be read: {error.strerror}"])
    tried = Tried(exercise, asked)
    if exercise.language != exercise.spoken:
        tried.notes.append(
            f"the kit does not speak {exercise.language!r}: its own sentences stay English"
        )
    drawn = [*_drawn(exercise, students, tried)]
    if drawn:
        before = process_time()
        found = _solved(exercise, asked, drawn, tried.faults)
        seconds = (process_time() - before) / len(drawn)
        if seconds > CELL_SECONDS:
            tried.faults.append(
                f"the solutions take {seconds:.0f} seconds for a student; a cell may run "
                f"{CELL_SECONDS} when it is graded"
            )
        for name in asked:
            if each := found.get(name):
                _looked_at(exercise.questions[name], each, tried)
        _untouched(exercise, drawn[0].data, {n: each[0] for n, each in found.items()}, tried)
    return tried


def _drawn(exercise: Exercise, students: int, tried: Tried) -> Iterator[Simulated]:
    """Yield the world of each student, its data as they come out of the file handed out."""
    if not any("world" in cell.tags for cell in exercise.cells):
        if own := [question.name for question in tried.questions if question.own]:
            tried.faults.append(f"{', '.join(own)}: own=true, but no cell is tagged world")
        yield Simulated(None, None)  # pyright: ignore[reportArgumentType]
        return
    seeds = [seed_of(_KEY, str(student), exercise.chapter) for student in range(students)]
    worlds, failed = [], []
    for seed in seeds:
        try:
            worlds.append(world(exercise, seed))
        except ExerciseError as error:
            failed.append(str(error).partition(": ")[2])
    if failed:
        tried.faults.append(f"for {len(failed)} of {students} students {failed[0]}")
    if not worlds:
        return
    if not failed and not world(exercise, seeds[0]).data.equals(worlds[0].data):
        tried.faults.append("the world of one seed is another at each call: draw all from its seed")
    if len(worlds) > 1 and all(each.data.equals(worlds[0].data) for each in worlds):
        tried.faults.append("the world is the same for every student: draw it from its seed")
    for number, each in enumerate(worlds):
        try:
            data = pd.read_parquet(BytesIO(each.data.to_parquet(index=False)))
        except Exception as error:  # whatever cannot be written there
            tried.faults.append(f"the data cannot be handed out as a Parquet file: {error}")
            return
        if not number and not each.data.equals(data):
            tried.faults.append(
                "the data that a student reads are not those of the world: an index does not "
                "travel, nor does what Parquet has no type for; reset_index() and plain columns do"
            )
        yield Simulated(data, each.truth)


def _solved(
    exercise: Exercise, asked: Collection[str], drawn: Sequence[Simulated], faults: list[str]
) -> dict[str, list[Solved]]:
    """Return what the solutions answer for each student, by question; tell what does not run.

    As in a release, questions about own data run apart from the others.
    """
    own = {name for name, question in exercise.questions.items() if question.own}
    own_asked, rest = own & {*asked}, {*exercise.questions} - own
    found: dict[str, list[Solved]] = defaultdict(list)
    failed: dict[tuple[str, str], list[str]] = defaultdict(list)
    for number, each in enumerate(drawn):
        truth = {"truth": each.truth} if number < _FEW else {}
        for part in (rest, own_asked) if number < _FEW else (own_asked,):
            for solved, error in _attempts(exercise, each.data, {*part}, truth):
                for name, one in solved.items():
                    found[name].append(one)
                if error:
                    kind = type(error.__cause__).__name__
                    failed[error.question, kind].append(error.faults[0])
    students = len(drawn) if own_asked else min(len(drawn), _FEW)
    for said in failed.values():
        some = f" (for {len(said)} of {students} students)" if len(said) < students else ""
        faults.append(said[0] + some)
    return found


def _attempts(
    exercise: Exercise, mine: pd.DataFrame, left: set[str], truth: dict[str, Any]
) -> Iterator[tuple[dict[str, Solved], UnsolvedError | None]]:
    """Solve what can be solved of some questions; yield answers, and errors on the way."""
    settings = {"with_traps": True, **truth}
    while left:
        try:
            yield solve(exercise, mine, only=left, **settings), None
            return
        except UnsolvedError as error:
            yield {}, error
            if error.is_beside:
                settings = {"with_traps": False}
            elif error.question in left:
                left.discard(error.question)
            else:
                return


def _looked_at(question: Question, solved: Sequence[Solved], tried: Tried) -> None:
    """Judge one question by what it answers for each student."""
    name, students = question.name, len(solved)
    answers = [each.answer for each in solved]
    empty = sum(any(cell is None for row in each.rows for cell in row) for each in answers)
    if empty:
        tried.faults.append(f"{name}: the answer is missing (NaN or None) for {_of(empty, solved)}")
    if kinds := len({each.kind for each in answers}) - 1:
        tried.faults.append(f"{name}: the answer is of {kinds + 1} kinds, by student")
    different = len({key_of(each).right for each in solved})
    if question.own and students > 1 and not question.rubric:
        if different == 1:
            tried.faults.append(
                f"{name}: own=true, but the answer is the same for all {students} students"
            )
        elif different < students / 2:
            tried.notes.append(f"{name}: only {different} different answers among {students}")
    if not question.own and different > 1:
        tried.faults.append(
            f"{name}: the answer differs between students, and one student's would be everybody's "
            "key; write own=true beside the cell that asks"
        )
    if not question.rubric:
        _traps(question, solved, tried)
        _told(question, answers[0], tried)
    row = {"question": name, "points": question.points, "own": "yes" if question.own else "no"}
    shown = shown_as(answers[0]).partition("\n")[0][:40]
    tried.rows.append(row | {"students": students, "different": different, "one answer": shown})


def _of(some: int, every: Sequence[object]) -> str:
    return f"{some} of {len(every)} students" if some < len(every) else "every student"


def _traps(question: Question, solved: Sequence[Solved], tried: Tried) -> None:
    """Tell of known wrong answers that are right, and of two that are the same."""
    if any(len(each.traps) < len(question.traps) for each in solved):
        return  # one of them does not run, which is told already
    for number, trap in enumerate(question.traps):
        right = sum(judge(each.traps[number][0], key_of(each)).right for each in solved)
        if right:
            to = tried.faults if right == len(solved) else tried.notes
            who = _of(right, solved)
            to.append(f"{question.name}: wrong={trap.expression!r} is right for {who}")
    same = Counter(tuple(each.traps[n][0] for each in solved) for n in range(len(question.traps)))
    if any(count > 1 for count in same.values()):
        tried.notes.append(f"{question.name}: two wrong answers are always the same")


def _told(question: Question, answer: Plain, tried: Tried) -> None:
    """Tell of a hint or reply that holds the answer everybody looks for."""
    if question.own or answer.kind != "number":
        return
    said = [*question.hints, *(trap.message for trap in question.traps)]
    words = {word.strip(".,;:!?()`'\"") for text in said for word in text.split()}
    if f"{answer.value:g}" in words:
        tried.notes.append(f"{question.name}: a hint or reply holds the answer, {answer.value:g}")


class _Listener:
    """Keeps what the checks of the notebook hear before anybody has typed anything."""

    def __init__(self, mine: pd.DataFrame | None) -> None:
        self.heard: dict[str, Plain] = {}
        self._mine = mine

    def check(self, name: str, answer: object) -> None:
        if answer is not ...:
            try:
                self.heard[name] = plain(answer)
            except NotPlainError:
                return

    def load(self, chapter: str) -> pd.DataFrame:
        if self._mine is None:
            raise ExerciseError(f"chapter {chapter} has no data of your own")
        return self._mine.copy()


def _untouched(
    exercise: Exercise, mine: pd.DataFrame | None, solved: dict[str, Solved], tried: Tried
) -> None:
    """Run the notebook as it is handed out: nothing in it may be right, or stop with an error."""
    hears, variables, question = _Listener(mine), {"__name__": "__main__"}, ""
    nameless: set[str] = set()
    for cell in stripped(exercise)["cells"]:
        code = "".join(cell["source"])
        if cell["cell_type"] == "markdown":
            question = next((n for n in exercise.questions if code.startswith(f"**{n}")), question)
            continue
        nameless |= set() if code else {question}
        try:
            with listening(hears), redirect_stdout(StringIO()):
                exec(compile(code, f"<{exercise.name}>", "exec"), variables)
        except (Exception, SystemExit) as error:
            if question in tried.asked or not question:
                first = code.partition("\n")[0]
                tried.notes.append(
                    f"{question or 'the beginning'}: before it is answered, {first!r} stops with "
                    f"{type(error).__name__}: {error}"
                )
    for asked in tried.questions:
        one = solved.get(asked.name)
        if one and not asked.rubric and _is_right(hears.heard.get(asked.name), one):
            tried.faults.append(
                f"{asked.name}: no answer can fail: its check is right before anything is typed; "
                "let it read the name that the solution sets"
            )
        elif asked.name in nameless:
            tried.faults.append(
                f"{asked.name}: nobody can answer: the solution sets no name that its check reads "
                f"({asked.asks})"
            )


def _is_right(answer: Plain | None, solved: Solved) -> bool:
    return answer is not None and judge(answer, key_of(solved)).right
