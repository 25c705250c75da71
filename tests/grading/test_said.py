"""crmlab.grading.said: what may come out of the box, and nothing else."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crmlab.classroom.plain import Plain, plain
from crmlab.grading.said import heard

NO_ANSWER = "what came out of the notebook is no plain answer: "


def number(cell):
    answer = f'{{"kind": "number", "columns": [], "rows": [[{cell}]]}}'
    return f'{{"question": "06.1", "answer": {answer}}}\n'.encode()


def answered(**parts):
    whole = {"kind": "table", "columns": ["a"], "rows": [[1]], **parts}
    return json.dumps({"question": "06.1", "answer": whole}).encode()


# by hand


def test_answers_refusals_notes_and_the_end_are_told_apart():
    lines = [
        {"question": "06.1", "answer": {"kind": "text", "columns": [], "rows": [["a"]]}},
        {"question": "06.2", "refused": "of the kind 'A'"},
        {"cell": 3, "error": "NameError: x"},
        {"end": True},
    ]
    found = heard("\n".join(map(json.dumps, lines)).encode())
    assert found.answers == {"06.1": Plain("text", (), (("a",),))}
    assert found.refused == {"06.2": "of the kind 'A'"}
    assert found.notes == ["cell 3: NameError: x"]
    assert found.ended


def test_the_last_word_on_a_question_counts():
    refused = b'{"question": "06.1", "refused": "no"}\n'
    assert heard(number(1) + refused).answers == {}
    found = heard(refused + number(1) + number(2))
    assert found.refused == {}
    assert found.answers["06.1"].value == 2


def test_notes_are_few_and_can_be_seen():
    lines = [json.dumps({"cell": n, "error": "\x1b[2J\ud800" + "x" * 999}) for n in range(99)]
    found = heard("\n".join(lines).encode())
    assert len(found.notes) == 50
    assert found.notes[0].startswith(r"cell 0: \x1b[2J\ud800xx")
    assert len(found.notes[0]) < 350


# for any data


@given(
    st.one_of(
        st.integers(),
        st.floats(),
        st.text(st.characters(codec="utf-8")),
        st.booleans(),
        st.none(),
        st.lists(st.one_of(st.integers(), st.floats())),
        st.dictionaries(st.text(st.characters(codec="utf-8")), st.floats()),
    )
)
def test_whatever_a_check_can_send_arrives_as_it_was(value):
    sent = json.dumps({"question": "06.1", "answer": plain(value).to_json()}).encode()
    assert heard(sent).answers == {"06.1": plain(value)}


@given(st.binary(), st.recursive(st.floats() | st.text(), st.lists, max_leaves=9))
def test_whatever_bytes_come_something_is_heard(raw, value):
    said = b'{"question": "06.1", "answer": ' + json.dumps(value).encode() + b"}\n" + raw
    assert heard(said).answers == {}


# when misused


@pytest.mark.parametrize("cell", ["Infinity", "-Infinity", "NaN", "1" + "0" * 5_000])
def test_what_is_no_json_is_left_out_with_a_note(cell):
    found = heard(number(cell) + number(cell))
    assert found.notes == [
        "something other than answers came out of the notebook, and was left out"
    ]
    assert found.answers == found.refused == {}


@pytest.mark.parametrize("cell", ["1e999", "1" + "0" * 400, '"text"', "null", "true", "[]", "{}"])
def test_what_stands_in_a_numbers_place_is_refused(cell):
    found = heard(number(cell))
    assert found.answers == {}
    assert found.refused["06.1"].startswith(NO_ANSWER)


@pytest.mark.parametrize(
    "parts",
    [
        {"kind": "picture"},
        {"kind": ["table"]},
        {"kind": "list"},
        {"columns": "a"},
        {"columns": [1]},
        {"columns": ["a", "b"]},
        {"rows": [1]},
        {"rows": {"a": 1}},
        {"rows": [[1, 2]]},
        {"rows": [[[1]]]},
        {"more": 1},
    ],
)
def test_a_table_that_is_none_is_refused(parts):
    assert heard(answered()).answers["06.1"] == Plain("table", ("a",), ((1,),))
    assert heard(answered(**parts)).refused["06.1"].startswith(NO_ANSWER)


@pytest.mark.parametrize(
    "line",
    [
        *("7", "[]", "x", '{"end": 1}', '{"cell": "5", "error": "x"}', '{"cell": 5}', "\ud800"),
        *('{"question": 6, "refused": "x"}', '{"question": "6", "refused": "x", "a": 1}'),
        "[" * 9_999,
    ],
)
def test_a_line_of_another_form_is_left_out(line):
    found = heard(line.encode("utf-8", "surrogatepass"))
    assert (found.ended, found.answers, found.refused) == (False, {}, {})
    assert len(found.notes) == 1


def test_a_lone_surrogate_in_an_answer_becomes_a_question_mark():
    sent = {"kind": "table", "columns": ["\ud800"], "rows": [["a\udfff"]]}
    found = heard(json.dumps({"question": "06.1", "answer": sent}).encode())
    assert found.answers["06.1"] == Plain("table", ("?",), (("a?",),))
