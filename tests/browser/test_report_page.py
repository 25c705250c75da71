"""The report in Chromium, from disk: on a desk, on a phone, on paper and by the keyboard."""

import pytest

from crmlab._shipped import shipped
from crmlab.report import write_report

pytestmark = pytest.mark.browser


@pytest.fixture(scope="session")
def address(tmp_path_factory):
    """The report on Hehua, written to a folder as a reader does."""
    path = tmp_path_factory.mktemp("report") / "report.html"
    write_report(shipped("datasets") / "hehua_purchases.csv", path, title="Hehua 荷花")
    return path.as_uri()


@pytest.mark.parametrize("width", [1280, 390])
def test_it_fits_the_window_and_every_picture_shows(page, address, width):
    page.set_viewport_size({"width": width, "height": 844})
    page.goto(address)
    assert page.title() == "Hehua 荷花 · customer report"
    assert page.evaluate("document.documentElement.scrollWidth") == width
    assert page.evaluate("[...document.images].map(i => i.naturalWidth > 100)") == [True] * 9
    assert page.evaluate("document.compatMode") == "CSS1Compat"


def test_a_table_wider_than_a_phone_scrolls_in_its_own_box(page, address):
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto(address)
    box = page.get_by_role("region", name="Table: Segments by net spend")
    room, needed = box.evaluate("box => [box.clientWidth, box.scrollWidth]")
    assert needed > room
    box.focus()
    page.keyboard.press("ArrowRight")
    page.wait_for_function("box => box.scrollLeft > 0", arg=box.element_handle())


def test_no_row_is_squeezed_into_a_pillar_of_words(page, address):
    """A cell of text takes no more lines than a reader would bear: here ten."""
    page.set_viewport_size({"width": 1280, "height": 800})
    page.goto(address)
    heights = page.evaluate("[...document.querySelectorAll('tbody tr')].map(r => r.clientHeight)")
    assert max(heights) < 10 * 24


def test_a_screen_reader_finds_landmarks_pictures_and_tables(page, address):
    page.goto(address)
    for landmark in ("banner", "main", "contentinfo"):
        assert page.get_by_role(landmark).count() == 1
    links = page.get_by_role("navigation", name="Sections").get_by_role("link")
    assert links.count() == page.get_by_role("heading", level=2).count() == 11
    assert page.get_by_role("img", name="Lorenz curve of net spend").count() == 1
    assert page.get_by_role("table", name="The pyramid, tier by tier").count() == 1
    assert page.get_by_role("rowheader", name="VIP").count() == 2


def test_the_first_tab_offers_to_skip_to_the_findings(page, address):
    page.goto(address)
    link = page.get_by_role("link", name="Skip to the findings")
    assert link.bounding_box()["y"] < 0
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    page.wait_for_function("document.activeElement.getBoundingClientRect().top >= 0")
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"


def test_on_paper_the_navigation_is_gone_and_nothing_is_cut(page, address):
    page.goto(address)
    page.emulate_media(media="print")
    page.set_viewport_size({"width": 673, "height": 980})  # A4 less its margins, in CSS pixels
    assert not page.get_by_role("navigation", name="Sections").is_visible()
    assert page.evaluate("document.documentElement.scrollWidth") == 673
    cut = "[...document.querySelectorAll('.scroll')].filter(b => b.scrollWidth > b.clientWidth + 1)"
    assert page.evaluate(f"{cut}.map(b => b.ariaLabel)") == []
    assert page.pdf(prefer_css_page_size=True).startswith(b"%PDF")
