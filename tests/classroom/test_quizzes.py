"""quiz: five questions, offline, a reason for every option, and no mouse needed."""

import json

import pytest
from bs4 import BeautifulSoup

from crmlab._shipped import shipped
from crmlab._words import speaking
from crmlab.classroom.quizzes import quiz, recalls
from crmlab.errors import CrmlabError

CHAPTERS = [
    path.stem.partition("_")[0]
    for path in sorted((shipped("exercises") / "quizzes").glob("*.json"))
]


@pytest.mark.parametrize("chapter", CHAPTERS)
def test_five_questions_each_with_one_right_option_and_a_reason_for_all(chapter):
    asked = recalls(chapter)
    assert len(asked) == 5
    for recall in asked:
        assert sum(option.right for option in recall.options) == 1
        assert len(recall.options) >= 3
        assert all(len(option.why.split()) >= 4 for option in recall.options)
        assert len({option.text for option in recall.options}) == len(recall.options)


@pytest.mark.parametrize("chapter", CHAPTERS)
def test_no_text_of_a_quiz_has_stars_that_would_be_shown_as_they_are(chapter):
    for recall in recalls(chapter):
        said = [recall.ask, *(text for o in recall.options for text in (o.text, o.why))]
        assert not [text for text in said if "*" in text]


@pytest.mark.parametrize("chapter", CHAPTERS)
def test_the_right_option_is_not_always_at_the_same_place(chapter):
    places = {[o.right for o in recall.options].index(True) for recall in recalls(chapter)}
    assert len(places) > 1


def test_every_option_is_a_radio_button_with_its_words_and_its_reason():
    page = BeautifulSoup(quiz("06")._repr_html_(), "html.parser")
    for group, recall in zip(page.find_all("fieldset"), recalls("06"), strict=True):
        assert group.legend.text.endswith(recall.ask)
        buttons = group.find_all("input", type="radio")
        assert len({button["name"] for button in buttons}) == 1
        for button, option in zip(buttons, recall.options, strict=True):
            assert group.find("label", attrs={"for": button["id"]}).text == option.text
            why = group.find(id=button["aria-describedby"]).text
            word = "✓ Right." if option.right else "✗ Not this one."
            assert why == f"{word} {option.why}"
    names = [button["id"] for button in page.find_all("input")]
    assert len({*names}) == len(names)


@pytest.mark.parametrize("chapter", CHAPTERS)
def test_a_quiz_that_is_translated_is_so_wholly(chapter):
    (path,) = (shipped("exercises") / "quizzes").glob(f"{chapter}_*.json")
    said = [
        (name, texts)
        for recall in json.loads(path.read_text(encoding="utf-8"))
        for texts in (recall, *recall["options"])
        for name in ("ask", "text", "why")
        if name in texts
    ]
    assert {f"{name}_zh" in texts for name, texts in said} in ({True}, {False})


def test_a_quiz_is_asked_in_the_language_spoken():
    with speaking("zh"):
        (first, *_), shown = recalls("00"), quiz("00")
        assert first.ask == "购买记录里的一行是什么？"
        assert "<b>✓ 对了。</b> 对：谁、什么时候、花了多少" in shown._repr_html_()
        assert repr(shown) == "第 00 章小测：5 道题"
        assert recalls("06")[0].ask.isascii()  # nobody translated it yet
    assert recalls("00")[0].ask == "What is one row of a purchase file?"


def test_what_stands_in_a_notebook_is_the_same_each_time():
    assert repr(quiz("06")) == "Quiz on chapter 06: 5 questions"
    assert quiz("06_rfm")._repr_html_() == quiz("06")._repr_html_()


def test_a_chapter_without_quiz_is_named():
    with pytest.raises(CrmlabError, match="no quiz for chapter '99'; there are"):
        quiz("99")
