"""`crmlab course …`: what an instructor types."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from crmlab.grading.course import Course

_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
_FOLDER = click.Path(exists=True, file_okay=False, path_type=Path)
_OUT = click.Path(file_okay=False, path_type=Path)
_JOBS = click.IntRange(1)
_course = click.option(
    "--course",
    "course_file",
    default="course.yaml",
    show_default=True,
    type=click.Path(path_type=Path),
    help="What the course is called, its key, dates and rules.",
)


@click.group()
def course() -> None:
    """Hand out exercises with own data, and grade what comes back."""


@course.command()
@click.argument("roster", type=_FILE)
@click.option("--out", default="release", show_default=True, type=_OUT, help="Where zips go.")
@click.option("--chapter", "chapters", multiple=True, help="Only this one, such as 06; repeatable.")
@click.option("--add", is_flag=True, help="Add those of ROSTER who are new, and write only theirs.")
@_course
def release(
    roster: Path, out: Path, chapters: tuple[str, ...], add: bool, course_file: Path
) -> None:
    """Write one zip for each student of ROSTER.

    ROSTER is a CSV or Excel file with student_id and name (or 学号 and 姓名), or a list of
    participants as Moodle or Canvas exports it. It is kept as roster.csv beside the course file;
    who joins late is added to it with --add. Without a course file one is made, with a fresh key:
    keep it, grading needs it.
    """
    from crmlab.grading.course import found_course
    from crmlab.grading.release import release as released
    from crmlab.grading.roster import NAME, joined, read_students, write_roster

    kept = course_file.with_name(NAME)
    students, everybody = joined(kept, read_students(roster), add=add)
    if not students:
        click.echo(f"Nobody in {roster.name} is new; {kept} is as it was.")
        return
    if not course_file.exists():
        click.echo(f"{course_file} is made with a fresh key: keep it, and keep it to yourself.")
    made = found_course(course_file, roster.resolve().parent.name)
    if not chapters and not made.chapters:
        every = len(made.exercises())
        click.echo(f"All {every} chapters are sealed; --chapter 06, or chapters in {course_file}, "
                   "would be sooner done.")  # fmt: skip
    named = {each.id: each.name for each in students}
    with click.progressbar(released(made, named, out, chapters=chapters), length=len(named)) as bar:
        for _ in bar:
            pass
    if len(everybody) > len(students) or not kept.exists():
        write_roster(kept, everybody)
    click.echo(f"{len(students)} zips in {out}")


@course.command()
@click.argument("download", type=click.Path(exists=True, path_type=Path))
@click.option("--out", default="submissions", show_default=True, type=_OUT, help="Where they go.")
@click.option("--roster", type=_FILE, help="By default roster.csv beside the course file.")
@_course
def collect(download: Path, out: Path, roster: Path | None, course_file: Path) -> None:
    """Sort DOWNLOAD into a folder per student, ready to be graded.

    DOWNLOAD is what Moodle or Canvas packs ("Download all submissions"), or any folder or zip with
    a folder, a zip or a notebook per student. Students are told by id, the platform's number,
    login, e-mail or name. What cannot be told is named here and in collected.csv.
    """
    from crmlab.grading.collect import collect as collected
    from crmlab.grading.collect import write_collected
    from crmlab.grading.course import read_course
    from crmlab.grading.paper import legible
    from crmlab.grading.roster import read_students

    made = read_course(course_file)
    chapters = [each.name for each in made.exercises()]
    students = read_students(roster or _beside(course_file))
    taken = collected(download, students, chapters, together=made.together)
    for line in write_collected(taken, out):
        click.echo(legible(line, 400, lines=False), err=True)
    used = [each for each in taken if each.used]
    people = {each.student for each in used}
    click.echo(f"{len(used)} notebooks of {len(people)} of {len(students)} students are in {out}")
    if none := [each.id for each in students if each.id not in people]:
        click.echo(f"Nothing came from {len(none)}: {', '.join(none)}")


@course.command()
@click.argument("submissions", type=_FOLDER)
@click.option("--out", default="grades", show_default=True, type=_OUT, help="Where marks go.")
@click.option("--roster", type=_FILE, help="By default roster.csv beside the course file.")
@click.option("--jobs", type=_JOBS, help="Submissions at a time; by default one per core.")
@click.option(
    "--times",
    type=click.Path(exists=True, path_type=Path),
    help="Who handed in when: your platform's list (student_id, chapter, handed_in) as CSV, or "
    "nbgrader's folder. By default what `collect` wrote, else the files' own times, which a "
    "student can set.",
)
@click.option("--unsafe-no-sandbox", "unsafe", is_flag=True, help="Run student code unboxed.")
@_course
def grade(
    submissions: Path,
    out: Path,
    roster: Path | None,
    jobs: int | None,
    times: Path | None,
    unsafe: bool,
    course_file: Path,
) -> None:
    """Grade SUBMISSIONS (<student_id>/NN_topic.ipynb or <student_id>.zip) into --out.

    What was graded before and has not changed is not graded again. Open answers wait in open.csv:
    write a level from 0 to 3 beside each, and run the command once more.
    """
    from crmlab.grading.box import UNPROTECTED, require_system

    require_system()
    from crmlab.grading.grade import grade as graded
    from crmlab.grading.grade import plan
    from crmlab.grading.paper import legible
    from crmlab.grading.peers import PEERS, peer_levels
    from crmlab.grading.reports import write_reports
    from crmlab.grading.roster import read_students
    from crmlab.grading.sheet import OPEN, open_levels
    from crmlab.grading.submission import strangers
    from crmlab.grading.times import NAME, read_times

    made = _read(course_file)
    listed = read_students(roster or _beside(course_file))
    made = made.taught_to(listed)
    students = {each.id: each.name for each in listed}
    open_levels(out / OPEN, {*students})  # refused now rather than after all is graded
    peer_levels(out / PEERS, {*students})
    collected = submissions / NAME
    if times is None and made.times is None and collected.is_file():
        times = collected
    when = read_times(times, made.zone, listed) if times else made.handed_in(listed)
    for name in strangers(submissions, {*students}):
        click.echo(f"Not on the roster, left out: {legible(name, 200, lines=False)}", err=True)
    if unsafe:
        click.echo(f"Running without a box. {UNPROTECTED}", err=True)
    what = plan(made, students, submissions, out, unsafe=unsafe, times=when)
    with click.progressbar(graded(what, jobs=jobs), length=len(what.work)) as bar:
        marked = [*bar]
    for line in write_reports(what, marked, students):
        click.echo(line)


@course.command()
@click.option("--out", default="grades", show_default=True, type=_OUT, help="Where marks are.")
@click.option("--second", is_flag=True, help="Read as the second of two, blind to the first.")
@click.option("--no-browser", is_flag=True, help="Only print the address.")
@click.option("--port", default=0, type=click.IntRange(0, 65535), help="By default a free one.")
@click.option("--roster", type=_FILE, help="By default roster.csv beside the course file.")
@_course
def mark(
    out: Path, second: bool, no_browser: bool, port: int, roster: Path | None, course_file: Path
) -> None:
    """Read open answers in the browser, and give their levels by keyboard.

    The page is for this machine alone, and its address opens once. Every level is written to
    open.csv as it is given. Names are not shown.
    """
    import webbrowser

    from crmlab.grading.desk import Desk
    from crmlab.grading.marking import Marking
    from crmlab.grading.roster import read_roster
    from crmlab.grading.sheet import OPEN

    exercises = _read(course_file).exercises()
    students = read_roster(roster or _beside(course_file))
    desk = Desk.at(out / OPEN, students, exercises, second=second)
    with Marking(desk, port=port) as server:
        click.echo(f"Open once: {server.address}\nCtrl-C ends it; what was given is saved.")
        if not no_browser:
            webbrowser.open(server.address)
        try:
            server.serve_forever()
        except KeyboardInterrupt:
            click.echo("Run crmlab course grade once more for the gradebook.")


@course.command()
@click.argument("chapters", nargs=-1)
@click.option("--out", default="answers.csv", show_default=True, type=click.Path(path_type=Path))
@click.option("--roster", type=_FILE, help="By default roster.csv beside the course file.")
@_course
def answers(chapters: tuple[str, ...], out: Path, roster: Path | None, course_file: Path) -> None:
    """Write what each student should find, for those who help them.

    One line per student and question of CHAPTERS (such as 06), or of all: the right answer on that
    student's own data, or the rubric of an open question. Keep the file to yourself.
    """
    from crmlab.grading.answers import expected
    from crmlab.grading.roster import read_roster
    from crmlab.grading.sheet import write_table

    made = _read(course_file)
    students = read_roster(roster or _beside(course_file))
    table = expected(made, students, chapters)
    write_table(table, out)
    click.echo(f"{len(table)} answers of {len(students)} students are in {out}")


def _read(course_file: Path) -> Course:
    """Return the course, and speak its language until the command ends."""
    from crmlab.grading.course import read_course

    made = read_course(course_file)
    click.get_current_context().with_resource(made.spoken())
    return made


def _beside(course_file: Path) -> Path:
    path = course_file.with_name("roster.csv")
    if not path.is_file():
        raise click.ClickException(f"there is no {path}; name the roster with --roster")
    return path


@course.command()
@click.argument("chapter")
@click.option("--worlds", default=500, show_default=True, type=click.IntRange(2), help="How many.")
@click.option("--out", default="study", show_default=True, type=_OUT, help="Where tables go.")
@click.option("--jobs", type=_JOBS, help="Processes at a time; by default one per core.")
def study(chapter: str, worlds: int, out: Path, jobs: int | None) -> None:
    """Rerun the own-data questions of CHAPTER in many worlds.

    CHAPTER is one of the kit's, such as 06_rfm, or the file of an exercise of your own. Writes
    every answer, a summary with bias against the truth and coverage of the interval, and a
    figure. A run that was cut short goes on where it stopped; after a change of the source all
    is computed anew.
    """
    from crmlab.classroom.source import find
    from crmlab.classroom.unseen import read_own
    from crmlab.grading.study import draw_study, fingerprint, read_answers, summary
    from crmlab.grading.study import study as studied

    path = Path(chapter)
    own = path.suffix == ".py"
    exercise, among = read_own(path) if own else (find(chapter), [])
    name = path.stem if own else exercise.name
    kept = out / f"{name}.csv"
    with click.progressbar(length=worlds) as bar:
        for more in studied(exercise, kept, worlds=worlds, among=among, jobs=jobs):
            bar.update(more)
    found = read_answers(kept, fingerprint(exercise, among)).query("seed < @worlds")
    if found.empty:
        raise click.ClickException(f"{name} asks for no number about own data")
    table = summary(found)
    table.to_csv(out / f"{name}_summary.csv", index=False, encoding="utf-8-sig")
    draw_study(found).savefig(out / f"{name}.png")
    click.echo(table.round(4).to_string(index=False))
    for asked, truths in zip(table["question"], table["truths"], strict=True):
        truth = exercise.questions[str(asked)].study.get("truth")
        if truth and int(truths) < worlds:
            click.echo(f"{asked}: {worlds - int(truths)} worlds without {truth} are left out")
    click.echo(f"Tables and figure are in {out}")


@course.command("try")
@click.argument("source", type=click.Path(path_type=Path))
@click.option("--students", default=30, show_default=True, type=click.IntRange(2))
@click.option("--notebook", type=click.Path(dir_okay=False, path_type=Path),
              help="Write what students get, to look at it.")  # fmt: skip
def try_source(source: Path, students: int, notebook: Path | None) -> None:
    """Run SOURCE, an exercise of your own, as a class would meet it.

    Everything that is wrong is told at once: attributes nobody reads, worlds and solutions that
    fail, wrong answers that are right, answers that do not differ, checks that no answer can fail.
    """
    from crmlab.classroom.strip import notebook_text
    from crmlab.grading.paper import legible, write_whole
    from crmlab.grading.tryout import try_out

    tried = try_out(source, students=students)
    if tried.exercise:
        points = sum(each.points for each in tried.questions)
        minutes = sum(each.minutes for each in tried.questions)
        line = f"{len(tried.asked)} questions, {points:g} points, about {minutes:g} minutes"
        beside = len(tried.exercise.questions) - len(tried.asked)
        besides = f"; asked besides the {beside} of {tried.exercise.name}" if beside else ""
        click.echo(f"{source.name}: {line}{besides}")
        for row in tried.rows:
            click.echo(
                f"  {row['question']}: {row['different']} different answers of {row['students']} "
                f"students, such as {row['one answer']}"
            )
        if notebook:
            write_whole(notebook, notebook_text(tried.exercise))
            click.echo(f"What students get is in {notebook}")
    for what, lines in (("Worth a look", tried.notes), ("To mend", tried.faults)):
        for line in lines:
            click.echo(f"{what}: {legible(line, 600)}")
    if tried.faults:
        raise click.ClickException(f"{source.name} has {len(tried.faults)} faults")
    click.echo(f"A class of {students} meets no fault in it.")
