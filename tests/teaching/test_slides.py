"""Lecture slides: the cells that have a place in them, and nothing that a network must bring."""

import re

import nbformat
import pytest
from bs4 import BeautifulSoup

from crmlab.errors import ChapterError
from crmlab.teaching import slides
from crmlab.teaching.notebooks import notebooks_of


@pytest.fixture(scope="module")
def pages(tiny, tmp_path_factory):
    """The slides of the tiny chapter, English and Chinese, as text."""
    folder = tmp_path_factory.mktemp("slides")
    built = [slides.build(notebook, folder=folder) for notebook in notebooks_of(tiny)]
    assert [path.name for path in built] == ["01_tiny.slides.html", "01_tiny.zh.slides.html"]
    return [path.read_text(encoding="utf-8") for path in built]


def lecture(*places):
    """A notebook with one cell per place, the place as its text."""
    cells = [
        nbformat.v4.new_markdown_cell(place, metadata={"tags": [place]} if place else {})
        for place in places
    ]
    return nbformat.v4.new_notebook(cells=cells)


# by hand


def test_only_cells_with_a_place_are_in_the_lecture(pages):
    assert "Count first" in pages[0]
    assert "It takes 3 steps" in pages[0]
    assert "It still takes" not in pages[0]
    assert "Move it yourself" not in pages[0]


def test_notes_come_before_the_fragments_of_their_own_slide():
    notebook = lecture("slide", "fragment", "notes", "", "fragment", "subslide", "notes")
    placed = slides.on_slides(notebook, name="any")
    assert [cell.source for cell in placed.cells] == [
        "slide",
        "notes",
        "fragment",
        "fragment",
        "subslide",
        "notes",
    ]


def test_notes_are_for_the_speaker_and_pictures_are_described(pages):
    (note,) = re.findall(r'<aside class="notes">(.*?)</aside>', pages[0], re.S)
    assert "say it aloud" in note
    assert "For the lecturer" not in note
    assert '<img alt="A line that rises from left to right" src="data:image/png' in pages[0]


def test_drawings_are_described_too_and_stand_in_the_page():
    shown = nbformat.v4.new_output(
        "display_data",
        data={"image/svg+xml": '<svg viewBox="0 0 1 1"></svg>'},
        metadata={"image/svg+xml": {"alt": 'two "boxes"'}},
    )
    cell = nbformat.v4.new_code_cell("draw()", outputs=[shown], metadata={"tags": ["slide"]})
    notebook = nbformat.v4.new_notebook(cells=[cell])
    page, _ = slides.exporter(language="en").from_notebook_node(
        slides.on_slides(notebook, name="any"), resources={"reveal": {}}
    )
    (drawing,) = BeautifulSoup(page, "html.parser").select("[aria-label='two \"boxes\"']")
    assert drawing["role"] == "img"
    assert drawing.find("svg")["viewbox"] == "0 0 1 1"


def test_code_that_only_decorates_is_hidden(tiny):
    notebook = nbformat.read(notebooks_of(tiny)[0], as_version=4)
    (cell,) = [cell for cell in notebook.cells if "[3, 0]" in cell.source]
    cell.metadata.tags.append("slide")
    page, _ = slides.exporter(language="en").from_notebook_node(
        slides.on_slides(notebook, name="any"), resources={"reveal": {}}
    )
    assert "A line that falls" in page
    assert "[3, 0]" not in re.sub(r"<[^>]+>", "", page)


def test_the_page_says_its_language(pages):
    assert '<html lang="en">' in pages[0]
    assert '<html lang="zh">' in pages[1]
    assert "一条线有多长" in pages[1]


# for any chapter


def test_nothing_comes_from_elsewhere(pages):
    for page in (re.sub(r"(?s)(<script[^>]*>).*?(?=</script>)", r"\1", page) for page in pages):
        tags = re.findall(r"<(?:script|link|img|iframe)\b[^>]*>", page)
        outside = [tag for tag in tags if re.search(r'(src|href)="(?!data:)', tag)]
        assert outside == []
        assert "@import" not in page
        assert not re.search(r"url\(\s*['\"]?https?:", page)


# when misused


def test_a_chapter_without_slides_says_which_tags_make_them():
    with pytest.raises(ChapterError, match=r"05_mute has no slides; .*'subslide'"):
        slides.on_slides(lecture("", ""), name="05_mute")
