"""read_purchases: by hand, for three readers, for any data, and when misused."""

import io
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crmlab.data import PurchaseReport, read_purchases
from crmlab.errors import (
    AmbiguousError,
    BadRowsError,
    MissingColumnsError,
    OutOfRangeError,
    UnreadableFileError,
)

HERE = Path(__file__).parent


def read(text, **said):
    return read_purchases(io.StringIO(text), **said)


def frame(customers, days, amounts, **more):
    columns = {"customer_id": customers, "date": pd.to_datetime(days), "amount": amounts, **more}
    return pd.DataFrame(columns).astype({"date": "M8[us]", "amount": "float64"})


def rows_of(report, kind):
    found = report.fault(kind)
    return [] if found is None else found.rows.tolist()


# A row of each kind of fault; the header is row 1.
FAULTY = """customer,date,amount
7,2024-03-05,10
8,2024-03-06,-4
,2024-03-07,3
7,2024-03-05,10
9,2024-03-08,0
9,2099-01-01,5
"""

# by hand


def test_the_purchases_come_out_typed_and_in_the_order_of_the_file():
    purchases, report = read("customer_id,date,amount\n9,2024-03-06,5\n7,2024-03-05,10.25\n")
    pd.testing.assert_frame_equal(
        purchases, frame([9, 7], ["2024-03-06", "2024-03-05"], [5, 10.25])
    )
    assert purchases.attrs == {}
    assert (report.rows, report.purchases, report.customers, report.amount) == (2, 2, 2, 15.25)
    assert report.first_date == pd.Timestamp("2024-03-05")
    assert report.last_date == pd.Timestamp("2024-03-06")
    assert report.faults == ()
    assert report.columns == {"customer_id": "customer_id", "date": "date", "amount": "amount"}


def test_every_fault_is_counted_with_the_row_a_reader_sees():
    purchases, report = read(FAULTY, today="2024-12-31")
    assert purchases["customer_id"].tolist() == [7, 8, 7, 9, 9]
    found = {fault.kind: (fault.treatment, fault.rows.tolist()) for fault in report.faults}
    assert found == {
        "no customer": ("dropped", [4]),
        "duplicate": ("kept", [5]),
        "future date": ("kept", [7]),
        "refund": ("kept", [3]),
        "zero amount": ("kept", [6]),
    }
    assert report.fault("refund").amount == -4
    assert report.fault("no customer").samples == ("nobody on 2024-03-07: 3.00",)
    assert report.fault("torn row") is None


@pytest.mark.parametrize(
    ("argument", "kind", "gone"),
    [
        ("refunds", "refund", 3),
        ("zero_amounts", "zero amount", 6),
        ("duplicates", "duplicate", 5),
        ("future", "future date", 7),
    ],
)
def test_each_kind_of_fault_can_be_dropped_or_refused(argument, kind, gone):
    purchases, report = read(FAULTY, today="2024-12-31", **{argument: "drop"})
    assert len(purchases) == 4
    assert report.fault(kind).treatment == "dropped"
    assert rows_of(report, kind) == [gone]
    with pytest.raises(BadRowsError, match=f"1 row with {kind}: {gone}") as error:
        read(FAULTY, today="2024-12-31", **{argument: "refuse"})
    assert error.value.table["row"].tolist() == [gone]
    assert error.value.table["fault"].tolist() == [kind]


def test_rows_without_a_customer_can_be_refused():
    with pytest.raises(BadRowsError, match=r"1 row with no customer: 4 \('nobody on 2024-03-07"):
        read(FAULTY, no_customer="refuse")


def test_all_that_is_refused_is_refused_at_once():
    text = "customer,date,amount\n7,soon,ten\n8,2024-03-06,5\n,2024-03-07,five\n8,x\n9,,1\n"
    with pytest.raises(BadRowsError) as error:
        read(text)
    assert error.value.table.to_numpy().tolist() == [
        [5, "torn row", "8,x"],
        [2, "unreadable date", "soon"],
        [6, "unreadable date", ""],
        [2, "unreadable amount", "ten"],
        [4, "unreadable amount", "five"],
    ]
    for said in ("2 rows with unreadable date: 2 ('soon'), 6", "'drop'", "column names in row 1"):
        assert said in str(error.value)
    purchases, report = read(text, unreadable="drop")
    assert purchases["customer_id"].tolist() == [8]
    assert [fault.treatment for fault in report.faults] == ["dropped"] * 4


@pytest.mark.parametrize(
    ("written", "remedy"),
    [
        ("", r"\(empty\)\. Remedy: fill in the empty cells; or leave them out with unreadable="),
        ("30/02/2024", "Remedy: mend days that no calendar has"),
        ("2024-03-05 25:00", "Remedy: mend days that no calendar has"),
        ("1709600000", r"seconds since 1970 .* pd\.to_datetime\(column, unit='s'\)"),
        ("1709600000123", r"milliseconds since 1970 .* unit='ms'\)"),
        ("05/33/24", "Remedy: mend days that no calendar has"),
        ("soon", "Remedy: mend what is no date; or leave them out"),
    ],
)
def test_the_remedy_for_a_date_fits_what_stands_there(written, remedy):
    with pytest.raises(BadRowsError, match=f"1 row with unreadable date: 2 .*{remedy}"):
        read(f"customer,date,amount\n7,{written},1\n8,31/03/2024,1\n")


def test_each_remedy_for_dates_is_said_once():
    text = "customer,date,amount\n7,soon,1\n7,,1\n7,later,1\n"
    with pytest.raises(BadRowsError, match=r"mend what is no date; fill in .*; or leav"):
        read(text)


def test_a_year_far_ahead_is_kept_and_told():
    purchases, report = read("customer,date,amount\n7,2999-01-02,1\n8,9999-12-31,1\n7,29990103,1\n")
    assert purchases["date"].dt.year.tolist() == [2999, 9999, 2999]
    assert (report.fault("future date").treatment, rows_of(report, "future date")) == (
        "kept", [2, 3, 4],
    )  # fmt: skip
    assert "2999-01-02 to 9999-12-31" in str(report)


def test_a_long_list_is_cut_in_the_message_and_whole_in_the_frame():
    text = "customer,date,amount\n" + "7,soon,1\n" * 1000
    with pytest.raises(BadRowsError, match=r"1,000 rows with unreadable date: 2 .*and 980 more"):
        read(text)
    with pytest.raises(BadRowsError) as error:
        read(text)
    assert len(str(error.value)) < 1000
    assert error.value.table["row"].tolist() == [*range(2, 1002)]


def test_blank_rows_are_left_out_and_counted_but_keep_their_numbers():
    text = "\ncustomer,date,amount\n\n7,2024-03-05,1\n,,\n8,2024-03-06,-2\n\n"
    purchases, report = read(text)
    assert purchases["customer_id"].tolist() == [7, 8]
    assert (report.rows, report.blank_rows) == (2, 3)
    assert rows_of(report, "refund") == [6]
    assert report.counted_from == "column names in row 2"


def test_rows_below_a_torn_one_keep_their_numbers():
    _, report = read(
        "customer,date,amount\n7,2024-03-05,-1\n8\n9,2024-03-06,-2,x,y\n9,2024-03-06,-2\n",
        unreadable="drop",
    )
    assert rows_of(report, "torn row") == [3, 4]
    assert rows_of(report, "refund") == [2, 5]


def test_lines_of_an_invoice_are_summed_to_one_purchase():
    purchases, report = read(
        "InvoiceNo,StockCode,Quantity,InvoiceDate,UnitPrice,CustomerID\n"
        "536365,A,2,12/1/2010 8:28,2.55,17850.0\n"
        "536366,C,1,12/1/2010 8:30,7.00,17850.0\n"
        "536365,B,6,12/1/2010 8:26,3.39,17850.0\n"
        "C536379,A,-2,12/13/2010 9:41,2.55,17850.0\n"
        "536380,A,1,12/13/2010 9:41,2.55,\n"
    )
    pd.testing.assert_frame_equal(
        purchases,
        frame(
            [17850] * 3,
            ["2010-12-01 08:26", "2010-12-01 08:30", "2010-12-13 09:41"],
            [25.44, 7, -5.1],
            purchase_id=pd.Series(["536365", "536366", "C536379"], dtype="str"),
        ),
    )
    assert rows_of(report, "refund") == [5]
    assert report.fault("refund").samples == ("17850 on 2010-12-13: -5.10",)
    assert "invoice lines: summed (4 lines make 3 purchases; see invoice=)" in str(report)
    assert "amount: quantity times unit price" in str(report)


def test_one_invoice_of_two_customers_is_two_purchases_and_none_is_its_own():
    purchases, _ = read(
        "customer,date,amount,invoice\n1,2024-03-05,1,9\n2,2024-03-05,2,9\n1,2024-03-05,4,9\n"
        "1,2024-03-06,8,\n1,2024-03-06,16,\n"
    )
    assert purchases["amount"].tolist() == [5, 2, 8, 16]
    assert purchases["purchase_id"].isna().tolist() == [False, False, True, True]
    assert purchases["purchase_id"].tolist()[:2] == ["9", "9"]


def test_a_point_before_three_digits_is_told_or_refused_by_what_divides_the_cells():
    comma = "customer,date,amount\n7,2024-03-05,1.200\n8,2024-03-06,500\n"
    purchases, report = read(comma)
    assert purchases["amount"].tolist() == [1.2, 500]
    assert "decimal mark: point (1.200 is read as 1.2; else set decimal=',')" in str(report)
    with pytest.raises(AmbiguousError, match=r"Set decimal=',' if '1\.200' is 1200"):
        read(comma.replace(",", ";"))
    assert read(comma.replace(",", ";"), decimal=",")[0]["amount"].tolist() == [1200, 500]
    assert read(comma.replace(",", ";"), decimal=".")[0]["amount"].tolist() == [1.2, 500]
    told = comma.replace(",", ";") + "9;2024-03-06;7.50\n"
    assert read(told)[0]["amount"].tolist() == [1.2, 500, 7.5]


def test_the_first_point_far_below_whole_numbers_is_told_too():
    text = "customer,date,amount\n" + "7,2024-03-05,500\n" * 30_000 + "7,2024-03-05,1.200\n"
    purchases, report = read(text)
    assert purchases["amount"].iloc[-1] == 1.2
    assert "1.200 is read as 1.2" in str(report)
    assert "decimal mark" not in str(read(text + "7,2024-03-05,7.5\n")[1])


def test_cents_that_cancel_make_a_zero():
    lines = "".join(f"1,2024-03-05,{amount},9\n" for amount in (0.1, 0.2, -0.3))
    purchases, report = read("customer,date,amount,invoice\n" + lines)
    assert purchases["amount"].tolist() == [0]
    assert rows_of(report, "zero amount") == [2]


def test_without_invoice_sums_each_line_stays():
    text = "customer,date,amount,invoice\n1,2024-03-05,1,9\n1,2024-03-05,4,9\n"
    purchases, _ = read(text, invoice=False)
    assert [*purchases] == ["customer_id", "date", "amount"]
    assert purchases["amount"].tolist() == [1, 4]


def test_a_row_is_a_duplicate_only_if_every_column_of_the_file_repeats():
    text = "customer,date,amount,item\n1,2024-03-05,5,tea\n1,2024-03-05,5,cake\n"
    assert read(text)[1].faults == ()
    assert rows_of(read(text + "1,2024-03-05,5,tea\n")[1], "duplicate") == [4]
    assert rows_of(read(text + "1,2024/3/5,5.00,tea\n")[1], "duplicate") == [4]


def test_channel_store_and_category_are_kept_as_text():
    purchases, _ = read(
        "会员号,日期,金额,渠道,门店,品类\n1,2024-03-05,5,网店,7,茶\n1,2024-03-06,5,,8,\n"
    )
    assert purchases["channel"].tolist()[0] == "网店"
    assert purchases["channel"].isna().tolist() == [False, True]
    assert purchases["store"].tolist() == ["7", "8"]
    assert {str(purchases[name].dtype) for name in ("channel", "store", "category")} == {"str"}


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        (["12", "7"], [12, 7]),
        (["12.0", "7"], [12, 7]),
        (["0", "-7"], [0, -7]),
        (["0012", "7"], ["0012", "7"]),
        (["A12", "7"], ["A12", "7"]),
        (["12.5", "7"], ["12.5", "7"]),
        (["12345678901234567890", "7"], ["12345678901234567890", "7"]),
        ([" 12 ", "12"], [12, 12]),
        (["NULL x", " b"], ["NULL x", "b"]),
    ],
)
def test_customers_are_whole_numbers_or_text_never_decimals(written, meant):
    lines = "".join(f"{who},2024-03-05,{amount}\n" for amount, who in enumerate(written, 1))
    customers = read("customer,date,amount\n" + lines)[0]["customer_id"]
    assert customers.tolist() == meant
    assert str(customers.dtype) == ("int64" if isinstance(meant[0], int) else "str")


@pytest.mark.parametrize(
    ("cells", "meant"),
    [
        (pd.Series([12.0, 7.0]), [12, 7]),
        (pd.Series([12.0, np.nan]), [12]),
        (pd.Series([12.5, 7.0]), ["12.5", "7"]),
        (pd.Series([12, 7], dtype="uint64"), [12, 7]),
        (pd.Series([2**63, 7], dtype="uint64"), [str(2**63), "7"]),
        (pd.Series([12, None], dtype="Int64"), [12]),
        (pd.Series(["a", "b"], dtype="category"), ["a", "b"]),
        (pd.Series([12.0, "x"], dtype=object), ["12", "x"]),
        (pd.Series([12, "13"], dtype=object), [12, 13]),
        (pd.Series([True, False]), ["True", "False"]),
        (pd.Series([2**70, 7], dtype=object), [str(2**70), "7"]),
    ],
)
def test_customers_of_a_frame_of_any_type_are_whole_numbers_or_text(cells, meant):
    days = pd.to_datetime(["2024-03-05", "2024-03-06"])
    table = pd.DataFrame({"customer": cells, "date": days, "amount": [1.0, 2.0]})
    before = table.copy(deep=True)
    purchases, _ = read_purchases(table)
    assert purchases["customer_id"].tolist() == meant
    pd.testing.assert_frame_equal(table, before)


def test_rows_of_a_frame_are_counted_from_zero_whatever_its_index():
    table = frame([1, 2], ["2024-03-05", "2024-03-06"], [1, -2]).set_axis([7, 7])
    purchases, report = read_purchases(table)
    assert rows_of(report, "refund") == [1]
    assert "counted from 0" in str(report)
    assert purchases.index.tolist() == [0, 1]


def test_long_numbers_that_excel_cut_are_told():
    text = "card_no,date,amount\n6.22202E+15,2024-03-05,5\n7,2024-03-05,5\n"
    purchases, report = read(text)
    assert purchases["customer_id"].tolist() == ["6.22202E+15", "7"]
    assert "customer ids: kept as text, digits are lost (numbers such as 1.23457E" in str(report)
    assert "export that column anew as text" in str(report)


@pytest.mark.parametrize(
    ("ids", "kind"),
    [
        ([2.0**53, 7.0], "float64"), ([-(2.0**53), 7.0], "float64"), ([1e22, np.nan], "float64"),
        ([2.0**24, 7.0], "float32"), ([2.0**11, 7.0], "float16"), ([2.0**60, "x"], object),
    ],
)  # fmt: skip
def test_floats_too_large_for_their_last_digit_stay_text_and_are_told(ids, kind):
    days = pd.to_datetime(["2024-03-05", "2024-03-06"])
    table = pd.DataFrame({"customer": pd.Series(ids, dtype=kind), "date": days, "amount": [1, 2]})
    purchases, report = read_purchases(table)
    assert str(purchases["customer_id"].dtype) == "str"
    assert "customer ids: kept as text, digits are lost" in str(report)


def test_the_largest_float_that_tells_all_whole_numbers_apart_is_one():
    days = pd.to_datetime(["2024-03-05", "2024-03-06"])
    table = pd.DataFrame({"customer": [2.0**53 - 1, 7.0], "date": days, "amount": [1, 2]})
    purchases, report = read_purchases(table)
    assert purchases["customer_id"].tolist() == [2**53 - 1, 7]
    assert report.guesses == ()


def test_full_width_ids_are_the_plain_ones_and_that_is_told():
    text = "customer,date,amount,invoice,store\n"
    text += "１２,2024-03-05,5,Ａ１,Ａ\n12,2024-03-05,6,A1,A\n"
    purchases, report = read(text)
    assert purchases["customer_id"].tolist() == [12]
    assert purchases["amount"].tolist() == [11]
    assert purchases["store"].tolist() == ["Ａ"]
    assert (
        "customer ids: full-width letters as plain ones (such as １２, which counts as 12; 1 w"
        in str(report)
    )
    assert "invoice numbers: full-width letters" in str(report)
    assert "full-width" not in str(read("customer,date,amount\n王12,2024-03-05,5\n")[1])


@pytest.mark.parametrize("nobody", ["(blank)", "(空白)", "（空白）", "NULL", "N/A", "\\N", "nan"])
def test_what_programs_write_for_nothing_is_no_customer(nobody):
    purchases, report = read(f"customer,date,amount\n7,2024-03-05,5\n{nobody},2024-03-05,5\n")
    assert purchases["customer_id"].tolist() == [7]
    assert rows_of(report, "no customer") == [3]


def test_changing_the_purchases_leaves_the_frame_alone():
    table = frame([1, 2], ["2024-03-05", "2024-03-06"], [1, 2])
    purchases, _ = read_purchases(table)
    purchases.loc[0, "amount"] = 99
    assert table["amount"].tolist() == [1, 2]


def test_today_is_not_in_the_future_to_its_last_moment():
    text = "customer,date,amount\n1,2024-03-05 23:59:59,5\n1,2024-03-06 00:00:00,5\n"
    assert rows_of(read(text, today="2024-03-05")[1], "future date") == [3]
    assert rows_of(read(text, today=pd.Timestamp("2024-03-05 08:00", tz="UTC"))[1], "future date")
    assert read(text)[1].faults == ()


def test_a_title_above_the_column_names_is_skipped():
    purchases, report = read(
        "销售明细,,\n导出日期 2024-04-01,,\n会员号,日期,金额\n7,2024-03-05,-1\n"
    )
    assert purchases["customer_id"].tolist() == [7]
    assert report.counted_from == "column names in row 3"
    assert rows_of(report, "refund") == [4]


def test_a_file_whose_rows_are_all_dropped_gives_an_empty_frame():
    purchases, report = read("customer,date,amount\n,2024-03-05,1\n")
    assert purchases.shape == (0, 3)
    assert str(purchases["date"].dtype) == "datetime64[us]"
    assert report.first_date is pd.NaT
    assert str(report).startswith("0 purchases of 0 customers; read from 1 row of")


# for three readers


def test_a_shop_in_china_reads_what_excel_exported(tmp_path):
    path = tmp_path / "销售.csv"
    text = (
        "会员卡号,姓名,消费日期,实付金额（元）,门店\r\n"
        '00123,王小明,2024年3月5日,"￥1,234.50",朝阳店\r\n'
        "00124,李雷,2024/3/6 14:30,88,南京西路店\r\n"
        ",,2024-03-07,5.00,\r\n"
        "00123,王小明,2024年3月8日,-12.5,朝阳店\r\n"
        ",,,,\r\n"
    )
    path.write_bytes(text.encode("gbk"))
    purchases, report = read_purchases(path)
    expected = frame(
        pd.Series(["00123", "00124", "00123"], dtype="str"),
        ["2024-03-05 00:00", "2024-03-06 14:30", "2024-03-08 00:00"],
        [1234.5, 88, -12.5],
        store=pd.Series(["朝阳店", "南京西路店", "朝阳店"], dtype="str"),
    )
    pd.testing.assert_frame_equal(purchases, expected)
    assert "encoding: gb18030" in str(report)
    assert (rows_of(report, "no customer"), rows_of(report, "refund")) == ([4], [5])


def test_an_old_workbook_of_excel_is_read():
    purchases, report = read_purchases(HERE / "old.xls")
    pd.testing.assert_frame_equal(
        purchases, frame([1001, 1002], ["2024-03-05", "2024-03-16"], [12.5, -3.25])
    )
    assert rows_of(report, "refund") == [3]


def test_a_researcher_reads_online_retail_as_a_workbook(tmp_path):
    path = tmp_path / "Online Retail.xlsx"
    when = [pd.Timestamp(f"2010-12-01 08:{minute}") for minute in (26, 26, 34)]
    lines = pd.DataFrame(
        {
            "InvoiceNo": [536365, 536365, "C536367"],
            "StockCode": ["85123A", 71053, 84879],
            "Description": ["HEART", "LANTERN", "BIRD"],
            "Quantity": [6, 6, -32],
            "InvoiceDate": when,
            "UnitPrice": [2.55, 3.39, 1.69],
            "CustomerID": [17850, 17850, np.nan],
            "Country": ["United Kingdom"] * 3,
        }
    )
    with pd.ExcelWriter(path, engine="xlsxwriter") as book:
        pd.DataFrame({"a": ["notes"]}).to_excel(book, sheet_name="About", index=False)
        lines.to_excel(book, sheet_name="Online Retail", index=False)
    purchases, report = read_purchases(path)
    pd.testing.assert_frame_equal(
        purchases,
        frame([17850], when[:1], [35.64], purchase_id=pd.Series(["536365"], dtype="str")),
    )
    assert rows_of(report, "no customer") == [4]
    assert "sheet: Online Retail (of ['About', 'Online Retail'])" in str(report)
    same, _ = read_purchases(path, sheet=1)
    pd.testing.assert_frame_equal(same, purchases)
    with pytest.raises(MissingColumnsError, match=r"sheet='Sales' .* has \['About', 'Online"):
        read_purchases(path, sheet="Sales")
    with pytest.raises(MissingColumnsError, match=r"the file has \['a'\]"):
        read_purchases(path, sheet="About")


def test_a_long_clean_table_is_read_alike_from_text_parquet_and_memory(tmp_path):
    rng = np.random.default_rng(5)
    n = 300_000  # more than one block of text
    days = np.datetime64("2023-01-01") + rng.integers(0, 400, n)
    table = frame(rng.integers(0, 20_000, n), days, rng.integers(1, 10**6, n) / 100)
    table.to_csv(tmp_path / "long.csv", index=False, encoding="utf-8")
    table.to_parquet(tmp_path / "long.parquet")
    for source in (table, tmp_path / "long.csv", tmp_path / "long.parquet"):
        purchases, report = read_purchases(source)
        pd.testing.assert_frame_equal(purchases, table)
        assert [guess.what for guess in report.guesses] in (["encoding", "separator"], [])


@pytest.mark.parametrize(
    "odd", ["007,2024-03-05,5", "C7,2024-03-05,5", "7,5 Mar 2024,5", '7,2024-03-05,"5,5"', ",,"]
)
def test_one_odd_cell_far_down_changes_how_all_are_read_but_nothing_else(odd):
    n = 50_000
    text = "customer,date,amount\n" + "".join(f"{i},2024-03-05,{i}.5\n" for i in range(n))
    clean, _ = read(text)
    mixed, report = read(text + odd + "\n", decimal=".", unreadable="drop")
    np.testing.assert_array_equal(mixed["customer_id"][:n].astype("int64"), clean["customer_id"])
    pd.testing.assert_frame_equal(mixed.iloc[:n, 1:], clean.iloc[:, 1:])
    assert report.rows + report.blank_rows == n + 1


def test_leading_zeros_far_below_whole_numbers_are_kept():
    text = "customer,date,amount\n" + "7,2024-03-05,1\n" * 30_000 + "007,2024-03-05,1\n"
    customers = read(text)[0]["customer_id"]
    assert customers.iloc[[0, -1]].tolist() == ["7", "007"]


# for any data

purchase_rows = st.lists(
    st.tuples(
        st.sampled_from(["", "1", "2", "x", "合计"]),
        st.sampled_from(["2024-03-05", "2024-03-06", "2099-01-01", "soon", ""]),
        st.sampled_from(["5", "-5", "0", "five", ""]),
    ),
    min_size=1,
)
choice = st.sampled_from(["keep", "drop"])


@given(purchase_rows, choice, choice, choice, choice)
def test_every_row_is_in_the_frame_or_in_the_report(rows, refunds, zeros, twins, future):
    text = "customer,date,amount\n" + "".join(",".join(row) + "\n" for row in rows)
    purchases, report = read(
        text,
        unreadable="drop",
        refunds=refunds,
        zero_amounts=zeros,
        duplicates=twins,
        future=future,
        today="2024-12-31",
    )
    dropped = [fault.rows for fault in report.faults if fault.treatment == "dropped"]
    gone = {*np.concatenate([*dropped, []]).tolist()}
    assert report.rows + report.blank_rows == len(rows)
    assert len(purchases) + len(gone) == report.rows
    assert gone <= {*range(2, len(rows) + 2)}
    assert purchases.notna().all(axis=None)


@settings(max_examples=40)
@given(purchase_rows, st.randoms(use_true_random=False))
def test_row_order_changes_neither_counts_nor_money(rows, random):
    def facts(lines):
        text = "customer,date,amount\n" + "".join(",".join(row) + "\n" for row in lines)
        purchases, report = read(text, unreadable="drop", today="2024-12-31")
        counts = {fault.kind: (fault.count, fault.amount) for fault in report.faults}
        return counts, sorted(purchases["amount"]), sorted(purchases["customer_id"].astype(str))

    shuffled = rows.copy()
    random.shuffle(shuffled)
    assert facts(rows) == facts(shuffled)


# when misused


@pytest.mark.parametrize(
    ("said", "message"),
    [
        ({"refunds": "ignore"}, "refunds must be 'keep' or 'drop' or 'refuse'; got 'ignore'"),
        ({"totals": "count"}, "totals must be 'keep' or 'drop' or 'refuse'; got 'count'"),
        ({"no_customer": "keep"}, "no_customer must be 'drop' or 'refuse'; got 'keep'"),
        ({"unreadable": True}, "unreadable must be 'drop' or 'refuse'; got True"),
        ({"decimal": "·"}, r"decimal must be '\.' or ','; got '·'"),
        ({"day_first": "yes"}, "day_first must be True or False; got 'yes'"),
        ({"date_format": "dmy"}, "date_format='dmy' has no part such as %Y"),
        ({"today": "someday"}, "today='someday' is no date; write it as"),
        ({"today": pd.NaT}, "today=NaT is no date"),
        ({"separator": ";;"}, "separator=';;' must be one character"),
        ({"separator": '"'}, "separator='\"' must be one character"),
        ({"encoding": "klingon"}, "encoding='klingon' is no encoding Python knows"),
        ({"encoding": "base64"}, "encoding='base64' is no encoding Python knows"),
        ({"encoding": 8}, "encoding=8 is no encoding Python knows"),
    ],
)
def test_an_argument_that_makes_no_sense_is_refused_with_what_would(said, message):
    with pytest.raises(OutOfRangeError, match=message):
        read(FAULTY, **said)


@pytest.mark.parametrize("source", [None, 7, ["a"], {"customer": [1]}, pd.Series([1])])
def test_what_is_neither_path_nor_file_nor_frame_is_refused(source):
    with pytest.raises(UnreadableFileError, match="takes a path, an open file or a DataFrame"):
        read_purchases(source)


def test_dates_that_could_be_read_two_ways_are_refused_for_the_whole_file():
    text = "customer,date,amount\n1,05/03/2024,5\n1,06/03/2024,5\n"
    with pytest.raises(AmbiguousError, match="day_first=True"):
        read(text)
    assert read(text, day_first=True)[0]["date"].dt.month.tolist() == [3, 3]
    assert read(text, day_first=False)[0]["date"].dt.month.tolist() == [5, 6]


def test_reading_returns_a_pair_that_also_has_names():
    reading = read(FAULTY)
    assert isinstance(reading.report, PurchaseReport)
    assert reading.purchases is reading[0]
