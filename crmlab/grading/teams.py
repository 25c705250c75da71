"""Where a chapter is handed in together, one notebook counts for everybody in the group."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from crmlab.grading.course import Course
from crmlab.grading.marks import Marked

_UNANSWERED = {"missing", "refused", "ungraded"}


def shared(
    marked: Sequence[Marked], course: Course, digests: Mapping[tuple[str, str], str]
) -> tuple[list[Marked], list[str]]:
    """Return everybody's marks, those of a group's notebook for each member, and what to tell.

    Of several notebooks the one handed in last counts, of those in which anything is answered; of
    copies the one that earned most, since each is graded on its owner's data.

    Parameters
    ----------
    marked : sequence of Marked
        Each notebook on its own.
    course : Course
        Says which chapters are handed in together, and who is in which group.
    digests : mapping
        What tells one notebook from another, by student and chapter; missing or "" for none.
    """
    out, told = [], []
    groups: dict[tuple[str, str], list[Marked]] = {}
    for each in marked:
        group = course.team_of(each.student, each.chapter)
        groups.setdefault((each.chapter, group or f"\0{each.student}"), []).append(each)
    for (chapter, group), members in groups.items():
        if len(members) == 1 or not any(each.handed_in for each in members):
            out += members
            continue
        counts = max(members, key=_rank)
        copies = {each.student: digests.get((each.student, chapter), "") for each in members}
        # Of copies one name stands for all, whichever of them earned most.
        mine = copies[counts.student]
        by = min(student for student, digest in copies.items() if digest == mine)
        out += [replace(counts, student=each.student, by=by, group=group) for each in members]
        told += _others(by, chapter, group, [s for s, d in copies.items() if d not in ("", mine)])
    order = {(each.student, each.chapter): place for place, each in enumerate(marked)}
    return sorted(out, key=lambda each: order[each.student, each.chapter]), told


def _rank(each: Marked) -> tuple[bool, str, float]:
    answered = any(mark.kind not in _UNANSWERED for mark in each.marks)
    return answered, each.handed_in, each.score


def _others(by: str, chapter: str, group: str, others: Sequence[str]) -> Iterator[str]:
    """Yield which notebooks of a group do not count."""
    if others:
        yield (
            f"{group}: {chapter} of {by} counts for all; {' and '.join(sorted(others))} "
            "handed in another"
        )
