"""Lecture slides: the cells that have a place in them, and nothing that a network must bring."""

import re

import nbformat
import pytest
from bs4 import BeautifulSoup

from crmlab.errors import ChapterError
from crmlab.teaching import slides
from crmlab.teaching.notebooks import notebooks_of, sources


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


def spoken(*cells):
    """A notebook of markdown and code, each with its tag, the code with what it prints."""
    made = []
    for text, tag, *output in cells:
        metadata = {"tags": [tag] if tag else []}
        if output:
            (data,) = output
            if isinstance(data, str):
                shown = nbformat.v4.new_output("stream", text=data)
            else:
                shown = nbformat.v4.new_output("display_data", data=data)
            made.append(nbformat.v4.new_code_cell(text, outputs=[shown], metadata=metadata))
        else:
            made.append(nbformat.v4.new_markdown_cell(text, metadata=metadata))
    return nbformat.v4.new_notebook(cells=made)


def placed(notebook):
    """What is on the slides: place, text, and whether its code is shown."""
    cells = slides.on_slides(notebook, name="any").cells
    coded = ["hide-input" not in cell.metadata.get("tags", []) for cell in cells]
    places = [cell.metadata.slideshow.slide_type for cell in cells]
    return list(zip(places, [cell.source for cell in cells], coded, strict=True))


def test_an_output_that_a_slide_speaks_of_comes_along_without_its_code():
    notebook = spoken(
        ("## Look", "slide"),
        ("read()", "", "for reading"),
        ("For reading.", ""),
        ("table()", "", "12 rows"),
        ("Twelve are few.", "fragment"),
        ('guess("06.a", ...)', "", "06.a · no guess yet"),
    )
    assert placed(notebook) == [
        ("slide", "## Look", True),
        ("fragment", "read()", False),
        ("fragment", "table()", False),
        ("fragment", "Twelve are few.", True),
    ]
    assert slides.missing(notebook, name="any") == []


def test_a_slide_whose_output_stays_behind_is_found():
    notebook = spoken(("## Look", "slide"), ("For reading.", ""), ("x", "", "1"), ("More.", ""))
    assert slides.missing(notebook, name="any") == ["Look"]
    notebook.cells[1].source = "## A part for reading"
    assert slides.missing(notebook, name="any") == []


def test_a_slide_goes_on_below_with_its_title_where_it_is_full():
    picture = {"image/png": "iVBORw0KGgo="}
    notebook = spoken(("## Look", "slide"), ("draw()", "subslide", picture), ("So.", "fragment"))
    assert placed(notebook) == [
        ("slide", "## Look", True),
        ("subslide", "### Look", True),
        ("-", "draw()", False),
        ("subslide", "### Look", True),
        ("-", "So.", True),
    ]


def test_a_customers_page_fills_a_slide_of_its_own():
    rows = "<tr><th>fax</th><td>none</td></tr>" * 40
    page = {"text/html": f'<div class="crmlab-page"><table>{rows}</table></div>'}
    long = {"text/html": f"<table>{rows}</table>"}
    notebook = spoken(("## Look", "slide"), ("archive()", "", page), ("So.", "fragment"))
    assert placed(notebook) == [
        ("slide", "## Look", True),
        ("subslide", "### Look", True),
        ("-", "archive()", False),
        ("subslide", "### Look", True),
        ("-", "So.", True),
    ]
    # A table of as many rows, which would shrink until nobody can read it, stays in the chapter.
    notebook = spoken(("## Look", "slide"), ("archive()", "", long), ("So.", "fragment"))
    assert slides.missing(notebook, name="any") == ["Look"]


def test_a_quiz_stays_with_its_reader_and_a_section_is_no_slide():
    html = {"text/html": "<section>a page</section>", "text/plain": "Page"}
    quiz = {"text/html": "<div class='crmlab-quiz'>", "text/plain": "Quiz"}
    notebook = spoken(("## Look", "slide"), ("page()", "", html), ("quiz()", "", quiz))
    deck = slides.on_slides(notebook, name="any")
    assert [cell.source for cell in deck.cells] == ["## Look", "page()"]
    assert deck.cells[1].outputs[0].data["text/html"] == "<div>a page</div>"


# for any chapter


@pytest.mark.parametrize("source", sources(), ids=lambda source: source.stem)
def test_no_slide_of_a_chapter_speaks_of_what_is_not_there(source):
    for built in notebooks_of(source):
        assert slides.missing(nbformat.read(built, as_version=4), name=built.stem) == []


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
