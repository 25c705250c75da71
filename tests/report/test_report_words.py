"""Pseudonyms and periods of the report; its words have their tests as examples beside them."""

import pandas as pd
from hypothesis import given
from hypothesis import strategies as st

from crmlab._checks import months_before
from crmlab.report.periods import LONGEST_MONTHS, last_two_periods, months_held
from crmlab.report.pseudonyms import pseudonyms
from crmlab.report.words import Money, day, days, share, visible

DAYS = st.datetimes(pd.Timestamp("1990-01-01"), pd.Timestamp("2040-12-31")).map(
    lambda moment: pd.Timestamp(moment).normalize()
)


def test_a_pseudonym_is_the_same_in_any_order_of_the_rows_and_another_in_another_file(log):
    purchases = log([(i, pd.Timestamp("2024-01-01"), float(i)) for i in range(50)])
    names = [pseudonyms(purchases)(i) for i in range(50)]
    assert names == [pseudonyms(purchases.iloc[::-1])(i) for i in range(50)]
    assert len({*names}) == 50
    one_cent_more = purchases.assign(amount=purchases["amount"] + 0.01)
    assert not {*names} & {pseudonyms(one_cent_more)(i) for i in range(50)}


def test_an_id_that_is_no_valid_text_has_a_pseudonym_too(log):
    name = pseudonyms(log([("a", pd.Timestamp("2024-01-01"), 1.0)]))
    assert name("\ud800") != name("\ud801")


def test_two_years_are_compared_year_by_year_and_less_by_halves():
    whole = last_two_periods(pd.Timestamp("2020-01-01"), pd.Timestamp("2024-12-31"))
    assert (whole.months, whole.middle) == (12, pd.Timestamp("2023-12-31"))
    half = last_two_periods(pd.Timestamp("2024-01-20"), pd.Timestamp("2024-12-31"))
    assert (half.months, half.start) == (5, pd.Timestamp("2024-02-29"))


@given(first=DAYS, last=DAYS)
def test_periods_touch_fit_the_file_and_could_not_be_longer(first, last):
    first, last = min(first, last), max(first, last)
    day_before = first - pd.Timedelta(days=1)
    months = months_held(first, last)
    assert 0 <= months <= LONGEST_MONTHS
    if months > 0:
        assert months_before(last.to_numpy().astype("M8[D]"), months) >= day_before
    if months < LONGEST_MONTHS:
        assert months_before(last.to_numpy().astype("M8[D]"), months + 1) < day_before
    periods = last_two_periods(first, last)
    assert (periods is None) == (months_held(first, last, spells=2) == 0)
    if periods:
        assert day_before <= periods.start < periods.middle < periods.end == last


@given(st.text())
def test_visible_text_turns_no_direction_and_holds_no_control_mark(text):
    shown = visible(text)
    assert not {*shown} & {*map(chr, [*range(32), 0x202E, 0x2066, 0x200F])}
    shown.encode("utf-8")


@given(st.floats(0, 1))
def test_a_share_reads_as_none_or_all_only_when_it_is(part):
    assert (share(part) == "0%") == (part == 0)
    assert (share(part) == "100%") == (part == 1)


def test_what_is_not_known_is_a_dash():
    assert {share(float("nan")), days(float("nan")), Money("CNY")(float("nan"))} == {"–"}


def test_amounts_round_into_the_next_form_without_a_jump():
    assert [Money()(x) for x in (99.99, 99.994, 99.996, 100.0)] == ["99.99", "99.99", "100", "100"]


def test_a_day_reads_the_same_in_every_country():
    assert day(pd.Timestamp("2024-12-03 17:00")) == "3 December 2024"
