"""The report on a reading: what it says, as text, as a table and as HTML."""

import dataclasses
import io
import re

import pytest

from crmlab.data import read_purchases

TEXT = """customer,order date,payment date,amount
7,05.03.2024,06.03.2024,10
<script>alert(1)</script>,06.03.2024,06.03.2024,-4
,07.03.2024,07.03.2024,3
7,soon & <b>later</b>,08.03.2024,4
,,,
"""


@pytest.fixture
def report():
    return read_purchases(io.StringIO(TEXT), unreadable="drop", today="2024-12-31").report


def test_as_text_it_says_what_came_out_how_it_was_read_and_what_was_wrong(report):
    assert str(report) == (
        "2 purchases of 2 customers, 2024-03-05 to 2024-03-06, 6.00 in all; "
        "read from 4 rows of the open file\n"
        "How it was read\n"
        "  - columns: customer_id from 'customer', date from 'order date', amount from 'amount'\n"
        "  - encoding: utf-8 (every byte fits)\n"
        "  - separator: comma (it splits the column names best)\n"
        "  - date column: order date (rather than ['payment date']; see date=)\n"
        "  - dates: day first (dates with dots are written so)\n"
        "  - 1 blank row left out\n"
        "Faults (column names in row 1)\n"
        "  - unreadable date: 1 dropped, row 5, such as soon & <b>later</b>\n"
        "  - no customer: 1 dropped, row 4, such as nobody on 2024-03-07: 3.00\n"
        "  - refund: 1 kept, row 3, such as <script>alert(1)</script> on 2024-03-06…"
    )


def test_the_table_has_a_row_per_kind_of_fault(report):
    table = report.table
    assert table.columns.tolist() == [
        "fault", "treatment", "rows", "amount", "first_rows", "samples",
    ]  # fmt: skip
    assert table["fault"].tolist() == ["unreadable date", "no customer", "refund"]
    assert table["amount"].tolist() == [4, 3, -4]
    assert table["first_rows"].tolist() == ["5", "4", "3"]
    assert [str(kind) for kind in table.dtypes] == [
        "str", "str", "int64", "float64", "str", "str",
    ]  # fmt: skip


def test_the_page_shows_hostile_text_as_text(report):
    page = report._repr_html_()
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page
    assert "soon &amp; &lt;b&gt;later" in page
    assert not re.search("<script|<b>", page)


def test_hostile_names_of_columns_and_files_are_shown_as_text(tmp_path):
    path = tmp_path / "a&b<i>.csv"
    path.write_text("<b>who</b>,date,amount\n7,2024-03-05,10\n", encoding="utf-8")
    page = read_purchases(path, customer="<b>who</b>").report._repr_html_()
    assert "&lt;b&gt;who" in page
    assert "a&amp;b&lt;i&gt;.csv" in page
    assert not re.search("<b>|<i>", page)


def test_without_faults_it_says_so():
    text = "customer,date,amount\n7,2024-03-05,10\n"
    report = read_purchases(io.StringIO(text)).report
    assert str(report).endswith("No faults found.")
    assert "No faults found." in report._repr_html_()
    assert report.table.shape == (0, 6)


def test_many_rows_are_cut_where_people_read_and_whole_where_machines_do():
    text = "customer,date,amount\n" + "".join(f"7,2024-03-05,-{n}\n" for n in range(1, 2001))
    report = read_purchases(io.StringIO(text)).report
    refund = report.fault("refund")
    assert str(refund) == (
        "refund: 2,000 kept, rows 2, 3, 4, 5, 6, …, such as 7 on 2024-03-05: -1.00, "
        "7 on 2024-03-05: -2.00, 7 on 2024-03-05: -3.00"
    )
    assert refund.rows.tolist() == [*range(2, 2002)]
    assert len(refund.samples) == 3
    assert len(report._repr_html_()) < 3000


def test_long_samples_are_cut_to_a_readable_length():
    text = f"customer,date,amount\n7,{'x' * 500},1\n8,2024-03-05,1\n"
    fault = read_purchases(io.StringIO(text), unreadable="drop").report.fault("unreadable date")
    assert fault.samples == ("x" * 39 + "…",)


def test_a_report_does_not_change(report):
    with pytest.raises(dataclasses.FrozenInstanceError):
        report.rows = 5
