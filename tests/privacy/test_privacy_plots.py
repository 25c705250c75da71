"""The pictures: they draw the numbers they are given, and nothing else."""

import numpy as np
import pandas as pd
import pytest

from crmlab.errors import MissingColumnsError, OutOfRangeError
from crmlab.privacy import (
    plot_noisy_histogram,
    plot_published_table,
    plot_risk_by_quasi,
    plot_risk_utility,
    plot_seen_by_band,
)

RISK = pd.DataFrame(
    {
        "quasi_identifiers": [1, 1, 2],
        "columns": ["sex", "born", "sex + born"],
        "k": [9, 2, 1],
        "share_unique": [0.0, 0.3, 0.95],
    }
)
TRADEOFF = pd.DataFrame(
    {
        "method": ["as it is", "Mondrian", "Mondrian", "full domain", "full domain"],
        "k": [1, 2, 5, 2, 5],
        "risk": [0.9, 0.5, 0.2, 0.1, 0.1],
        "error": [0.0, 0.1, 0.2, 0.3, 0.3],
    }
)
TABLE = pd.DataFrame(
    {
        "area": ["A", "A", "A", "total", "total", "total"],
        "note": ["x", "y", "total", "x", "y", "total"],
        "people": [np.nan, 30.0, 1_032.0, np.nan, 30.0, 1_032.0],
    }
)
SEEN = pd.DataFrame({"band": ["20", "30"], "mean": [10.0, 20.0], "mean_seen": [12.0, np.nan]})
NOISY = pd.DataFrame(
    {"category": ["a", "b"], "people": [9.0, -1.0], "standard_error": [1.0, 1.0], "truth": [8, 1]}
)


def words(ax):
    return [text.get_text() for text in ax.texts]


def legend(ax):
    return [text.get_text() for text in ax.get_legend().get_texts()]


# all of them


# plot_risk_by_quasi


def test_every_choice_is_a_dot_and_the_most_telling_ones_are_joined_and_named(ax):
    plot_risk_by_quasi(RISK, ax=ax)
    assert ax.collections[0].get_offsets().tolist() == [[1, 0], [1, 0.3], [2, 0.95]]
    assert ax.lines[0].get_xydata().tolist() == [[1, 0.3], [2, 0.95]]
    names = [label.get_text() for label in ax.get_xticklabels()]
    assert names == ["1\nborn", "2\nsex\n+ born"]


# plot_risk_utility


def test_each_point_says_its_k_and_two_k_at_one_point_are_both_named(ax):
    plot_risk_utility(TRADEOFF, ax=ax)
    assert words(ax) == ["k=1", "k=5", "k=2", "k=2, 5"]
    assert legend(ax) == ["as it is", "Mondrian", "full domain"]
    assert len({line.get_marker() for line in ax.lines}) == 3
    assert ax.lines[1].get_xydata().tolist() == [[0.5, 0.1], [0.2, 0.2]]


def test_a_table_without_error_is_drawn_too(ax):
    plot_risk_utility(TRADEOFF.assign(error=0.0), ax=ax)
    assert ax.get_ylim()[0] < 0 < ax.get_ylim()[1]


# plot_published_table


def test_hidden_cells_say_so_and_are_hatched(ax):
    plot_published_table(TABLE, ax=ax)
    assert words(ax) == ["hidden", "30", "1,032", "hidden", "30", "1,032"]
    assert [bool(patch.get_hatch()) for patch in ax.patches[:2]] == [True, False]


def test_a_solved_table_shows_what_can_be_worked_out_and_frames_what_is_given_away(ax):
    solved = TABLE.assign(least=TABLE["people"].fillna(2), most=[5.0, 30, 1_032, 2, 30, 1_032])
    solved.loc[1, ["people", "least", "most"]] = [np.nan, 0, np.inf]
    plot_published_table(solved, ax=ax)
    assert words(ax)[:4] == ["2 to 5", "0 or more", "1,032", "2"]
    frames = [patch for patch in ax.patches if not patch.get_fill()]
    assert len(frames) == 1


def test_a_list_has_one_row_and_three_names_are_too_many(ax):
    plot_published_table(TABLE.drop(columns="area").head(3), ax=ax)
    assert words(ax) == ["hidden", "30", "1,032"]
    assert ax.get_ylabel() == ""
    with pytest.raises(OutOfRangeError, match="more than two"):
        plot_published_table(TABLE.assign(third="x"), ax=ax)
    with pytest.raises(MissingColumnsError, match="a column of names"):
        plot_published_table(TABLE[["people"]], ax=ax)


# plot_seen_by_band


def test_bars_are_the_truth_and_points_what_is_seen(ax):
    plot_seen_by_band(SEEN, ax=ax)
    assert [bar.get_height() for bar in ax.patches] == [10, 20]
    assert ax.lines[0].get_ydata().tolist()[0] == 12
    assert np.isnan(ax.lines[0].get_ydata()[1])
    assert [label.get_text() for label in ax.get_xticklabels()] == ["20", "30"]


def test_many_bands_have_slanted_names(ax):
    plot_seen_by_band(pd.concat([SEEN] * 5), ax=ax)
    assert ax.get_xticklabels()[0].get_rotation() == 45


# plot_noisy_histogram


def test_the_noise_spans_two_standard_errors_each_way_and_may_be_negative(ax):
    plot_noisy_histogram(NOISY, ax=ax)
    assert [bar.get_height() for bar in ax.patches] == [8, 1]
    spans = ax.collections[0].get_segments()
    assert [span[:, 1].tolist() for span in spans] == [[7, 11], [-3, 1]]
    assert legend(ax) == ["truth", "published, ± 2 standard errors of the noise"]


def test_without_the_truth_no_bars_are_drawn(ax):
    plot_noisy_histogram(NOISY.drop(columns="truth"), ax=ax)
    assert not ax.patches
