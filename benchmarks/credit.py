"""Bins of 100,000 borrowers x 20 columns, and German credit, beside optbinning and toad.

Processor seconds, medians; all contenders take turns in one run. The area under the curve is that
of a logistic regression on their weights of evidence, on borrowers they have not seen: speed that
loses information would be no speed. All as by default, where optbinning makes as many bins as it
likes and crmlab up to 10 of 30 quantiles; toad's tree up to 10 too. What must hold: 4 times as fast
as optbinning, twice as fast as toad's tree, areas within 0.003; on German credit a mean paired
difference to optbinning of -0.005 or more over 10 x 5 folds.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable
from statistics import median
from time import process_time

import numpy as np
import pandas as pd
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score
from sklearn.model_selection import RepeatedStratifiedKFold

from crmlab.credit import OptimalBinner, Scorecard
from crmlab.data import load

ROWS, COLUMNS, RUNS = 100_000, 20, 3
# A contender: fit on a frame and its ends, and return what turns a frame into weights.
Fit = Callable[[pd.DataFrame, np.ndarray], Callable[[pd.DataFrame], np.ndarray]]


def borrowers() -> tuple[pd.DataFrame, np.ndarray]:
    """Return columns that matter a little each, the first one on both sides; 3 % are missing."""
    rng = np.random.default_rng(12)
    x = rng.normal(size=(2 * ROWS, COLUMNS))
    risk = x @ rng.normal(0, 0.3, COLUMNS) + 0.3 * x[:, 0] ** 2 - 2.2
    bad = (rng.random(2 * ROWS) < 1 / (1 + np.exp(-risk))).astype("int64")
    x[rng.random(x.shape) < 0.03] = np.nan
    return pd.DataFrame(x).add_prefix("x"), bad


def crmlab(x: pd.DataFrame, bad: np.ndarray) -> Callable[[pd.DataFrame], np.ndarray]:
    binner = OptimalBinner().fit(x, bad)
    return lambda new: np.asarray(binner.transform(new))


def optbinning(x: pd.DataFrame, bad: np.ndarray) -> Callable[[pd.DataFrame], np.ndarray]:
    from optbinning import BinningProcess

    words = [name for name in x if not pd.api.types.is_numeric_dtype(x[name])]
    process = BinningProcess([*x.columns], categorical_variables=words).fit(x, bad)
    return lambda new: np.asarray(process.transform(new, metric_missing="empirical"))


def toad(x: pd.DataFrame, bad: np.ndarray) -> Callable[[pd.DataFrame], np.ndarray]:
    from toad.transform import Combiner, WOETransformer

    bins = Combiner()
    bins.fit(x, y=bad, method="dt", min_samples=0.05, n_bins=10)
    weights = WOETransformer()
    weights.fit(bins.transform(x), bad)
    return lambda new: np.asarray(weights.transform(bins.transform(new)))


def area(weigh: Callable, seen: tuple, new: tuple) -> float:
    model = LogisticRegression(max_iter=1_000).fit(weigh(seen[0]), seen[1])
    return float(roc_auc_score(new[1], model.predict_proba(weigh(new[0]))[:, 1]))


def binning() -> pd.DataFrame:
    """Print and return seconds and area of each contender."""
    x, bad = borrowers()
    seen, new = (x.iloc[:ROWS], bad[:ROWS]), (x.iloc[ROWS:], bad[ROWS:])
    contenders: dict[str, Fit] = {
        "crmlab": crmlab,
        "optbinning": optbinning,
        "toad, tree": toad,
    }
    took: dict[str, list[float]] = {name: [] for name in contenders}
    fitted = {}
    for _ in range(RUNS):
        for name, fit in contenders.items():
            began = process_time()
            fitted[name] = fit(*seen)
            took[name].append(process_time() - began)
    table = pd.DataFrame({"cpu_s": {name: median(times) for name, times in took.items()}})
    table["times_crmlab"] = table["cpu_s"] / table.loc["crmlab", "cpu_s"]
    table["auc"] = {name: area(weigh, seen, new) for name, weigh in fitted.items()}
    print(table.round(4).to_string())
    return table


def german() -> pd.Series:
    """Print and return the paired differences in area to optbinning, fold by fold."""
    loans = load("german_credit")
    x, bad = loans.drop(columns=["loan_id", "defaults"]), loans["defaults"].to_numpy()
    gaps = []
    for seen, new in RepeatedStratifiedKFold(n_splits=5, n_repeats=10, random_state=0).split(
        x, bad
    ):
        train, test = (x.iloc[seen], bad[seen]), (x.iloc[new], bad[new])
        ours = Scorecard().fit(*train).predict_proba(test[0])[:, 1]
        peer = area(optbinning(*train), train, test)
        gaps.append((roc_auc_score(test[1], ours), peer))
    table = pd.DataFrame(gaps, columns=["crmlab", "optbinning"])
    gap = table["crmlab"] - table["optbinning"]
    print(f"German credit, 10 x 5 folds: crmlab {table['crmlab'].mean():.4f}, optbinning")
    print(f"{table['optbinning'].mean():.4f}; mean paired difference {gap.mean():+.4f}")
    return gap


def main() -> None:
    # The peers warn of libraries that are newer than they know.
    warnings.filterwarnings("ignore")
    binning()
    german()


if __name__ == "__main__":
    main()
