"""Whether a table of purchases can be measured where it is: its rows are looked at once."""

from __future__ import annotations

import pandas as pd

from crmlab._checks import require_at_least
from crmlab.errors import BadRowsError
from crmlab.scale.engines import Engine

# As cents these are whole numbers that a float holds to the last one.
MOST = 90_000_000_000_000
_SHOWN = 5


def check(
    engine: Engine, source: str, *, customer: str, date: str, amount: str, text: bool
) -> pd.Series:
    """Return how many rows n there are, first_day and last_day, or refuse those that are none.

    Parameters
    ----------
    source : quoted name of the table
    text : whether customers are text

    Raises
    ------
    BadRowsError
        If rows have no customer, day or amount, an amount that is no number or too large to
        count in cents, or an id that is neither text nor a whole number; its message shows the
        first of them, and its `table` too.
    """
    who, when, what = (engine.quoted(name) for name in (customer, date, amount))
    number = engine.number.format(column=what)
    whole = engine.whole.format(column=who)
    faults = {
        "no customer": f"{who} is null",
        f"no date that {engine.name} can read": "day is null",
        "no amount": f"{what} is null",
        "an amount that is no number, or is endless": f"{what} is not null and "
        f"(value is null or not (abs(value) < {MOST}))",
    }
    if not text:
        faults["an id that is no whole number"] = f"{who} is not null and not ({whole})"
    elif engine.name == "SQLite":
        faults["a number among ids that are text"] = f"typeof({who}) not in ('text', 'null')"
    read = (
        f"select {who}, {when}, {what}, {engine.day.format(column=when)} as day, "
        f"{number} as value{{}} from {source}"
    )
    sums = ", ".join(
        f"coalesce(sum(case when {bad} then 1 else 0 end), 0) as fault_{place}"
        for place, bad in enumerate(faults.values())
    )
    found = engine.fetch(
        "select count(*) as n, min(day) as first_day, max(day) as last_day, "
        f"{sums} from ({read.format('')}) as seen"
    ).iloc[0]
    require_at_least("the number of purchases", int(found["n"]), 1)
    there = {
        fault: (int(found[f"fault_{place}"]), bad)
        for place, (fault, bad) in enumerate(faults.items())
        if found[f"fault_{place}"]
    }
    if there:
        numbered = read.format(f", {engine.place} as place")
        raise _refusal(engine, numbered, there, int(found["n"]), [who, when, what])
    return found


def _refusal(
    engine: Engine,
    numbered: str,
    there: dict[str, tuple[int, str]],
    n: int,
    columns: list[str],
) -> BadRowsError:
    """Word the refusal of rows, with the number and values of the first of each fault."""
    lines, tables = [], []
    shown = ", ".join(f"{column} as c{place}" for place, column in enumerate(columns))
    for fault, (count, bad) in there.items():
        rows = engine.fetch(
            f"select place, {shown} from ({numbered}) as seen where {bad} "
            f"order by place limit {_SHOWN}"
        )
        values = rows[["c0", "c1", "c2"]].map(str).agg(", ".join, axis=1).tolist()
        told = "; ".join(
            f"row {place} ({text})" for place, text in zip(rows["place"], values, strict=True)
        )
        more = f"; and {count - _SHOWN} more" if count > _SHOWN else ""
        lines.append(f"{count} with {fault}: {told}{more}.")
        tables.append(pd.DataFrame({"row": rows["place"], "fault": fault, "written": values}))
    error = BadRowsError(
        f"rows among {n} in {engine.name} cannot be used.\n" + "\n".join(lines) + "\nMend them, or "
        "leave them out with a view: create view good as select … from … where …"
    )
    error.table = pd.concat(tables, ignore_index=True)
    return error
