"""A small town whose people stand in a shop's file, a health club's file, or both."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import NamedTuple

import numpy as np
import pandas as pd

from crmlab._checks import Seed, require_at_least, require_probability, stream_of
from crmlab._words import N_
from crmlab.errors import OutOfRangeError

TODAY = pd.Timestamp("2025-01-01")
YOUNGEST, OLDEST = 18, 80
NOTES = {
    N_("none"): 0.55,
    N_("high blood pressure"): 0.2,
    N_("asthma"): 0.15,
    N_("diabetes"): 0.1,
}
PURPOSES = ("positioning", "evaluation")

_SURNAMES = [*"王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹"]
_GIVEN = [*"伟芳娜敏静丽强磊军洋勇艳杰娟涛明超霞平刚桂英建华玉兰志国文军红梅晓东海燕春生秀珍"]
_HOUSEHOLD = [0.25, 0.3, 0.25, 0.15, 0.05]  # shares of households of 1 to 5 persons


@dataclass(frozen=True)
class People:
    """What can be seen: three files about the same town.

    register, one row per inhabitant whom an outsider can look up, by person_id
        person_id : int64
        name : str
        birth_date : datetime64[us]
        sex : str, "F" or "M"
        postcode : str, six digits
    shop, one row per customer, by customer_id
        customer_id : int64, tells nothing about the person
        name, phone, email : str
        birth_date, sex, postcode : as in the register
        household : int64, persons, 1 to 5
        spend_cny : float64, CNY last year, to the fen
        last_seen_on : datetime64[us], day of the last purchase
    club, one row per member of the health club, by member_id
        member_id : int64, tells nothing about the person
        name, phone : str
        birth_date, sex, postcode : as in the register
        visits : int64, last year
        medical_note : str; only with `sensitive=True`
    consents, one row per customer of the shop and purpose agreed to, by both
        customer_id : int64
        purpose : str, "positioning" or "evaluation"
        given_on : datetime64[us]
        withdrawn_on : datetime64[us], NaT while the consent stands
    """

    register: pd.DataFrame
    shop: pd.DataFrame
    club: pd.DataFrame
    consents: pd.DataFrame


@dataclass(frozen=True)
class PeopleTruth:
    """Who is who, which neither file says.

    shop, one row per customer: customer_id, person_id (int64)
    club, one row per member: member_id, person_id (int64), planted (bool; the group in which
        everybody has the same medical note)
    """

    shop: pd.DataFrame
    club: pd.DataFrame


class SimulatedPeople(NamedTuple):
    """What can be seen, and what only the simulator knows."""

    data: People
    truth: PeopleTruth


def simulate_people(
    n: int,
    *,
    areas: int = 20,
    listed: float = 1.0,
    in_shop: float = 0.5,
    in_club: float = 0.3,
    in_both: float = 0.15,
    sensitive: bool = False,
    seed: Seed,
) -> SimulatedPeople:
    """Simulate a town of `n` adults, the files that hold them, and who is who in them.

    Model
    -----
    birth_date  ~ Uniform over the days that make a person 18 to 79 years old on 2025-01-01
    sex         ~ Uniform{F, M};  postcode ~ Uniform over `areas`;  all three independent
    spend_cny   = 200 + 800 * exp(-((age - 38) / 12)**2) on average, times a lognormal of mean 1
                  (sigma 0.5): people around 38 spend most
    notes       "none" 55 %, high blood pressure 20 %, asthma 15 %, diabetes 10 %; except that
                every member of the first area born before 1960 has diabetes (the planted group)
    So a person with the same chance of each of D birth dates, 2 sexes and A areas is alone among
    n with probability (1 - 1 / (2 * A * D)) ** (n - 1); D is 22,645 days.
    Files hold exact shares of the town: `in_shop`, `in_club`, and `in_both` of it in both.
    Nobody can be reached: phones are +1 555-01xx numbers, kept free for fiction, of which there are
    80,000 (more people share numbers); e-mails are at example.com, .org and .net; postcodes begin
    with 00, which no Chinese postcode does.

    Parameters
    ----------
    n : int
        Inhabitants, at least 1.
    areas : int
        Postcodes, 1 to 1,000: ten to a district, which is the first five digits.
    listed : float in (0, 1]
        Share of the town whom the register lists.
    in_shop, in_club, in_both : float in (0, 1]
        Shares of the town in each file and in both.
    sensitive : bool
        Whether the club's file has medical notes. Off unless you ask for it.
    seed : int, SeedSequence or Generator
        Same seed, same town.

    Returns
    -------
    data : People
        register, shop, club, consents
    truth : PeopleTruth
        shop, club

    Raises
    ------
    OutOfRangeError
        If `n` is below 1, `areas` lies outside 1 to 1,000, a share outside (0, 1], `in_both` cannot
        be, or `seed` is no seed.

    Source
    ------
    Numbers for fiction: North American Numbering Plan, 555-0100 to 555-0199. Domains: RFC 2606,
    doi:10.17487/RFC2606

    Examples
    --------
    >>> town, truth = simulate_people(1_000, seed=5)
    >>> len(town.register), len(town.shop), len(town.club)
    (1000, 500, 300)
    >>> len(set(truth.shop["person_id"]) & set(truth.club["person_id"]))
    150
    >>> "medical_note" in town.club
    False
    """
    rng = stream_of(seed)
    require_at_least("n", n, 1)
    if areas not in range(1, 1_001):
        raise OutOfRangeError(f"areas must lie between 1 and 1,000; got {areas!r}.")
    shares = {"listed": listed, "in_shop": in_shop, "in_club": in_club, "in_both": in_both}
    for name, share in shares.items():
        require_probability(name, share)
    if in_both > min(in_shop, in_club) or in_shop + in_club - in_both > 1:
        raise OutOfRangeError(
            f"in_both must be at most in_shop and in_club, and leave room for all in the town; got "
            f"in_shop={in_shop}, in_club={in_club}, in_both={in_both}."
        )

    everybody = _everybody(rng, n, areas)
    both, shop, club = (round(share * n) for share in (in_both, in_shop, in_club))
    mixed = rng.permutation(n)
    in_files = {"shop": mixed[:shop], "club": np.r_[mixed[:both], mixed[shop : shop + club - both]]}
    known = np.sort(rng.permutation(n)[: max(1, round(listed * n))])
    files, who = {}, {}
    for name, rows in in_files.items():
        key = "customer_id" if name == "shop" else "member_id"
        part = everybody.loc[rng.permutation(rows), :].reset_index(drop=True)
        files[name] = part.assign(**{key: np.arange(1, len(part) + 1)})
        who[name] = files[name][[key, "person_id"]].copy()

    register = everybody.loc[known, ["person_id", "name", "birth_date", "sex", "postcode"]]
    club_file, who["club"]["planted"] = _club(rng, files["club"], sensitive=sensitive)
    town = People(
        register.reset_index(drop=True), _shop(rng, files["shop"]), club_file, _consents(rng, shop)
    )
    return SimulatedPeople(town, PeopleTruth(**who))


def reserved_phones() -> pd.Series:
    """Return every phone number that the town can have: 80,000 that reach nobody, in order."""
    return pd.Series(_phones(), dtype="str", name="phone")


@cache
def _phones() -> np.ndarray:
    area, line = np.divmod(np.arange(80_000), 100)
    numbers = [f"+1-{a}-555-01{b:02d}" for a, b in zip(area + 200, line, strict=True)]
    return np.array(numbers, dtype=object)


def _everybody(rng: np.random.Generator, n: int, areas: int) -> pd.DataFrame:
    """Return the whole town with every field that any file may hold."""
    first, last = (TODAY - pd.DateOffset(years=years) for years in (OLDEST, YOUNGEST))
    days = rng.integers(1, (last - first).days + 1, n)
    phones = _phones()
    names = (rng.choice(part, n).astype("U") for part in (_SURNAMES, _GIVEN, [*_GIVEN, ""]))
    domains = rng.choice(["example.com", "example.org", "example.net"], n)
    codes = np.array([f"00{code:04d}" for code in range(areas)])
    return pd.DataFrame(
        {
            "person_id": np.arange(1, n + 1),
            "name": pd.Series(np.char.add(np.char.add(next(names), next(names)), next(names))),
            "phone": phones[rng.permutation(len(phones))[np.arange(n) % len(phones)]],
            "email": np.char.add(np.char.add("u", rng.permutation(n).astype("U")) + "@", domains),
            "birth_date": first.to_datetime64().astype("M8[us]") + days.astype("m8[D]"),
            "sex": rng.choice(["F", "M"], n),
            "postcode": rng.choice(codes, n),
        }
    ).astype(dict.fromkeys(["name", "phone", "email", "sex", "postcode"], "str"))


def _shop(rng: np.random.Generator, people: pd.DataFrame) -> pd.DataFrame:
    """Return the shop's file: how each customer can be reached, and what was spent."""
    age = (TODAY - people["birth_date"]).dt.days.to_numpy() / 365.25
    mean = 200 + 800 * np.exp(-(((age - 38) / 12) ** 2))
    sigma = 0.5
    spend = mean * rng.lognormal(-(sigma**2) / 2, sigma, len(people))
    last_seen = TODAY.to_datetime64().astype("M8[us]") - rng.integers(
        1, 5 * 365, len(people)
    ).astype("m8[D]")
    shop = people.assign(
        household=rng.choice(np.arange(1, 6), len(people), p=_HOUSEHOLD),
        spend_cny=spend.round(2),
        last_seen_on=last_seen,
    )
    columns = ["customer_id", "name", "phone", "email", "birth_date", "sex", "postcode"]
    return shop[[*columns, "household", "spend_cny", "last_seen_on"]]


def _club(
    rng: np.random.Generator, people: pd.DataFrame, *, sensitive: bool
) -> tuple[pd.DataFrame, np.ndarray]:
    """Return the club's file, and which of its rows belong to the planted group."""
    planted = (people["birth_date"] < "1960-01-01") & (people["postcode"] == "000000")
    notes = rng.choice([*NOTES], len(people), p=[*NOTES.values()])
    club = people.assign(visits=rng.poisson(30, len(people)))
    columns = ["member_id", "name", "phone", "birth_date", "sex", "postcode", "visits"]
    if sensitive:
        club["medical_note"] = pd.Series(np.where(planted, "diabetes", notes), dtype="str")
        columns.append("medical_note")
    return club[columns], planted.to_numpy()


def _consents(rng: np.random.Generator, customers: int) -> pd.DataFrame:
    """Return the consents: nine in ten agree to a purpose, one in ten of them withdraws later."""
    given = pd.DataFrame(
        [(one, purpose) for one in range(1, customers + 1) for purpose in PURPOSES],
        columns=["customer_id", "purpose"],
    ).astype({"purpose": "str"})
    given["given_on"] = np.datetime64("2020-01-01", "us") + rng.integers(0, 700, len(given)).astype(
        "m8[D]"
    )
    later = given["given_on"] + rng.integers(1, 700, len(given)).astype("m8[D]")
    given["withdrawn_on"] = later.where(rng.random(len(given)) < 0.1)
    return given.loc[rng.random(len(given)) < 0.9, :].reset_index(drop=True)
