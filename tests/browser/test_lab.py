"""A chapter in the real JupyterLab, as a reader meets it: run it, move a widget, see it answer."""

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
from playwright.sync_api import expect

from crmlab._shipped import shipped

CHAPTER = "06_rfm.ipynb"
# The setting that keeps every cell on the page, also those that nobody looks at.
TRACKER = "@jupyterlab/notebook-extension:tracker"
pytestmark = pytest.mark.browser


@pytest.fixture
def chapter(tmp_path):
    """A copy of the chapter without any output, in a folder of its own."""
    path = tmp_path / "notebooks" / CHAPTER
    path.parent.mkdir()
    notebook = nbformat.read(shipped("notebooks") / CHAPTER, as_version=4)
    notebook.metadata.pop("widgets", None)
    for cell in code(notebook):
        cell.update(outputs=[], execution_count=None)
    nbformat.write(notebook, path)
    return path


def code(notebook):
    return [cell for cell in notebook.cells if cell.cell_type == "code"]


@pytest.fixture
def address(chapter, tmp_path):
    """Where JupyterLab shows the chapter, started as a reader starts it."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    # Folders of its own: a tester's settings neither matter nor change.
    own = {f"JUPYTER_{kind}_DIR": str(tmp_path / kind) for kind in ("CONFIG", "DATA", "RUNTIME")}
    own |= {f"JUPYTERLAB_{kind}_DIR": str(tmp_path / kind) for kind in ("SETTINGS", "WORKSPACES")}
    environment = os.environ | own | {"JUPYTER_TOKEN": "key"}
    settings = tmp_path / "CONFIG" / "labconfig" / "default_setting_overrides.json"
    settings.parent.mkdir(parents=True)
    settings.write_text(json.dumps({TRACKER: {"windowingMode": "none"}}), encoding="utf-8")
    crmlab = str(Path(sys.executable).with_name("crmlab"))
    command = [crmlab, "lab", str(tmp_path), "--no-browser", f"--port={port}"]
    log = tmp_path / "lab.log"
    with log.open("w", encoding="utf-8") as file:
        server = subprocess.Popen(command, env=environment, stdout=file, stderr=file)
    try:
        wait_for(f"http://127.0.0.1:{port}/api", log)
        yield f"http://127.0.0.1:{port}/lab/tree/notebooks/{CHAPTER}?token=key"
    finally:
        server.terminate()  # and with it the kernels
        try:
            server.wait(20)
        finally:
            server.kill()


def wait_for(address, log, seconds=30):
    """Return when a server answers at `address`."""
    start = monotonic()
    while monotonic() - start < seconds:
        try:
            with urlopen(address, timeout=5):
                return
        except OSError:
            sleep(0.2)
    pytest.fail(f"JupyterLab did not start:\n{log.read_text(encoding='utf-8')}")


def test_runs_and_answers_to_a_slider(page, address, chapter):
    page.goto(address)
    page.get_by_text(re.compile(r"Python 3.* \| Idle")).wait_for()
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


def wait_for_the_end(page, chapter, seconds=60):
    """Save the chapter again and again until its last cell was run; fail on any error in it."""
    start = monotonic()
    while monotonic() - start < seconds:
        page.wait_for_timeout(500)
        page.keyboard.press("Control+s")
        cells = code(nbformat.read(chapter, as_version=4))
        wrong = [o for cell in cells for o in cell.outputs if o.output_type == "error"]
        assert wrong == []
        if cells[-1].execution_count:
            return
    pytest.fail(f"{chapter.name} did not run through in {seconds} s")
