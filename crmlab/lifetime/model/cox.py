"""Cox's model: how much faster some leave than others, whatever the hazard of all."""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from statistics import NormalDist

import numpy as np
import pandas as pd

from crmlab._checks import (
    require_columns,
    require_list,
    require_numbers,
    require_truths,
    require_values,
)
from crmlab.errors import CrmlabError, EmptyError, MissingToolError, OutOfRangeError
from crmlab.lifetime.measure.durations import require_order

_Z = NormalDist().inv_cdf(0.975)
# A standard error of the whole range above this, or a loss per customer who leaves below that, is
# where the search stopped on its way to infinity.
_OPEN, _FORESEEN = 100.0, 1e-2


class CoxModel:
    """Proportional hazards: h(t) = h0(t) exp(b1 x1 + b2 x2 + …), h0 left open.

    The estimates are those of statsmodels (ties by Efron), with one thread for its linear algebra.

    Parameters
    ----------
    columns : sequence of str
        Numbers or truths that may speed leaving up or slow it down. Time-varying ones come as
        several rows per customer; see `episodes`.
    duration, ended, entry : str
        Columns, as for `kaplan_meier`.

    Source
    ------
    Cox (1972), doi:10.1111/j.2517-6161.1972.tb00899.x; ties: Efron (1977),
    doi:10.1080/01621459.1977.10480613.

    Examples
    --------
    >>> durations = pd.DataFrame(
    ...     {"duration": [1, 2, 3, 4, 5, 6], "ended": True, "old": [1, 0, 1, 0, 1, 0]})
    >>> CoxModel(["old"]).fit(durations).summary()[["column", "hazard_ratio"]].round(2)
      column  hazard_ratio
    0    old          1.88
    """

    def __init__(
        self,
        columns: Sequence[str],
        *,
        duration: str = "duration",
        ended: str = "ended",
        entry: str | None = None,
    ) -> None:
        require_list("columns", columns, '["gold"]')
        self.columns = [*columns]
        self.duration, self.ended, self.entry = duration, ended, entry

    def fit(self, durations: pd.DataFrame) -> CoxModel:
        """Find the coefficients of highest partial likelihood, and return self.

        Raises
        ------
        MissingColumnsError, BadRowsError, OutOfRangeError
            If a column or value is missing or no number, a row ends before it
            enters, a column never varies or is made up of others, or nobody ends; also if the
            columns foresee without error who leaves first, so that no estimate is finite.
        EmptyError
            If there are no rows.
        MissingToolError
            If statsmodels is not installed.
        """
        names = {"duration": self.duration, "ended": self.ended}
        names |= {"entry": self.entry} if self.entry else {}
        require_columns(durations, *self.columns, **names)
        require_values(durations, *self.columns, *names.values())
        if not len(durations):
            raise EmptyError("there are no durations; one row per customer is needed.")
        truths = [c for c in self.columns if durations[c].dtype == bool]
        require_numbers(durations, *(c for c in self.columns if c not in truths))
        require_truths(durations, self.ended)
        clock = [self.duration, *([self.entry] if self.entry else [])]
        require_numbers(durations, *clock)
        left, *came = (durations[c].to_numpy("float64") for c in clock)
        require_order(left, came[0] if came else None, self.duration, self.entry)
        x = durations[self.columns].to_numpy("float64")
        constant = [
            c for c, spread in zip(self.columns, np.ptp(x, axis=0), strict=True) if not spread
        ]
        if constant or not durations[self.ended].any():
            what = f"{constant} never vary" if constant else "nobody ends"
            raise OutOfRangeError(f"{what} in these rows, so there is nothing to compare.")
        if np.linalg.matrix_rank((x - x.mean(axis=0)) / x.std(axis=0)) < x.shape[1]:
            raise OutOfRangeError(
                f"of {self.columns} one is made up of the others, so that no effect is its own. "
                "Leave it out."
            )
        self._estimate(x, durations)
        return self

    def _estimate(self, x: np.ndarray, durations: pd.DataFrame) -> None:
        try:
            from statsmodels.duration.hazard_regression import PHReg
            from threadpoolctl import threadpool_limits
        except ImportError as error:
            raise MissingToolError(
                "Cox's model needs statsmodels. Type: pip install statsmodels"
            ) from error
        entry = durations[self.entry].to_numpy("float64") if self.entry else None
        time, status = (durations[c].to_numpy("float64") for c in (self.duration, self.ended))
        # What the search says on its way to infinity is said once and in words, below.
        with threadpool_limits(1), np.errstate(all="ignore"), warnings.catch_warnings(record=True):
            warnings.simplefilter("always")
            found = PHReg(time, x, status=status, entry=entry, ties="efron").fit()
            log, error = np.asarray(found.params), np.asarray(found.bse)
            foreseen = not -float(found.llf) / status.sum() > _FORESEEN  # pyright: ignore[reportArgumentType]
        open_ended = ~((error > 0) & (error * np.ptp(x, axis=0) < _OPEN))
        if foreseen or open_ended.any():
            named = [c for c, is_open in zip(self.columns, open_ended, strict=True) if is_open]
            raise OutOfRangeError(
                f"no estimate is finite: {named or self.columns} tells who leaves and who stays "
                "longer, without one exception. Look at a table of it, such as "
                f"frame.groupby({(named or self.columns)[0]!r})[{self.ended!r}].mean(), and leave "
                "it out, or put its values into fewer groups."
            )
        self._log, self._error = log, error

    def summary(self) -> pd.DataFrame:
        """Return the hazard ratios.

        Returns
        -------
        DataFrame, one row per column
            column : str
            hazard_ratio : float64, rate of leaving beside that of one whose value is 1 lower
            low, high : float64, 95% interval
            coefficient, standard_error : float64, of its logarithm
        """
        if not hasattr(self, "_log"):
            raise CrmlabError("CoxModel is not fitted yet; call fit(…) first.")
        return pd.DataFrame(
            {
                "column": self.columns,
                "hazard_ratio": np.exp(self._log),
                "low": np.exp(self._log - _Z * self._error),
                "high": np.exp(self._log + _Z * self._error),
                "coefficient": self._log,
                "standard_error": self._error,
            }
        )
