"""The open answers of a class as somebody reads them, each level on the disk as it is given."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from crmlab._words import _
from crmlab.classroom.source import RUBRIC_LEVELS, Exercise, Question
from crmlab.errors import CrmlabError
from crmlab.grading.paper import defused
from crmlab.grading.sheet import agreement, held, open_levels, read_sheet, write_sheet

# Answers that share so many of their pieces of four letters are shown together.
ALIKE = 0.5
_PIECE = 4
_LONGEST = 2_000


class DeskError(CrmlabError):
    """What was asked of the desk cannot be done; nothing is changed."""


@dataclass
class Desk:
    """The sheet of open answers, for the first or the second of two who read them.

    The second does not see what the first gave; the first sees it once both have decided. Several
    people may read at once, each at a desk of their own: the sheet is held while it is written, and
    what somebody else gave meanwhile is never replaced unseen.
    """

    path: Path
    students: Mapping[str, str]
    asked: Mapping[str, Question]
    second: bool = False

    @classmethod
    def at(
        cls,
        path: Path,
        students: Mapping[str, str],
        exercises: Iterable[Exercise],
        *,
        second: bool = False,
    ) -> Desk:
        """Return the desk for the sheet at `path`, unless there is none or it has faults."""
        if not path.is_file():
            raise DeskError(f"there is no {path}; `crmlab course grade` writes it")
        open_levels(path, students)
        asked = {name: each for exercise in exercises for name, each in exercise.questions.items()}
        return cls(path, students, asked, second)

    @property
    def _mine(self) -> tuple[str, str]:
        """The columns of whoever reads here."""
        return ("second_level", "second_comment") if self.second else ("level", "comment")

    def questions(self) -> Iterator[dict[str, Any]]:
        """Yield each question with how many answers it has, and how many wait for this reader."""
        sheet, mine = self._sheet(), self._mine[0]
        agreed = agreement(open_levels(self.path, self.students)).set_index("question")
        for name, rows in sheet.groupby("question", sort=False):
            yield {
                "name": name,
                "objective": self.asked[str(name)].objective if name in self.asked else "",
                "answers": len(rows),
                "waiting": int((rows[mine] == "").sum()),
                "agreed": agreed.loc[name].to_dict() if name in agreed.index else None,
            }

    def page(self, question: str) -> dict[str, Any]:
        """Return a question, its rubric, and its answers, those alike together.

        Raises
        ------
        DeskError
            If nobody was asked this question.
        """
        sheet = self._sheet()
        rows = sheet[sheet["question"] == question].to_dict("records")
        if not rows:
            raise DeskError(f"nobody answered {question!r}")
        asked = self.asked.get(question)
        rubric = [*asked.rubric] if asked else str(rows[0]["rubric"]).splitlines()
        groups = alike([str(row["answer"]) for row in rows])
        level, comment = self._mine
        cards = [
            {
                "student": rows[place]["student_id"],
                "answer": rows[place]["answer"],
                "of": rows[place]["of"],
                "level": rows[place][level],
                "comment": rows[place][comment],
                "other": self._other(rows[place]),
                "group": number if len(group) > 1 else 0,
                "size": len(group),
            }
            for number, group in enumerate(groups, 1)
            for place in group
        ]
        prompt = asked.prompt.replace("**", "") if asked else question
        return {"question": question, "prompt": prompt, "rubric": rubric, "cards": cards}

    def _other(self, row: Mapping[Any, Any]) -> str:
        """Return the second reader's level, where the first may see it and it differs."""
        both = not self.second and row["level"] and row["second_level"]
        return row["second_level"] if both and row["second_level"] != row["level"] else ""

    def give(
        self,
        question: str,
        student: str,
        of: str,
        level: int | None,
        comment: str,
        *,
        was: tuple[str, str],
    ) -> dict[str, Any]:
        """Write one level and comment to the disk; return what the page should know.

        `was` is the level and the comment that the page showed before.

        Raises
        ------
        DeskError
            If the level cannot be, the answer is not the one that was read, or somebody else gave
            it another level or comment meanwhile.
        """
        if level is not None and level not in range(RUBRIC_LEVELS + 1):
            raise DeskError(
                _("a level is 0 to {most}, not {level}").format(most=RUBRIC_LEVELS, level=level)
            )
        new = "" if level is None else str(level), defused(comment.strip()[:_LONGEST]).strip()
        with held(self.path):
            sheet = self._sheet()
            here = (sheet["question"] == question) & (sheet["student_id"] == student)
            if not (here & (sheet["of"] == of)).any():
                raise DeskError(_("this answer has changed, or is gone; load the page again"))
            now = tuple(sheet.loc[here, [*self._mine]].iloc[0])
            if now not in (was, new):
                meanwhile = _(
                    "somebody else reads here too, and meanwhile gave the level {level} and the "
                    "comment {comment}; load the page again"
                )
                raise DeskError(meanwhile.format(level=now[0] or "–", comment=now[1] or "–"))
            sheet.loc[here, [*self._mine]] = [*new]
            write_sheet(self.path, sheet)
        mine = sheet.loc[sheet["question"] == question, self._mine[0]]
        other = self._other(sheet[here].to_dict("records")[0])
        waits = int((mine == "").sum())
        return {"waiting": waits, "answers": len(mine), "other": other, "comment": new[1]}

    def _sheet(self) -> pd.DataFrame:
        return read_sheet(self.path, self.students)


def alike(texts: Sequence[str], least: float = ALIKE) -> list[list[int]]:
    """Return the places of texts in groups: in one are those alike, and what is like them.

    Two texts are as alike as their pieces of four letters: those in both over those in either.
    Large groups come first, and single texts last.

    Examples
    --------
    >>> alike(["Write to gold only.", "It depends.", "Write to gold only!"])
    [[0, 2], [1]]
    """
    pieces = [_pieces(text) for text in texts]
    group = [*range(len(texts))]
    for one, mine in enumerate(pieces):
        for other in range(one):
            if group[one] != group[other] and _share(mine, pieces[other]) >= least:
                old, new = max(group[one], group[other]), min(group[one], group[other])
                group = [new if each == old else each for each in group]
    found: dict[int, list[int]] = {}
    for place, each in enumerate(group):
        found.setdefault(each, []).append(place)
    return sorted(found.values(), key=lambda places: (-len(places), places))


def _pieces(text: str) -> set[str]:
    """Return a text's pieces; case, width, marks and blanks do not count."""
    plain = unicodedata.normalize("NFKC", text).casefold()
    plain = "".join(each for each in plain if each.isalnum())
    return {plain[start : start + _PIECE] for start in range(max(1, len(plain) - _PIECE + 1))}


def _share(one: set[str], other: set[str]) -> float:
    return len(one & other) / len(one | other)
