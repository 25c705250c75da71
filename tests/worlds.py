"""How often the kit's intervals hold the truth: the one check, and the page that lists them.

A test that draws worlds takes the fixture `covers` and hands it what it found, one line for each
interval: `covers(held, "rfm.return_probability", "customers alike")`. `make coverage` runs these
tests and writes what they found into docs/reference/intervals.md; every other run compares. A slow
test takes the fixture `few` for its worlds, which are then the first 100 of the 500.
"""

import json
import os
import re
import sys
from pathlib import Path

import numpy as np

PAGE = Path(__file__).parents[1] / "docs" / "reference" / "intervals.md"
# 95 % within 3.3 standard errors of a share of 500.
LEAST, MOST, WORLDS, FEW = 0.918, 0.982, 500, 100
# By so much a figure may differ from the page: other versions of the libraries round otherwise.
SLACK = 3 / WORLDS
HEAD = """# Intervals

How often each 95 % interval that crmlab prints holds the truth: the share of 500 simulated worlds,
seeds fixed beforehand, in two regimes or more. A right interval shows 91.8 to 98.2 % in 500 worlds
(95 % give or take 3.3 standard errors). Where one does not hold, a sentence says so. Made by
`make coverage` from the tests that draw the worlds; they fail when a figure here no longer stands
(the slowest of them draw the first 100 of the 500 worlds each time, and all for this page).

| interval | worlds | holds the truth | where it does not |
|---|---|---|---|
"""
# Printed by a topic that is new, with no worlds drawn yet: names, and rooms being built.
OPEN: set[str] = set()
ROW = re.compile(r"^\| `([^`]+)`(?: (.+?))? \| (.+?) \| ([\d.]+) % \| (.*?) ?\|$", re.M)


def rows(text):
    """Return share and sentence of each row of the page, by name, part and regime."""
    return {
        (name, part, regime): (round(float(share) / 100, 4), misses)
        for name, part, regime, share, misses in ROW.findall(text)
    }


def covers(held, name, regime, *, part="", misses=""):
    """Assert that an interval holds as often as it says, and that the page has what was found.

    `held` has a truth per world: 500 of them, or the first 100 with the fixture `few`. `name` is
    room and public name, `part` what of it where it prints several intervals, `regime` what the
    worlds are like. `misses` is the sentence for an interval that is known not to hold there;
    then it must not.
    """
    held = np.asarray(held, dtype=bool)
    file = os.environ.get("CRMLAB_COVERAGE")
    assert held.shape in ((WORLDS,), *(() if file else ((FEW,),))), held.shape
    share = float(held.mean())
    if len(held) == WORLDS:
        assert (LEAST <= share <= MOST) != bool(misses), (name, part, regime, share)
    if file:
        with Path(file).open("a", encoding="utf-8") as stream:
            stream.write(json.dumps([name, part, regime, share, misses]) + "\n")
        return
    kept = rows(PAGE.read_text(encoding="utf-8")).get((name, part, regime))
    assert kept is not None, f"{name}, {part} {regime} is not on the page: type: make coverage"
    assert kept[1] == misses, f"{name}, {regime}: type: make coverage"
    few = 3.3 * (kept[0] * (1 - kept[0]) / FEW) ** 0.5  # a sample of the 500
    slack = SLACK if len(held) == WORLDS else few
    assert abs(kept[0] - share) <= slack, (name, part, regime, kept[0], share)


def page(found):
    """Return the page with these rows: share and sentence by name, part and regime."""
    lines = [
        f"| `{name}`{part and ' ' + part} | {regime} | {100 * share:.1f} % | {misses}".rstrip()
        + " |"
        for (name, part, regime), (share, misses) in sorted(found.items())
    ]
    left = ", ".join(f"`{name}`" for name in sorted(OPEN - {name for name, _, _ in found}))
    note = f"\nNot measured yet: {left}.\n" if left else ""
    return HEAD + "\n".join(lines) + "\n" + note


def main(file, only=""):
    """Write the page from what a run found; after a run of one topic the other intervals stay."""
    lines = Path(file).read_text(encoding="utf-8").splitlines()
    found = {
        (name, part, regime): (share, misses)
        for name, part, regime, share, misses in map(json.loads, lines)
    }
    measured = {name for name, _, _ in found}
    kept = rows(PAGE.read_text(encoding="utf-8")) if only and PAGE.exists() else {}
    kept = {key: row for key, row in kept.items() if key[0] not in measured}
    PAGE.write_text(page(kept | found), encoding="utf-8")


if __name__ == "__main__":
    main(*sys.argv[1:])
