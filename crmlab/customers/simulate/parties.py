"""Parties a firm has to do with, plain ones and messy ones, and raters who label them."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import pandas as pd

from crmlab._checks import Seed, require_at_least, require_real, stream_of
from crmlab._shapes import Simulated
from crmlab.errors import OutOfRangeError

FLAGS = ("need", "means", "transacted", "internal", "resells", "public_body")


class Sort(NamedTuple):
    """A sort of party: its kind, its flags, its three labels, and whether it is messy."""

    name: str
    kind: str
    flags: str  # the flags that are True, by their first letters: n m t i r p
    labels: tuple[str, str, str]
    is_messy: bool


_OUT, _IN = "external", "internal"
SORTS = (
    Sort("household that buys", "person", "nmt", ("actual", _OUT, "consumer"), False),
    Sort("would buy, cannot pay", "person", "n", ("potential", _OUT, "consumer"), False),
    Sort("could buy, has not yet", "person", "nm", ("potential", _OUT, "consumer"), False),
    Sort("factory that buys", "organisation", "nmt", ("actual", _OUT, "enterprise"), False),
    Sort("shop that sells on", "organisation", "nmtr", ("actual", _OUT, "intermediate"), False),
    Sort("authority", "organisation", "nmtp", ("actual", _OUT, "public-interest"), False),
    Sort("department", "organisation", "nmti", ("actual", _IN, "enterprise"), False),
    Sort("passer-by", "person", "", ("none", _OUT, "consumer"), False),
    Sort("buys a gift", "person", "mt", ("actual", _OUT, "consumer"), True),
    Sort("has money, needs nothing", "person", "m", ("potential", _OUT, "consumer"), True),
    Sort("employee who buys", "person", "nmti", ("actual", _IN, "consumer"), True),
    Sort("buys on credit", "person", "nt", ("actual", _OUT, "consumer"), True),
    Sort("state shop", "organisation", "nmtrp", ("actual", _OUT, "public-interest"), True),
    Sort("neighbour who sells on", "person", "nmtr", ("actual", _OUT, "intermediate"), True),
)


def simulate_parties(n: int, *, messy: float = 0.3, seed: Seed) -> Simulated:
    """Simulate `n` parties of fourteen sorts, a share of them hard to label.

    Model
    -----
    `round(messy * n)` parties, in an order drawn at random, are of the six messy sorts, all equally
    likely; the others of the eight plain ones. A sort has one kind and one set of six flags, so
    that what is on file tells the sort, and the truth is the label that the course's definitions
    give it: a trade makes an actual customer (even a gift, even on credit), a need or means
    without a trade a potential one, a public body is one whatever it sells.

    Parameters
    ----------
    n : int, at least 1
    messy : float in [0, 1]
    seed : int, SeedSequence or Generator
        Same seed, same parties.

    Returns
    -------
    data : DataFrame, one row per party
        party_id : int64, from 1
        kind : str, "person" or "organisation"
        need, means, transacted, internal, resells, public_body : bool
    truth : DataFrame, one row per party, as `data`
        party_id : int64
        sort : str; is_messy : bool
        status : str, "actual", "potential" or "none"
        side : str, "internal" or "external"
        client_type : str, "intermediate", "public-interest", "consumer" or "enterprise"

    Raises
    ------
    OutOfRangeError
        If `n` is below 1, `messy` lies outside [0, 1], or `seed` is no seed.

    See Also
    --------
    crmlab.customers.measure.classify_party : labels them.

    Examples
    --------
    >>> data, truth = simulate_parties(60, seed=1)
    >>> truth["is_messy"].sum(), data["kind"].nunique()
    (np.int64(18), 2)
    """
    require_real(messy=messy)
    require_at_least("n", n, 1)
    _require_share("messy", messy)
    rng = stream_of(seed, "simulate_parties")
    plain, odd = ([k for k, one in enumerate(SORTS) if one.is_messy == is_so] for is_so in (0, 1))
    count = round(messy * n)
    sort = np.concatenate([rng.choice(odd, count), rng.choice(plain, n - count)])
    sort = sort[rng.permutation(n)]
    number = np.arange(1, n + 1)
    flags = np.array([[name[0] in one.flags for name in FLAGS] for one in SORTS])[sort]
    data = pd.DataFrame({"party_id": number, "kind": _words([s.kind for s in SORTS], sort)})
    data = data.assign(**dict(zip(FLAGS, flags.T, strict=True)))
    labels = zip(*(one.labels for one in SORTS), strict=True)
    named = dict(zip(("status", "side", "client_type"), labels, strict=True))
    truth = pd.DataFrame(
        {
            "party_id": number,
            "sort": _words([one.name for one in SORTS], sort),
            "is_messy": np.array([one.is_messy for one in SORTS])[sort],
            **{name: _words(words, sort) for name, words in named.items()},
        }
    )
    return Simulated(data, truth)


def simulate_slips(labels: pd.DataFrame, *, slip: float, seed: Seed) -> Simulated:
    """Simulate a rater who reads as `labels` say, and slips now and then.

    Model
    -----
    Each cell is copied, or with chance `slip` replaced by another word of its column, all equally
    likely. A column with one word stays as it is.

    Parameters
    ----------
    labels : DataFrame, one row per party: party_id, and columns of words
    slip : float in [0, 1]
    seed : int, SeedSequence or Generator

    Returns
    -------
    data : DataFrame, as `labels`
    truth : DataFrame, one row per party: party_id, and for each column whether it slipped (bool)

    Raises
    ------
    OutOfRangeError
        If `slip` is no share, or `seed` is no seed.

    Examples
    --------
    >>> labels = pd.DataFrame({"party_id": [1, 2], "side": ["internal", "external"]})
    >>> simulate_slips(labels, slip=1, seed=1).data["side"].tolist()
    ['external', 'internal']
    """
    require_real(slip=slip)
    _require_share("slip", slip)
    rng = stream_of(seed, "simulate_slips")
    data, slips = labels.copy(), labels[["party_id"]].copy()
    for name in labels.columns.drop("party_id"):
        code, words = pd.factorize(labels[name], sort=True)
        turn = rng.integers(1, max(len(words), 2), len(labels))
        slipped = (rng.random(len(labels)) < slip) & (len(words) > 1)
        data[name] = _words([*words], (code + np.where(slipped, turn, 0)) % len(words))
        slips[name] = slipped
    return Simulated(data, slips)


def _words(words: object, place: np.ndarray) -> pd.Series:
    """Return the word at each place as text."""
    return pd.Series(np.array(words)[place], dtype="str")


def _require_share(name: str, value: float) -> None:
    """Raise OutOfRangeError unless `value` lies in [0, 1]."""
    if not 0 <= value <= 1:
        raise OutOfRangeError(f"{name} must lie in [0, 1], a share not a percent; got {value!r}.")
