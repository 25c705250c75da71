"""The people a firm deals with: who they are, whom they live with, what they agreed to."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import pandas as pd
import pyarrow as pa
from scipy.special import ndtr, ndtri

from crmlab._chance import Chance
from crmlab._checks import Seed, require_at_least, require_columns, require_real, stream_of
from crmlab.customers.simulate.households import draw_children, draw_homes
from crmlab.customers.simulate.words import (
    CITIES_ZH,
    DOMAINS,
    PHONES,
    draw_label,
    draw_names,
    draw_word,
    frame_of,
    joined,
    pc,
    phones,
)
from crmlab.errors import OutOfRangeError

EDUCATION = {"middle school": 0.25, "high school": 0.30, "college": 0.30, "postgraduate": 0.15}
# Added to the mean of the logarithm of a year's income, by education.
INCOME = {"middle school": 0.0, "high school": 0.2, "college": 0.5, "postgraduate": 0.8}
LEVELS = [*EDUCATION]
INCOME_LOG_MEAN, INCOME_LOG_SD = 11.0, 0.4
PURPOSES = {"marketing": 1.0, "profiling": 0.7, "research": 0.5}
WITHDRAWN = 0.10
AGE, AGE_SD = 40.0, 13.0
WALLET = (3.0, 3.0)
SURVEY_ERROR = 0.1
# Numbers this far on have an extension that no phone has.
FAXES = 500 * PHONES
JOBS = ("clerk", "teacher", "engineer", "nurse", "sales", "manager", "self-employed")
POSTS = ("junior", "senior", "lead", "director")
TRAITS = {
    "personality": ("outgoing", "careful", "impulsive", "calm", "critical"),
    "lifestyle": ("family", "career", "outdoors", "city", "home"),
    "hobby": ("reading", "sport", "travel", "cooking", "music", "games"),
    "other_brand": ("none", "Baihe", "Zixu", "Wuyou"),
    "survey_reaction": ("answers", "ignores", "refuses"),
    "motive": ("beauty", "health", "gift", "price", "habit"),
    "attitude": ("natural is better", "brands promise quality", "price decides"),
    "future_plans": ("none", "move", "change of job", "study", "start a family"),
    "reason_for_leaving": ("pay", "family", "distance", "not said"),
}
BLOOD = {"A": 0.31, "B": 0.28, "O": 0.32, "AB": 0.09}
MEDICAL = {"none": 0.7, "skin allergy": 0.2, "asthma": 0.1}


@dataclass(frozen=True)
class People:
    """What a firm knows of people; every column is in `datasets/company/datapackage.json`.

    people      one row per customer, with the fields of the individual model
    households  one row per home, addresses one per home too, children one per child (sensitive)
    consents    one row per customer and purpose agreed to
    """

    people: pd.DataFrame
    households: pd.DataFrame
    addresses: pd.DataFrame
    children: pd.DataFrame
    consents: pd.DataFrame


class SimulatedPeople(NamedTuple):
    """What the firm sees, and the share of the purse that each customer really spends there."""

    data: People
    truth: pd.DataFrame


def simulate_people(
    n: int | pd.DataFrame,
    *,
    consents: pd.DataFrame | None = None,
    consent_share: float = 0.8,
    chinese_share: float = 0.95,
    income_effect: float = 0.0,
    sensitive: bool = False,
    seed: Seed,
) -> SimulatedPeople:
    """Simulate who customers are, by default of some of one city and one joining day.

    Model
    -----
    age on joining ~ N(40, 13) between 18 and 80
    log income_cny = 11 + 0.2, 0.5, 0.8 for high school, college, postgraduate + N(0, 0.4), whose
        noise has the correlation `income_effect` with the normal score of the mean ticket
    wallet_share ~ Beta(3, 3); what a customer says to spend in the category is our yearly spend
        over that share times a lognormal error (sigma 0.1), and never less than our spend
    A tenth of the customers share a home with the customer they are married to. Two thirds of the
    rest aged 22 or more are married, spouses about as old (sigma 3 years), and 60 % of the homes of
    two have 1 or 2 children, whose younger parent was 20 to 50 at their birth. Nobody under 21 went
    to college, or under 24 is a postgraduate; nine in ten are retired from 60 on, and half from 55;
    posts and years of tenure are such as the age allows. A share `consent_share`
    consents to marketing on joining, 70 % and 50 % of them to profiling and research too, and a
    tenth of the consents is withdrawn at an even chance within the year after.

    Parameters
    ----------
    n : int, or DataFrame
        How many customers, who spend 1,000 CNY a year each; or those that have a place and a past:
        customer_id, city, joined_on, spend_cny_per_year, favourite_category, is_lost and
        promotion_reaction.
    consents : DataFrame of `simulate_consents`, optional
        Handed on; drawn too when omitted.
    consent_share, chinese_share : float in [0, 1]
        Who agrees to be contacted, and whose name is Chinese.
    income_effect : float in [-1, 1]
        Needs the column mean_ticket when it is not 0.
    sensitive : bool
        Fill blood type, medical history, bank card and children; otherwise they are empty.
    seed : int, SeedSequence or Generator
        Same seed, same people.

    Returns
    -------
    data : People
    truth : DataFrame, one row per customer: customer_id, wallet_share

    Raises
    ------
    OutOfRangeError
        If `n` is below 1, `consent_share` or `chinese_share` lies outside [0, 1], `income_effect`
        outside [-1, 1], or `seed` is no seed.
    MissingColumnsError
        If the frame lacks a column.

    Examples
    --------
    >>> people, truth = simulate_people(3, seed=1)
    >>> people.people[["customer_id", "blood_type"]].isna().sum().tolist()
    [0, 3]
    """
    require_real(consent_share=consent_share, chinese_share=chinese_share)
    rng = stream_of(seed, "simulate_people")
    customers = n if isinstance(n, pd.DataFrame) else _alike(n)
    require_columns(customers, "customer_id", "city", "joined_on", "spend_cny_per_year")
    if not 0 <= chinese_share <= 1 or not -1 <= income_effect <= 1:
        raise OutOfRangeError(
            "chinese_share must lie in [0, 1], and income_effect in [-1, 1]; got "
            f"{chinese_share!r} and {income_effect!r}."
        )
    if consents is None:
        consents = simulate_consents(customers, share=consent_share, seed=rng)
    n, number = len(customers), customers["customer_id"].to_numpy()

    gender = np.where(rng.random(n) < 0.75, "F", "M")
    age = _ages(rng, n)
    homes = draw_homes(rng, customers, gender, age)
    gender, age = homes.gender, homes.age
    name, latin, mail = draw_names(rng, gender, chinese_share=chinese_share)
    born = customers["joined_on"].to_numpy("M8[D]") - (age * 365.25).astype("m8[D]")
    most = np.digitize(age, [21, 24]) + 1
    school = np.minimum(pc.index_in(draw_label(rng, EDUCATION, n), pa.array(LEVELS)), most)
    noise = INCOME_LOG_SD * _income_noise(rng, customers, income_effect)
    income = np.exp(INCOME_LOG_MEAN + np.array([*INCOME.values()])[school] + noise).round(-2)
    retired = rng.random(n) < np.select([age >= 60, age >= 55], [0.9, 0.5], 0.0)
    job = pc.if_else(pa.array(retired), "retired", draw_word(rng, JOBS, n))
    columns = {
        "customer_id": number,
        "household_id": homes.household_id,
        "name": name,
        "name_latin": latin,
        "gender": gender,
        "birth_date": born.astype("M8[us]"),
        "phone": phones(number),
        "fax": pc.if_else(pc.equal(job, "self-employed"), phones(number + FAXES), None),
        "email": joined(mail, number, "@", draw_word(rng, DOMAINS, n)),
        "education": pa.array(LEVELS).take(pa.array(school)),
        "job_type": job,
        "income_cny": income,
        "marital_status": np.where(homes.married, "married", "single"),
        **_career(rng, job, age),
        **{trait: draw_word(rng, words, n) for trait, words in TRAITS.items()},
        "promotion_reaction": pa.array(customers["promotion_reaction"]),
        "readiness_to_try": rng.integers(1, 6, n),
        **_credit(rng, customers, income),
        **_sensitive(rng, number, sensitive),
    }
    share = rng.beta(*WALLET, n)
    ours = customers["spend_cny_per_year"].to_numpy().clip(0)
    said = np.maximum(ours / share * rng.lognormal(0, SURVEY_ERROR, n), np.maximum(ours, 1)).round()
    loyalty = np.minimum(ours / said, 1.0)
    columns |= {
        "category_spend_cny": said,
        "loyalty_index": loyalty.round(4),
        "potential_index": (1 - loyalty.round(4)).round(4),
    }
    people = frame_of(columns)
    homes.households["income_cny"] = people.groupby("household_id")["income_cny"].sum().to_numpy()
    children = draw_children(rng, homes.households, homes.parent_age, sensitive=sensitive)
    data = People(people, homes.households, homes.addresses, children, consents)
    truth = pd.DataFrame({"customer_id": number, "wallet_share": share})
    return SimulatedPeople(data, truth)


def _alike(n: int) -> pd.DataFrame:
    """Return n customers who differ in nothing but their number."""
    require_at_least("n", n, 1)
    return pd.DataFrame(
        {
            "customer_id": np.arange(1, n + 1),
            "city": pd.Series(["Shanghai"] * n, dtype="str"),
            "joined_on": pd.Series([pd.Timestamp("2024-01-01")] * n).astype("M8[us]"),
            "spend_cny_per_year": 1_000.0,
            "favourite_category": pd.Series(["skin care"] * n, dtype="str"),
            "is_lost": False,
            "promotion_reaction": pd.Series(["ignores"] * n, dtype="str"),
        }
    )


def _ages(rng: np.random.Generator, n: int) -> np.ndarray:
    """Return ages of a normal law between 18 and 80, in years."""
    low, high = ndtr((np.array([18.0, 80.0]) - AGE) / AGE_SD)
    return AGE + AGE_SD * ndtri(low + (high - low) * rng.random(n))


def _income_noise(rng: np.random.Generator, customers: pd.DataFrame, effect: float) -> np.ndarray:
    """Return standard normal noise that goes with the tickets as far as `effect` says."""
    noise = rng.normal(size=len(customers))
    if not effect:
        return noise
    require_columns(customers, "mean_ticket")
    rank = customers["mean_ticket"].rank(method="first").to_numpy()
    return effect * ndtri((rank - 0.5) / len(rank)) + np.sqrt(1 - effect**2) * noise


def _career(
    rng: np.random.Generator, job: pa.Array, age: np.ndarray
) -> dict[str, pa.Array | np.ndarray]:
    """Return employer, workplace, post and tenure; the retired have none."""
    n = len(age)
    at_work = pc.not_equal(job, "retired")
    employer = joined("Fictional Works No. ", rng.integers(1, 500, n))
    # Nobody leads before 30, nor is senior before 25.
    place = np.floor(rng.random(n) * np.select([age < 25, age < 30], [1, 2], len(POSTS)))
    post = pa.array(POSTS).take(pa.array(place.astype(np.int64)))
    years = np.floor(rng.random(n) * np.minimum(age - 18, 30)).astype(np.int64)
    return {
        "employer": pc.if_else(at_work, employer, None),
        "workplace": pc.if_else(at_work, draw_word(rng, [*CITIES_ZH], n), None),
        "post": pc.if_else(at_work, post, None),
        "tenure_years": pc.if_else(at_work, pa.array(years), None),
    }


def _credit(
    rng: np.random.Generator, customers: pd.DataFrame, income: np.ndarray
) -> dict[str, pa.Array | np.ndarray]:
    """Return the limit of credit, a tenth of the income, and whether the customer still comes."""
    lost = customers["is_lost"].to_numpy(dtype=bool)
    return {
        "credit_limit_cny": (income / 10 * rng.uniform(0.5, 1.5, len(income))).round(-2),
        "customer_type": np.where(lost, "lost", "existing"),
        "favourite_category": pa.array(customers["favourite_category"]),
    }


def _sensitive(
    rng: np.random.Generator, number: np.ndarray, sensitive: bool
) -> dict[str, pa.Array | np.ndarray]:
    """Return what should not be kept without need: drawn always, so that nothing else moves."""
    n = len(number)
    columns = {
        "blood_type": draw_label(rng, BLOOD, n),
        "medical_history": draw_label(rng, MEDICAL, n),
        # No issuer's number begins with 0000: ISO/IEC 7812.
        "bank_card": joined("0000", pc.utf8_lpad(pc.cast(number, pa.string()), 12, "0")),
    }
    empty = pa.nulls(n, pa.string())
    return columns if sensitive else dict.fromkeys(columns, empty)


def simulate_consents(customers: pd.DataFrame, *, share: float = 0.8, seed: Seed) -> pd.DataFrame:
    """Return consents given on joining; a tenth of them is withdrawn within the year after.

    Parameters
    ----------
    customers : DataFrame with customer_id, joined_on
    share : float in [0, 1]
        Who consents to marketing; 70 % and 50 % of them to profiling and research too.
    seed : int, SeedSequence or Generator

    Returns
    -------
    DataFrame, one row per customer and purpose: customer_id, purpose, given_on, withdrawn_on

    Raises
    ------
    MissingColumnsError
        If a column is missing.
    OutOfRangeError
        If `share` lies outside [0, 1], or `seed` is no seed.
    """
    require_columns(customers, "customer_id", "joined_on")
    if not 0 <= share <= 1:
        raise OutOfRangeError(f"share must lie in [0, 1], not a percent; got {share!r}.")
    chance = Chance(stream_of(seed, "simulate_consents"))
    number = customers["customer_id"].to_numpy()
    agrees = chance("agrees", number) < share
    given = np.stack(
        [agrees & (chance(purpose, number) < also) for purpose, also in PURPOSES.items()], axis=1
    )
    row, purpose = np.divmod(np.flatnonzero(given), len(PURPOSES))
    key = number[row] * len(PURPOSES) + purpose
    day = customers["joined_on"].to_numpy("M8[us]")[row]
    later = day + chance.days("withdrawn after", key, 1, 365)
    kept = chance("withdrawn", key) >= WITHDRAWN
    return frame_of(
        {
            "customer_id": customers["customer_id"].to_numpy()[row],
            "purpose": pa.array([*PURPOSES]).take(pa.array(purpose)),
            "given_on": day,
            "withdrawn_on": np.where(kept, np.datetime64("NaT", "us"), later),
        }
    )
