"""simulate_grocer, simulate_mailing, purchase_cycles, offer_list, list_lift."""

import numpy as np
import pandas as pd
import pytest

from crmlab.errors import BadRowsError, CrmlabError, MissingColumnsError, OutOfRangeError
from crmlab.service import (
    list_lift,
    offer_list,
    purchase_cycles,
    simulate_grocer,
    simulate_mailing,
)

# by hand


def test_a_cycle_is_the_mean_gap_drawn_towards_the_usual_one():
    dates = ["2024-01-01", "2024-01-11", "2024-01-31", "2024-01-01", "2024-01-07"]
    bought = pd.DataFrame(
        {
            "household_id": [1, 1, 1, 2, 2],
            "category": "tea",
            "date": pd.to_datetime(dates),
        }
    )
    found = purchase_cycles(bought, prior=1).set_index("household_id")
    # Own means 15 and 6, so 10.5 is usual; it counts as one gap more.
    assert found["mean_gap_days"].tolist() == [(10 + 20 + 10.5) / 3, (6 + 10.5) / 2]
    assert found["age_days"].tolist() == [0, 24]
    assert found["purchases"].tolist() == [3, 2]
    assert found.loc[1, "next_on"] == pd.Timestamp("2024-02-14")
    twice = pd.concat([bought, bought]).sample(frac=1, random_state=1)
    pd.testing.assert_frame_equal(found, purchase_cycles(twice, prior=1).set_index("household_id"))


def test_everybody_gets_exactly_k_categories_and_each_says_why():
    cycles = pd.DataFrame(
        {"household_id": [1, 1, 2], "category": ["tea", "rice", "rice"], "due": [0.2, 0.7, 0.1]}
    ).assign(price=[50.0, 10, 10])
    found = offer_list(cycles, k=2)
    assert found["category"].tolist() == ["rice", "tea", "rice", "tea"]
    assert found["why"].tolist() == ["due", "due", "due", "popular"]
    assert offer_list(cycles, k=1, value="price")["category"].tolist() == ["tea", "rice"]


def test_lift_is_a_ratio_of_means():
    mailing = pd.DataFrame({"arm": ["list", "leaflet"] * 3, "spend": [10.0, 8, 14, 12, 12, 10]})
    found = list_lift(mailing).set_index("arm")
    assert found.loc["list", "lift"] == pytest.approx(0.2)
    assert found.loc["list", "low"] < 0.2 < found.loc["list", "high"]
    assert found.loc["leaflet", ["lift", "low", "high"]].tolist() == [0, 0, 0]


# against the truth


def test_the_week_after_brings_what_was_due():
    z = []
    for seed in range(20):
        bought, _ = simulate_grocer(150, days=371, seed=seed)
        known = bought[bought["date"] < "2024-12-30"]
        found = purchase_cycles(known, as_of="2024-12-29")
        after = bought.loc[bought["date"] >= "2024-12-30", ["household_id", "category"]]
        came = found.merge(after.drop_duplicates(), how="left", indicator=True)["_merge"] == "both"
        spread = (found["due"] * (1 - found["due"])).sum()
        z.append((came.sum() - found["due"].sum()) / np.sqrt(spread))
    # The days are whole and the means estimated, which makes a little off: mean within 3 errors
    # of 0 and half an error more.
    assert abs(np.mean(z)) < 3 / 20**0.5 + 0.5


def test_rhythms_are_recovered():
    bought, truth = simulate_grocer(400, seed=1)
    found = purchase_cycles(bought).merge(truth, on=["household_id", "category"])
    assert np.corrcoef(found["due_x"], found["due_y"])[0, 1] > 0.95
    assert np.corrcoef(found["mean_gap_days_x"], found["mean_gap_days_y"])[0, 1] > 0.9
    assert found["regularity"].iloc[0] == pytest.approx(6, abs=0.5)
    chance, _ = simulate_grocer(400, regularity=1.0, seed=1)
    # Of gaps of five days on average, a fifth are below a day, and not seen.
    assert 1 < purchase_cycles(chance)["regularity"].iloc[0] < 1.4


def both_lists(seed, n):
    """Return what the households of a mailing spent, and what each arm would have brought."""
    bought, households = simulate_grocer(n, days=182, seed=seed)
    cycles = purchase_cycles(bought, as_of="2024-06-30")
    cycles = cycles.merge(households[["household_id", "category", "price"]])
    personal = offer_list(cycles, k=4, value="price").assign(arm="list")
    common = bought["category"].value_counts().index[:4]
    leaflet = pd.MultiIndex.from_product(
        [cycles["household_id"].unique(), common], names=["household_id", "category"]
    ).to_frame(index=False)
    columns = ["household_id", "arm", "category"]
    offers = pd.concat([personal[columns], leaflet.assign(arm="leaflet")[columns]])
    return simulate_mailing(offers, households=households, seed=seed)


@pytest.mark.curriculum("S127")
def test_the_personal_list_beats_the_leaflet_by_what_is_planted_within_two_errors():
    inside, lifts = [], []
    for seed in range(20):
        answers, truth = both_lists(seed, 600)
        mean = truth.groupby("arm")["expected_spend"].mean()
        planted = mean["list"] / mean["leaflet"] - 1
        row = list_lift(answers).set_index("arm").loc["list"]
        error = (np.log1p(row["high"]) - np.log1p(row["low"])) / (2 * 1.96)
        inside.append(abs(np.log1p(row["lift"]) - np.log1p(planted)) <= 2 * error)
        lifts.append((row["lift"], planted))
        assert planted > 0.02
    # 95.4 % are expected within two errors: 3 standard errors at 20.
    assert np.mean(inside) >= 0.954 - 3 * np.sqrt(0.954 * 0.046 / 20)
    found, planted = np.array(lifts).T
    assert abs((found - planted).mean()) < 3 * (found - planted).std() / 20**0.5


def test_a_control_group_gets_nothing_and_the_supplier_pays_for_what_is_redeemed():
    answers, truth = both_lists(1, 300)
    assert answers["arm"].value_counts().tolist() == [100, 100, 100]
    control = answers[answers["arm"] == "control"]
    assert (control["redeemed"] == 0).all()
    assert (control["discount"] == 0).all()
    assert (answers["discount"] <= 0.1 * answers["spend"] + 1e-9).all()
    wide = truth.pivot(index="household_id", columns="arm", values="expected_spend")
    assert (wide["control"] <= wide["leaflet"] + 1e-9).all()


# when misused


def test_refuses_what_has_no_rhythm_or_no_price():
    once = pd.DataFrame(
        {"household_id": [1], "category": ["tea"], "date": pd.to_datetime(["2024-01-01"])}
    )
    with pytest.raises(OutOfRangeError, match="there is no rhythm"):
        purchase_cycles(once)
    with pytest.raises(MissingColumnsError, match="category"):
        purchase_cycles(once.drop(columns="category"))
    cycles = pd.DataFrame({"household_id": [1], "category": ["tea"], "due": [0.5]})
    with pytest.raises(OutOfRangeError, match="k=2 categories cannot be offered; there are 1"):
        offer_list(cycles, k=2)
    with pytest.raises(BadRowsError, match="no price"):
        offer_list(cycles.assign(price=None), k=1, value="price")
    with pytest.raises(OutOfRangeError, match="no arm 'leaflet'"):
        list_lift(pd.DataFrame({"arm": ["a", "b"] * 2, "spend": 1.0}))
    with pytest.raises(OutOfRangeError, match="two households and some spend"):
        list_lift(pd.DataFrame({"arm": ["leaflet", "b", "b"], "spend": 1.0}))
    _, households = simulate_grocer(2, seed=1)
    offers = pd.DataFrame({"household_id": [1], "arm": ["list"], "category": ["gold"]})
    with pytest.raises(BadRowsError, match="that `households` lacks"):
        simulate_mailing(offers, households=households, seed=1)
    with pytest.raises(BadRowsError, match="no price"):
        simulate_mailing(offers, households=households.assign(price=None), seed=1)
    with pytest.raises(OutOfRangeError, match="response"):
        simulate_mailing(offers, households=households, response=-1, seed=1)
    for wrong in ({"n": 0}, {"days": 0}, {"regularity": 0}):
        with pytest.raises(OutOfRangeError):
            simulate_grocer(**{"n": 2, "seed": 1} | wrong)


def test_offers_are_chances_of_different_categories_that_lose_nothing():
    cycles = pd.DataFrame(
        {"household_id": [1, 1], "category": ["tea", "rice"], "due": [1.0, 0.0], "price": [0.0, 2]}
    )
    assert offer_list(cycles, k=1, value="price")["category"].tolist() == ["rice"]
    with pytest.raises(BadRowsError, match=r"2 row\(s\) repeat a category"):
        offer_list(pd.concat([cycles, cycles]), k=1)
    for due in (50.0, -0.1, np.inf):
        with pytest.raises(CrmlabError, match="due"):
            offer_list(cycles.assign(due=[due, 0.5]), k=1)
    with pytest.raises(BadRowsError, match=r"1 row\(s\) have a price below 0"):
        offer_list(cycles.assign(price=[-1.0, 2]), k=1, value="price")
