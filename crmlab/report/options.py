"""Messages that name arguments of Python, in the words of the command line."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable

from crmlab.errors import OutOfRangeError

_SWITCHES = {
    "day_first=True": "--day-first",
    "day_first=False": "--month-first",
    "swapped=True": "--swapped",
    "swapped=False": "--not-swapped",
    "order_totals=True": "--order-totals",
    "order_totals=False": "--line-amounts",
}
# Options that name a column, or with '' say that there is none.
COLUMNS = ("customer", "date", "amount", "quantity", "unit_price", "invoice")
COLUMNS += ("status", "refunded", "currency_column", "platform")
_RATES = re.compile(r"rates={(.*?)}")
_RATE = re.compile(r"'([^']+)': ([\d.]+)")


def as_typed(message: str, names: Collection[str]) -> str:
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
    lines = [_RATES.sub(_rates, line) for line in lines]
    none = re.compile(rf"\b({'|'.join(names)})=False\b")
    lines = [none.sub(lambda found: f"--{found[1].replace('_', '-')} ''", line) for line in lines]
    named = re.compile(rf"\b({'|'.join(names)})=(?=[…'\d])")
    return named.sub(lambda found: f"--{found[1].replace('_', '-')} ", "\n".join(lines))


def _rates(found: re.Match[str]) -> str:
    """Return rates as the option that takes one at a time."""
    return " ".join(f"--rate {name}={rate}" for name, rate in _RATE.findall(found[1]))


def rates_of(said: Iterable[str]) -> dict[str, float] | None:
    """Return what `--rate EUR=1 --rate USD=0.92` says, None if nothing was said.

    Raises
    ------
    OutOfRangeError
        If one is no name and number.

    Examples
    --------
    >>> rates_of(["EUR=1", "USD=0.92"])
    {'EUR': 1.0, 'USD': 0.92}
    """
    rates = {}
    for one in said:
        name, _, rate = one.partition("=")
        try:
            rates[name] = float(rate)
        except ValueError:
            raise OutOfRangeError(
                f"--rate {one} is no name and number; write EUR=1, say."
            ) from None
    return rates or None
