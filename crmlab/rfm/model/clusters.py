"""Groups of customers that resemble each other, found rather than defined."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Literal

import numpy as np
import pandas as pd
from sklearn.base import BaseEstimator, ClusterMixin, clone
from sklearn.cluster import KMeans
from sklearn.mixture import GaussianMixture
from sklearn.preprocessing import StandardScaler

from crmlab._checks import require_at_least, require_columns, require_values
from crmlab.errors import NotAllowedError, OutOfRangeError

_LEAST_VARIANCE = 0.05  # of a standardised variable


class CustomerClusters(ClusterMixin, BaseEstimator):
    """Clusters of customers in standardised variables, by k-means or whatever finds clusters.

    Each variable is set to mean 0 and standard deviation 1, so that its unit does not decide.
    Clusters are numbered by their mean in the first variable, the largest is 1; row order
    does not matter.

    Parameters
    ----------
    n_clusters : int, 1 or more
        An estimator that finds the number by itself, such as DBSCAN, may find another.
    columns : sequence of str
        Numeric variables to use; the first one orders the clusters.
    method : {"kmeans", "mixture"}, or an estimator of scikit-learn that finds clusters
        Round clusters of like size, or clusters with a spread of their own in each variable,
        of about a fifth of the whole standard deviation at least: many customers with one and
        the same value would else make a cluster without any width, which fits better than any
        segment. An estimator is cloned, and takes the number of clusters and the seed where it
        knows them.
    seed : int
        For the random starts.

    Attributes
    ----------
    labels_ : Series of int64, the cluster of each row given to `fit`, with its index; 0 for a
        customer whom the estimator leaves in none

    See Also
    --------
    crmlab.rfm.simulate.simulate_telecom : customers whose clusters are known.
    crmlab.rfm.plot.plot_cluster_profiles : draws `summary()`.

    Examples
    --------
    >>> customers = pd.DataFrame({"minutes": [900.0, 880.0, 20.0, 30.0]})
    >>> CustomerClusters(2, columns=["minutes"]).fit(customers).labels_.to_list()
    [1, 1, 2, 2]
    """

    def __init__(
        self,
        n_clusters: int = 4,
        *,
        columns: Sequence[str],
        method: Literal["kmeans", "mixture"] | ClusterMixin = "kmeans",
        seed: int = 0,
    ) -> None:
        self.n_clusters = n_clusters
        self.columns = columns
        self.method = method
        self.seed = seed

    def fit(self, customers: pd.DataFrame) -> CustomerClusters:
        """Find the clusters in `customers`, one row per customer, and return self.

        Raises
        ------
        MissingColumnsError
            If a column is missing.
        BadRowsError
            If a row lacks a value.
        OutOfRangeError
            If there are fewer different customers than clusters, a column is not numeric, or
            `method` is neither of its two words nor an estimator that finds clusters.
        """
        require_at_least("n_clusters", self.n_clusters, 1)
        values = self._values(customers)
        different = len(np.unique(values, axis=0))
        if different < self.n_clusters:
            raise OutOfRangeError(
                f"{self.n_clusters} clusters need as many different customers; "
                f"there are {different}."
            )
        # Sorted, because the random starts depend on the order of the rows.
        order = np.lexsort(values.T)
        self._scaler = StandardScaler().fit(values[order])
        scaled = np.asarray(self._scaler.transform(values[order]))
        self._found = self._engine().fit(scaled)
        found = self._labels(scaled)
        self._number = _by_first(self._found, scaled, found)
        numbers = np.empty(len(values), dtype=np.int64)
        numbers[order] = self._number[found]
        self.labels_ = pd.Series(numbers, index=customers.index, name="cluster")
        self._profiles = self._profile(values, numbers)
        return self

    def predict(self, customers: pd.DataFrame) -> pd.Series:
        """Return the cluster of each row of `customers`, int64 from 1, with its index.

        Raises
        ------
        NotAllowedError
            If the estimator has no rule for customers whom it has not seen.
        """
        self._require_fitted()
        if not hasattr(self._found, "predict"):
            raise NotAllowedError(
                f"{type(self._found).__name__} has no rule for customers whom it has not seen; "
                "look at labels_, or take a method that has one, such as 'kmeans'."
            )
        scaled = self._scaler.transform(self._values(customers))
        numbers = self._number[self._found.predict(scaled)]
        return pd.Series(numbers, index=customers.index, name="cluster")

    def summary(self) -> pd.DataFrame:
        """Return the profile of each cluster, one row per cluster and variable.

        Returns
        -------
        DataFrame
            cluster : int64
            customers : int64
            variable : str
            mean, standard_error : float64, in the variable's unit; no error for one customer
            z : float64, mean in standard deviations above the mean of all customers
        """
        self._require_fitted()
        return self._profiles.copy()

    def _labels(self, scaled: np.ndarray) -> np.ndarray:
        """Return the estimator's own cluster of each row, 0 or more; -1 for none."""
        if hasattr(self._found, "labels_"):
            return np.asarray(self._found.labels_)
        return np.asarray(self._found.predict(scaled))

    def _engine(self) -> Any:
        if self.method == "kmeans":
            starts: Any = 10  # the stubs know only "auto"
            return KMeans(self.n_clusters, n_init=starts, random_state=self.seed)
        if self.method != "mixture":
            return self._cloned()
        return GaussianMixture(
            self.n_clusters,
            covariance_type="diag",
            n_init=10,
            reg_covar=_LEAST_VARIANCE,
            random_state=self.seed,
        )

    def _cloned(self) -> Any:
        """Return the reader's own estimator, with our number of clusters and seed."""
        if isinstance(self.method, (str, type)) or not hasattr(self.method, "fit_predict"):
            raise OutOfRangeError(
                "method must be 'kmeans', 'mixture', or an estimator that finds clusters, such as "
                f"sklearn.cluster.AgglomerativeClustering(); got {self.method!r:.60}."
            )
        engine: Any = clone(self.method)
        own = engine.get_params(deep=False)
        ours = dict.fromkeys(("n_clusters", "n_components"), self.n_clusters)
        ours |= {"random_state": self.seed}
        # Where the number is None, another setting of the estimator finds it.
        taken = [name for name in ours if name in own and (name == "random_state" or own[name])]
        return engine.set_params(**{name: ours[name] for name in taken})

    def _values(self, customers: pd.DataFrame) -> np.ndarray:
        require_columns(customers, *self.columns)
        require_values(customers, *self.columns)
        words = [c for c in self.columns if not pd.api.types.is_numeric_dtype(customers[c])]
        if words:
            raise OutOfRangeError(f"columns must be numbers; {words} are not.")
        return customers[[*self.columns]].to_numpy(dtype="float64")

    def _require_fitted(self) -> None:
        if not hasattr(self, "_found"):
            raise OutOfRangeError("there are no clusters yet; call fit(customers) first.")

    def _profile(self, values: np.ndarray, labels: np.ndarray) -> pd.DataFrame:
        rows = []
        for cluster in range(min(1, labels.min()), self._number.max() + 1):
            members = pd.DataFrame(values[labels == cluster], columns=[*self.columns])
            mean = members.mean().to_numpy()
            z = self._scaler.transform(mean[None, :])[0] if len(members) else mean
            table = {
                "variable": [*self.columns],
                "mean": mean,
                "standard_error": members.sem(),
                "z": z,
            }
            rows.append(pd.DataFrame({"cluster": cluster, "customers": len(members), **table}))
        return pd.concat(rows, ignore_index=True)


def _by_first(found: Any, scaled: np.ndarray, labels: np.ndarray) -> np.ndarray:
    """Return the number of each cluster, 1 for the largest first variable; the last, -1, is 0."""
    centres = getattr(found, "cluster_centers_", getattr(found, "means_", None))
    if centres is None:
        inside = [scaled[labels == label, 0] for label in range(labels.max() + 1)]
        first = np.array([rows.mean() for rows in inside])
    else:
        first = np.asarray(centres)[:, 0]
    number = np.zeros(len(first) + 1, dtype=np.int64)
    number[np.argsort(-first, kind="stable")] = np.arange(1, len(first) + 1)
    return number
