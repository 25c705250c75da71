"""Which column holds what, by the names that English and Chinese files give them."""

from __future__ import annotations

import difflib
import re
import unicodedata
from collections.abc import Hashable, Mapping, Sequence

from crmlab._placeholders import folded, simplified
from crmlab._words import N_, _
from crmlab.data._names import BY_NAME, KNOWN, WITHIN
from crmlab.data.report import Guess
from crmlab.errors import AmbiguousError, MissingColumnsError

NEEDED = ("customer", "date", "amount")
NEAR_TOP, HEADER_WITHIN = 20, 1000  # rows: some programs write a page above the column names
Named = Mapping[str, Hashable | None]


def plain(name: object) -> str:
    """Return `name` without case, spaces, signs, width, or what stands in brackets."""
    text = simplified(unicodedata.normalize("NFKC", str(name)).casefold())
    bare = re.sub(r"\(.*?\)|\[.*?\]|【.*?】", "", text)
    return re.sub(r"[\W_]+", "", bare) or re.sub(r"[\W_]+", "", text)


_RANK = {
    role: {plain(name): rank for rank, name in reversed([*enumerate(names)])}
    for role, names in KNOWN.items()
}


def recognised(names: Sequence[object], named: Named) -> int:
    """Return how many roles the columns `names` could fill: the header row fills most."""
    asked = {plain(name) for name in named.values() if isinstance(name, Hashable) and name}
    bare = {plain(name) for name in names}
    return len(bare & asked) + sum(not bare.isdisjoint(known) for known in _RANK.values())


def match(names: Sequence[object], named: Named) -> tuple[dict[str, int], list[Guess]]:
    """Return which column fills each role, and what had to be guessed for it.

    Parameters
    ----------
    names : the columns that are there
    named : for each role what the caller said: a column, None to search, False for none

    Raises
    ------
    MissingColumnsError
        If customer or date is missing, or amount and what it could be computed from.
    AmbiguousError
        If two columns bear the same name, or names that differ in spelling only.
    """
    places: dict[str, int] = {}
    guesses: list[Guess] = []
    for role, name in named.items():
        if name is None:
            place = _search(names, role, guesses)
        else:
            place = None if name is False else named_column(names, role, name)
        if place is not None:
            places[role] = place
    factors = {"quantity", "unit_price"} <= {*places}
    for role in NEEDED:
        if role in places or named[role] is not None or (role == "amount" and factors):
            continue
        if (place := _within(names, role, {*places.values()}, guesses)) is not None:
            places[role] = place
    _drop_what_is_not_needed(places, named)
    if "customer" in places and re.search(BY_NAME, folded(names[places["customer"]])):
        why = _("of {column}: two people may share one; see customer=")
        why = why.format(column=names[places["customer"]])
        guesses.append(Guess(N_("customers"), _("told apart by name"), why))
    missing = [role for role in NEEDED if role not in places]
    if missing == ["amount"] and {"quantity", "unit_price"} <= {*places}:
        missing = []
    if missing:
        raise _missing(names, missing, taken=places)
    return places, guesses


def _drop_what_is_not_needed(places: dict[str, int], named: Named) -> None:
    """Compute the amount only if there is none, or if the caller named both factors."""
    both_named = named["quantity"] and named["unit_price"] and not named["amount"]
    if both_named:
        places.pop("amount", None)
    if "amount" in places:
        places.pop("quantity", None)
        places.pop("unit_price", None)


def _search(names: Sequence[object], role: str, guesses: list[Guess]) -> int | None:
    """Return the place of the column with the best known name for `role`."""
    ranks = _RANK[role]
    found = sorted(
        (ranks[bare], place) for place, bare in enumerate(map(plain, names)) if bare in ranks
    )
    if not found:
        return None
    rank, place = found[0]
    if len(found) > 1:
        alike = [str(names[other]) for _rank, other in found]
        if found[1][0] == rank:
            raise AmbiguousError(
                f"the columns {alike} could both be the {role}; name one with {role}=…, "
                "and give columns of the same name different ones."
            )
        guesses.append(
            Guess(
                _("{role} column").format(role=role),
                str(names[place]),
                _("rather than {others}; see {role}=").format(others=alike[1:], role=role),
            )
        )
    return place


def _within(
    names: Sequence[object], role: str, taken: set[int], guesses: list[Guess]
) -> int | None:
    """Return the place of the one column whose name has a known word for `role` in it."""
    wanted, but = WITHIN[role]
    found = []
    for place, name in enumerate(names):
        words = folded(re.sub(r"(?<=[a-z])(?=[A-Z])", "_", str(name)))
        if place not in taken and re.search(wanted, words) and not re.search(but, words):
            found.append(place)
    if not found:
        return None
    shown = [str(names[place]) for place in found]
    if len(found) > 1:
        raise AmbiguousError(
            f"the columns {shown} could each be the {role}; name one with {role}={shown[0]!r}, say."
        )
    why = _("a word in its name says so; see {role}=").format(role=role)
    guesses.append(Guess(_("{role} column").format(role=role), shown[0], why))
    return found[0]


def known_column(names: Sequence[object], role: str) -> int | None:
    """Return the one column with a known name for `role`, None if there is none or several."""
    found = [place for place, bare in enumerate(map(plain, names)) if bare in _RANK[role]]
    return found[0] if len(found) == 1 else None


def named_column(names: Sequence[object], role: str, name: Hashable) -> int:
    """Return the place of the column a caller named."""
    same = [place for place, there in enumerate(names) if there == name]
    same = same or [place for place, there in enumerate(names) if plain(there) == plain(name)]
    if len(same) == 1:
        return same[0]
    if same:
        raise AmbiguousError(
            f"{len(same)} columns are called {name!r}; give them different names in the file."
        )
    near = difflib.get_close_matches(str(name), [*map(str, names)], n=1)
    hint = f" Did you mean {role}={near[0]!r}?" if near else ""
    raise MissingColumnsError(
        f"{role}={name!r} names no column; the file has {_shown(names)}.{hint}"
    )


def _shown(names: Sequence[object]) -> list[str]:
    """Return the names of the columns, cut to a readable length."""
    shown = [text if len(text) <= 60 else f"{text[:59]}…" for text in map(str, names[:40])]
    return shown + ["…"] * (len(names) > 40)


def _missing(
    names: Sequence[object], roles: list[str], taken: dict[str, int]
) -> MissingColumnsError:
    """Word the error for `roles` that no column fills, with the nearest names."""
    free = {
        plain(name): str(name) for place, name in enumerate(names) if place not in taken.values()
    }
    hints = []
    for role in roles:
        fitting = [
            bare for bare, name in free.items() if not re.search(WITHIN[role][1], folded(name))
        ]
        for known in map(plain, KNOWN[role]):
            if near := difflib.get_close_matches(known, fitting, n=1, cutoff=0.75):
                hints.append(f"{role}={free[near[0]]!r}")
                break
    arguments = ", ".join(f"{role}=…" for role in roles)
    also = " (or quantity=… and unit_price=…)" if "amount" in roles else ""
    near = f" Did you mean {', '.join(hints)}?" if hints else ""
    return MissingColumnsError(
        f"no column looks like the {' or the '.join(roles)}; the file has "
        f"{_shown(names)}. Name your own columns with {arguments}{also}.{near} "
        f"Column names are looked for in the first {HEADER_WITHIN:,} rows."
    )
