"""The course's page and the tables of topics and chapters are in step with what is there."""

import pandas as pd
import pytest

from crmlab.teaching import course, registries

ROWS = pd.read_csv(course.ROOT / "docs" / "curriculum.csv", dtype="str")


@pytest.fixture(scope="module")
def page():
    return course.page()


@pytest.mark.parametrize("name", registries.PAGES)
def test_the_tables_of_a_page_are_as_they_should_be(name):
    text = (registries.ROOT / name).read_text(encoding="utf-8")
    assert registries.filled(text) == text, f"{name}: type: make reference"
    assert "<!-- made: " in text


def test_the_page_of_the_course_is_in_step(page):
    kept = (course.ROOT / "docs" / "course.md").read_text(encoding="utf-8")
    assert kept == page, "docs/course.md: type: make reference"


def test_every_row_stands_in_it_once_and_every_marker_is_a_row(page):
    assert ROWS["row"].tolist() == [f"S{number:02}" for number in range(1, 129)]
    lines = page.splitlines()
    found = [line.split(" | ")[0].strip("| ") for line in lines if line.startswith("| S")]
    assert sorted(found) == sorted(ROWS["row"])
    marked = {row for row in course.marked_tests() if row[0] == "S"}
    assert marked <= {*ROWS["row"]}


def test_a_row_tells_its_test_its_section_and_what_is_missing(page):
    (line,) = (line for line in page.splitlines() if line.startswith("| S66 "))
    *_, tests, section, missing, _ = [*line.split(" | "), ""]
    assert "a thousand customers make 10 40 150 and 800" in tests
    assert section.startswith("07 pyramid: ")
    assert not missing.strip("| ")


def test_every_chapter_and_topic_has_its_line():
    assert any("06 rfm" in line and "Who will buy again?" in line for line in registries.chapters())
    assert any(line.startswith("| `members` | 09 |") for line in registries.topics())
