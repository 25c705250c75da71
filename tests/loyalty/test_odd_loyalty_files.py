"""Files of another shape: what would have been counted wrong in silence is refused, else read."""

import numpy as np
import pandas as pd
import pytest

from crmlab.errors import BadRowsError, MissingColumnsError, OutOfRangeError, WrongTypeError
from crmlab.loyalty import (
    ChoiceModel,
    choice_memory,
    driver_importance,
    importance_performance,
    loyalty_classes,
    reward_penalty,
    satisfaction_drivers,
    simulate_priced_choices,
    simulate_reactions,
    simulate_satisfaction,
    switching_matrix,
    wallet,
)

CHOICES = pd.DataFrame(
    {
        "customer_id": [1] * 4 + [2] * 4,
        "occasion": [8, 9, 10, 11] * 2,
        "brand": list("AABB") + list("BABB"),
    }
)
DAYS = pd.to_datetime(["2024-01-08", "2024-01-09", "2024-01-10", "2024-02-11"] * 2)
NUMBERS = [8, 9, 10, 11] * 2
TEXTS = ["8", "9", "10", "11"] * 2
SHELF, _ = simulate_priced_choices(60, seed=1)

# for any data


@pytest.mark.parametrize(
    "order",
    [
        NUMBERS,
        pd.array(NUMBERS, dtype="Int64"),
        pd.array(NUMBERS, dtype="int64[pyarrow]"),
        pd.Series(NUMBERS, dtype="object"),
        pd.Series([8, 9.5, 10, 11] * 2, dtype="object"),
        DAYS,
        pd.array(DAYS, dtype="timestamp[us][pyarrow]"),
        pd.Series(DAYS.date, dtype="object"),
        DAYS.to_period("D"),
        pd.Categorical(TEXTS, categories=["8", "9", "10", "11"], ordered=True),
    ],
)
def test_an_order_of_any_type_that_has_one_says_what_came_first(order):
    assert choice_memory(CHOICES.assign(occasion=order)) == choice_memory(CHOICES)


@pytest.mark.parametrize("kind", ["int64", "float64", "Int64", "category", "int64[pyarrow]"])
def test_a_wallet_finds_ids_that_are_numbers_of_another_type(kind):
    people = pd.DataFrame({"customer_id": [1, 2], "category_spend_cny": 1_000.0})
    bought = pd.DataFrame({"customer_id": [1, 2], "amount": 100.0, "date": DAYS[:2]})
    found = wallet(people.astype({"customer_id": kind}), bought)["loyalty_index"]
    assert found.tolist() == wallet(people, bought)["loyalty_index"].tolist()
    assert (found > 0).all()


def test_parts_better_than_expected_are_true_and_false_or_1_and_0():
    answers, _ = simulate_reactions(300, seed=1)
    truths = answers.astype({"staff_high": "bool", "staff_low": "boolean"})
    expected = reward_penalty(answers, drivers=["staff"])
    pd.testing.assert_frame_equal(reward_penalty(truths, drivers=["staff"]), expected)


def test_a_share_of_wallet_reaches_from_0_to_1_and_other_behaviour_further():
    people = pd.DataFrame(
        {"customer_id": [1, 2], "attitude": [6.0, 2.0], "share_of_wallet": [1.0, 0.0]}
    )
    assert loyalty_classes(people)["loyalty"].tolist() == ["true", "none"]
    visits = people.assign(visits=[30, 2])
    found = loyalty_classes(visits, behaviour="visits", behaviour_above=10)
    assert found["loyalty"].tolist() == ["true", "none"]


# when misused


@pytest.mark.parametrize(
    "order",
    [
        TEXTS,
        pd.Series(TEXTS, dtype="object"),
        pd.array(TEXTS, dtype="string[pyarrow]"),
        ["12/31/2023", "1/2/2024", "10/1/2024", "11/1/2024"] * 2,
        pd.Categorical(TEXTS),
        pd.Series([8, "9", 10, 11] * 2, dtype="object"),
    ],
)
def test_an_order_in_text_is_refused_for_10_would_come_before_9(order):
    for measure in (choice_memory, switching_matrix):
        with pytest.raises(WrongTypeError, match="occasion must hold numbers or dates"):
            measure(CHOICES.assign(occasion=order))


def test_a_wallet_whose_ids_are_text_in_one_frame_alone_is_refused():
    people = pd.DataFrame({"customer_id": ["1", "2"], "category_spend_cny": 1_000.0})
    bought = pd.DataFrame({"customer_id": [1, 2], "amount": 100.0, "date": DAYS[:2]})
    with pytest.raises(WrongTypeError, match="customer_id holds"):
        wallet(people, bought)
    with pytest.raises(WrongTypeError, match="customer_id holds"):
        wallet(people.assign(customer_id=[1, 2]), bought.astype({"customer_id": "str"}))


@pytest.mark.parametrize("measure", [satisfaction_drivers, driver_importance])
def test_the_whole_is_no_driver_of_itself(measure):
    answers, _ = simulate_satisfaction(60, seed=1)
    options = {} if measure is satisfaction_drivers else {"seed": 1}
    with pytest.raises(OutOfRangeError, match="overall is the whole"):
        measure(answers, drivers=["price", "overall"], **options)
    with pytest.raises(OutOfRangeError, match="overall is the whole"):
        importance_performance(answers, drivers=["price", "overall"], seed=1)


@pytest.mark.parametrize("factor", [5, 0.5, -1])
def test_parts_marked_by_anything_but_1_and_0_are_refused(factor):
    answers, _ = simulate_reactions(60, seed=1)
    answers["staff_high"] = answers["staff_high"] * factor
    with pytest.raises(WrongTypeError, match="staff_high must hold True or False"):
        reward_penalty(answers, drivers=["staff"])


@pytest.mark.parametrize("share", [90.0, 1.01, -0.1])
def test_a_share_of_wallet_in_percent_would_make_everybody_loyal_and_is_refused(share):
    people = pd.DataFrame({"customer_id": [1], "attitude": [6.0], "share_of_wallet": [share]})
    with pytest.raises(OutOfRangeError, match="must be a share, 0 to 1"):
        loyalty_classes(people)


def test_a_customer_is_in_one_class_of_loyalty():
    people = pd.DataFrame({"customer_id": 1, "attitude": [6, 2], "share_of_wallet": 0.9})
    with pytest.raises(BadRowsError, match="more than once"):
        loyalty_classes(people)


def test_a_brand_stands_once_in_an_occasion_when_fitting_and_after():
    model = ChoiceModel(["price_cny"]).fit(SHELF)
    twice = SHELF.copy()
    twice.loc[1, "brand"] = "Coral"
    # As many rows as there should be: one too few here, one too many there.
    instead = pd.concat([SHELF.drop(index=1), SHELF.iloc[[3]]])
    for wrong in (twice, instead):
        for use in (model.fit, model.predict, model.elasticities):
            with pytest.raises(BadRowsError, match="stands in the occasion already"):
                use(wrong)
    fewer = SHELF.drop(index=SHELF.index[~SHELF["chosen"].astype("bool")][:1])
    assert np.isfinite(ChoiceModel(["price_cny"]).fit(fewer).coef_).all()


def test_a_brand_that_is_missing_or_of_another_kind_is_named():
    with pytest.raises(BadRowsError, match="1 row"):
        ChoiceModel(["price_cny"]).fit(SHELF.assign(brand=SHELF["brand"].where(SHELF.index > 0)))
    mixed = SHELF["brand"].astype("object").where(SHELF["brand"] != "Amber", 1)
    with pytest.raises(BadRowsError, match="numbers and texts"):
        ChoiceModel(["price_cny"]).fit(SHELF.assign(brand=mixed))
    with pytest.raises(MissingColumnsError):
        ChoiceModel(["price_cny"]).fit(SHELF.drop(columns="brand"))
