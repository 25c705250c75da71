"""What is said twice is said once: runs of equal lines in two places of crmlab, counted."""

import re
from collections import defaultdict
from pathlib import Path

PACKAGE = Path(__file__).parents[1] / "crmlab"
RUN = 6
# The signatures that two measures, models or cards share, name by name, and the plainest Raises.
MOST = 7
IMPORT = re.compile(r"^[ \t]*(?:from [\w.]+ )?import (?:\([^)]*\)|.*)", re.MULTILINE)


def lines_of(text):
    """Return number and words of each line but blank ones, comments and imports."""
    text = IMPORT.sub(lambda found: "\n" * found[0].count("\n"), text)
    lines = [(number, " ".join(line.split())) for number, line in enumerate(text.splitlines(), 1)]
    return [(number, line) for number, line in lines if line and not line.startswith("#")]


def repeated(texts):
    """Return runs of equal lines that stand in several of the `texts` or twice in one, in words."""
    lines = {name: lines_of(text) for name, text in texts.items()}
    places = defaultdict(list)
    for name, found in lines.items():
        for at in range(len(found) - RUN + 1):
            places[tuple(line for _, line in found[at : at + RUN])].append((name, at))
    several = {run: where for run, where in places.items() if len(where) > 1}
    all_of_them = {*map(tuple, several.values())}
    return [
        f"{', '.join(f'{name}:{lines[name][at][0]}' for name, at in where)}\n    "
        + "\n    ".join(run)
        for run, where in several.items()
        # Of a run of seven lines the last six are no run of their own.
        if tuple((name, at - 1) for name, at in where) not in all_of_them
    ]


def test_hardly_any_six_lines_stand_in_two_places():
    paths = sorted(PACKAGE.rglob("*.py"))
    texts = {str(path.relative_to(PACKAGE)): path.read_text(encoding="utf-8") for path in paths}
    found = repeated(texts)
    assert len(found) <= MOST, (
        f"{len(found)} runs of {RUN} equal lines stand in two places or more, and {MOST} may. Make "
        "one piece of the code; in a docstring name the arguments and ranges of this function, or "
        'say "As `auc`.":\n' + "\n".join(found)
    )


SIX = "a = 1\nb = 2\nc = 3\nd = 4\ne = 5\nf = 6\n"


def test_a_run_is_found_where_it_stands_whatever_the_white_space_and_comments():
    other = "import os\nfrom x import (\n    y,\n)\n\n" + SIX.replace(
        "c = 3", "# more\n\n  c  =  3"
    )
    assert repeated({"one.py": SIX, "other.py": other}) == [
        "one.py:1, other.py:6\n    a = 1\n    b = 2\n    c = 3\n    d = 4\n    e = 5\n    f = 6"
    ]


def test_a_longer_run_counts_once_and_a_shorter_one_not_at_all():
    assert len(repeated({"one.py": SIX + "g = 7\nh = 8", "other.py": SIX + "g = 7\ni = 9"})) == 1
    assert repeated({"one.py": SIX, "other.py": SIX.replace("f = 6", "f = 7")}) == []


def test_equal_imports_and_twice_the_same_place_are_no_run():
    assert repeated({"one.py": "import a\n" * 6, "other.py": "import a\n" * 6}) == []
    assert repeated({"one.py": SIX}) == []
    assert len(repeated({"one.py": SIX * 2})) == 1
