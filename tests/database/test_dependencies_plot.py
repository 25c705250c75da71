"""plot_dependencies draws the frame that it is given, and nothing else."""

import matplotlib.pyplot as plt
import pandas as pd
import pytest

from crmlab.database import dependencies, normal_form, plot_dependencies
from crmlab.errors import EmptyError

FOUND = pd.DataFrame(
    {
        "determinant": ["a", "a", "a + b"],
        "dependent": ["c", "d", "e"],
        "error": [0.0, 0.125, 0.0],
    }
)


def marks(ax, sign):
    """The (x, y) of the squares (0) or the dots (1) of each determinant."""
    return [
        tuple(map(float, xy)) for path in ax.collections[sign:-2:2] for xy in path.get_offsets()
    ]


def ticks(ax):
    named = ax.get_xticklabels(), ax.get_yticklabels()
    return [[label.get_text() for label in labels] for labels in named]


def test_squares_determine_and_dots_are_determined(ax):
    before = FOUND.copy()
    assert plot_dependencies(FOUND, ax=ax) is ax
    assert ticks(ax) == [["a", "a\n+ b"], ["a", "c", "d", "b", "e"]]
    assert marks(ax, 0) == [(0, 0), (1, 0), (1, 3)]
    assert marks(ax, 1) == [(0, 1), (0, 2), (1, 4)]
    assert [line.get_ydata().tolist() for line in ax.lines] == [[0, 2], [0, 4]]
    assert [text.get_text() for text in ax.texts] == ["but for\n12.5% of rows"]
    assert ax.texts[0].get_position()[1] == 2
    assert ax.get_title() == ""
    plt.sca(ax)
    assert plot_dependencies(FOUND) is ax
    pd.testing.assert_frame_equal(FOUND, before)


def test_the_columns_stand_in_the_order_that_is_asked_for(ax):
    plot_dependencies(FOUND, columns=[*"edcbax"], ax=ax)
    assert ticks(ax)[1] == [*"edcbax"]
    assert marks(ax, 0)[0] == (0, 4)


def test_breaches_say_which_form_they_break_and_cells_are_left_out(ax):
    sheet = pd.DataFrame({"a": [1], "b": [1], "c": ["x; y"], "d": [1]})
    breaches = normal_form(sheet, key=["a", "b"], dependencies={"a": "c", "c": "d"}).breaches
    assert breaches["form"].tolist() == ["1NF", "2NF", "2NF", "3NF"]
    plot_dependencies(breaches, ax=ax)
    assert ticks(ax)[0] == ["a\nbreaks 2NF", "c\nbreaks 3NF"]


def test_nothing_found_is_no_picture(ax):
    with pytest.raises(EmptyError, match="nothing to show"):
        plot_dependencies(dependencies(pd.DataFrame({"a": [1, 2]})), ax=ax)
