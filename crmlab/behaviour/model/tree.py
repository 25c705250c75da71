"""A decision tree that a manager can read, how stable it is, and where to prune it."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from sklearn.base import BaseEstimator
from sklearn.tree import DecisionTreeClassifier
from sklearn.utils.validation import check_is_fitted

from crmlab._checks import require_at_least
from crmlab._groups import bincount
from crmlab._intervals import wilson
from crmlab.behaviour.model.columns import Design, outcome_of
from crmlab.errors import OutOfRangeError


class ResponseTree(BaseEstimator):
    """A classification tree whose boxes say whom they hold, how many, and at which rate.

    Parameters
    ----------
    max_depth : int, at least 1
    min_customers : int, at least 1
        That every leaf must hold.
    pruning : float of 0 or more
        Cost of a leaf, in Gini; see `pruning_path`.

    Attributes
    ----------
    tree_ : sklearn.tree.DecisionTreeClassifier
    importance_ : Series, how much of the impurity each column took away

    See Also
    --------
    split_stability : which column would come first in other samples.
    pruning_path : how many leaves are worth their place.

    Source
    ------
    Breiman, Friedman, Olshen and Stone (1984), doi:10.1201/9781315139470; scikit-learn's tree.

    Examples
    --------
    >>> from crmlab.behaviour.simulate import simulate_card_holders
    >>> data, truth = simulate_card_holders(20_000, seed=1)
    >>> tree = ResponseTree(max_depth=2).fit(data[["mean_balance", "atm_uses"]], data["is_user"])
    >>> tree.boxes()["condition"].tolist()[:2]
    ['all', 'atm_uses < 20']
    """

    def __init__(
        self, *, max_depth: int = 3, min_customers: int = 100, pruning: float = 0.0
    ) -> None:
        self.max_depth = max_depth
        self.min_customers = min_customers
        self.pruning = pruning

    def fit(self, X: pd.DataFrame, y: Any) -> ResponseTree:
        """Grow the tree on the columns of `X`, numbers or words, and `y`, True or False.

        Raises
        ------
        MissingColumnsError, BadRowsError
            If a value is missing.
        OutOfRangeError
            If `max_depth` or `min_customers` is below 1, `pruning` is below 0, or `y` is constant
            or no column of truth values beside `X`.
        """
        require_at_least("max_depth", self.max_depth, 1)
        require_at_least("min_customers", self.min_customers, 1)
        if not 0 <= self.pruning < np.inf:
            raise OutOfRangeError(f"pruning must be 0 or more; got {self.pruning!r}.")
        self.design_ = Design(X)
        numbers, happened = self.design_.numbers(X), outcome_of(y, X)
        self.tree_ = DecisionTreeClassifier(
            max_depth=self.max_depth,
            min_samples_leaf=self.min_customers,
            ccp_alpha=self.pruning,
            random_state=0,
        ).fit(numbers, happened)
        self.rows_ = numbers, happened
        names = [str(name) for name, _ in self.design_.names]
        share = pd.Series(self.tree_.feature_importances_, names)
        self.importance_ = share.groupby(level=0, sort=False).sum().sort_values(ascending=False)
        return self

    def predict(self, X: pd.DataFrame) -> np.ndarray:
        """Return the chance of each row: the rate of its leaf."""
        check_is_fitted(self, "tree_")
        return np.asarray(self.tree_.predict_proba(self.design_.numbers(X)))[:, 1]

    def boxes(self, X: pd.DataFrame | None = None, y: Any = None) -> pd.DataFrame:
        """Return every box with its number of customers, its rate and its interval.

        The rates of the boxes were chosen to be far apart on the data that grew the tree, so its
        own intervals are too good. On new data, `X` and `y`, they are honest.

        Returns
        -------
        DataFrame, one row per box, each parent before its children
            box, parent, depth : int64; the first box is 0 and its parent -1
            column : str, what the parent was split by; "" for the first box
            condition : str, what leads here from the parent
            is_leaf : bool
            customers : int64
            share_of_parent, share_of_all : float64
            rate, low, high : float64, share of the box, with Wilson's 95 % interval
            new_customers, new_rate, new_low, new_high : with `X` and `y`; a box that no new row
                reaches has no rate

        Raises
        ------
        MissingColumnsError, BadRowsError, OutOfRangeError
            As `fit`.
        """
        check_is_fitted(self, "tree_")
        tree: Any = self.tree_.tree_
        parent, condition = np.full(tree.node_count, -1), ["all"] * tree.node_count
        column = [""] * tree.node_count
        depth = np.zeros(tree.node_count, dtype=np.int64)
        for box in range(tree.node_count):
            for child, sign in ((tree.children_left[box], "<"), (tree.children_right[box], ">")):
                if child >= 0:
                    parent[child], depth[child] = box, depth[box] + 1
                    condition[child] = self._condition(tree, box, sign)
                    column[child] = str(self.design_.names[tree.feature[box]][0])
        count, low, high, rate = self._counted(*self.rows_)
        above = np.where(parent < 0, count[0], count[parent])
        table = {
            "box": np.arange(tree.node_count),
            "parent": parent.astype(np.int64),
            "depth": depth,
            "column": pd.Series(column, dtype="str"),
            "condition": pd.Series(condition, dtype="str"),
            "is_leaf": tree.children_left < 0,
            "customers": count,
            "share_of_parent": count / above,
            "share_of_all": count / count[0],
            "rate": rate,
            "low": low,
            "high": high,
        }
        if X is not None:
            new = self._counted(self.design_.numbers(X), outcome_of(y, X))
            names = ("new_customers", "new_low", "new_high", "new_rate")
            found = dict(zip(names, new, strict=True))
            table |= {name: found[name] for name in (names[0], names[3], names[1], names[2])}
        return pd.DataFrame(table)

    def _counted(self, numbers: np.ndarray, happened: np.ndarray) -> tuple[np.ndarray, ...]:
        """Return customers, interval and rate of every box."""
        path = self.tree_.decision_path(numbers)
        count = np.asarray(path.sum(axis=0)).ravel().astype(np.int64)
        users = path.T @ happened
        some = np.maximum(count, 1)
        low, high = wilson(users, some)
        empty = count == 0
        return (
            count,
            np.where(empty, np.nan, low),
            np.where(empty, np.nan, high),
            np.where(empty, np.nan, users / some),
        )

    def _condition(self, tree: Any, box: int, sign: str) -> str:
        """Return the words on the way down; no value is left out and none goes both ways."""
        name, word = self.design_.names[tree.feature[box]]
        if word is not None:
            return f"{name} is {'not ' if sign == '<' else ''}{word}"
        edge = tree.threshold[box]
        if name in self.design_.whole:
            return f"{name} {'<' if sign == '<' else '>='} {np.floor(edge) + 1:,.0f}"
        column = self.rows_[0][:, tree.feature[box]]
        left = column.astype("float32") <= edge  # as the tree itself reads it
        here = _plainly(edge, column[left].max(), column[~left].min())
        return f"{name} {'<=' if sign == '<' else '>'} {here}"


def _plainly(edge: float, below: float, above: float) -> str:
    """Return a threshold to as many places as it needs between two values, thousands apart."""
    first = f"{edge:,.0f}" if abs(edge) >= 1_000 else f"{edge:.4g}"
    for told in (first, *(f"{edge:,.{places}f}" for places in range(1, 17))):
        if below <= float(told.replace(",", "")) < above:
            return told
    return repr(float(edge))


def split_stability(
    X: pd.DataFrame, y: Any, *, draws: int = 100, min_customers: int = 100, seed: int
) -> pd.DataFrame:
    """Return which column a tree would split first, in samples drawn anew from the same data.

    Parameters
    ----------
    X : DataFrame, the columns a tree may split
    y : column of True and False, beside `X`
    draws : int, at least 1
        Bootstrap samples, as many rows as `X` has.
    min_customers : int
        That each side of a split must hold.
    seed : int

    Returns
    -------
    DataFrame, one row per column of `X`, the most frequent first
        column : str
        times : int64; share : float64, of the draws
        low, median, high : float64, of the cut in those draws: its 5 %, 50 % and 95 % point;
            missing for words and where the column never came first

    Raises
    ------
    MissingColumnsError, BadRowsError, OutOfRangeError
        As `ResponseTree.fit`; also if `draws` is below 1.

    Examples
    --------
    >>> from crmlab.behaviour.simulate import simulate_card_holders
    >>> data, truth = simulate_card_holders(5_000, seed=1)
    >>> asked = data[["mean_balance", "atm_uses", "age"]]
    >>> split_stability(asked, data["is_user"], draws=20, seed=1)["column"].iloc[0]
    'atm_uses'
    """
    require_at_least("seed", seed, 0)
    require_at_least("draws", draws, 1)
    require_at_least("min_customers", min_customers, 1)
    design = Design(X)
    numbers, happened = design.numbers(X), outcome_of(y, X)
    rng = np.random.default_rng(seed)
    names = design.names
    stump = DecisionTreeClassifier(max_depth=1, min_samples_leaf=min_customers, random_state=0)
    first, cuts = np.full(draws, -1), np.full(draws, np.nan)
    for draw in range(draws):
        # A row drawn twice weighs two, which is quicker than copying it.
        times = bincount(rng.integers(0, len(X), len(X)), minlength=len(X))
        drawn = times > 0
        tree: Any = stump.fit(numbers[drawn], happened[drawn], times[drawn]).tree_
        if tree.node_count > 1:
            first[draw], cuts[draw] = tree.feature[0], tree.threshold[0]
    rows = []
    for column in design.columns:
        places = [place for place, (name, _) in enumerate(names) if name == column]
        here = np.isin(first, places)
        cut = cuts[here] if here.any() and column not in design.words else np.array([np.nan])
        rows.append((str(column), here.sum(), here.mean(), *np.quantile(cut, [0.05, 0.5, 0.95])))
    columns = ["column", "times", "share", "low", "median", "high"]
    table = pd.DataFrame(rows, columns=columns).astype({"column": "str", "times": "int64"})
    return table.sort_values("times", ascending=False, kind="stable", ignore_index=True)


def pruning_path(
    X: pd.DataFrame, y: Any, X_new: pd.DataFrame, y_new: Any, *, min_customers: int = 20
) -> pd.DataFrame:
    """Loss of a tree by its number of leaves, on the data that grew it and on new data.

    Parameters
    ----------
    X, y : the data that grow the tree, as `ResponseTree.fit` reads them
    X_new, y_new : data that it has not seen
    min_customers : int

    Returns
    -------
    DataFrame, one row per tree on the way from full-grown to a single box, the smallest first
        leaves : int64
        pruning : float64, the cost of a leaf at which it is reached; give it to `ResponseTree`
        train_loss, new_loss : float64, Brier score

    Raises
    ------
    MissingColumnsError, BadRowsError, OutOfRangeError
        As `ResponseTree.fit`.

    Source
    ------
    Cost-complexity pruning: Breiman, Friedman, Olshen and Stone (1984), chapter 3.

    Examples
    --------
    >>> from crmlab.behaviour.simulate import simulate_card_holders
    >>> data, truth = simulate_card_holders(4_000, seed=1)
    >>> X, y = data[["mean_balance", "atm_uses", "age"]], data["is_user"]
    >>> path = pruning_path(X[:2000], y[:2000], X[2000:], y[2000:])
    >>> bool(path["train_loss"].is_monotonic_decreasing)
    True
    """
    require_at_least("min_customers", min_customers, 1)
    design = Design(X)
    numbers, happened = design.numbers(X), outcome_of(y, X)
    new, new_happened = design.numbers(X_new), outcome_of(y_new, X_new)
    grower = DecisionTreeClassifier(min_samples_leaf=min_customers, random_state=0)
    costs = grower.cost_complexity_pruning_path(numbers, happened).ccp_alphas.clip(0)
    rows = {}
    for cost in costs:
        tree = DecisionTreeClassifier(
            min_samples_leaf=min_customers, ccp_alpha=cost, random_state=0
        ).fit(numbers, happened)
        losses = [
            ((np.asarray(tree.predict_proba(each))[:, 1] - true) ** 2).mean()
            for each, true in ((numbers, happened), (new, new_happened))
        ]
        rows[int(tree.get_n_leaves())] = (cost, *losses)
    table = [(leaves, *rows[leaves]) for leaves in sorted(rows)]
    return pd.DataFrame(table, columns=["leaves", "pruning", "train_loss", "new_loss"])
