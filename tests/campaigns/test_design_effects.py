"""DesignEffects: what colour, medium and hour of a promotion each add."""

import numpy as np
import pandas as pd
import pytest

from crmlab._regression import least_squares
from crmlab.campaigns import DesignEffects, promotion_answers
from crmlab.campaigns.simulate import simulate_campaigns
from crmlab.errors import MissingColumnsError, OutOfRangeError, UnknownNameError

REFERENCE = {"colour": "blue", "medium": "TV", "hour": 12}
# A contact of an average design makes 0.8 * 0.06 buy who would not have, see simulate_campaigns.
BASE = 0.8 * 0.06
PLANTED = {"base": 1.0, "red": 0.4, "green": -0.4, "network": 0.2, "newspaper": -0.2, "radio": 0.0}
PLANTED |= {"9": -0.3, "15": 0.0, "20": 0.3}


def campaigns(n, *, seed, **more):
    data, _ = simulate_campaigns(n, promotions=48, seed=seed, **more)
    return promotion_answers(data.promotions, data.targets)


@pytest.fixture(scope="module")
def answers():
    return campaigns(6_000, targeted_share=0.4, seed=31)


def with_truth(summary):
    rows = summary[~summary["is_reference"]]
    return rows.assign(truth=BASE * rows["level"].map(PLANTED))


# by hand


def test_one_feature_is_a_difference_of_differences():
    flags = [c > 3 for c in range(6)] * 2
    answers = pd.DataFrame(
        {
            "promotion_id": [1] * 6 + [2] * 6,
            "customer_id": [*range(12)],
            "colour": ["red"] * 6 + ["blue"] * 6,
            "held_out": flags,
            "bought": [c in (0, 1, 2, 4, 6, 11) for c in range(12)],
        }
    )
    # Red: 3/4 - 1/2 = 0.25; blue: 1/4 - 1/2 = -0.25.
    table = DesignEffects(["colour"]).fit(answers).summary()
    assert table["level"].tolist() == ["base", "blue", "red"]
    np.testing.assert_allclose(table["effect"], [-0.25, 0.0, 0.5], atol=1e-12)
    assert table["is_reference"].tolist() == [False, True, False]


# against the formula


@pytest.mark.curriculum("S40")
@pytest.mark.parametrize("usual", ["promotion", "common"])
def test_the_planted_effects_are_recovered_within_3_standard_errors(answers, usual):
    # 48 promotions, 6,000 customers, about 115,000 targets.
    model = DesignEffects(reference=REFERENCE, usual=usual).fit(answers)
    table = with_truth(model.summary())
    assert len(table) == len(PLANTED)
    miss = (table["effect"] - table["truth"]).abs() / table["standard_error"]
    assert (miss <= 3).all()
    if usual == "common":  # precise enough to tell red from blue and green
        told = table.set_index("level")
        assert told.loc["red", "low"] > 0 > told.loc["green", "high"]


@pytest.mark.statsmodels
@pytest.mark.parametrize("usual", ["promotion", "common"])
def test_it_is_the_regression_of_statsmodels_with_its_clusters(answers, usual):
    import statsmodels.api as sm

    some = answers[answers["customer_id"] <= 400]
    model = DesignEffects(reference=REFERENCE, usual=usual).fit(some)
    contact = (~some["held_out"]).astype(float).rename("contact")
    x = [contact]
    for row in model.summary().query("not is_reference and feature != 'contact'").itertuples():
        x.append((contact * (some[row.feature].astype(str) == row.level)).rename(row.level))
    x = pd.concat(x, axis=1)
    if usual == "promotion":
        x = x.join(pd.get_dummies(some["promotion_id"], dtype=float))
    else:
        x["constant"] = 1.0
    fit = sm.OLS(some["bought"].astype(float), x).fit(
        cov_type="cluster",
        cov_kwds={"groups": some["customer_id"], "use_correction": False},
        use_t=True,
    )
    table = model.summary().query("not is_reference")
    np.testing.assert_allclose(table["effect"], fit.params.iloc[:9], atol=1e-9)
    groups = some["customer_id"].nunique()
    error = fit.bse.iloc[:9] * np.sqrt(groups / (groups - 1))
    np.testing.assert_allclose(table["standard_error"], error, rtol=1e-7)


@pytest.mark.curriculum("S40")
@pytest.mark.parametrize("usual", ["common", "promotion"])
def test_intervals_cover_the_planted_effects_in_95_of_100_worlds(covers, few, usual):
    # Customers are independent: 500 times 250 of them are 500 worlds with the same promotions.
    found, ahead = [], []
    design = pd.DataFrame({"colour": ["red"], "medium": ["network"], "hour": [9]})
    lift = BASE * sum(PLANTED[level] for level in ("base", "red", "network", "9"))
    data, _ = simulate_campaigns(
        500 * 250, promotions=24, targeted_share=0.5, held_out_share=0.35, seed=37
    )
    every = promotion_answers(data.promotions, data.targets)
    worlds = every.groupby((every["customer_id"] - 1) // 250)
    for _, world in [*worlds][: len(few)]:
        model = DesignEffects(reference=REFERENCE, usual=usual).fit(world)
        table = with_truth(model.summary())
        found.append((table["low"] <= table["truth"]) & (table["truth"] <= table["high"]))
        row = model.predict(design).iloc[0]
        ahead.append(row["low"] <= lift <= row["high"])
    regime = "one usual chance" if usual == "common" else "a usual chance for each promotion"
    for part, held in zip(table["level"], np.transpose(found), strict=True):
        covers(held, "campaigns.DesignEffects.summary", regime, part=part)
    covers(ahead, "campaigns.DesignEffects.predict", regime)


def test_asking_the_held_out_of_each_promotion_withstands_a_busy_season(answers):
    # Red is tried in a season in which half of those buy who would not have otherwise.
    rng = np.random.default_rng(41)
    busy = answers["colour"].eq("red") & (rng.random(len(answers)) < 0.5)
    world = answers.assign(bought=answers["bought"] | busy)
    own, alike = (
        DesignEffects(reference=REFERENCE, usual=usual).fit(world).summary().set_index("level")
        for usual in ("promotion", "common")
    )
    # Of what a red contact causes half is bought in the season anyway.
    truth = BASE * (1.4 * 0.5 - 1)
    assert abs(own.loc["red", "effect"] - truth) < 3 * own.loc["red", "standard_error"]
    assert alike.loc["red", "low"] > 0.1


def test_predict_adds_the_effects_up_with_the_error_of_their_sum(answers):
    model = DesignEffects(reference=REFERENCE, usual="common").fit(answers)
    table = model.summary().set_index("level")["effect"]
    designs = pd.DataFrame(
        {"colour": ["blue", "red"], "medium": ["TV", "network"], "hour": [12, 20]}
    )
    lift = model.predict(designs)
    best = table[["base", "red", "network", "20"]].sum()
    np.testing.assert_allclose(lift["lift"], [table["base"], best])
    assert lift["standard_error"].iloc[0] == pytest.approx(
        model.summary()["standard_error"].iloc[0]
    )
    assert (abs(lift["lift"] - BASE * np.array([1, 1.9])) < 3 * lift["standard_error"]).all()


# for any data


def test_row_order_does_not_matter_and_nothing_is_changed(answers):
    some = answers[answers["customer_id"] <= 200]
    before = some.copy()
    one = DesignEffects().fit(some).summary()
    other = DesignEffects().fit(some.sample(frac=1, random_state=3)).summary()
    pd.testing.assert_frame_equal(one, other)
    pd.testing.assert_frame_equal(some, before)


def test_the_commonest_level_is_the_reference_unless_one_is_named(answers):
    contacts = answers[~answers["held_out"]]
    model = DesignEffects(["colour"]).fit(answers)
    assert model.reference_ == {"colour": contacts["colour"].mode().iloc[0]}
    assert (model.contacts_, model.held_out_) == (len(contacts), len(answers) - len(contacts))
    assert model.customers_ == answers["customer_id"].nunique()
    named = DesignEffects(["colour"], reference={"colour": "green"}).fit(answers)
    assert named.summary().query("is_reference")["level"].tolist() == ["green"]


# when misused


def test_refuses_data_that_cannot_be_fitted(answers):
    some = answers[answers["customer_id"] <= 100]
    for part in (some[some["held_out"]], some[~some["held_out"]]):
        with pytest.raises(OutOfRangeError, match="some of both are needed"):
            DesignEffects().fit(part)
    with pytest.raises(OutOfRangeError, match=r"colour has one level only, \['red'\]"):
        DesignEffects().fit(some[some["colour"] == "red"])
    twin = some.assign(shade=some["colour"] + "ish")
    with pytest.raises(OutOfRangeError, match="cannot be told apart"):
        DesignEffects(["colour", "shade"]).fit(twin)
    with pytest.raises(OutOfRangeError, match="usual must be 'promotion' or 'common'"):
        DesignEffects(usual="never").fit(some)
    with pytest.raises(OutOfRangeError, match="rows cannot tell"):
        DesignEffects(["colour"]).fit(some.groupby(["held_out", "colour"]).head(1))
    one = some.assign(customer_id=1)
    with pytest.raises(OutOfRangeError, match="at least 2 customers"):
        DesignEffects(["colour"]).fit(one)
    with pytest.raises(MissingColumnsError, match="'mood'"):
        DesignEffects(["mood"]).fit(some)


def test_refuses_names_that_there_are_not(answers):
    with pytest.raises(UnknownNameError, match="there is no colour 'pink'"):
        DesignEffects(["colour"], reference={"colour": "pink"}).fit(answers)
    with pytest.raises(MissingColumnsError, match="reference=…"):
        DesignEffects(["colour"], reference={"size": "A4"}).fit(answers)
    model = DesignEffects(["colour"])
    with pytest.raises(OutOfRangeError, match="call fit"):
        model.summary()
    with pytest.raises(UnknownNameError, match="there is no colour 'pink'"):
        model.fit(answers).predict(pd.DataFrame({"colour": ["pink"]}))


def test_least_squares_without_clusters_is_the_textbook_one():
    x = np.array([[1.0, 0], [1, 1], [1, 2], [1, 3]])
    fit = least_squares(x, np.array([1.0, 2, 2, 4]), names=["a", "b"])
    # Slope 0.9, intercept 0.9; residuals .1 .2 -.7 .4: sum of squares .7 on 2 degrees of freedom.
    np.testing.assert_allclose(fit.coefficients, [0.9, 0.9])
    np.testing.assert_allclose(np.diag(fit.covariance), [0.35 * 14 / 20, 0.35 * 4 / 20])
    assert fit.table()["high"].iloc[1] == pytest.approx(0.9 + 4.302653 * np.sqrt(0.07))
