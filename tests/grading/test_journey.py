"""docs/journey.md: every command on the page, in its order, with what the page says came out.

The class is a small one, its exercises are two small ones in place of the kit's, and what the box
would hear stands written here; files, command line and reports are the real ones.
"""

import json
import os
import re
import shlex
import zipfile
from pathlib import Path

import pandas as pd
import pytest
from click.testing import CliRunner

from crmlab.classroom import unseen
from crmlab.classroom.solve import solve_for
from crmlab.classroom.source import read
from crmlab.classroom.strip import stripped
from crmlab.cli import main
from crmlab.grading import box, course
from crmlab.grading.watch import Ended

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "journey.md").read_text(encoding="utf-8")
STUDENTS = {
    "02023001": "王伟",
    "02023012": "孙丽",
    "02023014": "高洁",
    "02023019": "林涛",
    "02023030": "曹颖",
}
CHAPTERS = {"06": "06_rfm", "07": "07_pyramid"}
SMALL = """# %% [markdown]
# # {n} · A small one

# %%
from crmlab.classroom import check

# %% [markdown] objective="add" points=2
# **{n}.1** What is one and one? As `two`.

# %% tags=["solution"]
two = 1 + 1

# %% wrong="3" message="One too many."
check("{n}.1", two)

# %% [markdown] objective="judge" points=3 rubric=["a", "b", "c"]
# **{n}.2** Is it? As `claim`.

# %% tags=["solution"]
claim = "It is."

# %%
check("{n}.2", claim)
"""


def blocks():
    """Yield each command of the page with the lines that the page shows below it."""
    for block in re.findall(r"```console\n(.*?)```", PAGE, re.DOTALL):
        for said in re.split(r"^\$ ", block, flags=re.MULTILINE)[1:]:
            command, *lines = said.splitlines()
            yield command, [line for line in lines if line.strip() not in ("", "…")]


COMMANDS = [*blocks()]


@pytest.fixture(scope="module")
def journey(tmp_path_factory):
    """Type what the page types, in an empty folder; return each command with what came out."""
    folder = tmp_path_factory.mktemp("journey")
    small = {number: folder / "small" / f"{name}.py" for number, name in CHAPTERS.items()}
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        patch.setattr(os, "cpu_count", lambda: 1)
        patch.setattr(box, "run", answers)
        for module in (course, unseen):
            patch.setattr(module, "chapters_of_kit", lambda: small)
        prepare(folder)
        return folder, [(command, lines, typed(command, folder)) for command, lines in COMMANDS]


def prepare(folder):
    """Write the exercises, and the registry's roster as Excel saves it in China."""
    (folder / "small").mkdir()
    for number, name in CHAPTERS.items():
        path = folder / "small" / f"{name}.py"
        path.write_text(SMALL.format(n=number), encoding="utf-8")
    roster = "学号,姓名,班级\r\n" + "".join(f"{i},{n},一班\r\n" for i, n in STUDENTS.items())
    (folder / "名单.csv").write_bytes(roster.encode("gb18030"))


def typed(command, folder):
    """Do what the page says before a command, and type it; return the lines that came out."""
    program, what, *arguments = shlex.split(command)
    assert program == "crmlab", command
    if arguments[0] == "collect":
        download(folder / arguments[1])
    run = CliRunner().invoke(main, [what, *arguments])
    assert run.exit_code == 0, (command, run.output, run.exception)
    if "is made with a fresh key" in run.output:
        with (folder / "course.yaml").open("a", encoding="utf-8") as file:
            file.write(re.search(r"```yaml\n(.*?)```", PAGE, re.DOTALL)[1])
    if arguments[0] == "grade":
        sheet = pd.read_csv(folder / "grades" / "open.csv", dtype=str, encoding="utf-8-sig")
        sheet.loc[sheet["question"].str.startswith("Q06"), "level"] = "2"
        sheet.to_csv(folder / "grades" / "open.csv", index=False, encoding="gb18030")
    return run.output.splitlines()


def download(path):
    """Write what the platform packs: one is renamed, one broken, one no notebook, one missing."""
    name, canvas = CHAPTERS[path.name[:2]], "canvas" in path.name
    notebook = json.dumps(stripped(read(path.with_name("small") / f"{name}.py")))
    files = [(f"{name} (1).ipynb", notebook), ("作业.ipynb", notebook)]
    files += [(f"{name}.ipynb", notebook[:500]), (f"{name}.html", "no notebook")]
    with zipfile.ZipFile(path, "w") as packed:
        for n, (student, (file, text)) in enumerate(zip(STUDENTS.values(), files, strict=False)):
            moodle = f"{student}_{4000 + n}_assignsubmission_file/{file}"
            place = f"{student}_{70000 + n}_{900000 + n}_{file}" if canvas else moodle
            when = (2026, 11, 12, 9, 0 if canvas else 10 * n, 0)
            packed.writestr(zipfile.ZipInfo(place, when), text)


def answers(_, job, **settings):
    """Answer as a solved notebook does."""
    asked = next(iter(json.loads(job)["asks"]))
    solved = solve_for(read(Path("small").resolve() / f"{CHAPTERS[asked[:2]]}.py"), None)
    lines = [{"question": name, "answer": each.answer.to_json()} for name, each in solved.items()]
    said = "".join(json.dumps(line) + "\n" for line in [*lines, {"end": True}])
    return Ended(b"", said.encode(), "", 0.1)


def pattern(line):
    """Return what a line must look like, whatever ids and numbers stand in it."""
    pieces = re.split(r"(0202\d+(?:, 0202\d+)*|\d+)", line.strip())
    numbers = [r"[\d, ]+" if each.startswith("0202") else r"\d+" for each in pieces[1::2]]
    texts = [re.escape(each) for each in pieces[::2]]
    return "".join(text + number for text, number in zip(texts, [*numbers, ""], strict=True))


def test_the_page_has_the_whole_way():
    said = [shlex.split(command)[2] for command, _ in COMMANDS]
    assert {"release", "collect", "grade", "answers"} <= {*said}
    assert said.count("release") > 1 < said.count("collect")


def test_every_line_that_the_page_shows_comes_out(journey):
    for command, lines, said in journey[1]:
        for line in lines:
            assert any(re.fullmatch(pattern(line), each.strip()) for each in said), (
                command, line, said
            )  # fmt: skip


def test_the_gradebook_holds_both_chapters_and_what_is_read_is_exported(journey):
    folder = journey[0]
    moodle = pd.read_csv(folder / "grades" / "moodle.csv", dtype=str, encoding="utf-8-sig")
    moodle = moodle.set_index("ID number")
    assert [*moodle.index] == [*STUDENTS]
    assert moodle.loc["02023012", "Assignment: 06_rfm (Real)"] == "4"
    assert pd.isna(moodle.loc["02023012", "Assignment: 07_pyramid (Real)"])  # an essay waits
    regraded = pd.read_csv(folder / "grades" / "regraded.csv", dtype=str, encoding="utf-8-sig")
    assert {*regraded["why"]} == {"a level was given"}
