"""What the buy-till-you-die models share: fitting, and what is predicted for each customer."""

from __future__ import annotations

from typing import ClassVar, Self

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from crmlab._checks import require_positive, require_rate
from crmlab.errors import OutOfRangeError
from crmlab.lifetime.model.histories import Histories, distinct
from crmlab.lifetime.model.likelihood import Estimates, Fitted

LEAST_CUSTOMERS = 10
USUAL = (-1.0, -2.0, 0.0, 0.7)  # logarithms of parameters as shops have them, times in spans


class BuyTillYouDie(Fitted):
    """Base of the models of customers who buy at their own pace until they leave unseen.

    A subclass says what its parameters are called, and gives the likelihood, the chance to be
    alive, the expected purchases, and how to draw a future, each for different histories.
    """

    timed: ClassVar[tuple[bool, ...]]  # which parameters are times, and scale with the unit

    def fit(self, history: pd.DataFrame) -> Self:
        """Find the parameters of highest likelihood, and return self.

        Parameters
        ----------
        history : DataFrame, one row per customer, as `buying_history` returns it
            repeats, age_at_last, age; row order does not matter

        Raises
        ------
        MissingColumnsError
            If a column is missing.
        BadRowsError
            If a customer cannot be: a last purchase after the end, repeats at age 0, …
        OutOfRangeError
            If there are fewer than 10 customers, or nobody bought again.

        Warns
        -----
        WeakFitWarning
            If the data leave a parameter open.
        """
        found = distinct(history)
        if len(history) < LEAST_CUSTOMERS:
            raise OutOfRangeError(
                f"the number of customers must be {LEAST_CUSTOMERS} or more; got {len(history)}. "
                "Of so few nobody can learn how customers differ: take a longer time or more "
                "shops, or look at each of them."
            )
        if found.x[-1] == 0:
            raise OutOfRangeError(
                "nobody bought again, so there is no pace to learn, and no silence that would "
                "mean anything. Wait for repeat purchases, or take a longer time."
            )
        self.estimates_ = self.estimate(found, found.weight)
        self.estimates_.warn_if_weak(type(self).__name__)
        return self

    def predict(self, history: pd.DataFrame, *, weeks: float = 52) -> pd.DataFrame:
        """Chance to be alive and expected purchases of each customer.

        Parameters
        ----------
        history : DataFrame, as for `fit`; it need not be the one that was fitted
        weeks : float
            How far to look ahead.

        Returns
        -------
        DataFrame, one row per row of `history`, in its order
            customer_id : where `history` has it
            p_alive : float64 in [0, 1], chance that the customer is still one
            expected_purchases : float64, mean number within the next `weeks`
        """
        self.require_fitted()
        require_positive("weeks", weeks)
        found = distinct(history)
        alive = self.alive(found, self.parameters_)
        expected = alive * self.expected(found, self.parameters_, weeks)
        ids = {"customer_id": history["customer_id"].array} if "customer_id" in history else {}
        return pd.DataFrame(
            ids | {"p_alive": alive[found.row], "expected_purchases": expected[found.row]}
        )

    def expected_repeats(self, weeks: ArrayLike) -> np.ndarray:
        """Mean number of repeats of a new customer within so many weeks of the first purchase."""
        self.require_fitted()
        return self.from_the_start(np.asarray(weeks, dtype="float64"), self.parameters_)

    def residual_purchases(self, history: pd.DataFrame, *, discount: float) -> pd.Series:
        """Discounted expected residual transactions (DERT): all purchases still to come.

        Parameters
        ----------
        history : DataFrame, as for `fit`
        discount : float in (0, 1), the yearly rate; a purchase after w weeks counts
            ``(1 + discount) ** (-w / 52)``

        Returns
        -------
        Series of float64, with the index of `history`
        """
        self.require_fitted()
        require_rate("discount", discount)
        found = distinct(history)
        force = np.log1p(discount) / 52
        at = self.parameters_
        worth = self.alive(found, at) * self.residual(found, at, force)
        return pd.Series(worth[found.row], index=history.index, name="residual_purchases")

    def estimate(
        self, found: Histories, weight: np.ndarray, near: Estimates | None = None
    ) -> Estimates:
        """Return the estimates for histories that so many customers have."""
        unit = found.T[-1] or 1.0
        shift = np.where(self.timed, np.log(unit), 0.0)
        total = float((weight * found.x[found.ix]).sum())
        return Estimates(
            self.loss(found, weight, unit),
            names=self.names,
            n=float(weight.sum()),
            usual=USUAL,
            near=near,
            shift=shift,
            constant=-total * np.log(unit),
        )

    def loss(self, found: Histories, weight: np.ndarray, unit: float):
        """Return minus the log-likelihood per customer, and its gradient, of log parameters."""
        raise NotImplementedError

    def alive(self, found: Histories, values: np.ndarray) -> np.ndarray:
        """Return the chance to be alive at each history's end."""
        raise NotImplementedError

    def expected(self, found: Histories, values: np.ndarray, weeks: float) -> np.ndarray:
        """Return the mean purchases within `weeks` of a customer who is alive."""
        raise NotImplementedError

    def from_the_start(self, weeks: np.ndarray, values: np.ndarray) -> np.ndarray:
        """Return the mean repeats of a new customer within `weeks`."""
        raise NotImplementedError

    def residual(self, found: Histories, values: np.ndarray, force: float) -> np.ndarray:
        """Return the discounted purchases of a customer who is alive."""
        raise NotImplementedError

    def draw(
        self, rng: np.random.Generator, found: Histories, values: np.ndarray, weeks: float
    ) -> np.ndarray:
        """Return how often each customer buys in one possible future of `weeks`."""
        raise NotImplementedError
