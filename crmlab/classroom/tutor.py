"""check, hint and load_mine: help on the spot, in practice and in a released bundle."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, nullcontext
from functools import cache
from pathlib import Path
from types import MappingProxyType

import pandas as pd

from crmlab._words import N_, _, is_chosen, language, ngettext, sentences, speaking
from crmlab.classroom import bundle, record
from crmlab.classroom.judge import Verdict, judge, key_of
from crmlab.classroom.listening import listener
from crmlab.classroom.plain import NotPlainError, Plain, plain
from crmlab.classroom.solve import PRACTICE_KEY, Solved, solve
from crmlab.classroom.source import Question, find, number_of
from crmlab.errors import CrmlabError

__all__ = ["check", "hint", "load_mine"]

_THE_KEY = object()
_FEWEST_WORDS = 10
# A word, or a Chinese character, which is one too.
_WORD = re.compile(r"[\u4e00-\u9fff]|[^\W\u4e00-\u9fff]+")


def check(question: str, answer: object, against: object = _THE_KEY) -> None:
    """Say whether `answer` is right, and if not, what kind of wrong it is.

    Parameters
    ----------
    question : str
        The question's number, such as "06.3"; in a chapter a letter, such as "06.b".
    answer : number, text, list or table
        What you found. Rows may stand in any order; numbers need four digits, and may be typed
        as "50%", "1,200" or "¥300".
    against : number, text, list or table, optional
        What the answer should be, where the reader of a chapter sees it: three rows added up by
        hand, say. Such a check is not counted. Without it the exercise's solution is asked.

    Raises
    ------
    CrmlabError
        If there is no such question.

    Examples
    --------
    >>> check("06.b", ..., 0.6)
    06.b · not typed yet: write what belongs in place of the three dots, and run the cell again.
    Until then, cells below that use it stop with an error.
    >>> check("06.b", 60, 0.6)
    06.b · not yet. unit: your number is 100 times the answer. Is it a percent, or in cents?
    """
    hears = listener()
    if against is not _THE_KEY:
        print(f"{question} · {_compared(question, answer, against)}")
    elif hears is not None:
        hears.check(question, answer)
    else:
        with _as_released(question):
            print(f"{question} · {_reply(question, answer)}")


def _compared(question: str, answer: object, against: object) -> str:
    """Word the verdict on a cell of a chapter that its reader completes."""
    if answer is ...:
        return _(
            "not typed yet: write what belongs in place of the three dots, and run the cell again."
            "\nUntil then, cells below that use it stop with an error."
        )
    try:
        given = plain(answer)
    except NotPlainError as error:
        return _("not yet: {why}").format(why=error)
    wanted = Solved(Question(question, "", ""), plain(against), (), {})
    return _worded(question, judge(given, key_of(wanted)), more=0)


def _reply(question: str, answer: object) -> str:
    """Judge one answer, note it in the record, and word what to say."""
    task = _task(question)
    if answer is ... or (isinstance(answer, str) and not answer.strip()):
        return _("not answered yet: replace ... with your work.")
    try:
        given = plain(answer)
    except NotPlainError as error:
        return _("not yet: {why}").format(why=error)
    if task.key is None:
        return _open(question, given, task.rubric)
    verdict = judge(given, task.key)
    record.note(question, right=verdict.right)
    return _worded(question, verdict, more=len(task.hints), earns=task.partial)


def _open(question: str, given: Plain, rubric: tuple[str, ...]) -> str:
    """Take an answer that a person reads."""
    text = str(given.value) if given.kind == "text" else ""
    words = len(_WORD.findall(text))
    record.note(question, right=False, waits=words >= _FEWEST_WORDS)
    if not text:
        return _("write your answer as a text in quotes.")
    if words < _FEWEST_WORDS:
        said = ngettext(
            "{n} word says too little: write at least {fewest}, and your reasons.",
            "{n} words say too little: write at least {fewest}, and your reasons.",
            words,
        )
        return said.format(n=words, fewest=_FEWEST_WORDS)
    levels = "\n".join(f"  {n} · {level}" for n, level in enumerate(rubric, 1))
    said = _("{n} words. This one waits for your teacher. Which level is it?").format(n=words)
    return f"{said}\n{levels}"


def _worded(
    question: str, verdict: Verdict, *, more: int, earns: Mapping[str, float] = MappingProxyType({})
) -> str:
    """Return the one line that a student reads."""
    if verdict.right:
        return verdict.reply
    left = more and more - record.hints_of(question)
    advice = _('Need a hint? hint("{question}")').format(question=question) if left > 0 else ""
    share = earns.get(verdict.kind, 0)
    part = _("As it stands it earns {share} of the points.").format(share=share_in_words(share))
    kind = _(_KINDS.get(verdict.kind, ""))
    return sentences(_("not yet."), f"{kind}{verdict.reply}", part if share else "", advice)


_KINDS = {
    "shape": N_("shape: "),
    "unit": N_("unit: "),
    "rounded": N_("rounding: "),
    "short": N_("rounding: "),
}


def share_in_words(share: float) -> str:
    """Return two thirds for 2/3, and so on; a percent where there is no such word."""
    words = {1 / 3: _("a third"), 1 / 2: _("half"), 2 / 3: _("two thirds")}
    return next((word for part, word in words.items() if abs(part - share) < 0.01), f"{share:.0%}")


def hint(question: str) -> None:
    """Give the next hint of `question`; each call gives one more, none gives the answer.

    Parameters
    ----------
    question : str, its number, such as "07.3"
    """
    if listener() is None:
        with _as_released(question):
            _hint(question)


def _hint(question: str) -> None:
    hints = _task(question).hints
    taken = record.hints_of(question)
    if taken < len(hints):
        record.note_hint(question)
        said = _("{question} · hint {n} of {total}: {hint}")
        print(said.format(question=question, n=taken + 1, total=len(hints), hint=hints[taken]))
    elif hints:
        again = " | ".join(hints)
        print(_("{question} · all hints again: {hints}").format(question=question, hints=again))
    else:
        print(_("{question} · this question has no hint.").format(question=question))


def load_mine(chapter: str) -> pd.DataFrame:
    """Return the data of `chapter` that only you have.

    In the folder you were given these are your own; elsewhere they are practice data, the same
    for everybody.

    Parameters
    ----------
    chapter : str
        The chapter's number, such as "06".

    Returns
    -------
    DataFrame
        What the exercise says; a new copy at each call.

    Raises
    ------
    CrmlabError
        If the chapter has no exercise, or no data of its own.
    """
    hears = listener()
    if hears is not None:
        return hears.load(chapter)
    mine = bundle.here(Path.cwd())
    if mine is not None and (mine.folder / bundle.data_name(chapter)).is_file():
        return mine.data(chapter)
    data = bundle.own_data(find(chapter), PRACTICE_KEY, "")
    if data is None:
        raise CrmlabError(f"chapter {chapter} has no data of your own")
    print(_("These are practice data, the same for everybody."))
    return data


@contextmanager
def _as_released(question: str) -> Iterator[None]:
    """Speak the language of the exercise that was handed out, unless the reader chose one."""
    mine = None if is_chosen() else bundle.here(Path.cwd())
    spoken = mine.languages.get(number_of(question)) if mine else None
    with speaking(spoken) if spoken else nullcontext():
        yield


def _task(question: str) -> bundle.Task:
    """Return what is known of a question: from the bundle here, or else from the solution."""
    mine = bundle.here(Path.cwd())
    if mine is not None and question in mine.tasks:
        return mine.tasks[question]
    tasks = practice(number_of(question))
    if question not in tasks:
        raise CrmlabError(f"there is no question {question!r}; there are {sorted(tasks)}")
    return tasks[question]


def practice(chapter: str) -> dict[str, bundle.Task]:
    """Run a chapter's solution on the practice data, once a session in each language."""
    return _practice(chapter, language())


@cache
def _practice(chapter: str, spoken: str) -> dict[str, bundle.Task]:
    exercise = find(chapter)
    solved = solve(exercise, bundle.own_data(exercise, PRACTICE_KEY, ""))
    return {
        name: bundle.Task(
            None if each.question.rubric else key_of(each),
            each.question.objective,
            each.question.hints,
            each.question.rubric,
            each.question.partial,
        )
        for name, each in solved.items()
    }
