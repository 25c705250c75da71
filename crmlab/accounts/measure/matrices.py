"""Opportunity and threat matrices whose points are clouds, who is on top, and TOWS."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd
from scipy.stats import beta

from crmlab._checks import Seed, require_at_least, require_positive, require_real, stream_of
from crmlab._words import N_
from crmlab.accounts.swot import Swot
from crmlab.errors import OutOfRangeError

# (probable, strong) -> what to do. The deck drew the captions of threats without places; they are
# placed by sense.
OPPORTUNITY = {
    (True, True): N_("seize at once"),
    (True, False): N_("prepare until strength rises"),
    (False, True): N_("prepare until probability rises"),
    (False, False): N_("give up"),
}
THREAT = {
    (True, True): N_("countermeasures now"),
    (True, False): N_("watch, stop it growing"),
    (False, True): N_("contingency plan"),
    (False, False): N_("ignore"),
}
ZONES = {"O": OPPORTUNITY, "T": THREAT}
TOWS = {
    ("S", "O"): N_("use the strength to seize the opportunity"),
    ("W", "O"): N_("mend the weakness to seize the opportunity"),
    ("S", "T"): N_("use the strength to meet the threat"),
    ("W", "T"): N_("mend the weakness, avoid the threat"),
}


def opportunity_zone(probability: float, strength: float, *, line: float = 0.5) -> str:
    """Return the zone of the opportunity matrix (机会矩阵); high means strictly above the line.

    Parameters
    ----------
    probability, strength : float in [0, 1]
        Chance of success, and our strength to use it.
    line : float in (0, 1)

    Raises
    ------
    OutOfRangeError
        If `probability` or `strength` lies outside [0, 1], or `line` outside (0, 1).

    Examples
    --------
    >>> opportunity_zone(0.8, 0.9), opportunity_zone(0.8, 0.5)
    ('seize at once', 'prepare until strength rises')
    """
    require_real(line=line)
    return OPPORTUNITY[_high(probability, strength, line)]


def threat_zone(probability: float, strength: float, *, line: float = 0.5) -> str:
    """Return the zone of the threat matrix (威胁矩阵); high means strictly above the line.

    Parameters
    ----------
    probability, strength : float in [0, 1]
        Chance that it comes, and how hard it hits.
    line : float in (0, 1)

    Raises
    ------
    OutOfRangeError
        As `opportunity_zone`.

    Examples
    --------
    >>> threat_zone(0.8, 0.9), threat_zone(0.2, 0.9)
    ('countermeasures now', 'contingency plan')
    """
    require_real(line=line)
    return THREAT[_high(probability, strength, line)]


def zone_chances(items: pd.DataFrame, *, kind: str = "O", line: float = 0.5) -> pd.DataFrame:
    """Zone of each opportunity or threat, and the chance that it lies there.

    A judged probability of 0.55 with a standard deviation of 0.2 is a cloud and no point. It is
    taken as beta distributed, with this mean and deviation, independent of the strength; so the
    chance of a zone is a product of two tails.

    Parameters
    ----------
    items : DataFrame, as `Swot.frame` is
    kind : "O" or "T"
    line : float in (0, 1), of both scales

    Returns
    -------
    DataFrame, one row per item of that kind and zone, zones from probable and strong on
        item : str
        probability, strength, probability_sd, strength_sd : float64, as given
        zone : str; chance : float64; likeliest : bool

    Raises
    ------
    MissingColumnsError, BadRowsError
        If `Swot.from_frame` refuses the items.
    OutOfRangeError
        If `kind` is neither, there is no such item, or `line` lies outside (0, 1).

    Examples
    --------
    >>> items = pd.DataFrame({"item": ["O1"], "kind": ["O"], "side": ["external"],
    ...     "evidence": ["pensions worsen"], "implication": ["life grows"], "probability": [0.6],
    ...     "strength": [0.6], "probability_sd": [0.1], "strength_sd": [0.0]})
    >>> zone_chances(items)[["zone", "chance"]].round(2).head(2)
                                  zone  chance
    0                    seize at once    0.84
    1  prepare until strength rises       0.00
    """
    require_real(line=line)
    table = Swot.from_frame(items).frame
    if kind not in ZONES:
        raise OutOfRangeError(f"kind must be 'O' or 'T'; got {kind!r}. The other two have no zone.")
    if not 0 < line < 1:
        raise OutOfRangeError(f"line must lie in (0, 1); got {line!r}.")
    mine = table[table["kind"] == kind]
    if mine.empty:
        raise OutOfRangeError(f"there is no item of kind {kind!r} among {[*table['item']]}.")
    p_high = _above(mine["probability"], mine["probability_sd"], line)
    s_high = _above(mine["strength"], mine["strength_sd"], line)
    parts = []
    for probable, strong in ZONES[kind]:
        chance = (p_high if probable else 1 - p_high) * (s_high if strong else 1 - s_high)
        parts.append(mine.assign(zone=ZONES[kind][probable, strong], chance=chance))
    numbers = ["probability", "strength", "probability_sd", "strength_sd"]
    found = pd.concat(parts, keys=range(4), names=["zone_number"]).reset_index(level=0)
    order = pd.Index(mine["item"]).get_indexer(found["item"])
    found = found.assign(order=order).sort_values(["order", "zone_number"], ignore_index=True)
    best = found.groupby("order")["chance"].idxmax()
    found["likeliest"] = found.index.isin(best)
    return found[["item", *numbers, "zone", "chance", "likeliest"]].astype({"zone": "str"})


def top_chances(items: pd.DataFrame, *, draws: int = 20_000, seed: Seed) -> pd.DataFrame:
    """Chance that an item is on top, when probability times impact is a distribution.

    A list sorted by probability x strength looks as if the order were known. Here both are beta
    distributed with the means and deviations given, and the list is drawn again and again.

    Parameters
    ----------
    items : DataFrame, as `Swot.frame` is; compare kinds apart: items[items["kind"] == "T"]
    draws : int, at least 100
    seed : int, SeedSequence or Generator

    Returns
    -------
    DataFrame, one row per item, the likeliest on top first
        item, kind : str
        score, low, high : float64, mean of the product, and 95 % of its draws
        top : float64, chance to be the largest; its standard error is below 0.5 / sqrt(draws)

    Raises
    ------
    MissingColumnsError, BadRowsError
        If `Swot.from_frame` refuses the items.
    OutOfRangeError
        If there are too few draws.

    Examples
    --------
    >>> items = pd.DataFrame({"item": ["T1", "T2"], "kind": "T", "side": "external",
    ...     "evidence": "seen", "implication": "means", "probability": [0.6, 0.5],
    ...     "strength": [0.6, 0.6], "probability_sd": 0.2, "strength_sd": 0.2})
    >>> top_chances(items, seed=1)["top"].round(1).tolist()
    [0.6, 0.4]
    """
    table = Swot.from_frame(items).frame
    require_at_least("draws", draws, 100)
    rng = stream_of(seed, "top_chances")
    size = (draws, len(table))
    score = np.ones(size)
    for name in ("probability", "strength"):
        score *= _drawn(rng, table[name], table[f"{name}_sd"], size)
    # Items that are exactly alike share the top.
    best = score == score.max(axis=1, keepdims=True)
    low, high = np.quantile(score, [0.025, 0.975], axis=0)
    found = table[["item", "kind"]].assign(
        score=table["probability"] * table["strength"],
        low=low,
        high=high,
        top=(best / best.sum(axis=1, keepdims=True)).mean(axis=0),
    )
    order = {"top": False, "score": False, "item": True}
    return found.sort_values([*order], ascending=[*order.values()], ignore_index=True)


def tows(items: pd.DataFrame, *, weights: Mapping[str, float] | None = None) -> pd.DataFrame:
    """TOWS matrix (SWOT交叉分析): each strength or weakness with each opportunity or threat.

    Parameters
    ----------
    items : DataFrame, as `Swot.frame` is, with something inside and something outside
    weights : mapping of item to float above 0, optional
        Such as those of `ahp_weights`; 1 where nothing is said.

    Returns
    -------
    DataFrame, one row per pair, the heaviest first
        cell : str, "SO", "WO", "ST" or "WT"; inside, outside : str, the items
        strategy : str, what such a pair asks for
        weight : float64, product of both items' probability, strength and weights

    Raises
    ------
    MissingColumnsError, BadRowsError
        If `Swot.from_frame` refuses the items.
    OutOfRangeError
        If nothing is inside, or nothing outside, or a weight is not above 0 or names no item.

    Source
    ------
    Weihrich (1982), doi:10.1016/0024-6301(82)90120-0.

    Examples
    --------
    >>> items = pd.DataFrame({"item": ["S1", "O1"], "kind": ["S", "O"],
    ...     "side": ["internal", "external"], "evidence": "seen", "implication": "means",
    ...     "probability": [0.5, 0.8], "strength": [1.0, 0.5]})
    >>> tows(items)[["cell", "inside", "outside", "weight"]].to_numpy().tolist()
    [['SO', 'S1', 'O1', 0.2]]
    """
    table = Swot.from_frame(items).frame
    named = dict(weights or {})
    for name, weight in named.items():
        require_positive(f"the weight of {name}", weight)
    if unknown := [*{*named} - {*table["item"]}]:
        raise OutOfRangeError(f"weights name {unknown}, which are none of {[*table['item']]}.")
    score = table["probability"] * table["strength"] * table["item"].map(named).fillna(1.0)
    table = table.assign(score=score)[["item", "kind", "side", "score"]]
    halves = [table[table["side"] == side] for side in ("internal", "external")]
    if any(half.empty for half in halves):
        raise OutOfRangeError("TOWS pairs what is inside with what is outside; one is missing.")
    pairs = halves[0].merge(halves[1], how="cross", suffixes=("_in", "_out"))
    keys = [*zip(pairs["kind_in"], pairs["kind_out"], strict=True)]
    found = pd.DataFrame(
        {
            "cell": pairs["kind_in"] + pairs["kind_out"],
            "inside": pairs["item_in"],
            "outside": pairs["item_out"],
            "strategy": pd.Series([TOWS[key] for key in keys], dtype="str"),
            "weight": pairs["score_in"] * pairs["score_out"],
        }
    )
    order = {"weight": False, "inside": True, "outside": True}
    return found.sort_values([*order], ascending=[*order.values()], ignore_index=True)


def _high(probability: float, strength: float, line: float) -> tuple[bool, bool]:
    for name, value in (("probability", probability), ("strength", strength)):
        if not isinstance(value, (int, float, np.number)) or not 0 <= value <= 1:
            raise OutOfRangeError(
                f"{name} must lie in [0, 1], a share not a percent; got {value!r}."
            )
    if not 0 < line < 1:
        raise OutOfRangeError(f"line must lie in (0, 1); got {line!r}.")
    return bool(probability > line), bool(strength > line)


def _shape(mean: pd.Series, sd: pd.Series) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return which values are unsure, and the two shapes of a beta law with mean and deviation."""
    m, s = mean.to_numpy("float64"), sd.to_numpy("float64")
    unsure = s > 1e-6  # a law as narrow as that is a point, and has no shapes that a float holds
    size = np.where(unsure, m * (1 - m) / np.where(unsure, s, 1) ** 2 - 1, 1.0)
    return unsure, m * size, (1 - m) * size


def _above(mean: pd.Series, sd: pd.Series, line: float) -> np.ndarray:
    """Return the chance of each value to lie above the line."""
    unsure, a, b = _shape(mean, sd)
    tail = beta.sf(line, np.where(unsure, a, 1), np.where(unsure, b, 1))
    return np.where(unsure, tail, mean.to_numpy("float64") > line)


def _drawn(
    rng: np.random.Generator, mean: pd.Series, sd: pd.Series, size: tuple[int, int]
) -> np.ndarray:
    unsure, a, b = _shape(mean, sd)
    drawn = rng.beta(np.where(unsure, a, 1), np.where(unsure, b, 1), size)
    return np.where(unsure, drawn, mean.to_numpy("float64"))
