"""Who bought: one customer under several spellings, and ids that are nobody."""

import io

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from crmlab._placeholders import NOBODY, folded, is_no_email, is_nobody
from crmlab.data import read_purchases
from crmlab.errors import BadRowsError, CrmlabError


def read(customers, **said):
    frame = pd.DataFrame(
        {"customer_id": customers, "date": "2024-03-05", "amount": range(1, len(customers) + 1)}
    )
    return read_purchases(frame, **said)


def customers_of(reading):
    return [*dict.fromkeys(reading.purchases["customer_id"].tolist())]


def guesses_of(reading):
    return "\n".join(map(str, reading.report.guesses))


# one customer under several spellings


@pytest.mark.parametrize(
    "spelled",
    [
        '="1001"', "'1001", "`1001", '=T("1001")', "’1001", "\u200b1001", "\u200e1001",
        "1001\ufeff", "\u202a1001\u202c", "10\u200b01", "1001\u00a0", "\t1001",
        "'=\"1001\"", "1001\u2069", '"1001"', "“1001”",
    ],
)  # fmt: skip
def test_what_a_person_cannot_see_makes_no_second_customer(spelled):
    reading = read([spelled, "1001", "1002"])
    assert customers_of(reading) == [1001, 1002]


def test_marks_that_were_taken_off_are_counted_without_showing_an_id():
    assert "customer ids: marks taken off (2 had" in guesses_of(read(['="7"', "\u200b8", "7"]))


def test_a_text_formula_in_a_file_of_text_is_read_in_every_column():
    text = '会员号,日期,金额\n="00123",="2024-03-05",="12.50"\n"=""00124""",`2024-03-06,`-3\n'
    purchases, _ = read_purchases(io.StringIO(text))
    assert purchases["customer_id"].tolist() == ["00123", "00124"]
    assert purchases["amount"].tolist() == [12.5, -3]


def test_accents_written_as_two_marks_and_doubled_blanks_are_one_customer():
    assert customers_of(read(["Jose\u0301 A", "José  A", "José\u00a0A"])) == ["José A"]


def test_a_float_beside_text_ids_is_the_whole_number():
    reading = read(["1001.0", "1001", "A12"])
    assert customers_of(reading) == ["1001", "A12"]
    assert "customer ids: 1001.0 as 1001 (1 written with .0" in guesses_of(reading)
    assert customers_of(read(["1.0", "1.1", "A"])) == ["1.0", "1.1", "A"]
    text = "order_id,user,date,sales\n501.0,1,2024-03-05,1\n501,1,2024-03-05,2\nC5,2,2024-03-05,4"
    assert read_purchases(io.StringIO(text)).purchases["amount"].tolist() == [3, 4]


def test_ids_that_differ_in_case_only_are_told_and_kept_apart():
    reading = read(["Ann@ex.org", "ann@ex.org", "ANN@EX.ORG "])
    assert len(customers_of(reading)) == 3
    assert "kept apart by case (2 differ from another in capital letters" in guesses_of(reading)
    assert "case" not in guesses_of(read(["Ann", "Bob", "C1"]))


def test_an_apostrophe_that_belongs_to_a_name_stays():
    assert customers_of(read(["'t Hart", "O'Neil"])) == ["'t Hart", "O'Neil"]


@given(st.lists(st.text("ab1.0='\u200b`\" \ufeffＡ", max_size=6), min_size=1, max_size=8))
def test_reading_what_was_read_changes_nothing(spellings):
    first = read(["x9", *spellings], no_customer="drop", nobody=[])
    again = read(first.purchases["customer_id"].tolist(), nobody=[])
    assert again.report.customers <= first.report.customers
    assert first.report.customers <= len({*spellings}) + 1


# nobody


@pytest.mark.parametrize(
    "word", ["Guest", "Walk-in", "walk in CUSTOMER", "散客", "匿名用户", "遊客"]
)
def test_a_word_for_nobody_is_no_customer(word):
    reading = read([word, "1001", word.lower(), "1002"])
    assert customers_of(reading) == [1001, 1002]
    fault = reading.report.fault("no customer")
    assert (fault.treatment, fault.rows.tolist(), fault.amount) == ("dropped", [0, 2], 4)
    assert fault.samples[0] == f"{word} on 2024-03-05: 1.00"
    assert f"nobody: {word}" in guesses_of(reading)


@pytest.mark.parametrize(
    ("address", "reaches"),
    [("noemail@shop.com", False), ("guest@shop.com", False), ("No-Email@x.org", False),
     ("a@localhost", False), ("1234567@qq.com", False), ("ann@email.com", True),
     ("1238847712@qq.com", True), ("guesterman@shop.com", True), ("nora@shop.com", True)],
)  # fmt: skip
def test_an_address_that_reaches_nobody_is_no_customer(address, reaches):
    reading = read([address, "ann@ex.org"])
    assert {*customers_of(reading)} == {"ann@ex.org", *([address] if reaches else [])}
    assert is_no_email(address) is not reaches


def test_commas_in_ids_stay_where_they_are_no_numbers():
    assert customers_of(read(["1,001", "A12"])) == ["1,001", "A12"]
    assert customers_of(read(["1,001", "999", "1001"])) == [1001, 999]
    assert customers_of(read(["1,001", "0999"])) == ["1,001", "0999"]


@pytest.mark.parametrize("code", ["0", "-1", "9999", "00000", "C-000"])
def test_a_number_far_above_what_one_customer_buys_is_no_customer(code):
    others = [f"{1000 + n}" for n in range(20)]
    reading = read([code] * 40 + others)
    assert len(customers_of(reading)) == 20
    assert reading.report.fault("no customer").count == 40


def test_an_id_far_above_all_others_is_told_in_a_small_file_too():
    reading = read(["B7"] * 30 + [f"A{n}" for n in range(30)])
    assert "customer ids: one is suspect (50% of the rows, 30 times" in guesses_of(reading)


def test_a_number_that_may_be_somebody_is_kept_and_told():
    reading = read([0, 0, 0, 1001, 1002])
    assert customers_of(reading) == [0, 1001, 1002]
    assert "customer ids: 0 is suspect" in guesses_of(reading)
    assert reading.report.fault("no customer") is None


def test_a_zero_among_ids_that_count_from_zero_is_a_customer_like_any_other():
    reading = read([0, 1, 2, 0, 1, 2])
    assert customers_of(reading) == [0, 1, 2]
    assert "nobody" not in guesses_of(reading)


def test_an_ordinary_id_far_above_all_others_is_told_without_showing_it():
    reading = read([7] * 500 + [*range(1000, 1500)])
    assert "customer ids: one is suspect (50% of the rows, 500 times" in guesses_of(reading)
    assert reading.report.customers == 501


def test_a_caller_says_who_is_nobody():
    assert customers_of(read(["Guest", "1001"], nobody=[])) == ["Guest", "1001"]
    assert customers_of(read(["Guest", "1001", "C9"], nobody=["C9"])) == ["Guest", "1001"]
    assert customers_of(read([7, 7, 8], nobody=[7])) == [8]
    assert customers_of(read([7, 8], nobody=["Guest", 2**70])) == [7, 8]
    with pytest.raises(BadRowsError, match="Guest on 2024-03-05"):
        read(["Guest", "1001"], no_customer="refuse")
    with pytest.raises(CrmlabError, match="nobody must be a list, such as"):
        read(["1001"], nobody="Guest")


@given(st.sampled_from(sorted(NOBODY)), st.sampled_from([str.upper, str.title, str.casefold]))
def test_every_word_of_the_list_is_known_in_any_spelling(word, spelled):
    assert is_nobody(spelled(word.replace("_", " ")))
    assert folded(word) in NOBODY
