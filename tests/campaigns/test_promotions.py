"""Promotions: what they cost, whom they made buy, and at which hour."""

import numpy as np
import pandas as pd
import pytest

from crmlab._intervals import wilson
from crmlab.campaigns import promotion_answers, promotion_cost, promotion_results, response_by_hour
from crmlab.campaigns.simulate import simulate_campaigns
from crmlab.company import load_company
from crmlab.dictionary import dictionary
from crmlab.errors import (
    AmbiguousError,
    BadRowsError,
    CrmlabError,
    MissingColumnsError,
    OutOfRangeError,
    UnknownNameError,
)

PROMOTIONS = pd.DataFrame(
    {
        "promotion_id": [1, 2],
        "type": ["print", "telephone"],
        "medium": ["newspaper", "network"],
        "starts_at": pd.to_datetime(["2024-05-01 09:00", "2024-05-08 20:00"]),
        "fixed_cost_cny": [90.0, 50.0],
        "variable_cost_cny": [2.5, 0.0],
    }
)
TARGETS = pd.DataFrame(
    {
        "promotion_id": [2] * 3 + [1] * 6,
        "customer_id": [1, 2, 3, 1, 2, 3, 4, 5, 6],
        "held_out": [False, False, True] + [False] * 4 + [True] * 2,
    }
)
RESPONSES = pd.DataFrame({"promotion_id": [1, 1, 1, 1, 2], "customer_id": [1, 2, 3, 5, 3]})
ANSWERS = promotion_answers(PROMOTIONS, TARGETS, RESPONSES)

# by hand


@pytest.mark.curriculum("S40")
def test_total_cost_is_fixed_plus_variable_times_units():
    assert promotion_cost(8_000.0, 0.5, 1_200.0) == 8_600
    units = pd.Series([0.0, 10.0])
    assert promotion_cost(100.0, pd.Series([2.0, 3.0]), units).tolist() == [100, 130]


@pytest.mark.curriculum("S40")
def test_there_are_6_types_and_4_media_and_no_others():
    rules = dictionary("promotions").set_index("field")["constraints"]
    known = {name: rules[name].removeprefix("enum ") for name in ("type", "medium")}
    company, _ = load_company()
    for column, count in (("type", 6), ("medium", 4)):
        used = {*company.promotions[column]}
        assert len(used) == count
        assert all(value in known[column] for value in used)
    with pytest.raises(UnknownNameError, match="there is no medium 'billboard'"):
        promotion_answers(PROMOTIONS.assign(medium="billboard"), TARGETS, RESPONSES)


def test_answers_know_the_design_the_hour_and_who_bought():
    assert ANSWERS["customer_id"].tolist() == [1, 2, 3, 4, 5, 6, 1, 2, 3]
    assert ANSWERS["bought"].tolist() == [True, True, True, False, True, False, False, False, True]
    assert ANSWERS["hour"].tolist() == [9] * 6 + [20] * 3
    same = promotion_answers(
        PROMOTIONS, ANSWERS[["promotion_id", "customer_id", "held_out", "bought"]].iloc[::-1]
    )
    pd.testing.assert_frame_equal(same, ANSWERS)


def test_results_of_each_promotion_by_hand():
    table = promotion_results(ANSWERS)
    # Promotion 1: 3 of 4 contacted bought and 1 of 2 held out, so 4 * (3/4 - 1/2) = 1 extra.
    assert table["cost_cny"].tolist() == [100.0, 50.0]
    assert table["cost_per_contact_cny"].tolist() == [25.0, 25.0]
    np.testing.assert_allclose(table["cost_per_response_cny"], [100 / 3, np.nan])
    assert table["extra_purchases"].tolist() == [1.0, -2.0]
    np.testing.assert_allclose(table["cost_per_extra_cny"], [100.0, np.nan])
    # Wilson's intervals of 3 of 4 and 1 of 2; the distances to their ends, squared and added.
    (low, least), (high, most) = wilson([3, 1], [4, 2])
    reach = 4 * np.sqrt((high - 3 / 4) ** 2 + (1 / 2 - least) ** 2)
    assert table["extra_high"].iloc[0] == pytest.approx(1 + reach)
    reach = 4 * np.sqrt((3 / 4 - low) ** 2 + (most - 1 / 2) ** 2)
    assert table["extra_low"].iloc[0] == pytest.approx(1 - reach)


def test_groups_add_up_their_promotions_and_know_nothing_without_held_out():
    both = promotion_results(ANSWERS.assign(all="all"), by="all")
    assert both[["promotions", "contacts", "cost_cny"]].iloc[0].tolist() == [2, 6, 150]
    assert both["extra_purchases"].iloc[0] == -1
    some = ANSWERS[(ANSWERS["promotion_id"] == 1) | ~ANSWERS["held_out"]].assign(all="all")
    alone = promotion_results(some, by="all")
    assert alone[["extra_purchases", "extra_low", "cost_per_extra_cny"]].isna().all(axis=None)
    assert alone["cost_per_response_cny"].iloc[0] == 50


def test_response_by_hour_by_hand():
    table = response_by_hour(ANSWERS, by="medium")
    expected = pd.DataFrame(
        {
            "medium": ["network", "newspaper"],
            "hour": [20, 9],
            "contacts": [2, 4],
            "responses": [0, 3],
            "held_out": [1, 2],
            "response_rate": [0.0, 0.75],
            "held_out_rate": [1.0, 0.5],
            "lift": [-1.0, 0.25],
        }
    )
    pd.testing.assert_frame_equal(table, expected.astype({"medium": "str"}))


# against the formula


def test_extra_purchases_are_those_that_the_contacts_caused():
    data, truth = simulate_campaigns(20_000, promotions=30, seed=21)
    answers = promotion_answers(data.promotions, data.targets)
    total = promotion_results(answers.assign(all="all"), by="all").iloc[0]
    # What is caused among those who would have bought anyway (usual: 0.2) is no extra purchase.
    expected = 0.8 * truth.targets["response_probability"].sum()
    error = (total["extra_high"] - total["extra_low"]) / 2 / 1.959964
    assert total["extra_purchases"] == pytest.approx(expected, abs=3 * error)
    assert error < 0.2 * expected


def test_the_interval_of_56_of_70_less_48_of_80_is_newcombes():
    # Newcombe (1998), table II, method 10: 0.0524 to 0.3339.
    held = [False] * 70 + [True] * 80
    bought = [True] * 56 + [False] * 14 + [True] * 48 + [False] * 32
    costs = {"fixed_cost_cny": 1.0, "variable_cost_cny": 1.0}
    answers = pd.DataFrame({"promotion_id": 1, "held_out": held, "bought": bought, **costs})
    found = promotion_results(answers).iloc[0]
    assert found["extra_low"] / 70 == pytest.approx(0.0524, abs=5e-5)
    assert found["extra_high"] / 70 == pytest.approx(0.3339, abs=5e-5)


@pytest.mark.parametrize(("promotions", "held_out"), [(1, 20), (8, 20), (8, 10)])
def test_intervals_hold_and_are_not_too_wide_where_few_are_held_out(covers, promotions, held_out):
    rng, worlds, contacts = np.random.default_rng(98), 500, 180
    told = 0.1 * rng.uniform(0.6, 1.4, worlds * promotions)
    anyway = 0.04 * rng.uniform(0.6, 1.4, worlds * promotions)
    each = np.arange(worlds * promotions)
    groups = [(contacts, told, False), (held_out, anyway, True)]
    answers = pd.concat(
        pd.DataFrame(
            {
                "promotion_id": np.repeat(each, n),
                "held_out": held,
                "bought": rng.random(n * len(each)) < np.repeat(chance, n),
            }
        )
        for n, chance, held in groups
    ).assign(fixed_cost_cny=1.0, variable_cost_cny=1.0)
    answers["world"] = answers["promotion_id"] // promotions
    table = promotion_results(answers, by="world")
    expected = contacts * (told - anyway).reshape(worlds, promotions).sum(axis=1)
    covered = (table["extra_low"] <= expected) & (expected <= table["extra_high"])
    regime = f"{promotions} promotion(s), chances unlike, {held_out} of {contacts} held out"
    covers(covered, "campaigns.promotion_results", regime)


def test_intervals_of_extra_purchases_cover_the_truth_in_95_of_100_worlds(covers):
    # Customers are independent: 500 times 300 of them are 500 worlds with promotions alike.
    data, truth = simulate_campaigns(500 * 300, promotions=4, targeted_share=0.8, seed=23)
    world = (data.targets["customer_id"] - 1) // 300
    answers = promotion_answers(data.promotions, data.targets)
    in_order = (answers["customer_id"] - 1) // 300
    answers = answers.assign(promotion_id=answers["promotion_id"] + 4 * in_order, world=in_order)
    table = promotion_results(answers, by="world")
    expected = 0.8 * truth.targets["response_probability"].groupby(world).sum()
    covered = (table["extra_low"] <= expected) & (expected <= table["extra_high"])
    covers(covered, "campaigns.promotion_results", "4 promotions of 300 customers, 20 % held out")


# for any data


def test_row_order_does_not_matter_and_nothing_is_changed():
    before = ANSWERS.copy()
    for measure in (promotion_results, response_by_hour):
        pd.testing.assert_frame_equal(measure(ANSWERS), measure(ANSWERS.iloc[::-1]))
    pd.testing.assert_frame_equal(ANSWERS, before)


# when misused


def test_refuses_costs_that_are_none():
    with pytest.raises(OutOfRangeError, match="units must be 0 or more"):
        promotion_cost(1.0, 1.0, -1.0)
    with pytest.raises(OutOfRangeError, match="fixed must be 0 or more"):
        promotion_cost(np.nan, 1.0, 1.0)


def test_refuses_keys_that_lead_nowhere_or_stand_twice():
    with pytest.raises(BadRowsError, match=r"not in promotions: \[2\]"):
        promotion_answers(PROMOTIONS.head(1), TARGETS, RESPONSES)
    strange = pd.DataFrame({"promotion_id": [1], "customer_id": [99]})
    with pytest.raises(BadRowsError, match=r"not in targets: \[\(1, 99\)\]"):
        promotion_answers(PROMOTIONS, TARGETS, strange)
    with pytest.raises(BadRowsError, match="draw a customer twice"):
        promotion_answers(PROMOTIONS, pd.concat([TARGETS, TARGETS]), RESPONSES)
    with pytest.raises(BadRowsError, match="stand more than once in promotions"):
        promotion_answers(pd.concat([PROMOTIONS, PROMOTIONS]), TARGETS, RESPONSES)
    with pytest.raises(MissingColumnsError, match="'bought'"):
        promotion_answers(PROMOTIONS, TARGETS)


@pytest.mark.parametrize("odd", [["no"] * 6 + ["yes"] * 3, [1, 2] + [0] * 7, pd.NaT])
def test_who_was_held_out_must_be_said_in_true_and_false(odd):
    # A text such as "no" would count as true.
    with pytest.raises(OutOfRangeError, match="held_out must hold True or False in every row"):
        promotion_answers(PROMOTIONS, TARGETS.assign(held_out=odd), RESPONSES)
    for measure in (promotion_results, response_by_hour):
        with pytest.raises(CrmlabError, match="bought"):
            measure(ANSWERS.assign(bought=odd))


def test_ones_and_zeros_are_true_and_false():
    numbers = TARGETS.assign(held_out=TARGETS["held_out"].astype("int64"))
    told = promotion_results(promotion_answers(PROMOTIONS, numbers, RESPONSES))
    pd.testing.assert_frame_equal(told, promotion_results(ANSWERS))


def test_refuses_hours_and_columns_that_are_none():
    with pytest.raises(OutOfRangeError, match="starts_at must hold dates without a time zone"):
        promotion_answers(PROMOTIONS.assign(starts_at="9 o'clock"), TARGETS, RESPONSES)
    with pytest.raises(BadRowsError, match="have no starts_at"):
        promotion_answers(PROMOTIONS.assign(starts_at=pd.NaT), TARGETS, RESPONSES)
    twice = pd.concat([PROMOTIONS, PROMOTIONS[["type"]]], axis=1)
    with pytest.raises(AmbiguousError, match="more than one column is called"):
        promotion_answers(twice, TARGETS, RESPONSES)
    for wrong in ("90", [90.0], None):
        with pytest.raises(OutOfRangeError, match="fixed must be 0 or more"):
            promotion_cost(wrong, 1.0, 1.0)
