"""The pictures of identification: they draw the numbers they are given, and nothing else."""

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest
from matplotlib.colors import to_hex

from crmlab._theme import PALETTE
from crmlab.errors import OutOfRangeError
from crmlab.identity import plot_match_quality, plot_match_scores, plot_match_weights

EXPLAINED = pd.DataFrame(
    {
        "field": ["prior", "name", "birth_date", "phone"],
        "level": [-1, 2, -1, 0],
        "weight": [-2.0, 8.0, 0.0, -3.0],
        "total": [-2.0, 6.0, 6.0, 3.0],
    }
)
PAIRS = pd.DataFrame({"weight": [-9.0, -8.5, 1.0, 12.0], "match": [False, False, True, True]})
QUALITY = pd.DataFrame(
    {"edit_share": [0.5, 0.1], "precision": [0.9, 1.0], "recall": [0.5, 0.9], "f1": [0.64, 0.95]}
)


@pytest.fixture
def ax():
    figure, ax = plt.subplots()
    yield ax
    plt.close(figure)


def words(ax):
    return [text.get_text() for text in ax.texts]


def legend(ax):
    return [text.get_text() for text in ax.get_legend().get_texts()]


# by hand


def test_each_bar_begins_where_the_one_before_ends_and_the_last_is_the_sum(ax):
    plot_match_weights(EXPLAINED, ax=ax)
    assert [bar.get_x() for bar in ax.patches] == [0, -2, 6, 6, 0]
    assert [bar.get_width() for bar in ax.patches] == [-2, 8, 0, -3, 3]
    assert words(ax) == ["−2.0", "+8.0", "0", "−3.0", "+3.0"]
    names = [label.get_text() for label in ax.get_yticklabels()]
    assert names == ["any pair", "name", "birth date (missing)", "phone", "sum"]


def test_what_speaks_against_is_hatched_as_well_as_coloured(ax):
    plot_match_weights(EXPLAINED, ax=ax)
    assert [bar.get_hatch() for bar in ax.patches] == ["///", "", "", "///", ""]
    colours = [to_hex(bar.get_facecolor()) for bar in ax.patches]
    assert colours[1] == PALETTE[0].lower()
    assert colours[3] == PALETTE[5].lower()


def test_the_histogram_holds_every_pair_on_its_side_of_the_threshold(ax):
    plot_match_scores(PAIRS, threshold=0.6, ax=ax)
    assert sum(bar.get_height() for bar in ax.patches) == len(PAIRS)
    line = np.log2(0.6 / 0.4)
    assert ax.lines[0].get_xdata()[0] == pytest.approx(line)
    for bar in ax.patches:
        if bar.get_height():
            beyond = bar.get_x() >= line - 1e-9
            assert (bar.get_hatch() == "") == beyond
    assert {"not one person (2 pairs)", "one person (2 pairs)", "threshold 0.6"} == {*legend(ax)}


def test_a_threshold_of_certainty_has_no_line(ax):
    plot_match_scores(PAIRS.assign(match=False), threshold=1, ax=ax)
    assert len(ax.lines) == 0
    assert sum(bar.get_height() for bar in ax.patches) == len(PAIRS)


def test_quality_runs_along_the_share_of_edits(ax):
    plot_match_quality(QUALITY, target=0.95, ax=ax)
    f1 = ax.lines[2]
    assert [*f1.get_xdata()] == [0.1, 0.5]
    assert [*f1.get_ydata()] == [0.95, 0.64]
    assert legend(ax) == ["precision", "recall", "F1", "F1 asked for: 95%"]
    assert ax.lines[3].get_ydata()[0] == 0.95


def test_without_a_target_there_is_none(ax):
    assert legend(plot_match_quality(QUALITY, ax=ax)) == ["precision", "recall", "F1"]


# when misused


def test_refuses_what_is_no_probability(ax):
    with pytest.raises(OutOfRangeError, match="threshold"):
        plot_match_scores(PAIRS, threshold=0, ax=ax)
    with pytest.raises(OutOfRangeError, match="target"):
        plot_match_quality(QUALITY, target=95, ax=ax)
