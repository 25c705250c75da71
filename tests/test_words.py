"""crmlab._words: which language is spoken, and that its catalogue is whole and in step."""

import os
import re
import subprocess
import sys
from collections import Counter
from gettext import GNUTranslations
from string import Formatter

import pandas as pd
import pytest

import crmlab
from crmlab import _words
from crmlab.dictionary.headings import frame_html, headings
from crmlab.errors import UnknownNameError
from crmlab.teaching import words

CHINESE = re.compile(r"[\u4e00-\u9fff]")


@pytest.fixture
def untold(monkeypatch):
    monkeypatch.setattr(_words, "_told", [])
    monkeypatch.delenv(_words.VARIABLE, raising=False)
    monkeypatch.delenv("JPY_SESSION_NAME", raising=False)
    return monkeypatch


@pytest.fixture(scope="module")
def catalogue():
    return words.read("zh")


def texts(catalogue):
    return [message for message in catalogue if message.id]


def forms(said):
    return said if isinstance(said, tuple | list) else (said,)


# which language


def test_english_is_spoken_unless_asked_whatever_the_machine_speaks(untold):
    untold.setenv("LANG", "zh_CN.UTF-8")
    untold.setenv("LANGUAGE", "zh")
    assert crmlab.language() == "en"


def test_the_call_goes_before_the_variable_and_that_before_the_notebook(untold):
    untold.setenv("JPY_SESSION_NAME", "/course/notebooks/00_tour.zh.ipynb")
    assert crmlab.language() == "zh"
    untold.setenv("CRMLAB_LANG", "en")
    assert crmlab.language() == "en"
    assert crmlab.language("zh") == "zh"
    assert crmlab.language() == "zh"


@pytest.mark.parametrize(
    ("name", "spoken"),
    [
        ("00_tour.zh.ipynb", "zh"),
        ("00_tour.zh (1).ipynb", "zh"),
        ("00_tour.zh-Copy1.ipynb", "zh"),
        ("00_tour.zh.crmlab-0.1.0.ipynb", "zh"),
        ("00_tour.ipynb", "en"),
        ("zh.ipynb", "en"),
        ("my.zhang.ipynb", "en"),
        ("a.de.ipynb", "en"),
    ],
)
def test_the_name_of_the_notebook_says_it(untold, name, spoken):
    untold.setenv("JPY_SESSION_NAME", f"/some/folder.zh/{name}")
    assert crmlab.language() == spoken


@pytest.mark.parametrize("name", ["zh_CN.UTF-8", "zh-Hans", "ZH", "zh"])
def test_every_spelling_of_chinese_is_chinese(untold, name):
    untold.setenv("CRMLAB_LANG", name)
    assert crmlab.language() == "zh"


@pytest.mark.parametrize("name", ["fr", "", 3, "chinese"])
def test_a_language_nobody_translated_is_refused(untold, name):
    with pytest.raises(UnknownNameError, match=r"there are en, zh.*language\('zh'\)"):
        crmlab.language(name)
    assert crmlab.language() == "en"


def test_the_variable_is_refused_by_its_name(untold):
    untold.setenv("CRMLAB_LANG", "klingon")
    with pytest.raises(UnknownNameError, match=r"variable CRMLAB_LANG is 'klingon'"):
        crmlab.language()


def test_words_follow_the_language(untold):
    assert _words._("Customers") == "Customers"
    crmlab.language("zh")
    assert _words._("Customers") == "客户数"
    assert _words._("nobody wrote this") == "nobody wrote this"
    assert _words._("") == ""


# the catalogue


def test_the_catalogue_has_the_words_of_today_and_no_others(catalogue):
    today = words.gathered()
    have = {(m.id, m.context) for m in texts(catalogue)}
    want = {(m.id, m.context) for m in texts(today)}
    assert have == want, "the words have changed; type: make words"


def test_words_are_gathered_from_rooms_that_begin_with_an_underscore_too():
    rooms = {file.split("/")[0] for message in words.gathered() for file, _ in message.locations}
    assert {"_dates", "data"} <= rooms


def test_what_is_compiled_is_what_stands_in_the_catalogue(catalogue):
    with words.catalogue_file("zh").with_suffix(".mo").open("rb") as file:
        compiled = GNUTranslations(file)
    for message in texts(catalogue):
        if words.is_said(message) and isinstance(message.id, str):
            said = (
                compiled.pgettext(message.context, message.id)
                if message.context
                else compiled.gettext(message.id)
            )
            assert said == message.string, "not compiled; type: make words"


def test_a_translation_fills_the_same_gaps(catalogue):
    def gaps(text):
        return Counter((name, form) for _, name, form, _ in Formatter().parse(text) if name)

    for message in texts(catalogue):
        for said in forms(message.string):
            if said and message.id != said:
                assert {*gaps(said)} == {*gaps(forms(message.id)[-1])}, message.id


def test_chinese_is_written_with_its_own_marks(catalogue):
    """Between Chinese characters stand Chinese commas, stops, colons and brackets."""
    for message in texts(catalogue):
        for said in filter(None, forms(message.string)):
            wrong = re.findall(r"[\u4e00-\u9fff][,;:!?()](?:[\u4e00-\u9fff]|$)", said)
            assert not wrong, (said, wrong)


def test_no_function_hides_the_word_that_translates():
    """`_` as a name for what is not used, where `_("…")` is called, would be called instead."""
    import ast

    for path in words.ROOM.rglob("*.py"):
        text = path.read_text(encoding="utf-8")
        if len(re.findall(r"\b_\b", text)) < 2:  # it takes one to hide another
            continue
        for function in ast.walk(ast.parse(text)):
            if isinstance(function, ast.FunctionDef | ast.Lambda):
                names = [n for n in ast.walk(function) if isinstance(n, ast.Name) and n.id == "_"]
                bound = {type(n.ctx) for n in names}
                args = function.args
                takes = any(a.arg == "_" for a in [*args.args, *args.kwonlyargs])
                called = ast.Load in bound
                assert not (called and (takes or ast.Store in bound)), f"{path.name}"


def test_make_words_says_what_is_open_in_each_room(catalogue):
    lines = [*words.standing(catalogue)]
    assert lines[0].split() == ["room", "texts", "open"]
    assert lines[-1].split()[-2] == str(len(texts(catalogue)))


def test_make_words_says_what_is_open_in_each_chapter():
    head, *lines = words.chapters("zh")
    assert head.split() == ["chapter", "texts", "words", "open"]
    told = {tuple(line.split()[:2]): [*map(int, line.split()[2:])] for line in lines}
    for room in ("notebooks", "exercises"):
        texts, count, still = told[room, "00_tour"]
        assert still == 0 < texts < count
        assert told[room, "06_rfm"][2] == told[room, "06_rfm"][0]  # nobody translated it yet


# frames


def test_a_frame_gets_its_second_heading_from_the_dictionary():
    frame = pd.DataFrame({"customer_id": [1], "monetary": [2.0], "my_own": [3]})
    html = frame_html(frame)
    assert "<th>客户编号</th>" in html
    assert html.count("<th></th>") == 3  # the index twice, and below what is not known
    assert frame_html(pd.DataFrame({"a": [1]})) == pd.DataFrame({"a": [1]})._repr_html_()


def test_names_of_tiers_and_segments_keep_the_word_of_the_code_and_get_the_chinese_one():
    frame = pd.DataFrame({"segment": ["champions", "mine", None], "note": ["champions", None, 3]})
    with _words.speaking("zh"):
        html = frame_html(frame, say=_words._)
        by_name = frame_html(
            pd.DataFrame({"tier": ["major"], "n": [3]}).set_index("tier"), say=_words._
        )
    assert "<td>champions 重要价值客户</td>" in html
    assert html.count("champions") == 2
    assert "<td>mine</td>" in html
    assert "<th>major 主要客户</th>" in by_name
    assert frame["segment"].tolist()[:2] == ["champions", "mine"]
    assert "nan nan" not in html.lower()


def test_every_heading_is_chinese():
    assert all(CHINESE.search(said) or said.isupper() for said in headings().values())


def test_a_chinese_notebook_shows_it_and_an_english_one_does_not():
    code = (
        "from IPython.testing.globalipapp import get_ipython; shell = get_ipython()\n"
        "import pandas as pd, crmlab\n"
        "html = shell.display_formatter.formatters['text/html']; html.enabled = True\n"
        "frame = pd.DataFrame({'monetary': [1.0]})\n"
        "print('消费' in html(frame)); crmlab.language('en'); print('消费' in html(frame))\n"
        "crmlab.language('zh'); print('消费' in html(frame))\n"
    )
    env = {**os.environ, "CRMLAB_LANG": "zh", "PYTHONIOENCODING": "utf-8"}
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", code], capture_output=True, env=env, encoding="utf-8"
    )
    assert done.stdout.split()[-3:] == ["True", "False", "True"], done.stderr
