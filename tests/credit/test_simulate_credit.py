"""simulate_statements and simulate_loans: every sentence of their docstrings, as a test."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crmlab.credit import simulate_loans, simulate_statements
from crmlab.errors import MissingColumnsError, OutOfRangeError

N = 4_000


@pytest.fixture(scope="module")
def organisations():
    rng = np.random.default_rng(71)
    number, quality = np.arange(1, N + 1), rng.normal(size=N)
    sales = np.exp(rng.normal(16, 1, N))
    return pd.DataFrame({"organisation_id": number, "quality": quality, "annual_sales_cny": sales})


@pytest.fixture(scope="module")
def statements(organisations):
    return simulate_statements(organisations, seed=np.random.default_rng(72))


@pytest.fixture(scope="module")
def world(organisations, statements):
    rng = np.random.default_rng(73)
    return simulate_loans(organisations, statements=statements, seed=rng)


def fen(frame, *names):
    return sum(np.rint(frame[f"{name}_cny"].to_numpy() * 100).astype(np.int64) for name in names)


# what balances


def test_assets_are_liabilities_and_equity_to_the_fen(statements):
    assets = fen(statements, "cash", "receivables", "inventory", "fixed_assets")
    claims = fen(statements, "payables", "short_debt", "long_debt", "equity")
    assert (assets == claims).all()


def test_cash_flows_tie_the_years_to_the_fen(statements):
    flows = fen(statements, "operating_cash", "investing_cash", "financing_cash")
    assert (fen(statements, "opening_cash") + flows == fen(statements, "cash")).all()
    closing = statements.groupby("organisation_id")["cash_cny"].shift()
    later = closing.notna()
    assert later.sum() == 2 * N
    assert (closing[later] == statements.loc[later, "opening_cash_cny"]).all()


def test_equity_moves_by_what_is_earned_and_not_paid_out(statements):
    money = fen(statements, "equity") - fen(statements, "net_profit") + fen(statements, "dividends")
    before = pd.Series(fen(statements, "equity")).groupby(statements["organisation_id"]).shift()
    later = before.notna()
    assert (money[later] == before[later]).all()


def test_the_income_statement_adds_up_and_its_rates_are_those_documented(statements):
    costs = fen(statements, "cost_of_sales", "expenses", "depreciation", "interest", "tax")
    assert (fen(statements, "sales") - costs == fen(statements, "net_profit")).all()
    profit = statements["net_profit_cny"] + statements["tax_cny"]
    assert np.allclose(statements["tax_cny"], 0.25 * profit.clip(lower=0), atol=0.01)
    paid = 0.3 * statements["net_profit_cny"].clip(lower=0)
    assert np.allclose(statements["dividends_cny"], paid, atol=0.01)
    debt = statements["short_debt_cny"] + statements["long_debt_cny"]
    before = debt.groupby(statements["organisation_id"]).shift()
    assert np.allclose(
        statements["interest_cny"][before.notna()], 0.06 * before.dropna(), atol=0.01
    )
    assert (debt >= 0).all()
    assert (statements["cash_cny"] >= 0.05 * statements["sales_cny"] - 0.01).all()


# what is planted


def test_margins_grow_with_quality_as_documented(statements, organisations):
    last = statements[statements["year"] == 2024]
    margin = (1 - last["cost_of_sales_cny"] / last["sales_cny"]).to_numpy()
    quality = organisations["quality"].to_numpy()
    slope, level = np.polyfit(quality, margin, 1)
    # Noise of 0.02 around the line: 3 standard errors at n = 4,000.
    error = 3 * 0.02 / np.sqrt(N)
    assert level == pytest.approx(0.30, abs=error)
    assert slope == pytest.approx(0.03, abs=error / quality.std())


def test_receivables_stand_for_45_days_of_sales(statements):
    days = np.log(statements["receivables_cny"] / statements["sales_cny"] * 365)
    error = 3 * 0.2 / np.sqrt(3 * N)
    assert days.mean() == pytest.approx(np.log(45), abs=error)


def logit_fit(x, y):
    """Newton's method for a logistic regression: coefficients and their covariance."""
    beta = np.zeros(x.shape[1])
    for _ in range(30):
        p = 1 / (1 + np.exp(-x @ beta))
        information = x.T @ (x * (p * (1 - p))[:, None])
        beta = beta + np.linalg.solve(information, x.T @ (y - p))
    return beta, np.linalg.inv(information)


def test_default_is_logistic_in_quality_and_leverage(world, organisations):
    truth = world.truth.merge(organisations, left_on="loan_id", right_on="organisation_id")
    x = np.c_[np.ones(len(truth)), truth["quality"], truth["leverage"] - 0.645]
    beta, covariance = logit_fit(x, truth["defaults"].to_numpy(dtype=float))
    planted = np.array([np.log(0.1 / 0.9), -1.0, 2.0])
    assert (np.abs(beta - planted) < 3 * np.sqrt(np.diag(covariance))).all()


def test_the_true_probability_is_calibrated_and_seven_in_ten_borrow(world):
    chance = world.truth["default_probability"]
    error = 3 * np.sqrt((chance * (1 - chance)).sum())
    assert world.truth["defaults"].sum() == pytest.approx(chance.sum(), abs=error)
    assert len(world.loans) / N == pytest.approx(0.7, abs=3 * np.sqrt(0.21 / N))


def test_rates_follow_the_risk_and_the_rate_of_default_is_that_of_a_usual_firm(world):
    risk = 0.03 + 0.25 * world.truth["default_probability"]
    assert (world.loans["yearly_rate"] - risk).between(-5.1e-5, 0.02 + 5.1e-5).all()
    # 0.645 is the mean leverage of these firms, whose standard deviation is about 0.15.
    leverage = world.truth["leverage"]
    assert leverage.mean() == pytest.approx(0.645, abs=3 * leverage.std() / np.sqrt(len(leverage)))


def test_leverage_is_that_of_the_statements_of_2022(world, statements):
    rows = statements[statements["year"] == 2022].set_index("organisation_id")
    rows = rows.loc[world.loans["organisation_id"]]
    owed = rows[["payables_cny", "short_debt_cny", "long_debt_cny"]].sum(axis=1)
    assets = rows[["cash_cny", "receivables_cny", "inventory_cny", "fixed_assets_cny"]].sum(axis=1)
    assert np.allclose(world.truth["leverage"], owed / assets)


# what hangs together


def test_loans_fall_due_in_twelve_equal_months_and_defaulters_stop_for_good(world):
    rows = world.repayments.merge(world.truth, on="loan_id").merge(world.loans, on="loan_id")
    # What is owed grows by a twelfth of the rate each month, and twelve instalments pay it off.
    month = 1 + world.loans["yearly_rate"] / 12
    due = rows.groupby("loan_id")["due_cny"].first()
    left = world.loans["amount_cny"].to_numpy()
    for _ in range(12):
        left = left * month.to_numpy() - due.to_numpy()
    assert np.abs(left).max() < 12 * 0.006
    assert rows.groupby("loan_id")["due_cny"].nunique().max() == 1
    paid = rows["paid_on"].notna()
    assert (paid == (~rows["defaults"] | (rows["month"] < rows["stops_in_month"]))).all()
    assert (rows["paid_cny"] == rows["due_cny"].where(paid, 0)).all()
    late = (rows["paid_on"] - rows["due_on"]).dt.days[paid]
    warns = rows["defaults"] & (rows["month"] >= rows["stops_in_month"] - 3)
    assert late[~warns[paid]].between(0, 10).all()
    assert late[warns[paid]].between(5, 30).all()
    assert rows["due_on"].max() <= pd.Timestamp("2024-12-31")
    assert ((world.truth["stops_in_month"] > 0) == world.truth["defaults"]).all()
    sales = rows["amount_cny"].to_numpy()
    assert (sales > 0).all()


# for any data


@settings(max_examples=15)
@given(st.integers(1, 20), st.integers(1, 5), st.integers(0, 99))
def test_any_number_of_statements_balances(n, years, seed):
    table = simulate_statements(n, years=years, seed=seed)
    assert len(table) == n * years
    assets = fen(table, "cash", "receivables", "inventory", "fixed_assets")
    assert (assets == fen(table, "payables", "short_debt", "long_debt", "equity")).all()
    pd.testing.assert_frame_equal(table, simulate_statements(n, years=years, seed=seed))


@settings(max_examples=15)
@given(st.integers(1, 20), st.integers(0, 99))
def test_any_number_of_organisations_gives_the_same_loans_again(n, seed):
    for one, same in zip(simulate_loans(n, seed=seed), simulate_loans(n, seed=seed), strict=True):
        pd.testing.assert_frame_equal(one, same)


# when misused


@pytest.mark.parametrize(
    ("make", "argument", "message"),
    [
        (simulate_statements, {"n": 0}, "n must be 1 or more; got 0"),
        (simulate_statements, {"years": 0}, "years must be 1 or more; got 0"),
        (simulate_loans, {"n": 0}, "n must be 1 or more; got 0"),
        (simulate_loans, {"default_rate": 10}, r"default_rate must lie in \[0.01, 0.5\]; got 10"),
    ],
)
def test_refuses_what_is_outside_its_range(make, argument, message):
    with pytest.raises(OutOfRangeError, match=message):
        make(**{"n": 5, "seed": 0} | argument)


def test_organisations_without_quality_are_refused(organisations):
    with pytest.raises(MissingColumnsError, match="quality"):
        simulate_statements(organisations.drop(columns="quality"), seed=0)
