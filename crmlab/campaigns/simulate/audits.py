"""What raters say of a firm's duties and elements, and how far they flatter their own."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from crmlab._checks import Seed, require_at_least, require_real, stream_of
from crmlab._groups import repeat
from crmlab._shapes import Simulated
from crmlab.campaigns.management import ACTIONS, DUTIES, ELEMENTS
from crmlab.errors import OutOfRangeError

# How well each duty is really done, from 0 (not) to 4 (as well as can be).
LEVELS = (2.6, 2.2, 2.4, 1.9, 2.2, 2.8, 2.0, 2.5, 2.3, 2.2, 1.8, 1.2)
# Where each of the seven elements stands, and where it should.
CURRENT, TARGET = (2.6, 1.4, 2.4, 1.6, 2.0, 2.6, 1.6), (3.4, 3.2, 3.0, 3.2, 2.8, 3.6, 3.0)


def simulate_audit(
    n: int,
    *,
    levels: Sequence[float] = LEVELS,
    flattery: float = 0.8,
    noise: float = 0.6,
    seed: Seed,
) -> Simulated:
    """Simulate a maturity audit: raters of five departments score the twelve duties from 0 to 4.

    Model
    -----
    Rater r works in the department of the action r mod 5, and gives duty d
        round(level_d + flattery * [d belongs to r's own action] + noise * e),   e standard normal,
    moved into 0 to 4. So raters are about `flattery` too kind to their own department.

    Parameters
    ----------
    n : int, at least 5
        Raters.
    levels : twelve numbers from 0 to 4
    flattery : float
    noise : float of 0 or more
    seed : int, SeedSequence or Generator

    Returns
    -------
    data : DataFrame, one row per rater and duty
        rater : int64; department : str, an action; duty : int64; action : str
        score : int64, 0 to 4
    truth : DataFrame, one row per duty: duty (int64), level (float64)

    Raises
    ------
    OutOfRangeError
        If `n` is below 5, `levels` are not twelve numbers from 0 to 4, `flattery` is not finite,
        `noise` is below 0, or `seed` is no seed.

    See Also
    --------
    crmlab.campaigns.measure.maturity_audit : what they say, and what others say.

    Examples
    --------
    >>> scores, truth = simulate_audit(20, seed=1)
    >>> len(scores), len(truth)
    (240, 12)
    """
    require_real(flattery=flattery, noise=noise)
    require_at_least("n", n, len(ACTIONS))
    level = _in_scale("levels", levels, len(DUTIES))
    if not 0 <= noise < np.inf or not np.isfinite(flattery):
        raise OutOfRangeError(
            f"noise must be 0 or more and flattery finite; got {noise!r}, {flattery!r}."
        )
    rng = stream_of(seed, "simulate_audit")
    action = np.array([*DUTIES.values()])
    rater = repeat(np.arange(n), len(level))
    place = np.tile(np.arange(len(level)), n)
    own = rater % len(ACTIONS) == action[place]
    said = level[place] + flattery * own + noise * rng.standard_normal(len(rater))
    names = np.array(ACTIONS)
    data = {
        "rater": rater + 1,
        "department": pd.Series(names[rater % len(ACTIONS)], dtype="str"),
        "duty": place + 1,
        "action": pd.Series(names[action[place]], dtype="str"),
        "score": np.clip(np.rint(said), 0, 4).astype(np.int64),
    }
    truth = {"duty": np.arange(1, len(level) + 1), "level": level}
    return Simulated(pd.DataFrame(data), pd.DataFrame(truth))


def simulate_elements(
    n: int,
    *,
    current: Sequence[float] = CURRENT,
    target: Sequence[float] = TARGET,
    noise: float = 0.7,
    seed: Seed,
) -> Simulated:
    """Simulate what raters say of the seven elements: where each stands, and where it should.

    Model
    -----
    Each rater gives round(value + noise * e), moved into 0 to 4, e standard normal, for the
    current and for the target value of each element.

    Parameters
    ----------
    n : int, at least 2
        Raters.
    current, target : seven numbers from 0 to 4
    noise : float of 0 or more
    seed : int, SeedSequence or Generator

    Returns
    -------
    data : DataFrame, one row per rater and element
        rater : int64; element : str; current, target : int64, 0 to 4
    truth : DataFrame, one row per element: element (str), current, target, gap (float64)

    Raises
    ------
    OutOfRangeError
        If `n` is below 2, `current` or `target` are not seven numbers from 0 to 4, `noise` is below
        0, or `seed` is no seed.

    See Also
    --------
    crmlab.campaigns.measure.gap_7s : the gaps with their intervals.

    Examples
    --------
    >>> scores, truth = simulate_elements(12, seed=1)
    >>> truth.loc[truth["gap"].idxmax(), "element"]
    'shared values'
    """
    require_real(noise=noise)
    require_at_least("n", n, 2)
    now, wanted = (_in_scale(name, values, len(ELEMENTS)) for name, values in
                   (("current", current), ("target", target)))  # fmt: skip
    if not 0 <= noise < np.inf:
        raise OutOfRangeError(f"noise must be a finite number of 0 or more; got {noise!r}.")
    rng = stream_of(seed, "simulate_elements")
    place = np.tile(np.arange(len(now)), n)
    said = [
        np.clip(np.rint(values[place] + noise * rng.standard_normal(len(place))), 0, 4)
        for values in (now, wanted)
    ]
    names = pd.Series([*ELEMENTS], dtype="str")
    data = {
        "rater": repeat(np.arange(1, n + 1), len(now)),
        "element": names.iloc[place].reset_index(drop=True),
        "current": said[0].astype(np.int64),
        "target": said[1].astype(np.int64),
    }
    truth = {"element": names, "current": now, "target": wanted, "gap": wanted - now}
    return Simulated(pd.DataFrame(data), pd.DataFrame(truth))


def _in_scale(name: str, values: Sequence[float], many: int) -> np.ndarray:
    """Return values from 0 to 4, so many."""
    found = np.asarray([*values], dtype="float64")
    if found.shape != (many,) or not ((found >= 0) & (found <= 4)).all():
        raise OutOfRangeError(f"{name} must be {many} numbers from 0 to 4; got {[*values]}.")
    return found
