"""Levels of classmates: the median of two or more, and never before the teacher's."""

import pandas as pd
import pytest

from crmlab.errors import CrmlabError
from crmlab.grading.peers import peer_levels, with_peers
from crmlab.grading.sheet import level_of, open_levels

CLASS = {"ann", "bob", "cem", "dia"}


@pytest.fixture
def peers(tmp_path):
    def wrote(*lines):
        path = tmp_path / "peers.csv"
        text = "\n".join(["reader_id,student_id,question,level", *lines])
        path.write_text(text + "\n", encoding="utf-8")
        return path

    return wrote


# by hand


def test_the_median_of_two_readers_or_more_counts_and_one_alone_does_not(peers):
    path = peers("bob,ann,Q17.8,1", "cem,ann,17.8,3", "dia,ann,17.8,3", "ann,bob,17.8,2")
    assert peer_levels(path, CLASS).to_numpy().tolist() == [["ann", "17.8", 3.0]]


def test_two_readers_who_differ_meet_in_the_middle(peers):
    path = peers("bob,ann,17.8,1", "cem,ann,17.8,2", "dia,ann,17.8,")
    assert peer_levels(path, CLASS)["level"].tolist() == [1.5]


def test_a_level_of_the_teacher_goes_before_theirs(peers, tmp_path):
    path = tmp_path / "open.csv"
    path.write_text("student_id,question,level\nann,Q17.8,0\n", encoding="utf-8")
    peer = peer_levels(
        peers("bob,ann,17.8,3", "cem,ann,17.8,3", "ann,bob,17.8,2", "cem,bob,17.8,2"), CLASS
    )
    both = with_peers(open_levels(path, CLASS), peer)
    rows = both[["student_id", "question", "level"]].to_numpy().tolist()
    assert rows == [["ann", "17.8", 0.0], ["bob", "17.8", 2.0]]
    assert level_of(both.iloc[1].to_dict(), "whatever it says") == 2.0


def test_without_the_file_nothing_changes(tmp_path):
    peer = peer_levels(tmp_path / "peers.csv", CLASS)
    (tmp_path / "open.csv").write_text("student_id,question,level\nann,Q17.8,2\n", encoding="utf-8")
    levels = open_levels(tmp_path / "open.csv", CLASS)
    pd.testing.assert_frame_equal(with_peers(levels, peer), levels, check_dtype=False)


def test_a_second_readers_level_is_the_teachers_too(peers, tmp_path):
    path = tmp_path / "open.csv"
    text = "student_id,question,level,second_level\nann,Q17.8,,1\n"
    path.write_text(text, encoding="utf-8")
    peer = peer_levels(peers("bob,ann,17.8,3", "cem,ann,17.8,3"), CLASS)
    both = with_peers(open_levels(path, CLASS), peer)
    assert level_of(both.iloc[0].to_dict(), "") == 1.0


# when misused


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("ann,ann,17.8,3", "nobody reads an own answer"),
        ("eve,ann,17.8,3", "the reader is not on the roster"),
        ("bob,eve,17.8,3", "the student is not on the roster"),
        ("bob,ann,17.8,4", "a level is 0 to 3"),
        ("cem,bob,17.8,1", "one level"),
    ],
)
def test_each_wrong_line_is_named(peers, line, said):
    with pytest.raises(CrmlabError, match=rf"line\(s\) 3: .*{said}"):
        peer_levels(peers("cem,bob,17.8,1", line), CLASS)
