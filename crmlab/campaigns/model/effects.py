"""What each feature of a promotion's design adds, told apart by regression."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from crmlab._checks import require_columns, require_truths, require_values
from crmlab._groups import bincount
from crmlab._regression import LeastSquares, least_squares
from crmlab.errors import MissingColumnsError, OutOfRangeError, UnknownNameError


class DesignEffects:
    """Change of the chance to buy that each feature of a design (设计要素) causes.

    A promotion is several features at once: red, on the radio, at noon. The regression

        bought = usual of the promotion + contacted * (base + sum of the features' effects)

    tells them apart. "Usual" is what the held out of the same promotion do, so seasons and
    audiences cancel; `base` is what a contact of the reference design adds, and every effect is
    how much more or less another level of a feature adds: differences of chances, 0.02 means 2
    more buyers per 100 contacts. Standard errors allow each customer a nature of their own
    (clusters by customer), so at least a few hundred customers are needed.

    Parameters
    ----------
    features : sequence of str
        Columns that describe the design.
    reference : mapping of feature to level, optional
        The level that the others are compared with; each feature's commonest among the contacts
        when omitted (of equals the first in order).
    usual : "promotion" or "common"
        Whether the held out are asked promotion by promotion, or all together, which is more
        precise and right only where people buy as much at any time.

    Attributes
    ----------
    reference_ : dict, the reference level of each feature
    contacts_, held_out_, customers_ : int, what was learned from

    See Also
    --------
    crmlab.campaigns.measure.promotion_answers : makes the frame to fit.
    crmlab.campaigns.plot.plot_design_effects : draws the summary.

    Source
    ------
    A linear model of a chance, since the planted effects add up and chances stay far from 1:
    Angrist, J. D. and Pischke, J.-S. (2009), Mostly Harmless Econometrics, section 3.4.2.
    Errors by clusters: Liang and Zeger (1986), doi:10.1093/biomet/73.1.13.

    Examples
    --------
    >>> answers = pd.DataFrame({
    ...     "promotion_id": [1] * 6 + [2] * 6, "customer_id": [*range(6)] * 2,
    ...     "colour": ["red"] * 6 + ["blue"] * 6, "held_out": [c > 3 for c in range(6)] * 2,
    ...     "bought": [c < 3 for c in range(6)] + [c < 1 for c in range(6)]})
    >>> DesignEffects(["colour"]).fit(answers).summary()[["feature", "level", "effect"]].round(3)
       feature level  effect
    0  contact  base    0.25
    1   colour  blue    0.00
    2   colour   red    0.50
    """

    def __init__(
        self,
        features: Sequence[str] = ("colour", "medium", "hour"),
        *,
        reference: Mapping[str, object] | None = None,
        usual: str = "promotion",
    ) -> None:
        self.features, self.reference, self.usual = features, reference, usual

    def fit(self, answers: pd.DataFrame) -> DesignEffects:
        """Learn the effects from `answers`, as returned by `promotion_answers`.

        Raises
        ------
        MissingColumnsError, BadRowsError
            If `answers` lacks a column, or a row a value.
        OutOfRangeError
            If nobody was contacted or held out, a feature has one level only, features always
            vary together, or `usual` is neither of the two.
        UnknownNameError
            If a reference level was never tried.
        """
        features = [*self.features]
        keys = ["promotion_id", "customer_id", "held_out", "bought"]
        require_columns(answers, *keys, *features)
        require_values(answers, *keys, *features)
        require_truths(answers, "held_out", "bought")
        if self.usual not in ("promotion", "common"):
            raise OutOfRangeError(f"usual must be 'promotion' or 'common'; got {self.usual!r}.")
        contacted = ~answers["held_out"].to_numpy(dtype=bool)
        if contacted.all() or not contacted.any():
            raise OutOfRangeError(
                f"{contacted.sum()} contacted and {(~contacted).sum()} held out; some of both are "
                "needed, or nobody can say what the contact itself changed."
            )
        self._choose_levels(answers.loc[contacted, features])
        x, y = _columns(answers, self.levels_, contacted), answers["bought"].to_numpy("float64")
        absorbed = 1
        if self.usual == "promotion":
            promotion = pd.factorize(answers["promotion_id"])[0]
            absorbed = int(promotion.max()) + 1
        else:
            promotion = np.zeros(len(answers), dtype=np.int64)
        names = ["contact", *(f"{feature} {level}" for feature, level in self.levels_)]
        customer = pd.factorize(answers["customer_id"])[0]
        self.fit_: LeastSquares = least_squares(
            _without_means(x, promotion),
            _without_means(y[:, None], promotion)[:, 0],
            names=names,
            clusters=customer,
            absorbed=absorbed,
        )
        self.contacts_ = int(contacted.sum())
        self.held_out_ = len(answers) - self.contacts_
        self.customers_ = int(customer.max()) + 1
        return self

    def summary(self) -> pd.DataFrame:
        """Return the effects with their errors, a row for each level of each feature.

        Returns
        -------
        DataFrame: first the base, then features as given and their levels in order
            feature : str, "contact" for the base
            level : str, "base" for the base
            effect, standard_error, low, high : float64, difference of chances, with 95 %
                intervals; 0 with no error for a reference
            is_reference : bool
        """
        table = self._fitted().table()
        keys = [("contact", "base"), *self.levels_, *self.reference_.items()]
        order = ["contact", *self.features]
        place = sorted(range(len(keys)), key=lambda one: (order.index(keys[one][0]), keys[one][1]))
        zeros = np.zeros((len(self.reference_), table.shape[1]))
        values = np.vstack([table.to_numpy(), zeros])[place]
        rows = [(keys[one][0], str(keys[one][1])) for one in place]
        names = ["effect", "standard_error", "low", "high"]
        summary = pd.DataFrame(values, columns=names)
        summary.insert(0, "feature", pd.Series([feature for feature, _ in rows], dtype="str"))
        summary.insert(1, "level", pd.Series([level for _, level in rows], dtype="str"))
        return summary.assign(is_reference=np.array(place) > len(self.levels_))

    def predict(self, designs: pd.DataFrame) -> pd.DataFrame:
        """Return what a contact of each design would add, with its 95 % interval.

        Parameters
        ----------
        designs : DataFrame, one row per design, with a column for each feature

        Returns
        -------
        DataFrame, the rows of `designs` with lift, standard_error, low, high : float64

        Raises
        ------
        MissingColumnsError, UnknownNameError
            If a feature is missing, or a level was never tried.
        """
        fit = self._fitted()
        require_columns(designs, *self.features)
        for feature in self.features:
            tried = [level for name, level in self.levels_ if name == feature]
            tried.append(self.reference_[feature])
            for level in designs[feature].unique().tolist():
                if level not in tried:
                    raise UnknownNameError.among(feature, level, map(str, tried))
        x = _columns(designs, self.levels_, np.ones(len(designs), dtype=bool))
        spread = np.einsum("ij,jk,ik->i", x, fit.covariance, x)
        values = LeastSquares(x @ fit.coefficients, np.diag(spread), fit.freedom).table()
        values = values.rename(columns={"coefficient": "lift"})
        return designs.reset_index(drop=True).join(values)

    def _fitted(self) -> LeastSquares:
        """Return the regression, or raise if there is none yet."""
        if not hasattr(self, "fit_"):
            raise OutOfRangeError("nothing is learned yet; call fit(answers) first.")
        return self.fit_

    def _choose_levels(self, contacts: pd.DataFrame) -> None:
        """Set the reference of each feature, and the levels that are compared with it."""
        said = dict(self.reference or {})
        strange = sorted({*said} - {*self.features})
        if strange:
            raise MissingColumnsError.among(strange, [*self.features], ["reference"])
        self.reference_: dict[str, object] = {}
        self.levels_: list[tuple[str, object]] = []
        for feature in self.features:
            found, count = np.unique(contacts[feature].to_numpy(), return_counts=True)
            levels = found.tolist()
            if len(levels) < 2:
                raise OutOfRangeError(f"{feature} has one level only, {levels}; leave it out.")
            reference = said.get(feature, levels[count.argmax()])
            if reference not in levels:
                raise UnknownNameError.among(feature, reference, levels)
            self.reference_[feature] = reference
            self.levels_ += [(feature, level) for level in levels if level != reference]


def _columns(
    frame: pd.DataFrame, levels: Sequence[tuple[str, object]], contacted: np.ndarray
) -> np.ndarray:
    """Return the columns of the regression: contacted, and contacted with each level."""
    values = {feature: frame[feature].to_numpy() for feature, _ in levels}
    flags = [values[feature] == level for feature, level in levels]
    return np.stack([contacted, *(contacted & flag for flag in flags)], axis=1).astype("float64")


def _without_means(x: np.ndarray, group: np.ndarray) -> np.ndarray:
    """Return the columns of `x` less their means in each group."""
    size = bincount(group)
    means = np.stack([bincount(group, column) / size for column in x.T], axis=1)
    return x - means[group]
