"""Attacks that look a person up: linkage, homogeneity, dictionaries."""

from hashlib import sha256

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from crmlab.errors import BadRowsError, MissingColumnsError, OutOfRangeError
from crmlab.privacy import (
    dates,
    dictionary_attack,
    homogeneity_attack,
    linkage_attack,
    plain_hash,
    prefixes,
    pseudonymise,
    reserved_phones,
    simulate_people,
)

QUASI = ["birth_date", "sex", "postcode"]
RELEASE = pd.DataFrame({"record": [1, 2, 3], "sex": ["F", "M", "X"]})
KNOWN = pd.DataFrame({"person_id": [7, 8, 9], "sex": ["F", "M", "M"]})
TRUTH = pd.DataFrame({"record": [1, 2, 3], "person_id": [7, 8, 5]})
TOWN, WHO = simulate_people(20_000, sensitive=True, seed=5)

# by hand


def test_one_candidate_is_claimed_two_are_not_and_none_is_nobody():
    claims = linkage_attack(RELEASE, KNOWN, on=["sex"], record="record", truth=TRUTH)
    assert claims["candidates"].tolist() == [1, 2, 0]
    assert claims["claim"].tolist() == [7, pd.NA, pd.NA]
    assert claims["correct"].tolist() == [True, False, False]
    assert claims.dtypes.astype(str).to_dict() == {
        "record": "int64",
        "candidates": "int64",
        "claim": "Int64",
        "correct": "bool",
    }


def test_a_claim_can_be_wrong_and_people_may_have_names():
    names = KNOWN.assign(person_id=["Ann", "Bob", "Cy"])
    truth = pd.DataFrame({"record": [1, 2, 3], "person_id": ["Dora", "Bob", "Cy"]})
    claims = linkage_attack(RELEASE, names, on="sex", record="record", truth=truth)
    assert claims["claim"].fillna("").tolist() == ["Ann", "", ""]
    assert not claims["correct"].any()


def test_a_group_that_is_all_alike_gives_its_secret_away():
    release = pd.DataFrame({"sex": list("FFMM"), "note": list("aaab")})
    learned = homogeneity_attack(release, KNOWN, on=["sex"], sensitive="note")
    assert learned["learned"].fillna("").tolist() == ["a", "", ""]
    assert learned["values"].tolist() == [1, 2, 2]
    nobody = homogeneity_attack(release, KNOWN.replace({"F": "X"}), on=["sex"], sensitive="note")
    assert nobody["candidates"].tolist() == [0, 2, 2]
    assert nobody["learned"].isna().all()


def test_a_hash_is_the_standard_one():
    assert plain_hash(pd.Series(["abc"]))[0] == sha256(b"abc").hexdigest()
    assert plain_hash(pd.Series(["bc"]), salt="a")[0] == sha256(b"abc").hexdigest()


def test_a_dictionary_reads_what_stands_in_it_and_nothing_else():
    book = pd.Series(["a", "b", "b"])
    found = dictionary_attack(plain_hash(pd.Series(["b", "c"])), book)
    assert found["guess"].fillna("").tolist() == ["b", ""]


# against the truth


def test_every_claim_against_a_complete_register_is_right_before_and_after_banding():
    club = TOWN.club.drop(columns="name")
    size = TOWN.register.groupby(QUASI)["person_id"].transform("size")
    alone = TOWN.register.loc[size == 1, "person_id"]
    claims = linkage_attack(club, TOWN.register, on=QUASI, record="member_id", truth=WHO.club)
    assert claims["claim"].notna().equals(claims["correct"])
    assert claims["correct"].mean() == WHO.club["person_id"].isin(alone).mean() > 0.97

    def banded(people):
        return people.assign(
            birth_date=dates()(people["birth_date"], 4), postcode=prefixes(5)(people["postcode"], 1)
        )

    after = linkage_attack(
        banded(club), banded(TOWN.register), on=QUASI, record="member_id", truth=WHO.club
    )
    assert after["correct"].sum() == 0
    assert after["candidates"].min() > 100


def test_a_register_that_lacks_people_makes_false_claims():
    town, who = simulate_people(20_000, listed=0.6, seed=5)
    told = [f.assign(birth_date=dates()(f["birth_date"], 1)) for f in (town.club, town.register)]
    claims = linkage_attack(*told, on=QUASI, record="member_id", truth=who.club)
    wrong = claims["claim"].notna() & ~claims["correct"]
    assert wrong.sum() > 100


@pytest.mark.curriculum("S55")
def test_merging_two_files_re_identifies_more_and_each_rate_is_the_truth():
    def told(file):
        born = file["birth_date"].dt
        return file.assign(birthday=born.strftime("%m-%d"), birth_year=born.year)

    key, register = b"one key for both", told(TOWN.register)
    shop, club = (
        pseudonymise(told(file), "phone", key=key)[["phone", *columns]]
        for file, columns in (
            (TOWN.shop, ["customer_id", "birthday"]),
            (TOWN.club, ["member_id", "birth_year", "sex", "postcode"]),
        )
    )
    merged = shop.merge(club, on="phone")
    assert len(merged) == 3_000
    rates = []
    for file, on in (
        (club, ["birth_year", "sex", "postcode"]),
        (merged, ["birthday", "birth_year", "sex", "postcode"]),
    ):
        claims = linkage_attack(file, register, on=on, record="member_id", truth=WHO.club)
        size = register.groupby(on)["person_id"].transform("size")
        alone = register.loc[size == 1, "person_id"]
        here = WHO.club.loc[WHO.club["member_id"].isin(file["member_id"]), "person_id"]
        rates.append(claims["correct"].mean())
        assert rates[-1] == here.isin(alone).mean()
    before, after = rates
    assert after > before
    assert (before, after > 0.97) == (0, True)


def test_the_planted_group_is_learned_whole_and_rightly():
    club = TOWN.club.assign(birth_date=dates()(TOWN.club["birth_date"], 5))
    known = club.assign(person_id=WHO.club["person_id"])
    on = ["birth_date", "postcode"]
    learned = homogeneity_attack(club, known, on=on, sensitive="medical_note")
    sure = learned["learned"].notna().to_numpy()
    assert sure[WHO.club["planted"]].all()
    assert (learned["learned"][sure] == TOWN.club["medical_note"][sure]).all()


def test_a_plain_hash_of_phones_is_read_back_whole_with_or_without_a_known_salt():
    phones = TOWN.shop["phone"]
    for salt in ("", "hehua"):
        found = dictionary_attack(plain_hash(phones, salt=salt), reserved_phones(), salt=salt)
        assert (found["guess"].to_numpy() == phones.to_numpy()).all()
    wrong = dictionary_attack(plain_hash(phones, salt="hehua"), reserved_phones())
    assert wrong["guess"].isna().all()


def test_a_keyed_pseudonym_of_phones_is_not_read_back():
    phones = TOWN.shop[["phone"]]
    tokens = pseudonymise(phones, "phone", key=b"the key nobody knows")["phone"]
    assert dictionary_attack(tokens, reserved_phones())["guess"].isna().all()
    guess = pseudonymise(reserved_phones().to_frame(), "phone", key=b"a key made up by one")
    assert not tokens.isin(guess["phone"]).any()


# for any data

values = st.integers(0, 3)


@given(
    st.lists(st.tuples(values, values), min_size=1), st.lists(st.tuples(values, values), min_size=1)
)
def test_candidates_are_those_who_look_alike_in_any_order(released, listed):
    release = pd.DataFrame(released, columns=["a", "b"]).assign(record=range(len(released)))
    known = pd.DataFrame(listed, columns=["a", "b"]).assign(person_id=range(len(listed)))
    before = release.copy()
    claims = linkage_attack(release, known, on=["a", "b"], record="record")
    assert claims["candidates"].tolist() == [listed.count(row) for row in released]
    shuffled = linkage_attack(release, known.iloc[::-1], on=["a", "b"], record="record")
    pd.testing.assert_frame_equal(claims, shuffled)
    pd.testing.assert_frame_equal(release, before)


# when misused


def test_a_record_or_person_that_stands_twice_is_refused():
    with pytest.raises(BadRowsError, match=r"\[1\] stand more than once in record"):
        linkage_attack(RELEASE.assign(record=1), KNOWN, on=["sex"], record="record")
    with pytest.raises(BadRowsError, match="more than once in person_id"):
        linkage_attack(RELEASE, KNOWN.assign(person_id=1), on=["sex"], record="record")
    with pytest.raises(BadRowsError, match="more than once in person_id"):
        homogeneity_attack(RELEASE, KNOWN.assign(person_id=1), on=["sex"], sensitive="record")
    twice = pd.concat([TRUTH, TRUTH])
    with pytest.raises(BadRowsError, match="more than once in record"):
        linkage_attack(RELEASE, KNOWN, on=["sex"], record="record", truth=twice)


def test_says_which_column_is_missing():
    with pytest.raises(MissingColumnsError, match=r"missing \['born'\]"):
        linkage_attack(RELEASE, KNOWN, on=["born"], record="record")
    with pytest.raises(MissingColumnsError, match=r"missing \['born'\]"):
        linkage_attack(RELEASE.assign(born=1), KNOWN, on=["born"], record="record")
    with pytest.raises(MissingColumnsError, match=r"missing \['note'\]"):
        homogeneity_attack(RELEASE, KNOWN, on=["sex"], sensitive="note")


def test_refuses_missing_values_and_nothing_to_try():
    with pytest.raises(BadRowsError, match="have no values"):
        plain_hash(pd.Series(["a", None]))
    with pytest.raises(BadRowsError, match="have no tokens"):
        dictionary_attack(pd.Series([None]), pd.Series(["a"]))
    with pytest.raises(OutOfRangeError, match="number of tokens"):
        dictionary_attack(pd.Series([], dtype="str"), pd.Series(["a"]))
    with pytest.raises(OutOfRangeError, match="number of candidates"):
        dictionary_attack(pd.Series(["a"]), pd.Series([], dtype="str"))
