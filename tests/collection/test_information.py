"""The four features of information, and simulate_scattered."""

import numpy as np
import pandas as pd
import pytest

from crmlab.collection import (
    change_rates,
    freshness,
    information_scores,
    join_facts,
    simulate_scattered,
)
from crmlab.collection.simulate.scattered import CHANGES, FILES
from crmlab.errors import (
    BadRowsError,
    EmptyError,
    MissingColumnsError,
    OutOfRangeError,
    UnknownNameError,
)

MAKES = {"share_of_wallet": ["spend", "budget"]}
FACTS = pd.DataFrame(
    {
        "customer_id": [1, 1, 1, 2],
        "file": ["till", "web shop", "survey", "till"],
        "field": ["phone", "phone", "budget", "spend"],
        "value": ["12", "34", "100", "40"],
        "recorded_on": pd.to_datetime(["2022-12-31", "2024-12-31", "2024-12-31", "2024-12-31"]),
        "first_hand": [False, True, True, True],
    }
)

# by hand


def test_a_fact_fades_with_its_age_and_a_newer_one_contradicts_it():
    found = freshness(FACTS, rates={"phone": 0.5})
    assert found["age_years"].round(2).tolist() == [2.0, 0, 0, 0]
    assert found["fresh"].round(3).tolist() == [round(np.exp(-0.5 * 731 / 365.25), 3), 1, 1, 1]
    assert found["contradicted"].tolist() == [True, False, False, False]


def test_what_is_newest_and_first_hand_is_joined():
    both = pd.concat([FACTS, FACTS.tail(1).assign(customer_id=1, value="50")])
    joined = join_facts(both, fields=["spend", "budget", "phone"])
    assert joined.to_dict("list") == {
        "customer_id": [1], "spend": [50], "budget": [100], "phone": [34]
    }  # fmt: skip


def test_of_whom_two_facts_can_be_made_counts_once():
    two = {"share_of_wallet": ["spend", "budget"], "reach": ["spend", "phone"]}
    both = pd.concat([FACTS, FACTS.tail(1).assign(customer_id=1, value="50")])
    both["first_hand"] = True
    found = information_scores(both, makes=two).set_index("file")["re_creation"]
    # Of customers 1 and 2, both facts can be made of 1 alone, and neither without the till's spend.
    assert found.to_dict() == {"survey": 0.5, "till": 0.5, "together": 0.5, "web shop": 0}


def test_two_records_of_one_day_say_nothing_of_time():
    pair = FACTS.head(2).assign(first_hand=True, recorded_on=pd.Timestamp("2024-12-31"))
    assert change_rates(pair)[["rate", "standard_error", "half_life_years"]].isna().all(axis=None)
    assert (
        freshness(pair.assign(recorded_on=pd.Timestamp("2020-01-01")), as_of="2024-01-01")["fresh"]
        .eq(1)
        .all()
    )


# against the truth


@pytest.mark.curriculum("S17")
def test_four_scores_lie_in_0_to_1_and_no_file_knows_as_much_as_all_together():
    scattered = simulate_scattered(1_500, seed=17)
    scores = information_scores(scattered.data, makes=MAKES).set_index("file")
    four = scores[["freshness", "coverage", "first_hand", "re_creation"]]
    assert {*scores.index} == {*FILES, "together"}
    assert four.to_numpy().min() >= 0
    assert four.to_numpy().max() <= 1
    assert (scores["coverage"].drop("together") < scores.loc["together", "coverage"]).all()
    # Freshness is learnt from the records alone, and is the share that the truth calls current.
    current = ~scattered.truth["stale"].to_numpy()
    share = pd.Series(current).groupby(scattered.data["file"]).mean()
    for file, n in scattered.data["file"].value_counts().items():
        # One customer's three facts were written on one day: a third of them are independent.
        reach = 3 * np.sqrt(0.25 / (n / 3)) + 0.03
        assert scores.loc[file, "freshness"] == pytest.approx(share[file], abs=reach)


@pytest.mark.curriculum("S17")
@pytest.mark.parametrize("seed", range(20))
def test_rates_of_change_are_recovered_and_stale_rows_found(seed):
    data, truth, _ = simulate_scattered(800, seed=seed)
    rates = change_rates(data).set_index("field")
    for field, rate in CHANGES.items():
        # 60 comparisons in all.
        assert abs(rates.loc[field, "rate"] - rate) < 3.5 * rates.loc[field, "standard_error"]
    found = freshness(data)
    stale = truth["stale"].to_numpy()
    # Who is contradicted is stale, but for what was garbled in copying.
    wrong = found["contradicted"].to_numpy()
    assert (stale | truth["garbled"].to_numpy())[wrong].all()
    assert stale[wrong].mean() > 0.9
    # Half of the stale rows stand alone, and only their age speaks.
    lone = ~wrong
    old = found["fresh"].to_numpy() < 0.5
    assert stale[lone & old].mean() > 2 * stale[lone & ~old].mean()


@pytest.mark.curriculum("S17")
def test_the_fact_that_only_a_join_makes_foresees_what_its_parts_do_not():
    data, _, customers = simulate_scattered(4_000, seed=3)
    joined = join_facts(data, fields=["spend", "budget"])
    joined["share"] = joined["spend"] / joined["budget"]
    joined = joined.merge(customers, on="customer_id")
    assert joined["share"].to_numpy() == pytest.approx(joined["share_of_wallet"], abs=1e-3)
    more = joined["buys_more"].astype(float)
    related = joined[["spend", "budget", "share"]].corrwith(more).abs()
    # At about 1,080 customers a correlation has a standard error of .03.
    assert related["share"] > related["spend"] + 0.09
    assert related["budget"] < 0.09
    scores = information_scores(data, makes=MAKES).set_index("file")["re_creation"]
    assert scores["together"] == pytest.approx(len(joined) / data["customer_id"].nunique())
    assert scores["till"] == scores["survey"] == scores["together"]
    assert scores["web shop"] == 0


# simulate_scattered


def test_a_record_still_holds_with_the_probability_of_its_age():
    data, truth, _ = simulate_scattered(6_000, seed=4)
    age = (pd.Timestamp("2024-12-31") - data["recorded_on"]).dt.days / 365.25
    for field, rate in CHANGES.items():
        rows = (data["field"] == field).to_numpy()
        chance = np.exp(-rate * age[rows])
        error = np.sqrt((chance * (1 - chance)).sum()) / rows.sum()
        assert 1 - truth["stale"][rows].mean() == pytest.approx(chance.mean(), abs=4 * error)


def test_each_file_has_its_share_and_only_copies_are_garbled():
    data, truth, _ = simulate_scattered(6_000, seed=5)
    for name, file in FILES.items():
        part = data[(data["file"] == name) & (data["field"] == "phone")]
        assert len(part) / 6_000 == pytest.approx(file.covers, abs=3 * np.sqrt(0.25 / 6_000))
        error = 3 * np.sqrt(0.25 / len(part))
        assert part["first_hand"].mean() == pytest.approx(file.first_hand, abs=error)
    assert not truth["garbled"][data["first_hand"]].any()


# for any data


def test_row_order_does_not_matter():
    data = simulate_scattered(200, seed=6).data
    mixed = data.sample(frac=1, random_state=1)
    pd.testing.assert_frame_equal(change_rates(data), change_rates(mixed))
    pd.testing.assert_frame_equal(freshness(data), freshness(mixed).sort_index())
    one, other = (information_scores(each, makes=MAKES) for each in (data, mixed))
    pd.testing.assert_frame_equal(one, other)


# when misused


def test_refuses_what_it_cannot_read():
    with pytest.raises(MissingColumnsError, match="first_hand"):
        freshness(FACTS.drop(columns="first_hand"))
    with pytest.raises(BadRowsError, match=r"1 row\(s\) have no value: \[1\]"):
        freshness(FACTS.assign(value=["12", None, "100", "40"]))
    with pytest.raises(EmptyError, match="no fact stands first-hand in two files"):
        change_rates(FACTS)
    for rate in (-0.1, float("nan"), float("inf")):
        with pytest.raises(OutOfRangeError, match="a rate of change is 0 or more"):
            freshness(FACTS, rates={"phone": rate})
    with pytest.raises(EmptyError, match="names nothing to join"):
        join_facts(FACTS, fields=[])
    with pytest.raises(EmptyError, match=r"makes\['x'\] is made of no field"):
        information_scores(simulate_scattered(100, seed=1).data, makes={"x": []})
    with pytest.raises(UnknownNameError, match="there is no field 'age'"):
        join_facts(FACTS, fields=["age"])
    with pytest.raises(UnknownNameError, match="there is no field 'age'"):
        information_scores(simulate_scattered(100, seed=1).data, makes={"x": ["age"]})
