"""Answers to a catalogue, item by item, and the next offer at random."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import pandas as pd

from crmlab._checks import Seed, require_at_least, stream_of
from crmlab._groups import repeat
from crmlab._words import N_

# Department, its share as a favourite, and its categories.
DEPARTMENTS = {
    N_("womenswear"): (N_("dress"), N_("skirt"), N_("coat"), N_("shirt")),
    N_("menswear"): ("shirt", N_("trousers"), N_("suit"), "coat"),
    N_("children"): (N_("toy"), "shirt", N_("shoes"), "coat"),
    N_("home"): (N_("linen"), N_("lamp"), N_("tableware"), N_("towel")),
}
FAVOURITE = (0.35, 0.25, 0.2, 0.2)
BRANDS = (N_("polo"), N_("crane"), N_("lotus"), N_("plain"))
COLOURS = (N_("red"), N_("blue"), N_("black"), N_("white"))
# Chance of an eager customer, and of another, to answer, and to take an offer without taste for it.
ANSWERS, TAKES, TASTE = (0.5, 0.1), (0.06, 0.03), 0.24
MARGIN = 60.0


class Catalogue(NamedTuple):
    """Who got the catalogue, what they took from it, what came of the next offer; and the truth."""

    mailed: pd.DataFrame
    responses: pd.DataFrame
    offers: pd.DataFrame
    truth: pd.DataFrame


def simulate_catalogue(n: int, *, seed: Seed) -> Catalogue:
    """Simulate a catalogue of four departments, and a trial of what to offer next.

    Model
    -----
    Each customer has a favourite department (womenswear .35, menswear .25, children .2, home .2),
    and 40% are eager. An eager customer takes something from the catalogue with chance .5, another
    with .1: 1 + Poisson(1) items. An item is of the favourite department with chance .7, else of
    another one; category, brand and colour are as it comes, each of four.

    Then each customer is offered one department, drawn at random. An eager customer takes it with
    chance .06, another with .03, plus .24 (eager) or .12 if it is the favourite. A sale brings 60,
    gamma of shape 4. So offering every customer the favourite would bring
        60 (.4 * .30 + .6 * .15) = 12.6 each,
    and womenswear to all 60 (.042 + .35 * .168) = 6.048: that is what knowing all is worth.

    Parameters
    ----------
    n : int, at least 1
        Customers who are sent the catalogue.
    seed : int, SeedSequence or Generator

    Returns
    -------
    mailed : DataFrame: customer_id : int64, all n
    responses : DataFrame, one row per item taken
        customer_id : int64
        department, category, brand, colour : str
        amount_cny : float64
    offers : DataFrame, one row per customer
        customer_id : int64
        offer : str, a department
        margin_cny : float64, 0 where it was not taken
    truth : DataFrame, one row per customer
        customer_id : int64
        favourite : str
        eager : bool

    Raises
    ------
    OutOfRangeError
        If `n` is below 1, or `seed` is no seed.

    See Also
    --------
    crmlab.behaviour.measure.response_modes : names the kinds of answers.

    Examples
    --------
    >>> mailed, responses, offers, truth = simulate_catalogue(1_000, seed=1)
    >>> len(mailed), sorted(responses["department"].unique())
    (1000, ['children', 'home', 'menswear', 'womenswear'])
    """
    require_at_least("n", n, 1)
    rng = stream_of(seed, "simulate_catalogue")

    names = np.array([*DEPARTMENTS])
    taste, eager = rng.choice(4, n, p=FAVOURITE), rng.random(n) < 0.4
    answers = rng.random(n) < np.where(eager, *ANSWERS)
    who = repeat(np.arange(n), answers * (1 + rng.poisson(1.0, n)))
    other = (taste[who] + rng.integers(1, 4, len(who))) % 4
    department = np.where(rng.random(len(who)) < 0.7, taste[who], other)
    category = np.array([*DEPARTMENTS.values()])[department, rng.integers(0, 4, len(who))]
    ids = np.arange(1, n + 1)
    responses = {
        "customer_id": ids[who],
        "department": pd.Series(names[department], dtype="str"),
        "category": pd.Series(category, dtype="str"),
        "brand": pd.Series(rng.choice(BRANDS, len(who)), dtype="str"),
        "colour": pd.Series(rng.choice(COLOURS, len(who)), dtype="str"),
        "amount_cny": rng.gamma(4, 40, len(who)).round(2) + 1,
    }

    offer = rng.integers(0, 4, n)
    more = TASTE * np.where(eager, 1.0, 0.5)
    takes = rng.random(n) < np.where(eager, *TAKES) + more * (offer == taste)
    offers = {
        "customer_id": ids,
        "offer": pd.Series(names[offer], dtype="str"),
        "margin_cny": (takes * rng.gamma(4, MARGIN / 4, n)).round(2),
    }
    favourite = pd.Series(names[taste], dtype="str")
    truth = pd.DataFrame({"customer_id": ids, "favourite": favourite, "eager": eager})
    return Catalogue(
        pd.DataFrame({"customer_id": ids}), pd.DataFrame(responses), pd.DataFrame(offers), truth
    )
