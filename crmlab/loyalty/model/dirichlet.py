"""How loyal the buyers of a brand should be for its share: the NBD-Dirichlet."""

from __future__ import annotations

import numpy as np
import pandas as pd
from scipy.optimize import brentq
from scipy.special import betaln, gammaln
from scipy.stats import t

from crmlab._checks import (
    require_at_least,
    require_columns,
    require_numbers,
    require_probability,
    require_rows,
    require_values,
)
from crmlab._groups import bincount
from crmlab._purchases import plain_ids
from crmlab.errors import CrmlabError, EmptyError, OutOfRangeError

_NORMS = ["brand", "share", "penetration", "purchases_per_buyer", "category_per_buyer"]


class NBDDirichlet:
    """Purchases of a category (negative binomial) and of its brands (Dirichlet).

    A customer buys the category at a rate of their own, gamma distributed with mean M and shape K,
    and picks each brand with a chance of their own, Dirichlet distributed with S times the brands'
    shares. Nobody learns, nobody is devoted, and brands differ in nothing but their share. What
    follows for penetration, purchases per buyer and loyalty is the norm for a brand of that share.

    Parameters
    ----------
    customers : int, optional
        All customers who could buy, those without a purchase too; those with one when omitted.

    Attributes
    ----------
    M_, K_, S_ : float
        Mean and shape of category purchases, and how alike customers are: a small S means that
        each has a brand of their own. K_ is infinite where all buy at one rate.
    shares_ : Series of float64, by brand

    Source
    ------
    Goodhardt, Ehrenberg and Chatfield (1984), doi:10.2307/2981696. `fit` is by maximum likelihood
    with the shares as observed, `from_table` by zeros and penetrations, as there.

    Examples
    --------
    >>> brands = pd.DataFrame({"brand": ["A", "B"], "share": [0.6, 0.4], "penetration": [0.4, 0.3]})
    >>> model = NBDDirichlet.from_table(brands, penetration=0.5, rate=3.0)
    >>> model.norms()[["brand", "purchases_per_buyer"]].round(2)
      brand  purchases_per_buyer
    0     A                 2.26
    1     B                 1.88
    """

    M_: float
    K_: float
    S_: float
    shares_: pd.Series

    def __init__(self, *, customers: int | None = None) -> None:
        if customers is not None:
            require_at_least("customers", customers, 1)
        self.customers = customers

    @classmethod
    def from_table(cls, brands: pd.DataFrame, *, penetration: float, rate: float) -> NBDDirichlet:
        """Return the model of a printed table: brands' shares and penetrations.

        Parameters
        ----------
        brands : DataFrame, one row per brand
            brand; share : float64, of category purchases; penetration : float64, of all customers
        penetration : float
            Share of customers who buy the category.
        rate : float above 1
            Purchases of the category per buyer of it.

        Raises
        ------
        MissingColumnsError, BadRowsError, OutOfRangeError
            If a column or a number is missing or outside its range, or no S fits.
        """
        require_columns(brands, "brand", "share", "penetration")
        require_rows(brands)
        require_values(brands, "brand", "share", "penetration")
        require_numbers(brands, "share", "penetration")
        require_probability("penetration", penetration)
        if not rate > 1:
            raise OutOfRangeError(f"rate must be above 1 purchase per buyer; got {rate!r}.")
        model = cls()
        model.M_ = penetration * rate
        if -np.log1p(-min(penetration, 1 - 1e-12)) >= model.M_:
            raise OutOfRangeError(
                f"{penetration:.0%} buyers with {rate} purchases each are more alike than chance "
                "allows; no negative binomial has so few customers without a purchase."
            )
        model.K_ = _root(lambda k: -k * np.log1p(model.M_ / k) - np.log1p(-penetration), 1e-6, 1e6)
        share = brands["share"].to_numpy("float64")
        seen = brands["penetration"].to_numpy("float64")
        if (share <= 0).any() or (share >= 1).any() or (seen <= 0).any() or (seen >= 1).any():
            raise OutOfRangeError("shares and penetrations must lie between 0 and 1.")
        model.shares_ = pd.Series(share, index=pd.Index(brands["brand"], name="brand"))
        each = [
            _root(lambda s, m=m, b=b: model._bought(np.array([m]), s)[0] - b, 1e-3, 1e4)
            for m, b in zip(share, seen, strict=True)
        ]
        # Each brand says an S of its own; large brands say it best.
        model.S_ = float(np.average(each, weights=share))
        return model

    def fit(self, choices: pd.DataFrame) -> NBDDirichlet:
        """Fit to purchases.

        Parameters
        ----------
        choices : DataFrame, one row per purchase
            customer_id, brand

        Returns
        -------
        NBDDirichlet, itself

        Raises
        ------
        MissingColumnsError, BadRowsError
            If a column or a value is missing.
        OutOfRangeError
            If there are fewer than 2 brands, more buyers than `customers`, or nobody bought twice.
        """
        return self._fit(*_counted(choices, self.customers))

    def _fit(self, table: np.ndarray, names: pd.Index, customers: int) -> NBDDirichlet:
        """Fit to a table of purchases, one row per customer and one column per brand."""
        if len(names) < 2:
            raise OutOfRangeError("one brand has no rival, so there is no loyalty to it.")
        total = table.sum(axis=1)
        if total.max() < 2:
            raise OutOfRangeError("nobody bought twice, so nobody could be loyal.")
        self.M_ = float(total.sum() / customers)
        self.K_ = _shape(total, customers, self.M_)
        self.shares_ = pd.Series(table.sum(axis=0) / total.sum(), index=names)
        self.S_ = _alike(table, total, self.shares_.to_numpy())
        return self

    def norms(self) -> pd.DataFrame:
        """Return what the model expects of each brand.

        Returns
        -------
        DataFrame, one row per brand, largest share first
            brand : as given
            share : float64, of category purchases
            penetration : float64, of all customers
            purchases_per_buyer, category_per_buyer : float64, of this brand, of all brands
            share_of_requirements : float64, the first over the second
            only_this : float64, of the brand's buyers, who buy nothing else

        Raises
        ------
        CrmlabError
            If the model is not fitted.
        """
        if not hasattr(self, "S_"):
            raise CrmlabError("the model is not fitted yet; call fit(choices) first.")
        share = self.shares_.to_numpy("float64")
        n, chance = self._category()
        none = self._none(share, self.S_, n)
        bought = ((1 - none) * chance).sum(axis=1)
        alpha = (self.S_ * share)[:, None]
        every = np.exp(betaln(alpha + n, self.S_ - alpha) - betaln(alpha, self.S_ - alpha))
        table = pd.DataFrame(
            {
                "brand": self.shares_.index,
                "share": share,
                "penetration": bought,
                "purchases_per_buyer": self.M_ * share / bought,
                "category_per_buyer": ((1 - none) * chance * n).sum(axis=1) / bought,
            }
        )
        table["share_of_requirements"] = table["purchases_per_buyer"] / table["category_per_buyer"]
        table["only_this"] = (every[:, 1:] * chance[1:]).sum(axis=1) / bought
        return table.sort_values("share", ascending=False, kind="stable", ignore_index=True)

    def _bought(self, share: np.ndarray, s: float) -> np.ndarray:
        """Return the share of customers who buy brands of these shares, if S is `s`."""
        n, chance = self._category()
        return ((1 - self._none(share, s, n)) * chance).sum(axis=1)

    def _category(self) -> tuple[np.ndarray, np.ndarray]:
        """Return numbers of category purchases and their chances, until next to nothing is left."""
        m, k = self.M_, self.K_
        most = int(m + 12 * np.sqrt(m + (m**2 / k if np.isfinite(k) else 0)) + 30)
        n = np.arange(most + 1)
        if np.isfinite(k):
            odds = gammaln(k + n) - gammaln(k) - gammaln(n + 1)
            odds += -k * np.log1p(m / k) + n * (np.log(m) - np.log(m + k))
        else:
            odds = n * np.log(m) - m - gammaln(n + 1)
        return n, np.exp(odds)

    @staticmethod
    def _none(share: np.ndarray, s: float, n: np.ndarray) -> np.ndarray:
        """Return the chance that none of n purchases is of the brand."""
        rest = (s * (1 - share))[:, None]
        return np.exp(gammaln(rest + n) - gammaln(rest) - gammaln(s + n) + gammaln(s))


def loyalty_against_norm(
    choices: pd.DataFrame, *, customers: int | None = None, folds: int = 20
) -> pd.DataFrame:
    """Return whether buyers of each brand are more loyal than brands of its share usually have.

    Small brands have fewer buyers, who also buy a little less often: double jeopardy (双重危险).
    Only what lies beyond that norm says something about a brand.

    Parameters
    ----------
    choices : DataFrame, one row per purchase
        customer_id, brand
    customers : int, optional
        All who could buy; those with a purchase when omitted.
    folds : int, at least 5
        Customers are left out in so many groups, drawn by a lottery that is always the same, for
        the intervals.

    Returns
    -------
    DataFrame, one row per brand, largest share first
        brand : as given
        share, penetration : float64, as observed
        purchases_per_buyer, norm : float64, observed, and expected by `NBDDirichlet` of the data
        gap, low, high : float64, observed less norm, with a 95 % interval (jackknife)
        share_of_requirements, only_this : float64, as observed

    Raises
    ------
    MissingColumnsError, BadRowsError, OutOfRangeError
        As `NBDDirichlet.fit`, and if there are fewer buyers than `folds`.

    Source
    ------
    Ehrenberg, Goodhardt and Barwise (1990), doi:10.1177/002224299005400307. Jackknife: Miller
    (1974), doi:10.1093/biomet/61.1.1.

    Examples
    --------
    >>> from crmlab.loyalty import simulate_choices
    >>> choices, _ = simulate_choices(2_000, devoted={"Elm": 0.05}, seed=1)
    >>> table = loyalty_against_norm(choices, customers=2_000)
    >>> table.loc[table["low"] > 0, "brand"].tolist()
    ['Elm']
    """
    require_at_least("folds", folds, 5)
    table, names, n = _counted(choices, customers)
    if len(table) < folds:
        raise OutOfRangeError(f"{len(table)} buyers cannot be left out in {folds} groups.")
    whole = NBDDirichlet()._fit(table, names, n)
    gap = _gap(whole, table, n)
    # Who bought alike is alike, so that neither ids nor the order of rows matter.
    table = table[np.lexsort(table.T)]
    lottery = np.random.default_rng(0)
    fold, silent = lottery.permutation(len(table)) % folds, np.arange(n - len(table)) % folds
    left = np.empty((folds, len(names)))
    for one in range(folds):
        part, others = table[fold != one], int((silent != one).sum())
        some = len(part) + others
        left[one] = _gap(NBDDirichlet()._fit(part, names, some), part, some)
    spread = np.sqrt((folds - 1) / folds * ((left - left.mean(axis=0)) ** 2).sum(axis=0))
    reach = t.ppf(0.975, folds - 1) * spread

    buyers, total = (table > 0).sum(axis=0), table.sum(axis=1)
    bought = table.sum(axis=0)
    seen = pd.DataFrame(
        {
            "brand": names,
            "share": bought / bought.sum(),
            "penetration": buyers / n,
            "purchases_per_buyer": bought / buyers,
            "norm": bought / buyers - gap,
            "gap": gap,
            "low": gap - reach,
            "high": gap + reach,
            "share_of_requirements": bought / (total @ (table > 0)),
            "only_this": ((table > 0) & (table == total[:, None])).sum(axis=0) / buyers,
        }
    )
    return seen.sort_values("share", ascending=False, kind="stable", ignore_index=True)


def _gap(model: NBDDirichlet, table: np.ndarray, customers: int) -> np.ndarray:
    """Return purchases per buyer of each brand, less what the model expects."""
    share = model.shares_.to_numpy("float64")
    expected = model.M_ * share / model._bought(share, model.S_)
    return table.sum(axis=0) / (table > 0).sum(axis=0) - expected


def _counted(choices: pd.DataFrame, customers: int | None) -> tuple[np.ndarray, pd.Index, int]:
    """Return purchases by customer and brand, the brands' names, and how many could buy."""
    require_columns(choices, "customer_id", "brand")
    if not len(choices):
        raise EmptyError("there are no purchases; at least one is needed.")
    require_values(choices, "customer_id", "brand")
    who, ids = pd.factorize(plain_ids(choices["customer_id"]), sort=True)
    what, names = pd.factorize(choices["brand"], sort=True)
    size = (len(ids), len(names))
    table = bincount(who * size[1] + what, minlength=size[0] * size[1]).reshape(size)
    if customers is not None and customers < len(ids):
        raise OutOfRangeError(
            f"{len(ids)} customers have a purchase, so customers={customers} cannot be all who "
            "could buy."
        )
    index = pd.Index(names.astype("str") if names.dtype == "category" else names, name="brand")
    return table.astype("float64"), index, customers or len(ids)


def _shape(total: np.ndarray, customers: int, mean: float) -> float:
    """Return K by maximum likelihood, infinite where customers are no less alike than chance."""
    upto = _at_least(total, customers)
    k = np.arange(len(upto))
    if (total**2).sum() / customers - mean**2 <= mean:
        return float("inf")

    def slope(log_k: float) -> float:
        one = np.exp(log_k)
        return one * (upto @ (1 / (one + k)) - customers * np.log1p(mean / one))

    # The slope ends above 0 where customers are alike, and is then no root.
    return float("inf") if slope(12.0) > 0 else float(np.exp(_root(slope, -12.0, 12.0)))


def _alike(table: np.ndarray, total: np.ndarray, share: np.ndarray) -> float:
    """Return S by maximum likelihood of the Dirichlet-multinomial."""
    if (table.max(axis=1) == total).all():
        raise OutOfRangeError(
            "nobody bought two brands, so every brand is perfectly loyal and there is no norm."
        )
    upto = [_at_least(table[:, one], len(table)) for one in range(len(share))]
    whole = _at_least(total, len(table))

    def slope(log_s: float) -> float:
        s = np.exp(log_s)
        found = sum(
            m * (seen @ (1 / (s * m + np.arange(len(seen)))))
            for m, seen in zip(share, upto, strict=True)
        )
        return s * (found - whole @ (1 / (s + np.arange(len(whole)))))

    if slope(9.0) > 0:
        return float(np.exp(9.0))
    return float(np.exp(_root(slope, -9.0, 9.0)))


def _at_least(counts: np.ndarray, customers: int) -> np.ndarray:
    """Return how many customers have more than 0, 1, 2, … purchases."""
    many = bincount(counts.astype(np.intp))
    return many[::-1].cumsum()[::-1][1:].astype("float64")


def _root(function, low: float, high: float) -> float:
    """Return where a function is 0, in words where it is not."""
    if function(low) * function(high) > 0:
        raise OutOfRangeError(
            "no Dirichlet fits these numbers: a penetration is impossible for its share."
        )
    return brentq(function, low, high, xtol=1e-10)  # pyright: ignore[reportReturnType]
