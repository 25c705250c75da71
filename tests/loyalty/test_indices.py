"""loyalty_index, potential_index and wallet: which share of the purse is ours."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.integrate import quad
from scipy.stats import beta, norm

from crmlab.company import load_company
from crmlab.customers.simulate import simulate_people
from crmlab.errors import BadRowsError, MissingColumnsError, OutOfRangeError
from crmlab.loyalty import loyalty_index, potential_index, wallet

PEOPLE = pd.DataFrame({"customer_id": [3, 1, 2], "category_spend_cny": [500.0, 1_000.0, np.nan]})
BOUGHT = pd.DataFrame(
    {
        "customer_id": [1, 1, 3],
        "date": pd.to_datetime(["2023-12-31", "2024-12-30", "2024-12-30"]),
        "amount": [400.0, -100.0, 300.0],
    }
)

# by hand


@pytest.mark.curriculum("S42")
def test_300_of_1000_is_a_loyalty_of_030_and_a_potential_of_070():
    assert loyalty_index(300, 1_000) == 0.30
    assert potential_index(300, 1_000) == 0.70


def test_series_give_series_and_nothing_spent_anywhere_gives_nothing():
    ours, total = pd.Series([300.0, 0.0, 5.0], index=[7, 8, 9]), pd.Series([1e3, 0, np.nan])
    total.index = ours.index
    expected = pd.Series([0.3, np.nan, np.nan], index=[7, 8, 9], name="loyalty_index")
    pd.testing.assert_series_equal(loyalty_index(ours, total), expected)
    rest = potential_index(ours, 1_000.0)
    assert rest.tolist() == [0.7, 1.0, 0.995]
    assert rest.name == "potential_index"
    assert np.isnan(loyalty_index(0, 0))


def test_wallet_divides_by_the_years_and_raises_what_was_said_too_low():
    table = wallet(PEOPLE, BOUGHT)
    # Customer 1: 300 net in 365 days; 3: 300 on the last day, taken as a quarter: 1,200 a year.
    assert table["customer_id"].tolist() == [1, 2, 3]
    np.testing.assert_allclose(table["spend_per_year"], [300 * 365.25 / 365, 0, 1_200])
    assert table["was_raised"].tolist() == [False, False, True]
    np.testing.assert_allclose(table["loyalty_index"], [0.3 * 365.25 / 365, np.nan, 1.0])
    np.testing.assert_allclose(table["potential_index"], 1 - table["loyalty_index"])


def test_more_returned_than_bought_counts_as_nothing():
    bought = BOUGHT.assign(amount=[100.0, -400.0, 300.0])
    assert wallet(PEOPLE, bought)["spend_per_year"].iloc[0] == 0


# against the formula


def test_wallet_gives_the_indices_of_the_people_table():
    company, _ = load_company()
    table = wallet(company.people, company.purchases, as_of="2024-12-31")
    # The table has four decimals.
    for name in ("loyalty_index", "potential_index"):
        np.testing.assert_allclose(table[name], company.people[name], atol=0.51e-4)


@pytest.mark.curriculum("S42")
def test_what_customers_say_recovers_the_true_share_but_for_the_error_they_make():
    n = 50_000
    people, truth = simulate_people(n, seed=11)
    said = people.people["category_spend_cny"]
    index = loyalty_index(pd.Series(1_000.0, index=said.index), said)
    error = index - truth["wallet_share"]

    # index = min(share * exp(-e), 1) with share ~ Beta(3, 3), e ~ N(0, 0.1): by integration.
    def moment(power):
        def given(share):
            def inner(e):
                return (min(share * np.exp(-e), 1) - share) ** power * norm.pdf(e, 0, 0.1)

            return quad(inner, -0.8, 0.8, points=[np.log(share)], limit=100)[0]

        return quad(lambda share: given(share) * beta.pdf(share, 3, 3), 0.001, 0.999)[0]

    bias, spread = moment(1), np.sqrt(moment(2))
    # 3 standard errors of a mean and of a root mean square (kurtosis below 6) at n.
    assert error.mean() == pytest.approx(bias, abs=3 * spread / np.sqrt(n))
    assert np.sqrt((error**2).mean()) == pytest.approx(spread, rel=3 * np.sqrt(5 / (4 * n)))
    assert abs(bias) < 0.003 < spread < 0.055


# for any data

money = st.floats(0, 1e9)


@given(st.lists(st.tuples(money, money), min_size=1))
def test_both_indices_are_shares_and_sum_to_one(pairs):
    ours, more = pd.DataFrame(pairs).to_numpy().T
    loyal = loyalty_index(pd.Series(ours), pd.Series(ours + more))
    rest = potential_index(pd.Series(ours), pd.Series(ours + more))
    assert (loyal.isna() == (ours + more == 0)).all()
    assert loyal.dropna().between(0, 1).all()
    np.testing.assert_allclose((loyal + rest).dropna(), 1)


def test_row_order_does_not_matter_and_nothing_is_changed():
    before = PEOPLE.copy(), BOUGHT.copy()
    one, other = wallet(PEOPLE, BOUGHT), wallet(PEOPLE.iloc[::-1], BOUGHT.iloc[::-1])
    pd.testing.assert_frame_equal(one, other)
    pd.testing.assert_frame_equal(PEOPLE, before[0])
    pd.testing.assert_frame_equal(BOUGHT, before[1])


# when misused


@pytest.mark.parametrize(
    ("ours", "total", "words"),
    [
        (300, 200, "total_spend lies below spend_with_us"),
        (-1, 5, "spend_with_us is below 0 or infinite"),
        (1, np.inf, "total_spend is below 0 or infinite"),
    ],
)
def test_refuses_what_cannot_be(ours, total, words):
    with pytest.raises(OutOfRangeError, match=words):
        loyalty_index(ours, total)


def test_names_the_rows_and_refuses_series_that_do_not_fit():
    with pytest.raises(OutOfRangeError, match=r"category_spend lies .* row\(s\) \[1\]"):
        potential_index(pd.Series([1.0, 9.0]), pd.Series([2.0, 3.0]))
    with pytest.raises(OutOfRangeError, match="not the same index"):
        loyalty_index(pd.Series([1.0]), pd.Series([2.0], index=[5]))
    with pytest.raises(OutOfRangeError, match="must be a Series"):
        loyalty_index(1.0, pd.Series([2.0]))


def test_wallet_refuses_frames_that_are_not_its_own():
    with pytest.raises(MissingColumnsError, match="total=…"):
        wallet(PEOPLE.drop(columns="category_spend_cny"), BOUGHT)
    with pytest.raises(BadRowsError, match="stand more than once in people"):
        wallet(pd.concat([PEOPLE, PEOPLE]), BOUGHT)
    with pytest.raises(OutOfRangeError, match="0 or more for every customer"):
        wallet(PEOPLE.assign(category_spend_cny=-1.0), BOUGHT)
    with pytest.raises(OutOfRangeError, match="least_years must be"):
        wallet(PEOPLE, BOUGHT, least_years=0)


@pytest.mark.parametrize("odd", ["300", [300, 200], pd.Series(["300"]), np.array([300])])
def test_an_index_of_what_is_no_number_is_refused(odd):
    with pytest.raises(OutOfRangeError, match="spend_with_us must be a number or a Series"):
        loyalty_index(odd, pd.Series([1_000.0]))
    with pytest.raises(OutOfRangeError, match="category_spend must be a number or a Series"):
        potential_index(pd.Series([1.0]), odd)
