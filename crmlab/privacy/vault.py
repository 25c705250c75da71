"""Keys and identities, kept apart from the tables that analysts see, and from each other."""

from __future__ import annotations

import hmac
import json
import os
from base64 import b32encode
from collections.abc import Callable, Sequence
from pathlib import Path
from secrets import token_bytes

import numpy as np
import pandas as pd

from crmlab._checks import (
    names_of,
    require_callable,
    require_columns,
    require_kind,
    require_single,
    require_values,
)
from crmlab.errors import (
    AmbiguousError,
    BadRowsError,
    NotAllowedError,
    OutOfRangeError,
    UnreadableFileError,
)
from crmlab.privacy.spelling import can_tell, is_number, plain, spelled

__all__ = ["Vault", "pseudonymise"]

_KEY_BYTES = 32


def pseudonymise(frame: pd.DataFrame, columns: Sequence[str], *, key: bytes) -> pd.DataFrame:
    """Return `frame` with each value of `columns` replaced by its pseudonym (假名).

    A pseudonym is the keyed digest (HMAC-SHA-256, its first 80 bits, in 16 letters and digits) of
    the value as text: the same key gives the same value the same token; without the key nobody can
    try values until one fits; under another key the tokens have nothing in common. Spellings that
    a reader cannot tell apart are one value: 7, 7.0 and "７", blanks and unseen marks around it.

    Parameters
    ----------
    frame : DataFrame
    columns : str or sequence of str, whole numbers (also 7.0) or text without missing values
    key : bytes, at least 16; from `Vault`, or ``secrets.token_bytes(32)``

    Returns
    -------
    DataFrame, as `frame`, with str in `columns`

    Raises
    ------
    MissingColumnsError
        If `frame` lacks one of the columns.
    BadRowsError
        If a value is missing: all who miss it would become one person.
    OutOfRangeError
        If the key is too short, or a column holds fractions, or numbers too large to be sure.

    See Also
    --------
    Vault : makes a key per purpose, keeps it, and finds the person again where that is allowed.
    crmlab.privacy.measure.dictionary_attack : why a hash without a key will not do.

    Source
    ------
    Krawczyk, H., Bellare, M. and Canetti, R. (1997). HMAC: keyed-hashing for message
    authentication. RFC 2104. doi:10.17487/RFC2104

    Examples
    --------
    >>> frame = pd.DataFrame({"customer_id": [7, 7], "spend": [1, 2]})
    >>> pseudonymise(frame, "customer_id", key=b"a key of 16 byte")
            customer_id  spend
    0  BZLTW3JPAH4FISJI      1
    1  BZLTW3JPAH4FISJI      2
    """
    chosen = names_of("columns", columns)
    require_columns(frame, *chosen)
    require_values(frame, *chosen)
    require_single(frame, *chosen)
    if not isinstance(key, bytes) or len(key) < 16:
        raise OutOfRangeError("the key must be 16 bytes or more: secrets.token_bytes(32).")
    return frame.assign(**{column: _tokens(spelled(frame[column]), key) for column in chosen})


class Vault:
    """Keeps one key per purpose, and who is who, away from the tables that analysts see.

    A table for one purpose has other pseudonyms than a table for another, so the two cannot be
    joined, except by the vault.

    Parameters
    ----------
    identities : DataFrame, one row per person
        With the column `id`, and whatever names a person: name, phone, e-mail.
    id : str
        Column that numbers the people.
    random_bytes : callable, number of bytes -> bytes
        Where keys come from: by default the operating system's secret randomness. A lesson that
        should show everybody the same tokens may pass ``np.random.default_rng(5).bytes``.

    Raises
    ------
    MissingColumnsError
        If `identities` lacks the column `id`.
    BadRowsError
        If a person has no number, or two rows.

    See Also
    --------
    crmlab.privacy.gate.Gate : decides who may ask for what.

    Examples
    --------
    >>> people = pd.DataFrame({"customer_id": [7, 8], "name": ["王芳", "李军"], "spend": [90, 40]})
    >>> vault = Vault(people[["customer_id", "name"]], id="customer_id")
    >>> table = vault.release(people, purpose="positioning")
    >>> [*table.columns], vault.who(table["token"], purpose="positioning")["name"].tolist()
    (['token', 'spend'], ['王芳', '李军'])
    """

    def __init__(
        self,
        identities: pd.DataFrame,
        *,
        id: str,
        random_bytes: Callable[[int], bytes] = token_bytes,
    ) -> None:
        require_columns(identities, id=id)
        require_values(identities, id)
        require_single(identities, id)
        require_callable("random_bytes", random_bytes, "number of bytes -> bytes")
        ids = spelled(identities[id])
        if ids.duplicated().any():
            twice = [*ids[ids.duplicated()]][:10]
            raise BadRowsError(
                f"{twice} stand more than once in {id}; keep one row of each person."
            )
        self._identities, self._id = identities.reset_index(drop=True), id
        self._keys: dict[str, list[bytes]] = {}
        self._random_bytes = random_bytes

    def __repr__(self) -> str:
        names = (
            ", ".join(f"{purpose} (key {len(k)})" for purpose, k in self._keys.items()) or "none"
        )
        return f"Vault({len(self._identities):,} people; purposes: {names})"

    def release(self, frame: pd.DataFrame, *, purpose: str) -> pd.DataFrame:
        """Return `frame` for one purpose: a token first, and no column that names anybody.

        Every column that the vault holds as an identity is left out, by its name and by its values:
        a column in which most people's own name stands is left out whatever it is called. The rest
        stays. Raises MissingColumnsError if `frame` lacks the id, BadRowsError if a row has none
        or the vault does not know the person, NotAllowedError if a few cells of another column
        hold the person's own name: a note, say.
        """
        require_columns(frame, self._id)
        require_values(frame, self._id)
        require_single(frame, self._id)
        _require_purpose(purpose)
        ids = spelled(frame[self._id])
        place = pd.Index(spelled(self._identities[self._id])).get_indexer(pd.Index(ids))
        strange = place < 0
        if strange.any():
            raise BadRowsError(
                f"{strange.sum()} row(s) are of people whom the vault does not know: "
                f"{[*frame.loc[strange, self._id][:10]]}. Enter them in the vault first."
            )
        named = [one for one in self._identities.columns if one in frame]
        named += self._naming(frame.drop(columns=named), place)
        rest = frame.drop(columns=named)
        if "token" in rest:
            raise AmbiguousError("the frame has a column 'token' already; rename or drop it first.")
        rest.insert(0, "token", _tokens(ids, self._key(purpose)))
        return rest

    def _naming(self, frame: pd.DataFrame, place: np.ndarray) -> list[str]:
        """Return the columns in which the people at `place` of the vault stand by name.

        What many share, such as a city, names nobody, and a number that happens to be somebody's
        is no name: numbers are looked at as a column, texts cell by cell.
        """
        found = []
        telling = [plain(self._identities[name]) for name in self._identities.columns]
        telling = [one for one in telling if one.nunique() > max(1, len(one) / 2)]
        for column in frame.columns:
            cells, is_text = plain(frame[column]), not is_number(frame[column])
            for known in telling:
                mine = known.to_numpy()[place]
                same = cells.to_numpy() == mine
                if is_text and not is_number(self._identities[known.name]):
                    pairs = zip(cells, mine, strict=True)
                    same |= [can_tell(one) and one in cell for cell, one in pairs]
                if len(same) and same.mean() >= 0.5:
                    found.append(column)
                    break
                if is_text and same.any():
                    rows = np.flatnonzero(same)
                    raise NotAllowedError(
                        f"{len(rows)} row(s) of {column!r} hold the person's own {known.name}: "
                        f"{rows[:10].tolist()}. Clear these cells, or release the frame without "
                        f"the column: frame.drop(columns=[{column!r}])"
                    )
        return found

    def who(self, tokens: pd.Series, *, purpose: str) -> pd.DataFrame:
        """Return the identities behind tokens of one purpose, in the order of `tokens`.

        Raises NotAllowedError if a token was not made for this purpose with its present key.
        """
        require_kind("tokens", tokens, pd.Series, "a Series, such as table['token']")
        _require_purpose(purpose)
        if purpose not in self._keys:
            raise NotAllowedError(
                f"nothing was released for {purpose!r}; there are {[*self._keys]}."
            )
        ids = spelled(self._identities[self._id])
        book = self._identities.set_index(_tokens(ids, self._key(purpose)))
        strange = ~tokens.isin(book.index).to_numpy()
        if strange.any():
            raise NotAllowedError(
                f"{strange.sum()} token(s) were not made for {purpose!r} with its present key. "
                "Tokens of another purpose, or from before a rotation, name nobody here."
            )
        return book.loc[tokens.to_numpy(), :].reset_index(drop=True)

    def rotate(self, purpose: str) -> pd.DataFrame:
        """Give a purpose a new key; return old and new tokens, to carry own tables over.

        Tables that others hold keep the old tokens, which from now on name nobody. Throw the
        returned frame away when the tables are carried over.
        """
        _require_purpose(purpose)
        ids = spelled(self._identities[self._id])
        old = _tokens(ids, self._key(purpose))
        self._keys[purpose].append(self._random_bytes(_KEY_BYTES))
        return pd.DataFrame({"old": old, "new": _tokens(ids, self._key(purpose))})

    def save(self, *, keys: str | Path, identities: str | Path) -> None:
        """Write the keys (JSON) and the identities (Parquet) to two files in different folders.

        Only the owner may read them, where the system knows owners. Raises NotAllowedError if both
        would stand in one folder, where one theft takes both.
        """
        for name, path in {"keys": keys, "identities": identities}.items():
            require_kind(name, path, (str, os.PathLike), "a path, such as 'safe/keys.json'")
        keys, identities = Path(keys), Path(identities)
        if keys.resolve().parent == identities.resolve().parent:
            raise NotAllowedError(
                "keys and identities must stand in different folders: together they undo every "
                "pseudonym, so no one theft may take both."
            )
        book = {purpose: [key.hex() for key in made] for purpose, made in self._keys.items()}
        text = json.dumps({"id": self._id, "keys": book}, ensure_ascii=False, indent=1)
        _write_private(keys, lambda path: path.write_text(text, encoding="utf-8"))
        _write_private(identities, lambda path: self._identities.to_parquet(path, index=False))

    @classmethod
    def open(cls, *, keys: str | Path, identities: str | Path) -> Vault:
        """Return the vault that `save` wrote; raise UnreadableFileError if a file is not its."""
        try:
            book = json.loads(Path(keys).read_text(encoding="utf-8"))
            made = {name: [bytes.fromhex(key) for key in of] for name, of in book["keys"].items()}
            people, id = pd.read_parquet(identities), book["id"]
        except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
            raise UnreadableFileError(
                f"{keys} and {identities} are not the two files of one vault: {error}"
            ) from error
        vault = cls(people, id=id)
        vault._keys = made
        return vault

    def _key(self, purpose: str) -> bytes:
        """Return the present key of a purpose, made when first asked for."""
        if purpose not in self._keys:
            self._keys[purpose] = [self._random_bytes(_KEY_BYTES)]
        return self._keys[purpose][-1]


def _tokens(values: pd.Series, key: bytes) -> pd.Series:
    """Return the pseudonym of each value; a value that stands twice is worked out once."""
    codes, different = pd.factorize(values)
    tokens = [
        b32encode(hmac.digest(key, str(value).encode(), "sha256")[:10]).decode("ascii")
        for value in different
    ]
    made = pd.Series(tokens, dtype="str").take(codes)
    return made.set_axis(values.index)


def _require_purpose(purpose: str) -> None:
    """Raise OutOfRangeError unless a purpose is named by a text, as its key is when saved."""
    require_kind("purpose", purpose, str, "a text, such as 'evaluation'")


def _write_private(path: Path, write: Callable[[Path], object]) -> None:
    """Write beside `path`, readable by the owner only, and move it into place when whole."""
    beside = path.with_name(path.name + ".part")
    beside.touch(mode=0o600)
    write(beside)
    os.replace(beside, path)
