"""Grading 200 notebooks: seconds each, beside otter-grader and nbgrader where they are found.

Ours runs every notebook in a box and in parallel; the peers run theirs unboxed (neither isolates
without Docker), one after the other, on the same questions. Set CRMLAB_PEERS to the folder of
programs of an environment that has otter-grader and nbgrader.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path
from time import perf_counter

import nbformat
import pandas as pd
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from crmlab.classroom.source import read
from crmlab.classroom.strip import stripped
from crmlab.grading.course import Course
from crmlab.grading.grade import grade, plan

NOTEBOOKS = int(os.environ.get("CRMLAB_NOTEBOOKS", "200"))
PEER_NOTEBOOKS = 5
FASTER_THAN_PEERS = 4
SOURCE = Path(__file__).parents[1] / "exercises" / "source" / "07_pyramid.py"
KERNEL = {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}}
SETUP = (
    "import numpy as np, pandas as pd, seaborn as sns\nframe = pd.DataFrame({'x': np.arange(9)})"
)
QUESTIONS = {"mean": "frame['x'].mean()", "total": "frame['x'].sum()", "most": "frame['x'].max()"}


def ours(folder: Path) -> float:
    """Return the seconds per notebook of one chapter's exercise, all questions solved."""
    exercise = read(SOURCE)
    notebook = stripped(exercise)
    code = [cell.text for cell in exercise.cells if cell.kind == "code"]
    cells = [text for text in code if "def world" not in text]
    meta = {"cell_type": "code", "metadata": {}, "outputs": [], "execution_count": None}
    notebook["cells"] = [{**meta, "source": text} for text in cells]
    roster = {f"s{number:03d}": "" for number in range(NOTEBOOKS)}
    for student in roster:
        (folder / "in" / student).mkdir(parents=True)
        path = folder / "in" / student / f"{exercise.name}.ipynb"
        path.write_text(json.dumps(notebook), encoding="utf-8")
    course = Course(key="k" * 16, chapters=(exercise.chapter,), folder=folder)
    began = perf_counter()
    marked = [*grade(plan(course, roster, folder / "in", folder / "out"))]
    seconds = (perf_counter() - began) / NOTEBOOKS
    assert all(each.score == marked[0].score > 0 and not each.reason for each in marked)
    return seconds


def program(name: str) -> str | None:
    """Return where a peer's program is, if it is anywhere."""
    return shutil.which(name, path=os.environ.get("CRMLAB_PEERS", os.environ["PATH"]))


def run(*command: str, cwd: Path) -> None:
    # The peers call programs that stand beside their own.
    path = os.pathsep.join([str(Path(command[0]).parent), os.environ["PATH"]])
    done = subprocess.run(
        command,
        cwd=cwd,
        capture_output=True,
        encoding="utf-8",
        check=False,
        env={**os.environ, "PATH": path},
    )
    if done.returncode:
        raise RuntimeError(f"{' '.join(command)}: {done.stderr[-2_000:]}")


def nbgrader(folder: Path) -> Iterator[float]:
    """Yield the seconds of each notebook that `nbgrader autograde` takes."""
    tool = program("nbgrader")
    if tool is None:
        return
    cells = [new_code_cell(SETUP)]
    for name, answer in QUESTIONS.items():
        marks = {"schema_version": 3, "locked": False}
        solution = {**marks, "grade": False, "solution": True, "grade_id": name, "task": False}
        test = {**marks, "grade": True, "solution": False, "points": 1, "task": False}
        code = f"### BEGIN SOLUTION\n{name} = {answer}\n### END SOLUTION"
        cells.append(new_code_cell(code, metadata={"nbgrader": solution}))
        meta = {"nbgrader": {**test, "grade_id": f"test-{name}", "locked": True}}
        cells.append(new_code_cell(f"assert {name} == {answer}", metadata=meta))
    made = new_notebook(cells=cells, metadata=KERNEL)
    (folder / "source" / "ps1").mkdir(parents=True)
    nbformat.write(made, folder / "source" / "ps1" / "p.ipynb")
    run(tool, "generate_assignment", "ps1", cwd=folder)
    solved = (folder / "source" / "ps1" / "p.ipynb").read_bytes()
    for number in range(PEER_NOTEBOOKS):
        student = folder / "submitted" / f"s{number}" / "ps1"
        student.mkdir(parents=True)
        (student / "p.ipynb").write_bytes(solved)
        began = perf_counter()
        run(tool, "autograde", "ps1", "--student", f"s{number}", cwd=folder)
        yield perf_counter() - began


def otter(folder: Path) -> Iterator[float]:
    """Yield the seconds of each notebook that `otter run` takes."""
    tool = program("otter")
    if tool is None:
        return

    def raw(text: str) -> nbformat.NotebookNode:
        return nbformat.v4.new_raw_cell(text)

    cells = [raw("# ASSIGNMENT CONFIG\ninit_cell: true\nenvironment: false"), new_code_cell(SETUP)]
    for name, answer in QUESTIONS.items():
        cells += [raw(f"# BEGIN QUESTION\nname: {name}\npoints: 1"), new_markdown_cell(name)]
        cells += [raw("# BEGIN SOLUTION"), new_code_cell(f"{name} = {answer} # SOLUTION")]
        cells += [raw("# END SOLUTION"), raw("# BEGIN TESTS")]
        cells += [new_code_cell(f"assert {name} == {answer}")]
        cells += [raw("# END TESTS"), raw("# END QUESTION")]
    folder.mkdir(parents=True)
    nbformat.write(new_notebook(cells=cells, metadata=KERNEL), folder / "hw.ipynb")
    run(tool, "assign", "hw.ipynb", "dist", "--no-run-tests", cwd=folder)
    (archive,) = (folder / "dist" / "autograder").glob("*.zip")
    solved = folder / "dist" / "autograder" / "hw.ipynb"
    for _ in range(PEER_NOTEBOOKS):
        began = perf_counter()
        run(tool, "run", "-a", str(archive), str(solved), cwd=folder)
        yield perf_counter() - began


def main() -> None:
    rows = []
    with tempfile.TemporaryDirectory(prefix="crmlab-bench-") as made:
        folder = Path(made)
        seconds = {"crmlab": [ours(folder / "crmlab")]}
        for peer in (otter, nbgrader):
            seconds[peer.__name__] = [*peer(folder / peer.__name__)]
    for name, each in seconds.items():
        mean = sum(each) / len(each) if each else float("nan")
        rows.append(
            {"grader": name, "seconds_each": mean, "times_ours": mean / seconds["crmlab"][0]}
        )
    table = pd.DataFrame(rows)
    print(table.round(2).to_string(index=False))
    missing = [name for name, each in seconds.items() if not each]
    if missing:
        print(f"Not found, so not compared: {', '.join(missing)}")
    slow = table["times_ours"].iloc[1:].dropna() < FASTER_THAN_PEERS
    if slow.any():
        print(f"Missed: at least {FASTER_THAN_PEERS} times faster than both")


if __name__ == "__main__":
    main()
