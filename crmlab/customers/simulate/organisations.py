"""Organisations a firm sells to: distributors, advisers, product partners."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import pandas as pd
import pyarrow as pa

from crmlab._checks import Seed, require_at_least, require_real, stream_of
from crmlab._groups import repeat
from crmlab.customers.simulate.words import (
    CITIES_ZH,
    DOMAINS,
    PHONES,
    draw_addresses,
    draw_label,
    draw_names,
    draw_word,
    frame_of,
    joined,
    phones,
)

TYPES = {"distributor": 0.6, "adviser": 0.15, "product partner": 0.25}
# Chinese national classification of industries, GB/T 4754-2017.
INDUSTRIES = {"wholesale": "F51", "retail": "F52", "accommodation": "H61", "personal care": "O80"}
PAYMENTS = ("on time", "sometimes late", "often late")
CHANNELS = ("phone", "e-mail", "visit", "fair")
GRADES = ("AAA", "AA", "A", "B", "C")
SALES_LOG_MEAN, SALES_LOG_SD = 16.0, 1.0
# Noise of the judgements that staff put on file, beside a latent quality of standard deviation 1.
JUDGEMENT_SD = 1.0
# Numbers this far on have an extension that no person has.
OFFICES = 1_000 * PHONES
WORDS = {
    "philosophy": ("customers first", "low price", "long partnership", "innovation"),
    "sales_area": ("one city", "one province", "several provinces", "whole country"),
    "potential": ("new shops", "online sales", "private label", "none seen"),
    "strengths": ("location", "staff", "capital", "network"),
    "problems": ("stock", "cash", "staff turnover", "none seen"),
    "purchasing_process": ("owner decides", "purchasing manager", "committee", "tender"),
    "other_departments": ("warehouse", "marketing", "warehouse and marketing", "none"),
}


@dataclass(frozen=True)
class Organisations:
    """The organisation model's fields, one row per organisation, and the offices' addresses."""

    organisations: pd.DataFrame
    offices: pd.DataFrame


class SimulatedOrganisations(NamedTuple):
    """What is on file, and the quality behind it."""

    data: Organisations
    truth: pd.DataFrame


def simulate_organisations(
    n: int, *, before: int = 0, sensitive: bool = False, seed: Seed
) -> SimulatedOrganisations:
    """Simulate `n` organisations of a latent quality that staff can only judge with error.

    Model
    -----
    quality ~ N(0, 1), hidden. log annual_sales_cny ~ N(16, 1). Staff's judgements (image,
    sales_capability, closeness, willingness: whole numbers 1 to 5) are 3 + quality + N(0, 1),
    rounded and cut at 1 and 5; the credit grade is the fifth of quality + N(0, 1) that a normal
    law of variance 2 gives. So quality and the sum of k judgements correlate with about
    sqrt(k / (k + 1)).
    The channels to contact and decision-maker are independent: phone, e-mail, visit or fair, all
    equally likely.
    Branches: Poisson with mean 1.5. A year's trade with us is a Beta(2, 3) share of purchases.

    Parameters
    ----------
    n : int
        At least 1.
    sensitive : bool
        Fill the bank account; otherwise it is empty.
    before : int
        Organisations are numbered from the one after it.
    seed : int, SeedSequence or Generator
        Same seed, same organisations.

    Returns
    -------
    data : Organisations
        organisations, offices (the first office of each is the head office)
    truth : DataFrame, one row per organisation: organisation_id, quality

    Raises
    ------
    OutOfRangeError
        If `n` is below 1, or `seed` is no seed.

    See Also
    --------
    crmlab.credit.simulate.simulate_statements : the books that such organisations keep.

    Examples
    --------
    >>> data, truth = simulate_organisations(2, seed=1)
    >>> data.organisations["bank_account"].isna().all()
    np.True_
    """
    require_real(before=before)
    require_at_least("n", n, 1)
    rng = stream_of(seed, "simulate_organisations")
    number = np.arange(before + 1, before + n + 1)
    quality = rng.normal(size=n)
    sales = np.exp(rng.normal(SALES_LOG_MEAN, SALES_LOG_SD, n)).round(-3)
    share = rng.beta(2, 3, n)
    industry = draw_word(rng, [*INDUSTRIES], n)
    word = draw_word(rng, ("Baihe", "Zixu", "Wuyou", "Yunjing", "Lianxin"), n)
    columns = {
        "organisation_id": number,
        "name": joined(word, " ", industry, " No. ", number),
        "type": draw_label(rng, TYPES, n),
        "industry": industry,
        "industry_code": pa.array([INDUSTRIES[one] for one in industry.to_pylist()]),
        "founded_on": np.datetime64("2020-01-01", "us") - rng.integers(0, 9_000, n).astype("m8[D]"),
        "employees": np.maximum(sales / 4e5 * rng.lognormal(0, 0.3, n), 1).astype(np.int64),
        "registered_capital_cny": (sales * 0.1 * rng.lognormal(0, 0.5, n)).round(-4),
        "annual_sales_cny": sales,
        "phone": phones(number + OFFICES),
        "fax": phones(number + 2 * OFFICES),
        "email": joined("office", number, "@", draw_word(rng, DOMAINS, n)),
        **_people(rng, n),
        **{field: draw_word(rng, words, n) for field, words in WORDS.items()},
        **_judgements(rng, quality),
        "terms_days": rng.choice([0, 30, 60, 90], n),
        "credit_limit_cny": (sales * 0.02).round(-3),
        "payment_record": draw_word(rng, PAYMENTS, n),
        "competitor_contacts": rng.poisson(2.0, n),
        "openness_to_new": rng.integers(1, 6, n),
        "loyalty_index": share.round(4),
        "potential_index": (1 - share.round(4)).round(4),
        "sales_results_cny": (sales * 0.3 * share).round(-2),
        "bank_account": joined("0000-", number) if sensitive else pa.nulls(n, pa.string()),
    }
    truth = pd.DataFrame({"organisation_id": number, "quality": quality})
    return SimulatedOrganisations(Organisations(frame_of(columns), _offices(rng, number)), truth)


def _people(rng: np.random.Generator, n: int) -> dict[str, pa.Array | np.ndarray]:
    """Return those we deal with: contact, decision-maker, purchasing and senior manager."""
    columns = {}
    for role in ("contact", "decision_maker", "purchasing_manager", "senior_manager"):
        gender = rng.choice(["F", "M"], n)
        columns[f"{role}_name"] = draw_names(rng, gender, chinese_share=0.95)[0]
        columns[f"{role}_title"] = draw_word(rng, ("owner", "director", "manager", "buyer"), n)
    for role in ("purchasing_manager", "senior_manager"):
        columns[f"{role}_age"] = rng.integers(28, 62, n)
        columns[f"{role}_character"] = draw_word(rng, ("calm", "quick", "careful", "warm"), n)
        columns[f"{role}_interest"] = draw_word(rng, ("golf", "tea", "books", "football"), n)
    columns["contact_channel"] = draw_word(rng, CHANNELS, n)
    # From a child, so that whatever else is drawn from the stream stays as it is.
    columns["decision_maker_channel"] = draw_word(rng.spawn(1)[0], CHANNELS, n)
    return columns


def _judgements(rng: np.random.Generator, quality: np.ndarray) -> dict[str, np.ndarray]:
    """Return what staff think of an organisation, whose quality they see with error."""
    n = len(quality)
    seen = {
        field: np.clip(np.rint(3 + quality + rng.normal(0, JUDGEMENT_SD, n)), 1, 5).astype(int)
        for field in ("image", "sales_capability", "closeness", "willingness")
    }
    score = (quality + rng.normal(0, JUDGEMENT_SD, n)) / np.sqrt(1 + JUDGEMENT_SD**2)
    # Fifths of the standard normal law.
    grade = np.digitize(-score, [-0.8416, -0.2533, 0.2533, 0.8416])
    return seen | {"credit_grade": np.array(GRADES)[grade]}


def _offices(rng: np.random.Generator, number: np.ndarray) -> pd.DataFrame:
    """Return the head office of every organisation, and its branches."""
    count = 1 + np.minimum(rng.poisson(1.5, len(number)), 8)
    owner = repeat(number, count)
    place = np.arange(len(owner)) - repeat(np.cumsum(count) - count, count)
    city = np.array([*CITIES_ZH])[rng.integers(0, len(CITIES_ZH), len(owner))]
    return frame_of(
        {
            "office_id": owner * 10 + place,
            "organisation_id": owner,
            "kind": np.where(place == 0, "head office", "branch"),
            **draw_addresses(rng, city),
        }
    )
