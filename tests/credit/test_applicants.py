"""simulate_applicants, reject inference and fairness, against the truth."""

import numpy as np
import pandas as pd
import pytest
from scipy.special import logit

from crmlab.credit import (
    Scorecard,
    fairness_conflict,
    group_rates,
    reject_bias,
    reject_inference,
    simulate_applicants,
)
from crmlab.errors import BadRowsError, CrmlabError, EmptyError, MissingColumnsError

COLUMNS = ["age_years", "late_payments", "income_cny", "debt_to_income", "card_use", "home", "job"]
SPECIAL = {"card_use": [-1]}


# the simulator


def test_the_chance_is_that_of_the_docstring():
    file, truth = simulate_applicants(20_000, group_gap=0.5, recession=0.7, seed=1)
    stated = file["income_cny"].notna()
    home = file["home"].map({"owner": -0.5, "family": 0.0, "rents": 0.4})
    jobs = ["official", "teacher", "engineer", "clerk", "worker", "driver", "trader", "casual"]
    job = file["job"].map(dict(zip(jobs, [-0.6, -0.5, -0.3, 0, 0.1, 0.3, 0.5, 0.7], strict=True)))
    risk = (
        0.55 * file["late_payments"]
        + 1.6 * file["card_use"].where(file["card_use"] >= 0, 0.3)
        + 1.5 * file["debt_to_income"]
        - 0.8 * np.log(file["income_cny"] / 6_500)
        + 0.03 * (file["age_years"] - 45).abs()
        + home
        + job
        - 0.6 * truth["character"]
        + 0.5 * (file["group"] == "B")
        + 0.7 * (file["month"] >= 19)
    )
    rest = (logit(truth["default_probability"]) - risk)[stated]
    # Incomes are rounded to tens, shares to thousandths; what is left is one number.
    assert rest.std() < 0.005
    calm = simulate_applicants(20_000, seed=1).truth
    assert calm["default_probability"].mean() == pytest.approx(0.15, abs=1e-6)
    spread = 3 * np.sqrt(0.15 * 0.85 / 20_000)
    assert calm["defaults"].mean() == pytest.approx(0.15, abs=spread)


def test_shares_are_those_of_the_docstring():
    file, truth = simulate_applicants(50_000, approved=0.6, seed=2)
    assert file["approved"].sum() == 30_000
    assert (file["defaults"].isna() == ~file["approved"]).all()
    known = file["approved"]
    assert (file.loc[known, "defaults"] == truth.loc[known, "defaults"]).all()
    shares = {
        0.05: file["income_cny"].isna(),
        0.2: file["card_use"] == -1,
        1 / 3: file["group"] == "B",
        0.5: file["home"] == "owner",
    }
    for share, here in shares.items():
        assert here.mean() == pytest.approx(share, abs=3 * np.sqrt(share / 50_000))
    north = file["district"].isin(["station", "north", "mill"])
    assert north[file["group"] == "B"].mean() == pytest.approx(0.8, abs=0.01)
    assert north[file["group"] == "A"].mean() == pytest.approx(0.2, abs=0.01)


# reject inference


def test_ignoring_the_refused_is_too_kind_where_the_bank_saw_more_than_the_file():
    """Bias against the known truth of the refused, on twenty seeds."""
    for seed in range(20):
        file, truth = simulate_applicants(4_000, approved=0.5, seed=seed)
        found = reject_inference(file, columns=COLUMNS, special=SPECIAL)
        table = reject_bias(found, truth).set_index("method")
        assert table.loc["ignore", "bias"] < -3 * table.loc["ignore", "standard_error"]
        assert table.loc["ignore", "bias"] < table.loc["fuzzy", "bias"]


def test_prudence_moves_the_answer_and_no_file_tells_which_is_right():
    file, truth = simulate_applicants(20_000, approved=0.5, seed=3)
    bias = [
        reject_bias(
            reject_inference(file, columns=COLUMNS, special=SPECIAL, prudence=prudence), truth
        ).set_index("method").loc["fuzzy", "bias"]
        for prudence in (1, 3, 6)
    ]  # fmt: skip
    assert bias[0] < bias[1] < bias[2]
    assert bias[0] < 0 < bias[2]


def test_where_a_lottery_approves_ignoring_the_refused_is_right():
    file, truth = simulate_applicants(20_000, seed=4)
    lottery = np.random.default_rng(4).random(len(file)) < 0.5
    file = file.assign(approved=lottery, defaults=truth["defaults"].where(lottery))
    table = reject_bias(reject_inference(file, columns=COLUMNS, special=SPECIAL), truth)
    row = table.set_index("method").loc["ignore"]
    # Two samples: the refused, and the approved on whom it was fitted.
    assert abs(row["bias"]) < 3 * np.sqrt(2) * row["standard_error"]


def test_what_rejects_cannot_be_inferred_from_is_refused():
    file, truth = simulate_applicants(500, approved=0.5, seed=5)
    with pytest.raises(EmptyError):
        reject_inference(file[file["approved"]], columns=COLUMNS)
    with pytest.raises(MissingColumnsError):
        reject_inference(file, columns=["salary"])
    with pytest.raises(BadRowsError):
        reject_inference(file.assign(defaults=np.nan), columns=COLUMNS)
    with pytest.raises(CrmlabError):
        reject_inference(file, columns=COLUMNS, prudence=0)
    found = reject_inference(file, columns=COLUMNS)
    with pytest.raises(CrmlabError):
        reject_bias(found, truth.iloc[:5])
    for wrong in ({"n": 0}, {"approved": 0}, {"default_rate": 1}, {"recession": 9}, {"seed": -1}):
        with pytest.raises(CrmlabError):
            simulate_applicants(**({"n": 10, "seed": 1} | wrong))


# fairness


def test_rates_by_group_by_hand():
    loans = pd.DataFrame(
        {
            "group": list("AAAABB"),
            "approved": [1, 1, 0, 0, 1, 0],
            "defaults": [0, 1, 0, 1, 0, 0],
            "chance": [0.2, 0.6, 0.3, 0.9, 0.1, 0.1],
        }
    )
    table = group_rates(loans, chance="chance").set_index(["group", "rate"])
    assert table.loc[("A", "share_approved"), "value"] == 0.5
    assert table.loc[("A", "goods_refused"), ["n", "value"]].tolist() == [2, 0.5]
    assert table.loc[("A", "bads_approved"), "value"] == 0.5
    assert table.loc[("A", "calibration_gap"), "value"] == pytest.approx(0)
    assert table.loc[("B", "bads_approved"), "n"] == 0
    assert np.isnan(table.loc[("B", "bads_approved"), "value"])
    assert (table["low"] <= table["value"]).sum() == table["value"].notna().sum()


def test_errors_of_a_calibrated_score_are_the_closed_form():
    rng = np.random.default_rng(6)
    m, spread, cutoff, n = 0.25, 4.0, 0.2, 400_000
    p = rng.beta(m * spread, (1 - m) * spread, n)
    loans = pd.DataFrame({"group": "B", "approved": p <= cutoff, "defaults": rng.random(n) < p})
    table = group_rates(loans).set_index("rate")
    closed = fairness_conflict([m], cutoff=cutoff, spread=spread).iloc[0]
    for rate in ("goods_refused", "bads_approved"):
        row = table.loc[rate]
        error = np.sqrt(closed[rate] * (1 - closed[rate]) / row["n"])
        assert row["value"] == pytest.approx(closed[rate], abs=3 * error)


def test_equal_base_rates_have_equal_errors_and_different_ones_do_not():
    same = fairness_conflict([0.2, 0.2])
    assert same.loc[0, "goods_refused"] == same.loc[1, "goods_refused"]
    table = fairness_conflict(np.linspace(0.05, 0.5, 10))
    assert (np.diff(table["goods_refused"]) > 0).all()
    assert (np.diff(table["bads_approved"]) < 0).all()
    for wrong in ({"base_rates": [0]}, {"cutoff": 1}, {"spread": 0}, {"base_rates": []}):
        with pytest.raises(CrmlabError):
            fairness_conflict(**({"base_rates": [0.1]} | wrong))


def test_without_the_attribute_a_proxy_still_tells_the_groups_apart():
    gaps = {"group": [], "district": [], "neither": []}
    for seed in range(20):
        file, _ = simulate_applicants(4_000, group_gap=1.0, seed=seed)
        for extra, gap in gaps.items():
            used = COLUMNS + ([] if extra == "neither" else [extra])
            card = Scorecard(special=SPECIAL, min_iv=0).fit(file[used], file["defaults"])
            points = card.score_points(file[used])
            by = points.groupby(file["group"]).mean()
            gap.append(by["A"] - by["B"])
    mean = {name: np.mean(gap) for name, gap in gaps.items()}
    error = {name: np.std(gap, ddof=1) / np.sqrt(20) for name, gap in gaps.items()}
    assert mean["group"] > mean["district"] > 3 * error["district"]
    assert abs(mean["neither"]) < 3 * error["neither"]


def test_fairness_needs_groups():
    with pytest.raises(EmptyError):
        group_rates(pd.DataFrame({"group": [], "approved": [], "defaults": []}, dtype="int64"))
    with pytest.raises(MissingColumnsError):
        group_rates(pd.DataFrame({"group": ["A"]}))
