"""The two widgets: their pictures are pure, and what moves draws anew."""

import pytest

from crmlab.behaviour import (
    explore_modes,
    explore_tree,
    mode_picture,
    simulate_card_holders,
    simulate_catalogue,
    tree_picture,
)


@pytest.fixture(scope="module")
def world():
    return simulate_catalogue(2_000, seed=1)


def test_each_condition_of_the_rule_leaves_fewer(world):
    widget = explore_modes(world.responses, mailed=world.mailed)
    *lists, picture = widget.children
    before = picture.value
    assert "left by the rule anything" in before
    lists[0].value, lists[3].value = "menswear", "red"
    assert "department: menswear, colour: red" in picture.value
    assert picture.value != before

    def bars(rule):
        axes = mode_picture(world.responses, rule, mailed=world.mailed).axes[0]
        return [bar.get_width() for bar in axes.patches]

    some, fewer = (
        bars({"department": "menswear"}),
        bars({"department": "menswear", "colour": "red"}),
    )
    assert len(fewer) == len(some) + 1
    assert min(fewer) < min(some)


def test_a_deeper_tree_has_more_boxes_and_larger_ones_fewer():
    parts = []
    for seed in (1, 2):
        data, _ = simulate_card_holders(2_000, seed=seed)
        parts.append((data[["mean_balance", "atm_uses", "age"]], data["is_user"]))
    depth, least, picture = explore_tree(*parts).children
    assert "depth 1, boxes of at least 100" in picture.value
    depth.value, least.value = 3, 40
    assert "depth 3, boxes of at least 40" in picture.value

    def boxes(**settings):
        return len(tree_picture(*parts, **settings).axes[0].texts)

    assert boxes(depth=1, least=100) == 3
    assert boxes(depth=3, least=40) > boxes(depth=3, least=400) >= 3
