"""Campaigns with a control group: a planted lift, and four kinds of customers."""

from __future__ import annotations

import numpy as np
import pandas as pd

from crmlab._checks import (
    Seed,
    require_at_least,
    require_columns,
    require_positive,
    require_real,
    stream_of,
)
from crmlab._shapes import Simulated
from crmlab.errors import OutOfRangeError

KINDS = ("persuadable", "sure thing", "lost cause", "sleeping dog")
# What each feature adds to the weight of a kind: of visits (by 4), of the share bought on sale,
# of tenure (by 24 months), beside a constant. A sure thing has none, so the others are against it.
_WEIGHTS = np.array(
    [[-0.4, 2.4, -0.3, -0.6], [0.0, 0.0, 0.0, 0.0], [2.4, -0.4, -1.5, 0.0], [-2.3, -2.0, 0.2, 1.1]]
)


def simulate_trial(
    n: int,
    *,
    lift: float = 0.1,
    control: float = 0.5,
    visits: float = 2.0,
    ticket: float = 50.0,
    unlike: float = 1.0,
    seed: Seed,
) -> Simulated:
    """Simulate a campaign with a control group (对照组), and what everybody spent before it.

    Model
    -----
    A customer has a level g ~ Gamma(1 / unlike, unlike), mean 1 and variance `unlike`. In the
    quarter before, purchases ~ Poisson(visits * g); in the quarter of the campaign the same anew,
    times 1 + lift for the treated. A purchase is Gamma(2, ticket / 2). Treated is each customer
    with probability 1 - control. So, of spend,
        effect       = lift * visits * ticket,
        variance     = 1.5 * visits * ticket**2 + unlike * (visits * ticket)**2   (no lift),
        correlation of before and after = unlike / (unlike + 1.5 / visits)        (no lift).

    Parameters
    ----------
    n : int, at least 1
    lift : float above -1
    control : float in (0, 1)
        Chance to be left in peace.
    visits, ticket, unlike : float above 0
    seed : int, SeedSequence or Generator

    Returns
    -------
    data : DataFrame, one row per customer
        customer_id : int64
        treated : bool
        spend_before, spend : float64, CNY of the quarter before and of the campaign's
        bought : bool, whether anything was spent in the latter
    truth : DataFrame, one row per customer
        customer_id : int64
        level : float64
        effect : float64, CNY that the campaign adds on average to who has this level

    Raises
    ------
    OutOfRangeError
        If `n` is below 1, `control` lies outside (0, 1), `lift` is not above -1, `visits`, `ticket`
        or `unlike` not above 0, or `seed` is no seed.

    See Also
    --------
    crmlab.campaigns.measure.treatment_effect : measures the effect.

    Examples
    --------
    >>> trial, truth = simulate_trial(10_000, lift=0.2, seed=1)
    >>> round(truth["effect"].mean())
    20
    """
    require_real(lift=lift, control=control)
    require_at_least("n", n, 1)
    _require_control(control)
    for name, value in (("visits", visits), ("ticket", ticket), ("unlike", unlike)):
        require_positive(name, value)
    require_positive("1 + lift", 1 + lift)
    rng = stream_of(seed, "simulate_trial")
    level = rng.gamma(1 / unlike, unlike, n)
    treated = rng.random(n) >= control
    before = _spent(rng, visits * level, ticket)
    after = _spent(rng, visits * level * np.where(treated, 1 + lift, 1.0), ticket)
    data = {
        "customer_id": np.arange(1, n + 1),
        "treated": treated,
        "spend_before": before,
        "spend": after,
        "bought": after > 0,
    }
    truth = {
        "customer_id": np.arange(1, n + 1),
        "level": level,
        "effect": lift * visits * ticket * level,
    }
    return Simulated(pd.DataFrame(data), pd.DataFrame(truth))


def simulate_uplift(
    n: int, *, control: float = 0.5, sharpness: float = 1.0, seed: Seed
) -> Simulated:
    """Simulate a campaign among persuadables, sure things, lost causes and sleeping dogs.

    Model
    -----
    visits ~ Poisson(4 g) with g ~ Gamma(2, 1/2); on_sale ~ Beta(2, 3), the share bought at a
    discount; tenure_months ~ uniform from 1 to 48. A customer's kind is drawn with chances
    proportional to exp(sharpness * w), where, with v = visits / 4 and t = tenure_months / 24,
        persuadable (可说服者)     w = -0.4 + 2.4 on_sale - 0.3 v - 0.6 t
        sure thing (必买者)       w = 0
        lost cause (无望者)       w = 2.4 - 0.4 on_sale - 1.5 v
        sleeping dog (勿扰者)     w = -2.3 - 2.0 on_sale + 0.2 v + 1.1 t
    A persuadable buys if treated, a sure thing in any case, a lost cause in none, and a sleeping
    dog if left in peace. So, given the features,
        uplift = P(persuadable) - P(sleeping dog),  P(buys untreated) = P(sure) + P(sleeping dog).

    Parameters
    ----------
    n : int, at least 1
    control : float in (0, 1)
        Chance to be left in peace.
    sharpness : float of 0 or more
        How much the features tell: at 0 they tell nothing, and all kinds are alike likely.
    seed : int, SeedSequence or Generator

    Returns
    -------
    data : DataFrame, one row per customer
        customer_id : int64
        visits : int64; on_sale : float64; tenure_months : int64
        treated, bought : bool
    truth : DataFrame, one row per customer
        customer_id : int64
        kind : str
        uplift : float64, given the features: what a contact adds to the chance to buy
        chance : float64, given the features: to buy when left in peace

    Raises
    ------
    OutOfRangeError
        If `n` is below 1, `control` lies outside (0, 1), `sharpness` is below 0, or `seed` is no
        seed.

    See Also
    --------
    crmlab.campaigns.model.UpliftModel : finds whom to treat.

    Source
    ------
    The four kinds: Radcliffe, N. J. and Surry, P. D. (2011), Real-world uplift modelling with
    significance-based uplift trees, Portrait Technical Report TR-2011-1.

    Examples
    --------
    >>> data, truth = simulate_uplift(10_000, seed=1)
    >>> untreated = data.loc[~data["treated"]].merge(truth)
    >>> untreated.groupby("kind")["bought"].mean().to_dict()
    {'lost cause': 0.0, 'persuadable': 0.0, 'sleeping dog': 1.0, 'sure thing': 1.0}
    """
    require_real(control=control, sharpness=sharpness)
    require_at_least("n", n, 1)
    _require_control(control)
    if not 0 <= sharpness < np.inf:
        raise OutOfRangeError(f"sharpness must be a finite number of 0 or more; got {sharpness!r}.")
    rng = stream_of(seed, "simulate_uplift")
    visits = rng.poisson(4 * rng.gamma(2.0, 0.5, n))
    on_sale, tenure = rng.beta(2.0, 3.0, n), rng.integers(1, 49, n)
    features = np.stack([np.ones(n), on_sale, visits / 4, tenure / 24], axis=1)
    weight = np.exp(sharpness * features @ _WEIGHTS.T)
    chance = weight / weight.sum(axis=1, keepdims=True)
    kind = (rng.random(n)[:, None] > chance.cumsum(axis=1)[:, :-1]).sum(axis=1)
    treated = rng.random(n) >= control
    bought = (kind == 1) | ((kind == 0) & treated) | ((kind == 3) & ~treated)
    data = {
        "customer_id": np.arange(1, n + 1),
        "visits": visits.astype(np.int64),
        "on_sale": on_sale,
        "tenure_months": tenure.astype(np.int64),
        "treated": treated,
        "bought": bought,
    }
    truth = {
        "customer_id": np.arange(1, n + 1),
        "kind": pd.Series(np.array(KINDS)[kind], dtype="str"),
        "uplift": chance[:, 0] - chance[:, 3],
        "chance": chance[:, 1] + chance[:, 3],
    }
    return Simulated(pd.DataFrame(data), pd.DataFrame(truth))


def simulate_looks(n: int, *, looks: int = 20, effect: float = 0.0, seed: Seed) -> Simulated:
    """Simulate `n` tests, each looked at again and again while its data come in.

    Model
    -----
    Equal parts of the data come in before each look. After k of K the test statistic is
        z_k = (x_1 + ... + x_k) / sqrt(k),   x_i ~ Normal(effect / sqrt(K), 1),
    so that z_K ~ Normal(effect, 1): an `effect` of 2.8 is found in 80% of tests by a single look
    at the end, and 0 is no effect.

    Parameters
    ----------
    n : int, at least 1
    looks : int, at least 1
    effect : float
        Standard errors that the full data would show on average.
    seed : int, SeedSequence or Generator

    Returns
    -------
    data : DataFrame, one row per test and look: test (int64), look (int64, from 1), z (float64)
    truth : DataFrame, one row per test: test (int64), effect (float64)

    Raises
    ------
    OutOfRangeError
        If `n` or `looks` is below 1, `effect` is not finite, or `seed` is no seed.

    See Also
    --------
    crmlab.campaigns.measure.alarms_by_look : how many tests have called it a success.

    Examples
    --------
    >>> looks, _ = simulate_looks(2_000, looks=5, seed=1)
    >>> round((looks["z"].abs() > 1.96).groupby(looks["test"]).any().mean(), 2)
    np.float64(0.14)
    """
    require_real(effect=effect)
    require_at_least("n", n, 1)
    require_at_least("looks", looks, 1)
    if not np.isfinite(effect):
        raise OutOfRangeError(f"effect must be a finite number; got {effect!r}.")
    rng = stream_of(seed, "simulate_looks")
    came = rng.normal(effect / np.sqrt(looks), 1.0, (n, looks))
    z = came.cumsum(axis=1) / np.sqrt(np.arange(1, looks + 1))
    test, look = np.divmod(np.arange(n * looks), looks)
    data = pd.DataFrame({"test": test, "look": look + 1, "z": z.ravel()})
    return Simulated(data, pd.DataFrame({"test": np.arange(n), "effect": float(effect)}))


def _spent(rng: np.random.Generator, mean: np.ndarray, ticket: float) -> np.ndarray:
    """Return what customers with these mean numbers of purchases spend."""
    many = rng.poisson(mean)
    spent = np.zeros(len(many))
    some = many > 0
    # A sum of k purchases of Gamma(2, ticket / 2) is one of Gamma(2k, ticket / 2).
    spent[some] = rng.gamma(2.0 * many[some], ticket / 2)
    return spent


def _require_control(control: float) -> None:
    """Raise OutOfRangeError unless some are treated, and some are not."""
    if not 0 < control < 1:
        raise OutOfRangeError(
            f"control must lie between 0 and 1, a share not a percent; got {control!r}. Somebody "
            "must be treated, and somebody left in peace."
        )


def campaign_answers(truth: pd.DataFrame, contacted: np.ndarray, *, seed: Seed) -> np.ndarray:
    """Return who buys in one more campaign, given whom it contacts.

    Each customer buys with the chance `chance`, and if contacted with `chance` + `uplift`.

    Parameters
    ----------
    truth : DataFrame, as returned by `simulate_uplift`
        uplift, chance
    contacted : array of bool, one per row of `truth`
    seed : int, SeedSequence or Generator

    Returns
    -------
    array of bool, who buys, one per row of `truth`

    Raises
    ------
    MissingColumnsError
        If `truth` lacks a column.
    OutOfRangeError
        If `contacted` has another length, or `seed` is no seed.

    Examples
    --------
    >>> _, truth = simulate_uplift(5, seed=1)
    >>> len(campaign_answers(truth, np.ones(5, dtype=bool), seed=1))
    5
    """
    require_columns(truth, "uplift", "chance")
    who = np.asarray(contacted, dtype=bool)
    if who.shape != (len(truth),):
        raise OutOfRangeError(f"contacted must have {len(truth)} values; it has {who.shape}.")
    level = stream_of(seed, "campaign_answers").random(len(truth))
    return level < truth["chance"].to_numpy("float64") + who * truth["uplift"].to_numpy("float64")
