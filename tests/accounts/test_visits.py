"""account_review and visit_plan: five outputs, and whom to visit in the hours there are."""

from itertools import product

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from crmlab.accounts import (
    account_review,
    key_accounts,
    simulate_accounts,
    structure_report,
    visit_gain,
    visit_plan,
)
from crmlab.errors import (
    BadRowsError,
    CrmlabError,
    EmptyError,
    OutOfRangeError,
    UnknownNameError,
    WrongTypeError,
)

ACCOUNTS = pd.DataFrame(
    {
        "account_id": [1, 2, 3],
        "industry": ["spas", "spas", "hotels"],
        "owner": ["Lin", "Wu", "Lin"],
        "sales_cny": [900.0, 100.0, 200.0],
        "estimated_potential_cny": [1000.0, 900.0, 500.0],
        "visit_hours": [2.0, 3.0, 2.0],
    }
)

# by hand


def test_structure_and_key_accounts_by_hand():
    found = structure_report(ACCOUNTS)
    assert found["industry"].tolist() == ["spas", "hotels"]
    assert found["share_of_sales"].tolist() == pytest.approx([1000 / 1200, 200 / 1200])
    assert found["share_of_wallet"].tolist() == pytest.approx([1000 / 1900, 0.4])
    people = pd.DataFrame({"account_id": [1, 2], "role": "decider", "known": [True, False]})
    key = key_accounts(ACCOUNTS, people, share=0.5)
    # The largest makes three quarters of all sales; most room is with another.
    assert key["account_id"].tolist() == [1, 2]
    assert key["large"].tolist() == [True, False]
    assert key["room"].tolist() == [False, True]
    assert key["critical"].tolist() == [False, True]


def test_four_hours_go_where_most_is_left_and_the_rule_goes_to_the_biggest():
    plan = visit_plan(ACCOUNTS, hours=4)
    # One visit: 2 wins 0.1 * 800 * 0.393 in three hours, 3 wins 0.1 * 300 * 0.393 in two.
    assert plan["account_id"].tolist() == [2]
    assert plan["gain_cny"].tolist() == pytest.approx([80 * (1 - np.exp(-0.5))])
    usual = visit_plan(ACCOUNTS, hours=4, rule="biggest")
    assert usual[["account_id", "visits"]].to_numpy().tolist() == [[1, 2]]


# against the formula


@pytest.mark.parametrize("hours", [2, 5, 9, 14, 30])
def test_the_plan_is_the_best_of_all_plans(hours):
    room = np.array([100.0, 800.0, 300.0])
    each = ACCOUNTS["visit_hours"].to_numpy()
    plans = [np.array(one) for one in product(range(4), repeat=3) if np.dot(one, each) <= hours]
    best = max(float((0.1 * room * (1 - np.exp(-one / 2))).sum()) for one in plans)
    assert visit_plan(ACCOUNTS, hours=hours)["gain_cny"].sum() == pytest.approx(best)


@pytest.mark.curriculum("S93")
@pytest.mark.parametrize("seed", range(20))
def test_the_five_outputs_and_a_plan_that_beats_visiting_the_biggest(seed):
    data, truth = simulate_accounts(150, seed=seed)
    review = account_review(*vars(data).values(), hours=120)
    assert [*vars(review)] == ["structure", "key", "opportunities", "needs", "visits"]
    assert review.structure["sales_cny"].sum() == pytest.approx(data.accounts["sales_cny"].sum())
    assert review.opportunities["expected_cny"].is_monotonic_decreasing
    assert review.visits["hours"].sum() <= 120
    # By the true potential, which the plan does not know.
    usual = visit_plan(data.accounts, hours=120, rule="biggest")
    oracle = visit_plan(
        data.accounts.assign(known=truth["potential_cny"]), hours=120, potential="known"
    )
    mine, theirs, best = (visit_gain(plan, truth) for plan in (review.visits, usual, oracle))
    assert theirs < mine <= best * (1 + 1e-6)


@pytest.mark.parametrize("seed", range(20))
def test_the_world_is_as_its_docstring_says(seed):
    n = 4_000
    data, truth = simulate_accounts(n, seed=seed)
    accounts = data.accounts
    # Three standard errors at n: 1.2 / sqrt(n), and 1 / sqrt(n) for the correlation.
    assert np.log(truth["potential_cny"]).mean() == pytest.approx(12, abs=3 * 1.2 / n**0.5)
    assert truth["share_of_wallet"].mean() == pytest.approx(0.4, abs=3 * 0.2 / n**0.5)
    link = np.corrcoef(np.log(truth["potential_cny"]), truth["share_of_wallet"])[0, 1]
    assert abs(link) < 3.3 / n**0.5
    sales = truth["share_of_wallet"] * truth["potential_cny"]
    assert accounts["sales_cny"].tolist() == pytest.approx(sales.tolist())
    assert (accounts["estimated_potential_cny"] >= accounts["sales_cny"]).all()
    reach = 2 + 2 * np.hypot(accounts["x_km"], accounts["y_km"]) / 50
    assert accounts["visit_hours"].tolist() == pytest.approx(reach.tolist())
    known = data.people["known"]
    assert known.mean() == pytest.approx(0.5, abs=3 * 0.5 / len(known) ** 0.5)
    assert truth["needs"].mean() == pytest.approx(2, abs=3 * (5 * 0.24 / n) ** 0.5)
    on_file = len(data.needs) / n
    assert on_file == pytest.approx(1, abs=3 * (5 * 0.2 * 0.8 / n) ** 0.5)
    deal = data.opportunities.merge(truth, on="account_id")
    assert deal["value_cny"].tolist() == pytest.approx((0.02 * deal["potential_cny"]).tolist())
    assert deal["chance"].tolist() == pytest.approx((0.2 + 0.5 * deal["share_of_wallet"]).tolist())


# for any data


@given(st.permutations(range(3)))
def test_the_order_of_rows_never_matters(order):
    for rule in ("gain", "biggest"):
        plan = visit_plan(ACCOUNTS, hours=7, rule=rule)
        pd.testing.assert_frame_equal(visit_plan(ACCOUNTS.iloc[order], hours=7, rule=rule), plan)


@given(st.integers(2, 60), st.integers(1, 30))
def test_no_plan_takes_more_hours_than_there_are_nor_visits_more_often(hours, n):
    data, _ = simulate_accounts(n, seed=n)
    try:
        plan = visit_plan(data.accounts, hours=hours, most=2)
    except OutOfRangeError:
        assert data.accounts["visit_hours"].min() > hours
        return
    assert plan["hours"].sum() <= hours + 1e-6
    assert plan["visits"].max() <= 2


# when misused


def test_accounts_without_an_owner_are_named_and_the_remedy_leads_on():
    data, _ = simulate_accounts(20, seed=1)
    accounts = data.accounts.assign(owner=data.accounts["owner"].where(lambda who: who != "Wu"))
    rest = (data.people, data.needs.head(0), data.opportunities.head(0))
    with pytest.raises(BadRowsError, match=r"have no owner: .*dropna"):
        account_review(accounts, *rest, hours=40)
    account_review(accounts.dropna(subset=["owner"]), *rest, hours=40)
    with pytest.raises(BadRowsError, match="have no owner"):
        account_review(accounts.assign(owner=" "), *rest, hours=40)


def test_chances_beyond_0_and_1_are_told_with_their_rows():
    data, _ = simulate_accounts(20, seed=1)
    deals = data.opportunities.assign(chance=data.opportunities["chance"] * 100)
    with pytest.raises(BadRowsError, match=r"beyond 0 to 1 .*percents: frame\['chance'\] / 100"):
        account_review(data.accounts, data.people, data.needs, deals, hours=40)
    deals.loc[0, "chance"] = -1.0
    with pytest.raises(BadRowsError, match=r"\{0: -1\.0"):
        account_review(data.accounts, data.people, data.needs, deals, hours=40)


def test_what_cannot_be_planned_is_refused_in_words():
    with pytest.raises(OutOfRangeError, match="no visit fits into 1 hours; the shortest takes 2"):
        visit_plan(ACCOUNTS, hours=1)
    with pytest.raises(UnknownNameError, match="no rule 'nearest'"):
        visit_plan(ACCOUNTS, hours=4, rule="nearest")
    with pytest.raises(BadRowsError, match="stand more than once"):
        visit_plan(ACCOUNTS.assign(account_id=1), hours=4)
    with pytest.raises(BadRowsError, match="sales_cny below 0"):
        structure_report(ACCOUNTS.assign(sales_cny=-1.0))
    with pytest.raises(EmptyError):
        structure_report(ACCOUNTS.head(0))
    with pytest.raises(BadRowsError, match=r"needs names account\(s\) \[9\]"):
        account_review(
            ACCOUNTS,
            pd.DataFrame({"account_id": [1], "role": ["decider"], "known": [True]}),
            pd.DataFrame({"account_id": [9], "need": ["training"]}),
            pd.DataFrame({"account_id": [1], "value_cny": [1.0], "chance": [0.5]}),
            hours=4,
        )
    plan = pd.DataFrame({"account_id": [7], "visits": [1]})
    known = pd.DataFrame({"account_id": [1], "potential_cny": [1.0], "share_of_wallet": [0.5]})
    with pytest.raises(BadRowsError, match="truth lacks"):
        visit_gain(plan, known)


def test_a_decider_is_known_only_where_it_says_true_and_of_accounts_that_are_there():
    people = pd.DataFrame({"account_id": [1, 2], "role": "decider", "known": [True, False]})
    with pytest.raises(WrongTypeError, match="known must hold True or False"):
        key_accounts(ACCOUNTS, people.assign(known=["False", "no"]))
    with pytest.raises(BadRowsError, match=r"no known: \[1\]"):
        key_accounts(ACCOUNTS, people.assign(known=pd.array([True, None], dtype="boolean")))
    with pytest.raises(WrongTypeError, match="account_id holds"):
        key_accounts(ACCOUNTS, people.assign(account_id=["1", "2"]))
    nobody = key_accounts(ACCOUNTS, people.head(0))
    assert nobody["critical"].all()
    none_left = ACCOUNTS.assign(estimated_potential_cny=ACCOUNTS["sales_cny"])
    assert not key_accounts(none_left)["room"].any()


def test_a_need_that_is_on_file_twice_counts_once_and_shares_stay_below_one():
    people = pd.DataFrame({"account_id": [1], "role": ["decider"], "known": [True]})
    needs = pd.DataFrame({"account_id": [1, 1, 1, 1, 2], "need": "training"})
    deals = pd.DataFrame({"account_id": [1], "value_cny": [1.0], "chance": [0.5]})
    found = account_review(ACCOUNTS, people, needs, deals, hours=4).needs
    assert found[["accounts", "share_of_accounts"]].to_numpy().tolist() == [[2, 2 / 3]]
    for bad, word in ((None, "no value_cny"), ("1", "value_cny must hold numbers")):
        with pytest.raises(CrmlabError, match=word):
            account_review(ACCOUNTS, people, needs, deals.assign(value_cny=bad), hours=4)
    with pytest.raises(BadRowsError, match="no need"):
        account_review(ACCOUNTS, people, needs.assign(need=None), deals, hours=4)
    low = structure_report(ACCOUNTS.assign(estimated_potential_cny=[10.0, 10, 1200]))
    # 900 and 100 of at least as much, 200 of 1,200.
    assert low["share_of_wallet"].tolist() == pytest.approx([1, 200 / 1200])


def test_hours_that_suffice_on_paper_suffice():
    # Three times a tenth is more than three tenths in floating point.
    plan = visit_plan(ACCOUNTS.assign(visit_hours=0.1), hours=0.3, rule="biggest")
    assert plan[["account_id", "visits"]].to_numpy().tolist() == [[1, 3]]


def test_a_gain_of_what_is_no_plan_is_refused():
    plan = pd.DataFrame({"account_id": [1], "visits": [2]})
    known = pd.DataFrame({"account_id": [1], "potential_cny": [1.0], "share_of_wallet": [0.5]})
    for bad, word in ((np.nan, "no visits"), ("2", "must hold numbers"), (-1, "below 0")):
        with pytest.raises(CrmlabError, match=word):
            visit_gain(plan.assign(visits=bad), known)
    with pytest.raises(BadRowsError, match=r"percents: frame\['share_of_wallet'\] / 100"):
        visit_gain(plan, known.assign(share_of_wallet=50.0))
