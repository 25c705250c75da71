"""Lecture slides in the browser: whole without a network, with words for the speaker."""

import pytest

from crmlab._shipped import shipped
from crmlab.teaching.notebooks import notebooks_of
from crmlab.teaching.slides import build

BUILT = sorted(shipped("notebooks").glob("*.ipynb"))
pytestmark = pytest.mark.browser

# A label of 10 points at 100 dots per inch, in pixels; and what is read from the last row.
LABEL, READABLE = 10 * 100 / 72, 18
# Each slide's height on the screen, where 720 are to be had, how much it was shrunk for that, and
# how large its pictures are.
SLIDES = """() => {
    Reveal.configure({ transition: "none", fragments: false });
    return Reveal.getSlides().map(slide => {
        const { h, v } = Reveal.getIndices(slide);
        Reveal.slide(h, v);
        const shown = [...slide.querySelectorAll("img")].map(img => slide.style.zoom *
            Math.min(img.clientWidth / img.naturalWidth, img.clientHeight / img.naturalHeight));
        return [slide.getBoundingClientRect().height / Reveal.getScale(), slide.style.zoom, shown];
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
    assert max(height for height, *_ in slides) < 725
    small = {number: zoom for number, (_, zoom, _) in enumerate(slides, 1) if float(zoom) < 0.7}
    assert small == {}  # read from the last row; a slide that shrinks more says too much
    faint = [
        number
        for number, (*_, sizes) in enumerate(slides, 1)
        for size in sizes
        if LABEL * size < READABLE
    ]
    assert faint == []


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
