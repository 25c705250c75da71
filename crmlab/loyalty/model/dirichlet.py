"""How loyal the buyers of a brand should be for its share: the NBD-Dirichlet."""

from __future__ import annotations

import numpy as np
import pandas as pd
from scipy.special import betaln, gammaln

from crmlab._checks import (
    require_at_least,
    require_columns,
    require_numbers,
    require_probability,
    require_rows,
    require_values,
)
from crmlab.errors import CrmlabError, OutOfRangeError
from crmlab.loyalty.model.tallies import alikeness, counted, left_out, reach_of, root, shape_of


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
            If a column or a value is missing, `penetration` lies outside (0, 1], a brand's share or
            penetration outside (0, 1), `rate` is not above 1, or no K or S fits.
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
        model.K_ = root(lambda k: -k * np.log1p(model.M_ / k) - np.log1p(-penetration), 1e-6, 1e6)
        share = brands["share"].to_numpy("float64")
        seen = brands["penetration"].to_numpy("float64")
        if (share <= 0).any() or (share >= 1).any() or (seen <= 0).any() or (seen >= 1).any():
            raise OutOfRangeError("shares and penetrations must lie between 0 and 1.")
        model.shares_ = pd.Series(share, index=pd.Index(brands["brand"], name="brand"))
        each = [
            root(lambda s, m=m, b=b: model._bought(np.array([m]), s)[0] - b, 1e-3, 1e4)
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
        return self._fit(*counted(choices, self.customers))

    def _fit(self, table: np.ndarray, names: pd.Index, customers: int) -> NBDDirichlet:
        """Fit to a table of purchases, one row per customer and one column per brand."""
        if len(names) < 2:
            raise OutOfRangeError("one brand has no rival, so there is no loyalty to it.")
        total = table.sum(axis=1)
        if total.max() < 2:
            raise OutOfRangeError("nobody bought twice, so nobody could be loyal.")
        self.M_ = float(total.sum() / customers)
        self.K_ = shape_of(total, customers, self.M_)
        self.shares_ = pd.Series(table.sum(axis=0) / total.sum(), index=names)
        self.S_ = alikeness(table, total, self.shares_.to_numpy())
        self._seen = table, customers
        return self

    def summary(self, *, folds: int = 20) -> pd.DataFrame:
        """Return the three numbers of the law, each with a 95 % interval (jackknife).

        Parameters
        ----------
        folds : int, at least 5
            As for `loyalty_against_norm`.

        Returns
        -------
        DataFrame, three rows
            parameter : "M", "K" or "S"
            estimate, low, high : float64; the interval on the log scale, missing for an infinite K

        Raises
        ------
        CrmlabError
            If the model is not fitted, or comes from a printed table, which has no customers.
        OutOfRangeError
            If there are fewer buyers than `folds`.
        """
        self._ready()
        require_at_least("folds", folds, 5)
        if not hasattr(self, "_seen"):
            raise CrmlabError(
                "a printed table has no customers to leave out, so there is no interval. Fit the "
                "model to purchases: NBDDirichlet().fit(choices)"
            )
        fits = [
            NBDDirichlet()._fit(part, self.shares_.index, some)
            for part, some in left_out(*self._seen, folds)
        ]
        logs = np.log([[one.M_, one.K_, one.S_] for one in fits])
        with np.errstate(invalid="ignore"):
            reach = np.exp(reach_of(logs))
        estimate = np.array([self.M_, self.K_, self.S_])
        return pd.DataFrame(
            {
                "parameter": ["M", "K", "S"],
                "estimate": estimate,
                "low": estimate / reach,
                "high": estimate * reach,
            }
        )

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
        self._ready()
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

    def _ready(self) -> None:
        if not hasattr(self, "S_"):
            raise CrmlabError("the model is not fitted yet; call fit(choices) first.")

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
