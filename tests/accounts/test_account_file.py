"""AccountFile: five headings, how complete they are, a page, and clear words for what is wrong."""

import pandas as pd
import pytest
import yaml

from crmlab.accounts import AccountFile, ok_account_file
from crmlab.errors import BadRowsError, CrmlabError, UnreadableFileError

YAML = """
account: Acme <b>Spas</b>
updated_on: 2024-06-30
company:
  products: massages | oils
  year_goals: [ten new spas]
  indices: {market_share: 0.15}
finances:
  expected_turnover_cny: 1200000
swot:
  - {item: O1, kind: O, side: external, evidence: new mall, implication: more guests,
     probability: 0.5, strength: 0.6}
relationship:
  owner: Lin
"""


def written(tmp_path, text, name="acme.yaml"):
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    return path


# by hand


@pytest.mark.curriculum("S106")
def test_five_headings_indices_and_a_score(tmp_path):
    found = AccountFile.read(written(tmp_path, YAML))
    by = found.by_heading.set_index("heading")
    assert by.index.tolist() == ["company", "finances", "swot", "strategy", "relationship"]
    assert by["filled"].tolist() == [3, 1, 1, 0, 1]
    assert found.completeness == pytest.approx(6 / 17)
    assert found.facts["company"]["indices"] == {"market_share": 0.15}
    assert found.updated_on == "2024-06-30"


@pytest.mark.curriculum("S106")
def test_oks_file_lacks_what_the_deck_lacks():
    found = ok_account_file()
    # I46: the deck has no number under finances, and ends before our relationship.
    by = found.by_heading.set_index("heading")["completeness"]
    assert by.to_dict() == {
        "company": 1,
        "finances": 0,
        "swot": 1,
        "strategy": 1,
        "relationship": 0,
    }
    assert "owner" in found.missing["field"].tolist()
    remedy = found.missing.set_index("field").loc["owner", "remedy"]
    assert remedy == "name who answers for this account"


def test_the_page_says_all_in_html_and_markdown_and_runs_nobodys_code(tmp_path):
    found = AccountFile.read(written(tmp_path, YAML))
    page, text = found.to_html(), found.to_markdown()
    assert "<b>" not in page
    assert "&lt;b&gt;Spas" in page
    assert page.count("<h2>") == 5
    assert "massages \\| oils" in text
    assert text.count("\n## ") == 5
    assert "35% complete; as of 2024-06-30" in text
    assert "35% complete" in found._repr_html_()


def test_excel_and_yaml_give_the_same_file(tmp_path):
    content = yaml.safe_load(YAML)
    path = tmp_path / "acme.xlsx"
    with pd.ExcelWriter(path, engine="xlsxwriter") as book:
        first = pd.DataFrame({"field": ["account", "updated_on"]})
        first["value"] = [content["account"], pd.Timestamp("2024-06-30")]
        first.to_excel(book, sheet_name="account", index=False)
        company = [("products", "massages | oils"), ("year_goals", "ten new spas")]
        company += [("indices: market_share", 0.15)]
        money = [("expected_turnover_cny", 1_200_000)]
        for name, rows in (("Company", company), ("finances", money)):
            table = pd.DataFrame(rows, columns=["field", "value"])
            table.to_excel(book, sheet_name=name, index=False)
        pd.DataFrame(content["swot"]).to_excel(book, sheet_name="SWOT", index=False)
        owner = pd.DataFrame({"field": ["owner"], "value": ["Lin"]})
        owner.to_excel(book, sheet_name="relationship", index=False)
    one, other = AccountFile.read(path), AccountFile.read(written(tmp_path, YAML))
    pd.testing.assert_frame_equal(one.fields, other.fields)
    assert one.updated_on == other.updated_on


# for any data


def test_the_template_reads_as_a_file_once_it_has_a_name(tmp_path):
    text = AccountFile.template().replace("account: ", "account: Acme")
    found = AccountFile.read(written(tmp_path, text))
    assert (found.account, found.completeness) == ("Acme", 0)
    assert len(found.missing) == 17


# when misused


def test_every_fault_of_a_file_is_told_at_once_with_its_place(tmp_path):
    text = """
account: ""
compny: {products: x}
company: {produts: x, products: 7}
finances: {expected_profit_cny: lots}
strategy: {actions: cut cost}
swot:
  - {item: O1, kind: O, side: internal, evidence: a, implication: b, probability: 60, strength: 0.5}
"""
    with pytest.raises(BadRowsError) as caught:
        AccountFile.read(written(tmp_path, text))
    said = str(caught.value)
    for word in (
        "Did you mean company?",
        "company > produts: there is no such field. Did you mean products?",
        "company > products: a text is needed; got 7",
        "finances > expected_profit_cny: a number is needed; got 'lots'",
        "strategy > actions: a list is needed",
        "row 0: O1 is internal",
        "account: a name is needed",
    ):
        assert word in said
    assert "7 fault(s)" in said


@pytest.mark.parametrize(
    ("name", "text", "word"),
    [
        ("a.yaml", "account: A\naccount: B\n", "line 2: account stands already in line 1"),
        ("a.yaml", "account: A\n\tcompany: x\n", "line 2 is no YAML"),
        ("a.yaml", "", "holds no headings"),
        ("a.yaml", "- just\n- a list\n", "holds no headings"),
        ("a.txt", "account: A", "ends in .txt"),
        ("a.xlsx", "account: A", "cannot be opened as Excel"),
        ("a.yaml", "account: A\nswot: [1, 2]\n", "swot"),
        ("a.yaml", "account: A\ncompany: [x]\n", "company: fields are needed"),
        ("a.yaml", "account: A\nupdated_on: 2024-02-30\n", "line 2: updated_on: day is out of"),
        ("a.yaml", "account: A\ncompany: {{products}}\n", "line 2: the name of a field is a list"),
        ("a.yaml", "account: A\ncompany: " + "[" * 3_000 + "]" * 3_000, "nested too deeply"),
        ("a.yaml", "account: A\nfinances: {expected_profit_cny: 0100}\n", "a number .* got '0100'"),
        ("a.yaml", "account: A\nfinances: {expected_profit_cny: 12:30}\n", "got '12:30'"),
        ("a.yaml", "account: A\nfinances: {expected_profit_cny: .inf}\n", "a number is needed"),
        ("a.yaml", "account: A\nfinances: {expected_profit_cny: 1" + "0" * 400 + "}", "a number"),
        ("a.yaml", "account: A\nupdated_on: 06/05/2024\n", "updated_on: a day such as"),
        ("a.yaml", "account: A\nswot: {O1: x}\n", "swot: a list of items is needed"),
        ("a.yaml", "account: A\nswot: [{item: O1, probabilty: 1}]", "Did you mean probability?"),
        ("a.yaml", "account: !!python/object/apply:os.system ['true']\n", "is no YAML"),
    ],
)
def test_a_broken_file_is_told_with_its_line(tmp_path, name, text, word):
    with pytest.raises(CrmlabError, match=word):
        AccountFile.read(written(tmp_path, text, name))


def test_a_file_that_is_not_there_or_in_another_coding_is_told(tmp_path):
    with pytest.raises(UnreadableFileError, match=r"there is no file .*template"):
        AccountFile.read(tmp_path / "none.yaml")
    path = tmp_path / "a.yaml"
    path.write_bytes("account: 客户".encode("gb18030"))
    with pytest.raises(UnreadableFileError, match="not in UTF-8"):
        AccountFile.read(path)


def test_a_reference_in_yaml_is_refused_before_it_grows(tmp_path):
    # Each line holds the one before it ten times: twenty lines would be 10**20 texts.
    rows = [f"x{i}: &x{i} [{', '.join([f'*x{i - 1}'] * 10)}]" for i in range(1, 20)]
    text = "\n".join(["account: A", "x0: &x0 [a, b]", *rows])
    with pytest.raises(UnreadableFileError, match=r"line 3 .*references .* are not taken here"):
        AccountFile.read(written(tmp_path, text))


@pytest.mark.parametrize(("said", "meant"), [("120", 120), ("1.2e6", 1.2e6), ("-.5", -0.5)])
def test_numbers_that_people_write_are_numbers(tmp_path, said, meant):
    text = f"account: A\nfinances: {{expected_profit_cny: {said}}}\n"
    found = AccountFile.read(written(tmp_path, text))
    assert found.facts["finances"]["expected_profit_cny"] == meant


def test_blanks_fill_no_field(tmp_path):
    text = "account: A\nrelationship: {contacts: ['', ' '], owner: ' ', history: ''}\n"
    assert AccountFile.read(written(tmp_path, text)).completeness == 0
    one = text.replace("' '], ", "'Wu'], ")
    assert AccountFile.read(written(tmp_path, one)).fields["filled"].sum() == 1


def test_an_item_that_says_nothing_about_its_spread_is_certain(tmp_path):
    head = "external, evidence: a, implication: b, probability: 0.5, strength: 0.5"
    text = f"""account: A
swot:
  - {{item: O1, kind: O, side: {head}, probability_sd: 0.1}}
  - {{item: O2, kind: O, side: {head}}}
"""
    swot = AccountFile.read(written(tmp_path, text)).swot
    assert swot.frame["probability_sd"].tolist() == [0.1, 0]


def test_what_is_given_by_hand_is_checked_as_what_is_read():
    with pytest.raises(BadRowsError, match="swot: a Swot is needed; got list"):
        AccountFile("A", {}, swot=["O1"])
    with pytest.raises(BadRowsError, match=r"updated_on: a day such as .* got '<b>yesterday'"):
        AccountFile("A", {}, updated_on="<b>yesterday")
    assert AccountFile("A", {}, updated_on="2024-06-30").updated_on == "2024-06-30"


def test_markdown_shows_entities_and_formulas_as_they_were_written():
    text = AccountFile("A &lt;b&gt; $x$", {}).to_markdown()
    assert text.startswith("# A \\&lt;b\\&gt; \\$x\\$\n")


def book_of(tmp_path, **sheets):
    path = tmp_path / "a.xlsx"
    with pd.ExcelWriter(path, engine="xlsxwriter") as book:
        for name, rows in {"account": [("field", "value"), ("account", "A")], **sheets}.items():
            pd.DataFrame(rows).to_excel(book, sheet_name=name, index=False, header=False)
    return path


def test_a_workbook_whose_columns_have_no_names_loses_no_row(tmp_path):
    with pytest.raises(
        BadRowsError, match=r"sheet company: two columns .* has \['products', 'x'\]"
    ):
        AccountFile.read(book_of(tmp_path, company=[("products", "x"), ("firm", "y")]))
    turned = book_of(tmp_path, company=[("Value", "Field"), ("x", "products")])
    assert AccountFile.read(turned).facts["company"] == {"products": "x"}
    assert AccountFile.read(book_of(tmp_path, Sheet2=[])).completeness == 0


def test_nothing_in_a_workbook_is_written_over(tmp_path):
    head = ("field", "value")
    index = [head, ("indices: share", 0.1), ("indices: share", 0.2)]
    with pytest.raises(BadRowsError, match="the field indices: share stands twice"):
        AccountFile.read(book_of(tmp_path, company=index))
    with pytest.raises(BadRowsError, match="stands twice"):
        AccountFile.read(book_of(tmp_path, company=[head, ("indices", 1), ("indices: share", 1)]))
    both = {"company": [head, ("products", "x")], "company ": [head, ("products", "y")]}
    with pytest.raises(BadRowsError, match=r"\['company'\] stand on another sheet already"):
        AccountFile.read(book_of(tmp_path, **both))
