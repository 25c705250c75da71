"""What offers cost while they are learned, and what another rule would have brought."""

from __future__ import annotations

import numpy as np
import pandas as pd

from crmlab._checks import (
    require_columns,
    require_numbers,
    require_rows,
    require_values,
)
from crmlab._groups import bincount
from crmlab._intervals import Z
from crmlab._purchases import as_frame, plain_values
from crmlab.errors import BadRowsError, UnknownNameError


def regret(log: pd.DataFrame, rates: pd.DataFrame) -> pd.DataFrame:
    """Cost of choosing by step: the best rate less that of the offer made, mean of the worlds.

    Parameters
    ----------
    log : DataFrame, one row per world and step: world, step, offer
    rates : DataFrame, one row per world and offer: world, offer, rate; the truth

    Returns
    -------
    DataFrame, one row per step
        step : as in `log`
        regret : float64, of this step: sales lost per customer
        total : float64, summed up to this step
        low, high : float64, 95% interval of the total over worlds (missing for one world)
        best : float64, share of worlds that made the best offer

    Raises
    ------
    MissingColumnsError, BadRowsError
        If a column or a value is missing, or an offer has no rate or two.
    OutOfRangeError
        If there are no rows, or a rate is no number.

    Examples
    --------
    >>> log = pd.DataFrame({"world": 0, "step": [0, 1], "offer": [0, 1]})
    >>> rates = pd.DataFrame({"world": 0, "offer": [0, 1], "rate": [0.1, 0.3]})
    >>> regret(log, rates)["total"].round(2).tolist()
    [0.2, 0.2]
    """
    log, rates = as_frame(log), as_frame(rates)
    require_columns(log, "world", "step", "offer")
    require_columns(rates, "world", "offer", "rate")
    require_rows(log)
    require_values(log, "world", "step", "offer")
    require_values(rates, "world", "offer", "rate")
    require_numbers(log, "step")
    require_numbers(rates, "rate")
    worlds, offers = (pd.Index(pd.unique(plain_values(rates[name]))) for name in ("world", "offer"))
    twice = rates.duplicated(["world", "offer"])
    if twice.any():
        raise BadRowsError(f"{int(twice.sum())} offer(s) have two rates in one world; keep one.")
    table = np.full((len(worlds), len(offers)), np.nan)
    place = (
        worlds.get_indexer(pd.Index(rates["world"])),
        offers.get_indexer(pd.Index(rates["offer"])),
    )
    table[place] = rates["rate"].to_numpy("float64")
    world, offer = (
        worlds.get_indexer(pd.Index(log["world"])),
        offers.get_indexer(pd.Index(log["offer"])),
    )
    lost = np.nanmax(table, axis=1)[world] - table[world, offer]
    unknown = np.flatnonzero((world < 0) | (offer < 0) | np.isnan(lost))
    if unknown.size:
        raise BadRowsError(
            f"{unknown.size} row(s) of the log have no rate: {unknown[:10].tolist()}. Hand over "
            "the rate of every offer in every world."
        )
    step, steps = pd.factorize(plain_values(log["step"]), sort=True)
    many = bincount(step)
    summed = np.zeros((len(steps), len(worlds)))
    np.add.at(summed, (step, world), lost)
    total = np.cumsum(summed, axis=0)
    used = np.unique(world)
    error = np.full(len(steps), np.nan)
    if len(used) > 1:
        error = total[:, used].std(axis=1, ddof=1) / np.sqrt(len(used))
    mean = total[:, used].mean(axis=1)
    return pd.DataFrame(
        {
            "step": steps,
            "regret": bincount(step, lost) / many,
            "total": mean,
            "low": mean - Z * error,
            "high": mean + Z * error,
            "best": bincount(step, lost == 0) / many,
        }
    )


def off_policy_value(
    log: pd.DataFrame,
    *,
    wanted: str = "wanted",
    features: tuple[str, ...] = (),
    offer: str = "offer",
    propensity: str = "propensity",
    outcome: str = "taken",
) -> pd.DataFrame:
    """Value that a new rule would have had, from the log of the old one, in four ways.

    Parameters
    ----------
    log : DataFrame, one row per customer
        `wanted`, what the new rule would have offered; `offer`, what the old one did; `propensity`,
        the chance with which it did; `outcome`, what came of it (a number, or True and False); and
        the columns of `features`
    wanted, offer, propensity, outcome : str
    features : names of columns
        The doubly robust way guesses an outcome by their cell: the mean of the others there with
        that offer.

    Returns
    -------
    DataFrame, one row per way
        way : str
            matching     mean outcome where both rules agree: wrong if the old rule chose whom
            ips          inverse propensity: outcomes weighted by 1 / propensity, over all rows
            snips        the same over the sum of the weights
            doubly robust  the guess for everybody, mended by ips of what it missed
        value, standard_error, low, high : float64, per customer, with a 95% interval
        rows : int64, where both rules agree
        effective : float64, sum of weights squared over the sum of squared weights

    Raises
    ------
    MissingColumnsError, BadRowsError
        If a column or a value is missing, a propensity is not a chance above 0, or the new rule
        wants an offer that the old one never made.
    OutOfRangeError
        If the two rules agree nowhere, or a column holds no numbers.

    Source
    ------
    Horvitz and Thompson (1952), doi:10.1080/01621459.1952.10483446; self-normalised: Swaminathan
    and Joachims (2015), The self-normalized estimator for counterfactual learning, Advances in
    Neural Information Processing Systems 28; doubly robust: Dudik, Erhan, Langford and Li (2014),
    doi:10.1214/14-STS500.

    Examples
    --------
    >>> log = pd.DataFrame({"wanted": "call", "offer": ["call", "coupon"] * 2,
    ...     "propensity": 0.5, "taken": [1, 0, 0, 1]})
    >>> off_policy_value(log)[["way", "value"]]
                 way  value
    0       matching    0.5
    1            ips    0.5
    2          snips    0.5
    3  doubly robust    0.5
    """
    log = as_frame(log)
    features = tuple([features] if isinstance(features, str) else features)
    named = {"wanted": wanted, "offer": offer, "propensity": propensity, "outcome": outcome}
    require_columns(log, *features, **named)
    require_rows(log)
    require_values(log, *features, *named.values())
    log = log.assign(
        **{outcome: plain_values(log[outcome]), propensity: plain_values(log[propensity])}
    )
    if log[outcome].dtype == bool:
        log[outcome] = log[outcome].astype("float64")
    require_numbers(log, propensity, outcome)
    chance = log[propensity].to_numpy("float64")
    wrong = np.flatnonzero((chance <= 0) | (chance > 1))
    if wrong.size:
        raise BadRowsError(
            f"{wrong.size} row(s) have a propensity that is no chance above 0, up to 1: "
            f"{wrong[:10].tolist()}. What was offered had one."
        )
    new, made = (plain_values(log[name]).to_numpy(object) for name in (wanted, offer))
    same = new == made
    if not same.any():
        raise UnknownNameError(
            "the two rules agree in no row, so the log says nothing of the new one. Look at the "
            f"values of {wanted!r} and {offer!r}, or let the old rule explore."
        )
    never = np.flatnonzero(~np.isin(new, pd.unique(made)))
    if never.size:
        raise BadRowsError(
            f"{never.size} row(s) want an offer that the old rule never made, so nothing tells "
            f"what comes of it: {[*pd.unique(new[never])][:10]}. Leave these rows out."
        )
    y, weight = log[outcome].to_numpy("float64"), same / chance
    guess, missed = _guesses(log, [*features], wanted, offer, y)
    ratio = (weight * y).sum() / weight.sum()
    ways = {
        "matching": (y[same], int(same.sum())),
        "ips": (weight * y, len(y)),
        "snips": (ratio + weight * (y - ratio) / weight.mean(), len(y)),
        "doubly robust": (guess + weight * missed, len(y)),
    }
    rows = []
    for way, (scores, n) in ways.items():
        error = scores.std(ddof=1) / np.sqrt(n) if n > 1 else np.nan
        rows.append((way, scores.mean(), error))
    table = pd.DataFrame(rows, columns=["way", "value", "standard_error"])
    reach = Z * table["standard_error"]
    return table.assign(
        low=table["value"] - reach,
        high=table["value"] + reach,
        rows=int(same.sum()),
        effective=weight.sum() ** 2 / (weight**2).sum(),
    )


def _guesses(
    log: pd.DataFrame, features: list[str], wanted: str, offer: str, y: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Return the guess under the wanted offer, and how far each outcome is from its own guess."""
    code = np.zeros(len(log), np.int64)
    for name in features:
        one, values = pd.factorize(plain_values(log[name]))
        code = pd.factorize(code * len(values) + one)[0]
    made, names = pd.factorize(plain_values(log[offer]))
    new = pd.Index(names).get_indexer(pd.Index(plain_values(log[wanted])))
    kinds, cells = len(names), int(code.max()) + 1
    total = bincount(code * kinds + made, y, cells * kinds).reshape(cells, kinds)
    count = bincount(code * kinds + made, minlength=cells * kinds).reshape(cells, kinds)
    # Where a cell never saw an offer, the mean of all who got it stands in.
    overall = total.sum(0) / count.sum(0)
    mean = np.where(count > 0, total / np.maximum(count, 1), overall)
    # Nobody's own outcome helps to guess it, or the guess would miss too little.
    others = count[code, made] - 1
    own = np.where(others > 0, (total[code, made] - y) / np.maximum(others, 1), overall[made])
    guess = np.where(new == made, own, mean[code, new])
    return guess, y - own
