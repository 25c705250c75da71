"""The five features: the same answer on each engine, and that of pandas on the frames."""

import numpy as np
import pandas as pd
import pytest

from crmlab.database import (
    build_query,
    customer_card,
    loyal_customers,
    personalised_service,
    purchase_reference,
    relationship_view,
    run_query,
)
from crmlab.database.loading import load_tables
from crmlab.database.migration import upgrade
from crmlab.errors import OutOfRangeError, UnknownNameError
from tests.database.conftest import ENGINES, empty_database
from tests.database.hehua import hehua_on, small_tables

DAY = pd.Timestamp("2024-06-30")


@pytest.fixture(scope="module", params=ENGINES)
def hehua(request, tmp_path_factory):
    with hehua_on(request, request.param, tmp_path_factory.mktemp("features")) as engine:
        yield engine


@pytest.fixture(scope="module")
def lite(tmp_path_factory):
    with hehua_on(None, "sqlite", tmp_path_factory.mktemp("features")) as engine:
        yield engine


def bought():
    """Purchases without refunds."""
    purchases = small_tables()["purchases"]
    return purchases[purchases["amount"] > 0]


# By hand


@pytest.fixture
def four_friends(tmp_path):
    """A home of two, the friend who brought one of them, and the one whom she brought."""
    tables = {name: frame.head(0) for name, frame in small_tables().items()}
    people, homes = small_tables()["people"].head(4), small_tables()["households"].head(3)
    tables["addresses"] = small_tables()["addresses"].head(3)
    home_ids = homes["household_id"].tolist()
    tables["households"] = homes.assign(spouse_name=["<b>Li</b>", None, None])
    tables["people"] = people.assign(
        customer_id=[1, 2, 3, 4],
        household_id=[home_ids[one] for one in (0, 0, 1, 2)],
        name=["Ann", "Bob", "Cui", "Dai"],
    )
    referral = small_tables()["referrals"].head(1)
    tables["referrals"] = pd.concat([referral, referral]).assign(
        customer_id=[1, 4],
        referred_by=[3, 1],
        referred_on=pd.to_datetime(["2023-02-01", "2023-05-01"]),
        reason=["content", "other"],
    )
    with empty_database(None, "sqlite", tmp_path) as engine:
        upgrade(engine)
        load_tables(engine, tables)
        yield engine


@pytest.mark.curriculum("S43")
def test_relationships_are_seen_from_both_sides(four_friends):
    ties = relationship_view(four_friends, 1)
    assert ties[["relation", "table", "name"]].to_numpy().tolist() == [
        ["lives with", "people", "Bob"],
        ["spouse", "households", "<b>Li</b>"],
        ["brought by", "people", "Cui"],
        ["brought", "people", "Dai"],
    ]
    assert ties["number"].tolist()[2:] == [3, 4]
    assert ties["since"].tolist()[2:] == [*pd.to_datetime(["2023-02-01", "2023-05-01"])]
    assert ties["about"].tolist()[2:] == ["content", "other"]
    assert relationship_view(four_friends, 3)["name"].tolist() == ["Ann"]
    assert ties["since"].dtype == "datetime64[us]"


# Against pandas


@pytest.mark.curriculum("S43")
def test_the_five_features_are_each_a_query(hehua):
    ties = relationship_view(hehua, 33)
    people = run_query(hehua, build_query("people", ["customer_id", "customer_type"]))
    loyal = loyal_customers(hehua)
    reference = purchase_reference(hehua)
    service = personalised_service(hehua, 33)
    assert min(map(len, (people, ties, loyal, reference, service.products))) > 0


@pytest.mark.parametrize("who", [1, 2, 33, 60, 106])
def test_relationships_are_those_of_the_frames(hehua, who):
    tables = small_tables()
    people, referrals = tables["people"].set_index("customer_id"), tables["referrals"]
    ties = relationship_view(hehua, who).groupby("relation")["number"].agg(list)
    home = people.loc[who, "household_id"]
    expected = {
        "lives with": people.index[(people["household_id"] == home) & (people.index != who)],
        "brought by": referrals.loc[referrals["customer_id"] == who, "referred_by"],
        "brought": referrals.loc[referrals["referred_by"] == who, "customer_id"],
    }
    served = tables["seller_customers"]
    expected["served by"] = served.loc[served["customer_id"] == who, "seller_id"]
    expected["serves"] = served.loc[served["seller_id"] == who, "customer_id"]
    for name, key in (("cards", "card_id"), ("fans", "fan_id"), ("contacts", "contact_id")):
        frame = tables[name]
        expected[name[:-1]] = frame.loc[frame["customer_id"] == who, key]
    for relation, numbers in expected.items():
        assert ties.get(relation, []) == sorted(numbers), relation


@pytest.mark.parametrize("as_of", [None, DAY])
def test_loyal_customers_meet_all_four_thresholds_and_nobody_else_does(hehua, as_of):
    day = small_tables()["purchases"]["date"].max() if as_of is None else as_of
    every = small_tables()["purchases"]
    every = every[every["date"] <= day]
    table = every[every["amount"] > 0].groupby("customer_id")["date"].agg(["min", "max", "nunique"])
    table = table.join(every.groupby("customer_id")["amount"].sum())
    people = small_tables()["people"].set_index("customer_id")[["name", "loyalty_index"]]
    table = people.join(table, how="inner")
    tenure, since = (day - table["min"]).dt.days, (day - table["max"]).dt.days
    loyal = (table["loyalty_index"] >= 0.4) & (tenure >= 200) & (since <= 90)
    loyal &= table["nunique"] - 1 >= 4
    expected = pd.DataFrame(
        {
            "name": table["name"],
            "loyalty_index": table["loyalty_index"],
            "repeats": table["nunique"] - 1,
            "spend_cny": table["amount"],
            "first_on": table["min"],
            "last_on": table["max"],
            "tenure_days": tenure,
            "days_since_last": since,
        }
    )[loyal].reset_index()
    expected = expected.sort_values(
        ["loyalty_index", "customer_id"], ascending=[False, True], ignore_index=True
    )
    found = loyal_customers(
        hehua, loyalty=0.4, tenure_days=200, repeats=4, active_days=90, as_of=as_of
    )
    assert len(found) > 3
    pd.testing.assert_frame_equal(found, expected, rtol=1e-9)


WAYS = {
    "category": lambda t: t["category"],
    "channel": lambda t: t["channel"],
    "store": lambda t: t["store"],
    "month": lambda t: t["date"].dt.month.astype("int64"),
    "weekday": lambda t: t["date"].dt.isocalendar().day.astype("int64"),
}


@pytest.mark.parametrize("chosen", [{}, {"customer_id": 5}, {"category": "make-up"}])
@pytest.mark.parametrize("by", [*WAYS])
def test_the_purchase_reference_is_counted_as_pandas_counts(hehua, by, chosen):
    every = bought()
    own = every
    for name, value in chosen.items():
        own = own[own[name] == value]
    found = purchase_reference(hehua, by=by, **chosen)

    groups = own.groupby(WAYS[by](own))
    of_all = WAYS[by](every).value_counts(normalize=True).sort_index()
    n = groups.size().reindex(of_all.index, fill_value=0)
    span = (groups["date"].max() - groups["date"].min()).dt.days.reindex(of_all.index)
    expected = pd.DataFrame(
        {
            by: of_all.index,
            "purchases": n.to_numpy(),
            "share": (n / n.sum()).to_numpy(),
            "share_of_all": of_all.to_numpy(),
            "times_usual": (n / n.sum() / of_all).to_numpy(),
            "spend_cny": groups["amount"].sum().reindex(of_all.index, fill_value=0.0).to_numpy(),
            "mean_ticket_cny": groups["amount"].mean().reindex(of_all.index).to_numpy(),
            "gap_days": (span / (n - 1).where(n > 1)).to_numpy(),
            "last_on": groups["date"].max().reindex(of_all.index).to_numpy(),
        }
    )
    pd.testing.assert_frame_equal(found, expected, rtol=1e-9)
    assert found["share"].sum() == pytest.approx(1)


def expected_offer(who, day):
    """What personalised_service should find, by pandas: category, channel, product numbers."""
    purchases, lines = small_tables()["purchases"], small_tables()["lines"]
    purchases = purchases[purchases["date"] <= day]
    own = purchases[(purchases["customer_id"] == who) & (purchases["amount"] > 0)]

    def favourite(column):
        table = own.groupby(column)["amount"].agg(["size", "sum"]).reset_index()
        order = table.sort_values(["size", "sum", column], ascending=[False, False, True])
        return order[column].iloc[0]

    sold = lines.merge(purchases[["purchase_id", "customer_id"]])
    sold = sold[["product_id", "customer_id"]].drop_duplicates()
    products = small_tables()["products"]
    products = products[products["category"] == favourite("category")]
    products = products[
        ~products["product_id"].isin(sold.loc[sold["customer_id"] == who, "product_id"])
    ]
    buyers = products["product_id"].map(sold["product_id"].value_counts()).fillna(0)
    products = products.assign(buyers=buyers.astype("int64"))
    products = products.sort_values(["buyers", "product_id"], ascending=[False, True]).head(3)
    found = products[["product_id", "brand", "size", "buyers"]].reset_index(drop=True)
    return favourite("category"), favourite("channel"), found


@pytest.mark.parametrize("day", [None, DAY])
def test_a_next_contact_offers_what_fits_and_is_not_had_yet(hehua, day):
    last = small_tables()["purchases"]["date"].max() if day is None else day
    for who in (1, 5, 33):
        found = personalised_service(hehua, who, as_of=day)
        category, channel, products = expected_offer(who, last)
        assert (found.allowed, found.category, found.channel) == (True, category, channel)
        pd.testing.assert_frame_equal(found.products, products)


def test_who_has_not_agreed_gets_nothing_and_the_answer_says_why(hehua):
    consents = small_tables()["consents"]
    gone = consents[(consents["purpose"] == "marketing") & consents["withdrawn_on"].notna()].iloc[0]
    who, left = int(gone["customer_id"]), gone["withdrawn_on"]
    found = personalised_service(hehua, who)
    assert not found.allowed
    assert found.why == f"withdrew the consent to marketing on {left:%Y-%m-%d}"
    assert (found.category, found.channel, len(found.products)) == (None, None, 0)
    assert not personalised_service(hehua, who, as_of=left).allowed
    assert personalised_service(hehua, who, as_of=left - pd.Timedelta(days=1)).allowed
    early = personalised_service(hehua, who, as_of=gone["given_on"] - pd.Timedelta(days=1))
    assert early.why == "never agreed to marketing"
    everybody = set(small_tables()["people"]["customer_id"])
    never = everybody - set(consents.loc[consents["purpose"] == "research", "customer_id"])
    found = personalised_service(hehua, min(never), purpose="research")
    assert (found.allowed, found.why) == (False, "never agreed to research")


def test_who_bought_nothing_yet_is_offered_what_they_say_they_like(four_friends):
    consents = small_tables()["consents"].head(1).assign(customer_id=1, withdrawn_on=pd.NaT)
    load_tables(four_friends, {"consents": consents, "products": small_tables()["products"]})
    found = personalised_service(four_friends, 1, as_of="2024-01-01", offers=2)
    assert found.category == small_tables()["people"]["favourite_category"].iloc[0]
    assert found.channel is None
    assert found.products["buyers"].tolist() == [0, 0]


def test_a_customer_without_purchases_has_no_shares(four_friends):
    assert purchase_reference(four_friends, customer_id=1).empty


# When misused


def test_an_unknown_customer_or_name_is_named(lite):
    for ask in (relationship_view, personalised_service):
        with pytest.raises(UnknownNameError, match="no customer 9999; there are 120, with numbers"):
            ask(lite, 9999)
        for number in ("1", 1.0, True, None):
            with pytest.raises(OutOfRangeError, match="must be a whole number"):
                ask(lite, number)
        assert ask(lite, np.int64(5)) is not None
    with pytest.raises(UnknownNameError, match="no customer"):
        relationship_view(lite, 2**70)
    with pytest.raises(UnknownNameError, match="Did you mean 'category'"):
        purchase_reference(lite, by="categories")
    with pytest.raises(UnknownNameError, match="Did you mean 'make-up'"):
        purchase_reference(lite, category="makeup")
    with pytest.raises(UnknownNameError, match="There are \\['marketing', 'profiling', 'research'"):
        personalised_service(lite, 1, purpose="resale")


def test_thresholds_out_of_range_are_refused(lite, four_friends):
    for wrong in ({"loyalty": 50}, {"tenure_days": -1}, {"active_days": -1}, {"repeats": 0.5}):
        with pytest.raises(OutOfRangeError, match=next(iter(wrong))):
            loyal_customers(lite, **wrong)
    with pytest.raises(OutOfRangeError, match="offers"):
        personalised_service(lite, 1, offers=0)
    with pytest.raises(OutOfRangeError, match="as_of"):
        loyal_customers(lite, as_of="soon")
    with pytest.raises(OutOfRangeError, match="there are no purchases; name the day"):
        loyal_customers(four_friends)
    assert loyal_customers(four_friends, as_of="2024-01-01").empty
    with pytest.raises(UnknownNameError, match="no way to look at purchases"):
        purchase_reference(lite, by=["category"])


def test_days_beyond_the_calendar_leave_nobody_or_everybody_out(lite):
    every = loyal_customers(lite, tenure_days=0, active_days=10**12)
    assert len(loyal_customers(lite, tenure_days=0, active_days=20_000)) == len(every) > 0
    assert loyal_customers(lite, tenure_days=10**12).empty
    assert loyal_customers(lite, as_of="0001-01-01").empty
    assert customer_card(lite, 1, as_of="9999-12-31").title == "Customer card on 9999-12-31"
    assert loyal_customers(lite, loyalty=np.float32(0.5)).equals(loyal_customers(lite))
