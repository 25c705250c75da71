"""Dates in a column: by hand, for any data, and when misused."""

import io
import re
from datetime import datetime

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from crmlab._cells import arrow_of
from crmlab._dates import dates
from crmlab.data import read_purchases
from crmlab.errors import AmbiguousError


def read(cells, *, day_first=None, date_format=None):
    parsed, guesses = dates(arrow_of(cells), day_first=day_first, date_format=date_format)
    return parsed, [*map(str, guesses)]


def moment(text):
    return np.datetime64(text, "us")


NOT_A_DATE = moment("NaT")


# by hand


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("2024-03-05", "2024-03-05"),
        ("2024/3/5", "2024-03-05"),
        ("2024.03.05", "2024-03-05"),
        ("20240305", "2024-03-05"),
        ("2024年3月5日", "2024-03-05"),
        ("2024 年 3 月 5 日", "2024-03-05"),
        ("2024-0305", "2024-03-05"),
        ("202403-05", "2024-03-05"),
        ("2024年03月05日 14:30", "2024-03-05T14:30"),
        ("2024年3月5日14时30分15秒", "2024-03-05T14:30:15"),
        ("２０２４－０３－０５", "2024-03-05"),
        ("2024-03-05 下午2:30", "2024-03-05T14:30"),
        ("05.03.2024, 14:30", "2024-03-05T14:30"),
        ("2024/3/5, 2:30:15 PM", "2024-03-05T14:30:15"),
        ("Mar 5, 2024, 2:30 PM", "2024-03-05T14:30"),
        ("Mar-05-2024", "2024-03-05"),
        ("05/Mar/2024", "2024-03-05"),
        ("2024-Mar-05", "2024-03-05"),
        ("2024-03-05 上午12:30", "2024-03-05T00:30"),
        ("2024-03-05 中午12:30", "2024-03-05T12:30"),
        ("2024-03-05 中午1:30", "2024-03-05T13:30"),
        ("2024-03-05 晚上9:30", "2024-03-05T21:30"),
        ("2024-03-05 凌晨1:30", "2024-03-05T01:30"),
        ("2024-03-05T14:30:15", "2024-03-05T14:30:15"),
        ("2024-03-05T14:30:15.25Z", "2024-03-05T14:30:15.25"),
        ("2024-03-05T14:30:15+08:00", "2024-03-05T14:30:15"),
        ("2024-03-05 14:30:15 UTC", "2024-03-05T14:30:15"),
        ("2024-03-05 14:30:15.123456789", "2024-03-05T14:30:15.123456"),
        ("20240305 14:30", "2024-03-05T14:30"),
        ("20240305143015", "2024-03-05T14:30:15"),
        ("20240305.0", "2024-03-05"),
        ("20240305143015.0", "2024-03-05T14:30:15"),
        ("2999-12-31", "2999-12-31"),
        ("99991231", "9999-12-31"),
        ("99991231235959", "9999-12-31T23:59:59"),
        ("20240305T143015", "2024-03-05T14:30:15"),
        ("25/03/2024", "2024-03-25"),
        ("03/25/2024", "2024-03-25"),
        ("25.3.2024", "2024-03-25"),
        ("5.3.2024", "2024-03-05"),
        ("25-03-2024 2:30 PM", "2024-03-25T14:30"),
        ("25/03/2024 12:05 a.m.", "2024-03-25T00:05"),
        ("5 Mar 2024", "2024-03-05"),
        ("05-Mar-2024", "2024-03-05"),
        ("5th March 2024", "2024-03-05"),
        ("March 5, 2024", "2024-03-05"),
        ("Mar 5th, 2024 14:30", "2024-03-05T14:30"),
        ("45356", "2024-03-05"),
        ("45356.604166667", "2024-03-05T14:30"),
        ("29/02/2024", "2024-02-29"),
        ("04/04/2024", "2024-04-04"),
    ],
)
def test_a_date_is_read_as_it_is_meant(written, meant):
    parsed, _ = read([written])
    assert parsed.cells[0] == moment(meant)
    assert parsed.cells.dtype == "M8[us]"


@pytest.mark.parametrize(
    "written",
    [
        "30/02/2024", "2023-02-29", "2024-13-01", "2024-00-10", "2024-01-00", "31/04/2024",
        "2024-03-05 25:00", "2024-03-05 10:61", "2024-03-05 10:00:60", "2024-03-05 13:00 half",
        "soon", "2024", "5 Foo 2024", "5 Marble 2024",
        "Mayor 5, 2024", "5 Decoder 2024", "1850-01-01", "1899-12-31",
        "12345678", "19990000", "20240305.5", "99999", "100", "2024-03-05 13 PM", "True",
        "1709600000",
    ],
)  # fmt: skip
def test_what_is_no_day_of_a_purchase_is_unreadable_and_shown(written):
    parsed, _ = read(["2024-01-31", written], day_first=True)
    assert parsed.cells[0] == moment("2024-01-31")
    assert np.isnat(parsed.cells[1])
    assert parsed.unreadable.tolist() == [1]
    assert parsed.written == [written]


def test_one_cell_above_twelve_decides_for_the_whole_column():
    parsed, guesses = read(["05/03/2024", "06/03/2024", "25/03/2024"])
    assert parsed.cells.tolist() == [datetime(2024, 3, day) for day in (5, 6, 25)]
    assert guesses == ["dates: day first (as in 25/03/2024)"]
    parsed, guesses = read(["03/05/2024", "03/25/2024"])
    assert parsed.cells.tolist() == [datetime(2024, 3, day) for day in (5, 25)]
    assert guesses == ["dates: month first (as in 03/25/2024)"]


def test_day_first_overrides_the_guess_and_lists_what_does_not_fit():
    parsed, guesses = read(["05/03/2024", "25/03/2024"], day_first=False)
    assert parsed.cells[0] == moment("2024-05-03")
    assert parsed.written == ["25/03/2024"]
    assert guesses == []
    parsed, _ = read(["05/03/2024", "03/25/2024"], day_first=True)
    assert parsed.cells[0] == moment("2024-03-05")
    assert parsed.written == ["03/25/2024"]


def test_a_zone_is_not_applied_and_that_is_told():
    _, guesses = read(["2024-03-05T23:30+08:00", "2024-03-05"])
    assert guesses == ["time zone: as written (clock times kept, zones not applied)"]
    stamps = pd.Series(pd.to_datetime(["2024-03-05 23:30"]).tz_localize("Asia/Shanghai"))
    parsed, guesses = read(stamps)
    assert parsed.cells[0] == moment("2024-03-05T23:30")
    assert guesses == ["time zone: Asia/Shanghai (clock times kept as they stand there)"]


def test_periods_of_a_day_are_that_day_and_longer_ones_are_none():
    days = pd.Series(pd.period_range("2024-10-03", periods=2, freq="D"))
    assert read(days)[0].cells.tolist() == [datetime(2024, 10, 3), datetime(2024, 10, 4)]
    assert read(days.dt.asfreq("M"))[0].written == ["2024-10", "2024-10"]


def test_clock_times_of_several_zones_all_stay():
    zones = ["Asia/Shanghai", "UTC"]
    cells = pd.Series([pd.Timestamp("2024-03-05 09:00", tz=zone) for zone in zones], dtype=object)
    assert read(cells)[0].cells.tolist() == [datetime(2024, 3, 5, 9)] * 2


def test_empty_cells_are_not_unreadable_ones():
    parsed, _ = read(["", None, " - ", "NaN", "2024-03-05"])
    assert parsed.empty.tolist() == [0, 1, 2, 3]
    assert parsed.unreadable.tolist() == []
    parsed, _ = read(pd.Series([pd.NaT, pd.Timestamp("2024-03-05")]))
    assert (parsed.empty.tolist(), parsed.unreadable.tolist()) == ([0], [])
    parsed, _ = read([None, 45356.0])
    assert (parsed.empty.tolist(), parsed.unreadable.tolist()) == ([0], [])


def test_numbers_are_days_as_excel_counts_them_or_digits_of_a_date():
    parsed, guesses = read([45356, 45356.75, 20240305.0, 3])
    assert parsed.cells[:3].tolist() == [
        datetime(2024, 3, 5), datetime(2024, 3, 5, 18), datetime(2024, 3, 5)
    ]  # fmt: skip
    assert parsed.written == ["3.0"]
    assert guesses == ["dates: numbers (as 20240305 or as Excel's day numbers)"]


def test_times_out_of_range_are_unreadable_whatever_their_type():
    parsed, _ = read(pd.Series(["1000-01-01", "2024-03-05"]).astype("M8[s]"))
    assert parsed.unreadable.tolist() == [0]
    assert parsed.written == ["1000-01-01 00:00:00"]


def test_a_format_of_ones_own_reads_two_digit_years_and_nothing_else():
    parsed, guesses = read(["05/03/24", "2024-03-05", ""], date_format="%d/%m/%y")
    assert parsed.cells[0] == moment("2024-03-05")
    assert parsed.written == ["2024-03-05"]
    assert (parsed.empty.tolist(), guesses) == ([2], [])
    assert read([240305], date_format="%y%m%d")[0].cells[0] == moment("2024-03-05")
    zoned, _ = read(["05/03/24 +0800"], date_format="%d/%m/%y %z")
    assert zoned.cells[0] == moment("2024-03-05")


# years of two digits


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        (["1/14/23", "2/3/23"], ["2023-01-14", "2023-02-03"]),
        (["31/12/24 14:22", "25/03/24 2:05 PM"], ["2024-12-31T14:22", "2024-03-25T14:05"]),
        (["24/3/5", "24/12/31"], ["2024-03-05", "2024-12-31"]),
        (["05.03.24"], ["2024-03-05"]),
        (["5-Mar-24", "12-Dec-99"], ["2024-03-05", "1999-12-12"]),
        (["Mar 5, 24", "5. Mai '24"], ["2024-03-05", "2024-05-05"]),
        (["24年3月5日 14:30"], ["2024-03-05T14:30"]),
        (["Mar-05-24", "25/Mar/24"], ["2024-03-05", "2024-03-25"]),
        (["31/12/24, 14:22"], ["2024-12-31T14:22"]),
        (["05/03/24", "25/03/2024"], ["2024-03-05", "2024-03-25"]),
        (["04/04/04"], ["2004-04-04"]),
    ],
)
def test_two_digit_years_are_read_where_all_of_them_tell_the_order(written, meant):
    parsed, guesses = read(written)
    assert parsed.cells.tolist() == [moment(one).item() for one in meant]
    assert any(guess.startswith("two-digit years") for guess in guesses)


@pytest.mark.parametrize(
    "written", ["25/03/24 14:22", "25/03/24, 14:22", "03/04/05", "11-12-10", "24-03-05"]
)
def test_two_digit_years_that_could_be_read_two_ways_are_refused_with_formats_that_work(written):
    with pytest.raises(AmbiguousError, match="years have two digits") as error:
        read([written])
    formats = re.findall("date_format='(.+?)' if '.+?' is (.{10})", str(error.value))
    assert len(formats) >= 2
    for form, day in formats:
        parsed, _ = read([written], date_format=form)
        assert str(parsed.cells[0])[:10] == day
    assert len({day for _, day in formats}) == len(formats)


def test_an_order_that_puts_days_into_the_future_is_dropped_if_another_does_not():
    parsed, _ = dates(
        arrow_of(["28/03/24", "27/03/24"]),
        day_first=None,
        date_format=None,
        today=pd.Timestamp("2026-01-01"),
    )
    assert parsed.cells.astype("M8[D]").astype(str).tolist() == ["2024-03-28", "2024-03-27"]


@given(st.lists(st.datetimes(datetime(1970, 1, 1), datetime(2024, 12, 31)), min_size=1))
def test_two_digit_years_are_right_or_refused(stamps):
    written = [f"{when:%m/%d/%y}" for when in stamps]
    try:
        parsed, guesses = read(written)
    except AmbiguousError:
        parsed, guesses = read(written, date_format="%m/%d/%y")
    if not any("day first" in guess or "year first" in guess for guess in guesses):
        assert parsed.cells.astype("M8[D]").tolist() == [when.date() for when in stamps]
    else:  # then the right order must have been impossible, or been told
        assert any("else say date_format=" in guess for guess in guesses)


# dates that Excel read half wrongly

HALF = ["25/03/2024", pd.Timestamp("2024-05-03"), "13/04/2024", pd.Timestamp("2024-12-04 10:00")]


def read_half(cells, swapped=None):
    parsed, guesses = dates(arrow_of(cells), day_first=None, date_format=None, swapped=swapped)
    return parsed.cells.astype("M8[m]").astype(str).tolist(), [*map(str, guesses)]


@pytest.mark.parametrize(
    "cells",
    [
        HALF,
        [str(cell) for cell in HALF],
        ["25/03/2024", 45415, "13/04/2024"],
        ["03/25/2024", "2024-05-03"],
        ["25/03/24", "28/03/24", pd.Timestamp("2024-05-03")],
    ],
)
def test_text_above_twelve_beside_dates_up_to_twelve_is_refused(cells):
    with pytest.raises(AmbiguousError, match=r"swapped=True .* swapped=False"):
        read_half(cells)


def test_either_way_out_of_half_swapped_dates_leads_on():
    assert read_half(HALF, True)[0] == [
        "2024-03-25T00:00", "2024-03-05T00:00", "2024-04-13T00:00", "2024-04-12T10:00"
    ]  # fmt: skip
    assert read_half(HALF, False)[0][1::2] == ["2024-05-03T00:00", "2024-12-04T10:00"]


def test_a_real_date_above_twelve_leaves_no_doubt():
    assert read_half(["25/03/2024", pd.Timestamp("2024-05-23")])[0][1] == "2024-05-23T00:00"


@given(st.lists(st.datetimes(datetime(1990, 1, 1), datetime(2030, 1, 1)), min_size=1))
def test_exchanging_what_was_swapped_gives_the_days_back(stamps):
    typed = [
        f"{when:%d/%m/%Y}" if when.day > 12 else when.replace(month=when.day, day=when.month)
        for when in stamps
    ]
    if {isinstance(cell, str) for cell in typed} == {True, False}:
        cells = pd.Series(typed, dtype=object)
        parsed, _ = dates(arrow_of(cells), day_first=None, date_format=None, swapped=True)
        assert parsed.cells.astype("M8[D]").tolist() == [when.date() for when in stamps]


# days that programs fill in


@pytest.mark.parametrize("day", ["1970-01-01", "1900-01-01", "1969-12-31", "1985-02-01"])
def test_a_day_far_before_all_others_is_told_and_kept(day):
    rows = "".join(f"7,2024-03-{n:02},1\n" for n in range(1, 20))
    reading = read_purchases(io.StringIO(f"customer,date,amount\n{rows}8,{day},2\n"))
    fault = reading.report.fault("suspect date")
    assert (fault.treatment, fault.rows.tolist()) == ("kept", [21])
    dropped = read_purchases(
        io.StringIO(f"customer,date,amount\n{rows}8,{day},2\n"), suspect_dates="drop"
    )
    assert dropped.report.first_date == pd.Timestamp("2024-03-01")


def test_such_a_day_among_its_neighbours_is_a_day_like_any_other():
    rows = "".join(f"7,{year}-01-01,1\n" for year in range(1965, 1980))
    reading = read_purchases(io.StringIO(f"customer,date,amount\n{rows}"))
    assert reading.report.fault("suspect date") is None


# for any data

moments = st.datetimes(datetime(1900, 1, 1), datetime(9999, 12, 31)).map(
    lambda when: when.replace(microsecond=0)
)
SPELLINGS = [
    "{0:%Y-%m-%d %H:%M:%S}",
    "{0:%Y-%m-%dT%H:%M:%S}+05:30",
    "{0.year}/{0.month}/{0.day} {0.hour}:{0.minute}:{0.second}",
    "{0.year}年{0.month}月{0.day}日 {0.hour}时{0.minute:02}分{0.second:02}秒",
    "{0:%Y%m%d%H%M%S}",
    "{0.day} {0:%b} {0.year} {0:%I:%M:%S %p}",
    "{0:%B} {0.day}, {0.year} {0:%H:%M:%S}",
    "{0.day}.{0.month}.{0.year} {0:%H:%M:%S}",
]


@given(st.lists(moments, min_size=1), st.sampled_from(SPELLINGS))
def test_every_spelling_gives_back_the_moment(stamps, spelling):
    parsed, _ = read([spelling.format(when) for when in stamps])
    assert parsed.cells.tolist() == stamps


@given(st.lists(moments, min_size=1), st.booleans())
def test_the_order_of_day_and_month_is_right_or_refused(stamps, day_first):
    written = [f"{when:%d/%m/%Y}" if day_first else f"{when:%m/%d/%Y}" for when in stamps]
    try:
        parsed, _ = read(written)
    except AmbiguousError:
        assert all(when.day <= 12 for when in stamps)
        parsed, _ = read(written, day_first=day_first)
    assert parsed.cells.astype("M8[D]").tolist() == [when.date() for when in stamps]


@given(st.lists(st.text(max_size=12)))
def test_any_text_is_a_date_or_empty_or_unreadable(cells):
    parsed, _ = read(cells, day_first=True)
    missing = {*np.flatnonzero(np.isnat(parsed.cells)).tolist()}
    assert missing == {*parsed.empty.tolist()} | {*parsed.unreadable.tolist()}
    assert len(parsed.written) == len(parsed.unreadable)


# when misused


def test_days_that_could_be_months_are_refused_with_the_argument_that_decides():
    with pytest.raises(AmbiguousError, match=r"'05/03/2024'.*Set day_first=True if the day comes"):
        read(["04/04/2024", "05/03/2024", "11/12/2024", "2024-01-31"])


def test_both_orders_in_one_column_are_refused_with_an_example_of_each():
    with pytest.raises(AmbiguousError, match=r"'25/03/2024' begin with the day.*'03/25/2024'"):
        read(["25/03/2024", "03/25/2024"])
