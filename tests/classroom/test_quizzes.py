"""quiz: five questions, offline, a reason for every option, and no mouse needed."""

import pytest

from crmlab._shipped import shipped
from crmlab.classroom.quizzes import explanation, quiz, recalls
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
def test_the_right_option_is_not_always_at_the_same_place(chapter):
    places = {[o.right for o in recall.options].index(True) for recall in recalls(chapter)}
    assert len(places) > 1


def test_choosing_shows_the_reason_and_choosing_again_changes_it():
    _, choice, reply = quiz("06").children[0].children
    recall = recalls("06")[0]
    right = [option.right for option in recall.options].index(True)
    assert choice.value is None
    assert reply.value == ""
    choice.value = right
    assert "✓ Right." in reply.value
    assert recall.options[right].why[:20] in reply.value
    choice.value = (right + 1) % len(recall.options)
    assert "✗ Not this one." in reply.value
    assert explanation(recall, None) == ""


def test_it_is_made_of_radio_buttons_that_tab_and_arrows_reach():
    parts = [part for question in quiz("06").children for part in question.children]
    kinds = {type(part).__name__ for part in parts}
    assert kinds == {"HTML", "RadioButtons"}


def test_a_chapter_without_quiz_is_named():
    with pytest.raises(CrmlabError, match="no quiz for chapter '99'; there are"):
        quiz("99")
