"""classify_party: one label of each kind for every party there can be, and what readings change."""

from itertools import product

import numpy as np
import pandas as pd
import pytest

from crmlab.customers import (
    Reading,
    classify_party,
    count_by_reading,
    party_sets,
    rater_kappa,
    simulate_parties,
    simulate_slips,
)
from crmlab.data import load
from crmlab.errors import BadRowsError, EmptyError, MissingColumnsError, OutOfRangeError

FLAGS = ["need", "means", "transacted", "internal", "resells", "public_body"]
LABELS = ["status", "side", "client_type"]
READINGS = [
    Reading(*one)
    for one in product(
        ("need or means", "need", "need and means"),
        (False, True),
        ("internal", "external"),
        ("public-interest", "intermediate"),
    )
]


def every_party():
    rows = product(("person", "organisation"), *[(False, True)] * 6)
    parties = pd.DataFrame([*rows], columns=["kind", *FLAGS])
    return parties.assign(party_id=np.arange(len(parties)))


def party(kind="person", **flags):
    return pd.DataFrame([{"party_id": 1, "kind": kind} | dict.fromkeys(FLAGS, False) | flags])


# by hand


@pytest.mark.curriculum("S01")
def test_twelve_vignettes_are_labelled_as_the_people_in_them_are():
    stories = load("vignettes")
    found = classify_party(stories.rename(columns={"vignette_id": "party_id"}))
    circles = ["is_consumer", "is_customer", "is_client"]
    right = (found[LABELS] == stories[LABELS]).all(axis=1)
    right &= (found[circles].astype("int64") == stories[circles]).all(axis=1)
    assert (right.sum(), len(stories)) == (12, 12)


@pytest.mark.curriculum("S01")
def test_each_switch_of_a_reading_changes_a_vignette_so_that_they_are_not_all_easy():
    stories = load("vignettes").rename(columns={"vignette_id": "party_id"})
    course = classify_party(stories)
    for reading in (
        Reading(potential="need and means"),
        Reading(trade_needs_need=True),
        Reading(staff="external"),
        Reading(both="intermediate"),
    ):
        assert not classify_party(stories, reading=reading).equals(course)


@pytest.mark.curriculum("S03")
def test_a_department_is_internal_and_a_trading_outsider_external():
    department = party("organisation", internal=True, transacted=True)
    outsider = party(need=True, means=True, transacted=True)
    assert classify_party(department)["side"].tolist() == ["internal"]
    assert classify_party(outsider)[["side", "is_client"]].iloc[0].tolist() == ["external", True]


def test_a_gift_makes_a_customer_unless_a_reading_asks_for_a_need_of_ones_own():
    gift = party(means=True, transacted=True)
    assert classify_party(gift)["status"].tolist() == ["actual"]
    assert classify_party(gift, reading=Reading(trade_needs_need=True))["status"].tolist() == [
        "none"
    ]


def test_kappa_of_two_raters_by_hand():
    # Agree on 20 + 15 of 50; chance gives .5 * .6 + .5 * .4 = .5: Cohen's own arithmetic.
    first = ["actual"] * 25 + ["none"] * 25
    second = ["actual"] * 20 + ["none"] * 5 + ["actual"] * 10 + ["none"] * 15
    frames = [pd.DataFrame({"party_id": range(50), "status": one}) for one in (first, second)]
    row = rater_kappa(*frames).iloc[0]
    assert row[["disagree", "agree"]].tolist() == [15, 0.7]
    assert row["kappa"] == pytest.approx(0.4)


@pytest.mark.parametrize(("n", "common"), [(60, 0.5), (300, 0.15)])
def test_intervals_of_kappa_hold_over_500_worlds(covers, few, n, common):
    # The second rater takes the first one's word with .6, and draws one as common else: kappa .6.
    rng, held = np.random.default_rng(n), []
    for _ in few:
        one, drawn = rng.random((2, n)) < common
        words = [one, np.where(rng.random(n) < 0.6, one, drawn)]
        frames = [
            pd.DataFrame({"party_id": range(n), "status": np.where(word, "actual", "none")})
            for word in words
        ]
        row = rater_kappa(*frames).iloc[0]
        held.append(row["low"] <= 0.6 <= row["high"])
    covers(held, "customers.rater_kappa", f"{n} parties, {common:.0%} of them actual")


def test_kappa_is_open_where_both_use_one_word():
    frame = pd.DataFrame({"party_id": [1, 2], "side": ["external", "external"]})
    row = rater_kappa(frame, frame).iloc[0]
    assert row["agree"] == 1
    assert np.isnan(row["kappa"])


# against the formula


@pytest.mark.curriculum("S02")
@pytest.mark.parametrize("reading", READINGS, ids=str)
def test_every_combination_has_exactly_one_label_of_each_kind_by_every_reading(reading):
    parties = every_party()
    found = classify_party(parties, reading=reading)
    assert len(found) == 128
    # No overlap: the words partition the parties. Written out anew, rule by rule.
    traded, need, means = (parties[name] for name in ("transacted", "need", "means"))
    could = {"need or means": need | means, "need": need, "need and means": need & means}
    actual = traded & need if reading.trade_needs_need else traded
    potential = ~traded & could[reading.potential]
    claims = pd.DataFrame({"actual": actual, "potential": potential, "none": ~actual & ~potential})
    assert (claims.sum(axis=1) == 1).all()
    assert (claims.idxmax(axis=1) == found["status"]).all()
    assert {*found["side"]} <= {"internal", "external"}
    assert (
        found["client_type"]
        .isin(["intermediate", "public-interest", "consumer", "enterprise"])
        .all()
    )


@pytest.mark.curriculum("S02")
def test_all_eight_of_need_means_and_trade_are_classified_without_a_gap():
    parties = every_party().drop_duplicates(["need", "means", "transacted"])
    table = classify_party(parties).assign(**{name: parties[name].to_numpy() for name in FLAGS[:3]})
    said = table.set_index(FLAGS[:3])["status"]
    assert said.value_counts().to_dict() == {"actual": 4, "potential": 3, "none": 1}
    # The deck's own three: trades; need without means; means without a trade.
    assert said[True, True, True] == "actual"
    assert said[True, False, False] == said[False, True, False] == "potential"
    assert said[False, False, False] == "none"


@pytest.mark.curriculum("S04")
def test_every_simulated_party_has_the_type_that_its_sort_was_given():
    for seed in range(20):
        data, truth = simulate_parties(500, messy=0.5, seed=seed)
        found = classify_party(data)
        assert (found[LABELS] == truth[LABELS]).all(axis=None)
    assert {*found["client_type"]} == {"intermediate", "public-interest", "consumer", "enterprise"}


@pytest.mark.curriculum("S03")
def test_the_list_of_crm_holds_nobody_from_inside():
    data, _ = simulate_parties(2_000, messy=0.5, seed=3)
    found = classify_party(data)
    assert (found["side"] == "internal").sum() > 100
    assert (found.loc[found["is_client"], "side"] == "external").all()


def test_messy_parties_are_as_many_as_asked_for_and_part_the_readings():
    data, truth = simulate_parties(60, messy=0.5, seed=1)
    assert truth["is_messy"].sum() == 30
    strict = classify_party(
        data, reading=Reading("need and means", True, "external", "intermediate")
    )
    changed = (strict[LABELS] != classify_party(data)[LABELS]).any(axis=1)
    assert {*truth.loc[truth["is_messy"] & changed, "sort"]} == {
        "buys a gift",
        "has money, needs nothing",
        "employee who buys",
        "state shop",
    }
    # One plain definition parts them too: whether the wish without the means makes a customer.
    assert {*truth.loc[~truth["is_messy"] & changed, "sort"]} == {"would buy, cannot pay"}


def test_counts_by_reading_are_those_of_the_labels():
    data, _ = simulate_parties(300, seed=2)
    readings = {"course": Reading(), "strict": Reading("need and means", trade_needs_need=True)}
    table = count_by_reading(data, readings).set_index("reading")
    strict = classify_party(data, reading=readings["strict"])
    assert table.loc["strict", "customers"] == strict["is_customer"].sum()
    wanted = table.loc["strict", "customers"] / table.loc["course", "customers"] - 1
    assert table.loc["strict", "against_first"] == pytest.approx(wanted)
    assert table.loc["course", ["against_first", "relabelled"]].tolist() == [0, 0]


def test_regions_of_the_circles_add_up_to_all_parties():
    data, _ = simulate_parties(300, seed=2)
    labels = classify_party(data)
    sets = party_sets(labels)
    assert sets["parties"].sum() == 300
    for name in ("is_consumer", "is_customer", "is_client"):
        assert sets.loc[sets[name], "parties"].sum() == labels[name].sum()


def test_slips_are_as_frequent_as_asked_for():
    data, _ = simulate_parties(4_000, seed=4)
    labels = classify_party(data)[["party_id", *LABELS]]
    slipped, truth = simulate_slips(labels, slip=0.1, seed=4)
    changed = (slipped[LABELS] != labels[LABELS]).to_numpy()
    assert (changed == truth[LABELS].to_numpy()).all()
    # Three standard errors of a share of .1 of 12,000 cells: .0082.
    assert abs(changed.mean() - 0.1) < 3 * np.sqrt(0.09 / changed.size)


# for any data


def test_the_order_of_rows_does_not_matter():
    data, _ = simulate_parties(200, seed=5)
    mixed = data.sample(frac=1, random_state=1)
    found = classify_party(mixed).sort_values("party_id", ignore_index=True)
    pd.testing.assert_frame_equal(found, classify_party(data))


# when misused


def test_an_unknown_kind_is_refused_with_its_row():
    with pytest.raises(BadRowsError, match=r"row\(s\) have a kind .*\[0\].*household counts as"):
        classify_party(party("household"))


def test_a_flag_that_is_missing_or_no_truth_is_refused():
    with pytest.raises(MissingColumnsError, match="need"):
        classify_party(party().drop(columns="need"))
    with pytest.raises(OutOfRangeError, match="need must hold True or False"):
        classify_party(party(need="yes"))


def test_raters_of_different_parties_are_told_which():
    first = pd.DataFrame({"party_id": [1, 2], "status": ["none", "actual"]})
    with pytest.raises(BadRowsError, match="different parties"):
        rater_kappa(first, first.assign(party_id=[1, 3]))


def test_a_reading_of_other_words_is_refused():
    with pytest.raises(OutOfRangeError, match="staff must be one of"):
        Reading(staff="both")  # pyright: ignore[reportArgumentType]


def test_no_readings_no_counts():
    with pytest.raises(EmptyError, match="name at least one"):
        count_by_reading(party(), {})


def test_a_share_in_percent_is_refused():
    with pytest.raises(OutOfRangeError, match="a share not a percent"):
        simulate_parties(10, messy=30, seed=1)
