"""Twins: what stands in two languages is in its place, whole and up to date."""

import pytest

from crmlab.classroom.twins import Part, behind, beside, languages, mark, misplaced, unwrapped

ENGLISH = Part("markdown", "How many?", {"minutes": 3})
CHINESE = Part("markdown", "有多少？", {"lang": "zh", "of": mark("How many?")})


def code(text, **meta):
    return Part("code", text, meta)


# by hand


def test_a_twin_below_its_text_is_in_place_and_up_to_date():
    assert [*misplaced([ENGLISH, CHINESE])] == []
    assert [*behind([ENGLISH, CHINESE])] == []
    assert languages([ENGLISH, CHINESE]) == ["en", "zh"]


def test_a_chapter_without_twins_promises_none():
    assert [*behind([ENGLISH, code("1")])] == []


def test_what_stands_beside_a_text_is_chosen_by_language():
    meta = {"alt": "a line", "alt_zh": "一条线", "tags": ["slide"], "minutes": 3}
    assert beside(meta, "en") == {"alt": "a line", "tags": ["slide"], "minutes": 3}
    assert beside(meta, "zh") == {"alt": "一条线", "tags": ["slide"], "minutes": 3}
    assert beside({"alt": "a line"}, "zh") == {"alt": "a line"}


@pytest.mark.parametrize(
    ("english", "chinese"),
    [
        ('print("Two")', 'print("二")'),
        ('print(f"{n} of {total:.0%}")', 'print(f"{total:.0%} 里的 {n}")'),
        ("print(f'{n} rows')", 'print(f"共 {n} 行")'),
        ('bets = {"spent most": a, "bought last": b}', 'bets = {"花钱最多": a, "最近买过": b}'),
        ("n = 3  # how many", "n = 3  # 有多少"),
    ],
)
def test_the_words_of_a_code_cell_may_be_others(english, chinese):
    assert [*misplaced([code(english), code(chinese, lang="zh")])] == []


@pytest.mark.parametrize(
    ("english", "chinese"),
    [
        ('print("Two", 2)', 'print("二", 3)'),
        ('print(f"{share:.0%}")', 'print(f"{share:.1%}")'),
        ('print(f"{n} of {total}")', 'print(f"{total}")'),
        ('show("a")', 'print("a")'),
        ('print("a")', 'print("一")\nprint("二")'),
        ('name = b"a"', 'name = b"b"'),
    ],
)
def test_anything_else_may_not(english, chinese):
    (told,) = misplaced([code(english), code(chinese, lang="zh")])
    assert "must be the code above it but for the words in its strings" in told


# unwrapped


@pytest.mark.parametrize(
    ("text", "joined"),
    [
        ("一行，\n两行", "一行，两行"),
        ("前 5%\n是主要客户", "前 5% 是主要客户"),
        ("结束\n*之后*的", "结束*之后*的"),
        ("`rfm`、\n`rfm_map`", "`rfm`、`rfm_map`"),
        ("“开门”\n“关门”", "“开门”“关门”"),
        ("一\n二\n三", "一二三"),
        ("Fader and\nHardie", "Fader and\nHardie"),
        ("一段。\n\n又一段。", "一段。\n\n又一段。"),
        ("几点：\n* 一\n* 二\n1. 三\n# 四\n| 五 |", "几点：\n* 一\n* 二\n1. 三\n# 四\n| 五 |"),
        ("* 一\n  二", "* 一二"),
    ],
)
def test_the_lines_of_a_paragraph_are_joined_and_nothing_else(text, joined):
    assert unwrapped(text) == joined
    assert unwrapped(joined) == joined


# when misused


@pytest.mark.parametrize(
    "parts",
    [[CHINESE], [code("1"), CHINESE], [ENGLISH, CHINESE, CHINESE], [ENGLISH, code("1", lang="zh")]],
)
def test_a_twin_that_stands_elsewhere_is_told(parts):
    assert any("must come right after the English cell" in told for told in misplaced(parts))


def test_what_is_not_translated_is_told_by_its_first_line():
    other = Part("markdown", "Judge.\nWhy?", {})
    assert [*behind([ENGLISH, CHINESE, other, code("1")])] == ["'Judge.' has no zh twin"]


def test_a_text_that_moved_on_is_told_with_its_new_mark():
    newer = ENGLISH._replace(text="How many customers?")
    (told,) = behind([newer, CHINESE])
    assert "'有多少？' translates an older text" in told
    assert f'of="{mark("How many customers?")}"' in told


def test_what_stands_beside_a_text_in_english_alone_is_told():
    hinted = code("1", hint=["a", "b"], hint_zh=["一"])
    (told,) = behind([ENGLISH, CHINESE, hinted])
    assert told == "'1' has 2 hint=… and 1 hint_zh=…"
