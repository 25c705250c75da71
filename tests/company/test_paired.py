"""Paired worlds: one argument changed, one seed kept, nothing moves but what follows from it."""

from dataclasses import fields

import numpy as np
import pandas as pd
import pytest

from crmlab.company import Scenario, paired, simulate_tables
from crmlab.company.export import ALL_TABLES

N = 600
SEED = 5
# Numbers that are given out in the order of days, and so move when a row comes in between.
GIVEN = {
    "purchase_id", "refund_id", "line_id", "complaint_id", "contact_id", "record_id", "order_id",
}  # fmt: skip

# What follows from who leaves when: what is bought, and all that goes with it. Who they are, where
# they live, what they agreed to, and their hidden traits do not.
BUYING = {
    "purchases", "truth_purchases", "lines", "payments", "deliveries", "returns", "ratings",
    "complaints", "contacts", "targets", "responses", "truth_targets", "fans", "follows",
    "interactions", "truth_fans", "referrals", "records", "truth_records", "sellers", "recruits",
    "seller_customers", "truth_sellers",
    "people.customer_type", "people.favourite_category", "people.category_spend_cny",
    "people.loyalty_index", "people.potential_index", "truth_customers.dropped_out_on",
    "truth_customers.left_for", "truth_customers.future_purchases",
    "truth_customers.future_spend_cny",
}  # fmt: skip
RISK = {"truth_customers.dropout_probability"}
SAID = {"people.category_spend_cny", "people.loyalty_index", "people.potential_index"}
RECORDS = {"records", "truth_records"}
BUSINESS = {"organisations", "offices", "truth_organisations", "statements", "loans", "repayments",
            "truth_loans", "orders", "truth_orders"}  # fmt: skip

# A small change of each parameter, and the tables (or their columns) that may then differ.
MAY_MOVE = {
    "churn": (1.02, BUYING | RISK),
    "rolling_churn": (0.55, BUYING | RISK),
    "concentration": (0.80, BUYING | {"truth_customers.mean_ticket_cny"}),
    "referral_share": (0.61, {"referrals"}),
    "card_rate": (0.61, {"cards", "policies.opening_rate"}),
    "card_rate_harder": (0.41, {"cards", "policies.opening_rate"}),
    "consent_share": (0.81, BUYING | {"consents"}),
    "promotions": (49, BUYING | {"promotions", "truth_promotions"}),
    "targeted_share": (0.51, BUYING),
    "held_out_share": (0.21, BUYING),
    "promotion_lift": (0.0801, BUYING | {"truth_promotions.lift"}),
    "spend_loyalty": (0.21, BUYING | RISK),
    "income_effect": (0.31, {"people.income_cny", "people.credit_limit_cny",
                             "households.income_cny"}),
    "contact_limit": (2, BUYING),
    "overcontact_dropout": (0.05, BUYING),
    "failure_rate": (0.062, BUYING),
    "failure_dropout": (0.26, BUYING),
    "price_elasticity": (-1.51, {"lines"}),
    "fan_share": (0.31, {"fans", "follows", "interactions", "truth_fans", "referrals"}),
    "seller_share": (0.032, {"sellers", "recruits", "seller_customers", "truth_sellers"}),
    "served_share": (0.21, {"seller_customers"}),
    "organisations_per_1000": (22, BUSINESS),
    "default_rate": (0.11, {"repayments", "loans", "truth_loans"}),
    "edit_share": (0.06, RECORDS),
    "stale_share": (0.06, RECORDS),
    "missing_share": (0.06, RECORDS),
    "duplicate_share": (0.04, RECORDS),
    "sensitive": (True, {"children", "people.blood_type", "people.medical_history",
                         "people.bank_card", "organisations.bank_account"}),
}  # fmt: skip


def world(**changes):
    return simulate_tables(N, seed=SEED, scenario=changes, tables=ALL_TABLES)


@pytest.fixture(scope="module")
def usual():
    return world()


def moved(one, other):
    """Return the tables that differ, with the column where all rows are still there."""
    found = set()
    for name in ALL_TABLES:
        a, b = (frame[name].drop(columns=GIVEN & {*frame[name]}) for frame in (one, other))
        if len(a) == len(b):
            found |= {f"{name}.{column}" for column in a if not a[column].equals(b[column])}
        else:
            found.add(name)
    return found


# by hand


def test_two_equal_scenarios_differ_in_nothing():
    pair = paired({}, Scenario(), n=100, seed=1)
    assert (pair.difference.drop(columns="customer_id") == 0).all().all()
    pd.testing.assert_frame_equal(pair.one[0].purchases, pair.other[0].purchases)


def test_every_parameter_has_its_list():
    assert [*MAY_MOVE] == [spec.name for spec in fields(Scenario)]


# one argument changed


@pytest.mark.parametrize("name", MAY_MOVE)
def test_only_what_follows_from_a_parameter_moves(name, usual):
    value, may = MAY_MOVE[name]
    found = moved(usual, world(**{name: value}))
    stray = {one for one in found if one not in may and one.split(".")[0] not in may}
    assert not stray
    assert found or name in ("overcontact_dropout", "failure_dropout", "fan_share")


def test_more_business_customers_leave_the_others_as_they_are():
    few, many = (
        simulate_tables(N, seed=SEED, scenario={"organisations_per_1000": k}, tables=BUSINESS)
        for k in (20, 700)
    )
    assert (len(few["organisations"]), len(many["organisations"])) == (12, 420)
    for name in BUSINESS:
        key = "organisation_id" if "organisation_id" in few[name] else "loan_id"
        same = many[name].loc[many[name][key] <= 12].drop(columns="order_id", errors="ignore")
        mine = few[name].drop(columns="order_id", errors="ignore")
        pd.testing.assert_frame_equal(mine, same.reset_index(drop=True))


def test_customers_whose_fate_is_the_same_buy_the_same_in_both_worlds():
    pair = paired({"churn": 1.0}, {"churn": 1.05}, n=1_000, seed=3)
    (one, before), (other, after) = pair.one, pair.other
    same = (before.customers["dropped_out_on"].eq(after.customers["dropped_out_on"])
            | (before.customers["dropped_out_on"].isna() & after.customers["dropped_out_on"].isna())
            )  # fmt: skip
    assert 0.9 < same.mean() < 1
    columns = ["customer_id", "date", "amount", "channel", "store", "category"]
    own = [
        company.purchases[
            company.purchases["purchase_id"].isin(
                truth.purchases.loc[truth.purchases["promotion_id"] == 0, "purchase_id"]
            )
            & company.purchases["customer_id"].isin(before.customers["customer_id"][same])
        ][columns].sort_values(columns, ignore_index=True)
        for company, truth in ((one, before), (other, after))
    ]
    pd.testing.assert_frame_equal(*own)


def test_more_churn_takes_purchases_away_and_adds_none_of_their_own_accord():
    pair = paired({"promotions": 0}, {"promotions": 0, "churn": 2.0}, n=1_000, seed=4)
    assert (pair.difference["purchases"] <= 0).all()
    assert pair.difference["purchases"].sum() < 0


def test_the_effect_of_churn_is_the_difference_of_two_worlds():
    # Nothing but their own will makes them leave: what more churn takes away is what was bought,
    # or would be, after the day on which they leave in the other world. All else stays.
    calm = Scenario.calm(promotions=0)
    pair = paired(calm, Scenario.calm(promotions=0, churn=1.5), n=2_000, seed=7)
    (company, before), (_, after) = pair.one, pair.other
    left = after.customers.set_index("customer_id")["dropped_out_on"]
    stayed = before.customers.set_index("customer_id")["dropped_out_on"]
    never = pd.Timestamp("2200-01-01")
    assert (left.fillna(never) <= stayed.fillna(never)).all()
    bought = company.purchases[company.purchases["amount"] > 0]
    lost = bought[bought["date"] > left.reindex(bought["customer_id"]).to_numpy()]
    found = pair.difference.set_index("customer_id")
    count = lost.groupby("customer_id").size().reindex(found.index, fill_value=0)
    assert found["purchases"].tolist() == (-count).tolist()
    back = company.returns[company.returns["purchase_id"].isin(lost["purchase_id"])]
    caused = -lost["amount"].sum() + back["amount_cny"].sum()
    assert found["spend_cny"].sum() == pytest.approx(caused, abs=0.02)
    assert count.sum() > 500
    assert (found["future_purchases"] <= 0).all()


def test_the_effect_of_promotions_is_the_difference_of_two_worlds():
    calm = Scenario(overcontact_dropout=0.0, failure_dropout=0.0)
    none = Scenario(overcontact_dropout=0.0, failure_dropout=0.0, promotion_lift=0.0)
    pair = paired(none, calm, n=2_000, seed=6)
    company, truth = pair.other
    caused = truth.purchases[truth.purchases["promotion_id"] > 0]
    # Nobody leaves for anything the firm does, so a promotion adds what it causes and no more.
    assert pair.difference["purchases"].sum() == len(caused)
    spent = company.purchases.merge(caused[["purchase_id"]])["amount"].sum()
    back = company.returns.merge(caused[["purchase_id"]])["amount_cny"].sum()
    assert pair.difference["spend_cny"].sum() == pytest.approx(spent - back, abs=0.02)
    assert len(caused) > 200
    assert np.isclose(truth.targets["caused"].sum(), len(caused))
