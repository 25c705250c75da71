"""pseudonymise and Vault: names taken away, and kept where analysts are not."""

import hmac
import json
import os
import sys
from base64 import b32encode

import numpy as np
import pandas as pd
import pytest

from crmlab.errors import (
    AmbiguousError,
    BadRowsError,
    MissingColumnsError,
    NotAllowedError,
    OutOfRangeError,
    UnreadableFileError,
)
from crmlab.privacy import Vault, pseudonymise, simulate_people

KEY = b"a key of 16 byte"
PEOPLE = pd.DataFrame(
    {
        "customer_id": [7, 8, 9],
        "name": ["王芳", "李军", "张敏"],
        "phone": ["+1-200-555-0100", "+1-200-555-0101", "+1-200-555-0102"],
        "spend": [90.0, 40.0, 10.0],
    }
)
IDENTITIES = PEOPLE[["customer_id", "name", "phone"]]


@pytest.fixture
def vault():
    return Vault(IDENTITIES, id="customer_id")


# by hand


def test_a_token_is_the_first_80_bits_of_the_keyed_digest():
    digest = hmac.new(KEY, b"7", "sha256").digest()
    token = pseudonymise(PEOPLE, "customer_id", key=KEY)["customer_id"][0]
    assert token == b32encode(digest[:10]).decode()
    assert len(token) == 16


@pytest.mark.curriculum("S52")
def test_the_same_key_gives_the_same_token_and_another_key_none_in_common():
    one = pseudonymise(PEOPLE, ["customer_id"], key=KEY)
    again = pseudonymise(PEOPLE.iloc[::-1], ["customer_id"], key=KEY).iloc[::-1]
    pd.testing.assert_frame_equal(one, again)
    other = pseudonymise(PEOPLE, ["customer_id"], key=b"another 16 bytes")
    assert not one["customer_id"].isin(other["customer_id"]).any()
    assert PEOPLE["customer_id"].tolist() == [7, 8, 9]


@pytest.mark.curriculum("S52")
def test_no_raw_identifier_stands_in_an_analysis_table():
    shop = simulate_people(500, seed=5).data.shop
    identities = shop[["customer_id", "name", "phone", "email"]]
    table = Vault(identities, id="customer_id").release(shop, purpose="positioning")
    assert not {*identities.columns} & {*table.columns}
    raw = {*map(str, identities.to_numpy().ravel())} - {*map(str, shop["household"])}
    for column in ("token", "sex", "postcode"):
        assert not raw & {*table[column]}
    assert table["token"].is_unique


def test_numbers_and_their_text_are_the_same_person():
    words = PEOPLE.assign(customer_id=["7", "8", "9"])
    one, other = (pseudonymise(f, "customer_id", key=KEY) for f in (PEOPLE, words))
    assert one["customer_id"].tolist() == other["customer_id"].tolist()


@pytest.mark.parametrize(
    "spelled", [[7.0, 8.0, 9.0], ["７", " 8", "9\u200b"], ["7.0", "8.00", "\ufeff9"]]
)
def test_spellings_that_a_reader_cannot_tell_apart_are_one_person(spelled, vault):
    other = PEOPLE.assign(customer_id=spelled)
    one, two = (pseudonymise(f, "customer_id", key=KEY) for f in (PEOPLE, other))
    assert one["customer_id"].tolist() == two["customer_id"].tolist()
    if isinstance(spelled[0], float):
        released = [vault.release(f, purpose="evaluation")["token"] for f in (PEOPLE, other)]
        assert released[0].tolist() == released[1].tolist()


def test_marks_and_decimals_that_can_be_seen_stay_different():
    words = pd.DataFrame({"id": ["7", "-7", "7.5", "07", "7 8"]})
    assert pseudonymise(words, "id", key=KEY)["id"].is_unique


def test_identities_under_another_name_are_left_out_by_their_values(vault):
    names = IDENTITIES["name"].str.cat([" ", "", ""])
    found = vault.release(PEOPLE.assign(recipient=names), purpose="evaluation")
    assert [*found.columns] == ["token", "spend"]


def test_what_many_share_and_numbers_that_agree_by_chance_stay():
    town = pd.DataFrame({"customer_id": [1, 2, 3, 4], "city": ["Wuhan", "Wuhan", "Xian", "Xian"]})
    frame = town[["customer_id"]].assign(place=town["city"], purchases=[1, 9, 9, 9])
    found = Vault(town, id="customer_id").release(frame, purpose="evaluation")
    assert [*found.columns] == ["token", "place", "purchases"]


def test_a_note_that_names_its_person_is_refused_with_its_rows(vault):
    note = PEOPLE.assign(note=["paid", f"call {IDENTITIES['name'].iloc[1]} back", "paid"])
    with pytest.raises(NotAllowedError, match=r"1 row\(s\) of 'note' hold .* own name: \[1\]"):
        vault.release(note, purpose="evaluation")
    assert len(vault.release(note.drop(columns=["note"]), purpose="evaluation")) == 3


def test_the_vault_finds_the_person_again_in_the_order_asked(vault):
    table = vault.release(PEOPLE, purpose="evaluation")
    assert [*table.columns] == ["token", "spend"]
    who = vault.who(table["token"].iloc[::-1], purpose="evaluation")
    assert who["name"].tolist() == ["张敏", "李军", "王芳"]


def test_a_customer_with_two_rows_keeps_one_token(vault):
    twice = pd.concat([PEOPLE, PEOPLE], ignore_index=True)[["customer_id", "spend"]]
    assert vault.release(twice, purpose="evaluation")["token"].nunique() == 3


def test_two_purposes_cannot_be_joined(vault):
    one, other = (vault.release(PEOPLE, purpose=p)["token"] for p in ("positioning", "evaluation"))
    assert not one.isin(other).any()
    with pytest.raises(NotAllowedError, match=r"3 token.* not made for 'evaluation'"):
        vault.who(one, purpose="evaluation")


def test_after_a_rotation_old_tokens_name_nobody_and_own_tables_can_be_carried_over(vault):
    before = vault.release(PEOPLE, purpose="evaluation")
    kept = vault.release(PEOPLE, purpose="positioning")
    moved = vault.rotate("evaluation").set_index("old")["new"]
    with pytest.raises(NotAllowedError, match="from before a rotation"):
        vault.who(before["token"], purpose="evaluation")
    carried = before["token"].map(moved)
    assert vault.who(carried, purpose="evaluation")["name"].tolist() == [*PEOPLE["name"]]
    assert vault.who(kept["token"], purpose="positioning")["name"].tolist() == [*PEOPLE["name"]]


def test_keys_come_from_where_they_are_told_to_and_never_show():
    made = [
        Vault(IDENTITIES, id="customer_id", random_bytes=np.random.default_rng(5).bytes)
        for _ in range(2)
    ]
    one, other = (vault.release(PEOPLE, purpose="evaluation") for vault in made)
    pd.testing.assert_frame_equal(one, other)
    secret = Vault(IDENTITIES, id="customer_id").release(PEOPLE, purpose="evaluation")
    assert not secret["token"].isin(one["token"]).any()
    assert repr(made[0]) == "Vault(3 people; purposes: evaluation (key 1))"
    assert repr(Vault(IDENTITIES, id="customer_id")) == "Vault(3 people; purposes: none)"


# kept apart


def test_keys_and_identities_are_saved_apart_and_opened_again(vault, tmp_path):
    table = vault.release(PEOPLE, purpose="evaluation")
    places = {"keys": tmp_path / "safe" / "keys.json", "identities": tmp_path / "who.parquet"}
    places["keys"].parent.mkdir()
    vault.save(**places)
    names = places["keys"].read_text(encoding="utf-8")
    assert "王芳" not in names
    assert [*json.loads(names)["keys"]] == ["evaluation"]
    assert [*pd.read_parquet(places["identities"]).columns] == ["customer_id", "name", "phone"]
    opened = Vault.open(**places)
    assert opened.who(table["token"], purpose="evaluation")["name"].tolist() == [*PEOPLE["name"]]
    assert not [*tmp_path.rglob("*.part")]


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such rights")
def test_only_the_owner_may_read_them(vault, tmp_path):
    (tmp_path / "safe").mkdir()
    vault.save(keys=tmp_path / "safe" / "k", identities=tmp_path / "i")
    for path in (tmp_path / "safe" / "k", tmp_path / "i"):
        assert os.stat(path).st_mode & 0o077 == 0


def test_one_folder_for_both_is_refused_and_nothing_is_written(vault, tmp_path):
    with pytest.raises(NotAllowedError, match="different folders"):
        vault.save(keys=tmp_path / "keys.json", identities=tmp_path / "who.parquet")
    assert not [*tmp_path.iterdir()]


# when misused


def test_refuses_short_keys_fractions_and_people_without_number():
    with pytest.raises(OutOfRangeError, match="16 bytes or more"):
        pseudonymise(PEOPLE, "customer_id", key=b"short")
    with pytest.raises(OutOfRangeError, match="spend holds fractions"):
        pseudonymise(PEOPLE.assign(spend=PEOPLE["spend"] + 0.5), "spend", key=KEY)
    with pytest.raises(OutOfRangeError, match="too large for a float"):
        pseudonymise(PEOPLE.assign(customer_id=[2.0**53, 8.0, 9.0]), "customer_id", key=KEY)
    with pytest.raises(BadRowsError, match="have no phone"):
        pseudonymise(PEOPLE.assign(phone=None), "phone", key=KEY)
    with pytest.raises(MissingColumnsError, match="email"):
        pseudonymise(PEOPLE, "email", key=KEY)


def test_refuses_people_twice_or_unknown(vault):
    with pytest.raises(BadRowsError, match=r"\[7\] stand more than once in customer_id"):
        Vault(IDENTITIES.assign(customer_id=7).head(2), id="customer_id")
    with pytest.raises(BadRowsError, match=r"1 row\(s\) are of people .*\[5\]"):
        vault.release(PEOPLE.replace({"customer_id": {7: 5}}), purpose="evaluation")
    with pytest.raises(MissingColumnsError, match="id=…"):
        Vault(IDENTITIES, id="member_id")


def test_refuses_a_purpose_for_which_nothing_was_released(vault):
    with pytest.raises(NotAllowedError, match="nothing was released for 'resale'"):
        vault.who(pd.Series(["A"]), purpose="resale")


def test_refuses_a_frame_that_has_tokens_already(vault):
    with pytest.raises(AmbiguousError, match="has a column 'token' already"):
        vault.release(PEOPLE.assign(token="A"), purpose="evaluation")


@pytest.mark.parametrize(
    "keys", ["", "[]", '{"keys": {}}', '{"id": "customer_id", "keys": {"a": [7]}}']
)
def test_refuses_files_that_no_vault_wrote(keys, vault, tmp_path):
    (tmp_path / "safe").mkdir()
    places = {"keys": tmp_path / "safe" / "k", "identities": tmp_path / "i"}
    with pytest.raises(UnreadableFileError, match="not the two files of one vault"):
        Vault.open(**places)
    vault.save(**places)
    places["keys"].write_text(keys, encoding="utf-8")
    with pytest.raises(UnreadableFileError, match="not the two files of one vault"):
        Vault.open(**places)
