"""README.md: its nine lines run as printed, and what it points to is there."""

import re
import textwrap
from pathlib import Path

import matplotlib
import matplotlib.image as mpl_image
import matplotlib.pyplot as plt
import pandas as pd
import pytest
from packaging.version import Version

from crmlab import _words

ROOT = Path(__file__).parents[1]
NAMES = ("README.md", "README.zh.md")
README, IN_CHINESE = ((ROOT / name).read_text(encoding="utf-8") for name in NAMES)
GUIDES = [f"docs/{path.name}" for path in sorted((ROOT / "docs").glob("*.md"))]
LINES = [re.findall(r"```python\n(.*?)```", text, re.S)[0] for text in (README, IN_CHINESE)]


PICTURES = ("docs/readme.png", "docs/readme.zh.png")


@pytest.mark.parametrize(("lines", "shown"), [*zip(LINES, PICTURES, strict=True)], ids=NAMES)
def test_its_lines_draw_the_picture_that_it_shows(lines, shown, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(_words, "_told", [])
    exec(lines, {})
    plt.close("all")
    picture = mpl_image.imread(tmp_path / "customers.png")
    assert picture.shape[:2] == (500, 1300)
    assert picture[:, :650, :3].std() > 0.1
    assert picture[:, 650:, :3].std() > 0.1
    # Letters differ by machine; another palette or another number of customers differs more. It is
    # drawn by matplotlib 3.11, which leaves other margins than those before.
    there = mpl_image.imread(ROOT / shown)
    most = 0.02 if Version(matplotlib.__version__) >= Version("3.11") else 0.05
    assert abs(picture[..., :3] - there[..., :3]).mean() < most


@pytest.mark.parametrize("target", re.findall(r"\]\(([^)#]+)\)", README + IN_CHINESE))
def test_every_link_leads_to_a_file(target):
    assert (ROOT / target).is_file()


@pytest.mark.parametrize("target", re.findall(r"^    make ([a-z]+)", README + IN_CHINESE, re.M))
def test_every_make_target_it_names_exists(target):
    assert re.search(rf"^{target}:.*## ", (ROOT / "Makefile").read_text(encoding="utf-8"), re.M)


@pytest.mark.parametrize(
    "guide", [*NAMES, "docs/students.md", "docs/students.zh.md", "docs/instructors.md"]
)
def test_the_names_that_a_guide_imports_are_there(guide):
    lines = re.findall(r"^ *(from crmlab.* import .*)$", (ROOT / guide).read_text("utf-8"), re.M)
    for line in lines:
        exec(line, {})


@pytest.mark.parametrize("path", [*NAMES, "CONTRIBUTING.md", *GUIDES])
def test_nothing_advises_to_fetch_crmlab_from_a_registry_that_has_none(path):
    text = (ROOT / path).read_text(encoding="utf-8")
    assert not re.findall(r"pip install[^\n`]*[ '\"]crmlab\b", text)


def test_no_message_advises_it_either():
    for path in (ROOT / "crmlab").rglob("*.py"):
        assert not re.search(r"pip install[^\n]*[ '\"]crmlab\b", path.read_text(encoding="utf-8"))


@pytest.mark.parametrize(
    ("page", "file"), [("students.md", "my_file.xlsx"), ("students.zh.md", "我的文件.xlsx")]
)
def test_the_example_for_students_needs_nothing_that_it_does_not_import(
    page, file, tmp_path, monkeypatch
):
    text = (ROOT / "docs" / page).read_text(encoding="utf-8")
    example = re.search(r"((?:    .*\n|\n)+)(?:reads|能读) CSV", text)[1]
    frame = pd.DataFrame({"customer_id": [1], "date": ["2024-03-15"], "amount": [3.0]})
    frame.to_excel(tmp_path / file, index=False)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(_words, "_told", [])
    names = {}
    exec(textwrap.dedent(example), names)
    assert names["report"].purchases == 1


def truth_table():
    """The tables and columns that the guide for researchers says nobody at the firm knows."""
    text = (ROOT / "docs/researchers.md").read_text(encoding="utf-8")
    (table,) = re.findall(r"columns beside its keys \|\n((?:\|.*\n)+)", text)
    rows = re.findall(r"^\| `([a-z]+)` \| (.*) \|$", table, re.M)
    bare = {table: re.sub(r"\([^)]*\)", "", said) for table, said in rows}
    return {table: re.findall(r"`([a-z_]+)`", said) for table, said in bare.items()}


def test_the_guide_for_researchers_lists_every_column_of_the_truth():
    from dataclasses import fields

    from crmlab.company import CompanyTruth, load_company

    _, truth = load_company()
    said = truth_table()
    keys = {"purchase_id", "promotion_id", "customer_id", "category", "brand", "fan_id", "loan_id",
            "organisation_id", "seller_id", "record_id"}  # fmt: skip
    names = [spec.name for spec in fields(CompanyTruth)]
    assert [*said] == names
    for name in names:
        columns = [*getattr(truth, name)]
        rest = [column for column in columns if column not in said[name]]
        assert {*said[name]} <= {*columns}, name
        assert {*rest} <= keys, name


def test_what_the_guide_for_researchers_calls_runs_as_printed(tmp_path, monkeypatch):
    text = (ROOT / "docs/researchers.md").read_text(encoding="utf-8")
    firm = text[text.index("A whole firm") : text.index("## When to leave pandas")]
    blocks = re.findall(r"(?:^    .*\n)+", firm, re.M)
    code = [textwrap.dedent(block) for block in blocks if "import" in block]
    assert len(code) == 2
    small = "\n".join(code)
    # A smaller firm, and a churn that need not be found on a whole block of customers.
    for large, less in {
        "20_000": "300",
        "range(200)": "range(2)",
        "rolling_churn=1 / 3": "churn=2",
    }.items():
        assert large in small
        small = small.replace(large, less)
    names = {"answer": lambda company, truth: len(company.purchases)}
    monkeypatch.chdir(tmp_path)
    # Two processes cannot be handed a function that stands in no module.
    exec(small.replace("processes=2, ", ""), names)
    assert len(names["company"].people) == 300
    assert (tmp_path / "answers.jsonl").is_file()
    lines = re.findall(r"^    (crmlab company .*?)(?: +#.*)?$", firm, re.M)
    assert len(lines) == 2
    for line in [one.replace("100000", "50") for one in lines]:
        _run(line)
    check = re.search(r"`(crmlab company --check \S+)`", firm)
    assert check
    assert "sentences hold" in _run(check[1])


def _run(line):
    """Run a line as a shell would, and return what it says."""
    from click.testing import CliRunner

    from crmlab.cli import main

    command, _, into = line.partition(" > ")
    done = CliRunner().invoke(main, command.split()[1:])
    assert done.exit_code == 0, done.output
    if into:
        Path(into).write_text(done.stdout, encoding="utf-8")
    return done.output
