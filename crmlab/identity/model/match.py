"""Which pairs of records are one person: a model that learns without being told."""

from __future__ import annotations

import numpy as np
import pandas as pd

from crmlab._checks import require_at_least, require_columns, require_numbers, require_probability
from crmlab.errors import OutOfRangeError
from crmlab.identity.model.match_em import patterns_of, two_kinds

FEWEST_FIELDS = 3  # two kinds of pairs cannot be told apart by fewer (Goodman 1974)


class Matcher:
    """Fellegi and Sunter's model of pairs of records, fitted by EM.

    Pairs are of two kinds, matches and others. In each kind the levels of the fields are
    independent, and a level that is missing says nothing. EM finds the share of matches and, for
    each level of each field, how often matches reach it (m) and others do (u). The weight of a
    level is log2(m / u): how many times it doubles the odds of a match.

    Parameters
    ----------
    threshold : float in (0, 1], pairs with at least this probability are called matches
    max_iter : int, EM steps
    tol : float, EM stops when no number moves by more

    Attributes
    ----------
    share_ : float in (0, 1), share of matches among the pairs
    m_, u_ : dict of field to float64 array, one value per level, from 0
    n_iter_ : int, EM steps taken
    n_pairs_ : int

    Source
    ------
    Fellegi, I. P., Sunter, A. B. (1969). A theory for record linkage.
    doi:10.1080/01621459.1969.10501049
    Dempster, A. P., Laird, N. M., Rubin, D. B. (1977). Maximum likelihood from incomplete data via
    the EM algorithm. doi:10.1111/j.2517-6161.1977.tb01600.x
    Winkler, W. E. (1988). Using the EM algorithm for weight computation in the Fellegi-Sunter model
    of record linkage. Proceedings of the Section on Survey Research Methods, American Statistical
    Association, 667-671.

    Examples
    --------
    >>> alike = pd.DataFrame({"name": [1, 1, 0, 0], "phone": [1, 1, 0, 1], "email": [1, 1, 0, 0]})
    >>> pairs = pd.concat([alike] * 25, ignore_index=True)
    >>> pairs.insert(0, "left", range(100))
    >>> pairs.insert(1, "right", range(100, 200))
    >>> Matcher().fit(pairs).predict(pairs)["match"].head(4).tolist()
    [True, True, False, False]
    """

    def __init__(self, *, threshold: float = 0.5, max_iter: int = 2_000, tol: float = 1e-8) -> None:
        self.threshold = threshold
        self.max_iter = max_iter
        self.tol = tol

    def fit(self, pairs: pd.DataFrame) -> Matcher:
        """Learn what each level is worth.

        Parameters
        ----------
        pairs : DataFrame, as returned by `compare_pairs`
            left, right, and one column of levels per field: 0, 1, … and -1 where missing

        Raises
        ------
        MissingColumnsError
            If `pairs` lacks left or right.
        OutOfRangeError
            If the levels are no whole numbers from -1, if fewer than three fields vary, or if EM
            finds no two kinds of pairs.
        """
        require_probability("threshold", self.threshold)
        require_at_least("max_iter", self.max_iter, 1)
        fields, levels = _levels(pairs)
        patterns, count = patterns_of(levels)
        varied = [len(np.unique(column[column >= 0])) > 1 for column in patterns.T]
        if sum(varied) < FEWEST_FIELDS:
            names = [field for field, varies in zip(fields, varied, strict=True) if varies]
            raise OutOfRangeError(
                f"{FEWEST_FIELDS} fields or more must differ among the pairs; of {fields} these "
                f"do: {names}. Compare more fields, or make pairs by more keys."
            )
        found = two_kinds(patterns, count, max_iter=self.max_iter, tol=self.tol)
        nearer = [np.arange(len(m)) @ (m - u) for m, u in zip(found.m, found.u, strict=True)]
        # Schwarz (1978), doi:10.1214/aos/1176344136: what the second kind's numbers must gain.
        more = 1 + sum(len(m) - 1 for m in found.m)
        if 2 * found.gain <= more * np.log(len(levels)) or np.mean(nearer) <= 0:
            raise OutOfRangeError(
                f"the {len(levels)} pairs fall into no two kinds, one that agrees and one that "
                "does not. Are there two records of one person at all? Compare more pairs or "
                "fields."
            )
        if not found.settled:
            raise OutOfRangeError(
                f"EM still moves after {self.max_iter} steps; raise max_iter or tol, or compare "
                "more fields."
            )
        self.share_, self.n_iter_, self.n_pairs_ = found.share, found.steps, len(levels)
        self.m_ = dict(zip(fields, found.m, strict=True))
        self.u_ = dict(zip(fields, found.u, strict=True))
        self._errors = dict(zip(fields, found.errors, strict=True))
        return self

    def predict(self, pairs: pd.DataFrame) -> pd.DataFrame:
        """Return the probability that each pair is one person.

        Parameters
        ----------
        pairs : DataFrame, with the columns that `fit` was given

        Returns
        -------
        DataFrame, one row per pair, in the order of `pairs`
            left, right : as in `pairs`
            weight : float64, log2 of the odds, prior included
            probability : float64 in [0, 1]
            match : bool, whether the probability reaches the threshold
        """
        self._require_fitted()
        require_columns(pairs, "left", "right", *self.m_)
        require_numbers(pairs, *self.m_)
        weight = np.full(len(pairs), log_odds(self.share_))
        for field in self.m_:
            weight += self._weights(field, pairs[field])
        probability = 1 / (1 + np.exp2(-np.clip(weight, -1000, 1000)))
        return pd.DataFrame(
            {
                "left": pairs["left"].array,
                "right": pairs["right"].array,
                "weight": weight,
                "probability": probability,
                "match": probability >= self.threshold,
            }
        )

    def explain(self, pair: pd.Series) -> pd.DataFrame:
        """Tell what each field of one pair adds to its weight, beginning with the prior.

        Parameters
        ----------
        pair : Series, one row of the frame that `fit` was given

        Returns
        -------
        DataFrame, one row for the prior, then one per field
            field : str
            level : int64, -1 where missing, and beside the prior
            weight, total : float64, what the field adds in log2 odds, and the sum so far
        """
        self._require_fitted()
        require_columns(pair.to_frame().T, *self.m_)
        weights = [log_odds(self.share_)]
        weights += [self._weights(field, pd.Series([pair[field]]))[0] for field in self.m_]
        table = pd.DataFrame(
            {
                "field": pd.Series(["prior", *self.m_], dtype="str"),
                "level": np.array([-1, *(pair[field] for field in self.m_)], dtype="int64"),
                "weight": weights,
            }
        )
        return table.assign(total=table["weight"].cumsum())

    def summary(self) -> pd.DataFrame:
        """Tell what was learned, one row per field and level.

        Returns
        -------
        DataFrame, sorted by field as given and level, highest first
            field : str
            level : int64, 0 is none reached
            m, u : float64, how often matches and others reach it
            m_error, u_error : float64, standard errors, from the outer products of the scores;
                NaN where fewer than one pair is expected to be
            weight : float64, log2(m / u)
        """
        self._require_fitted()
        tables = []
        for field, m in self.m_.items():
            u, errors = self.u_[field], self._errors[field]
            part = pd.DataFrame({"field": field, "level": np.arange(len(m)), "m": m, "u": u})
            part["m_error"], part["u_error"] = errors
            part["weight"] = np.log2(m / u)
            tables.append(part.iloc[::-1])
        table = pd.concat(tables, ignore_index=True)
        return table.astype({"field": "str", "level": "int64"})

    def _weights(self, field: str, levels: pd.Series) -> np.ndarray:
        """Return what a field adds to the weight; a level above all that were seen is the top."""
        at = levels.to_numpy()
        known = np.log2(self.m_[field] / self.u_[field])
        return np.where(at < 0, 0.0, known[np.clip(at, 0, len(known) - 1)])

    def _require_fitted(self) -> None:
        """Raise OutOfRangeError before `fit`."""
        if not hasattr(self, "m_"):
            raise OutOfRangeError("this Matcher has learned nothing yet; call fit(pairs) first.")


def log_odds(probability: float) -> float:
    """Return log2 of the odds of a probability in [0, 1]."""
    return float(np.log2(probability) - np.log2(1 - probability))


def _levels(pairs: pd.DataFrame) -> tuple[list[str], np.ndarray]:
    """Return the fields of `pairs` and their levels, or raise OutOfRangeError for others."""
    require_columns(pairs, "left", "right")
    table = pairs.drop(columns=["left", "right"])
    wrong = [
        str(field) for field in table if table[field].dtype.kind != "i" or table[field].min() < -1
    ]
    if wrong:
        raise OutOfRangeError(
            f"{wrong} hold no levels, which are whole numbers from -1 (missing) and 0 on. Hand "
            "over the frame that compare_pairs returns."
        )
    return [*map(str, table.columns)], table.to_numpy("int64")
