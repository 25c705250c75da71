"""The archive of one customer, and the two cards."""

import re

import pandas as pd
import pytest
import sqlalchemy as sa

from crmlab.company import Scenario, simulate_company
from crmlab.database import archive, customer_card, selling_card
from crmlab.database.archives import sensitive
from crmlab.database.loading import load_tables
from crmlab.database.migration import upgrade
from crmlab.database.page import MASK, NOTHING, shown
from crmlab.database.schema import metadata
from crmlab.errors import NotAllowedError, OutOfRangeError, UnknownNameError
from tests.database.conftest import ENGINES, empty_database
from tests.database.hehua import hehua_on, small_tables

INDIVIDUAL = ("people", "households", "addresses")
EVIL = "<script>alert('x')</script>"


@pytest.fixture(scope="module", params=ENGINES)
def hehua(request, tmp_path_factory):
    with hehua_on(request, request.param, tmp_path_factory.mktemp("archive")) as engine:
        yield engine


@pytest.fixture
def lite(tmp_path):
    with hehua_on(None, "sqlite", tmp_path) as engine:
        yield engine


def write(engine, table, **values):
    """Set the same values in all rows of a table."""
    with engine.begin() as connection:
        connection.execute(sa.update(metadata.tables[table]).values(**values))


def counted(table):
    """The columns of a table that count in an archive, with a value each."""
    values = {"BIGINT": 1, "DOUBLE": 1.0, "TEXT": "x", "BOOLEAN": False}
    return {
        column.name: values.get(str(column.type), pd.Timestamp("2000-01-01").date())
        for column in metadata.tables[table].columns
        if column.nullable and not column.foreign_keys and not sensitive(table, column.name)
    }


def filled_with(values, table):
    """The values, with those that a CHECK asks for."""
    one = small_tables()[table].iloc[0]
    return {name: one[name] if isinstance(one.get(name), str) else v for name, v in values.items()}


# By hand


@pytest.mark.curriculum("S51")
def test_completeness_reaches_0_and_100_percent(lite):
    for table in INDIVIDUAL:
        write(lite, table, **filled_with(counted(table), table))
    full = archive(lite, 1)
    assert full.completeness == 1
    assert full.by_block["completeness"].tolist() == [1.0] * 6
    assert full.missing.empty
    for table in INDIVIDUAL:
        write(lite, table, **dict.fromkeys(counted(table)))
    empty = archive(lite, 1)
    assert empty.completeness == 0
    assert empty.name == full.name
    assert len(empty.missing) == len(empty.fields)
    assert empty.missing["use"].unique().tolist() == [
        "to reach them",
        "to offer what fits",
        "to judge their worth",
        "to know them",
    ]


def test_a_customer_without_a_home_is_known_by_what_people_says(lite):
    write(lite, "people", household_id=None)
    found = archive(lite, 1).fields.set_index(["table", "field"])["filled"]
    assert not found[["households", "addresses"]].any()
    assert found["people"].mean() > 0.8


def test_blanks_are_no_knowledge(lite):
    before = archive(lite, 1).completeness
    write(lite, "people", lifestyle="  ")
    assert archive(lite, 1).completeness < before


def test_the_age_is_that_of_the_last_day_anything_was_written(lite):
    found = archive(lite, 2)
    own = small_tables()["purchases"]
    bought = own.loc[own["customer_id"] == 2, "date"].max()
    assert found.last_update >= bought
    assert found.age_days == (found.as_of - found.last_update).days
    early = archive(lite, 2, as_of="2023-01-31")
    assert early.last_update <= early.as_of == pd.Timestamp("2023-01-31")
    before = archive(lite, 2, as_of="2020-01-01")
    assert (before.last_update, before.age_days) == (None, None)
    assert "nothing was ever written" in str(before)


def test_values_are_shown_without_noise():
    given = [pd.Timestamp("2024-12-31"), 1234567.5, 3.0, 0, True, False, None, float("nan"), " "]
    assert [shown(one) for one in given] == [
        *("2024-12-31", "1,234,567.5", "3", "0", "yes", "no"),
        *[NOTHING] * 3,
    ]


@pytest.mark.curriculum("S46")
def test_the_recorded_card_has_five_blocks_with_explicit_and_implicit_needs(hehua):
    card = customer_card(hehua, 33)
    assert card.blocks == ["value", "needs", "behaviour", "satisfaction", "concerns"]
    needs = card.fields.loc[card.fields["block"] == "needs", "field"]
    assert {one.partition(":")[0] for one in needs} == {"explicit", "implicit"}


@pytest.mark.parametrize("day", [pd.Timestamp("2024-12-31"), pd.Timestamp("2023-06-30")])
def test_the_recorded_card_is_what_the_frames_say(hehua, day):
    t = {
        name: frame[frame["customer_id"] == 33] if "customer_id" in frame else frame
        for name, frame in small_tables().items()
    }
    card = customer_card(hehua, 33, as_of=day).fields.set_index("field")["value"]
    bought = t["purchases"][t["purchases"]["date"] <= day]
    contacts = t["contacts"][t["contacts"]["contacted_on"] <= day]
    sent = t["targets"][~t["targets"]["held_out"]]
    sent = sent[sent["starts_at"] < day + pd.Timedelta(days=1)]
    cost = sent.merge(t["promotions"][["promotion_id", "variable_cost_cny"]])["variable_cost_cny"]
    answered = t["responses"][t["responses"]["bought_on"] <= day].merge(
        sent[["promotion_id", "customer_id"]]
    )
    rated = t["ratings"][t["ratings"]["rated_on"] <= day]
    brought = small_tables()["referrals"].query("referred_by == 33 and referred_on <= @day")
    kinds = bought[bought["amount"] > 0]["category"].value_counts()
    spend = bought["amount"].sum()
    expected = {
        "spending, less refunds (CNY)": shown(round(spend, 6)),
        "cost of service (CNY)": shown(contacts["cost_cny"].sum()),
        "cost of promotions (CNY)": shown(round(cost.sum(), 6)),
        "left of the spending (CNY)": shown(
            round(spend - contacts["cost_cny"].sum() - cost.sum(), 6)
        ),
        "customers brought": shown(len(brought)),
        "implicit: answered promotions": f"{len(answered)} of {len(sent)}",
        "purchases": shown(int((bought["amount"] > 0).sum())),
        "last purchase": shown(bought.loc[bought["amount"] > 0, "date"].max()),
        "packs": shown(
            int(t["lines"].merge(bought[["purchase_id"]], on="purchase_id")["quantity"].sum())
        ),
        "ratings": shown(len(rated)),
        "product, mean of 1-5": shown(rated["product"].mean()),
        "service, mean of 1-5": shown(rated["service"].mean()),
        "returns": shown(int((t["returns"]["returned_on"] <= day).sum())),
    }
    assert {name: card[name] for name in expected} == expected
    told = {f"{kind} {n}" if n > 1 else kind for kind, n in kinds.items()}
    assert {*card["implicit: categories bought"].split(", ")} == told


@pytest.mark.curriculum("S45")
def test_the_selling_card_has_5_contents_or_7_3_channels_and_medical_fields_masked(hehua):
    five, seven = selling_card(hehua, 3), selling_card(hehua, 3, contents=7)
    assert five.blocks == ["basic", "family", "living condition", "personality", "social ties"]
    assert seven.blocks == ["basic", "education", "income", *five.blocks[1:]]
    assert five.title.endswith("known by: salespeople, referrals, web site")
    masked = five.fields[five.fields["masked"]]
    assert masked["field"].str.partition(" ")[0].tolist() == ["income", "health", "medical"]
    assert set(masked["value"]) == {MASK}


@pytest.mark.parametrize("is_sensitive", [False, True])
def test_a_mask_does_not_tell_whether_there_is_anything_behind_it(tmp_path, is_sensitive):
    company, _ = simulate_company(40, seed=3, scenario=Scenario(sensitive=is_sensitive))
    tables = {name: getattr(company, name) for name in metadata.tables}
    told = tables["people"]["medical_history"]
    tables["people"] = tables["people"].assign(medical_history=told.mask(told.notna(), "SECRET"))
    with empty_database(None, "sqlite", tmp_path) as engine:
        upgrade(engine)
        load_tables(engine, tables)
        ill = tables["people"].loc[tables["people"]["medical_history"].notna(), "customer_id"]
        assert bool(len(ill)) == is_sensitive
        who = int(ill.iloc[0]) if is_sensitive else 1
        cards = [selling_card(engine, one).fields for one in (who, who % 40 + 1)]
        assert cards[0]["masked"].tolist() == cards[1]["masked"].tolist()
        for thing in (selling_card(engine, who), customer_card(engine, who), archive(engine, who)):
            assert not any("SECRET" in page for page in pages(thing))
        if is_sensitive:
            consents = tables["consents"].iloc[:1].assign(customer_id=who, purpose="research")
            with engine.begin() as connection:
                connection.execute(
                    sa.delete(metadata.tables["consents"]).where(
                        metadata.tables["consents"].c.purpose == "research"
                    )
                )
            load_tables(engine, {"consents": consents.assign(withdrawn_on=pd.NaT)})
            audit = []
            asked = {"reveal": ["medical_history"], "purpose": "research", "who": "Ann"}
            card = selling_card(engine, who, **asked, audit=audit)
            assert "SECRET" in card.fields["value"].tolist()
            assert card.fields["masked"].sum() == 2
            given = consents["given_on"].iloc[0]
            assert audit == [
                {
                    "who": "Ann",
                    "customer_id": who,
                    "purpose": "research",
                    "field": "medical_history",
                    "allowed": True,
                    "why": f"agreed to research on {given:%Y-%m-%d}",
                }
            ]


def pages(thing):
    """Everything that a reader can see of an archive or a card."""
    return thing._repr_html_(), str(thing), repr(thing)


def test_every_value_is_escaped(lite):
    texts = ("name", "lifestyle", "personality", "motive", "hobby")
    write(lite, "people", **dict.fromkeys(texts, EVIL))
    write(lite, "addresses", line=EVIL)
    write(lite, "deliveries", requirement=EVIL)
    for page in (archive(lite, 33), customer_card(lite, 33), selling_card(lite, 33)):
        html = page._repr_html_()
        assert "<script" not in html
        assert "&lt;script&gt;" in html
        assert EVIL in str(page)


def test_a_page_is_one_whole_and_holds_what_the_text_holds(lite):
    found = archive(lite, 33)
    html, text = found._repr_html_(), str(found)
    assert html.count("<section>") == html.count("</section>") == 6
    for value in (found.name, f"{found.completeness:.0%} complete", "Missing to know them"):
        assert value in html
        assert value in text
    assert not re.search(r"(src|href)=", html)  # nothing is fetched from elsewhere


# When misused


def test_an_unknown_customer_is_named(lite):
    for page in (archive, customer_card, selling_card):
        with pytest.raises(UnknownNameError, match="no customer 9999; there are 120"):
            page(lite, 9999)
        with pytest.raises(OutOfRangeError, match="as_of"):
            page(lite, 1, as_of="soon")


def test_nobody_looks_behind_a_mask_without_name_purpose_audit_and_consent(lite):
    with pytest.raises(UnknownNameError, match="no masked field 'name'"):
        selling_card(lite, 6, reveal=["name"])
    with pytest.raises(NotAllowedError, match="only where it is written down"):
        selling_card(lite, 6, reveal="income_cny", purpose="marketing", who="Ann")
    with pytest.raises(NotAllowedError, match="only where it is written down"):
        selling_card(lite, 6, reveal="income_cny", purpose="marketing", who="Ann", audit={})
    assert selling_card(lite, 6, reveal=None).fields.equals(selling_card(lite, 6).fields)
    audit = []
    for given, words in (
        ({"purpose": "marketing"}, "nobody says who asks"),
        ({"purpose": "marketing", "who": " "}, "nobody says who asks"),
        ({"who": "Ann"}, "nobody says what for"),
        ({"who": "Ann", "purpose": "marketing"}, "withdrew the consent to marketing"),
    ):
        with pytest.raises(NotAllowedError, match=words):
            selling_card(lite, 6, reveal=["income_cny"], audit=audit, **given)
        assert not audit[-1]["allowed"]
        assert words in audit[-1]["why"]
    assert len(audit) == 4
    with pytest.raises(UnknownNameError, match="no purpose 'resale'"):
        selling_card(lite, 6, reveal=["income_cny"], audit=audit, who="A", purpose="resale")
    with pytest.raises(OutOfRangeError, match="5 contents or 7"):
        selling_card(lite, 6, contents=6)
