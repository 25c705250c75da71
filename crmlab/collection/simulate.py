"""The same people in several systems: spelt differently, out of date, or with gaps."""

from __future__ import annotations

import numpy as np
import pandas as pd

from crmlab._checks import Seed, require_at_least, require_columns, stream_of
from crmlab._shapes import Simulated
from crmlab.errors import OutOfRangeError

# System: the share of the people who stand in it, and whether it writes names in Latin letters.
SYSTEMS = {"till": (0.8, False), "web shop": (0.6, True), "service desk": (0.4, False)}
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
        and address.
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
        updated_on : datetime64[us], 2023 or 2024; in a record of old fields always 2023
    truth : DataFrame, one row per record, keyed like `data`
        record_id, customer_id : int64
        edited, stale, missing : str, names of those fields, parted by spaces, or "none"

    Raises
    ------
    OutOfRangeError
        If `n` is below 1, a share is none, or `seed` is no seed.
    MissingColumnsError
        If the frame lacks a column.

    Examples
    --------
    >>> data, truth = simulate_records(100, duplicate_share=1, seed=1)
    >>> truth.groupby(data["system"])["customer_id"].value_counts().eq(2).all()
    np.True_
    """
    people = n if isinstance(n, pd.DataFrame) else _people(n)
    require_columns(people, "customer_id", "name_latin", *FIELDS)
    shares = {"edit_share": edit_share, "stale_share": stale_share}
    shares |= {"missing_share": missing_share, "duplicate_share": duplicate_share}
    for name, share in shares.items():
        if not 0 <= share <= 1:
            raise OutOfRangeError(f"{name} must lie in [0, 1], not a percent; got {share!r}.")
    rng = stream_of(seed)
    who, system = _standing(rng, len(people), duplicate_share)
    n = len(who)
    latin = np.array([is_latin for _, is_latin in SYSTEMS.values()])[system]
    written = {"birth_date": people["birth_date"].dt.strftime("%Y-%m-%d").to_numpy()}
    fates = {field: np.full(n, "", dtype=object) for field in ("edited", "stale", "missing")}
    columns, is_old = {}, np.zeros(n, dtype=bool)
    for field in FIELDS:
        text = written.get(field, people[field].to_numpy())[who].astype(object)
        if field == "name":
            text = np.where(latin, people["name_latin"].to_numpy()[who], text)
        missing = rng.random(n) < missing_share
        stale = (rng.random(n) < stale_share) & ~missing & (field in CAN_BE_STALE)
        edited = (rng.random(n) < edit_share) & ~missing & ~stale
        text[stale] = _old(rng, field, text[stale])
        text[edited] = _edits(rng, text[edited])
        text[missing] = None
        columns[field] = pd.Series(text, dtype="str")
        is_old |= stale
        for kind, rows in {"edited": edited, "stale": stale, "missing": missing}.items():
            fates[kind][rows] += f"{field} "
    day = rng.integers(0, 365, n) + np.where(is_old | (rng.random(n) < 0.5), 0, 366)
    number = np.arange(before + 1, before + n + 1)
    data = pd.DataFrame(
        {
            "record_id": number,
            "system": pd.Series(np.array([*SYSTEMS])[system], dtype="str"),
            **columns,
            "updated_on": np.datetime64("2023-01-01", "us") + day.astype("m8[D]"),
        }
    )
    truth = pd.DataFrame(
        {"record_id": number, "customer_id": people["customer_id"].to_numpy()[who]}
    )
    for kind, found in fates.items():
        truth[kind] = pd.Series(found, dtype="str").str.strip().replace("", "none")
    return Simulated(data, truth)


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
    rng: np.random.Generator, n: int, duplicate_share: float
) -> tuple[np.ndarray, np.ndarray]:
    """Return person and system of every record, in random order."""
    chance = np.array([share for share, _ in SYSTEMS.values()])
    times = (rng.random((n, len(SYSTEMS))) < chance).astype(int)
    times += (times == 1) & (rng.random(times.shape) < duplicate_share)
    who, system = (np.repeat(axis.ravel(), times.ravel()) for axis in np.indices(times.shape))
    order = rng.permutation(len(who))
    return who[order], system[order]


def _old(rng: np.random.Generator, field: str, now: np.ndarray) -> np.ndarray:
    """Return the phones or addresses of before, which are nobody's."""
    number = rng.integers(0, 80_000, len(now))
    if field == "phone":
        texts = [f"+1-{200 + k // 100}-555-01{k % 100:02d} ext. 0" for k in number.tolist()]
    else:
        texts = [f"乌有街{k}号" for k in number.tolist()]
    return np.array(texts, dtype=object)


def _edits(rng: np.random.Generator, texts: np.ndarray) -> np.ndarray:
    """Return each text with one edit: a letter left out, doubled, replaced, or two swapped."""
    kind = rng.integers(0, 4, len(texts)).tolist()
    level = rng.random(len(texts)).tolist()
    letter = LETTERS[rng.integers(0, len(LETTERS), len(texts))].tolist()
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
