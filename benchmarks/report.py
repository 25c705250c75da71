"""`crmlab report` on CDNOW master (69,659 rows): the whole page, and its own part.

Drawing is what happens inside `picture`; everything else (reading, measuring, telling,
filling the templates) is the report's own part, which must stay under a second.
"""

from __future__ import annotations

from functools import wraps
from statistics import median
from time import perf_counter
from unittest.mock import patch

import pandas as pd

from crmlab._shipped import shipped
from crmlab.report import report_page
from crmlab.report.sections import concentration, members, movement, segments

OWN_PART_BELOW_S = 1.0
DRAWN = (segments, concentration, members, movement)


def timed() -> dict[str, float]:
    """Return the seconds of one page: drawing, and all the rest."""
    drawing = 0.0

    def clocked(draw):
        @wraps(draw)
        def draw_on_the_clock(*arguments, **options):
            nonlocal drawing
            began = perf_counter()
            drawn = draw(*arguments, **options)
            drawing += perf_counter() - began
            return drawn

        return draw_on_the_clock

    patches = [patch.object(room, "picture", clocked(room.picture)) for room in DRAWN]
    for one in patches:
        one.start()
    began = perf_counter()
    report_page(shipped("datasets") / "cdnow.parquet")
    whole = perf_counter() - began
    for one in patches:
        one.stop()
    return {"whole_s": whole, "drawing_s": drawing, "own_part_s": whole - drawing}


def main() -> pd.DataFrame:
    """Print and return the first page of a fresh process and the median of five more."""
    first = timed()
    more = pd.DataFrame([timed() for _ in range(5)])
    rows = {"first page": first, "median of 5": {name: median(more[name]) for name in more}}
    table = pd.DataFrame(rows).T.round(2)
    table["own_part_below_s"] = OWN_PART_BELOW_S
    print(table.to_string())
    return table


if __name__ == "__main__":
    main()
