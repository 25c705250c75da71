"""Files of another shape: what would have been counted wrong in silence is refused, else read."""

import numpy as np
import pandas as pd
import pytest

from crmlab.credit import (
    OptimalBinner,
    Scorecard,
    alarm_table,
    altman_z,
    calibration,
    cost_of_disagreement,
    credit_grades,
    cut_table,
    dressing_signs,
    find_rings,
    group_rates,
    reject_bias,
    reject_inference,
    score_quality,
    seller_features,
    simulate_applicants,
    simulate_dressing,
    simulate_files,
    simulate_raters,
    simulate_sellers,
    simulate_statements,
    stability,
    warning_by_year,
    weighted_kappa,
)
from crmlab.errors import BadRowsError, EmptyError, OutOfRangeError, WrongTypeError

QUARTERS, INVOICES, DRESSED = simulate_dressing(6, seed=1)
MARKET = simulate_sellers(40, in_rings=0.2, seed=1)
PEOPLE, FATE = simulate_applicants(800, approved=0.6, seed=1)
ALL, _ = simulate_applicants(800, seed=1)
Z = altman_z(simulate_statements(4, seed=1))
ENDS = pd.DataFrame({"organisation_id": [1, 2, 3, 4], "defaults": [0, 1, 0, 1]})
GRADES, TRUTH = (lambda files: (simulate_raters(files[0], noise=1.0, seed=1)[0], files[1]))(
    simulate_files(40, seed=1)
)
TEXT = {"organisation_id": "str"}

# by hand


def test_a_line_from_chances_to_ends_is_missing_where_there_is_none():
    loans = pd.DataFrame({"defaults": [0, 0, 1, 0, 1], "points": [5, 4, 2, 3, 1]})
    ranked, alike = [0.1, 0.2, 0.8, 0.3, 0.9], [0.3] * 5
    touching = [0.1, 0.2, 0.3, 0.3, 0.9]
    crossing = [0.1, 0.2, 0.3, 0.4, 0.9]
    for chances, has_line in ((ranked, 0), (alike, 0), (touching, 0), (crossing, 1)):
        found = calibration(loans.assign(chance=chances))
        facts = (found.slope, found.slope_error, found.intercept, found.intercept_error)
        assert np.isfinite(facts).all() if has_line else np.isnan(facts).all()
        assert found.happened == 0.4
        table = score_quality(loans.assign(chance=chances), chance="chance", draws=100, seed=1)
        lines = table[table["measure"].str.startswith("calibration")]
        assert len(lines) == 2
        assert lines["value"].notna().all() == bool(has_line)
        assert table.query("measure == 'brier'")["value"].notna().all()


# for any data


@pytest.mark.parametrize("kind", ["int64[pyarrow]", "Int64", "object", "category"])
def test_the_same_numbers_are_stable_whatever_their_type(kind):
    numbers = pd.Series([1, 2, 3] * 20)
    assert stability(numbers, numbers.astype(kind))["psi"].item() == 0
    assert stability(numbers.astype("str"), numbers.astype("str"))["psi"].item() == 0


def test_what_is_missing_in_a_column_that_is_compared_is_neither_number_nor_word():
    none = pd.Series([None] * 30, dtype="object")
    for other in (pd.Series([1.0, 2.0] * 15), pd.Series(["a", "b"] * 15), none):
        assert np.isfinite(stability(other, none)["psi"].item())


def test_sellers_are_the_same_with_nullable_and_arrow_columns_and_truths_as_1_and_0():
    plain = seller_features(MARKET.orders)
    arrow = MARKET.orders.convert_dtypes(dtype_backend="pyarrow")
    ones = MARKET.orders.astype({"returned": "int64"})
    for orders in (arrow, ones):
        found = seller_features(orders).astype("float64")
        pd.testing.assert_frame_equal(found, plain.astype("float64"))
    buyers = find_rings(MARKET.orders).buyers["buyer_id"]
    for without in (buyers, buyers.astype("Int64"), pd.Index(buyers), buyers.iloc[:0]):
        assert (
            seller_features(MARKET.orders, without=without)["orders"].sum()
            == (~MARKET.orders["buyer_id"].isin(without)).sum()
        )


def test_two_frames_numbered_each_on_its_own_are_compared_row_by_row():
    first, second = pd.Series([1, 2, 3, 3]), pd.Series([1, 2, 3, 2])
    expected = weighted_kappa(first, second)
    assert weighted_kappa(first, second.set_axis([7, 9, 8, 6])) == expected
    shuffled = second.sample(frac=1, random_state=1)
    assert weighted_kappa(first, shuffled.loc[first.index]) == expected
    assert weighted_kappa(first.astype("Int64"), second.astype("int64[pyarrow]")) == expected


def test_numbers_as_text_that_come_again_are_codes_and_categories():
    bad = pd.Series([0, 1] * 60)
    codes = pd.DataFrame({"code": [str(one % 60) for one in range(120)]})
    assert OptimalBinner().fit(codes, bad).iv_["code"] >= 0
    names = pd.DataFrame({"name": [f"n{one % 60}" for one in range(120)]})
    assert OptimalBinner().fit(names, bad).iv_["name"] >= 0


# when misused


def test_numbers_as_text_are_not_learned_by_heart():
    bad = pd.Series([0, 1] * 60)
    for kind in ("str", "object", "category", "string[pyarrow]"):
        table = pd.DataFrame({"income": [f"{one % 61}" for one in range(120)]}).astype(kind)
        with pytest.raises(BadRowsError, match="61 different numbers as text"):
            OptimalBinner().fit(table, bad)
    table = ALL[["income_cny"]].astype("str")
    with pytest.raises(BadRowsError, match=r"pd.to_numeric\(frame\['income_cny'\]\)"):
        Scorecard().fit(table, ALL["defaults"])


def test_a_special_value_in_text_would_never_be_met_among_numbers():
    with pytest.raises(WrongTypeError, match="never equal"):
        Scorecard(special={"card_use": ["-1"]}).fit(ALL[["card_use"]], ALL["defaults"])


def test_rows_in_another_order_are_not_compared_with_others_rows():
    shuffled = FATE.sample(frac=1, random_state=1)
    asked = ["age_years", "late_payments", "job"]
    found = reject_inference(PEOPLE, columns=asked)
    mixed = ALL["defaults"].sample(frac=1, random_state=1)
    grades = pd.Series([1, 2, 3])
    for wrong in (
        lambda: reject_bias(found, shuffled),
        lambda: weighted_kappa(grades, grades[::-1]),
        lambda: cut_table(ALL["age_years"], mixed, cuts=[40]),
        lambda: OptimalBinner().fit(ALL[asked], mixed),
        lambda: Scorecard().fit(ALL[asked], mixed),
    ):
        with pytest.raises(BadRowsError, match="in another order"):
            wrong()
    assert reject_bias(found, shuffled.loc[found.index]).equals(reject_bias(found, FATE))


def test_reject_inference_takes_one_name_and_ends_that_are_1_and_0():
    assert len(reject_inference(PEOPLE, columns="job")) == len(PEOPLE)
    for wrong in (PEOPLE["defaults"] * 2, PEOPLE["defaults"].map({0: "no", 1: "yes"})):
        with pytest.raises(WrongTypeError, match="defaults must hold True or False"):
            reject_inference(PEOPLE.assign(defaults=wrong), columns=["job"])


@pytest.mark.parametrize(
    "wrong",
    [
        pd.concat([QUARTERS, QUARTERS.head(1)]),
        QUARTERS[QUARTERS["quarter"] < 4],
        QUARTERS.iloc[:-1],
        QUARTERS.assign(quarter=QUARTERS["quarter"] - 1),
        QUARTERS.assign(quarter=QUARTERS["quarter"].replace(2, 2.5)),
    ],
)
def test_a_year_closes_with_its_fourth_quarter_each_once(wrong):
    with pytest.raises(BadRowsError, match="quarter"):
        dressing_signs(wrong, INVOICES)


def test_a_dressed_firm_is_found_among_its_own_invoices_alone():
    with pytest.raises(WrongTypeError, match="organisation_id holds"):
        dressing_signs(QUARTERS, INVOICES.astype(TEXT))
    for amount in (0.0, -5.0):
        wrong = INVOICES.copy()
        wrong.loc[3, "amount_cny"] = amount
        with pytest.raises(OutOfRangeError, match=r"above 0; it is not in row\(s\) \[3\]"):
            dressing_signs(QUARTERS, wrong)
        signs = dressing_signs(QUARTERS, wrong[wrong["amount_cny"] > 0])
        assert len(signs) == 6


def test_what_became_of_a_firm_is_told_once_and_under_its_own_id():
    signs = dressing_signs(QUARTERS, INVOICES)
    for measure, frame, truth in (
        (warning_by_year, Z, ENDS),
        (cost_of_disagreement, GRADES, TRUTH),
        (alarm_table, signs, DRESSED),
    ):
        assert len(measure(frame, truth))
        with pytest.raises(BadRowsError, match="more than once"):
            measure(frame, pd.concat([truth, truth.head(1)]))
        with pytest.raises(BadRowsError, match="more than once"):
            measure(pd.concat([frame, frame.head(1)]), truth)
        with pytest.raises(WrongTypeError, match="organisation_id holds"):
            measure(frame, truth.astype(TEXT))
        elsewhere = truth.assign(organisation_id=truth["organisation_id"] + 1_000)
        with pytest.raises(EmptyError, match="no organisation_id is in both"):
            measure(frame, elsewhere)


def test_numbers_are_not_compared_with_the_same_numbers_as_text():
    numbers = pd.Series([1, 2, 3] * 20, name="late")
    with pytest.raises(WrongTypeError, match="late holds"):
        stability(numbers, numbers.astype("str"))


@pytest.mark.parametrize(
    "without", [find_rings(MARKET.orders).buyers, "7", [7], find_rings(MARKET.orders)]
)
def test_accounts_to_leave_out_are_a_series_of_ids(without):
    with pytest.raises(WrongTypeError, match="without must be a Series"):
        seller_features(MARKET.orders, without=without)


def test_accounts_as_text_would_leave_nobody_out():
    ids = MARKET.orders["buyer_id"].astype("str").head()
    with pytest.raises(WrongTypeError, match="buyer_id holds"):
        seller_features(MARKET.orders, without=ids)


def test_months_count_on_from_year_to_year():
    months = [202307, 202311, 202312, 202406]
    orders = pd.DataFrame({"seller_id": 1, "buyer_id": range(4), "month": months})
    orders = orders.assign(amount_cny=1.0, returned=False)
    with pytest.raises(OutOfRangeError, match=r"202406.* make year"):
        seller_features(orders)
    orders["month"] = orders["month"] // 100 * 12 + orders["month"] % 100
    assert seller_features(orders)["growth"].item() == pytest.approx(0)
    with pytest.raises(WrongTypeError, match="returned must hold True or False"):
        seller_features(orders.assign(returned=5))
    with pytest.raises(WrongTypeError, match="returned must hold True or False"):
        seller_features(orders.assign(returned="no"))


def test_chances_in_percent_and_bounds_that_are_none_are_refused():
    loans = pd.DataFrame({"group": ["A", "B"], "approved": 1, "defaults": [0, 1], "p": [0.0, 1.0]})
    assert len(group_rates(loans, chance="p")) == 10
    for wrong in (30.0, -0.01, 1.01):
        with pytest.raises(OutOfRangeError, match=r"chances in \[0, 1\]"):
            group_rates(loans.assign(p=wrong), chance="p")
    for bounds in ([0.05, np.nan], [np.nan], [0.1, 0.1], [0.0, 0.1], [0.1, 1.0], []):
        with pytest.raises(OutOfRangeError, match="bounds must rise"):
            credit_grades(pd.Series([0.1]), bounds=bounds, loss_given_default=0.5, funding=0.03)


@pytest.mark.parametrize("grades", [pd.Series(["a", "b", "a"]), [1, 2, 1], None])
def test_grades_without_a_distance_have_no_kappa(grades):
    with pytest.raises(WrongTypeError):
        weighted_kappa(grades, pd.Series([1, 2, 3]))
