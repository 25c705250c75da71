"""The page itself: stands alone, well formed, readable by a screen reader, whatever the file."""

import re
from base64 import b64decode
from html.parser import HTMLParser
from itertools import pairwise

import pandas as pd
import pytest
from bs4 import BeautifulSoup
from hypothesis import given, settings
from hypothesis import strategies as st

from crmlab._shipped import shipped
from crmlab._words import speaking
from crmlab.errors import CrmlabError, OutOfRangeError
from crmlab.report import report_page

SECTIONS = ["glance", "quality", "segments", "pyramid", "members", "migration", "change"]
SECTIONS += ["outlook", "act", "glossary", "definitions"]
VOID = {"meta", "img", "br", "link"}


class Nesting(HTMLParser):
    """Notes every tag that is not closed where it should be."""

    def __init__(self, html):
        super().__init__()
        self.open, self.wrong = [], []
        self.feed(html)
        self.wrong += self.open

    def handle_starttag(self, tag, attributes):
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag):
        if not self.open or self.open.pop() != tag:
            self.wrong.append(tag)


@pytest.fixture
def shop(log):
    """Ten customers who buy for a year, each at a pace of their own."""
    days = pd.date_range("2024-01-01", "2024-12-31")
    rows = [
        (c, day, 10.0 * c + i % 7) for c in range(1, 11) for i, day in enumerate(days[:: 5 * c])
    ]
    return log(rows)


# by hand


def test_the_sections_stand_in_the_order_of_the_list_of_contents(cdnow_page):
    links = [a["href"] for a in cdnow_page.soup.select("nav a")]
    assert links == [f"#{anchor}" for anchor in SECTIONS]
    assert [s["id"] for s in cdnow_page.soup.select("main section")] == SECTIONS


def test_the_page_asks_for_nothing_from_anywhere(cdnow_page):
    soup = cdnow_page.soup
    assert not soup.select("script, link, iframe, object, embed, base, form, [srcset]")
    sources = [tag["src"] for tag in soup.select("[src]")]
    assert len(sources) == 9
    assert all(source.startswith("data:image/svg+xml;base64,") for source in sources)
    assert all(tag["href"].startswith("#") for tag in soup.select("[href]"))
    assert "url(" not in cdnow_page.html
    assert "@import" not in cdnow_page.html
    for source in sources:
        svg = b64decode(source.partition(",")[2]).decode()
        assert not re.search(r'(href|src)="(?!#|data:)', svg)


def test_every_tag_is_closed_where_it_should_be_and_ids_are_unique(cdnow_page):
    assert Nesting(cdnow_page.html).wrong == []
    ids = [tag["id"] for tag in cdnow_page.soup.select("[id]")]
    assert len(ids) == len({*ids})
    targets = {a["href"].removeprefix("#") for a in cdnow_page.soup.select("a")}
    labels = {tag["aria-labelledby"] for tag in cdnow_page.soup.select("[aria-labelledby]")}
    assert targets | labels <= {*ids}


def test_a_screen_reader_finds_its_way(cdnow_page):
    soup = cdnow_page.soup
    assert soup.html["lang"] == "en"
    assert soup.body.find("a").get("href") == "#main"
    assert [len(soup.select(tag)) for tag in ("header", "nav", "main", "footer", "h1")] == [1] * 5
    levels = [int(tag.name[1]) for tag in soup.find_all(re.compile(r"^h\d$"))]
    assert levels[0] == 1
    assert all(after - before <= 1 for before, after in pairwise(levels))
    assert all(len(image["alt"]) > 40 for image in soup.select("img"))
    for table in soup.select("table"):
        assert table.caption.get_text()
        assert all(head["scope"] == "col" for head in table.select("thead th"))
        assert all(row.th["scope"] == "row" for row in table.select("tbody tr"))
    assert {span["lang"] for span in soup.select("#glossary dt span")} == {"zh-Hans"}


def test_the_glossary_is_in_order_and_every_term_has_its_chinese(cdnow_page):
    terms = cdnow_page.soup.select("#glossary dt")
    english = [str(term.contents[0]).strip() for term in terms]
    assert english == sorted(english, key=str.lower)
    assert all(re.search(r"[一-鿿]", term.span.get_text()) for term in terms)
    assert len(terms) == int(cdnow_page.finding("glossary").split()[0])


def test_every_number_has_its_definition(cdnow_page):
    names = ", ".join(cdnow_page.table("Numbers, in the order").index).lower()
    soup = cdnow_page.soup
    heads = [*soup.select(".card dt"), *soup.select("thead th.number, thead th.share")]
    numbers = {head.get_text().lower().removeprefix("median ") for head in heads}
    moves = {number for number in numbers if number.startswith("later: ")}
    assert len(numbers - moves) > 20
    assert [number for number in numbers - moves if number not in names] == []


def test_every_definition_names_a_function_that_exists(cdnow_page):
    from importlib import import_module

    for name in cdnow_page.table("Numbers, in the order")["Function of crmlab"]:
        room, _, function = name.rpartition(".")
        assert hasattr(import_module(room), function), name


def test_no_colour_of_text_is_too_faint(cdnow_page):
    """WCAG 2.1, contrast of 4.5 : 1 for text on each of the backgrounds it stands on."""
    style = cdnow_page.soup.style.get_text()
    colours = dict(re.findall(r"--([a-z-]+): #([0-9a-f]{6});", style))

    def light(name):
        channels = [int(colours[name][i : i + 2], 16) / 255 for i in (0, 2, 4)]
        linear = [c / 12.92 if c <= 0.03928 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
        return sum(w * c for w, c in zip((0.2126, 0.7152, 0.0722), linear, strict=True))

    pairs = [("ink", "paper"), ("soft", "paper"), ("soft", "wash"), ("accent", "paper")]
    pairs += [("accent", "wash"), ("caution", "caution-wash"), ("ink", "accent-wash")]
    for text, ground in pairs:
        assert (light(ground) + 0.05) / (light(text) + 0.05) >= 4.5, (text, ground)


# whatever the file


def test_the_same_purchases_give_the_same_page_whatever_their_order(shop):
    before = shop.copy()
    page = report_page(shop)
    assert page == report_page(shop)
    assert page == report_page(shop.iloc[::-1])
    pd.testing.assert_frame_equal(shop, before)


def test_ids_are_hidden_unless_asked_for(report, log, shop):
    named = shop.assign(customer_id=shop["customer_id"].map("client-{:03d}".format))
    hidden, shown = report(named), report(named, show_ids=True)
    assert "client-0" not in hidden.html
    assert "pseudonyms" in hidden.text("act")
    assert "client-001" in shown.html
    assert "pseudonyms" not in shown.text("act")
    names = {cell.get_text(strip=True) for cell in hidden.soup.select("#act tbody th")}
    assert len(names) == len(shown.soup.select("#act tbody th")) > 0
    assert all(re.fullmatch(r"C-[A-Z2-7]{4}-[A-Z2-7]{4}", name) for name in names)


def test_a_single_customer_to_act_on_is_spoken_of_as_one(report, log):
    rows = [("A", "2024-01-02", 5.0), ("A", "2024-01-12", 5.0), ("E", "2024-01-31", 40.0)]
    page = report(log([*rows, *((name, "2024-01-03", 10.0) for name in "BCD")]))
    assert page.finding("act").startswith("Start with this 1 customer, 20% of all")
    assert "In quadrant 3 4 customers did not return in the period" in page.text("members")


def test_faulty_cells_are_shown_only_with_the_ids(report, shop):
    refund = shop.assign(customer_id=shop["customer_id"].map("client-{}".format))
    refund.loc[3, "amount"] = -7.25
    hidden, shown = report(refund), report(refund, show_ids=True)
    assert hidden.table("What deserves a look").loc["refund", "Rows"] == "1"
    assert hidden.table("What deserves a look").loc["refund", "Row numbers"] == "3"
    assert "client-1" not in hidden.text("quality")
    assert "client-1" in shown.table("What deserves a look")["As written in the file"]["refund"]


def test_hostile_text_is_shown_as_text(report, log):
    names = ["<script>alert(1)</script>", "=cmd|' /C calc'!A0", "\"q\" & 'r'", "{{ 7 * 7 }}"]
    names += ["\u202egnp.exe", "\x07bell", "名" * 500, "</bdi></td></table>", "عميل", "<img src=x>"]
    rows = [
        (names[i % 10], f"2024-{i % 12 + 1:02d}-{i % 27 + 1:02d}", 10.0 + i) for i in range(300)
    ]
    purchases = log(rows).rename(columns={"amount": "<b>paid</b>"})
    page = report(
        purchases,
        amount="<b>paid</b>",
        show_ids=True,
        title="<h1>\u202e",
        currency="<i>€</i>",
    )
    assert not page.soup.select("script, main b, main i, [src=x], h1 h1")
    assert Nesting(page.html).wrong == []
    shown = {cell.get_text() for cell in page.soup.select("#act tbody th bdi")}
    written = {*names[:4], "‹U+202E›gnp.exe", "‹U+0007›bell", "名" * 79 + "…", *names[7:]}
    assert shown <= written
    assert len(shown) >= 4
    assert page.soup.h1.get_text() == "<h1>‹U+202E›"
    assert "<b>paid</b>" in page.table("Columns of the file")["Column"].tolist()
    assert page.card("glance", "Net spend").startswith("<i>€</i> ")
    assert not re.search("[\x00-\x08\u202a-\u202e\u2066-\u2069]", page.html)


def test_blank_rows_are_counted(report, tmp_path):
    file = tmp_path / "blank.csv"
    file.write_text("id,date,amount\n1,2024-01-31,5\n,,\n2,2024-01-31,5\n", encoding="utf-8")
    assert "1 blank row left out." in report(file, customer="id").text("quality")


@settings(max_examples=25)
@given(name=st.text(min_size=1), title=st.text())
def test_any_text_leaves_the_page_well_formed(name, title):
    rows = [(name, "2024-01-01", 1.0), ("other", "2024-01-02", 2.0)]
    try:
        log = pd.DataFrame(rows, columns=["customer_id", "date", "amount"])
        page = report_page(log, title=title, currency=name, show_ids=True)
    except CrmlabError:
        return  # a name of blanks is no name
    assert Nesting(page).wrong == []
    page.encode("utf-8")


def test_ten_rows_give_a_page_that_says_what_is_too_short(report, log):
    page = report(log([(i % 6, f"2024-01-{i + 1:02d}", 10.0 * i + 5) for i in range(10)]))
    assert page.card("glance", "Customers") == "6"
    assert "With only 6 customers" in page.text("segments")
    assert "nobody in: VIP, major" in page.text("pyramid")
    assert page.finding("migration").startswith("Too short for a comparison of two periods")
    assert "from 1 January 2024 to 10 January 2024" in page.finding("migration")


def test_one_customer_gives_a_page_without_comparisons(report, log):
    page = report(log([("only", "2024-01-01", 5.0), ("only", "2024-02-01", 7.0)]))
    assert page.finding("glance").startswith("1 customer spent 12.00 within 32 days; 100%")
    for section in ("segments", "pyramid", "members", "act"):
        assert "1 customer in the file bought, it takes 5" in page.finding(section)
    assert page.soup.select("img") == []


def test_one_day_has_no_returns_and_no_periods(report, log):
    page = report(log([(i, "2024-01-01", 5.0 + i) for i in range(30)]))
    assert page.finding("members").startswith("Nobody came back on another day in the last month")
    assert page.finding("migration").startswith("Too short")
    assert len(page.alts()) == 4


def test_few_customers_in_one_of_two_periods_are_not_compared(report, log):
    rows = [(i, f"2024-0{i % 9 + 1}-01", 3.0) for i in range(9)]
    assert "4 bought in the earlier 4 months, 4 in the later" in report(log(rows)).finding(
        "migration"
    )


@pytest.mark.parametrize("amount", [0.0, -5.0])
def test_a_file_without_any_purchase_compares_nobody(report, log, amount):
    page = report(log([(i, "2024-01-01", amount) for i in range(30)]))
    assert page.card("glance", "Purchases") == "0"
    assert page.card("glance", "Average ticket") == "–"
    assert "0 customers in the file bought" in page.finding("segments")


def test_refunds_above_all_purchases_leave_no_shares(report, log):
    rows = [(i, "2024-01-01", 5.0) for i in range(10)] + [(11, "2024-01-02", -900.0)]
    page = report(log(rows))
    assert page.card("glance", "Net spend") == "−850"
    assert page.finding("pyramid").startswith("Refunds outweigh purchases")
    assert {*page.table("Segments by net spend")["Share of spend"]} == {"–"}
    assert len(page.alts("segments")) == 1


def test_a_customer_who_got_more_back_than_they_spent_is_pointed_out(report, log, shop):
    refund = log([(11, "2024-12-01", -20.0)])
    page = report(pd.concat([shop, refund]))
    assert "1 customer got more money back than they spent" in page.text("pyramid")


def test_everybody_lost_is_said_in_words(report, log):
    early = [(i, "2024-01-01", 5.0) for i in range(9)]
    late = [(i + 100, "2024-02-28", 5.0) for i in range(9)] + [(100, "2024-02-29", 1.0)]
    page = report(log(early + late))
    assert page.finding("migration") == (
        "Of 9 customers in the earlier month, 100% bought nothing in the later; 9 others came in."
    )


def test_who_only_sends_goods_back_in_the_later_period_is_lost(report, log):
    early = [(i, "2024-01-31", 50.0) for i in range(9)]
    late = [(i, "2024-02-29", 50.0) for i in range(6)] + [(8, "2024-02-10", -50.0)]
    page = report(log([*early, *late, (0, "2024-01-01", 1.0)]))
    assert page.card("migration", "Lost") == "3"
    assert page.finding("migration").endswith(
        "33% bought nothing in the later; nobody else came in."
    )


def test_a_date_in_the_future_does_not_move_the_day_of_the_figures(report, shop):
    slip = shop.copy()
    slip.loc[0, "date"] = pd.Timestamp("2031-01-01")
    page = report(slip, today="2025-06-30")
    assert page.soup.select_one(".period").get_text().endswith("to 31 December 2024")
    assert "Left out of every figure: 1 purchase after" in page.text("quality")
    assert "future date" in page.table("What deserves a look").index


def test_when_every_date_is_in_the_future_the_last_one_is_the_day(report, shop):
    page = report(shop, today="2020-01-01")
    assert page.card("glance", "Customers") == "10"
    assert "Left out" not in page.text("quality")


def test_every_fault_of_a_file_is_listed_on_its_page(report, tmp_path):
    file = tmp_path / "faults.csv"
    good = [f"c{i % 9},2024-{i % 12 + 1:02d}-15,{10 + i}.50" for i in range(60)]
    bad = ["c1,2024-01-15,-4.00", "c2,2024-02-15,0", "c3,2024-03-16,8", "c3,2024-03-16,8"]
    bad += ["c4,2031-01-01,5", ",2024-01-01,5", "c5,yesterday,5", "c6,2024-01-01,much", "c7,1", ""]
    file.write_text("\n".join(["customer_id,date,amount", *good, *bad]), encoding="utf-8")
    page = report(file, unreadable="drop", today="2025-06-30")
    faults = page.table("What deserves a look")
    expected = {"refund", "zero amount", "duplicate", "future date", "no customer"}
    expected |= {"unreadable date", "unreadable amount", "torn row"}
    assert {*faults.index} == expected
    assert faults.loc["no customer", "Treatment"] == "dropped"
    assert faults.loc["no customer", "Row numbers"] == "67"
    assert page.finding("quality") == (
        "69 rows read, made into 65 purchases, refunds included; "
        "8 kinds of rows deserve a look, 4 rows left out."
    )
    assert page.soup.h1.get_text() == "faults.csv"
    assert str(tmp_path) not in page.html


# when misused


def test_a_day_before_all_purchases_is_refused(shop):
    with pytest.raises(OutOfRangeError, match="lies before the first row"):
        report_page(shop, as_of="2020-01-01")


def test_a_frame_without_rows_is_refused(log):
    with pytest.raises(CrmlabError, match="no rows"):
        report_page(log([]))


# in Chinese


def test_a_chinese_page_has_no_english_but_names_and_terms():
    with speaking("zh"):
        soup = BeautifulSoup(report_page(shipped("datasets") / "cdnow.parquet"), "html.parser")
    # Functions, rules and the terms of the field beside the Chinese ones are English on purpose.
    for part in soup.select("#definitions, dt span"):
        part.decompose()
    said = {*re.findall(r"\b[A-Z]?[a-z]{3,}\b", soup.body.get_text(" "))}
    the_file, columns = {"cdnow", "parquet", "frame", "iloc"}, {"date", "amount", "frequency"}
    assert said == the_file | columns | {"crmlab", "report", "show", "ids"}
