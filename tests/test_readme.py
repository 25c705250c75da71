"""README.md: its nine lines run as printed, and what it points to is there."""

import re
import textwrap
from pathlib import Path

import matplotlib.image as mpl_image
import matplotlib.pyplot as plt
import pandas as pd
import pytest

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")
GUIDES = [f"docs/{path.name}" for path in sorted((ROOT / "docs").glob("*.md"))]
(TEN_LINES,) = re.findall(r"```python\n(.*?)```", README, re.S)


def test_the_ten_lines_draw_a_map_and_a_pyramid(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    exec(TEN_LINES, {})
    plt.close("all")
    picture = mpl_image.imread(tmp_path / "customers.png")
    assert picture.shape[:2] == (500, 1300)
    assert picture[:, :650, :3].std() > 0.1
    assert picture[:, 650:, :3].std() > 0.1


@pytest.mark.parametrize("target", re.findall(r"\]\(([^)#]+)\)", README))
def test_every_link_leads_to_a_file(target):
    assert (ROOT / target).is_file()


@pytest.mark.parametrize("target", re.findall(r"^    make ([a-z]+)", README, re.M))
def test_every_make_target_it_names_exists(target):
    assert re.search(rf"^{target}:.*## ", (ROOT / "Makefile").read_text(encoding="utf-8"), re.M)


@pytest.mark.parametrize("guide", ["README.md", "docs/students.md", "docs/instructors.md"])
def test_the_names_that_a_guide_imports_are_there(guide):
    lines = re.findall(r"^ *(from crmlab.* import .*)$", (ROOT / guide).read_text("utf-8"), re.M)
    for line in lines:
        exec(line, {})


@pytest.mark.parametrize("path", ["README.md", "CONTRIBUTING.md", *GUIDES])
def test_nothing_advises_to_fetch_crmlab_from_a_registry_that_has_none(path):
    text = (ROOT / path).read_text(encoding="utf-8")
    assert not re.findall(r"pip install[^\n`]*[ '\"]crmlab\b", text)


def test_no_message_advises_it_either():
    for path in (ROOT / "crmlab").rglob("*.py"):
        assert not re.search(r"pip install[^\n]*[ '\"]crmlab\b", path.read_text(encoding="utf-8"))


def test_the_example_for_students_needs_nothing_that_it_does_not_import(tmp_path, monkeypatch):
    text = (ROOT / "docs/students.md").read_text(encoding="utf-8")
    example = re.search(r"((?:    .*\n|\n)+)reads CSV", text)[1]
    frame = pd.DataFrame({"customer_id": [1], "date": ["2024-03-15"], "amount": [3.0]})
    frame.to_excel(tmp_path / "my_file.xlsx", index=False)
    monkeypatch.chdir(tmp_path)
    names = {}
    exec(textwrap.dedent(example), names)
    assert names["report"].purchases == 1
