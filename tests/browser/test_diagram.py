"""A diagram in the real JupyterLab, whose own mermaid draws it without any network."""

import re

import nbformat
import pytest
from playwright.sync_api import expect

from crmlab.database import Diagram
from tests.browser import test_lab

pytestmark = pytest.mark.browser
desk = test_lab.desk  # JupyterLab on a reader's folder


@pytest.fixture
def address(desk):
    """Where a notebook is shown that somebody handed on with the outputs of three diagrams."""
    folder, where = desk
    cells = []
    for picture in (Diagram(["people", "purchases"]), Diagram(columns="all"), Diagram()):
        bundle, said = picture._repr_mimebundle_()
        output = nbformat.v4.new_output("execute_result", bundle, metadata=said, execution_count=1)
        cells.append(nbformat.v4.new_code_cell("", outputs=[output], execution_count=1))
    about = {"kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"}}
    notebook = nbformat.v4.new_notebook(cells=cells, metadata=about)
    nbformat.write(notebook, folder / "diagrams.ipynb")
    return where.format("diagrams.ipynb")


def test_jupyterlab_draws_the_diagram_by_mermaid(page, address):
    page.goto(address)
    drawn = page.locator(".jp-RenderedMermaid")
    expect(drawn).to_have_count(3, timeout=60_000)
    for number in range(3):
        # What mermaid cannot read stays text, with a warning instead of a picture.
        picture = drawn.nth(number).locator("img")
        expect(picture).to_have_attribute("src", re.compile("^data:image/svg"), timeout=60_000)
        assert picture.bounding_box()["width"] > 300
    expect(page.locator(".jp-OutputArea-output .jp-mod-warning")).to_have_count(0)
