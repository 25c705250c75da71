"""OptimalBinner: weights of evidence of the most informative bins."""

from itertools import combinations, pairwise

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.compose import make_column_selector, make_column_transformer
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GridSearchCV
from sklearn.pipeline import make_pipeline
from sklearn.utils.estimator_checks import check_estimator

from crmlab.credit import OptimalBinner
from crmlab.credit.model.cuts import TRENDS, best_bins
from crmlab.data import load
from crmlab.errors import BadRowsError, EmptyError, OutOfRangeError, UnknownNameError

# Eight loans: nobody late defaulted once in four, the late ones three times in four.
LATE = pd.DataFrame({"late": [0, 0, 0, 0, 3, 3, 3, 3]})
BAD = [0, 0, 0, 1, 0, 1, 1, 1]


def german():
    loans = load("german_credit")
    return loans.drop(columns=["loan_id", "defaults"]), loans["defaults"]


# by hand


def test_the_weight_is_the_log_of_the_share_of_goods_over_the_share_of_bads():
    binner = OptimalBinner(min_share=0.1).fit(LATE, BAD)
    table = binner.table()
    assert table["bin"].tolist() == ["up to 0", "above 0", "missing"]
    assert table["goods"].tolist() == [3, 1, 0]
    assert table["bads"].tolist() == [1, 3, 0]
    np.testing.assert_allclose(table["woe"], [np.log(3), -np.log(3), 0])
    # (3/4 - 1/4) ln 3, twice
    assert binner.iv_["late"] == pytest.approx(np.log(3))


def test_missing_and_special_values_have_bins_of_their_own_when_fitting_and_when_scoring():
    late = [0, 0, 0, 0, 3, 3, 3, 3, -1, -1, np.nan, np.nan]
    bad = [0, 0, 0, 1, 0, 1, 1, 1, 1, 0, 0, 0]
    binner = OptimalBinner(min_share=0.1, special=[-1]).fit(pd.DataFrame({"late": late}), bad)
    table = binner.table().set_index("bin")
    assert [*table.index] == ["up to 0", "above 0", "= -1", "missing"]
    # Seven goods and five bads. The missing have no bad: half a row is added to both.
    assert table.loc["= -1", "woe"] == pytest.approx(np.log((1 / 7) / (1 / 5)))
    assert table.loc["missing", "woe"] == pytest.approx(np.log((2.5 / 7) / (0.5 / 5)))
    new = binner.transform(pd.DataFrame({"late": [-1.0, np.nan, 100.0, -50.0]}))["late"]
    wanted = table.loc[["= -1", "missing", "above 0", "up to 0"], "woe"]
    np.testing.assert_allclose(new, wanted)


def test_a_bin_that_was_empty_when_fitting_and_a_category_never_seen_say_nothing():
    job = pd.DataFrame({"job": ["cook"] * 4 + ["clerk"] * 4})
    binner = OptimalBinner(min_share=0.1).fit(job, BAD)
    new = pd.DataFrame({"job": ["cook", "pilot", None]})
    np.testing.assert_allclose(binner.transform(new)["job"], [np.log(3), 0, 0])


def test_categories_are_joined_in_the_order_of_their_bad_rates():
    job = pd.DataFrame({"job": ["a"] * 10 + ["b"] * 10 + ["c"] * 10})
    bad = [1] * 5 + [0] * 5 + [1] + [0] * 9 + [1] * 5 + [0] * 5
    table = OptimalBinner().fit(job, bad).table()
    assert table["bin"].tolist() == ["b", "a, c", "missing"]


def test_german_credit_has_the_counts_of_its_documentation():
    X, y = german()
    assert (X.shape, int(y.sum())) == ((1_000, 20), 300)
    assert sum(map(pd.api.types.is_numeric_dtype, X.dtypes)) == 7
    checking = OptimalBinner().fit(X, y).table().query("column == 'checking'")
    assert checking["goods"].tolist() == [348, 49, 164, 139, 0]
    assert checking["bads"].tolist() == [46, 14, 105, 135, 0]
    # The textbook's information value of the checking account.
    assert checking["iv"].sum() == pytest.approx(0.666, abs=5e-4)


# against the formula


def worth(goods, bads, ends, least, trend):
    """Return the information value of bins that end there, or minus infinity if they may not be."""
    cut = list(pairwise([0, *ends]))
    good = np.array([goods[i:j].sum() for i, j in cut])
    bad = np.array([bads[i:j].sum() for i, j in cut])
    step = np.sign(np.diff(bad / (good + bad))) if (good + bad).all() else np.array([0])
    turns = step[step != 0]
    fits = {
        "free": True,
        "ascending": (turns > 0).all(),
        "descending": (turns < 0).all(),
        "peak": (np.diff(turns) <= 0).all(),
        "valley": (np.diff(turns) >= 0).all(),
    }
    fits["auto"] = fits["peak"] or fits["valley"]
    if not good.all() or not bad.all() or (good + bad).min() < least or not fits[trend]:
        return -np.inf
    share_good, share_bad = good / goods.sum(), bad / bads.sum()
    return ((share_good - share_bad) * np.log(share_good / share_bad)).sum()


counts = st.lists(st.tuples(st.integers(0, 9), st.integers(0, 9)), min_size=1, max_size=7)


@given(counts, st.integers(1, 5), st.integers(1, 12), st.sampled_from(TRENDS))
def test_no_other_bins_have_a_higher_information_value(rows, max_bins, least, trend):
    goods, bads = np.array(rows, dtype=float).T
    n = len(rows)
    ways = [(*inner, n) for k in range(max_bins) for inner in combinations(range(1, n), k)]
    best = max(worth(goods, bads, way, least, trend) for way in ways)
    found = best_bins(goods, bads, max_bins=max_bins, least=least, trend=trend)
    if best == -np.inf:
        assert found == [n]
    else:
        assert worth(goods, bads, found, least, trend) == pytest.approx(best, abs=1e-8)


@given(counts, st.integers(1, 6))
def test_the_automatic_trend_is_never_worse_than_a_forced_one(rows, max_bins):
    goods, bads = np.array(rows, dtype=float).T
    value = {}
    for trend in TRENDS:
        ends = best_bins(goods, bads, max_bins=max_bins, least=1, trend=trend)
        value[trend] = worth(goods, bads, ends, 1, "free")
    assert value["free"] >= value["auto"] - 1e-8
    assert value["auto"] >= max(value[trend] for trend in TRENDS[1:5]) - 1e-8


# for any data


@settings(max_examples=10)
@given(st.randoms(use_true_random=False))
def test_the_order_of_the_rows_never_matters(random):
    X, y = german()
    X, y = X.iloc[:200, :5], y.iloc[:200]
    order = random.sample(range(200), 200)
    first = OptimalBinner().fit(X, y).table()
    pd.testing.assert_frame_equal(first, OptimalBinner().fit(X.iloc[order], y.iloc[order]).table())


def test_ordinary_bins_hold_their_least_share_and_both_kinds_of_loans():
    X, y = german()
    table = OptimalBinner(min_share=0.1, max_bins=4).fit(X, y).table()
    plain = table[table["bin"] != "missing"]
    several = plain[plain.groupby("column")["bin"].transform("size") > 1]
    assert several["share"].min() >= 0.1
    assert several[["goods", "bads"]].min().min() >= 1
    assert plain.groupby("column").size().max() <= 4


def test_numbers_of_every_kind_are_binned_alike():
    late = LATE["late"]
    wanted = OptimalBinner(min_share=0.1).fit(LATE, BAD).transform(LATE)["late"]
    for kind in ("Int64", "int8", "float32", "double[pyarrow]"):
        frame = late.astype(kind).to_frame()
        got = OptimalBinner(min_share=0.1).fit(frame, BAD).transform(frame)["late"]
        np.testing.assert_allclose(got, wanted)
    for words in (late.map(str).astype("category"), late.map(str).astype("string"), late > 0):
        got = OptimalBinner(min_share=0.1).fit(words.to_frame(), BAD).transform(words.to_frame())
        np.testing.assert_allclose(got["late"], wanted)


def test_a_constant_column_and_one_without_any_value_are_one_bin_worth_nothing():
    frame = pd.DataFrame({"same": [5.0] * 8, "none": [np.nan] * 8, "alike": ["x"] * 8})
    binner = OptimalBinner().fit(frame, BAD)
    np.testing.assert_allclose(binner.iv_, 0)
    np.testing.assert_allclose(binner.transform(frame), 0)


def test_sixty_categories_are_grouped_and_each_is_known_again():
    rng = np.random.default_rng(12)
    town = rng.integers(0, 60, 20_000)
    y = rng.random(20_000) < np.where(town < 30, 0.1, 0.4)
    frame = pd.DataFrame({"town": town}).astype("str")
    binner = OptimalBinner().fit(frame, y)
    assert len(binner.table()) <= 11
    weight = binner.transform(frame)["town"]
    assert weight[town < 30].min() > 0 > weight[town >= 30].max()


@pytest.mark.parametrize("names", [300, 2_000, 10_000])
def test_no_end_is_learned_by_heart_from_a_rare_name(names):
    rng = np.random.default_rng(13)
    frame = pd.DataFrame({"name": rng.integers(0, names, 10_000)}).astype("str")
    frame["name"] = "N" + frame["name"]
    y = rng.random(10_000) < 0.2
    binner = OptimalBinner().fit(frame, y)
    assert binner.iv_.item() < 1e-12
    assert binner.table()["bin"].iloc[0] == f"{frame['name'].nunique()} rare ones"
    # As many bads and rows as allow each name a bin of its own tell as little.
    y, few = rng.random(100_000) < 0.2, rng.integers(0, 100_000 * 0.2 // 50 - 50, 100_000)
    own = OptimalBinner().fit(pd.DataFrame({"name": few}).astype("str").radd("N"), y)
    assert own.iv_.item() < 0.03


def test_rare_categories_are_one_beside_those_that_stand_alone():
    kind = ["car"] * 40 + ["sofa"] * 40 + ["boat", "tent", "horse", "kite", "well"] * 4
    bad = [0] * 30 + [1] * 10 + [0] * 20 + [1] * 20 + [1, 0, 0, 0, 1] * 4
    table = OptimalBinner(min_share=0.15).fit(pd.DataFrame({"kind": kind}), bad).table()
    assert table["bin"].tolist() == ["car", "5 rare ones", "sofa", "missing"]
    four = [name if name != "well" else "kite" for name in kind]
    table = OptimalBinner(min_share=0.15).fit(pd.DataFrame({"kind": four}), bad).table()
    assert "boat, horse, kite, tent" in table["bin"].tolist()


def test_it_keeps_the_rules_of_scikit_learn():
    check_estimator(OptimalBinner(), on_skip=None)


def test_it_works_inside_a_pipeline_whose_settings_are_searched():
    X, y = german()
    steps = make_pipeline(OptimalBinner(), LogisticRegression())
    search = GridSearchCV(steps, {"optimalbinner__max_bins": [3, 6]}, scoring="roc_auc", cv=3)
    assert search.fit(X, y).best_score_ > 0.75
    some = make_column_transformer((OptimalBinner(), make_column_selector(dtype_include="number")))
    names = some.set_output(transform="pandas").fit_transform(X, y).columns
    assert names[0] == "optimalbinner__duration_months"


# when misused


@pytest.mark.parametrize(
    ("chosen", "error", "word"),
    [
        ({"max_bins": 0}, OutOfRangeError, "max_bins must be 1 or more"),
        ({"prebins": 101}, OutOfRangeError, "prebins must be 100 or fewer"),
        ({"min_share": 0.6}, OutOfRangeError, "min_share must lie in"),
        ({"trend": "up"}, UnknownNameError, "there is no trend 'up'"),
        ({"trend": {"age": "peak"}}, UnknownNameError, "there is no column 'age'"),
        ({"special": {"age": [1]}}, UnknownNameError, "there is no column 'age'"),
    ],
)
def test_settings_that_cannot_be_are_refused(chosen, error, word):
    with pytest.raises(error, match=word):
        OptimalBinner(**chosen).fit(LATE, BAD)


@pytest.mark.parametrize(
    ("X", "y", "error", "word"),
    [
        (LATE, [0] * 8, OutOfRangeError, "y must have two values"),
        (LATE, [*BAD[:7], 2], OutOfRangeError, "it has 3 classes"),
        (LATE, [*BAD[:7], np.nan], BadRowsError, r"1 row\(s\) have no y: \[7\]"),
        (LATE, BAD[:7], BadRowsError, "X has 8 rows and y 7"),
        (LATE, None, EmptyError, "requires y"),
        (LATE.iloc[:0], [], EmptyError, "no rows or no columns"),
        (LATE.replace(3, np.inf), BAD, OutOfRangeError, "late holds an infinite number"),
    ],
)
def test_data_that_cannot_be_binned_are_refused(X, y, error, word):
    with pytest.raises(error, match=word):
        OptimalBinner().fit(X, y)


def test_another_file_than_the_one_it_was_fitted_on_is_refused():
    binner = OptimalBinner(min_share=0.1).fit(LATE, BAD)
    with pytest.raises(ValueError, match="feature names"):
        binner.transform(LATE.rename(columns={"late": "early"}))
    with pytest.raises(OutOfRangeError, match="the columns are"):
        binner.get_feature_names_out(["early"])
