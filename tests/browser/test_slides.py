"""Lecture slides in the browser: whole without a network, with words for the speaker."""

import pytest

from crmlab.teaching.notebooks import notebooks_of, sources
from crmlab.teaching.slides import build

BUILT = [notebook for source in sources() for notebook in notebooks_of(source)]
pytestmark = pytest.mark.browser

SIZES = """() => {
    Reveal.configure({ transition: "none", fragments: false });
    return Reveal.getSlides().map(slide => {
        const { h, v } = Reveal.getIndices(slide);
        Reveal.slide(h, v);
        return [slide.scrollWidth, slide.scrollHeight];
    });
}"""


def show(page, notebook, folder):
    """Open the slides of a built notebook from the disk."""
    page.goto(build(notebook, folder=folder).as_uri())
    page.wait_for_function("window.Reveal && Reveal.isReady()")


@pytest.mark.parametrize("notebook", BUILT, ids=lambda notebook: notebook.stem)
def test_every_slide_of_a_chapter_fits_the_screen(page, notebook, tmp_path):
    show(page, notebook, tmp_path)
    sizes = page.evaluate(SIZES)
    too_large = [number for number, (w, h) in enumerate(sizes, 1) if w > 1280 or h > 720]
    assert too_large == []


def test_the_tiny_chapter_has_three_slides_and_a_described_picture(page, tiny, tmp_path):
    show(page, notebooks_of(tiny)[0], tmp_path)
    assert page.title() == "01_tiny"
    assert len(page.evaluate(SIZES)) == 3
    assert page.locator("section img").get_attribute("alt").startswith("A line that rises")


def test_the_speaker_reads_the_notes_of_a_slide(page, tiny, tmp_path):
    show(page, notebooks_of(tiny)[0], tmp_path)
    page.evaluate("Reveal.next()")
    with page.expect_popup() as opened:
        page.keyboard.press("s")
    notes = opened.value.locator(".speaker-controls-notes .value")
    notes.get_by_text("Let somebody say it aloud.").wait_for()
