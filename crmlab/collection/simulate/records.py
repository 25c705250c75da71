"""The same people in several systems: spelt differently, out of date, or with gaps."""

from __future__ import annotations

import numpy as np
import pandas as pd

from crmlab._chance import Chance
from crmlab._checks import Seed, require_at_least, require_columns, require_real, stream_of
from crmlab._groups import repeat
from crmlab._shapes import Simulated
from crmlab.errors import OutOfRangeError

# System: the share of the people who stand in it, and whether it writes names in Latin letters.
SYSTEMS = {"till": (0.8, False), "web shop": (0.6, True), "service desk": (0.4, False)}
# Columns in which people bring how likely they stand in each system.
STANDING = ("in_till", "in_web_shop", "in_service_desk")
FIRST_DAY, LAST_DAY = np.datetime64("2023-01-01"), np.datetime64("2024-12-31")
FIELDS = ("name", "phone", "email", "birth_date", "address")
CAN_BE_STALE = ("phone", "address")
LETTERS = np.array([*"abcdefghijklmnopqrstuvwxyz0123456789"])


def simulate_records(
    n: int | pd.DataFrame,
    *,
    edit_share: float = 0.05,
    stale_share: float = 0.05,
    missing_share: float = 0.05,
    duplicate_share: float = 0.03,
    before: int = 0,
    seed: Seed,
) -> Simulated:
    """Simulate the records of people, by default with plain made-up fields, in three systems.

    Model
    -----
    A person stands in the till with probability .8, in the web shop (which writes names in Latin
    letters) .6 and at the service desk .4, independently, and twice in a system with probability
    `duplicate_share`. Each field of a record is, independently,
        empty        with probability `missing_share`
        of old       with `stale_share`, phone and address only: what it was before a move
        edited       with `edit_share`: one letter left out, doubled, replaced, or two swapped
    where a field that is empty is nothing else, and one of old is not edited.

    Parameters
    ----------
    n : int, or DataFrame
        How many people; or who they are: customer_id, name, name_latin, phone, email, birth_date
        and address. With joined_on, no record is older; with in_till, in_web_shop and
        in_service_desk, these are the probabilities to stand there.
    edit_share, stale_share, missing_share, duplicate_share : float in [0, 1]
    before : int
        Records are numbered from the one after it.
    seed : int, SeedSequence or Generator
        Same seed, same records.

    Returns
    -------
    data : DataFrame, one row per record, in random order
        record_id : int64
        system, name, phone, email, birth_date, address : str, missing where empty
        updated_on : datetime64[us], from 2023 or joining to the end of 2024; in a record of old
            fields always in the first half of that time
    truth : DataFrame, one row per record, keyed like `data`
        record_id, customer_id : int64
        edited, stale, missing : str, names of those fields, parted by spaces, or "none"

    Raises
    ------
    OutOfRangeError
        If `n` is below 1, a share lies outside [0, 1], or `seed` is no seed.
    MissingColumnsError
        If the frame lacks a column.

    Examples
    --------
    >>> data, truth = simulate_records(100, duplicate_share=1, seed=1)
    >>> truth.groupby(data["system"])["customer_id"].value_counts().eq(2).all()
    np.True_
    """
    require_real(
        edit_share=edit_share,
        stale_share=stale_share,
        missing_share=missing_share,
        duplicate_share=duplicate_share,
        before=before,
    )
    people = n if isinstance(n, pd.DataFrame) else _people(n)
    require_columns(people, "customer_id", "name_latin", *FIELDS)
    shares = {"edit_share": edit_share, "stale_share": stale_share}
    shares |= {"missing_share": missing_share, "duplicate_share": duplicate_share}
    for name, share in shares.items():
        if not 0 <= share <= 1:
            raise OutOfRangeError(f"{name} must lie in [0, 1], not a percent; got {share!r}.")
    chance = Chance(stream_of(seed))
    who, system, copy = _standing(chance, people, duplicate_share)
    n, number = len(who), people["customer_id"].to_numpy()
    key = (number[who] * len(SYSTEMS) + system) * 2 + copy
    latin = np.array([is_latin for _, is_latin in SYSTEMS.values()])[system]
    written = {"birth_date": people["birth_date"].dt.strftime("%Y-%m-%d").to_numpy()}
    fates = {field: np.full(n, "", dtype=object) for field in ("edited", "stale", "missing")}
    columns, is_old = {}, np.zeros(n, dtype=bool)
    for place, field in enumerate(FIELDS):
        one = key * len(FIELDS) + place
        text = written.get(field, people[field].to_numpy())[who].astype(object)
        if field == "name":
            text = np.where(latin, people["name_latin"].to_numpy()[who], text)
        missing = chance("missing", one) < missing_share
        stale = (chance("stale", one) < stale_share) & ~missing & (field in CAN_BE_STALE)
        edited = (chance("edited", one) < edit_share) & ~missing & ~stale
        text[stale] = _old(chance, field, one[stale])
        text[edited] = _edits(chance, text[edited], one[edited])
        text[missing] = None
        columns[field] = pd.Series(text, dtype="str")
        is_old |= stale
        for kind, rows in {"edited": edited, "stale": stale, "missing": missing}.items():
            fates[kind][rows] += f"{field} "
    record = np.arange(before + 1, before + n + 1)
    data = pd.DataFrame(
        {
            "record_id": record,
            "system": pd.Series(np.array([*SYSTEMS])[system], dtype="str"),
            **columns,
            "updated_on": _updated(chance, people, who, key, is_old),
        }
    )
    truth = pd.DataFrame({"record_id": record, "customer_id": number[who]})
    for kind, found in fates.items():
        truth[kind] = pd.Series(found, dtype="str").str.strip().replace("", "none")
    return Simulated(data, truth)


def _updated(
    chance: Chance, people: pd.DataFrame, who: np.ndarray, key: np.ndarray, is_old: np.ndarray
) -> np.ndarray:
    """Return when each record was last written: one of old in the first half of the time."""
    first = np.full(len(people), FIRST_DAY)
    if "joined_on" in people:
        first = np.maximum(people["joined_on"].to_numpy("M8[D]"), FIRST_DAY)
    span = (LAST_DAY - first[who]).astype(np.int64)
    old = is_old | (chance("in the first half", key) < 0.5)
    level = (chance("updated", key) + ~old) / 2
    return (first[who] + np.floor(level * span).astype("m8[D]")).astype("M8[us]")


def _people(n: int) -> pd.DataFrame:
    """Return n people with plain made-up fields."""
    require_at_least("n", n, 1)
    number = np.arange(1, n + 1)
    return pd.DataFrame(
        {
            "customer_id": number,
            "name": [f"顾客{k}" for k in number],
            "name_latin": [f"Guke {k}" for k in number],
            "phone": [f"+1-200-555-0100 ext. {k}" for k in number],
            "email": [f"guke{k}@example.com" for k in number],
            "birth_date": np.datetime64("1980-01-01", "us") + number.astype("m8[D]"),
            "address": [f"子虚路{k}号" for k in number],
        }
    )


def _standing(
    chance: Chance, people: pd.DataFrame, duplicate_share: float
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return person, system and copy (0, or 1) of every record, in random order."""
    number = people["customer_id"].to_numpy()
    cell = number[:, None] * len(SYSTEMS) + np.arange(len(SYSTEMS))
    share = np.array([share for share, _ in SYSTEMS.values()])
    if {*STANDING} <= {*people.columns}:
        share = people[[*STANDING]].to_numpy()
    times = (chance("stands in", cell) < share).astype(int)
    times += (times == 1) & (chance("stands twice", cell) < duplicate_share)
    who, system = (repeat(axis.ravel(), times.ravel()) for axis in np.indices(times.shape))
    copy = np.zeros(len(who), dtype=np.int64)
    copy[1:] = (who[1:] == who[:-1]) & (system[1:] == system[:-1])
    order = chance("order", (number[who] * len(SYSTEMS) + system) * 2 + copy).argsort()
    return who[order], system[order], copy[order]


def _old(chance: Chance, field: str, key: np.ndarray) -> np.ndarray:
    """Return the phones or addresses of before, which are nobody's."""
    number = chance.whole("of old", key, 0, 79_999)
    if field == "phone":
        texts = [f"+1-{200 + k // 100}-555-01{k % 100:02d} ext. 0" for k in number.tolist()]
    else:
        texts = [f"乌有街{k}号" for k in number.tolist()]
    return np.array(texts, dtype=object)


def _edits(chance: Chance, texts: np.ndarray, key: np.ndarray) -> np.ndarray:
    """Return each text with one edit: a letter left out, doubled, replaced, or two swapped."""
    kind = chance.whole("kind of edit", key, 0, 3).tolist()
    level = chance("edited at", key).tolist()
    letter = LETTERS[chance.whole("letter", key, 0, len(LETTERS) - 1)].tolist()
    made = []
    for text, one, where, new in zip(texts.tolist(), kind, level, letter, strict=True):
        at = int(where * len(text))
        other = text[at + 1 : at + 2]
        if one == 0:
            edited = text[:at] + text[at + 1 :]
        elif one == 1:
            edited = text[:at] + text[at] + text[at:]
        elif one == 2 or other in ("", text[at]):
            # Swapping equal letters, or the last one, would be no edit.
            edited = text[:at] + ("#" if new == text[at] else new) + text[at + 1 :]
        else:
            edited = text[:at] + other + text[at] + text[at + 2 :]
        made.append(edited)
    return np.array(made, dtype=object)
