"""A queue before agents: how often callers wait, how long, and how many give up."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from scipy.special import betainc, gammaincc, gammaincinv, gammaln

_RATES = 200


class Waiting(NamedTuple):
    """What calls meet: chance to wait, mean wait in minutes, share in time, share that gives up."""

    waits: float
    mean_wait: float
    in_time: float
    give_up: float


def waiting(
    load: float, agents: int, handle: float, within: float, patience: float | None
) -> Waiting:
    """Return what calls meet, by Erlang C, or with patience (minutes) by Erlang A.

    `load` is calls a minute times `handle`, minutes a call; `within` is in minutes.
    """
    if patience is not None:
        return _with_patience(load, agents, handle, within, patience)
    if agents <= load:
        return Waiting(1.0, np.inf, 0.0, 0.0)
    # Erlang B in logarithms, which is right at any size; then C from B.
    busy = np.exp(agents * np.log(load) - load - gammaln(agents + 1)) / gammaincc(agents + 1, load)
    waits = float(busy / (1 - load / agents * (1 - busy)))
    late = waits * np.exp(-(agents - load) * within / handle)
    return Waiting(waits, waits * handle / (agents - load), float(1 - late), 0.0)


def over_rates(
    load: float, agents: int, handle: float, within: float, patience: float | None, unlike: float
) -> Waiting:
    """Return what calls meet where the load of each hour is `load` times Gamma(1/unlike, unlike).

    An hour with more calls counts for more calls.
    """
    if not unlike:
        return waiting(load, agents, handle, within, patience)
    at = (np.arange(_RATES) + 0.5) / _RATES
    factor = gammaincinv(1 / unlike, at) * unlike
    met = np.array([waiting(load * one, agents, handle, within, patience) for one in factor])
    return Waiting(*(factor @ met / factor.sum()).tolist())


def _with_patience(
    load: float, agents: int, handle: float, within: float, patience: float
) -> Waiting:
    """Return what calls meet by Erlang A: who waits gives up after an exponential time.

    The wait ahead of a call with k before it is a sum of exponential times of the rates
    (c + i) / patience, i = 0 to k, c = agents * patience / handle: exp(-wait / patience) is a Beta
    number of c and k + 1.
    """
    c = agents * patience / handle
    most = int(agents + 20 + 12 * (load + 1) ** 0.5 + max(load - agents, 0) * patience / handle * 3)
    j = np.arange(1, most + 1)
    leaves = np.minimum(j, agents) + np.maximum(j - agents, 0) * handle / patience
    chance = np.append(0.0, np.cumsum(np.log(load) - np.log(leaves)))
    chance = np.exp(chance - chance.max())
    chance /= chance.sum()
    ahead = np.arange(most + 1 - agents)
    queued = chance[agents:]
    length = float(ahead @ queued)
    served = c / (c + ahead + 1) * (1 - betainc(c + 1, ahead + 1, np.exp(-within / patience)))
    in_time = float(1 - queued.sum() + queued @ served)
    # By Little's law, over calls a minute: load / handle.
    return Waiting(
        float(queued.sum()), length * handle / load, in_time, length / patience * handle / load
    )
