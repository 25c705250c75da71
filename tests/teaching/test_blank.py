"""Cells that a reader completes: what is taken out, and what would mislead."""

import pytest

from crmlab.errors import ChapterError
from crmlab.teaching.blank import blanked, faults

FUNCTION = """def share(spend, top):
    ranked = spend.sort_values()
    return ranked.head(top).sum() / ranked.sum()  # you type this


check("06.b", share(small, 1), 0.6)
"""

# by hand


@pytest.mark.parametrize(
    ("code", "blank"),
    [
        ("n = len(x)  # you type this", "n = ...  # you type this"),
        ("n: int = len(x)  # you type this", "n: int = ...  # you type this"),
        ("t['é'] = 1  # you type this\nn = 2", "t['é'] = ...  # you type this\nn = 2"),
        ("if a:\n    return b  # you type this", "if a:\n    return ...  # you type this"),
        ("n = (\n    a +\n    b\n)  # you type this", "n = ...  # you type this"),
        ("n = (a, f(\n    b))  # you type this", "n = ...  # you type this"),
        ("n = 1  # you type this\nm = 2  # you type this",
         "n = ...  # you type this\nm = ...  # you type this"),
    ],
)  # fmt: skip
def test_the_value_of_a_marked_statement_becomes_dots(code, blank):
    code = "def f():\n    " + code.replace("\n", "\n    ")
    assert blanked(code) == "def f():\n    " + blank.replace("\n", "\n    ")


def test_a_function_that_returns_dots_is_told_calmly(capsys):
    space = {"small": __import__("pandas").Series([6, 3, 1])}
    exec("from crmlab.classroom import check\n" + blanked(FUNCTION), space)
    assert "not typed yet" in capsys.readouterr().out
    assert [*faults(FUNCTION)] == []


# when misused


@pytest.mark.parametrize(
    "code",
    [
        "n = 1",
        "f(x)  # you type this",
        "n = [  # you type this\n]",
        "for i in x:  # you type this\n  1",
    ],
)
def test_a_mark_stands_at_the_end_of_a_statement_with_a_value(code):
    with pytest.raises(ChapterError, match="ends the statement that a reader writes with"):
        blanked(code)
    assert "ends the statement" in "".join(faults(code))


def test_what_is_typed_must_be_checked_against_something():
    assert [*faults("n = 3  # you type this")] == [
        'lacks a check with the value to compare with: check("06.b", mine, wanted)'
    ]
    assert "lacks a check" in "".join(faults("n = 3  # you type this\ncheck('06.b', n)"))


def test_a_blank_that_would_fail_before_its_check_is_noticed():
    code = FUNCTION.replace("  # you type this", "").replace("es()", "es()  # you type this")
    (fault,) = faults(code)
    assert "uses ['ranked'] before the check" in fault


@pytest.mark.parametrize(
    "given", ["round(share(small, 1), 1)", "share(small, 1) * 2", "-mine", "1"]
)
def test_a_blank_is_checked_as_it_is(given):
    code = FUNCTION.replace("share(small, 1)", given)
    assert "checks something made of ['share']" in "".join(faults(code))
