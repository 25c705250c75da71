"""The course in the real JupyterLab, as a reader meets it: type, run, drag, be answered."""

import json
import os
import re
import socket
import subprocess
import sys
from pathlib import Path
from time import monotonic, sleep
from urllib.request import urlopen

import nbformat
import pytest
from nbformat.reader import NotJSONError
from playwright.sync_api import expect

from crmlab._shipped import shipped
from crmlab.classroom.quizzes import recalls

CHAPTER = "06_rfm.ipynb"
# The setting that keeps every cell on the page, also those that nobody looks at.
TRACKER = "@jupyterlab/notebook-extension:tracker"
pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def desk(tmp_path_factory):
    """A reader's folder and the address at which JupyterLab shows it, started as a reader does."""
    folder = tmp_path_factory.mktemp("desk")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    # Folders of its own: a tester's settings neither matter nor change.
    own = {f"JUPYTER_{kind}_DIR": str(folder / kind) for kind in ("CONFIG", "DATA", "RUNTIME")}
    own |= {f"JUPYTERLAB_{kind}_DIR": str(folder / kind) for kind in ("SETTINGS", "WORKSPACES")}
    environment = os.environ | own | {"JUPYTER_TOKEN": "key"}
    settings = folder / "CONFIG" / "labconfig" / "default_setting_overrides.json"
    settings.parent.mkdir(parents=True)
    settings.write_text(json.dumps({TRACKER: {"windowingMode": "none"}}), encoding="utf-8")
    crmlab = str(Path(sys.executable).with_name("crmlab"))
    command = [crmlab, "lab", str(folder), "--no-browser", f"--port={port}"]
    log = folder / "lab.log"
    with log.open("w", encoding="utf-8") as file:
        server = subprocess.Popen(command, env=environment, stdout=file, stderr=file)
    try:
        wait_for(f"http://127.0.0.1:{port}/api", log)
        yield folder, f"http://127.0.0.1:{port}/lab/tree/{{}}?token=key&reset"
    finally:
        server.terminate()  # and with it the kernels
        try:
            server.wait(20)
        finally:
            server.kill()


def code(notebook):
    return [cell for cell in notebook.cells if cell.cell_type == "code"]


@pytest.fixture
def show(page, desk):
    """Opens one page of the course, and waits until its kernel is there."""

    def show(name):
        page.goto(desk[1].format(name))
        page.get_by_text(re.compile(r"Python 3.* \| Idle")).wait_for(timeout=120_000)

    return show


def wait_for(address, log, seconds=120):
    """Return when a server answers at `address`."""
    start = monotonic()
    while monotonic() - start < seconds:
        try:
            with urlopen(address, timeout=5):
                return
        except OSError:
            sleep(0.2)
    pytest.fail(f"JupyterLab did not start:\n{log.read_text(encoding='utf-8')}")


def cell_with(page, text):
    """Return the code cell of the page shown whose code holds `text`."""
    return page.locator(".jp-CodeCell:visible").filter(
        has=page.locator(".cm-content", has_text=text)
    )


def run(page, cell):
    """Run a cell as a reader does: click into it, Shift+Enter; return where its output stands."""
    cell.locator(".cm-content").click()
    page.keyboard.press("Shift+Enter")
    return cell.locator(".jp-OutputArea-output")


def test_the_start_page_leads_to_a_chapter_that_gives_nothing_away(page, show):
    show("START.ipynb")
    row = page.get_by_role("row").filter(has_text="What can one purchase file tell us?")
    expect(row.get_by_role("link", name="exercise 00")).to_be_visible()
    output = page.locator(".jp-OutputArea-output table")
    expect(output.get_by_role("row", name=re.compile("00_tour 0 of 2 0 of 8"))).to_be_visible()
    row.get_by_role("link", name="00_tour").click()
    page.get_by_role("heading", name="First: how to use this page").wait_for()
    expect(page.locator(".jp-OutputArea-output:visible")).to_have_count(0)


def test_a_reader_guesses_completes_a_cell_and_answers_by_keyboard(page, show, desk):
    show("notebooks/00_tour.ipynb")
    guess = cell_with(page, 'guess("00.a"')
    expect(run(page, guess)).to_contain_text("no guess yet")

    blank = cell_with(page, 'check("00.c"')
    expect(run(page, blank)).to_contain_text("00.c · not typed yet")
    page.locator("summary", has_text="Stuck? One way to write it").click()
    expect(page.locator("details[open] pre")).to_contain_text("best.sum() / spend.sum()")
    line = blank.locator(".cm-line", has_text="# you type this")
    line.click()
    for key in ("Home", "Shift+End"):
        page.keyboard.press(key)
    page.keyboard.insert_text("return best.sum() / spend.sum()")
    page.keyboard.press("Shift+Enter")
    expect(blank.locator(".jp-OutputArea-output")).to_contain_text("00.c · Right.")

    asked = cell_with(page, 'quiz("00")')
    expect(run(page, asked).get_by_role("group")).to_have_count(5)
    first = asked.get_by_role("group").first.get_by_role("radio")
    # A screen reader says the question, each option, and the reason of the one that was chosen.
    options = recalls("00")[0].options
    expect(asked.get_by_role("group").first).to_have_accessible_name(f"1. {recalls('00')[0].ask}")
    for place, option in enumerate(options):
        expect(first.nth(place)).to_have_accessible_name(option.text)
    expect(first.nth(1)).to_have_accessible_description(re.compile(re.escape(options[1].why)))
    first.nth(0).focus()
    page.keyboard.press("ArrowDown")
    expect(first.nth(1)).to_be_checked()
    expect(first.nth(1)).to_be_focused()
    page.keyboard.press("ArrowDown")
    expect(first.nth(2)).to_be_checked()
    expect(asked.locator(".why:visible")).to_have_count(1)
    page.keyboard.press("Tab")
    expect(asked.get_by_role("group").nth(1).get_by_role("radio").first).to_be_focused()


def test_runs_and_answers_to_a_slider(page, show, desk):
    chapter = desk[0] / "notebooks" / CHAPTER
    complete(chapter)
    show(f"notebooks/{CHAPTER}")
    page.get_by_role("menuitem", name="Run", exact=True).click()
    page.get_by_role("menuitem", name="Run All Cells", exact=True).click()
    wait_for_the_end(page, chapter)

    widget = page.locator(".jp-OutputArea-output:has(.noUi-handle)").first
    widget.scroll_into_view_if_needed()
    shown = widget.locator(".widget-html img").first
    before = shown.get_attribute("src")
    handle = widget.locator(".noUi-handle").first
    handle.focus()
    handle.press("ArrowRight")
    expect(shown).not_to_have_attribute("src", before, timeout=30_000)
    label, value = widget.locator(".widget-label").first, widget.locator(".widget-readout").first
    expect(handle).to_have_attribute("aria-label", label.inner_text())
    expect(handle).to_have_attribute("aria-valuetext", value.inner_text())


def complete(chapter):
    """Type what belongs in every blank: a later cell uses what the reader has built."""
    built = nbformat.read(shipped("notebooks") / chapter.name, as_version=4)
    whole = {cell.id: cell.source for cell in code(built)}
    copy = nbformat.read(chapter, as_version=4)
    for cell in code(copy):
        cell.source = whole[cell.id]
    nbformat.write(copy, chapter)


def wait_for_the_end(page, chapter, seconds=60):
    """Save the chapter again and again until its last cell was run; fail on any error in it."""
    start = monotonic()
    while monotonic() - start < seconds:
        page.wait_for_timeout(500)
        page.keyboard.press("Control+s")
        try:
            cells = code(nbformat.read(chapter, as_version=4))
        except NotJSONError:  # it is being written just now
            continue
        wrong = [o for cell in cells for o in cell.outputs if o.output_type == "error"]
        assert wrong == []
        if cells[-1].execution_count:
            return
    pytest.fail(f"{chapter.name} did not run through in {seconds} s")
