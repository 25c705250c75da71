"""explore_query: what is chosen becomes SQL and its answer; query_page is a pure function."""

import pytest

from crmlab.database import build_query, explore_query, query_page, query_text
from crmlab.database.explore.query import NONE, totals_of
from tests.database.hehua import hehua_on, small_tables


@pytest.fixture(scope="module")
def hehua(tmp_path_factory):
    with hehua_on(None, "sqlite", tmp_path_factory.mktemp("explore")) as engine:
        yield engine


def test_a_page_has_the_sql_its_values_and_the_first_rows(hehua):
    page = query_page(hehua, "purchases", where=("date", ">=", "2024-06-01"))
    assert "WHERE purchases.date &gt;= :date_1" in page
    assert "Values, apart from the text: :date_1 = 2024-06-01" in page
    assert page.count("<tr>") == 10
    assert "The first 10 rows; there are more." in page


def test_groups_have_the_largest_total_first_and_all_rows_when_they_fit(hehua):
    page = query_page(hehua, "purchases", group_by="people.gender", total="sum amount")
    purchases = small_tables()["purchases"].merge(
        small_tables()["people"][["customer_id", "gender"]]
    )
    spend = purchases.groupby("gender")["amount"].sum().sort_values(ascending=False)
    first, last = (page.index(f"<td>{gender}</td>") for gender in spend.index)
    assert first < page.index(f"<td>{spend.iloc[0]:,.2f}</td>") < last
    assert "All rows." in page
    assert ":none" not in page
    assert "apart from the text: none" in page


@pytest.mark.parametrize(
    ("where", "meant"),
    [
        (("readiness_to_try", "in", "1, 5"), "IN (:readiness_to_try_1_1, :readiness_to_try_1_2)"),
        (("households.lives_with_parents", "=", "Yes"), ":lives_with_parents_1 = True"),
        (("income_cny", "<", "5e4"), ":income_cny_1 = 50000.0"),
        (("fax", "is empty", ""), "people.fax IS NULL"),
    ],
)
def test_what_is_typed_becomes_a_value_of_the_fields_type(hehua, where, meant):
    assert meant in query_page(hehua, "people", where=where)


@pytest.mark.parametrize(
    ("where", "words"),
    [
        (("readiness_to_try", "=", "<script>"), "&#x27;&lt;script&gt;&#x27; is no integer"),
        (("income_cny", ">", " "), "type a value first: a number"),
        (("households.lives_with_parents", "=", "maybe"), "is no boolean"),
        (("birth_date", ">", "soon"), "must be a date"),
        (("nmae", "=", "x"), "Did you mean &#x27;name&#x27;"),
    ],
)
def test_a_question_that_cannot_be_asked_says_why_on_the_page(hehua, where, words):
    page = query_page(hehua, "people", where=where)
    assert page.startswith('<p role="alert">')
    assert words in page
    assert "<script" not in page


def test_totals_are_of_numbers_that_are_no_names(hehua):
    assert totals_of("purchases") == ["count", "sum amount", "mean amount"]
    assert totals_of("follows") == ["count"]


def test_choosing_redraws_the_page_and_a_new_table_offers_its_own_fields(hehua):
    widget = explore_query(hehua)
    table, fields, field, operator, value, group, total, page = widget.children
    assert query_text(build_query("purchases"))[0] in page.value
    group.value, total.value = "people.gender", "mean amount"
    assert "avg(purchases.amount) AS mean_amount" in page.value
    field.value, operator.value = "amount", ">"
    assert "type a value first: a number" in page.value
    value.value = "100"
    assert ":amount_1 = 100.0" in page.value
    table.value = "people"
    assert (field.value, group.value, total.value) == (NONE, NONE, "count")
    assert "people.name" not in fields.options
    assert "addresses.city" in fields.options
    fields.value = ("name", "addresses.city")
    assert "SELECT people.name, addresses.city\n" in page.value
