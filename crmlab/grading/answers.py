"""What each student should find: the expected answers on their own data, for assistants."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pandas as pd

from crmlab.classroom.bundle import own_data
from crmlab.classroom.solve import solve_for
from crmlab.grading.course import Course
from crmlab.grading.marks import shown_as

COLUMNS = ["assignment", "question", "student_id", "name", "own", "points", "answer", "rubric"]


def expected(
    course: Course, roster: Mapping[str, str], chapters: Sequence[str] = ()
) -> pd.DataFrame:
    """Return the right answer of every student to every question.

    Parameters
    ----------
    course : Course
        Whose key decides who has which data.
    roster : mapping
        Names by student id.
    chapters : sequence of str, optional
        Only these, such as "06".

    Returns
    -------
    DataFrame, one row per chapter, question and student
        assignment, question, student_id, name : str
        own : str, "yes" where the answer is this student's alone
        points : float
        answer : str, as the gradebook shows answers; that of the model for an open question
        rubric : str, its levels

    Raises
    ------
    CourseError
        If the course has no such chapter.
    """
    rows = []
    for exercise in course.exercises(chapters):
        for student, name in roster.items():
            mine = own_data(exercise, course.key, student)
            for question, solved in solve_for(exercise, mine).items():
                asked = solved.question
                own, rubric = "yes" if asked.own else "no", " | ".join(asked.rubric)
                answer = shown_as(solved.answer)
                who = [exercise.name, question, student, name]
                rows.append([*who, own, asked.points, answer, rubric])
    table = pd.DataFrame(rows, columns=COLUMNS)
    return table.sort_values(COLUMNS[:3], ignore_index=True, kind="stable")
