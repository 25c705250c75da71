"""Pictures of effects, customers and sellers: they draw the numbers they are given."""

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest

from crmlab.campaigns import plot_design_effects, plot_response_by_hour
from crmlab.customers import (
    plot_lasting_by_score,
    plot_relationship_types,
    plot_type_confusion,
    plot_want_value,
)
from crmlab.errors import OutOfRangeError
from crmlab.loyalty import plot_satisfaction_drivers
from crmlab.service import plot_complaint_to_churn
from crmlab.social import plot_seller_tree, seller_tree

HOURS = pd.DataFrame(
    {
        "type": ["print", "print", "telephone"],
        "hour": [9, 20, 9],
        "contacts": [1_000, 200, 6],
        "response_rate": [0.1, 0.3, 0.9],
        "lift": [-0.02, np.nan, 0.5],
    }
)
EFFECTS = pd.DataFrame(
    {
        "feature": ["contact", "colour", "colour"],
        "level": ["base", "blue", "red"],
        "effect": [0.05, 0.0, 0.02],
        "low": [0.04, 0.0, 0.01],
        "high": [0.06, 0.0, 0.03],
        "is_reference": [False, True, False],
        "truth": [0.05, 0.0, 0.02],
    }
)
DRIVERS = pd.DataFrame(
    {
        "driver": ["staff", "price"],
        "weight": [0.6, 0.2],
        "low": [0.5, 0.1],
        "high": [0.7, 0.3],
        "correlation": [0.8, 0.7],
        "truth": [0.6, 0.2],
    }
)
COMPLAINTS = pd.DataFrame(
    {
        "asked_of": ["purchases", "customers"],
        "back_complained": [0.6, 0.5],
        "back_others": [0.8, 0.5],
        "ratio": [0.75, 1.0],
        "low": [0.7, 0.9],
        "high": [0.8, 1.1],
    }
)
LASTING = pd.DataFrame(
    {
        "score": [0, 6],
        "prospects": [7, 1_000],
        "share_lasting": [0.0, 0.8],
        "low": [0.0, 0.7],
        "high": [0.3, 0.9],
    }
)
TYPES = pd.DataFrame(
    {
        "profit_now": [100.0, 50.0, 0.0],
        "trend": [0.0, -0.2, np.nan],
        "type": ["largest", "fading", "transactional"],
    }
)
CONFUSION = pd.DataFrame(
    {
        "true_type": ["largest", "largest", "fading", "fading"],
        "found_type": ["largest", "fading", "largest", "fading"],
        "customers": [8, 2, 0, 0],
        "recall": [0.8, 0.2, np.nan, np.nan],
    }
)
WANTS = pd.DataFrame(
    {
        "brand": ["A", "B"],
        "need_cny": [100.0, 50.0],
        "added_cny": [25.0, 0.0],
        "paid_cny": [110.0, 50.0],
        "added_share": [0.2, 0.0],
    }
)
SELLERS = seller_tree(
    pd.DataFrame(
        {"seller_id": [1, 2, 3, 4], "recruited_by": pd.array([None, 1, 1, 2], dtype="Int64")}
    ),
    pd.DataFrame({"seller_id": [4, 3], "amount_cny": [100.0, 60.0]}),
)


def words(ax):
    return [text.get_text() for text in ax.texts]


def legend(ax):
    return [text.get_text() for text in ax.get_legend().get_texts()]


def ticks(axis):
    return [label.get_text() for label in axis.get_ticklabels()]


def test_every_hour_shows_its_share_and_its_contacts_and_few_contacts_set_no_shade(ax):
    plot_response_by_hour(HOURS, ax=ax)
    assert words(ax) == ["10%\nof 1,000", "30%\nof 200", "90%\nof 6"]
    assert ax.collections[0].get_clim() == (0.1, 0.3)
    assert ax.get_ylabel() == "Type"


def test_lifts_have_a_sign_and_what_is_unknown_is_left_empty(ax):
    plot_response_by_hour(HOURS, value="lift", ax=ax)
    assert words(ax) == ["-2%\nof 1,000", "+50%\nof 6"]
    with pytest.raises(OutOfRangeError, match="value must be one of"):
        plot_response_by_hour(HOURS, value="contacts", ax=ax)


def test_cells_of_few_contacts_alone_are_drawn_too(ax):
    plot_response_by_hour(HOURS.assign(contacts=5), ax=ax)
    assert len(words(ax)) == 3


def test_effects_references_and_truth_are_told_apart_by_their_markers(ax):
    plot_design_effects(EFFECTS, ax=ax)
    assert ticks(ax.yaxis) == ["base contact", "colour: blue", "colour: red"]
    assert sorted(legend(ax)) == ["effect, 95% interval", "reference", "truth"]
    dots = next(line for line in ax.lines if line.get_marker() == "o")
    assert dots.get_xdata().tolist() == [0.05, 0.02]
    crosses = next(line for line in ax.lines if line.get_marker() == "x")
    assert crosses.get_xdata().tolist() == [0.05, 0.02]  # a reference is 0 by definition
    plain = plot_design_effects(EFFECTS.drop(columns="truth"), ax=plt.figure().subplots())
    assert "truth" not in legend(plain)
    plt.close("all")


def test_drivers_are_bars_with_the_heaviest_on_top(ax):
    plot_satisfaction_drivers(DRIVERS, ax=ax)
    assert [bar.get_width() for bar in ax.patches] == [0.6, 0.2]
    assert ax.patches[0].get_y() > ax.patches[1].get_y()
    assert ticks(ax.yaxis) == ["staff", "price"]
    assert "truth" in legend(ax)


def test_both_questions_about_complaints_show_their_ratio_and_an_arrow_where_there_is_room(ax):
    plot_complaint_to_churn(COMPLAINTS, ax=ax)
    assert "0.75 times (0.70 to 0.80)" in words(ax)
    assert len([text for text in ax.texts if text.arrow_patch]) == 1
    assert legend(ax) == ["no complaint", "complained"]


def test_each_score_says_how_many_there_were(ax):
    plot_lasting_by_score(LASTING, ax=ax)
    assert words(ax) == ["n = 7", "n = 1,000"]
    assert [bar.get_height() for bar in ax.patches] == [0.0, 0.8]


def test_types_are_counted_and_those_without_profit_are_said_to_be_left_out(ax):
    plot_relationship_types(TYPES, ax=ax)
    assert legend(ax) == [
        "transactional: 1, 1 of them not shown",
        "largest (a): 1",
        "growing (b): 0",
        "fading (c): 1",
    ]
    assert ax.collections[1].get_offsets().tolist() == [[100.0, 0.0]]


def test_the_confusion_shows_shares_and_numbers_in_the_order_of_the_types(ax):
    plot_type_confusion(CONFUSION, ax=ax)
    assert ticks(ax.xaxis) == ["largest", "fading"]
    assert words(ax) == ["80%\n8", "20%\n2"]


def test_wants_stand_on_needs(ax):
    plot_want_value(WANTS, ax=ax)
    need, added = ax.patches[:2], ax.patches[2:]
    assert [bar.get_height() for bar in need] == [100, 50]
    assert [(bar.get_y(), bar.get_height()) for bar in added] == [(100, 25), (50, 0)]
    assert words(ax) == ["added 20.0%", "added 0.0%"]


def test_sellers_stand_at_their_depth_beside_their_recruiter(ax):
    plot_seller_tree(SELLERS, ax=ax)
    places = dict(zip(SELLERS["seller_id"], ax.collections[0].get_offsets().tolist(), strict=True))
    assert [places[one][0] for one in (1, 2, 3, 4)] == [0, 1, 1, 2]
    assert places[1][1] == (places[2][1] + places[3][1]) / 2
    assert len(ax.lines) == 3
    assert words(ax)[0] == "seller 1: 160 CNY"
    bare = SELLERS.drop(columns=["sales_cny", "group_sales_cny"])
    assert words(plot_seller_tree(bare, ax=plt.figure().subplots()))[0] == "seller 1: 3"
    plt.close("all")
