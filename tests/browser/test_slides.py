"""Lecture slides in the browser: whole without a network, with words for the speaker."""

import pytest

from crmlab.teaching.notebooks import notebooks_of, sources
from crmlab.teaching.slides import build

BUILT = [notebook for source in sources() for notebook in notebooks_of(source)]
pytestmark = pytest.mark.browser

# Each slide's height on the screen, where 720 are to be had, and how much it was shrunk for that.
SLIDES = """() => {
    Reveal.configure({ transition: "none", fragments: false });
    return Reveal.getSlides().map(slide => {
        const { h, v } = Reveal.getIndices(slide);
        Reveal.slide(h, v);
        return [slide.getBoundingClientRect().height / Reveal.getScale(), slide.style.zoom];
    });
}"""


def show(page, notebook, folder):
    """Open the slides of a built notebook from the disk."""
    page.goto(build(notebook, folder=folder).as_uri())
    page.wait_for_function("window.Reveal && Reveal.isReady()")


@pytest.mark.parametrize("notebook", BUILT, ids=lambda notebook: notebook.stem)
def test_every_slide_of_a_chapter_fits_the_screen(page, notebook, tmp_path):
    show(page, notebook, tmp_path)
    slides = page.evaluate(SLIDES)
    assert max(height for height, _ in slides) < 725
    small = {number: zoom for number, (_, zoom) in enumerate(slides, 1) if float(zoom) < 0.7}
    assert small == {}  # read from the last row; a slide that shrinks more says too much


def test_the_tiny_chapter_has_three_slides_and_a_described_picture(page, tiny, tmp_path):
    show(page, notebooks_of(tiny)[0], tmp_path)
    assert page.title() == "01_tiny"
    assert len(page.evaluate(SLIDES)) == 3
    assert page.locator("section img").get_attribute("alt").startswith("A line that rises")


def test_the_speaker_reads_the_notes_of_a_slide(page, tiny, tmp_path):
    show(page, notebooks_of(tiny)[0], tmp_path)
    page.evaluate("Reveal.next()")
    with page.expect_popup() as opened:
        page.keyboard.press("s")
    notes = opened.value.locator(".speaker-controls-notes .value")
    notes.get_by_text("Let somebody say it aloud.").wait_for()
