"""Ids that are nobody: words such as Guest, and numbers such as 0 that far too much is sold to."""

# pyarrow.compute makes its functions on import, where no type checker sees them.
# pyright: reportAttributeAccessIssue=false

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from crmlab._placeholders import BLANK, NO_MAIL, NOBODY, folded
from crmlab._words import N_, _
from crmlab.data._ids import Keys
from crmlab.data._totals import NONE, Marked
from crmlab.data.report import Guess

_SAMPLE = 1 << 16
_FAR = 5  # times what the next customer buys
_MANY = 10  # rows that one customer may well have
_ZEROS = r"[A-Za-z]+[-_ ]*0+"  # C000, say
_CODES = ["0", "-1", "-9", "-99", "-999", *("0" * n for n in range(2, 13))]
_CODES += [digit * n for digit in "12345678" for n in range(5, 13)]
_CODES += ["9" * n for n in range(3, 19)]
_WORDS = pa.array(sorted(NOBODY | {*map(folded, BLANK)} - {""}))
_SHOWN = 5


def set_nobody_aside(
    customer: Keys, nobody: Iterable[object] | None, also: Iterable[str] = ()
) -> tuple[Keys, Marked, list[Guess]]:
    """Return the keys without those that are nobody, the rows of these, and what was guessed.

    Parameters
    ----------
    nobody : ids that a caller says are nobody, None to look for them
    also : ids that are nobody on the platform the file comes from
    """
    if not len(customer.codes):
        return customer, NONE, []
    if nobody is not None:
        return *_without(customer, [str(one) for one in nobody]), []
    found = [*_words(customer), *also]
    out, suspects, guesses = _codes(customer, skip=found)
    kept, marked = _without(customer, [*found, *out])
    if len(marked[0]):
        said = [*dict.fromkeys(marked[1])]
        value = ", ".join(said[:_SHOWN]) + ", …" * (len(said) > _SHOWN)
        why = _("no customer; if one of them is, say nobody=[] or name those who are not")
        guesses.insert(0, Guess(N_("nobody"), value, why))
    guesses += [
        Guess(
            "customer ids",
            _("{one} is suspect").format(one=one),
            _("nobody, perhaps: then say nobody=[…] with it"),
        )
        for one in suspects
    ]
    return kept, marked, guesses


def _words(customer: Keys) -> list[str]:
    """Return the labels that are words for nobody, or e-mails that reach nobody."""
    if customer.labels is None:
        return []
    mails = customer.labels.filter(pc.match_substring(customer.labels, "@"))
    no_mail = pc.match_substring_regex(pc.utf8_lower(mails), f"^(?:{NO_MAIL})$")
    words = customer.labels.filter(pc.invert(pc.match_substring_regex(customer.labels, r"\d")))
    plain = pc.utf8_trim(
        pc.replace_substring_regex(pc.utf8_lower(words), r"[^\p{L}\p{N}\p{M}]+", "_"), "_"
    )
    return [
        *words.filter(pc.is_in(plain, value_set=_WORDS)).to_pylist(),
        *mails.filter(no_mail).to_pylist(),
    ]


def _codes(customer: Keys, skip: list[str]) -> tuple[list[str], list[str], list[Guess]]:
    """Return the numbers that are nobody, those that may be, and what to say of others.

    Where there are many rows a sample of them is looked at: who buys far more than the next
    is in it.
    """
    step = max(1, len(customer.codes) // _SAMPLE)
    there = np.ones(len(customer.codes), dtype=bool)
    there[customer.empty] = False
    ids, counts = np.unique(customer.codes[::step][there[::step]], return_counts=True)
    if customer.labels is None:
        names = pa.array(ids).cast(pa.string())
    else:
        names = customer.labels.take(pa.array(ids))
    zeros = pc.match_substring_regex(names, f"^{_ZEROS}$")
    odd = _mask(pc.or_(pc.is_in(names, value_set=pa.array(_CODES)), zeros))
    gone = _mask(pc.is_in(names, value_set=pa.array(skip, pa.string())))
    others = np.sort(counts[~odd & ~gone])[::-1]
    if not len(others):
        return [], [], []
    most = int(others[0])
    out, suspects = [], []
    for place in np.flatnonzero(odd & ~gone):
        one, count = names[int(place)].as_py(), int(counts[place])
        if count >= max(_MANY, _FAR * most):
            out.append(one)
        elif count > max(most, 1) or (count > 1 and not _in_sequence(one, names)):
            suspects.append(one)
    return out, suspects, _far_above(others, int(counts.sum()))


def _mask(found: pa.BooleanArray) -> np.ndarray:
    return found.to_numpy(zero_copy_only=False)


def _in_sequence(one: str, names: pa.StringArray) -> bool:
    """Return whether the number after or before `one` is an id as well."""
    if not one.lstrip("-").isdigit():
        return False
    near = pa.array([str(int(one) + 1), str(int(one) - 1)])
    return bool(pc.any(pc.is_in(near, value_set=names)).as_py())


def _far_above(others: np.ndarray, rows: int) -> list[Guess]:
    """Say if an id that looks like any other has far more rows than the next."""
    if len(others) < _MANY:
        return []
    first, second = int(others[0]), int(others[1])
    share = first / rows
    if first < max(2 * _MANY, 2 * _FAR * second) or share < 0.02:
        return []
    why = _(
        "{share:.0%} of the rows, {times:.0f} times those of the next; if it stands for whoever "
        "has no card, say nobody=[…] with it"
    )
    why = why.format(share=share, times=first / second)
    return [Guess("customer ids", _("one is suspect"), why)]


def _without(customer: Keys, out: list[str]) -> tuple[Keys, Marked]:
    """Return the keys without the ids `out`, and the rows that had one of them."""
    if not out:
        return customer, NONE
    if customer.labels is None:
        numbers = [int(one) for one in out if one.lstrip("-").isdigit()]
        found = np.isin(customer.codes, [one for one in numbers if abs(one) < 2**63])
        found[customer.empty] = False
        rows = np.flatnonzero(found)
        said = [str(one) for one in customer.codes[rows].tolist()]
        empty = np.union1d(customer.empty, rows)
        return (replace(customer, empty=empty), (rows, said)) if len(rows) else (customer, NONE)
    places = pc.is_in(customer.labels, value_set=pa.array(out, pa.string()))
    found = np.append(places.to_numpy(zero_copy_only=False), False)[customer.codes]
    rows = np.flatnonzero(found)
    if not len(rows):
        return customer, NONE
    said = customer.labels.take(pa.array(customer.codes[rows])).to_pylist()
    return customer.without(rows), (rows, said)
