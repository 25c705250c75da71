"""Amounts in a column: by hand, for any data, and when misused."""

from decimal import Decimal

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from crmlab._cells import arrow_of
from crmlab.data._amounts import amounts
from crmlab.errors import AmbiguousError


def read(cells, *, decimal=None, semicolons=False):
    parsed, guesses = amounts(arrow_of(cells), decimal=decimal, semicolons=semicolons)
    return parsed, [*map(str, guesses)]


# by hand


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("12", 12), ("12.5", 12.5), ("12.", 12), (".5", 0.5), ("-12.50", -12.5), ("+12.50", 12.5),
        ("12.50-", -12.5), ("(12.50)", -12.5), ("（12.50）", -12.5), ("−12.50", -12.5),
        ("- 12.50", -12.5), ("1,234.50", 1234.5), ("1,234,567", 1234567), ("1 234.50", 1234.5),
        ("1\u00a0234.50", 1234.5), ("1'234.50", 1234.5), ("12,34,567.00", 1234567),
        ("¥1,200.50", 1200.5), ("￥1200", 1200), ("1200元", 1200), ("CNY 1200", 1200),
        ("rmb1200", 1200), ("人民币1200元", 1200), ("$-5.00", -5), ("-$5.00", -5), ("($5.00)", -5),
        ("US$5", 5), ("USD 5.00", 5), ("5.00 usd", 5), ("€5", 5), ("5 EUR", 5), ("£5", 5),
        ("HK$5", 5), ("NT$5", 5), ("Rs. 5", 5), ("₩5", 5), ("5円", 5), ("CHF 5", 5),
        ("１２３．５０", 123.5), ("1.5e3", 1500), ("1.5E+03", 1500), ("0012.50", 12.5),
    ],
)  # fmt: skip
def test_an_amount_is_read_as_it_is_meant(written, meant):
    assert read([written])[0].cells.tolist() == [meant]


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("12,5", 12.5), ("12,50 €", 12.5), ("1.234,50", 1234.5), ("-1.234,50", -1234.5),
        ("1 234,50", 1234.5), ("1.234.567", 1234567), ("1234,567", 1234.567), ("0,125", 0.125),
        (",5", 0.5), ("12,", 12),
    ],
)  # fmt: skip
def test_a_decimal_comma_is_told_by_the_cell_itself(written, meant):
    parsed, guesses = read([written])
    assert parsed.cells.tolist() == [meant]
    assert any(guess.startswith("decimal mark: comma") for guess in guesses)


@pytest.mark.parametrize(
    "written",
    ["five", "1.2.3", "1,2,3.4", "12,34.5,6", "--5", "(5", "5)", "-5-", "(-5)", "1e999", "5 6",
     "5%", "inf", "1-2", "1e5e5", "万", "3万", "#REF!", "True", "1,23,4"],
)  # fmt: skip
def test_what_is_no_amount_is_unreadable_and_shown(written):
    parsed, _ = read(["7.25", written])
    assert parsed.cells[0] == 7.25
    assert np.isnan(parsed.cells[1])
    assert parsed.written == [written]
    assert parsed.unreadable.tolist() == [1]


def test_one_cell_decides_what_a_comma_means_for_all():
    assert read(["1,234", "0,50"])[0].cells.tolist() == [1.234, 0.5]
    assert read(["1,234", "0.50"])[0].cells.tolist() == [1234, 0.5]
    assert read(["1.234", "0,50"])[0].cells.tolist() == [1234, 0.5]
    assert read(["1,234", "1,234,567"])[0].cells.tolist() == [1234, 1234567]


def test_a_lone_comma_before_three_digits_is_a_thousand_and_that_is_told():
    parsed, guesses = read(["1,234", "5"])
    assert parsed.cells.tolist() == [1234, 5]
    assert guesses == ["thousands separator: comma (1,234 is read as 1234; else set decimal=',')"]
    assert read(["1,234", "5"], decimal=",")[0].cells.tolist() == [1.234, 5]
    assert read(["1.234"])[0].cells.tolist() == [1.234]
    assert read(["1.234"], decimal=",")[0].cells.tolist() == [1234]


def test_a_lone_point_before_three_digits_is_a_fraction_and_that_is_told():
    parsed, guesses = read(["1.200", "-2.350", "500"])
    assert parsed.cells.tolist() == [1.2, -2.35, 500]
    assert guesses == ["decimal mark: point (1.200 is read as 1.2; else set decimal=',')"]
    assert read(["1.200", "500"], decimal=",")[0].cells.tolist() == [1200, 500]
    assert read(["1.200", "500"], decimal=".")[1] == []


@pytest.mark.parametrize("sign", ["₫", "Rp", "₩", "円"])
def test_a_point_before_three_digits_groups_where_money_has_no_cents(sign):
    assert read([f"120.000 {sign}", f"5.500 {sign}"])[0].cells.tolist() == [120_000, 5_500]
    assert read([f"120,000 {sign}"])[0].cells.tolist() == [120_000]
    assert read([f"120.000 {sign}"], decimal=".")[0].cells.tolist() == [120]


@pytest.mark.parametrize("decisive", ["0.125", "1234.500", "7.5", "7.", "7.1234", "1,234.500"])
def test_one_cell_that_tells_makes_a_lone_point_no_guess(decisive):
    assert read(["1.200", decisive], semicolons=True)[1] == []
    assert read(["1.200", decisive], semicolons=True)[0].cells[0] == 1.2


def test_groups_of_thousands_tell_what_the_other_mark_is():
    assert read(["1.200", "1,234,567"])[0].cells.tolist() == [1.2, 1234567]
    assert read(["1,200", "1.234.567"], semicolons=True)[0].cells.tolist() == [1.2, 1234567]


def test_whole_numbers_between_semicolons_leave_no_doubt():
    assert read(["1200", "-7"], semicolons=True)[1] == []


def test_the_mark_that_was_set_lists_what_does_not_fit():
    assert read(["1,5", "2.5"], decimal=".")[0].written == ["1,5"]
    assert read(["1,5", "2.5"], decimal=",")[0].written == ["2.5"]


def test_the_currency_is_told():
    assert read(["$5", "6 USD"])[1] == ["currency: $ (as in $5)"]


def test_empty_cells_are_not_unreadable_ones():
    parsed, _ = read(["", None, "-", "N/A", "5"])
    assert (parsed.empty.tolist(), parsed.unreadable.tolist()) == ([0, 1, 2, 3], [])
    parsed, _ = read(pd.Series([np.nan, 5.0, np.inf]))
    assert (parsed.empty.tolist(), parsed.unreadable.tolist()) == ([0], [2])
    assert parsed.written == ["inf"]


@pytest.mark.parametrize(
    "column",
    [
        pd.Series([1, 2]),
        pd.Series([1, 2], dtype="uint8"),
        pd.Series([1, 2], dtype="Int64"),
        pd.Series([1.0, 2.0], dtype="float32"),
        pd.Series([Decimal("1.00"), Decimal("2.00")]),
        pd.Series(["1", 2.0], dtype=object),
        pd.Series(["1", "2"], dtype="category"),
        pd.Series([1, 2], dtype="category"),
        pd.Series([1, 2], dtype=pd.ArrowDtype(pa.decimal128(9, 2))),
    ],
)
def test_numbers_of_any_type_are_float64(column):
    cells = read(column)[0].cells
    assert cells.dtype == np.float64
    assert cells.tolist() == [1, 2]


def test_times_are_no_amounts():
    parsed, _ = read(pd.Series(pd.to_datetime(["2024-03-05"])))
    assert parsed.unreadable.tolist() == [0]


# for any data

cents = st.integers(-(10**11), 10**11)
SPELLINGS = {
    "{:.2f}": lambda text: text,
    "{:,.2f}": lambda text: text,
    "¥{:,.2f}": lambda text: text,
    "{:,.2f} €": lambda text: text.translate(str.maketrans(",.", ".,")),
    "{:.2f}-": lambda text: text[1:] if text.startswith("-") else text[:-1],
    "({:,.2f})": lambda text: text.replace("-", "") if "-" in text else text[1:-1],
}


@given(st.lists(cents, min_size=1), st.sampled_from([*SPELLINGS]))
def test_every_spelling_gives_back_the_amount(money, spelling):
    written = [SPELLINGS[spelling](spelling.format(value / 100)) for value in money]
    assert read(written)[0].cells.tolist() == [value / 100 for value in money]


@given(st.lists(st.text(max_size=10) | st.text("0123456789.,-() ¥e", max_size=10)))
def test_any_text_is_a_finite_number_or_empty_or_unreadable(cells):
    try:
        parsed, _ = read(cells)
    except AmbiguousError:
        return
    missing = {*np.flatnonzero(~np.isfinite(parsed.cells)).tolist()}
    assert missing == {*parsed.empty.tolist()} | {*parsed.unreadable.tolist()}
    assert len(parsed.written) == len(parsed.unreadable)


# when misused


def test_both_decimal_marks_in_one_column_are_refused_with_an_example_of_each():
    with pytest.raises(AmbiguousError, match=r"'2\.5' need a decimal point.*'1,5'.*Set decimal="):
        read(["1,5", "2.5"])


def test_two_currencies_are_told_row_by_row():
    parsed, guesses = read(["¥5", "$6", "7 USD", "8"])
    assert parsed.cells.tolist() == [5, 6, 7, 8]
    assert parsed.signs.distinct.to_pylist() == ["¥", "$"]
    assert (parsed.signs.codes.tolist(), guesses) == ([0, 1, 1, -1], [])


def test_a_lone_point_between_semicolons_is_refused_with_both_readings():
    with pytest.raises(
        AmbiguousError, match=r"'1\.200' .* decimal=',' if '1\.200' is 1200, .* 1\.2\."
    ):
        read(["500", "1.200"], semicolons=True)


def test_lone_marks_of_both_kinds_are_refused_with_an_example_of_each():
    with pytest.raises(AmbiguousError, match=r"'1\.200' and '3,400' can be read in two ways"):
        read(["1.200", "3,400"])
