"""Normal forms: what is written differently and means the same becomes the same."""

import unicodedata
from datetime import date

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crmlab.errors import MissingColumnsError, OutOfRangeError, UnknownNameError
from crmlab.identity import (
    normalise_address,
    normalise_date,
    normalise_email,
    normalise_name,
    normalise_phone,
    normalise_records,
    spoken_name,
)

EVERY = [normalise_name, normalise_phone, normalise_email, normalise_date, normalise_address]


def one(normalise, value, **options):
    return normalise(pd.Series([value], dtype="str"), **options).iloc[0]


# by hand


@pytest.mark.parametrize(
    ("typed", "normal"),
    [
        ("  LI   Na", "li na"),
        ("Ｌｉ　Ｎａ", "li na"),
        ("李 娜", "李娜"),
        ("李　娜 ", "李娜"),
        ("Anne–Marie O'Hara", "anne-marie o'hara"),
        ("Straße", "strasse"),
        ("阿卜杜·热合曼", "阿卜杜热合曼"),
    ],
)
def test_a_name_is_written_in_one_width_and_case_and_stays_in_its_script(typed, normal):
    assert one(normalise_name, typed) == normal


@pytest.mark.parametrize(
    ("typed", "spoken"),
    [
        ("李娜", "lina"),
        ("Na LI", "na li"),
        ("吕丽", "luli"),
        ("Lü Li", "lu li"),
        ("曾国", "zengguo"),
        ("单飞", "shanfei"),
        ("简单", "jiandan"),
        ("尉迟恭", "yuchigong"),
        ("José Núñez", "jose nunez"),
        ("Иван", "иван"),
        ("顾客12", "guke12"),
    ],
)
def test_a_name_sounds_the_same_in_both_scripts_and_family_names_have_their_own_reading(
    typed, spoken
):
    assert one(spoken_name, typed) == spoken


@pytest.mark.parametrize(
    ("typed", "normal"),
    [
        ("13800138000", "+8613800138000"),
        ("138-0013-8000", "+8613800138000"),
        ("+86 138 0013 8000", "+8613800138000"),
        ("0086 13800138000", "+8613800138000"),
        ("8613800138000", "+8613800138000"),
        ("１３８００１３８０００", "+8613800138000"),
        ("(010) 6552-9988", "+861065529988"),
        ("Tel. 010 65529988", "+861065529988"),
        ("010-65529988 转 12", "+861065529988x12"),
        ("010-65529988 ext. 12", "+861065529988x12"),
        ("010-65529988#12", "+861065529988x12"),
        ("+1-212-555-0100", "+12125550100"),
        ("001 212 555 0100", "+12125550100"),
        ("unknown", "unknown"),
    ],
)
def test_a_phone_is_its_country_number_and_extension(typed, normal):
    assert one(normalise_phone, typed) == normal


def test_another_country_may_be_at_home():
    assert one(normalise_phone, "020 7946 0000", country="44") == "+442079460000"
    assert one(normalise_phone, "+49 (0)30 123456", country="49") == "+4930123456"
    assert one(normalise_phone, "030 123456", country="49") == "+4930123456"
    assert one(normalise_phone, "030/123456", country="49") == "+4930123456"
    # The library takes a leading 44 for the country where the rest is long enough.
    assert one(normalise_phone, "4413800138000", country="44") == "+4413800138000"


@pytest.mark.parametrize(
    ("typed", "normal"),
    [
        ("13800138000.0", "+8613800138000"),
        ("1.38001E+10", "1.38001e+10"),
        ("13800138000/13900139000", "+8613800138000"),
        ("010-65529988、13900139000", "+861065529988"),
        ("0571-87654321-801", "+8657187654321x801"),
    ],
)
def test_what_programs_and_people_did_to_a_number_is_undone_or_left_alone(typed, normal):
    assert one(normalise_phone, typed) == normal


def test_what_is_written_where_nothing_is_known_is_missing_in_the_normal_form():
    records = pd.DataFrame(
        {
            "name": ["N/A", "散客", "Nan Li"],
            "phone": ["000-0000", "无", "13800138000"],
            "email": ["noemail@shop.com", "n/a", "nan@li.org"],
            "birth_date": ["1900-01-01", "1970-01-01", "1984-05-06"],
            "address": ["自提", "store pick-up", "5 Elm Street"],
        }
    )
    made = normalise_records(records)
    normal = [name for name in made if name not in records]
    assert made.loc[:1, normal].isna().all(axis=None)
    assert made.loc[2, normal].notna().all()
    assert made["name"].tolist() == records["name"].tolist()


@pytest.mark.parametrize(
    ("typed", "normal"),
    [
        ("Li.Na@Example.ORG", "li.na@example.org"),
        (" li na@example.org", "lina@example.org"),
        ("li＠example.org", "li@example.org"),
        ("mailto:li@example.org", "li@example.org"),
        ("Li.Na+shop@gmail.com", "lina@gmail.com"),
        ("l.i.n.a@googlemail.com", "lina@gmail.com"),
        ("li.na+shop@example.org", "li.na+shop@example.org"),
        ("gmail.com", "gmail.com"),
        ("...@gmail.com", "...@gmail.com"),
    ],
)
def test_an_address_of_e_mail_loses_only_what_cannot_tell_two_boxes_apart(typed, normal):
    assert one(normalise_email, typed) == normal


@pytest.mark.parametrize(
    ("typed", "normal"),
    [
        ("1990-01-02", "1990-01-02"),
        ("1990/1/2", "1990-01-02"),
        ("1990.01.02", "1990-01-02"),
        ("19900102", "1990-01-02"),
        ("1990年1月2日", "1990-01-02"),
        ("1990 年 1 月 2 日", "1990-01-02"),
        ("１９９０－０１－０２", "1990-01-02"),
        ("1990-01-02 00:00:00", "1990-01-02"),
        ("1990-01-02T08:30", "1990-01-02"),
        ("31.1.1990", "1990-01-31"),
        ("1/31/1990", "1990-01-31"),
        ("2/2/1990", "1990-02-02"),
        ("1990-0102", "1990-01-02"),
        ("2 Jan. 1990", "1990-01-02"),
        ("January 2nd, 1990", "1990-01-02"),
        ("1990年1月2日 下午3:30", "1990-01-02"),
        ("2/2/90", "2/2/90"),
        ("13/4/90", "13/4/90"),
        ("32874", "32874"),
        ("1899-12-31", "1899-12-31"),
        ("3/4/1990", "3/4/1990"),
        ("1990-02-30", "1990-02-30"),
        ("1990-13-01", "1990-13-01"),
        ("1990/2/30", "1990/2/30"),
        ("1995-01-0k", "1995-01-0k"),
        ("199-01-02", "199-01-02"),
        ("31/31/1990", "31/31/1990"),
        ("spring 1990", "spring 1990"),
    ],
)
def test_a_date_is_read_where_it_can_be_read_in_one_way_and_else_kept_as_text(typed, normal):
    assert one(normalise_date, typed) == normal


def test_a_reader_may_say_which_comes_first():
    assert one(normalise_date, "3/4/1990", day_first=True) == "1990-04-03"
    assert one(normalise_date, "3/4/1990", day_first=False) == "1990-03-04"
    assert one(normalise_date, "31/4/1990", day_first=False) == "31/4/1990"


def test_dates_may_be_dates_already():
    dates = pd.Series(pd.to_datetime(["1990-01-02", None]))
    assert normalise_date(dates).iloc[0] == "1990-01-02"
    assert normalise_date(dates).isna().tolist() == [False, True]


@pytest.mark.parametrize(
    ("typed", "normal"),
    [
        ("杭州市 子虚路７号， 2 栋", "杭州市子虚路7号2栋"),
        ("Room 7,  Zixu Road;", "room 7 zixu road"),
        ("子虚路（东）7-2号", "子虚路东7-2号"),
        ("，。", None),
    ],
)
def test_an_address_loses_width_case_and_punctuation(typed, normal):
    found = one(normalise_address, typed)
    assert found == normal if normal else pd.isna(found)


def test_records_keep_what_was_typed_and_get_normal_forms_beside():
    records = pd.DataFrame({"name": ["Na LI", None], "tel": ["138 0013 8000", " "]})
    made = normalise_records(records, kinds={"name": "name", "tel": "phone"})
    pd.testing.assert_frame_equal(made[["name", "tel"]], records)
    assert made.loc[0, "name_normal":].tolist() == ["na li", "na li", "ailn", "+8613800138000"]
    assert made.loc[1, "name_normal":].isna().all()


def test_letters_are_the_same_whichever_name_comes_first():
    records = pd.DataFrame({"name": ["李娜", "Na Li", "Li Na"]})
    assert (
        normalise_records(records, kinds={"name": "name"})["name_letters"].tolist() == ["ailn"] * 3
    )


# for any data

texts = st.lists(st.one_of(st.none(), st.text(max_size=12)), min_size=1, max_size=5)
telling = st.text("0123456789-/. 年月日+转xgmail@.com", max_size=14)


@pytest.mark.parametrize("normalise", EVERY)
@settings(max_examples=40)
@given(values=st.lists(st.one_of(st.none(), telling, st.text(max_size=12)), min_size=1, max_size=4))
def test_a_normal_form_is_its_own_normal_form_and_never_empty(normalise, values):
    once = normalise(pd.Series(values, dtype="str"))
    pd.testing.assert_series_equal(normalise(once), once)
    assert not once.eq("").any()


@pytest.mark.parametrize("normalise", [*EVERY, spoken_name])
@settings(max_examples=40)
@given(values=texts)
def test_width_and_surrounding_spaces_never_matter_nor_does_the_input_change(normalise, values):
    typed = pd.Series(values, dtype="str")
    before = typed.copy()
    wide = typed.map(lambda text: f" {unicodedata.normalize('NFKC', text)}　", na_action="ignore")
    pd.testing.assert_series_equal(normalise(wide.astype("str")), normalise(typed))
    pd.testing.assert_series_equal(typed, before)


@settings(max_examples=40)
@given(st.dates(min_value=date(1900, 1, 1)))
def test_every_spelling_of_a_date_is_read_as_that_date(day):
    spelt = [f"{day.year:04d}年{day.month}月{day.day}日", f"{day:%Y}{day:%m}{day:%d}".zfill(8)]
    iso = f"{day.year:04d}-{day.month:02d}-{day.day:02d}"
    assert normalise_date(pd.Series(spelt)).tolist() == [iso, iso]


# when misused


def test_refuses_a_phone_column_that_was_read_as_floating_point_numbers():
    with pytest.raises(OutOfRangeError, match="tel holds floating-point numbers"):
        normalise_phone(pd.Series([1.38e10], name="tel"))


def test_a_column_without_any_value_is_missing_throughout():
    for normalise in EVERY:
        assert normalise(pd.Series([None, None], dtype="float64")).isna().all()
        assert len(normalise(pd.Series([], dtype="str"))) == 0


@pytest.mark.parametrize("country", ["", "0", "+86", "８６", "1234"])
def test_refuses_what_is_no_country_code(country):
    with pytest.raises(OutOfRangeError, match="country must be a code such as '86'"):
        normalise_phone(pd.Series(["1"]), country=country)


def test_names_a_missing_column_and_an_unknown_kind():
    records = pd.DataFrame({"name": ["Li"]})
    with pytest.raises(MissingColumnsError, match="phone"):
        normalise_records(records, kinds={"phone": "phone"})
    with pytest.raises(UnknownNameError, match="no kind of field 'colour'"):
        normalise_records(records, kinds={"name": "colour"})


@pytest.mark.parametrize("odd", ["Li Na", ["Li Na"], None, pd.DataFrame({"name": ["Li Na"]})])
def test_what_is_no_series_is_refused(odd):
    for work in (normalise_name, normalise_date, normalise_phone):
        with pytest.raises(OutOfRangeError, match="a Series is needed here, such as"):
            work(odd)
