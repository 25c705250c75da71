"""Pareto/NBD: customers who may leave at any time."""

from __future__ import annotations

from functools import cache
from typing import ClassVar, NamedTuple

import numpy as np
from scipy.special import expit, gammaln, hyperu, psi

from crmlab._groups import bincount
from crmlab.lifetime.model.btyd import USUAL, BuyTillYouDie
from crmlab.lifetime.model.histories import Histories
from crmlab.lifetime.model.likelihood import Estimates, Loss

_REST = 34.0  # a part of the integral below exp(-34) of its largest is nothing
_BLOCK = 4096  # histories worked on at a time, so that they stay in the processor's cache


class ParetoNBD(BuyTillYouDie):
    """Pareto/NBD: each customer buys at random at an own rate, and leaves at an own rate.

    Model
    -----
    rate ~ Gamma(r, alpha), leaving rate ~ Gamma(s, beta), both times in weeks. With x repeats,
    the last at age t_x, and age T, the odds of having left to being alive are

        s (alpha+T)^(r+x) (beta+T)^s
          times the integral from t_x to T of (alpha+u)^-(r+x) (beta+u)^-(s+1) du
        E[purchases in t] = P(alive) (r+x)(beta+T) / ((alpha+T)(s-1))
                            (1 - ((beta+T)/(beta+T+t))^(s-1))
        DERT = P(alive) (r+x)/(alpha+T) d^(s-1) (beta+T)^s U(s, s, d (beta+T))

    with U Tricomi's function and d the force of discount.

    See Also
    --------
    BGNBD : customers may leave after a purchase; faster, and often as good.

    Source
    ------
    Schmittlein, Morrison and Colombo (1987), doi:10.1287/mnsc.33.1.1; DERT: Fader, Hardie and Lee
    (2005), doi:10.1509/jmkr.2005.42.4.415.

    Examples
    --------
    >>> from crmlab.lifetime import buying_history, simulate_purchases
    >>> history = buying_history(simulate_purchases(1000, seed=1).data)
    >>> ParetoNBD().fit(history).predict(history, weeks=52).head(2).round(2)
       customer_id  p_alive  expected_purchases
    0            0     0.79                0.57
    1            1     0.10                0.07
    """

    names: ClassVar = ("r", "alpha", "s", "beta")
    timed: ClassVar = (False, True, False, True)

    def estimate(
        self, found: Histories, weight: np.ndarray, near: Estimates | None = None
    ) -> Estimates:
        """Return the estimates, found by few nodes first and by many from there."""
        if near is None:
            unit = found.T[-1] or 1.0
            shift = np.where(self.timed, np.log(unit), 0.0)
            near = Estimates(
                self.loss(found, weight, unit, nodes=8),
                names=self.names,
                n=float(weight.sum()),
                usual=USUAL,
                shift=shift,
            )
        return super().estimate(found, weight, near)

    def loss(self, found: Histories, weight: np.ndarray, unit: float, nodes: int = 32) -> Loss:
        """Return the loss; the integral over the time of leaving is by Gauss-Legendre."""
        x, t, end = found.x[found.ix], found.t[found.it] / unit, found.T[found.iT] / unit
        by_x = bincount(found.ix, weight, minlength=len(found.x))
        n = weight.sum()

        def loss(logs: np.ndarray) -> tuple[float, np.ndarray]:
            r, alpha, s, beta = np.exp(logs)
            ll = (by_x * gammaln(r + found.x)).sum() + n * (r * logs[1] - gammaln(r) + s * logs[3])
            d_r = (by_x * psi(r + found.x)).sum() + n * (logs[1] - psi(r))
            d_alpha, d_s, d_beta = n * r / alpha, n * logs[3], n * s / beta
            for first in range(0, len(x), _BLOCK):
                part = slice(first, first + _BLOCK)
                w, rx, last, age = weight[part], r + x[part], t[part], end[part]
                gone = _gone(rx, s, alpha, beta, last, age, nodes)
                log_alpha, log_beta = np.log(alpha + age), np.log(beta + age)
                odds = np.log(s) + gone.log + rx * log_alpha + s * log_beta
                ll += (w * (np.logaddexp(0, odds) - rx * log_alpha - s * log_beta)).sum()
                # The log-likelihood is a mean of "alive" and "left", weighted by their chances.
                p = w * expit(odds)
                d_r += (-(w - p) * log_alpha - p * gone.log_alpha).sum()
                d_s += (-(w - p) * log_beta - p * gone.log_beta).sum() + p.sum() / s
                d_alpha -= ((w - p) * rx / (alpha + age) + p * rx * gone.by_alpha).sum()
                d_beta -= ((w - p) * s / (beta + age) + p * (s + 1) * gone.by_beta).sum()
            return -ll / n, -np.array([d_r * r, d_alpha * alpha, d_s * s, d_beta * beta]) / n

        return loss

    def alive(self, found: Histories, values: np.ndarray) -> np.ndarray:
        """Return the chance to be alive at each history's end."""
        r, alpha, s, beta = values
        x, t, end = found.x[found.ix], found.t[found.it], found.T[found.iT]
        odds = np.empty(len(x))
        for first in range(0, len(x), _BLOCK):
            part = slice(first, first + _BLOCK)
            rx, age = r + x[part], end[part]
            gone = _gone(rx, s, alpha, beta, t[part], age, 32)
            odds[part] = np.log(s) + gone.log + rx * np.log(alpha + age) + s * np.log(beta + age)
        return expit(-odds)

    def expected(self, found: Histories, values: np.ndarray, weeks: float) -> np.ndarray:
        """Return the mean purchases within `weeks` of a customer who is alive."""
        r, alpha, s, beta = values
        rate = (r + found.x)[found.ix] / (alpha + found.T)[found.iT]
        return rate * _stay(beta + found.T, s, np.asarray(weeks))[found.iT]

    def from_the_start(self, weeks: np.ndarray, values: np.ndarray) -> np.ndarray:
        """Return the mean repeats of a new customer within `weeks`."""
        r, alpha, s, beta = values
        return r / alpha * _stay(np.asarray(beta), s, weeks)

    def residual(self, found: Histories, values: np.ndarray, force: float) -> np.ndarray:
        """Return the discounted purchases of a customer who is alive."""
        r, alpha, s, beta = values
        rate = (r + found.x)[found.ix] / (alpha + found.T)[found.iT]
        stay = (beta + found.T) * hyperu(1, 2 - s, force * (beta + found.T))
        return rate * stay[found.iT]

    def draw(
        self, rng: np.random.Generator, found: Histories, values: np.ndarray, weeks: float
    ) -> np.ndarray:
        """Return how often each customer buys in one possible future of `weeks`."""
        r, alpha, s, beta = values
        row = found.row
        age, x = found.T[found.iT][row], found.x[found.ix][row]
        alive = rng.random(len(row)) < self.alive(found, values)[row]
        rate = rng.gamma(r + x) / (alpha + age)
        leaving = rng.gamma(s, size=len(row)) / (beta + age)
        stays = rng.exponential(size=len(row)) / np.maximum(leaving, 1e-300)
        return np.where(alive, rng.poisson(rate * np.minimum(stays, weeks)), 0)


class _Gone(NamedTuple):
    """The integral over the time of leaving: its logarithm, and means under it.

    log_alpha, log_beta : of log(alpha + u) and log(beta + u)
    by_alpha, by_beta : of 1 / (alpha + u) and 1 / (beta + u)
    """

    log: np.ndarray
    log_alpha: np.ndarray
    log_beta: np.ndarray
    by_alpha: np.ndarray
    by_beta: np.ndarray


def _gone(
    rx: np.ndarray,
    s: float,
    alpha: float,
    beta: float,
    last: np.ndarray,
    age: np.ndarray,
    nodes: int,
) -> _Gone:
    """Return the integral from last to age of (alpha+u)^-(r+x) (beta+u)^-(s+1) du.

    In log(m + u), with m the smaller of alpha and beta, the integrand has no singularity within
    a distance of pi, so few nodes are exact to many digits. Where it falls fast, only the
    part that counts is taken.
    """
    least = min(alpha, beta)
    reach = np.minimum(
        (alpha + last) * np.expm1(np.minimum(_REST / rx, 700)),
        (beta + last) * np.expm1(min(_REST / (s + 1), 700)),
    )
    span = np.log1p(np.minimum(age - last, reach) / (least + last))
    points, weights = _legendre(nodes)
    grown = (least + last) * np.exp(np.multiply.outer(points, span))  # least + u
    to_alpha, to_beta = grown + (alpha - least), grown + (beta - least)
    log_alpha, log_beta = np.log(to_alpha), np.log(to_beta)
    power = rx * log_alpha + (s + 1) * log_beta
    floor = rx * np.log(alpha + last) + (s + 1) * np.log(beta + last)
    mass = np.exp(floor - power) * grown * weights[:, None]
    total = mass.sum(axis=0)
    with np.errstate(divide="ignore"):
        log = np.where(span > 0, np.log(total * span) - floor, -np.inf)
    share = mass / total
    means = ((share * of).sum(axis=0) for of in (log_alpha, log_beta, 1 / to_alpha, 1 / to_beta))
    return _Gone(log, *means)


@cache
def _legendre(nodes: int) -> tuple[np.ndarray, np.ndarray]:
    points, weights = np.polynomial.legendre.leggauss(nodes)
    return (points + 1) / 2, weights / 2


def _stay(scale: np.ndarray, s: float, weeks: np.ndarray) -> np.ndarray:
    """Return the mean time stayed of the next `weeks`, for a leaving rate Gamma(s, scale)."""
    log = np.log1p(weeks / scale)
    if abs(s - 1) < 1e-9:
        return scale * log
    return scale * -np.expm1(-(s - 1) * log) / (s - 1)
