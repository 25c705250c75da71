"""simulate_aftersales: every sentence of its docstring, as a test."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crmlab.errors import MissingColumnsError, OutOfRangeError
from crmlab.service import simulate_aftersales, tariffs

N = 100_000
BOUGHT = pd.DataFrame(
    {
        "purchase_id": np.arange(1, N + 1),
        "customer_id": np.arange(N) // 4 + 1,
        "date": pd.Timestamp("2024-05-01") + pd.to_timedelta(np.arange(N) % 90, unit="D"),
    }
).astype({"date": "M8[us]"})


@pytest.fixture(scope="module")
def world():
    return simulate_aftersales(BOUGHT, seed=31)


def near(share, expected, n):
    """Three standard errors of a share at n."""
    return share == pytest.approx(expected, abs=3 * np.sqrt(expected * (1 - expected) / n))


# what hangs together


def test_every_event_belongs_to_a_purchase_of_its_customer_and_comes_soon_after(world):
    until = {"ratings": ("rated_on", 10), "complaints": ("complained_on", 7),
             "contacts": ("contacted_on", 14)}  # fmt: skip
    for name, (day, most) in until.items():
        rows = getattr(world.data, name).merge(BOUGHT, on="purchase_id", suffixes=("", "_bought"))
        assert len(rows) == len(getattr(world.data, name))
        assert (rows["customer_id"] == rows["customer_id_bought"]).all()
        assert (rows[day] - rows["date"]).dt.days.between(0, most).all()


def test_every_complaint_follows_a_failure_and_leads_to_a_call_that_day(world):
    complaints, failed = world.data.complaints, world.truth.purchases.set_index("purchase_id")
    assert failed.loc[complaints["purchase_id"], "failed"].all()
    calls = world.data.contacts.head(len(complaints))
    assert (calls["purchase_id"] == complaints["purchase_id"]).all()
    assert (calls["contacted_on"] == complaints["complained_on"]).all()


def test_a_call_costs_the_tariff_of_its_channel(world):
    cost = tariffs().set_index("channel")["cost_cny"]
    contacts = world.data.contacts
    assert (contacts["cost_cny"].to_numpy() == cost[contacts["channel"]].to_numpy()).all()
    assert (contacts["minutes"] > 0).all()


def test_numbers_are_keys_and_ratings_are_stars(world):
    assert world.data.complaints["complaint_id"].is_unique
    assert world.data.contacts["contact_id"].is_unique
    assert world.data.ratings["purchase_id"].is_unique
    assert {*world.data.ratings["service"]} == {*world.data.ratings["product"]} == {1, 2, 3, 4, 5}


# what is planted


def test_failures_complaints_and_leaving_have_their_shares(world):
    truth = world.truth.purchases
    failures = truth["failed"].sum()
    assert near(truth["failed"].mean(), 0.06, N)
    assert near(truth.loc[truth["failed"], "leaves"].mean(), 0.25, failures)
    assert not truth.loc[~truth["failed"], "leaves"].any()
    assert near(len(world.data.complaints) / failures, 0.7, failures)


def test_the_effect_on_leaving_is_found_by_comparing_who_complained_with_who_did_not(world):
    # Everybody else comes back with probability 1/2, whatever happened.
    rng = np.random.default_rng(1)
    back = (rng.random(N) < 0.5) & ~world.truth.purchases["leaves"].to_numpy()
    sore = BOUGHT["purchase_id"].isin(world.data.complaints["purchase_id"]).to_numpy()
    fine = ~world.truth.purchases["failed"].to_numpy()
    one, other = back[sore].mean(), back[fine].mean()
    # Delta method: the relative variance of a ratio of two independent shares.
    relative = (1 - one) / one / sore.sum() + (1 - other) / other / fine.sum()
    assert 1 - one / other == pytest.approx(0.25, abs=3 * (one / other) * np.sqrt(relative))


def test_stars_come_with_their_chances_and_failures_pull_the_service_down(world):
    truth = world.truth.purchases.set_index("purchase_id")
    rows = world.data.ratings
    assert near(len(rows) / N, 0.3, N)
    failed = truth.loc[rows["purchase_id"], "failed"].to_numpy()
    planted = {False: (0.02, 0.05, 0.13, 0.35, 0.45), True: (0.40, 0.30, 0.15, 0.10, 0.05)}
    for kind, chances in planted.items():
        stars = rows.loc[failed == kind, "service"]
        for star, chance in enumerate(chances, 1):
            assert near((stars == star).mean(), chance, len(stars))


def test_other_calls_are_poisson_with_the_mean_asked_for(world):
    others = len(world.data.contacts) - len(world.data.complaints)
    assert others == pytest.approx(0.15 * N, abs=3 * np.sqrt(0.15 * N))


# for any data


@settings(max_examples=15)
@given(st.integers(1, 30), st.integers(0, 99))
def test_same_seed_same_events_and_the_purchases_stay_as_they_are(n, seed):
    before = BOUGHT.head(n).copy()
    one, same = (simulate_aftersales(before, failure_rate=0.5, seed=seed) for _ in range(2))
    pd.testing.assert_frame_equal(before, BOUGHT.head(n))
    pd.testing.assert_frame_equal(one.data.contacts, same.data.contacts)
    assert [*one.truth.purchases["purchase_id"]] == [*range(1, n + 1)]


# when misused


@pytest.mark.parametrize(
    ("argument", "message"),
    [
        ({"failure_rate": 6}, r"failure_rate must lie in \[0, 1\]"),
        ({"failure_dropout": -1}, "failure_dropout must lie in"),
        ({"calls": -1}, "calls must be 0 or more; got -1"),
        ({"purchases": BOUGHT.head(0)}, "the number of purchases must be 1 or more"),
    ],
)
def test_refuses_what_is_outside_its_range(argument, message):
    with pytest.raises(OutOfRangeError, match=message):
        simulate_aftersales(**{"purchases": BOUGHT.head(), "seed": 0} | argument)


def test_purchases_without_a_date_are_refused():
    with pytest.raises(MissingColumnsError, match="date"):
        simulate_aftersales(BOUGHT.drop(columns="date"), seed=0)
