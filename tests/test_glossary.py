"""docs/glossary.csv: a term has one translation, in the catalogue, the report and every chapter."""

import csv
import re
from pathlib import Path

import pytest

from crmlab.report.sections import glossary as page
from crmlab.teaching import words

ROOT = Path(__file__).parents[1]
LINES = [*csv.reader((ROOT / "docs" / "glossary.csv").read_text(encoding="utf-8").splitlines())][1:]
TERMS = {english.lower(): chinese for english, chinese in LINES}
SOURCES = sorted((ROOT / "notebooks" / "source").glob("*.py"))
SOURCES += sorted((ROOT / "exercises" / "source").glob("*.py"))
# A single word may mean several things, as a stage of life and a step do; these mean one.
PLAIN = {"recency", "frequency", "privacy", "segmentation", "collateral", "cohort", "kappa"}
PLAIN |= {"precision", "recall", "odds", "median"}


def has_one_meaning(term):
    return " " in term or term in PLAIN


def named(text):
    """Return each term that a text names in both languages: *cohort* (同期群)."""
    flat = re.sub(r"\n# ?", " ", text)
    chinese = r"([\u4e00-\u9fffA-Za-z ]*[\u4e00-\u9fff])"
    pairs = re.findall(rf"\*([A-Za-z][^*]{{2,40}})\*,? \({chinese}\)", flat)
    blank = "(?<=[\u4e00-\u9fff]) (?=[\u4e00-\u9fff])"
    return [(" ".join(term.split()).lower(), re.sub(blank, "", said)) for term, said in pairs]


def test_a_term_stands_there_once_in_order():
    assert len(TERMS) == len(LINES)
    assert [*TERMS] == sorted(TERMS)
    assert all(re.fullmatch(r"[\u4e00-\u9fffA-Za-z ]+", chinese) for chinese in TERMS.values())


def test_the_catalogue_says_a_term_as_the_glossary_does():
    wrong = {
        message.id: message.string
        for message in words.read("zh")
        if isinstance(message.id, str)
        and message.id.lower() in TERMS
        and has_one_meaning(message.id.lower())
        and not (
            message.string in TERMS[message.id.lower()]
            or TERMS[message.id.lower()] in message.string
        )
    }
    assert wrong == {}


def test_the_report_s_own_glossary_agrees():
    assert [(each.english, each.chinese) for each in page._TERMS] == [
        (each.english, TERMS[each.english.lower()]) for each in page._TERMS
    ]


@pytest.mark.parametrize("source", SOURCES, ids=lambda path: f"{path.parts[-3]}-{path.stem}")
def test_a_chapter_names_a_term_as_the_glossary_does(source):
    found = named(source.read_text(encoding="utf-8"))
    wrong = {
        (english, chinese)
        for english, chinese in found
        if english in TERMS and has_one_meaning(english) and TERMS[english] != chinese
    }
    assert wrong == set()


def test_no_two_chapters_name_a_term_differently():
    every = {pair for source in SOURCES for pair in named(source.read_text(encoding="utf-8"))}
    names = [english for english, _ in every if has_one_meaning(english)]
    assert sorted(each for each in {*names} if names.count(each) > 1) == []


def test_a_term_over_two_lines_is_found():
    assert named("of a\n# *mean life* (平均\n# 寿命), or so") == [("mean life", "平均寿命")]
    assert named("of a *mean\n# life* (平均寿命).") == [("mean life", "平均寿命")]
