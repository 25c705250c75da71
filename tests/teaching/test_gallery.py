"""The gallery: one good example of every plot; what each promises is in tests/test_plots.py."""

import numpy as np
import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg

from crmlab._theme import luminance
from crmlab.teaching import gallery

EXAMPLES = {(topic, name): function for topic, name, function in gallery.examples()}


def test_an_example_is_what_a_module_defines_and_not_what_it_imports(tmp_path, monkeypatch):
    monkeypatch.setattr(gallery, "__path__", [str(tmp_path)])
    (tmp_path / "imaginary.py").write_text(
        "from crmlab.teaching.gallery import new_figure as plot_imported\n"
        "def plot_line(ax):\n    ax.plot([1, 2])\n    return ax\n",
        encoding="utf-8",
    )
    assert [(topic, name) for topic, name, _ in gallery.examples()] == [("imaginary", "plot_line")]

    page = gallery.draw_all(tmp_path / "out")
    assert 'src="imaginary-line.png"' in page.read_text(encoding="utf-8")
    assert (tmp_path / "out" / "imaginary-line.png").read_bytes().startswith(b"\x89PNG")


HEAT_MAPS = [
    place
    for place in EXAMPLES
    if place[1] in {"plot_rfm_map", "plot_migration", "plot_response_by_hour"}
]


@pytest.mark.parametrize("place", HEAT_MAPS, ids="-".join)
def test_what_stands_in_a_heat_map_reads_against_what_lies_under_it(place):
    figure = gallery.new_figure()
    canvas = FigureCanvasAgg(figure)
    ax = EXAMPLES[place](figure.subplots())
    canvas.draw()
    texts = [text for text in ax.texts if text.get_text()]
    boxes = [text.get_window_extent().get_points().mean(axis=0) for text in texts]
    for text in texts:
        text.set_visible(False)
    canvas.draw()
    pixels = np.asarray(canvas.buffer_rgba())[::-1, :, :3] / 255
    for text, (x, y) in zip(texts, boxes, strict=True):
        under, over = luminance(pixels[int(y), int(x)]), luminance(text.get_color())
        ratio = (max(under, over) + 0.05) / (min(under, over) + 0.05)
        assert ratio >= 4.5, text.get_text()
