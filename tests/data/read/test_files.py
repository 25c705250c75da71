"""Files of every kind read_purchases opens: by hand, for any data, and when damaged."""

import bz2
import gzip
import io
import lzma
import zipfile

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crmlab.data import read_purchases
from crmlab.errors import CrmlabError, OutOfRangeError, UnreadableFileError

ROWS = [(7, "2024-03-05", 10.5), (8, "2024-03-16", -4.0), (7, "2024-03-17", 1234.0)]
TABLE = pd.DataFrame(ROWS, columns=["customer_id", "date", "amount"]).astype({"date": "M8[us]"})
TEXT = "会员号,消费日期,金额\n" + "".join(f"{who},{day},{money}\n" for who, day, money in ROWS)
ENGLISH = TEXT.replace("会员号,消费日期,金额", "customer,date,amount")


def zipped(files):
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w") as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return data.getvalue()


def workbook(table=TABLE):
    data = io.BytesIO()
    table.to_excel(data, index=False, engine="xlsxwriter")
    return data.getvalue()


def parquet(table=TABLE):
    data = io.BytesIO()
    table.to_parquet(data)
    return data.getvalue()


def zstd(data):
    return pa.Codec("zstd").compress(data, asbytes=True)


@pytest.fixture
def save(tmp_path):
    def write(data, name="sales.csv"):
        path = tmp_path / name
        path.write_bytes(data)
        return path

    return write


# by hand


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "gb18030"]
)
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_every_encoding_is_found(save, encoding, end):
    path = save(TEXT.replace("\n", end).encode(encoding))
    purchases, report = read_purchases(path)
    pd.testing.assert_frame_equal(purchases, TABLE)
    assert f"encoding: {encoding}" in str(report)
    given_it, report = read_purchases(path, encoding=encoding)
    pd.testing.assert_frame_equal(given_it, TABLE)
    assert "(given)" in str(report)


def test_a_mark_of_byte_order_is_not_part_of_the_first_name(save):
    purchases, _ = read_purchases(save(b"\xef\xbb\xbf" + TEXT.encode()), encoding="utf-8")
    pd.testing.assert_frame_equal(purchases, TABLE)


@pytest.mark.parametrize("names", ["Hélène", "Zoë £5", "Müller", "Ærø Åse"])
def test_western_text_of_windows_is_told_from_chinese(save, names):
    lines = "".join(f"{who},{day},{money},{names}\n" for who, day, money in ROWS)
    path = save(("customer,date,amount,store\n" + lines).encode("cp1252"))
    purchases, report = read_purchases(path)
    assert purchases["store"].tolist() == [names] * 3
    assert "encoding: cp1252" in str(report)


def test_a_letter_far_down_still_decides_the_encoding(save):
    filler = "1,2024-03-05,5\n" * 200_000  # 3 MB before the first Chinese letter
    path = save((ENGLISH + filler + "会员,2024-03-05,5\n").encode("gb18030"))
    purchases, report = read_purchases(path)
    assert purchases["customer_id"].iloc[-1] == "会员"
    assert "encoding: gb18030" in str(report)


@pytest.mark.parametrize("mark", [",", "\t", ";", "|", " ", "~"])
def test_every_separator_is_found_or_taken_as_given(save, mark):
    path = save(TEXT.replace(",", mark).encode())
    if mark not in ",\t;|":
        with pytest.raises(CrmlabError, match="no column looks like"):
            read_purchases(path)
    said = {} if mark in ",\t;|" else {"separator": mark}
    pd.testing.assert_frame_equal(read_purchases(path, **said)[0], TABLE)


def test_a_first_line_that_names_the_separator_is_believed(save):
    purchases, report = read_purchases(save(b"sep=;\n" + TEXT.replace(",", ";").encode()))
    pd.testing.assert_frame_equal(purchases, TABLE)
    assert "separator: semicolon (the first line says so)" in str(report)
    assert report.fault("refund").rows.tolist() == [4]


def test_a_comma_in_quotes_does_not_divide(save):
    text = 'customer,date,amount,item\n7,2024-03-05,"1,234.50","tea, ""black""\nand hot"\n'
    purchases, _ = read_purchases(save(text.encode()))
    assert purchases["amount"].tolist() == [1234.5]


PACKERS = {
    "gz": gzip.compress,
    "bz2": bz2.compress,
    "xz": lzma.compress,
    "zst": zstd,
    "zip": lambda data: zipped({"folder/": b"", "__MACOSX/x": b"y", "folder/sales": data}),
    "gz.gz": lambda data: gzip.compress(gzip.compress(data)),
}
CONTENTS = {"csv": TEXT.encode("gbk"), "parquet": parquet(), "xlsx": workbook()}


@pytest.mark.parametrize("packer", [*PACKERS])
@pytest.mark.parametrize("content", [*CONTENTS])
def test_what_is_packed_is_unpacked_whatever_its_name(save, packer, content):
    path = save(PACKERS[packer](CONTENTS[content]), "sales")
    pd.testing.assert_frame_equal(read_purchases(path)[0], TABLE)


@pytest.mark.parametrize("content", [*CONTENTS])
def test_the_content_decides_and_not_the_name(save, content):
    pd.testing.assert_frame_equal(read_purchases(save(CONTENTS[content], "sales.pdf"))[0], TABLE)


@pytest.mark.parametrize("content", [*CONTENTS])
def test_an_open_file_and_a_path_as_text_are_read_too(save, content):
    path = save(CONTENTS[content])
    with path.open("rb") as stream:
        pd.testing.assert_frame_equal(read_purchases(stream)[0], TABLE)
    pd.testing.assert_frame_equal(read_purchases(str(path))[0], TABLE)


def test_a_file_open_as_text_is_read_from_where_it_stands(save):
    with save(TEXT.encode("gbk")).open(encoding="gbk") as stream:
        purchases, report = read_purchases(stream)
    pd.testing.assert_frame_equal(purchases, TABLE)
    assert "encoding: utf-8" in str(report)


def test_a_workbook_may_have_titles_and_mixed_cells(save):
    rows = [["2024年销售", None, None], ["会员号", "日期", "金额"], [7, "2024-03-05", "¥10.50"]]
    rows += [[8, pd.Timestamp("2024-03-16"), -4], [7, 45368, 1234.0], [None, None, None]]
    data = io.BytesIO()
    pd.DataFrame(rows).to_excel(data, index=False, header=False, engine="xlsxwriter")
    purchases, report = read_purchases(save(data.getvalue(), "sales.xlsx"))
    pd.testing.assert_frame_equal(purchases, TABLE)
    assert report.fault("refund").rows.tolist() == [4]


@pytest.mark.parametrize(
    "day", [pa.date32(), pa.date64(), pa.timestamp("s"), pa.timestamp("ns"), pa.string()]
)
@pytest.mark.parametrize("who", [pa.int16(), pa.uint64(), pa.float64(), pa.string()])
@pytest.mark.parametrize("money", [pa.int64(), pa.float32(), pa.decimal128(23, 2), pa.string()])
def test_parquet_of_any_types_is_read(day, who, money):
    columns = {
        "customer": pa.array(TABLE["customer_id"]).cast(who),
        "date": pa.array(TABLE["date"]).cast(pa.date32()).cast(day),
        "amount": pa.array(TABLE["amount"].astype("int64")).cast(money),
    }
    data = io.BytesIO()
    pq.write_table(pa.table(columns), data)
    data.seek(0)
    expected = TABLE.assign(amount=TABLE["amount"].astype("int64").astype("float64"))
    pd.testing.assert_frame_equal(read_purchases(data)[0], expected)


# for any data

stamps = st.datetimes(pd.Timestamp("1990-01-13"), pd.Timestamp("2020-12-31")).map(
    lambda when: when.replace(hour=0, minute=0, second=0, microsecond=0)
)
tables = st.lists(
    st.tuples(
        st.integers(-999, 10**15) | st.sampled_from(["007", "王", "a b", 'say "hi"', "x,y"]),
        stamps,
        st.integers(-(10**9), 10**9).map(lambda value: value / 100),
    ),
    min_size=1,
    max_size=20,
)
spellings = st.fixed_dictionaries(
    {
        "encoding": st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "gb18030"]),
        "separator": st.sampled_from([",", "\t", ";", "|"]),
        "date": st.sampled_from(["%Y-%m-%d", "%Y/%m/%d", "%Y年%m月%d日", "%Y%m%d", "%d %B %Y"]),
        "money": st.sampled_from(["{:.2f}", "{:,.2f}", "¥{:.2f}", "{:.2f}元"]),
        "names": st.sampled_from(
            [["会员号", "消费日期", "金额"], ["Customer ID", "Date", "Total"]]
        ),
        "end": st.sampled_from(["\n", "\r\n"]),
    }
)


@given(tables, spellings)
def test_a_table_comes_back_equal_from_every_spelling(rows, how):
    whole = all(isinstance(who, int) for who, _, _ in rows)
    table = pd.DataFrame(rows, columns=["customer_id", "date", "amount"])
    table = table.astype({"customer_id": "int64" if whole else "str", "date": "M8[us]"})
    written = pd.DataFrame(
        {
            how["names"][0]: table["customer_id"],
            how["names"][1]: [when.strftime(how["date"]) for when in table["date"]],
            how["names"][2]: [how["money"].format(amount) for amount in table["amount"]],
        }
    )
    text = written.to_csv(index=False, sep=how["separator"], lineterminator=how["end"])
    purchases, report = read_purchases(io.BytesIO(text.encode(how["encoding"])))
    pd.testing.assert_frame_equal(purchases, table)
    assert report.rows == len(rows)


# when damaged

MANY = b"7,2024-03-05,5\n" * 20_000
LOCKED = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 504 + b"EncryptedPackage" + b"\0" * 1000
DAMAGED = {
    "empty": b"",
    "a lone mark": b"\xef\xbb\xbf",
    "a lone wide mark": b"\xff\xfe",
    "blank lines": b"\n\n  \n",
    "names only": ENGLISH.split("\n")[0].encode(),
    "names and a line end": b"customer,date,amount\n",
    "no names": ENGLISH.split("\n", 1)[1].encode(),
    "one column": b"customer\n7\n8\n",
    "noise": np.random.default_rng(3).bytes(5000),
    "zero bytes": ENGLISH.encode().replace(b"10.5", b"1\x000.5"),
    "an open quote": ENGLISH.encode().replace(b"\n7,", b'\n"7,', 1),
    "an open quote in the names": b'"' + ENGLISH.encode(),
    "an open quote in the last row": ENGLISH.encode() + b'9,2024-03-18,"5',
    "an open quote above much": b'"' + ENGLISH.encode() + MANY,
    "an open quote over blocks": ENGLISH.encode() + MANY + b'"' + MANY * 20,
    "a huge field": ENGLISH.encode() + b'7,2024-03-05,"' + b"5" * 6_000_000 + b'"\n',
    "a huge line": ENGLISH.encode() + b"5" * 10_000_000,
    "ragged rows": ENGLISH.encode() + b"7\n7,2024-03-05,5,6\n",
    "two encodings": TEXT.encode() + "王,2024-03-05,5\n".encode("gb18030") + b"\x81\n\xff\n",
    "names twice": b"date,date,customer,amount\n2024-03-05,2024-03-06,7,5\n",
    "half a gzip": gzip.compress(ENGLISH.encode() * 50)[:100],
    "a bad gzip": b"\x1f\x8b" + b"no gzip at all",
    "half a bzip2": bz2.compress(ENGLISH.encode() * 50)[:60],
    "half an xz": lzma.compress(ENGLISH.encode())[:60],
    "half a zstd": zstd(ENGLISH.encode() * 50)[:60],
    "half a zip": zipped({"sales.csv": ENGLISH})[:80],
    "an empty zip": zipped({}),
    "a zip of two": zipped({"a.csv": ENGLISH, "b.csv": ENGLISH}),
    "a zip of nothing": zipped({"a.csv": b""}),
    "half a workbook": workbook()[:2000],
    "a workbook of noise": zipped({"[Content_Types].xml": b"\0" * 99}),
    "an empty workbook": workbook(pd.DataFrame()),
    "a workbook without rows": workbook(TABLE.head(0)),
    "a locked workbook": LOCKED,
    "half a parquet": parquet()[:300],
    "a parquet of noise": b"PAR1" + b"\0" * 99,
    "a parquet with a torn page": parquet()[:20] + b"\xff" * 60 + parquet()[80:],
    "a parquet without rows": parquet(TABLE.head(0)),
    "a picture": b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + b"\0" * 50,
    "a web page": b"<html><table><tr><td>customer</td></tr></table></html>",
    "json": b'[{"customer": 7, "date": "2024-03-05", "amount": 5}]',
}


@pytest.mark.parametrize("kind", [*DAMAGED])
@pytest.mark.parametrize("way", ["path", "open file"])
def test_a_damaged_file_ends_in_an_error_of_ours_that_names_the_file(save, kind, way):
    path = save(DAMAGED[kind], "odd.csv")
    with pytest.raises(CrmlabError) as error:
        read_purchases(path if way == "path" else io.BytesIO(path.read_bytes()))
    said = str(error.value)
    assert len(said) < 2000
    assert error.value.__cause__ is None
    assert error.value.__suppress_context__ or error.value.__context__ is None


@pytest.mark.parametrize(
    ("kind", "message"),
    [
        ("an open quote", r"row 2 opens a quotation mark \(\"\) that is never closed"),
        ("an open quote in the last row", "row 5 opens a quotation mark"),
        ("an open quote above much", "has no rows of a table.* near its top and never closes"),
        ("an open quote over blocks", "row 20005 opens a quotation mark"),
        ("a huge line", "a line of more than 4 MB"),
        ("a huge field", "1 row with unreadable amount: 5"),
        ("zero bytes", "line 2, which holds a zero byte"),
        ("two encodings", "as UTF-8 it fails at line 5"),
        ("a zip of two", r"holds 2 files, \['a.csv', 'b.csv'\]; unpack it"),
        ("an empty workbook", "is empty; the workbook has"),
        ("names only", "has column names but no rows"),
        ("no names", r"the file has \['7', '2024-03-05', '10.5'\].*looked for in the first 1,000"),
        ("half a gzip", "damaged, cut short or locked"),
        ("empty", "is empty: it has no bytes"),
    ],
)
def test_the_message_says_what_is_wrong(save, kind, message):
    with pytest.raises(CrmlabError, match=message):
        read_purchases(save(DAMAGED[kind]))


class PanicException(BaseException):
    """What calamine's Rust ends in: no Exception, and of a module that cannot be imported."""


@pytest.mark.parametrize(
    ("raised", "wanted"),
    [(PanicException, UnreadableFileError), (KeyboardInterrupt, KeyboardInterrupt)],
)
def test_a_panic_of_the_workbook_reader_is_caught_and_nothing_else_like_it(
    monkeypatch, raised, wanted
):
    class Book:
        @staticmethod
        def from_filelike(_):
            raise raised

    monkeypatch.setattr("python_calamine.CalamineWorkbook", Book)
    with pytest.raises(wanted, match="gave up" if wanted is UnreadableFileError else None):
        read_purchases(io.BytesIO(workbook()))


def test_a_wrong_path_is_told_with_what_is_near(tmp_path, save):
    save(b"x", "sales2024.csv")
    with pytest.raises(UnreadableFileError, match=r"there is \['sales2024.csv'\]"):
        read_purchases(tmp_path / "sales2023.csv")
    with pytest.raises(UnreadableFileError, match=r"there is no .*nowhere either"):
        read_purchases(tmp_path / "nowhere" / "x.csv")
    with pytest.raises(UnreadableFileError, match=r"is a folder; .*\['sales2024.csv'\]"):
        read_purchases(tmp_path)
    with pytest.raises(UnreadableFileError, match="Nothing is fetched from a network"):
        read_purchases("https://example.com/sales.csv")


def test_a_path_may_begin_with_the_home_folder(save, monkeypatch):
    path = save(ENGLISH.encode())
    for variable in ("HOME", "USERPROFILE"):
        monkeypatch.setenv(variable, str(path.parent))
    pd.testing.assert_frame_equal(read_purchases("~/sales.csv")[0], TABLE)


@pytest.mark.parametrize(
    "page",
    [
        b"\n<HTML><table><tr><td>customer</td><td>date</td></tr></table>",
        b"\xef\xbb\xbf<!DOCTYPE html><p>",
        "<table><tr>".encode("utf-16"),
        b'<?xml version="1.0"?><Workbook>',
    ],
)
def test_a_web_page_that_is_named_like_a_workbook_is_told(save, page):
    path = save(page + b"<td>7</td>" * 9999, "sales.xls")
    with pytest.raises(
        UnreadableFileError, match=r"sales\.xls is a web page .*save it as"
    ) as error:
        read_purchases(path)
    assert len(str(error.value)) < 400


def test_long_names_of_columns_are_cut_in_a_message(save):
    path = save(",".join(["x" * 999] * 60).encode() + b"\n")
    with pytest.raises(CrmlabError, match="…', '…'") as error:
        read_purchases(path)
    assert len(str(error.value)) < 4000


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("csv", {"sheet": 0}), ("csv", {"sheet": "Sales"}), ("xlsx", {"separator": ";"}),
        ("xlsx", {"encoding": "gbk"}), ("parquet", {"sheet": "Sales"}),
        ("parquet", {"encoding": "gbk"}), ("parquet", {"separator": ","}),
    ],
)  # fmt: skip
def test_an_argument_that_the_kind_of_file_has_no_use_for_is_refused(save, content, said):
    argument = next(iter(said))
    with pytest.raises(OutOfRangeError, match=f"^{argument}=.* which has no {argument}; leave"):
        read_purchases(save(CONTENTS[content]), **said)
    with pytest.raises(OutOfRangeError, match=f"{argument}=.* means nothing for a DataFrame"):
        read_purchases(TABLE, **said)


def test_an_open_file_that_was_read_before_is_told_to_be_rewound(save):
    with save(ENGLISH.encode()).open("rb") as stream:
        stream.read()
        with pytest.raises(UnreadableFileError, match=r"rewind it with file\.seek\(0\)"):
            read_purchases(stream)


def test_an_encoding_that_does_not_fit_is_refused_with_the_line(save):
    with pytest.raises(UnreadableFileError, match=r"not decode as ascii \(given\).* line 1"):
        read_purchases(save(TEXT.encode()), encoding="ascii")


def ends_well(source, **said):
    """Read, and let nothing but an error of ours through."""
    try:
        purchases, report = read_purchases(source, **said)
    except CrmlabError:
        return
    assert [*purchases][:3] == ["customer_id", "date", "amount"]
    assert str(purchases["customer_id"].dtype) in ("int64", "str")
    assert purchases.iloc[:, :3].notna().all(axis=None)
    assert str(report.purchases) in str(report).replace(",", "")
    assert len(report.table) == len(report.faults)


@given(st.binary(max_size=200))
def test_any_bytes_end_well(data):
    ends_well(io.BytesIO(data))


@given(st.text(max_size=200), st.sampled_from(["customer,date,amount\n", "会员号;日期;金额\n"]))
def test_any_text_below_good_names_ends_well(text, names):
    ends_well(io.StringIO(names + text))
    ends_well(io.StringIO(names + text), unreadable="drop", day_first=True, decimal=".")


VALID = [ENGLISH.encode(), TEXT.encode("gb18030"), TEXT.encode("utf-16"), gzip.compress(b"a,b\n1")]
VALID += [workbook(), parquet(), zipped({"a.csv": ENGLISH})]


@given(st.sampled_from(VALID), st.lists(st.tuples(st.floats(0, 1), st.binary(max_size=3))))
def test_any_mutation_of_a_good_file_ends_well(data, changes):
    for where, new in changes:
        at = int(where * len(data))
        data = data[:at] + new + data[at + 1 :]
    ends_well(io.BytesIO(data), unreadable="drop")


cells = st.one_of(
    st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=5),
    st.binary(max_size=3), st.datetimes(), st.dates(), st.times(), st.timedeltas(),
    st.decimals(), st.complex_numbers(), st.just(pd.NA), st.just(pd.NaT),
    st.lists(st.integers(), max_size=2), st.just({"a": 1}),
)  # fmt: skip


@settings(max_examples=40)
@given(st.lists(st.tuples(cells, cells, cells, cells), max_size=5))
def test_a_frame_of_any_cells_ends_well(rows):
    table = pd.DataFrame(rows, columns=["customer", "date", "amount", "more"], dtype=object)
    ends_well(table, unreadable="drop", day_first=True)
    ends_well(table.infer_objects(), unreadable="drop", day_first=True)
