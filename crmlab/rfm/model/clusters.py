"""Groups of customers that resemble each other, found rather than defined."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Literal

import numpy as np
import pandas as pd
from sklearn.cluster import KMeans
from sklearn.mixture import GaussianMixture
from sklearn.preprocessing import StandardScaler

from crmlab._checks import require_at_least, require_columns, require_values
from crmlab.errors import OutOfRangeError

_LEAST_VARIANCE = 0.05  # of a standardised variable


class CustomerClusters:
    """Clusters of customers in standardised variables, by k-means or a Gaussian mixture.

    Each variable is set to mean 0 and standard deviation 1, so that its unit does not decide.
    Clusters are numbered by their mean in the first variable, the largest is 1; row order
    does not matter.

    Parameters
    ----------
    n_clusters : int, 1 or more
    columns : sequence of str
        Numeric variables to use; the first one orders the clusters.
    method : {"kmeans", "mixture"}
        Round clusters of like size, or clusters with a spread of their own in each variable,
        of about a fifth of the whole standard deviation at least: many customers with one and
        the same value would else make a cluster without any width, which fits better than any
        segment.
    seed : int
        For the random starts.

    Attributes
    ----------
    labels_ : Series of int64, the cluster of each row given to `fit`, with its index

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
        method: Literal["kmeans", "mixture"] = "kmeans",
        seed: int = 0,
    ) -> None:
        self.n_clusters = n_clusters
        self.columns = [*columns]
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
            `method` is neither of its two words.
        """
        require_at_least("n_clusters", self.n_clusters, 1)
        if self.method not in ("kmeans", "mixture"):
            raise OutOfRangeError(f"method must be 'kmeans' or 'mixture'; got {self.method!r}.")
        values = self._values(customers)
        different = len(np.unique(values, axis=0))
        if different < self.n_clusters:
            raise OutOfRangeError(
                f"{self.n_clusters} clusters need as many different customers; "
                f"there are {different}."
            )
        # Sorted, because the random starts depend on the order of the rows.
        ordered = values[np.lexsort(values.T)]
        self._scaler = StandardScaler().fit(ordered)
        self._found = self._engine().fit(self._scaler.transform(ordered))
        centres = "cluster_centers_" if self.method == "kmeans" else "means_"
        first = getattr(self._found, centres)[:, 0]
        self._number = np.empty(self.n_clusters, dtype=np.int64)
        self._number[np.argsort(-first, kind="stable")] = np.arange(1, self.n_clusters + 1)
        self.labels_ = self.predict(customers)
        self._profiles = self._profile(values, self.labels_.to_numpy())
        return self

    def predict(self, customers: pd.DataFrame) -> pd.Series:
        """Return the cluster of each row of `customers`, int64 from 1, with its index."""
        self._require_fitted()
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

    def _engine(self) -> KMeans | GaussianMixture:
        if self.method == "kmeans":
            starts: Any = 10  # the stubs know only "auto"
            return KMeans(self.n_clusters, n_init=starts, random_state=self.seed)
        return GaussianMixture(
            self.n_clusters,
            covariance_type="diag",
            n_init=10,
            reg_covar=_LEAST_VARIANCE,
            random_state=self.seed,
        )

    def _values(self, customers: pd.DataFrame) -> np.ndarray:
        require_columns(customers, *self.columns)
        require_values(customers, *self.columns)
        words = [c for c in self.columns if not pd.api.types.is_numeric_dtype(customers[c])]
        if words:
            raise OutOfRangeError(f"columns must be numbers; {words} are not.")
        return customers[self.columns].to_numpy(dtype="float64")

    def _require_fitted(self) -> None:
        if not hasattr(self, "_found"):
            raise OutOfRangeError("there are no clusters yet; call fit(customers) first.")

    def _profile(self, values: np.ndarray, labels: np.ndarray) -> pd.DataFrame:
        rows = []
        for cluster in range(1, self.n_clusters + 1):
            members = pd.DataFrame(values[labels == cluster], columns=self.columns)
            mean = members.mean().to_numpy()
            z = self._scaler.transform(mean[None, :])[0] if len(members) else mean
            table = {
                "variable": self.columns,
                "mean": mean,
                "standard_error": members.sem(),
                "z": z,
            }
            rows.append(pd.DataFrame({"cluster": cluster, "customers": len(members), **table}))
        return pd.concat(rows, ignore_index=True)
