"""One record per person with its sources, what changed, and what is old."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crmlab.collection.simulate import simulate_records
from crmlab.company import load_company
from crmlab.errors import (
    BadRowsError,
    MissingColumnsError,
    OutOfRangeError,
    UnknownNameError,
    WrongTypeError,
)
from crmlab.identity import (
    detect_changes,
    fits,
    golden_quality,
    golden_records,
    longest,
    match_records,
    most_frequent,
    most_recent,
    stale_fields,
    trusted,
)

RECORDS = pd.DataFrame(
    {
        "record_id": [1, 2, 3, 4],
        "system": ["till", "web shop", "service desk", "till"],
        "name": ["李娜", "Na Li", "李娜娜", "王伟"],
        "phone": ["138 0013 8000", "+86 13800138000", "13900139000", None],
        "birth_date": ["1990年1月2日", "1990-01-0k", None, "1985/5/5"],
        "updated_on": pd.to_datetime(["2023-01-01", "2023-06-01", "2024-01-01", "2024-02-01"]),
    }
)
PEOPLE = pd.DataFrame({"record_id": [1, 2, 3, 4], "person_id": [1, 1, 1, 2]})


def chosen(field, *rules):
    golden = golden_records(RECORDS, PEOPLE, rules={field: rules})
    return golden.set_index("person_id").loc[1]


# golden_records, by hand


@pytest.mark.parametrize(
    ("rules", "value", "record"),
    [
        ([most_recent], "13900139000", 3),
        ([most_frequent], "+86 13800138000", 2),
        ([most_frequent, longest], "+86 13800138000", 2),
        ([trusted("till", "web shop")], "138 0013 8000", 1),
        ([trusted("fax")], "13900139000", 3),
        ([], "13900139000", 3),
        ([lambda values: -values["record_id"]], "138 0013 8000", 1),
    ],
)
def test_each_rule_picks_its_value_and_the_later_one_breaks_a_draw(rules, value, record):
    row = chosen("phone", *rules)
    assert (row["value"], row["record_id"]) == (value, record)


def test_a_golden_value_knows_its_source_its_rules_and_its_rivals():
    row = chosen("phone", most_frequent, trusted("till"))
    assert row["system"] == "till"
    assert row["updated_on"] == pd.Timestamp("2023-01-01")
    assert row["rule"] == "most_frequent, trusted: till"
    assert (row["records"], row["values"], row["others"]) == (3, 2, "13900139000")


def test_names_that_sound_alike_are_no_conflict():
    row = chosen("name", most_frequent, longest)
    assert (row["value"], row["values"], row["others"]) == ("Na Li", 2, "李娜娜")


def test_what_is_no_date_loses_against_one_that_is():
    row = chosen("birth_date", fits(r"\d{4}-\d{2}-\d{2}"), most_recent)
    assert (row["value"], row["others"]) == ("1990年1月2日", "1990-01-0k")


def test_what_no_record_has_has_no_row_and_a_person_of_one_record_keeps_it():
    golden = golden_records(RECORDS, PEOPLE, rules={"name": [], "phone": []})
    assert golden[["person_id", "field"]].to_numpy().tolist() == [
        [1, "name"], [1, "phone"], [2, "name"],
    ]  # fmt: skip
    assert pd.isna(golden.loc[2, "others"])
    wide = golden.pivot(index="person_id", columns="field", values="value")
    assert wide.loc[2].isna().tolist() == [False, True]


# golden_records, against the truth


def test_golden_records_of_hehua_are_truer_and_fuller_than_the_records():
    firm, truth = load_company()
    people = match_records(firm.records).people
    golden = golden_records(firm.records, people)
    homes = firm.households[["household_id", "address_id"]].merge(firm.addresses)
    customers = firm.people.merge(homes[["household_id", "line"]])
    customers = customers.rename(columns={"line": "address"})
    quality = golden_quality(golden, firm.records, truth.records, customers)
    assert quality["field"].tolist() == ["name", "phone", "email", "birth_date", "address"]
    assert (quality["after"] > quality["before"]).all()
    assert (quality["filled_after"] > quality["filled_before"]).all()


def test_quality_counts_true_values_by_hand():
    truth = pd.DataFrame({"record_id": [1, 2, 3, 4], "customer_id": [7, 7, 7, 8]})
    customers = pd.DataFrame({"customer_id": [7, 8], "name": ["Li Na", "王维"]})
    golden = golden_records(RECORDS, PEOPLE, rules={"name": [most_frequent]})
    row = golden_quality(golden, RECORDS, truth, customers).loc[0]
    # 李娜, Na Li and 王伟 (which sounds like 王维) are true; 李娜娜 is not.
    assert row.tolist() == ["name", 0.75, 1.0, 1.0, 1.0]


# golden_records, for any data


def test_the_order_of_rows_does_not_matter_and_the_input_is_untouched():
    records, truth = simulate_records(60, seed=1)
    people = truth.rename(columns={"customer_id": "person_id"})[["record_id", "person_id"]]
    before = records.copy()
    golden = golden_records(records, people)
    mixed = golden_records(
        records.sample(frac=1, random_state=1), people.sample(frac=1, random_state=2)
    )
    pd.testing.assert_frame_equal(golden, mixed)
    pd.testing.assert_frame_equal(records, before)
    assert not golden.duplicated(["person_id", "field"]).any()


# golden_records, when misused


def test_refuses_records_without_a_person_unknown_fields_and_no_systems():
    for records, people in [(RECORDS, PEOPLE.head(3)), (RECORDS.head(3), PEOPLE)]:
        with pytest.raises(BadRowsError, match=r"1 record\(s\) are not among the others: \[4\]"):
            golden_records(records, people, rules={"name": []})
    with pytest.raises(BadRowsError, match=r"1 row.* have no person_id"):
        golden_records(RECORDS, PEOPLE.assign(person_id=[1, 1, 1, None]), rules={"name": []})
    with pytest.raises(UnknownNameError, match="no kind for the field 'system'"):
        golden_records(RECORDS, PEOPLE, rules={"system": [most_recent]})


@pytest.mark.parametrize(
    "said",
    [
        lambda values: None,
        lambda values: values["value"],
        lambda values: values["record_id"].head(1),
        lambda values: values["record_id"].reset_index(drop=True) + 0.5,
        lambda values: values["updated_on"].rank() * np.nan,
    ],
)
def test_a_rule_that_ranks_nothing_is_refused_in_words(said):
    said.__name__ = "mine"
    apart = RECORDS.set_axis([7, 8, 9, 10])
    with pytest.raises(WrongTypeError, match="mine must return a Series with a number for each"):
        golden_records(apart, PEOPLE, rules={"name": [said]})
    with pytest.raises(MissingColumnsError, match="email"):
        golden_records(RECORDS, PEOPLE)
    with pytest.raises(OutOfRangeError, match="name the systems that are trusted"):
        trusted()


# detect_changes, by hand

BEFORE = pd.DataFrame(
    {"customer_id": [1, 2, 3], "phone": ["138 0013 8000", None, "5"], "spend": [1.0, 2.0, 3.0]}
)
AFTER = pd.DataFrame(
    {"customer_id": [4, 2, 1], "phone": ["7", "6", "13800138000"], "spend": [9.0, 2.5, 1.0]}
)


def test_new_gone_and_changed_values_are_listed_and_another_spelling_is_no_change():
    table = detect_changes(BEFORE, AFTER, kinds={"phone": "phone"})
    assert table.astype(object).where(table.notna(), None).to_numpy().tolist() == [
        [2, "phone", None, "6", "new"],
        [2, "spend", 2.0, 2.5, "changed"],
        [3, "phone", "5", None, "gone"],
        [3, "spend", 3.0, None, "gone"],
        [4, "phone", None, "7", "new"],
        [4, "spend", None, 9.0, "new"],
    ]


def test_without_a_kind_every_letter_counts():
    table = detect_changes(BEFORE, AFTER, fields=["phone"])
    assert table.loc[0].tolist() == [1, "phone", "138 0013 8000", "13800138000", "changed"]


def test_a_table_compared_with_itself_has_no_changes():
    table = detect_changes(BEFORE, BEFORE)
    assert len(table) == 0
    assert [*table.columns] == ["customer_id", "field", "before", "after", "kind"]
    assert len(detect_changes(BEFORE[["customer_id"]], AFTER[["customer_id"]])) == 0


# detect_changes, for any data

states = st.dictionaries(st.integers(1, 4), st.sampled_from(["a", "b", None]), max_size=4)


@settings(max_examples=25)
@given(states, states, st.integers(0, 9))
def test_the_changes_turn_the_one_state_into_the_other(one, other, seed):
    old, new = (
        pd.DataFrame({"key": [*state], "x": [*state.values()]}).astype({"key": "int64", "x": "str"})
        for state in (one, other)
    )
    table = detect_changes(old, new, key="key")
    said = {key: value for key, value in one.items() if value is not None}
    for row in table.itertuples():
        assert said.get(row.key) == (None if row.kind == "new" else row.before)
        said[row.key] = None if row.kind == "gone" else row.after
    assert {key: value for key, value in said.items() if value is not None} == {
        key: value for key, value in other.items() if value is not None
    }
    mixed = detect_changes(old.sample(frac=1, random_state=seed), new, key="key")
    pd.testing.assert_frame_equal(mixed, table)


# detect_changes, when misused


def test_refuses_keys_that_stand_twice_and_kinds_of_nothing():
    with pytest.raises(BadRowsError, match=r"\[1\] stand more than once in customer_id"):
        detect_changes(BEFORE.assign(customer_id=[1, 1, 2]), AFTER)
    with pytest.raises(UnknownNameError, match="no field to compare 'fax'"):
        detect_changes(BEFORE, AFTER, kinds={"fax": "phone"})
    with pytest.raises(UnknownNameError, match="no kind of field 'colour'"):
        detect_changes(BEFORE, AFTER, kinds={"phone": "colour"})
    with pytest.raises(MissingColumnsError, match="fax"):
        detect_changes(BEFORE, AFTER, fields=["fax"])


# stale_fields

GOLDEN = golden_records(RECORDS, PEOPLE, rules={"name": [most_recent], "phone": [most_recent]})


def test_values_older_than_their_limit_are_stale_oldest_first():
    table = stale_fields(GOLDEN, older_than_days=0, as_of="2024-02-01")
    assert table[["person_id", "field", "age_days"]].to_numpy().tolist() == [
        [1, "name", 31], [1, "phone", 31],
    ]  # fmt: skip
    assert len(stale_fields(GOLDEN, older_than_days=31, as_of="2024-02-01")) == 0


def test_each_field_may_have_its_own_limit_and_others_none():
    table = stale_fields(GOLDEN, older_than_days={"phone": 30}, as_of="2024-02-01")
    assert table["field"].tolist() == ["phone"]


def test_refuses_limits_below_0_unknown_fields_and_values_of_the_future():
    with pytest.raises(OutOfRangeError, match="older_than_days of phone must be 0 or more"):
        stale_fields(GOLDEN, older_than_days={"phone": -1}, as_of="2024-02-01")
    with pytest.raises(UnknownNameError, match="no field in golden 'fax'"):
        stale_fields(GOLDEN, older_than_days={"fax": 1}, as_of="2024-02-01")
    with pytest.raises(OutOfRangeError, match=r"1 value\(s\) were changed after 2024-01-31"):
        stale_fields(GOLDEN, older_than_days=1, as_of="2024-01-31")
