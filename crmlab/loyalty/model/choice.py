"""What price, liking and habit do to the choice of a brand: conditional logit."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from crmlab._checks import (
    names_of,
    require_columns,
    require_numbers,
    require_rows,
    require_truths,
    require_values,
)
from crmlab._groups import bincount, class_codes, repeat
from crmlab._intervals import Z
from crmlab.errors import BadRowsError, CrmlabError, OutOfRangeError

_STEPS, _SMALL = 60, 1e-10


class ChoiceModel:
    """Conditional logit: P(j) = exp(v_j) / sum of exp(v), v linear in the columns.

    Each brand but the first in order of names gets a constant, its liking beside the first one's
    at equal price. Errors may be anything within a customer.

    Parameters
    ----------
    columns : sequence of str
        Numbers that differ between the brands of an occasion, such as the price.
    customer, occasion, brand, chosen : str
        Columns; one row per customer, occasion and brand on offer, one of them chosen.

    Attributes
    ----------
    coef_ : Series of float64, by column and "brand …"
    log_likelihood_ : float

    Source
    ------
    McFadden (1974), Conditional logit analysis of qualitative choice behavior, in Frontiers in
    Econometrics, 105-142. Errors: Liang and Zeger (1986), doi:10.1093/biomet/73.1.13.

    Examples
    --------
    >>> from crmlab.loyalty import simulate_priced_choices
    >>> choices, _ = simulate_priced_choices(300, seed=1)
    >>> ChoiceModel(["price_cny"]).fit(choices).summary()[["term", "coefficient"]].round(1)
              term  coefficient
    0    price_cny         -0.4
    1  brand Birch         -0.5
    2  brand Coral         -0.9
    """

    coef_: pd.Series
    log_likelihood_: float

    def __init__(
        self,
        columns: Sequence[str],
        *,
        customer: str = "customer_id",
        occasion: str = "occasion",
        brand: str = "brand",
        chosen: str = "chosen",
    ) -> None:
        self.columns = names_of("columns", columns)
        self.customer, self.occasion, self.brand, self.chosen = customer, occasion, brand, chosen

    def fit(self, choices: pd.DataFrame) -> ChoiceModel:
        """Fit by maximum likelihood.

        Raises
        ------
        MissingColumnsError, BadRowsError
            If a column or a value is missing, a brand stands twice in an occasion, or an occasion
            has not exactly one chosen brand.
        OutOfRangeError
            If a column cannot be told apart from the others, or the choices are foreseen without
            error, so that no estimate is finite.
        """
        require_columns(choices, brand=self.brand)
        require_values(choices, self.brand)
        names = {*choices[self.brand]}
        if len({isinstance(one, str) for one in names}) > 1:
            raise BadRowsError(
                f"{self.brand} holds numbers and texts, which have no order. Make them all texts: "
                f"frame[{self.brand!r}].astype('str')"
            )
        self.brands_ = sorted(names)
        x, group = self._read(choices)
        require_columns(choices, chosen=self.chosen)
        require_truths(choices, self.chosen)
        taken = choices[self.chosen].to_numpy(bool)
        picks = bincount(group, taken)
        if (picks != 1).any():
            rows = np.flatnonzero(picks[group] != 1).tolist()
            raise BadRowsError(
                f"{int((picks != 1).sum())} occasion(s) have not exactly one chosen brand, in "
                f"row(s) {rows[:10]}. Set them aside first."
            )
        centred = x - (_sums(x, group) / bincount(group)[:, None])[group]
        if np.linalg.matrix_rank(centred) < x.shape[1]:
            raise OutOfRangeError(
                f"{self._terms()} cannot be told apart: some of them never vary on their own "
                "within an occasion."
            )
        beta = np.zeros(x.shape[1])
        for _ in range(_STEPS):
            chance = _chances(x @ beta, group)
            middle = _sums(x * chance[:, None], group)[group]
            away = x - middle
            slope = x.T @ (taken - chance)
            bend = (away * chance[:, None]).T @ away
            step = np.linalg.solve(bend + 1e-12 * np.eye(len(beta)), slope)
            # A step of more than 2 would leave the region where the curve is known.
            beta = beta + step * min(1.0, 2 / max(np.abs(step * x.std(axis=0)).max(), 1e-300))
            if np.abs(step).max() < _SMALL:
                break
        else:
            raise OutOfRangeError(
                "no estimate is finite: some column foresees every choice. Look at the tables of "
                f"{self._terms()} by {self.chosen}, and leave that column out."
            )
        chance = _chances(x @ beta, group)
        self.log_likelihood_ = float(np.log(chance[taken]).sum())
        bread = np.linalg.inv(bend)
        people = pd.factorize(choices[self.customer])[0].astype(np.intp)
        score = _sums(x * (taken - chance)[:, None], people)
        count = len(score)
        if count < 2:
            raise OutOfRangeError("all rows belong to one customer; at least 2 are needed.")
        self.covariance_ = bread @ (score.T @ score) @ bread * count / (count - 1)
        self.coef_ = pd.Series(beta, index=self._terms())
        return self

    def summary(self) -> pd.DataFrame:
        """Return term, coefficient, standard_error, low and high (95 %)."""
        self._ready()
        error = np.sqrt(np.diag(self.covariance_))
        beta = self.coef_.to_numpy("float64")
        return pd.DataFrame(
            {
                "term": pd.Series(self._terms(), dtype="str"),
                "coefficient": beta,
                "standard_error": error,
                "low": beta - Z * error,
                "high": beta + Z * error,
            }
        )

    def predict(self, choices: pd.DataFrame) -> pd.Series:
        """Return the chance of each row's brand, with the index of `choices`."""
        self._ready()
        x, group = self._read(choices)
        beta = self.coef_.to_numpy("float64")
        return pd.Series(_chances(x @ beta, group), index=choices.index, name="chance")

    def elasticities(self, choices: pd.DataFrame, *, price: str = "price_cny") -> pd.DataFrame:
        """Return by how many percent a brand's sales change where a price rises by 1 %.

        Parameters
        ----------
        choices : DataFrame, occasions to average over
        price : str
            One of `columns`.

        Returns
        -------
        DataFrame, one row per brand and brand whose price rises
            brand, price_of : as given
            elasticity : float64
            low, high : float64, 95 % interval (delta method), at these prices

        Raises
        ------
        OutOfRangeError
            If `price` is none of the columns, or not every brand is on offer at each occasion.
        """
        self._ready()
        if price not in self.columns:
            raise OutOfRangeError(f"price must be one of {self.columns}; got {price!r}.")
        x, group = self._read(choices)
        sort = np.lexsort([pd.factorize(choices[self.brand], sort=True)[0], group])
        size = len(self.brands_)
        if len(sort) != (int(group.max()) + 1) * size:
            raise OutOfRangeError("elasticities need every brand on offer at each occasion.")
        cost = choices[price].to_numpy("float64")[sort].reshape(-1, size)
        at, beta = self.columns.index(price), self.coef_.to_numpy("float64")

        def found(beta: np.ndarray) -> np.ndarray:
            p = _chances(x @ beta, group)[sort].reshape(-1, size)
            # d p_j / d cost_k * cost_k, summed over occasions, by the sum of p_j.
            cross = -beta[at] * (p.T @ (p * cost))
            cross[np.diag_indices(size)] += beta[at] * (p * cost).sum(axis=0)
            return (cross / p.sum(axis=0)[:, None]).ravel()

        step = 1e-5
        moves = step * np.eye(len(beta))
        slope = np.array([(found(beta + e) - found(beta - e)) / (2 * step) for e in moves])
        reach = Z * np.sqrt(np.einsum("it,ij,jt->t", slope, self.covariance_, slope))
        elasticity, names = found(beta), pd.Index(self.brands_)
        return pd.DataFrame(
            {
                "brand": repeat(names, size),
                "price_of": names.take(np.tile(np.arange(size), size)),
                "elasticity": elasticity,
                "low": elasticity - reach,
                "high": elasticity + reach,
            }
        )

    def _terms(self) -> list[str]:
        return [*self.columns, *(f"brand {name}" for name in self.brands_[1:])]

    def _ready(self) -> None:
        if not hasattr(self, "coef_"):
            raise CrmlabError("the model is not fitted yet; call fit(choices) first.")

    def _read(self, choices: pd.DataFrame) -> tuple[np.ndarray, np.ndarray]:
        """Return the columns with the brands' constants, and each row's occasion as a number."""
        named = {"customer": self.customer, "occasion": self.occasion, "brand": self.brand}
        require_columns(choices, *self.columns, **named)
        require_rows(choices)
        require_values(choices, *self.columns, *named.values())
        require_numbers(choices, *self.columns)
        if new := sorted({*choices[self.brand]} - {*self.brands_}):
            raise OutOfRangeError(f"the model knows no brand {new}; it knows {self.brands_}.")
        group = class_codes(choices, [self.customer, self.occasion]).astype(np.intp)
        names = choices[self.brand].to_numpy(object)
        twice = np.flatnonzero(pd.DataFrame({"at": group, "brand": names}).duplicated())
        if twice.size:
            raise BadRowsError(
                f"{twice.size} row(s) have a brand that stands in the occasion already: "
                f"{twice.tolist()[:10]}. Keep one row per {self.customer}, {self.occasion} and "
                f"{self.brand}."
            )
        constants = [names == one for one in self.brands_[1:]]
        columns = choices[self.columns].to_numpy("float64")
        return np.column_stack([columns, *constants]).astype("float64"), group


def _sums(x: np.ndarray, group: np.ndarray) -> np.ndarray:
    """Return the sums of rows by group."""
    return np.stack([bincount(group, one) for one in x.T], axis=1)


def _chances(value: np.ndarray, group: np.ndarray) -> np.ndarray:
    """Return the chance of each row within its group."""
    top = np.full(int(group.max()) + 1, -np.inf)
    np.maximum.at(top, group, value)
    weight = np.exp(value - top[group])
    return weight / bincount(group, weight)[group]
