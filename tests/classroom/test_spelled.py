"""Numbers in quotes: what people type, and what nobody can be sure of."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crmlab.classroom.plain import plain
from crmlab.classroom.spelled import is_share, number_in, read_numbers

# by hand


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("50%", 0.5),
        ("50 %", 0.5),
        ("50％", 0.5),
        ("百分之50", 0.5),
        ("3成", 0.3),
        ("12,5%", 0.125),
        ("55.3%", 0.553),
        ("1,200", 1200),
        ("1，200", 1200),
        ("1,234,567.8", 1_234_567.8),
        ("0,125", 0.125),
        ("12,5", 12.5),
        ("¥300", 300),
        ("￥ 300", 300),
        ("300元", 300),
        ("$1,200.50", 1200.5),
        ("CNY 300", 300),
        ("3万", 30_000),
        ("1.2亿元", 120_000_000),
        ("１２．５", 12.5),
        ("−3", -3),
        ("+3", 3),
        (".5", 0.5),
        ("5.", 5),
        ("1e3", 1000),
    ],
)
def test_these_are_numbers(text, number):
    assert number_in(text) == number


@pytest.mark.parametrize(
    "text",
    [
        " ",
        "about 30",
        "30 people",
        "1,2345",
        "1,20,000",
        "0-5",
        "1.2.3",
        "%",
        "nan",
        "inf",
        "--3",
        "2024-05-01",
        "+1-678-555-0111",
        "50%%",
        "Ⅳ",
        "1_000",
        "½",
    ],
)
def test_these_are_not(text):
    assert number_in(text) is None


def test_a_percent_is_known_as_one():
    shares = ["50%", "５０％", "百分之50", "3成"]
    assert all(map(is_share, shares))
    assert not any(map(is_share, ["0.5", "half%", "3万"]))


def test_texts_within_a_list_are_read_too():
    assert read_numbers(plain(["50%", "gold", 3])) == plain([0.5, "gold", 3])
    assert read_numbers(plain("gold")) == plain("gold")
    assert read_numbers(plain("¥12.5")) == plain(12.5)


# for any data


@given(st.decimals(min_value=0, max_value=10**9, places=2))
def test_what_is_written_with_commas_and_a_sign_is_read_again(number):
    assert number_in(f"¥{number:,.2f}") == float(number)
    assert number_in(f"{number:.2f}%") == pytest.approx(float(number) / 100)


@given(st.text(max_size=20))
def test_any_text_has_an_answer(text):
    number_in(text)
    is_share(text)
