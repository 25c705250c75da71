"""Scorecard: points that add up, and what they are worth on real loans."""

import numpy as np
import pandas as pd
import pytest
from scipy.special import logit
from sklearn.calibration import CalibratedClassifierCV
from sklearn.compose import make_column_transformer
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import RepeatedStratifiedKFold, cross_val_score
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import OneHotEncoder, StandardScaler
from sklearn.utils.estimator_checks import check_estimator

from crmlab.credit import Scorecard
from crmlab.data import load
from crmlab.errors import OutOfRangeError

LATE = pd.DataFrame({"late": [0, 0, 0, 0, 3, 3, 3, 3]})
BAD = [0, 0, 0, 1, 0, 1, 1, 1]


@pytest.fixture(scope="module")
def loans():
    table = load("german_credit")
    return table.drop(columns=["loan_id", "defaults"]), table["defaults"]


@pytest.fixture(scope="module")
def card(loans):
    return Scorecard().fit(*loans)


# by hand


def test_one_column_without_a_penalty_gives_back_its_default_rates_and_their_points():
    card = Scorecard(C=np.inf, base=600, odds=1, pdo=20).fit(LATE, BAD)
    np.testing.assert_allclose(card.predict_proba(LATE)[[0, 4], 1], [0.25, 0.75], atol=1e-6)
    # 600 points at even odds; odds of 3 to 1 are ln 3 / ln 2 doublings, 20 points each.
    away = 20 * np.log2(3)
    np.testing.assert_allclose(card.score_points(LATE)[[0, 4]], [600 + away, 600 - away], atol=1e-3)
    reasons = card.reasons(LATE, n=3)
    assert reasons["column"].unique().tolist() == ["late"]
    np.testing.assert_allclose(reasons["points_lost"][[0, 4]], [0, 2 * away], atol=2e-3)


# against the formula


def test_points_are_the_log_odds_in_other_units_and_the_cards_rows_add_up_to_them(card, loans):
    X, _ = loans
    chance = card.predict_proba(X)[:, 1]
    points = card.score_points(X)
    np.testing.assert_allclose(points, 600 - 20 / np.log(2) * (logit(chance) + np.log(50)))
    table = card.points_table()
    woe = card.binner_.transform(X)
    total = np.zeros(len(X))
    for name, rows in table.groupby("column"):
        of = dict(zip(rows["woe"].round(9), rows["points"], strict=True))
        total += woe[name].round(9).map(of).to_numpy()
    np.testing.assert_allclose(total, points, atol=1e-4)


def test_reasons_name_the_columns_that_lose_most(card, loans):
    X = loans[0].iloc[:20]
    reasons = card.reasons(X, n=3)
    assert len(reasons) == 60
    lost = reasons.pivot(index="row", columns="rank", values="points_lost").to_numpy()
    assert (np.diff(lost, axis=1) <= 0).all()
    best = card.points_table().groupby("column")["points"].max().sum()
    every = card.reasons(X, n=100).groupby("row")["points_lost"].sum()
    np.testing.assert_allclose(best - every, card.score_points(X))


@pytest.mark.statsmodels
def test_coefficients_and_standard_errors_are_those_of_statsmodels(loans):
    import statsmodels.api as sm

    X, y = loans
    card = Scorecard(C=np.inf).fit(X, y)
    used = card.summary()["column"].iloc[1:]
    fit = sm.Logit(y, sm.add_constant(card.binner_.transform(X)[used])).fit(disp=0)
    np.testing.assert_allclose(card.summary()["coefficient"], fit.params, atol=2e-3)
    np.testing.assert_allclose(card.summary()["standard_error"], fit.bse, rtol=2e-3)


def test_german_credit_is_told_as_well_as_by_a_regression_on_every_category(loans):
    X, y = loans
    folds = RepeatedStratifiedKFold(n_splits=5, n_repeats=2, random_state=12)
    words = [*X.select_dtypes("str").columns]
    columns = make_column_transformer(
        (OneHotEncoder(handle_unknown="ignore"), words), remainder=StandardScaler()
    )
    plain = make_pipeline(columns, LogisticRegression(max_iter=1_000))
    published = cross_val_score(plain, X, y, cv=folds, scoring="roc_auc")
    # .787 with a standard deviation of .031 between folds: 3 x .031 / sqrt(10).
    assert published.mean() == pytest.approx(0.787, abs=0.030)
    ours = cross_val_score(Scorecard(), X, y, cv=folds, scoring="roc_auc")
    gap = ours - published
    assert gap.mean() > -3 * gap.std(ddof=1) / np.sqrt(10)


# for any data


def test_a_column_without_information_is_left_out_and_the_best_one_stays(loans):
    X, y = loans
    assert "telephone" not in [*Scorecard().fit(X, y).summary()["column"]]
    assert len(Scorecard(min_iv=10).fit(X, y).columns_) == 1


def test_it_keeps_the_rules_of_scikit_learn():
    check_estimator(Scorecard(), on_skip=None)


def test_it_can_be_calibrated(loans):
    X, y = loans
    chance = CalibratedClassifierCV(Scorecard(), cv=3).fit(X, y).predict_proba(X)[:, 1]
    assert chance.mean() == pytest.approx(0.3, abs=0.02)


def test_signs_are_as_expected_and_told(card):
    summary = card.summary()
    assert summary["as_expected"].all()
    assert (summary["standard_error"] > 0).all()


# when misused


@pytest.mark.parametrize(
    "settings", [{"pdo": 0}, {"odds": -1}, {"base": np.inf}, {"min_iv": -1}, {"C": 0}]
)
def test_settings_that_cannot_be_are_refused(settings):
    with pytest.raises(OutOfRangeError):
        Scorecard(**settings).fit(LATE, BAD)
