"""simulate_people and simulate_panel: every sentence of their docstrings, as a test."""

import numpy as np
import pandas as pd
import pytest

from crmlab.errors import OutOfRangeError
from crmlab.privacy import (
    reserved_phones,
    simulate_panel,
    simulate_people,
)

SIZES = {"areas": 20, "listed": 1.0, "in_shop": 0.5, "in_club": 0.3, "in_both": 0.15}
TOWN, TRUTH = simulate_people(20_000, sensitive=True, seed=5)


def ages(people):
    day = pd.Timestamp("2025-01-01")
    born = people["birth_date"]
    past = (born.dt.month * 100 + born.dt.day) > (day.month * 100 + day.day)
    return day.year - born.dt.year - past


# by hand


def test_columns_have_the_documented_dtypes():
    person = {"birth_date": "datetime64[us]", "sex": "str", "postcode": "str"}
    money = {"household": "int64", "spend_cny": "float64", "last_seen_on": "datetime64[us]"}
    reach = {"name": "str", "phone": "str"}
    expected = {
        "register": {"person_id": "int64", "name": "str", **person},
        "shop": {"customer_id": "int64", **reach, "email": "str", **person, **money},
        "club": {
            "member_id": "int64",
            **reach,
            **person,
            "visits": "int64",
            "medical_note": "str",
        },
        "consents": {
            "customer_id": "int64",
            "purpose": "str",
            "given_on": "datetime64[us]",
            "withdrawn_on": "datetime64[us]",
        },
    }
    for name, kinds in expected.items():
        assert getattr(TOWN, name).dtypes.astype(str).to_dict() == kinds
    assert [*TRUTH.shop] == ["customer_id", "person_id"]
    assert TRUTH.club.dtypes.astype(str).to_dict() == {
        "member_id": "int64",
        "person_id": "int64",
        "planted": "bool",
    }


@pytest.mark.curriculum("I37")
def test_medical_notes_are_off_by_default():
    town, truth = simulate_people(500, seed=5)
    assert "medical_note" not in town.club
    assert "planted" in truth.club


def test_files_hold_exact_shares_of_the_town():
    assert (len(TOWN.register), len(TOWN.shop), len(TOWN.club)) == (20_000, 10_000, 6_000)
    assert len({*TRUTH.shop["person_id"]} & {*TRUTH.club["person_id"]}) == 3_000
    assert len(simulate_people(1_000, listed=0.6, seed=5).data.register) == 600


def test_nobody_can_be_reached():
    phones = reserved_phones()
    assert len(phones) == phones.nunique() == 80_000
    assert phones.str.fullmatch(r"\+1-[2-9]\d\d-555-01\d\d").all()
    for file in (TOWN.shop, TOWN.club):
        assert file["phone"].isin(phones).all()
        assert file["postcode"].str.fullmatch(r"00\d{4}").all()
    assert TOWN.shop["email"].str.fullmatch(r"u\d+@example\.(com|org|net)").all()
    assert TOWN.shop["phone"].is_unique


def test_everybody_is_an_adult_below_eighty():
    assert (ages(TOWN.register).min(), ages(TOWN.register).max()) == (18, 79)


def test_the_truth_joins_each_file_to_the_register():
    for file, key in (("shop", "customer_id"), ("club", "member_id")):
        who = getattr(TRUTH, file).merge(TOWN.register, on="person_id")
        same = who.merge(getattr(TOWN, file), on=key, suffixes=("", "_file"))
        for column in ("name", "birth_date", "sex", "postcode"):
            assert (same[column] == same[f"{column}_file"]).all()


def test_the_planted_group_is_the_first_area_before_1960_and_has_one_note():
    club = TOWN.club.merge(TRUTH.club, on="member_id")
    rule = (club["postcode"] == "000000") & (club["birth_date"] < "1960")
    assert (club["planted"] == rule).all()
    assert club["planted"].sum() > 10
    assert {*club.loc[club["planted"], "medical_note"]} == {"diabetes"}


# against the formula


@pytest.mark.parametrize("areas", [20, 400])
def test_the_share_of_people_alone_follows_the_closed_form(areas):
    n = 20_000
    register = simulate_people(n, areas=areas, seed=7).data.register
    size = register.groupby(["birth_date", "sex", "postcode"])["person_id"].transform("size")
    alone = (1 - 1 / (2 * areas * 22_645)) ** (n - 1)
    # Pairs of people make each other not alone: at n the variance is at most twice the binomial's.
    assert (size == 1).mean() == pytest.approx(alone, abs=3 * np.sqrt(2 * alone * (1 - alone) / n))


def test_spend_peaks_at_38_as_the_formula_says():
    shop = simulate_people(100_000, seed=7).data.shop
    for age in (25, 38, 60):
        near = shop[ages(shop) == age]
        at = age + 0.5
        mean = 200 + 800 * np.exp(-(((at - 38) / 12) ** 2))
        # The lognormal's standard deviation is 0.53 of its mean; within the year the curve is
        # all but straight (it bends the mean by less than 1 %).
        error = 3 * 0.533 * mean / np.sqrt(len(near)) + 0.01 * mean
        assert near["spend_cny"].mean() == pytest.approx(mean, abs=error)


def test_notes_have_their_shares_outside_the_planted_group():
    notes = TOWN.club.loc[~TRUTH.club["planted"], "medical_note"]
    for note, share in {"none": 0.55, "high blood pressure": 0.2, "diabetes": 0.1}.items():
        error = 3 * np.sqrt(share * (1 - share) / len(notes))
        assert (notes == note).mean() == pytest.approx(share, abs=error)


def test_nine_in_ten_agree_and_one_in_ten_of_them_withdraws_later():
    consents = TOWN.consents
    share = len(consents) / (2 * len(TOWN.shop))
    assert share == pytest.approx(0.9, abs=3 * np.sqrt(0.09 / (2 * len(TOWN.shop))))
    withdrawn = consents["withdrawn_on"].notna()
    assert withdrawn.mean() == pytest.approx(0.1, abs=3 * np.sqrt(0.09 / len(consents)))
    assert (consents["withdrawn_on"] > consents["given_on"])[withdrawn].all()


def test_a_panels_averages_lean_to_its_members_and_nothing_else_does():
    panel, truth = simulate_panel(4_000, members=1_000, products=50, seed=5)
    member = truth["member"].to_numpy()
    assert member.sum() == 1_000
    assert panel.index.tolist() == truth["person_id"].tolist()
    gap = panel[member].mean() - panel[~member].mean()
    # A difference of two shares at 1,000 and 3,000; the mean square of 50 standard scores is 1,
    # give or take 3 * sqrt(2 / 50).
    error = np.sqrt(panel.mean() * (1 - panel.mean()) * (1 / 1_000 + 1 / 3_000))
    assert ((gap / error) ** 2).mean() == pytest.approx(1, abs=3 * np.sqrt(2 / 50))


# for any data


def test_a_town_of_one_has_its_files():
    town, _ = simulate_people(1, in_shop=1.0, in_club=1.0, in_both=1.0, seed=5)
    assert (len(town.register), len(town.shop), len(town.club)) == (1, 1, 1)


def test_more_people_than_phones_share_numbers():
    shop = simulate_people(90_000, in_shop=1.0, in_club=0.1, in_both=0.1, seed=5).data.shop
    assert shop["phone"].nunique() == 80_000


# when misused


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"n": 0}, "n must be 1 or more"),
        ({"n": 10, "areas": 0}, "between 1 and 1,000"),
        ({"n": 10, "areas": 1_001}, "between 1 and 1,000"),
        ({"n": 10, "in_shop": 50}, "share not a percent"),
        ({"n": 10, "in_both": 0.4}, "at most in_shop and in_club"),
        ({"n": 10, "in_shop": 0.9, "in_club": 0.9}, "leave room"),
    ],
)
def test_refuses_towns_that_cannot_be(wrong, said):
    with pytest.raises(OutOfRangeError, match=said):
        simulate_people(**wrong, seed=5)


@pytest.mark.parametrize("wrong", [{"members": 0}, {"members": 10}, {"members": 2, "products": 0}])
def test_refuses_panels_that_cannot_be(wrong):
    with pytest.raises(OutOfRangeError, match=r"must lie in 1 to n - 1|products must be 1"):
        simulate_panel(10, **wrong, seed=5)
