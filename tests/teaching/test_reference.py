"""The API reference: every public name once, and in step with the package."""

import re
from pathlib import Path

import pytest

from crmlab.teaching import reference

DOCS = Path(__file__).parents[2] / "docs" / "reference"


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """The reference as the package makes it now, without its pictures."""
    return reference.build(tmp_path_factory.mktemp("reference"), pictures=False).parent


def test_every_public_name_stands_in_it_once(made):
    for room in reference.rooms():
        text = (made / f"{room}.md").read_text(encoding="utf-8")
        names = re.findall(r"(?m)^### `(\w+)`$", text)
        assert sorted(names) == sorted(reference.names_of(room))


def test_what_stands_in_docs_is_what_the_package_says(made):
    for page in made.glob("*.md"):
        kept = (DOCS / page.name).read_text(encoding="utf-8")
        assert kept == page.read_text(encoding="utf-8"), f"{page.name}: type: make reference"
    others = {page.name for page in DOCS.glob("*.md")} - {page.name for page in made.glob("*.md")}
    assert others == {"intervals.md"}  # which `make coverage` writes


def test_every_picture_it_shows_is_there_and_no_other():
    shown = {
        file
        for page in DOCS.glob("*.md")
        for file in re.findall(r"\(pictures/([\w-]+\.png)\)", page.read_text(encoding="utf-8"))
    }
    kept = {path.name for path in (DOCS / "pictures").iterdir()}
    assert shown == kept, "type: make reference"


def test_names_come_in_the_order_of_the_chapter_that_uses_them(made):
    text = (made / "rfm.md").read_text(encoding="utf-8")
    measures = text.split("## Measures")[1].split("\n## ")[0]
    order = re.findall(r"(?m)^### `(\w+)`$", measures)
    assert order.index("rfm") < order.index("rfm_scores") < order.index("promotion_roi")
    assert "*Used in* 06 rfm: " in measures


def test_a_name_that_two_rooms_share_is_used_where_a_chapter_imports_it_from(made):
    for room, chapter in (("social", "03 social"), ("campaigns", "14 campaigns")):
        text = (made / f"{room}.md").read_text(encoding="utf-8")
        used = re.search(r"\*Used in\* (.+)", text.split("### `simulate_friends`")[1])
        assert {each[:2] for each in used[1].split("; ")} == {chapter[:2]}, used[1]
