"""The pictures and sliders of loyalty draw what they are given."""

import numpy as np
import pandas as pd
import pytest

from crmlab.errors import EmptyError, MissingColumnsError
from crmlab.loyalty import (
    explore,
    explore_drivers,
    explore_ranking,
    importance_performance,
    loyalty_against_norm,
    net_promoter,
    plot_double_jeopardy,
    plot_importance_performance,
    plot_ranking,
    plot_switching,
    shrunken,
    simulate_choices,
    simulate_recommendation,
    simulate_satisfaction,
    switching_matrix,
)

# by hand


def test_the_ranking_has_its_best_on_top_and_crosses_for_the_truth(ax):
    answers, truth = simulate_recommendation(600, branches=6, seed=1)
    table = shrunken(net_promoter(answers, by="branch")).assign(truth=truth["nps"].to_numpy())
    plot_ranking(table, ax=ax)
    names = [label.get_text() for label in ax.get_yticklabels()]
    assert names == table.sort_values("nps", ascending=False)["branch"].tolist()
    assert ax.get_yticks().tolist() == [0, -1, -2, -3, -4, -5]
    crosses = next(line for line in ax.lines if line.get_label() == "truth")
    assert sorted(crosses.get_xdata()) == sorted(truth["nps"])


def test_the_map_names_its_drivers_and_fields(ax):
    answers, _ = simulate_satisfaction(200, seed=1)
    table = importance_performance(answers, seed=1)
    plot_importance_performance(table, ax=ax)
    words = [text.get_text() for text in ax.texts]
    assert sum(word.startswith(tuple(table["driver"])) for word in words) == 5
    assert {"keep up", "concentrate here", "low priority", "possible overkill"} <= {*words}


@pytest.mark.parametrize("shift", [(0.07, 0.012), (-0.07, 0.012), (0.0, 0.0), (0.02, -0.01)])
def test_names_of_neighbours_stay_apart(ax, shift):
    at = pd.DataFrame({"performance": [3.5, 4.9, 4.9], "importance": [0.32, 0.34, 0.11]})
    at.loc[3] = at.loc[2] + [*shift]
    table = at.assign(driver=["staff", "product", "price", "after-sales"], certainty=1.0)
    ends = {f"{name}_{end}": table[name] for name in at for end in ("low", "high")}
    ax.figure.set_size_inches(8, 4.5)
    plot_importance_performance(table.assign(**ends), ax=ax)
    ax.figure.canvas.draw()
    boxes = [text.get_window_extent() for text in ax.texts[:4]]
    assert not boxes[2].overlaps(boxes[3])


def test_the_heat_map_has_a_row_per_brand_bought_last(ax):
    choices = pd.DataFrame(
        {"customer_id": [1, 1, 1, 2], "occasion": [1, 2, 3, 1], "brand": [*"AABC"]}
    )
    plot_switching(switching_matrix(choices), ax=ax)
    assert [text.get_text() for text in ax.texts] == ["50%", "50%", "0%", *[""] * 6]
    assert [label.get_text() for label in ax.get_yticklabels()] == ["A", "B", "C"]
    # The first brand is on top.
    assert ax.yaxis_inverted()


def test_the_line_of_double_jeopardy_is_the_norm(ax):
    choices, _ = simulate_choices(500, seed=1)
    table = loyalty_against_norm(choices)
    plot_double_jeopardy(table, ax=ax)
    line = ax.lines[0]
    wanted = table.sort_values("penetration")
    np.testing.assert_allclose(line.get_xdata(), wanted["penetration"])
    np.testing.assert_allclose(line.get_ydata(), wanted["norm"])


# the sliders


def test_the_slider_of_answers_draws_another_ranking():
    box = explore_ranking()
    before = box.children[-1].value
    box.children[0].value = 800
    assert box.children[-1].value != before
    assert "from 800 answers each" in box.children[-1].value
    one = explore.ranking_picture(answers=50, spread=0.0)
    assert len(one.axes[0].get_yticks()) == 12


def test_the_sliders_of_drivers_move_the_whole_by_the_weights():
    answers = pd.DataFrame({"a": [1, 2, 3, 4, 5], "b": [2, 1, 3, 1, 2]})
    answers["overall"] = 0.5 * answers["a"] + 0.25 * answers["b"]
    figure = explore.drivers_picture(answers, moves={"a": 1.0, "b": 2.0})
    # Three bars by the weights: 0.5, 2 * 0.25, and together 1.
    widths = [bar.get_width() for bar in figure.axes[0].patches[:3]]
    assert widths == pytest.approx([0.5, 0.5, 1.0])
    box = explore_drivers(answers)
    before = box.children[-1].value
    box.children[1].value = 1.5
    assert box.children[-1].value != before
    assert "b +1.5" in box.children[-1].value
    for slider in box.children[:-1]:
        slider.value = 0
    assert "no move" in box.children[-1].value


# when misused


@pytest.mark.parametrize(
    ("plot", "columns"),
    [
        (plot_ranking, ["branch", "nps", "low", "high", "shrunk", "shrunk_low", "shrunk_high"]),
        (plot_switching, ["from_brand", "to_brand", "share"]),
        (
            plot_double_jeopardy,
            ["brand", "penetration", "purchases_per_buyer", "norm", "low", "high"],
        ),
        (
            plot_importance_performance,
            [
                "driver",
                "certainty",
                "performance",
                "performance_low",
                "performance_high",
                "importance",
                "importance_low",
                "importance_high",
            ],
        ),
    ],
)
def test_frames_without_rows_or_columns_are_refused(ax, plot, columns):
    with pytest.raises(MissingColumnsError):
        plot(pd.DataFrame({"x": [1]}), ax=ax)
    with pytest.raises(EmptyError, match="no rows"):
        plot(pd.DataFrame(columns=columns), ax=ax)
