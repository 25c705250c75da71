"""Messages that name arguments of Python, in the words of the command line."""

from __future__ import annotations

import re
from collections.abc import Iterable

_SWITCHES = {"day_first=True": "--day-first", "day_first=False": "--month-first"}


def as_typed(message: str, names: Iterable[str]) -> str:
    """Return `message` with each argument of `names` written as its option.

    Examples
    --------
    >>> as_typed("Set day_first=True, or name a column with unit_price=…", ["unit_price"])
    'Set --day-first, or name a column with --unit-price …'
    """
    for argument, switch in _SWITCHES.items():
        message = message.replace(argument, switch)
    # The rows an error carries along can be had from Python only.
    lines = [line for line in message.splitlines() if "except CrmlabError" not in line]
    named = re.compile(rf"\b({'|'.join(names)})=(?=[…'\d])")
    return named.sub(lambda found: f"--{found[1].replace('_', '-')} ", "\n".join(lines))
