"""What customers will bring: value of each, and of the whole base with an interval."""

from __future__ import annotations

from typing import Literal

import numpy as np
import pandas as pd

from crmlab._checks import require_at_least, require_probability, require_rate, stream_of
from crmlab._groups import bincount
from crmlab.errors import CrmlabError, OutOfRangeError
from crmlab.lifetime.model.btyd import BuyTillYouDie
from crmlab.lifetime.model.gamma_gamma import GammaGamma, spends
from crmlab.lifetime.model.histories import Histories, distinct
from crmlab.lifetime.model.likelihood import Z

WEEKS_OF_MONTH = 52 / 12
Seed = int | np.random.SeedSequence | np.random.Generator


def customer_value(
    history: pd.DataFrame,
    *,
    model: BuyTillYouDie,
    spend: GammaGamma,
    months: int = 12,
    discount: float = 0.10,
    margin: float = 1.0,
) -> pd.DataFrame:
    """Value that each customer is expected to bring over the next months, discounted.

    Purchases of a month count at its end: times the expected spend, times the margin, times
    ``(1 + discount) ** (-month / 12)``.

    Parameters
    ----------
    history : DataFrame, as `buying_history` returns it
    model, spend : fitted
    months : int
    discount : float in [0, 1), a year
    margin : float in (0, 1], share of spend that is kept

    Returns
    -------
    DataFrame, one row per row of `history`, in its order
        customer_id : where `history` has it
        p_alive, expected_purchases : float64, as `BGNBD.predict`
        expected_ticket : float64, as `GammaGamma.predict`
        value : float64, money
        at_risk : float64, money that the chance of being gone takes away: the value if the
            customer were surely alive, less `value`

    Raises
    ------
    CrmlabError
        If a model is not fitted, or the history cannot be read.
    OutOfRangeError
        If `months` is below 1, `discount` lies outside [0, 1), `margin` outside (0, 1], or the law
        of spend has no mean.

    See Also
    --------
    base_value : the sum, with an interval.

    Examples
    --------
    >>> from crmlab.lifetime import BGNBD, GammaGamma, buying_history, simulate_purchases
    >>> history = buying_history(simulate_purchases(500, seed=1).data)
    >>> model, spend = BGNBD().fit(history), GammaGamma().fit(history)
    >>> value = customer_value(history, model=model, spend=spend)
    >>> value[["p_alive", "expected_purchases", "value"]].head(2).round(2)
       p_alive  expected_purchases  value
    0     0.30                0.21   3.92
    1     0.01                0.02   0.45
    """
    model.require_fitted()
    spend.require_fitted()
    _require_terms(months, discount, margin)
    found = distinct(history)
    values = model.parameters_
    alive, ahead, worth = _worth(model, found, values, months, discount)
    ticket = spend.expected(*spends(history), spend.parameters_)
    ids = {"customer_id": history["customer_id"].array} if "customer_id" in history else {}
    each = margin * worth[found.row] * ticket
    return pd.DataFrame(
        ids
        | {
            "p_alive": alive[found.row],
            "expected_purchases": (alive * ahead)[found.row],
            "expected_ticket": ticket,
            "value": alive[found.row] * each,
            "at_risk": (1 - alive)[found.row] * each,
        }
    )


def base_value(
    history: pd.DataFrame,
    *,
    model: BuyTillYouDie,
    spend: GammaGamma,
    months: int = 12,
    discount: float = 0.10,
    margin: float = 1.0,
    of: Literal["expectation", "outcome"] = "expectation",
    method: Literal["delta", "refit"] = "delta",
    refits: int = 200,
    seed: Seed | None = None,
) -> pd.DataFrame:
    """Purchases and value of all customers over the next months, with 95% intervals.

    Parameters
    ----------
    history : DataFrame, as `buying_history` returns it, the one that was fitted
    model, spend, months, discount, margin : as for `customer_value`
    of : {"expectation", "outcome"}
        An interval for the mean that the true parameters would give, or for what will happen, in
        purchases and in money: luck comes on top. In 500 worlds made like Hehua 97.2 %
        of the outcomes in purchases lay inside, and 99.6 % of those in money: there the interval of
        money is too wide, and its estimate was 6 % too high on average.
    method : {"delta", "refit"}
        From the curvature of the likelihood, or from models fitted anew to customers drawn
        again (bootstrap).
    refits : int, 20 or more
    seed : int, SeedSequence or Generator
        Needed where something is drawn: for a refit, and for an outcome.

    Returns
    -------
    DataFrame, two rows
        quantity : "purchases" or "value"
        estimate, standard_error, low, high : float64; the interval on the log scale
        share_of_luck : float64, part of the variance that is not doubt about parameters

    Raises
    ------
    CrmlabError
        As `customer_value`; also if a seed is missing where one is needed, or the likelihood has
        no clear top, so that there is no interval.

    Source
    ------
    Delta method: Oehlert (1992), doi:10.1080/00031305.1992.10475842; bootstrap: Efron (1979),
    doi:10.1214/aos/1176344552.

    Examples
    --------
    >>> from crmlab.lifetime import BGNBD, GammaGamma, buying_history, simulate_purchases
    >>> history = buying_history(simulate_purchases(500, seed=1).data)
    >>> model, spend = BGNBD().fit(history), GammaGamma().fit(history)
    >>> value = base_value(history, model=model, spend=spend)
    >>> value[["quantity", "estimate", "low", "high"]].round()
        quantity  estimate      low     high
    0  purchases     367.0    332.0    404.0
    1      value   12274.0  11111.0  13559.0
    """
    if of not in ("expectation", "outcome") or method not in ("delta", "refit"):
        raise OutOfRangeError(
            f"of is 'expectation' or 'outcome', method 'delta' or 'refit'; got {of!r}, {method!r}."
        )
    if seed is None and (of == "outcome" or method == "refit"):
        raise OutOfRangeError("something is drawn here, so write a seed down, such as seed=7.")
    require_at_least("refits", refits, 20)
    model.require_fitted()
    spend.require_fitted()
    _require_terms(months, discount, margin)
    base = _Base(history, model, spend, months, discount, margin)
    rng = stream_of(0 if seed is None else seed, "base_value")
    logs = np.concatenate([model.estimates_.logs, spend.estimates_.logs])
    estimate = base.totals(logs)
    doubt = base.by_delta(logs) if method == "delta" else base.by_refits(rng, refits)
    luck = base.luck(rng, estimate) if of == "outcome" else np.zeros(2)
    variance = doubt + luck
    if not np.isfinite(variance).all():
        raise CrmlabError(
            "the likelihood has no clear top, so there is no standard error. Look at "
            "model.summary(), or take method='refit'."
        )
    error = np.sqrt(variance)
    reach = np.exp(Z * error / estimate)
    return pd.DataFrame(
        {
            "quantity": ["purchases", "value"],
            "estimate": estimate,
            "standard_error": error,
            "low": estimate / reach,
            "high": estimate * reach,
            "share_of_luck": np.divide(luck, variance, out=np.zeros(2), where=variance > 0),
        }
    )


class _Base:
    """The totals of a base as functions of the logarithms of all parameters."""

    def __init__(
        self,
        history: pd.DataFrame,
        model: BuyTillYouDie,
        spend: GammaGamma,
        months: int,
        discount: float,
        margin: float,
    ) -> None:
        self.found = distinct(history)
        self.x, self.m = spends(history)
        self.model, self.spend, self.margin = model, spend, margin
        self.months, self.discount = months, discount

    def totals(self, logs: np.ndarray) -> np.ndarray:
        """Return expected purchases and value of all."""
        k = len(self.model.names)
        found = self.found
        alive, ahead, worth = _worth(
            self.model, found, np.exp(logs[:k]), self.months, self.discount
        )
        ticket = self.spend.expected(self.x, self.m, np.exp(logs[k:]))
        money = bincount(found.row, ticket, minlength=len(alive))
        purchases = (found.weight * alive * ahead).sum()
        return np.array([purchases, self.margin * (money * alive * worth).sum()])

    def by_delta(self, logs: np.ndarray) -> np.ndarray:
        """Return the variances of the totals by their slopes in the parameters."""
        step = 1e-5
        moves = step * np.eye(len(logs))
        slopes = [(self.totals(logs + e) - self.totals(logs - e)) / (2 * step) for e in moves]
        slope, k = np.array(slopes), len(self.model.names)
        both = [(slope[:k], self.model.estimates_), (slope[k:], self.spend.estimates_)]
        parts = [np.einsum("it,ij,jt->t", part, its.covariance, part) for part, its in both]
        return np.sum(parts, axis=0)

    def by_refits(self, rng: np.random.Generator, refits: int) -> np.ndarray:
        """Return the variances of the totals over models fitted to customers drawn again."""
        n = len(self.x)
        paid = (self.x > 0) & (self.m > 0)
        x, m = self.x[paid], self.m[paid]
        totals = []
        for _ in range(refits):
            drawn = bincount(rng.integers(0, n, n), minlength=n).astype("float64")
            weight = bincount(self.found.row, drawn, minlength=len(self.found.weight))
            one = self.model.estimate(self.found, weight, self.model.estimates_)
            other = self.spend.estimate(x, m, drawn[paid], self.spend.estimates_)
            totals.append(self.totals(np.concatenate([one.logs, other.logs])))
        # On the log scale, where the totals are nearly normal.
        found = np.array(totals)
        return np.var(np.log(found), axis=0, ddof=1) * found.mean(axis=0) ** 2

    def luck(self, rng: np.random.Generator, estimate: np.ndarray) -> np.ndarray:
        """Return the variances of the totals at these parameters: customers are independent."""
        n, found = len(self.x), self.found
        p, q, v = self.spend.parameters_
        draws = int(np.clip(100_000 // n, 10, 200))
        seen = [np.zeros((2, n)) for _ in range(2)]  # sums, and sums of squares
        for _ in range(draws):
            times = self.model.draw(
                rng, found, self.model.parameters_, self.months * WEEKS_OF_MONTH
            )
            scale = (v + self.x * self.m) / rng.gamma(p * self.x + q)
            both = np.array([times, rng.gamma(np.maximum(p * times, 1e-300)) * scale])
            seen[0] += both
            seen[1] += both**2
        each = (seen[1] - seen[0] ** 2 / draws) / (draws - 1)
        total = each.sum(axis=1)
        # Money is drawn without margin and discount; both scale the mean and the spread alike.
        scale = estimate[1] / (seen[0][1].sum() / draws)
        return total * np.array([1, scale**2])


def _worth(
    model: BuyTillYouDie, found: Histories, values: np.ndarray, months: int, discount: float
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return of each history: chance alive, purchases if alive, and the same discounted."""
    alive = model.alive(found, values)
    ahead = worth = np.zeros(len(alive))
    for month in range(1, months + 1):
        until = model.expected(found, values, month * WEEKS_OF_MONTH)
        worth = worth + (until - ahead) * (1 + discount) ** (-month / 12)
        ahead = until
    return alive, ahead, worth


def _require_terms(months: int, discount: float, margin: float) -> None:
    require_at_least("months", months, 1)
    require_probability("margin", margin)
    require_rate("discount", discount, or_none=True)
