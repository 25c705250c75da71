"""BG/NBD and MBG/NBD: customers who may leave right after a purchase."""

from __future__ import annotations

from typing import ClassVar

import numpy as np
from scipy.special import expit, gammaln, hyp2f1, psi

from crmlab._groups import bincount
from crmlab.lifetime.model.btyd import BuyTillYouDie
from crmlab.lifetime.model.histories import Histories
from crmlab.lifetime.model.likelihood import Loss


class BGNBD(BuyTillYouDie):
    """Beta-geometric/NBD: customers buy at random at own rates, and may leave after each repeat.

    Model
    -----
    rate ~ Gamma(r, alpha), alpha in weeks; chance to leave after a repeat ~ Beta(a, b). With x
    repeats, the last at age t_x, and age T,

        P(alive) = 1 / (1 + 1[x>0] a / (b+x-1) ((alpha+T) / (alpha+t_x))^(r+x))
        E[purchases in t] = P(alive) (a+b+x-1)/(a-1)
                            (1 - (1-z)^(r+x) 2F1(r+x, b+x; a+b+x-1; z)), z = t/(alpha+T+t)

    The discounted residual purchases have no such form; they are integrated.

    See Also
    --------
    MBGNBD : customers may leave after the first purchase too.
    ParetoNBD : customers may leave at any time.
    crmlab.lifetime.measure.buying_history : makes the frame to fit.
    crmlab.lifetime.simulate.simulate_purchases : customers of this model.

    Source
    ------
    Fader, Hardie and Lee (2005), doi:10.1287/mksc.1040.0098.

    Examples
    --------
    >>> from crmlab.lifetime import buying_history, simulate_purchases
    >>> history = buying_history(simulate_purchases(1000, seed=1).data)
    >>> model = BGNBD().fit(history)
    >>> model.summary()[["parameter", "estimate"]].round(2)
      parameter  estimate
    0         r      0.22
    1     alpha      4.28
    2         a      0.85
    3         b      2.21
    >>> model.predict(history, weeks=52).head(2).round(2)
       customer_id  p_alive  expected_purchases
    0            0     0.65                0.45
    1            1     0.17                0.11
    """

    names: ClassVar = ("r", "alpha", "a", "b")
    timed: ClassVar = (False, True, False, False)
    first: ClassVar = 0  # how many of a customer's first purchases may end the story

    def loss(self, found: Histories, weight: np.ndarray, unit: float) -> Loss:
        """Return the loss: special functions only at the different values that occur."""
        x, ix, it, iT, w = found.x, found.ix, found.it, found.iT, weight
        t, end, k = found.t / unit, found.T / unit, self.first
        n = w.sum()
        by_x = bincount(ix, w, minlength=len(x))
        by_end = bincount(iT, w, minlength=len(end))
        repeats = bincount(iT, w * x[ix], minlength=len(end))
        may_be_gone = np.flatnonzero(x[ix] + k > 0)
        jx, jt, jT, v = ix[may_be_gone], it[may_be_gone], iT[may_be_gone], w[may_be_gone]
        xs = x[jx]

        def loss(logs: np.ndarray) -> tuple[float, np.ndarray]:
            r, alpha, a, b = np.exp(logs)
            log_t, log_end = np.log(alpha + t), np.log(alpha + end)
            # All as if alive: terms of the number of repeats alone, or of the age alone.
            c, busy = b + x + k, r * by_end + repeats
            all_ = psi(a + c)
            ll = (by_x * (gammaln(r + x) + gammaln(c) - gammaln(a + c))).sum()
            ll += n * (r * logs[1] - gammaln(r) + gammaln(a + b) - gammaln(b))
            ll -= (busy * log_end).sum()
            d_r = (by_x * psi(r + x)).sum() + n * (logs[1] - psi(r)) - (by_end * log_end).sum()
            d_alpha = n * r / alpha - (busy / (alpha + end)).sum()
            d_a = n * psi(a + b) - (by_x * all_).sum()
            d_b = n * (psi(a + b) - psi(b)) + (by_x * (psi(c) - all_)).sum()
            # And the odds that they left with the last purchase.
            q = np.maximum(c - 1, 1e-300)
            silent, rx = (log_end[jT] - log_t[jt]), r + xs
            odds = (logs[2] - np.log(q))[jx] + rx * silent
            # log(1 + exp(odds)), and the chance odds / (1 + odds), of one exponential.
            small = np.exp(-np.abs(odds))
            ll += (v * (np.maximum(odds, 0) + np.log1p(small))).sum()
            gone = v * np.where(odds > 0, 1, small) / (1 + small)
            d_r += (gone * silent).sum()
            d_alpha += (gone * rx * ((1 / (alpha + end))[jT] - (1 / (alpha + t))[jt])).sum()
            d_a += gone.sum() / a
            d_b -= (gone / q[jx]).sum()
            return -ll / n, -np.array([d_r * r, d_alpha * alpha, d_a * a, d_b * b]) / n

        return loss

    def alive(self, found: Histories, values: np.ndarray) -> np.ndarray:
        """Return the chance to be alive at each history's end."""
        r, alpha, a, b = values
        x = found.x[found.ix] + self.first
        silent = np.log(alpha + found.T)[found.iT] - np.log(alpha + found.t)[found.it]
        with np.errstate(divide="ignore", invalid="ignore"):
            odds = np.log(a) - np.log(b + x - 1) + (r + found.x[found.ix]) * silent
        return np.where(x > 0, expit(-odds), 1.0)

    def expected(self, found: Histories, values: np.ndarray, weeks: float) -> np.ndarray:
        """Return the mean purchases within `weeks` of a customer who is alive."""
        x, end, pair = found.pairs
        return self._from(x, end, values, np.asarray(weeks))[pair]

    def from_the_start(self, weeks: np.ndarray, values: np.ndarray) -> np.ndarray:
        """Return the mean repeats of a new customer within `weeks`."""
        nothing = np.zeros_like(weeks)
        stays = values[3] / (values[2] + values[3]) if self.first else 1.0
        return stays * self._from(nothing, nothing, values, weeks)

    def residual(self, found: Histories, values: np.ndarray, force: float) -> np.ndarray:
        """Return the discounted purchases of a customer who is alive, by Gauss-Legendre.

        The rate after t weeks, (r+x)/(alpha+T) 2F1(r+x+1, a; a+b+x; -t/(alpha+T)), is smooth in
        log(1 + t/(alpha+T)).
        """
        r, alpha, a, b = values
        x, end, pair = found.pairs
        rx, scale, c = r + x, alpha + end, b + x + self.first
        nodes, weights = np.polynomial.legendre.leggauss(64)
        top = np.log1p(40 / (force * scale))
        worth = np.zeros(len(x))
        for node, w in zip((nodes + 1) / 2, weights / 2, strict=True):
            grown = np.exp(node * top)
            t = scale * (grown - 1)
            rate = rx / scale * _falling(rx + 1, a, a + c, grown)
            worth += w * top * scale * grown * np.exp(-force * t) * rate
        return worth[pair]

    def draw(
        self, rng: np.random.Generator, found: Histories, values: np.ndarray, weeks: float
    ) -> np.ndarray:
        """Return how often each customer buys in one possible future of `weeks`."""
        r, alpha, a, b = values
        x, row = found.x[found.ix], found.row
        alive = rng.random(len(row)) < self.alive(found, values)[row]
        rate = rng.gamma(r + x[row]) / (alpha + found.T[found.iT][row])
        leaves = rng.beta(a, (b + x + self.first)[row])
        until = rng.geometric(np.maximum(leaves, 1e-12))
        return np.where(alive, np.minimum(rng.poisson(rate * weeks), until), 0)

    def _from(
        self, x: np.ndarray, end: np.ndarray, values: np.ndarray, weeks: np.ndarray
    ) -> np.ndarray:
        """Return the mean purchases within `weeks`, given x repeats by `end` and being alive."""
        r, alpha, a, b = values
        # The formula has a gap at a = 1, and at c = 1 - a, where the mean itself has none.
        if abs(a - 1) < 1e-5 or abs(a + b + self.first - 1) < 1e-5:
            sides = [np.array([r, alpha, a + step, b]) for step in (-3e-5, 3e-5)]
            return (self._from(x, end, sides[0], weeks) + self._from(x, end, sides[1], weeks)) / 2
        c, z = a + b + x + self.first - 1, weeks / (alpha + end + weeks)
        # By Euler's transformation no argument but c grows with x, so nothing overflows.
        left = (1 - z) ** (a - 1) * hyp2f1(a + b + self.first - 1 - r, a - 1, c, z)
        return c / (a - 1) * (1 - left)


class MBGNBD(BGNBD):
    """Modified BG/NBD: as `BGNBD`, but customers may leave after their first purchase too.

    Model
    -----
    As `BGNBD`, with b + x + 1 where it has b + x, so that
        P(alive) = 1 / (1 + a / (b+x) ((alpha+T) / (alpha+t_x))^(r+x))
    is below 1 even without a repeat.

    Source
    ------
    Batislam, Denizel and Filiztekin (2007), doi:10.1016/j.ijresmar.2006.12.005.
    """

    first: ClassVar = 1


def _falling(u: np.ndarray, a: float, c: np.ndarray, grown: np.ndarray) -> np.ndarray:
    """Return 2F1(u, a; c; 1 - grown) by Pfaff's transformation: its argument stays in [0, 1)."""
    return grown**-a * hyp2f1(c - u, a, c, 1 - 1 / grown)
