"""Weight of evidence: columns of a credit file as a few bins, each worth a number."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd
from sklearn.base import BaseEstimator, TransformerMixin
from sklearn.utils import ClassifierTags, Tags, column_or_1d
from sklearn.utils.validation import check_is_fitted, validate_data

from crmlab._checks import require_at_least, require_same_order, require_series
from crmlab.credit.model.columns import Column, cut_column, fit_column, is_number
from crmlab.credit.model.cuts import TRENDS, Trend
from crmlab.errors import BadRowsError, EmptyError, OutOfRangeError, UnknownNameError


def target(y: Any) -> np.ndarray:
    """Return `y` as one column, or raise a CrmlabError if there is none or it has no value."""
    if y is None:
        raise EmptyError("requires y to be passed, but the target y is None")
    values = column_or_1d(y, warn=True)
    unknown = np.flatnonzero(pd.isna(values))
    if unknown.size:
        raise BadRowsError.without("y", unknown.tolist())
    if values.dtype.kind == "f" and np.isinf(values).any():
        raise OutOfRangeError("y must hold two finite values; it holds infinity.")
    return values


def cut_table(values: pd.Series, bad: pd.Series, *, cuts: Sequence[float]) -> pd.DataFrame:
    """Return the bins of a column that is cut where you say, as `OptimalBinner.table` does.

    Parameters
    ----------
    values : Series of numbers
    bad : Series with two values, the higher one is the bad, in the same order
    cuts : rising numbers; each is the upper edge of a bin

    Raises
    ------
    WrongTypeError
        If `values` are no Series.
    OutOfRangeError
        If the cuts do not rise, or `bad` has not two values.
    BadRowsError
        If the two have different lengths or the same index in another order, or `bad` a missing
        value.

    Examples
    --------
    >>> late = pd.Series([0, 0, 0, 0, 3, 3, 3, 3], name="late")
    >>> cut_table(late, pd.Series([0, 0, 0, 1, 0, 1, 1, 1]), cuts=[1])["woe"].round(2).tolist()
    [1.1, -1.1, 0.0]
    """
    require_series("values", values, "months_late")
    edges = np.asarray([*cuts], dtype="float64")
    if not np.isfinite(edges).all() or (np.diff(edges) <= 0).any():
        raise OutOfRangeError(f"cuts must be numbers that rise; got {[*cuts]}.")
    require_same_order(values, bad)
    is_bad = two_kinds(target(bad), len(values))[0]
    return cut_column(values, is_bad, edges).table()


def two_kinds(values: np.ndarray, rows: int) -> tuple[np.ndarray, np.ndarray]:
    """Return 1 for each bad and 0 for each good, and the two values that mean them."""
    if len(values) != rows:
        raise BadRowsError(f"X has {rows} rows and y {len(values)}; they must be alike.")
    kinds = np.unique(values)
    if len(kinds) != 2:
        raise OutOfRangeError(
            "Only binary classification is supported: y must have two values, good and bad; "
            f"it has {len(kinds)} classes: {kinds[:5].tolist()}."
        )
    return (values == kinds[1]).astype("float64"), kinds


class OptimalBinner(TransformerMixin, BaseEstimator):
    """Columns as weights of evidence (WoE) of the bins with the highest information value.

    With goods and bads of a bin as shares of all goods and of all bads,
        WoE = ln(share of goods / share of bads),    IV = sum of (share of goods - of bads) WoE
    so that a higher weight is safer, and 0 says nothing. A number is cut at up to `prebins`
    quantiles, of which the best few are kept (dynamic programming: no other choice has a higher
    IV); categories are joined in the order of their bad rates. A category that holds less than
    `min_share` of the rows, and would hold fewer than 50 goods or 50 bads if it were like all, is
    rare: all rare ones are one category ("37 rare ones"), so that no end is learned by heart from
    a name. The result does not depend on the order of the rows, and no other trend than the
    automatic one has a higher IV.

    Missing values and each special value have bins of their own, when fitting and when scoring.
    An ordinary bin holds goods and bads, `min_share` of all rows or more. A bin of missing or
    special values cannot be joined with another: where it lacks goods or bads, half a row is
    added to each; where it has no rows, its weight is 0. So is that of a category that was not
    there when fitting.

    Parameters
    ----------
    max_bins : int, 1 or more
        Most bins of a column, those of missing and special values apart.
    min_share : float in [0, 0.5]
        Least share of all rows in an ordinary bin.
    trend : str, or a mapping of columns to str
        How the bad rate of a number moves over its bins: "ascending", "descending", "peak" (up,
        then down), "valley", "auto" (the best of these four), or "free".
    special : sequence of values, or a mapping of columns to such
        Values that are no measurements, such as -1 for "no card".
    prebins : int in [2, 100]
        Quantiles to choose from.

    Attributes
    ----------
    columns_ : list of fitted columns, in the order of the file
    iv_ : Series of float64, the information value of each column
    classes_ : the two values of y; the higher one is the bad

    See Also
    --------
    crmlab.credit.Scorecard : points made of these weights.

    Source
    ------
    Siddiqi (2006), Credit Risk Scorecards, Wiley, ISBN 978-0-471-75451-0, for WoE and IV;
    Navas-Palencia (2020), Optimal binning, arXiv:2001.08025, for the optimum under constraints.

    Examples
    --------
    >>> file = pd.DataFrame({"late": [0, 0, 0, 0, 3, 3, 3, 3]})
    >>> binner = OptimalBinner(min_share=0.1).fit(file, [0, 0, 0, 1, 0, 1, 1, 1])
    >>> binner.transform(file)["late"].round(4).unique().tolist()
    [1.0986, -1.0986]
    """

    columns_: list[Column]
    iv_: pd.Series
    classes_: np.ndarray

    def __init__(
        self,
        *,
        max_bins: int = 10,
        min_share: float = 0.05,
        trend: Trend | Mapping[Any, Trend] = "auto",
        special: Sequence[Any] | Mapping[Any, Sequence[Any]] = (),
        prebins: int = 30,
    ) -> None:
        self.max_bins = max_bins
        self.min_share = min_share
        self.trend = trend
        self.special = special
        self.prebins = prebins

    def fit(self, X: Any, y: Any) -> OptimalBinner:
        """Choose the bins of every column of `X`; `y` has two values, the higher one is bad.

        Raises
        ------
        OutOfRangeError
            If `max_bins` is below 1, `min_share` lies outside [0, 0.5], `prebins` outside 2 to 100,
            a number is infinite, or `y` has not two values.
        BadRowsError
            If `y` has missing values, another length than `X`, or its index in another order; or
            if a column holds numbers as text.
        WrongTypeError
            If a special value is text and its column numbers.
        EmptyError
            If there are no rows, no columns or no `y`.
        UnknownNameError
            If `trend` is none of the six words, or a mapping names a column that is not there.
        """
        frame = self._frame(X, reset=True)
        self._require_settings([*frame.columns])
        require_same_order(X, y)
        bad, self.classes_ = two_kinds(target(y), len(frame))
        self.columns_ = [
            fit_column(
                frame.iloc[:, place],
                bad,
                special=self._of(self.special, name, ()),
                prebins=self.prebins,
                max_bins=self.max_bins,
                min_share=self.min_share,
                trend=self._of(self.trend, name, "auto"),
            )
            for place, name in enumerate(frame.columns)
        ]
        worth = [column.iv.sum() for column in self.columns_]
        self.iv_ = pd.Series(worth, index=frame.columns, name="iv", dtype="float64")
        return self

    def transform(self, X: Any) -> pd.DataFrame | np.ndarray:
        """Return the weight of evidence of each cell: a frame for a frame, else an array."""
        check_is_fitted(self, "columns_")
        frame = self._frame(X, reset=False)
        woe = {
            name: column.weights(frame.iloc[:, place])
            for place, (name, column) in enumerate(zip(frame.columns, self.columns_, strict=True))
        }
        table = pd.DataFrame(woe, index=frame.index)
        return table if isinstance(X, pd.DataFrame) else table.to_numpy()

    def table(self) -> pd.DataFrame:
        """Return every bin with what it holds and what it is worth.

        Returns
        -------
        DataFrame, one row per column and bin, in their order
            column, bin : str
            goods, bads : int64
            share : float64, of all rows
            bad_rate : float64; missing for a bin without rows
            woe, iv : float64
        """
        check_is_fitted(self, "columns_")
        return pd.concat([one.table() for one in self.columns_], ignore_index=True)

    def get_feature_names_out(self, input_features: Any = None) -> np.ndarray:
        """Return the names of the columns, which keep theirs."""
        check_is_fitted(self, "columns_")
        names = getattr(self, "feature_names_in_", None)
        if input_features is not None:
            if names is not None and [*input_features] != [*names]:
                raise OutOfRangeError(f"the columns are {[*names]}; got {[*input_features]}.")
            return np.asarray(input_features, dtype=object)
        if names is not None:
            return names
        return np.array([f"x{place}" for place in range(len(self.columns_))], dtype=object)

    def _frame(self, X: Any, *, reset: bool) -> pd.DataFrame:
        """Return `X` as a frame whose columns are those of the fit."""
        if isinstance(X, pd.DataFrame):
            table: Any = X  # the stubs want a text
            validate_data(self, table, reset=reset, skip_check_array=True)
            frame = X
        else:
            options = {"dtype": None, "ensure_all_finite": "allow-nan", "reset": reset}
            array = validate_data(self, X, **options)
            frame = pd.DataFrame(array).infer_objects()
            frame.columns = [f"x{place}" for place in range(frame.shape[1])]
        if not frame.size:
            raise EmptyError("there are no rows or no columns; both are needed.")
        for place, name in enumerate(frame.columns):
            column = frame.iloc[:, place]
            if is_number(column) and np.isinf(column.to_numpy("float64", na_value=np.nan)).any():
                raise OutOfRangeError(f"{name} holds an infinite number; set it to missing first.")
        return frame

    def _of(self, setting: Any, name: Any, usual: Any) -> Any:
        return setting.get(name, usual) if isinstance(setting, Mapping) else setting

    def _require_settings(self, names: list) -> None:
        require_at_least("max_bins", self.max_bins, 1)
        require_at_least("prebins", self.prebins, 2)
        if self.prebins > 100:
            raise OutOfRangeError(f"prebins must be 100 or fewer; got {self.prebins}.")
        if not 0 <= self.min_share <= 0.5:
            raise OutOfRangeError(f"min_share must lie in [0, 0.5]; got {self.min_share!r}.")
        for setting in (self.trend, self.special):
            for name in setting if isinstance(setting, Mapping) else ():
                if name not in names:
                    raise UnknownNameError.among("column", name, names)
        for name in names:
            trend = self._of(self.trend, name, "auto")
            if trend not in TRENDS:
                raise UnknownNameError.among("trend", trend, TRENDS)

    def __sklearn_tags__(self) -> Tags:
        tags = super().__sklearn_tags__()
        tags.input_tags.allow_nan = True
        tags.input_tags.categorical = True
        tags.input_tags.string = True
        tags.target_tags.required = True
        tags.classifier_tags = ClassifierTags(multi_class=False)  # two values of y, good and bad
        return tags
