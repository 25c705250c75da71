"""Which channels bring customers, and how much of a ranking is luck."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import pandas as pd
from scipy.special import betaln

from crmlab._checks import (
    require_columns,
    require_list,
    require_numbers,
    require_rows,
    require_truths,
    require_values,
)
from crmlab._groups import bincount
from crmlab._intervals import wilson
from crmlab._purchases import plain_values
from crmlab.collection.sources import LEAD_METHODS
from crmlab.errors import BadRowsError, EmptyError

# Where the prior of the conversions is looked for: its mean, and how many leads it is worth.
_MEANS, _WORTHS, _POINTS = 24, 40, 250


def channel_report(
    leads: pd.DataFrame,
    *,
    channels: Iterable[str] | None = None,
    method: str = "method",
    converted: str = "converted",
    cost: str = "cost",
    consent: str | None = "consent",
) -> pd.DataFrame:
    """Conversion, cost per customer and lawfulness of each channel, raw and shrunk.

    The best of many raw rates is mostly the luckiest. Shrinkage takes the rates of all channels as
    draws from one law, which the rates themselves tell, and moves each towards its middle, the more
    the fewer leads it stands on. The law is not known either: what is left open about it is in the
    intervals.

    Parameters
    ----------
    leads : DataFrame, one row per lead
        `method` : str; `converted` : bool; `cost` : number; `consent` : bool
    channels : list of str, optional
        Every channel that should be there; one without leads is refused by name. Otherwise those
        that occur.
    method, converted, cost, consent : str
        Columns; consent=None if nobody knows who agreed.

    Returns
    -------
    DataFrame, one row per channel, highest shrunk conversion first, then by name
        method : str
        source : str, "own", "third party", or "unknown" for a channel of your own
        leads, customers : int64
        conversion, low, high : float64, raw share, Wilson's 95% interval
        shrunk, shrunk_low, shrunk_high : float64, and its 95% interval
        best : float64, how probable it is that no other channel is better
        cost : float64, in all
        cost_per_customer, cost_low, cost_high : float64, cost over customers, infinite where there
            are none; the interval is that of the raw conversion at the mean cost of a lead
        lawful : float64, share of leads that may be used; missing where consent is unknown

    Raises
    ------
    MissingColumnsError
        If a column is missing.
    BadRowsError
        If a row has no channel, no cost, or a cost below 0.
    EmptyError
        If there are no leads, or none of a channel in `channels`.

    Source
    ------
    Efron and Morris (1975), doi:10.1080/01621459.1975.10479864. The prior of the law, proportional
    to (a + b)^(-5/2): Gelman et al. (2013), Bayesian Data Analysis, section 5.3.

    See Also
    --------
    crmlab.collection.plot.plot_channels : draws this frame.

    Examples
    --------
    >>> leads = pd.DataFrame({"method": ["visits"] * 4 + ["lists"] * 40, "cost": 1.0,
    ...     "converted": [True, True] + [False] * 2 + [True] * 4 + [False] * 36, "consent": True})
    >>> channel_report(leads)[["method", "leads", "conversion", "shrunk"]].round(2)
       method  leads  conversion  shrunk
    0  visits      4         0.5    0.38
    1   lists     40         0.1    0.12
    """
    named = {"method": method, "converted": converted, "cost": cost}
    if consent is not None:
        named["consent"] = consent
    require_columns(leads, **named)
    require_rows(leads)
    require_values(leads, *named.values())
    leads = pd.DataFrame({name: plain_values(leads[column]) for name, column in named.items()})
    require_truths(leads, *[name for name in ("converted", "consent") if name in leads])
    require_numbers(leads, "cost")
    _require_channels(leads, channels)

    codes, names = pd.factorize(leads["method"], sort=True)
    n = bincount(codes)
    won = bincount(codes, leads["converted"].to_numpy("float64"))
    money = bincount(codes, leads["cost"].to_numpy("float64"))
    low, high = wilson(won, n)
    mean, shrunk_low, shrunk_high, best = _shrunk(won, n.astype("float64"))
    each = money / n
    with np.errstate(divide="ignore"):
        per_customer = money / won
        dearest = each / low
    lawful = np.full(len(n), np.nan)
    if "consent" in leads:
        lawful = bincount(codes, leads["consent"].to_numpy("float64")) / n
    table = pd.DataFrame(
        {
            "method": pd.Series([*map(str, names)], dtype="str"),
            "source": pd.Series([_source(name) for name in names], dtype="str"),
            "leads": n,
            "customers": won.astype("int64"),
            "conversion": won / n,
            "low": low,
            "high": high,
            "shrunk": mean,
            "shrunk_low": shrunk_low,
            "shrunk_high": shrunk_high,
            "best": best,
            "cost": money,
            "cost_per_customer": per_customer,
            "cost_low": each / high,
            "cost_high": np.where(won > 0, dearest, np.inf),
            "lawful": lawful,
        }
    )
    return table.sort_values(["shrunk", "method"], ascending=[False, True], ignore_index=True)


def _source(name: object) -> str:
    return LEAD_METHODS[str(name)].source if name in LEAD_METHODS else "unknown"


def _require_channels(leads: pd.DataFrame, channels: Iterable[str] | None) -> None:
    """Raise unless every lead has a channel and a cost, and every channel its leads."""
    text = leads["method"].astype("str").str.strip()
    blank = np.flatnonzero((text == "").to_numpy())
    if blank.size:
        raise BadRowsError(
            f"{blank.size} row(s) have an empty channel: {blank[:10].tolist()}. Say where these "
            "leads came from, or name the group: frame['method'].replace('', 'not known')"
        )
    below = np.flatnonzero(leads["cost"].to_numpy("float64") < 0)
    if below.size:
        raise BadRowsError(
            f"{below.size} row(s) have a cost below 0: {below[:10].tolist()}. Book what came back "
            "elsewhere, and hand over what was spent."
        )
    if channels is None:
        return
    require_list("channels", channels, "['feedback', 'direct visits']")
    there = {*leads["method"]}
    empty = [name for name in channels if name not in there]
    if empty:
        raise EmptyError(
            f"no lead came by {empty}, so their conversion is unknown, not 0. Leave them out of "
            "channels=, or gather leads there first."
        )


def _shrunk(
    won: np.ndarray, n: np.ndarray
) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Return mean, 95% interval and chance to be best of each conversion, by a grid of priors."""
    total = min(max(won.sum(), 0.5), n.sum() - 0.5) / n.sum()
    logit = np.log(total / (1 - total))
    spread = 4 / np.sqrt(max(min(won.sum(), (n - won).sum()), 1)) + 1.0
    # One large channel unlike the others must not hide where the middle of the channels lies.
    each = np.log((won + 0.5) / (n - won + 0.5))
    reach = 3 * each.std() / np.sqrt(len(n))
    ends = min(logit - spread, each.mean() - reach), max(logit + spread, each.mean() + reach)
    middle = 1 / (1 + np.exp(-np.linspace(*ends, _MEANS)))
    worth = np.exp(np.linspace(np.log(1.0), np.log(20 * n.max() + 100), _WORTHS))
    a, b = (part.ravel() for part in (middle[:, None] * worth, (1 - middle)[:, None] * worth))
    # The prior (a + b)^(-5/2), in log worth and logit mean, times the likelihood of the counts.
    level = -2.5 * np.log(a + b) + np.log(a) + np.log(b) - len(n) * betaln(a, b)
    level += betaln(a[:, None] + won, b[:, None] + n - won).sum(axis=1)
    chance = np.exp(level - level.max())
    kept = chance > 1e-4
    a, b, chance = a[kept][:, None], b[kept][:, None], chance[kept] / chance[kept].sum()
    post_a, post_b = a + won, b + n - won
    each = post_a / (post_a + post_b)
    mean = chance @ each
    widest = np.sqrt(each * (1 - each) / (post_a + post_b + 1)).max(axis=0)

    ends = np.linspace(0, 1, _POINTS + 1) ** 2 * min((each.max(axis=0) + 8 * widest).max(), 1.0)
    points = (ends[1:] + ends[:-1]) / 2
    up, down = np.log(points), np.log1p(-points)
    mass = np.empty((len(n), _POINTS))
    for j in range(len(n)):
        one, other = post_a[:, [j]], post_b[:, [j]]
        density = np.exp((one - 1) * up + (other - 1) * down - betaln(one, other))
        mass[j] = (chance @ density) * np.diff(ends)
    mass /= mass.sum(axis=1, keepdims=True)
    below = np.cumsum(mass, axis=1)
    low, high = (
        np.array([np.interp(level, row, ends[1:]) for row in below]) for level in (0.025, 0.975)
    )
    smaller = np.log(np.maximum(below - mass / 2, 1e-300))
    best = (mass * np.exp(smaller.sum(axis=0) - smaller)).sum(axis=1)
    return mean, low, high, best / best.sum()
