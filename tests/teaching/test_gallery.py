"""The gallery: one good example of every plot; what each promises is in tests/test_plots.py."""

import numpy as np
import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.patches import Rectangle
from matplotlib.text import Text

from crmlab._theme import luminance
from crmlab.teaching import gallery
from tests.test_plots import EXAMPLES, example_of


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


def faint(figure):
    """The texts of a figure that read badly against what lies under most of them.

    Source: contrast ratio of W3C (2018), Web Content Accessibility Guidelines 2.1, 1.4.3.
    """
    texts = [each for each in figure.findobj(Text) if each.get_visible() and each.get_text()]
    boxes = [each.get_window_extent() for each in texts]
    alphas = [each.get_alpha() for each in texts]
    for each in texts:
        each.set_alpha(0)
    figure.canvas.draw()
    for each, alpha in zip(texts, alphas, strict=True):
        each.set_alpha(alpha)  # others look at this picture too
    pixels = np.asarray(figure.canvas.buffer_rgba())[::-1, :, :3] / 255
    linear = np.where(pixels <= 0.04045, pixels / 12.92, ((pixels + 0.055) / 1.055) ** 2.4)
    light = linear @ [0.2126, 0.7152, 0.0722]
    for text, box in zip(texts, boxes, strict=True):
        (left, low), (right, high) = np.clip(box.get_points(), 0, [*light.shape[::-1]]).astype(int)
        under, over = light[low : high + 1, left : right + 1], luminance(text.get_color())
        ratios = (np.maximum(under, over) + 0.05) / (np.minimum(under, over) + 0.05)
        # A line may cross a text: three quarters of what is under it count.
        if ratios.size and np.quantile(ratios, 0.25) < 4.5:
            yield text.get_text()


@pytest.mark.parametrize("place", EXAMPLES, ids="-".join)
def test_every_text_reads_against_what_lies_under_it(place):
    figure = example_of(place)[0].figure
    FigureCanvasAgg(figure)
    figure.draw_without_rendering()
    assert [*faint(figure)] == []


@pytest.mark.parametrize(("colour", "found"), [("white", ["12"]), ("black", [])])
def test_white_digits_on_tan_are_found(colour, found):
    figure = gallery.new_figure()
    FigureCanvasAgg(figure)
    ax = figure.subplots()
    ax.set_axis_off()
    ax.add_patch(Rectangle((0, 0), 1, 1, color="tan"))
    ax.text(0.5, 0.5, "12", color=colour)
    figure.draw_without_rendering()
    assert [*faint(figure)] == found
