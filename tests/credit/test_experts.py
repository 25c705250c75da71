"""five_c, five_p, six_a, raters and kappa."""

import numpy as np
import pandas as pd
import pytest
from sklearn.metrics import cohen_kappa_score

from crmlab.credit import (
    auc,
    cost_of_disagreement,
    criteria_map,
    five_c,
    five_p,
    five_p_items,
    rater_agreement,
    simulate_files,
    simulate_raters,
    six_a,
    three_files,
    weighted_kappa,
)
from crmlab.errors import (
    BadRowsError,
    CrmlabError,
    EmptyError,
    MissingColumnsError,
    OutOfRangeError,
    UnknownNameError,
)

CS = ["character", "capacity", "capital", "collateral", "conditions"]
GATES = ["licensed", "marketable_product", "profitable", "basic_account", "pledge_or_guarantor"]
ASPECTS = ["economic", "technical", "managerial", "organisational", "commercial", "financial"]
THREE = three_files()
SEEDS = range(20)


def file(**changes):
    """One file without a fault, but for `changes`."""
    good = dict.fromkeys(CS, 8) | dict.fromkeys(GATES, True) | dict.fromkeys(ASPECTS, 8.0)
    good |= {"organisation_id": 1, "purpose": "production", "current_ratio": 2.0}
    return pd.DataFrame([good | {"cash_coverage": 0.5} | changes])


# by hand


@pytest.mark.curriculum("S87")
def test_five_factors_whose_weights_must_add_up_to_one():
    weights = dict(zip(CS, [0.4, 0.3, 0.1, 0.1, 0.1], strict=True))
    grades = file(character=10, capacity=5, capital=0, collateral=0, conditions=0)
    assert five_c(grades, weights=weights)["score"].item() == pytest.approx(5.5)
    with pytest.raises(OutOfRangeError, match=r"add up to 1\.1"):
        five_c(grades, weights=weights | {"capital": 0.2})
    with pytest.raises(OutOfRangeError):
        five_c(grades, weights=weights | {"capital": -0.1, "collateral": 0.3})
    with pytest.raises(UnknownNameError, match="there is no C 'charakter'"):
        five_c(grades, weights={"charakter": 1.0})


def test_a_5c_verdict_names_what_speaks_most_for_it_and_against_it():
    row = five_c(file(character=10, capital=1)).iloc[0]
    assert (row["strongest"], row["weakest"]) == ("character", "capital")
    assert row["verdict"].endswith("most for it character (10), most against it capital (1)")


@pytest.mark.curriculum("S88")
def test_an_unlicensed_borrower_is_rejected_and_caution_rises_with_the_purpose():
    perfect = file(**dict.fromkeys(CS, 10), licensed=False)
    verdict = five_p(perfect).iloc[0]
    assert verdict["verdict"] == "reject"
    assert "licence" in verdict["failed"]
    caution = {p: five_p(file(purpose=p))["caution"].item()
               for p in ("production", "debt or tax", "equity or losses")}  # fmt: skip
    assert caution == {"production": 1, "debt or tax": 2, "equity or losses": 3}
    assert set(criteria_map().query("scheme == '5P'")["group"]) == {
        "personal", "purpose", "payment", "protection", "perspective",
    }  # fmt: skip


@pytest.mark.parametrize("gate", GATES)
def test_every_gate_rejects_on_its_own_unless_gates_are_off(gate):
    assert five_p(file(**{gate: False}))["verdict"].item() == "reject"
    off = five_p(file(**{gate: False}), gates=False).iloc[0]
    assert off["verdict"] == "accept"
    assert "(gates are off)" in off["reasons"]


@pytest.mark.parametrize(
    ("changes", "verdict"),
    [
        ({}, "accept"),
        ({"cash_coverage": 0.1}, "accept"),  # assets can be realised
        ({"cash_coverage": 0.1, "current_ratio": 0.9}, "refer"),
        ({"cash_coverage": 0.1, "purpose": "equity or losses"}, "refer"),
        ({"purpose": "equity or losses"}, "accept"),
        ({"collateral": 2}, "refer"),
        ({"collateral": 3}, "accept"),
        ({"collateral": 4, "purpose": "equity or losses"}, "refer"),
        ({"conditions": 3, "purpose": "debt or tax"}, "refer"),
    ],
)
def test_what_is_asked_for_rises_with_caution(changes, verdict):
    assert five_p(file(**changes))["verdict"].item() == verdict


@pytest.mark.curriculum("S88")
def test_every_item_of_the_five_p_is_met_or_not_or_not_examined():
    table = five_p_items(THREE)
    met = table.groupby(["organisation_id", "met"]).size().unstack(fill_value=0)
    assert met.loc[1].to_dict() == {"no": 0, "not examined": 2, "yes": 23}
    assert met.loc[2, "not examined"] == 6
    assert met.sum(axis=1).tolist() == [25, 24, 24]  # what is asked of one purpose only
    open_ = table[(table["organisation_id"] == 3) & (table["met"] == "no")]["item"].tolist()
    assert open_[:2] == ["no record of broken faith", "registered legal person with a licence"]
    gates = table[table["item"].isin(["registered legal person with a licence", "profitable"])]
    assert gates["met"].tolist() == ["yes", "yes", "yes", "yes", "no", "yes"]


def test_what_an_item_asks_rises_with_caution_and_bounds_may_be_overruled():
    def met(item, **changes):
        bounds = changes.pop("bounds", None)
        table = five_p_items(file(**changes), bounds=bounds)
        return table.set_index("item")["met"][item]

    honest = "morals and honesty of the operator"
    assert met(honest) == "not examined"
    assert [met(honest, honesty=4, purpose=p) for p in ("production", "debt or tax")] == ["yes"] * 2
    assert met(honest, honesty=4, purpose="equity or losses") == "no"
    assert met("quick ratio", quick_ratio=0.7) == "yes"
    assert met("quick ratio", quick_ratio=0.7, bounds={"quick_ratio": 1.0}) == "no"
    assert met("sound financial structure", debt_to_assets=0.71) == "no"
    assert met("no record of broken faith", broken_faith=True) == "no"
    with pytest.raises(UnknownNameError, match="there is no bound 'honesty'"):
        met(honest, bounds={"honesty": 3})
    with pytest.raises(BadRowsError, match="honesty lie outside 0 to 10"):
        met(honest, honesty=11)
    with pytest.raises(BadRowsError, match="broken_faith must hold truths"):
        met(honest, broken_faith="never")


@pytest.mark.curriculum("S89")
def test_six_aspects_and_the_missing_one_is_named():
    row = six_a(file(technical=np.nan, economic=2.0)).iloc[0]
    assert (row["missing"], row["verdict"]) == ("technical", "incomplete")
    assert row["score"] == pytest.approx((2 + 4 * 8) / 5)
    assert six_a(file())["verdict"].item() == "accept"
    assert six_a(file(**dict.fromkeys(ASPECTS, 5.9)))["verdict"].item() == "reject"
    with pytest.raises(MissingColumnsError, match="technical"):
        six_a(file().drop(columns="technical"))
    none = six_a(file(**dict.fromkeys(ASPECTS, np.nan))).iloc[0]
    assert np.isnan(none["score"])
    assert none["missing"] == ", ".join(ASPECTS)


def test_the_map_leads_every_item_to_a_c_and_leaves_none_out():
    table = criteria_map()
    assert {*table["c"]} == {*CS}
    assert {*table.query("scheme == '6A'")["group"]} == {*ASPECTS}


def test_the_three_files_are_judged_differently_by_the_three_schemes():
    assert five_c(THREE)["accepted"].tolist() == [True, True, True]
    assert five_p(THREE)["verdict"].tolist() == ["accept", "refer", "reject"]
    assert six_a(THREE)["verdict"].tolist() == ["accept", "incomplete", "reject"]
    assert THREE["defaults"].tolist() == [False, True, True]


def test_kappa_is_one_for_the_same_and_zero_for_what_chance_gives():
    a = pd.Series([1, 2, 3, 4, 5] * 20)
    assert weighted_kappa(a, a).kappa == 1
    b = pd.Series(np.repeat([1, 2, 3, 4, 5], 20))
    assert weighted_kappa(a, b).kappa == pytest.approx(0, abs=1e-12)


# against the formula


@pytest.mark.parametrize("weights", ["none", "linear", "quadratic"])
def test_kappa_is_that_of_scikit_learn(weights):
    rng = np.random.default_rng(5)
    a = rng.integers(1, 6, 300)
    b = (a + rng.integers(-1, 2, 300)).clip(1, 5)
    theirs = cohen_kappa_score(a, b, weights=None if weights == "none" else weights)
    assert weighted_kappa(pd.Series(a), pd.Series(b), weights=weights).kappa == pytest.approx(
        theirs
    )


@pytest.mark.parametrize("cuts", [[-1, -0.3, 0.3, 1], [1, 1.5, 2, 2.5]], ids=["even", "skewed"])
def test_the_interval_of_kappa_covers_it_in_95_of_100_worlds(covers, few, cuts):
    # 500 worlds of 200 firms.
    def world(rng, n):
        merit = rng.normal(size=n)
        grades = merit[:, None] + rng.normal(0, 0.8, (n, 2))
        return [pd.Series(np.searchsorted(cuts, column)) for column in grades.T]

    rng = np.random.default_rng(87)
    true = weighted_kappa(*world(rng, 1_000_000)).kappa
    found = [weighted_kappa(*world(rng, 200)) for _ in few]
    regime = "grades even" if cuts[0] < 0 else "most in the lowest grade"
    for name in ("weighted_kappa", "rater_agreement"):  # the second prints the first
        covers([one.low <= true <= one.high for one in found], f"credit.{name}", regime)


@pytest.mark.curriculum("S87")
def test_the_5c_score_tells_defaults_with_an_auc_of_75_and_better_than_one_ratio_alone():
    for seed in SEEDS:
        files, truth = simulate_files(2_000, seed=seed)
        end = truth[["organisation_id", "defaults"]]
        score = auc(five_c(files).merge(end), score="score").auc
        ratio = auc(files.merge(end), score="current_ratio").auc
        assert score >= 0.75
        assert score > ratio


@pytest.mark.statsmodels
def test_simulated_files_have_the_default_rate_and_the_effects_of_their_docstring():
    import statsmodels.api as sm

    files, truth = simulate_files(40_000, default_rate=0.1, seed=88)
    # 3 standard errors at n = 40,000
    assert truth["defaults"].mean() == pytest.approx(0.1, abs=3 * np.sqrt(0.09 / 40_000))
    assert truth["default_probability"].mean() == pytest.approx(0.1, abs=1e-6)
    design = truth[CS].assign(
        tax=files["purpose"] == "debt or tax",
        equity=files["purpose"] == "equity or losses",
        one=1.0,
    )
    fit = sm.Logit(truth["defaults"].astype(float), design.astype(float)).fit(disp=0)
    wanted = [-0.9, -0.8, -0.6, -0.4, -0.3, 0.5, 1.0]
    assert (np.abs(fit.params.iloc[:7] - wanted) < 3.5 * fit.bse.iloc[:7]).all()
    assert np.corrcoef(truth[CS].T)[0, 1] == pytest.approx(0.3, abs=0.02)
    assert files[ASPECTS].isna().to_numpy().mean() == pytest.approx(0.05, abs=0.003)


def test_raters_disagree_more_when_they_see_less_and_all_together_earn_more():
    files, truth = simulate_files(2_000, seed=12)
    kappas = []
    for noise in (0.0, 0.5, 1.5):
        grades, severity = simulate_raters(files, noise=noise, seed=12)
        kappas.append(rater_agreement(grades)["kappa"].mean())
    assert kappas[0] == 1
    assert kappas[0] > kappas[1] > kappas[2] + 0.1
    assert len(severity) == 3
    gain = []
    for seed in SEEDS:
        files, truth = simulate_files(1_000, seed=seed)
        grades, _ = simulate_raters(files, noise=1.0, seed=seed)
        table = cost_of_disagreement(grades, truth).set_index("who")["profit"]
        gain.append(table["all together"] - table["mean of one"])
    # Three standard errors over the twenty seeds.
    assert np.mean(gain) > 3 * np.std(gain, ddof=1) / np.sqrt(20)


def test_twice_the_firms_twice_the_seed_the_same_files():
    one, other = simulate_files(50, seed=3), simulate_files(50, seed=3)
    pd.testing.assert_frame_equal(one.data, other.data)
    assert not simulate_files(50, seed=4).data.equals(one.data)


# when misused


@pytest.mark.parametrize(
    ("scheme", "files", "error"),
    [
        (five_c, file(character=11), BadRowsError),
        (five_c, file(character=np.nan), BadRowsError),
        (five_c, file(character="good"), OutOfRangeError),
        (five_c, file().drop(columns="capital"), MissingColumnsError),
        (five_p, file(purpose="holiday"), UnknownNameError),
        (five_p, file(licensed="yes"), OutOfRangeError),
        (five_p, file(cash_coverage=np.nan), BadRowsError),
        (six_a, file(economic=-1.0), BadRowsError),
    ],
)
def test_files_that_cannot_be_judged_are_refused(scheme, files, error):
    with pytest.raises(error):
        scheme(files)


def test_raters_that_cannot_be_compared_are_refused():
    a = pd.Series([1, 2, 3])
    with pytest.raises(UnknownNameError):
        weighted_kappa(a, a, weights="cubic")
    for b in (pd.Series([1, 2]), pd.Series([1, np.nan, 3])):
        with pytest.raises(OutOfRangeError):
            weighted_kappa(a, b)
    with pytest.raises(OutOfRangeError):
        weighted_kappa(a * 0, a * 0)
    with pytest.raises(EmptyError):
        rater_agreement(pd.DataFrame({"organisation_id": [1], "rater_1": [2]}))
    grades = pd.DataFrame({"organisation_id": [1, 2], "a": [1, 2], "b": [2, 1]})
    with pytest.raises(OutOfRangeError):
        cost_of_disagreement(grades, grades.assign(defaults=[0, 1]), share=0)
    for wrong in ({"default_rate": 0.9}, {"noise": -1}, {"seed": None}, {"n": 0}):
        with pytest.raises(CrmlabError):
            simulate_files(**({"n": 10, "seed": 1} | wrong))
    with pytest.raises(OutOfRangeError):
        simulate_raters(file(), seed=1)
    with pytest.raises(OutOfRangeError):
        simulate_raters(THREE, noise=np.inf, seed=1)
