"""FullDomain, Mondrian, risk_utility and the ladders: anonymous, and no coarser than needed."""

from datetime import date
from itertools import pairwise, product

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from crmlab.errors import BadRowsError, MissingColumnsError, OutOfRangeError
from crmlab.privacy import (
    FullDomain,
    Mondrian,
    dates,
    information_loss,
    k_anonymity,
    l_diversity,
    numbers,
    prefixes,
    risk_utility,
    simulate_people,
    t_closeness,
    whole,
)

QUASI = ["birth_date", "sex", "postcode"]
LADDERS = {"birth_date": dates(), "sex": whole(), "postcode": prefixes(5, 4)}
CLUB = simulate_people(6_000, sensitive=True, seed=5).data.club
SMALL = pd.DataFrame({"age": [21, 22, 38, 39, 58], "sex": list("FFMMF")})
BOTH = [
    lambda **kw: FullDomain(LADDERS, **kw),
    lambda **kw: Mondrian(QUASI, **kw),
]

# ladders, by hand


def test_a_ladder_keeps_the_index_and_tells_each_value():
    born = pd.Series(pd.to_datetime(["1987-03-09", "1940-12-31"]), index=[7, 3])
    assert dates()(born, 3).to_dict() == {7: "1985-1989", 3: "1940-1944"}
    assert numbers(widths=[10])(pd.Series([5, -1]), 1).tolist() == ["0-9", "-10--1"]
    assert prefixes(2)(pd.Series(["001"]), 1).tolist() == ["00…"]
    assert whole()(pd.Series(["F"]), 1).tolist() == ["*"]


@given(st.lists(st.dates(date(1900, 1, 1), date(2020, 1, 1)), min_size=2))
def test_who_is_together_on_one_step_is_together_on_all_coarser_ones(drawn):
    born, ladder = pd.Series(pd.to_datetime(drawn)), dates()
    told = [ladder(born, step) for step in range(len(ladder.steps))]
    for fine, coarse in pairwise(told):
        assert coarse.groupby(fine).nunique().max() == 1


def test_refuses_ladders_that_split_or_do_not_fall():
    with pytest.raises(OutOfRangeError, match="25 is none of 10"):
        dates(years=(10, 25))
    with pytest.raises(OutOfRangeError, match="multiple of the one before"):
        numbers(widths=[5, 5])
    with pytest.raises(OutOfRangeError, match="lengths must fall"):
        prefixes(4, 5)
    with pytest.raises(OutOfRangeError, match="last length"):
        prefixes(4, 0)
    with pytest.raises(OutOfRangeError, match="there is no step 2"):
        whole()(pd.Series(["F"]), 2)


# FullDomain, by hand


def test_takes_the_combination_that_loses_least_and_leaves_out_who_may_be():
    ladders = {"age": numbers(widths=[10, 20]), "sex": whole()}
    model = FullDomain(ladders, k=2, max_suppressed=0.2).fit(SMALL)
    assert model.steps_ == {"age": 1, "sex": 0}
    assert model.suppressed_ == 1
    table = model.transform(SMALL)
    assert table["age"].tolist() == ["20-29", "20-29", "30-39", "30-39"]
    assert table.index.tolist() == [0, 1, 2, 3]
    strict = FullDomain(ladders, k=2).fit(SMALL)
    assert k_anonymity(strict.transform(SMALL), quasi=["age", "sex"]).k >= 2
    assert strict.suppressed_ == 0


def test_the_loss_of_the_best_combination_is_that_of_its_table():
    model = FullDomain(LADDERS, k=5).fit(CLUB)
    lost = information_loss(CLUB, model.transform(CLUB), quasi=QUASI)
    best = model.nodes_[model.nodes_["safe"]]["certainty"].min()
    assert lost.certainty == pytest.approx(best)
    summary = model.summary().set_index("what")["value"]
    assert summary["k"] >= 5
    assert summary["certainty"] == pytest.approx(lost.certainty)


def test_rows_left_out_are_as_many_as_it_says():
    model = FullDomain(LADDERS, k=5, max_suppressed=0.05).fit(CLUB)
    lost = information_loss(CLUB, model.transform(CLUB), quasi=QUASI)
    assert 0 < lost.suppressed == model.suppressed_ <= 0.05 * len(CLUB)


def test_looks_past_no_combination_that_would_have_been_better():
    ladders = {"age": numbers(widths=[5, 10, 20]), "sex": whole()}
    people = pd.DataFrame({"age": CLUB["birth_date"].dt.year[:300], "sex": CLUB["sex"][:300]})
    model = FullDomain(ladders, k=4).fit(people)
    losses = {}
    for steps in product(range(5), range(2)):
        told = {c: ladders[c](people[c], s) for c, s in zip(ladders, steps, strict=True)}
        table = people.assign(**told)
        if k_anonymity(table, quasi=[*ladders]).k >= 4:
            losses[steps] = information_loss(people, table, quasi=[*ladders]).certainty
    assert losses[tuple(model.steps_.values())] == pytest.approx(min(losses.values()))


# Mondrian, by hand


def test_cuts_the_widest_column_in_the_middle_and_never_between_equals():
    people = pd.DataFrame({"age": [20, 20, 20, 20, 60], "area": ["A", "A", "B", "B", "B"]})
    # Age cannot be cut with two on each side; the areas can.
    model = Mondrian(["age", "area"], k=2).fit(people)
    assert model.boxes_.to_dict("list") == {
        "people": [2, 3],
        "age": ["20", "*"],
        "area": ["A", "B"],
    }
    assert model.box_.tolist() == [0, 0, 1, 1, 1]


def test_one_box_of_everybody_where_nothing_can_be_cut():
    model = Mondrian(["age", "sex"], k=3).fit(SMALL)
    assert model.boxes_.to_dict("list") == {"people": [5], "age": ["*"], "sex": ["*"]}
    same = SMALL.assign(age=1, sex="F")
    assert Mondrian(["age", "sex"], k=2).fit(same).boxes_["sex"].tolist() == ["F"]


# the promise


@pytest.mark.parametrize("make", BOTH)
@pytest.mark.parametrize("k", [2, 10, 100])
def test_everybody_looks_like_k(make, k):
    model = make(k=k).fit(CLUB)
    table = model.transform(CLUB)
    assert k_anonymity(table, quasi=QUASI).k >= k
    assert table["medical_note"].equals(CLUB["medical_note"])
    assert model.summary().set_index("what")["value"]["k"] >= k


@pytest.mark.parametrize("make", BOTH)
@pytest.mark.parametrize(("l", "t", "ordered"), [(3, 1, False), (1, 0.25, False), (2, 0.2, True)])
def test_every_group_keeps_l_and_t(make, l, t, ordered):  # noqa: E741
    model = make(k=5, l=l, t=t, ordered=ordered, sensitive="medical_note").fit(CLUB)
    table = model.transform(CLUB)
    asked = {"quasi": QUASI, "sensitive": "medical_note"}
    assert k_anonymity(table, quasi=QUASI).k >= 5
    assert l_diversity(table, **asked) >= l
    assert t_closeness(table, **asked, ordered=ordered) <= t + 1e-9


def test_l_and_t_hold_for_what_is_left_when_rows_are_left_out():
    model = FullDomain(LADDERS, k=5, l=3, t=0.3, sensitive="medical_note", max_suppressed=0.1).fit(
        CLUB
    )
    table = model.transform(CLUB)
    assert 0 <= model.suppressed_ <= 600
    assert len(table) == len(CLUB) - model.suppressed_
    asked = {"quasi": QUASI, "sensitive": "medical_note"}
    assert l_diversity(table, **asked) >= 3
    assert t_closeness(table, **asked) <= 0.3 + 1e-9


def test_mondrian_loses_less_than_full_domain():
    lost = [
        information_loss(CLUB, make(k=10).fit(CLUB).transform(CLUB), quasi=QUASI) for make in BOTH
    ]
    assert lost[1].certainty < lost[0].certainty


# for any data

rows = st.lists(st.tuples(st.integers(0, 9), st.sampled_from("ABC")), min_size=2, max_size=40)


@given(rows, st.integers(2, 5))
def test_any_table_is_kept_whole_and_its_row_order_does_not_matter(drawn, k):
    people = pd.DataFrame(drawn, columns=["age", "area"])
    before = people.copy()
    if len(people) < k:
        with pytest.raises(OutOfRangeError, match="cannot all look like"):
            Mondrian(["age", "area"], k=k).fit(people)
        return
    backwards = people.iloc[::-1]
    ladders = {"age": numbers(widths=[5]), "area": whole()}
    for make in (lambda: Mondrian(["age", "area"], k=k), lambda: FullDomain(ladders, k=k)):
        table = make().fit(people).transform(people)
        assert k_anonymity(table, quasi=["age", "area"]).k >= k
        again = make().fit(backwards).transform(backwards).sort_index()
        pd.testing.assert_frame_equal(table, again)
    boxes = Mondrian(["age", "area"], k=k).fit(people)
    assert boxes.boxes_["people"].sum() == len(people)
    ages = people["age"].groupby(boxes.box_).agg(["min", "max"])
    for (low, high), told in zip(ages.to_numpy(), boxes.boxes_["age"], strict=True):
        assert told in ("*", str(low), f"{low} to {high}")
    pd.testing.assert_frame_equal(people, before)


# risk_utility


def test_risk_falls_with_k_and_the_table_as_it_is_has_no_error():
    edges = [pd.Timestamp(year, 1, 1) for year in range(1945, 2011, 5)]
    shop = simulate_people(4_000, seed=5).data.shop
    asked = {"column": "birth_date", "value": "spend_cny", "edges": edges}
    table = risk_utility(shop, LADDERS, ks=[2, 20, 200], **asked)
    as_it_is = table.iloc[0]
    assert (as_it_is["method"], as_it_is["k"], as_it_is["error"]) == ("as it is", 1, 0)
    assert as_it_is["certainty"] == 0
    for method in ("full domain", "Mondrian"):
        part = table[table["method"] == method]
        assert part["risk"].is_monotonic_decreasing
        assert part["certainty"].is_monotonic_increasing
        assert (part["risk"] <= 1 / part["k"]).all()
    assert table["error"].iloc[-1] > 0.05


@pytest.mark.parametrize("seed", range(5))
def test_leaving_rows_out_never_loses_more_than_keeping_all(seed):
    club = simulate_people(800, seed=seed).data.club
    found = []
    for share in (0.0, 0.02, 0.1, 0.3):
        model = FullDomain(LADDERS, k=3, max_suppressed=share).fit(club)
        chosen = model.nodes_.loc[model.nodes_["safe"], "certainty"].min()
        # What the search says of its choice is what the released table loses.
        lost = information_loss(club, model.transform(club), quasi=QUASI)
        assert lost.certainty == pytest.approx(chosen)
        assert lost.suppressed == model.suppressed_
        found.append(chosen)
    assert found == sorted(found, reverse=True)


# when misused


@pytest.mark.parametrize("make", BOTH)
def test_refuses_promises_that_are_none(make):
    for wrong, said in (
        ({"k": 1}, "k must be 2 or more"),
        ({"k": 2, "l": 0.5}, "l must be 1 or more"),
        ({"k": 2, "t": 0}, r"t lie in \(0, 1\]"),
        ({"k": 2, "l": 2}, "name it: sensitive=…"),
        ({"k": 2, "l": 9, "sensitive": "medical_note"}, "4 different values; l cannot be 9"),
        ({"k": 10_000}, "cannot all look like 10000"),
    ):
        with pytest.raises(OutOfRangeError, match=said):
            make(**wrong).fit(CLUB)


@pytest.mark.parametrize("make", BOTH)
def test_refuses_missing_columns_and_values_and_other_rows(make):
    with pytest.raises(MissingColumnsError, match="postcode"):
        make(k=2).fit(CLUB.drop(columns="postcode"))
    with pytest.raises(BadRowsError, match="have no sex"):
        make(k=2).fit(CLUB.assign(sex=None))
    with pytest.raises(OutOfRangeError, match="fit the model first"):
        make(k=2).transform(CLUB)
    with pytest.raises(OutOfRangeError, match="fit the model first"):
        make(k=2).summary()
    with pytest.raises(OutOfRangeError, match="rows of fit only"):
        make(k=2).fit(CLUB).transform(CLUB.head(9))


def test_refuses_to_leave_everybody_out():
    with pytest.raises(OutOfRangeError, match=r"max_suppressed must lie in \[0, 1\)"):
        FullDomain(LADDERS, k=2, max_suppressed=1.0).fit(CLUB)
