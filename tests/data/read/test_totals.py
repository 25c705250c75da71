"""Rows of totals below a table: by hand, for any data, and when misused."""

import io
from unicodedata import normalize

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from crmlab.data import read_purchases
from crmlab.errors import BadRowsError

TEXT = "customer,date,amount,item\n7,2024-03-05,150,tea\n8,2024-03-06,50,cake\n"


def read(text, **said):
    return read_purchases(io.StringIO(text), **said)


# by hand


def test_a_grand_total_is_no_customer_and_doubles_nothing():
    purchases, report = read(TEXT + "Grand total,2024-03-31,200,\n")
    assert purchases["customer_id"].tolist() == [7, 8]
    assert str(purchases["customer_id"].dtype) == "int64"
    assert (report.purchases, report.customers, report.amount) == (2, 2, 200)
    assert str(report.fault("totals row")) == (
        "totals row: 1 dropped, row 4, such as Grand total on 2024-03-31: 200.00"
    )
    assert report.fault("totals row").amount == 200
    assert [fault.kind for fault in report.faults] == ["totals row"]


@pytest.mark.parametrize(
    "word",
    ["合计", "总计", "小计", "合 计", "合计：", "总计金额", "汇总", "ＴＯＴＡＬ", "TOTAL",
     "Total:", "totals", "Subtotal", "Sub-total", "sub total", "SUM", "Grand Total",
     "*** Total ***", "Gesamtsumme", "1001 Total", "C-17 小计"],
)  # fmt: skip
@pytest.mark.parametrize("row", ["{},2024-03-31,200,", "{},,200,", "{},,,", ",{},200,", ",,200,{}"])
def test_every_word_for_a_total_is_known_wherever_it_stands(word, row):
    purchases, report = read(TEXT + row.format(word) + "\n")
    assert purchases["customer_id"].tolist() == [7, 8]
    assert [(fault.kind, fault.rows.tolist()) for fault in report.faults] == [("totals row", [4])]
    shown = normalize("NFKC", report.fault("totals row").samples[0])
    assert shown.startswith(normalize("NFKC", word).rstrip(":"))
    assert (report.rows, report.blank_rows) == (3, 0)


def test_a_total_with_a_chinese_colon_is_shown_without_and_is_no_full_width_id():
    _, report = read(TEXT + "合计：,,200,\n")
    assert report.fault("totals row").samples == ("合计: 200.00",)
    assert "full-width" not in str(report)


@pytest.mark.parametrize(
    "word", ["Totalenergies", "Summer", "Sumo", "总部", "计", "合计公司", "Total Wine", "Assum"]
)
def test_a_name_that_only_begins_like_a_total_is_a_customer(word):
    purchases, report = read(f"{TEXT}{word},2024-03-31,200,\n")
    assert purchases["customer_id"].tolist() == ["7", "8", word]
    assert report.faults == ()


def test_a_total_among_the_goods_of_a_customer_is_a_purchase():
    purchases, report = read(TEXT + "9,2024-03-31,200,total\n")
    assert purchases["customer_id"].tolist() == [7, 8, 9]
    assert report.faults == ()


def test_a_subtotal_below_each_customer_is_told_by_the_date():
    purchases, report = read(TEXT + "8,小计,50,\n")
    assert len(purchases) == 2
    assert report.fault("totals row").samples == ("小计: 50.00",)


@pytest.mark.parametrize("place", [0, 1])
def test_totals_do_not_change_the_type_of_ids_or_invoice_numbers(place):
    word = ["合计", ""] if place == 0 else ["", "合计"]
    text = "customer,invoice,date,amount\n7,501,2024-03-05,150\n8,502,2024-03-06,50\n"
    purchases, report = read(f"{text}{','.join(word)},,200\n")
    assert purchases["customer_id"].tolist() == [7, 8]
    assert purchases["purchase_id"].tolist() == [501, 502]
    assert [fault.kind for fault in report.faults] == ["totals row"]


def test_totals_stand_in_a_frame_or_a_workbook_too():
    days = pd.to_datetime(["2024-03-05", "2024-03-06", None])
    table = pd.DataFrame(
        {
            "customer": [7.0, 8.0, None],
            "date": days,
            "amount": [150.0, 50, 200],
            "item": ["", "", "总计"],
        }
    )
    data = io.BytesIO()
    table.to_excel(data, index=False, engine="xlsxwriter")
    data.seek(0)
    for source, row in ((table, 2), (data, 4)):
        purchases, report = read_purchases(source)
        assert purchases["customer_id"].tolist() == [7, 8]
        assert report.fault("totals row").rows.tolist() == [row]
        assert report.fault("totals row").samples == ("总计: 200.00",)


def test_totals_far_below_keep_their_row_numbers():
    text = "customer,date,amount,item\n" + "7,2024-03-05,1,tea\n" * 400_000 + ",,400000,Total\n"
    purchases, report = read(text)
    assert len(purchases) == 400_000
    assert report.fault("totals row").rows.tolist() == [400_002]


def test_a_customer_who_is_called_so_can_be_kept():
    purchases, report = read(TEXT + "Total,2024-03-31,200,\n", totals="keep")
    assert purchases["customer_id"].tolist() == ["7", "8", "Total"]
    assert report.fault("totals row").treatment == "kept"
    _, report = read(TEXT + ",2024-03-31,200,Total\n", totals="keep")
    assert {fault.kind: fault.treatment for fault in report.faults} == {
        "totals row": "kept",
        "no customer": "dropped",
    }


# for any data


@given(st.lists(st.sampled_from(["7,2024-03-05,2,x", "合计,,2,", ",Total,4,", ",,,sum", ",,,"])))
def test_with_totals_or_without_the_purchases_are_the_same(rows):
    text = "customer,date,amount,item\n8,2024-03-06,50,cake\n"
    with_totals, report = read(text + "".join(f"{row}\n" for row in rows))
    without, _ = read(text + "".join(f"{row}\n" for row in rows if row[0] == "7"))
    pd.testing.assert_frame_equal(with_totals, without)
    assert report.blank_rows == rows.count(",,,")
    assert report.rows == 1 + len(rows) - rows.count(",,,")


# when misused


def test_totals_can_be_refused_with_what_stands_there():
    with pytest.raises(
        BadRowsError, match=r"1 row with totals row: 4 \('合计 on 2024.*totals='drop'"
    ):
        read(TEXT + "合计,2024-03-31,200,\n", totals="refuse")


def test_totals_that_are_kept_and_cannot_be_read_are_refused():
    with pytest.raises(BadRowsError, match=r"1 row with unreadable date: 4 \(empty\)"):
        read(TEXT + "合计,,200,\n", totals="keep")
