"""A report on a file in Chinese: what was guessed and found, the words of the file as they are."""

import ast
import re
from io import StringIO
from pathlib import Path

import pandas as pd
import pytest

import crmlab.data
from crmlab._words import speaking
from crmlab.data import read_purchases, read_survey

LINES = """订单,客户,日期,金额,状态
1,７,05.03.2024,"1.200,00",已付款
2,7,13.03.2024,"-30,00",已付款
3,散客,14.03.2024,"5,00",已付款
4,8,14.03.2024,"9,00",已取消
"""
# Names of arguments, of columns, and of what the file is written in.
CODE = re.compile(
    r"\b(frame\.iloc|customer_id|customer|respondent_id|date|amount|purchase_id|nobody|platform|decimal|utf-8|csv)\b|\w+="
)


@pytest.fixture(scope="module")
def report(tmp_path_factory):
    path = tmp_path_factory.mktemp("files") / "shop.csv"
    path.write_text(LINES, encoding="utf-8")
    with speaking("zh"):
        return read_purchases(path).report


def test_every_line_is_chinese_but_for_code_and_the_words_of_the_file(report):
    with speaking("zh"):
        lines = str(report).replace(report.source, "").splitlines()
    assert "2 次购买" in lines[0]
    assert len(lines) > 8
    for line in lines:
        assert re.search("[\u4e00-\u9fff]", line), line
        assert not re.search("[A-Za-z]{3,}", CODE.sub("", line)), line


def test_a_survey_too_is_told_in_chinese():
    text = "序号,1、服务好,2、太贵（反向）\n1,非常同意,不同意\n2,一般,不知道\n,,\n2,一般,同意\n"
    with speaking("zh"):
        report = read_survey(StringIO(text)).report
        lines = str(report).replace(report.sources[0], "").splitlines()
        html = report._repr_html_()
    assert "3 份问卷" in lines[0]
    assert any("反向题" in line for line in lines)
    assert len(lines) > 8
    for line in lines:
        assert re.search("[\u4e00-\u9fff]", line), line
        assert not re.search("[A-Za-z]{3,}", CODE.sub("", line)), line
    assert "<th>处理方式</th>" in html


def bare(tree):
    """Return the lines of a module on which a guess is worded and never translated."""
    for function in (node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)):
        said = [
            each
            for call in ast.walk(function)
            if isinstance(call, ast.Call) and getattr(call.func, "id", "") == "Guess"
            for each in call.args[1:]
        ]
        names = {each.id for each in said if isinstance(each, ast.Name)}
        said += [
            node.value
            for node in ast.walk(function)
            if isinstance(node, ast.Assign) and names & {ast.unparse(each) for each in node.targets}
        ]
        for text in said:
            parts = ast.iter_child_nodes(text) if isinstance(text, ast.JoinedStr) else [text]
            words = [str(part.value) for part in parts if isinstance(part, ast.Constant)]
            if re.search(
                "[A-Za-z]{2,}", " ".join(words).replace("utf-8", "").replace("gb18030", "")
            ):
                yield text.lineno


def test_every_guess_can_be_translated():
    assert [*bare(ast.parse('def f(x):\n why = f"{x} is"\n Guess("a", x, why)'))] == [2]
    assert [*bare(ast.parse('def f(x):\n Guess("a", "text", _("why"))'))] == [2]
    files = sorted(Path(crmlab.data.__file__).parent.glob("*.py"))
    found = {file.name: [*bare(ast.parse(file.read_text(encoding="utf-8")))] for file in files}
    assert {name: lines for name, lines in found.items() if lines} == {}


def test_a_notebook_shows_names_that_are_code_with_the_chinese_beside_them(report):
    with speaking("zh"):
        html = report._repr_html_()
    assert "<td>refund 退款</td>" in html
    assert "<th>处理方式</th>" in html
    assert "<th>treatment</th>" in html


def test_kinds_and_columns_stay_the_names_that_code_asks_for(report):
    assert report.fault("refund").treatment == "kept"
    assert report.table.columns.tolist()[:2] == ["fault", "treatment"]
    assert report.fault("no sale").count == 1


def test_a_file_read_in_english_speaks_english():
    frame = pd.DataFrame({"customer": [1], "date": ["2024-03-05"], "amount": [3.0]})
    said = str(read_purchases(frame).report)
    assert said.isascii()
    assert said.startswith("1 purchase of 1 customer, 2024-03-05 to 2024-03-05, 3.00 in all;")
