"""The point of the opportunity matrix, dragged with the pointer, sets both of its scores."""

import pytest

from crmlab.accounts import explore_matrix
from crmlab.accounts.explore.matrix import BOX

pytestmark = pytest.mark.browser
# The boxes of both scores as a notebook draws them, above the picture.
FRAME = """<div class="crmlab-matrix"><input type="number" id="probability" value="0.6">
<input type="number" id="strength" value="0.6"><div id="picture"></div></div>"""


@pytest.mark.parametrize(
    ("strength", "probability"), [(0.25, 0.8), (0.9, 0.1), (-0.1, 1.2)], ids=str
)
def test_where_the_point_is_let_go_is_what_the_boxes_say(page, strength, probability):
    page.set_content(FRAME)
    page.evaluate(
        """inside => { document.getElementById('picture').innerHTML = inside; window.told = [];
        document.addEventListener('change', e => window.told.push(e.target.id)); }""",
        explore_matrix().children[-1].value,
    )
    area = page.locator(".crmlab-drag img").bounding_box()
    left, bottom, width, height = BOX

    def at(x, y):
        down = area["y"] + (1 - bottom - y * height) * area["height"]
        return area["x"] + (left + x * width) * area["width"], down

    page.mouse.move(*at(0.6, 0.6))
    page.mouse.down()
    page.mouse.move(*at(strength, probability), steps=4)
    assert page.evaluate("window.told") == []
    page.mouse.up()
    for name, score in (("strength", strength), ("probability", probability)):
        told = float(page.locator(f"#{name}").input_value())
        assert told == pytest.approx(min(0.95, max(0.05, score)), abs=0.026)
    assert page.evaluate("window.told") == ["probability", "strength"]
    page.mouse.move(*at(0.5, 0.5))
    assert len(page.evaluate("window.told")) == 2
