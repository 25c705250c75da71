"""simulate_dressing and dressing_signs: the day of the balance sheet is not like other days."""

import numpy as np
import pandas as pd
import pytest
from scipy.stats import binom

from crmlab.credit import alarm_table, benford_p, dressing_signs, simulate_dressing
from crmlab.errors import CrmlabError

SEEDS = range(20)


def test_dressers_are_found_and_honest_seasons_give_false_alarms():
    """On twenty seeds: two signs together accuse fewer honest firms than any one, at less cost."""
    total = None
    for seed in SEEDS:
        quarters, invoices, truth = simulate_dressing(300, seed=seed)
        table = alarm_table(dressing_signs(quarters, invoices), truth).set_index("sign")
        total = table if total is None else total + table
    found = total["found"] / total["dressers"]
    false = total["false_alarms"] / total["honest"]
    assert found["two or more"] > 0.6
    assert false["two or more"] < 0.01
    # A season looks like dressing to the closing ratio, and to nothing else.
    assert false["closing"] > 3 * false["two or more"]
    assert total.loc["closing", "false_seasonal"] > 0.5 * total.loc["closing", "false_alarms"]


def test_digits_of_honest_invoices_are_benfords_in_all_but_the_promised_share():
    quarters, invoices, _ = simulate_dressing(2_000, dressers=0, seed=1)
    accused = dressing_signs(quarters, invoices, p_value=0.05)["digits"].sum()
    # Lognormal amounts of sigma 1.8 follow the law nearly; 5 % of 2,000, three standard errors.
    assert binom.ppf(0.0013, 2_000, 0.05) <= accused <= binom.ppf(0.9987, 2_000, 0.055)


def test_nobody_dresses_where_strength_is_nothing():
    plain = simulate_dressing(50, dressers=0.5, strength=0, seed=2)
    none = simulate_dressing(50, dressers=0.0, strength=0, seed=2)
    money = [name for name in plain.quarters if name.endswith("_cny")]
    np.testing.assert_allclose(plain.quarters[money], none.quarters[money])


def test_signs_by_hand():
    rows = [
        (1, 2024, quarter, 100.0, 10.0, 2.0, 10.0, 10.0, 10.0, 10.0, debt)
        for quarter, debt in ((1, 20.0), (2, 20.0), (3, 20.0), (4, 5.0))
    ]
    money = ["sales", "net_profit", "operating_cash", "cash", "receivables", "inventory"]
    columns = ["organisation_id", "year", "quarter"]
    columns += [f"{name}_cny" for name in [*money, "payables", "short_debt"]]
    invoices = pd.DataFrame({"organisation_id": [1] * 300, "amount_cny": [1.0, 20.0, 300.0] * 100})
    signs = dressing_signs(pd.DataFrame(rows, columns=columns), invoices).iloc[0]
    # 30/15 over the mean of 1, 1, 1 and 2; profit of 40 less cash of 8, over 30.
    assert signs["closing_over_average"] == pytest.approx(2 / 1.25)
    assert signs["accrual_share"] == pytest.approx(32 / 30)
    assert signs["signs"] == 3


def test_first_digits_are_read_at_every_power_of_ten():
    amounts = pd.Series([10.0**k * d for k in range(-3, 8) for d in range(1, 10)])
    even = benford_p(amounts)
    assert even < 0.01
    assert np.isnan(benford_p(pd.Series([0.0, -5.0])))
    wanted = np.repeat(
        np.arange(1.0, 10), np.rint(3_000 * np.log10(1 + 1 / np.arange(1, 10))).astype(int)
    )
    assert benford_p(pd.Series(wanted)) > 0.99


def test_what_cannot_be_used_is_refused():
    quarters, invoices, truth = simulate_dressing(5, seed=1)
    with pytest.raises(CrmlabError):
        dressing_signs(quarters.iloc[:0], invoices)
    with pytest.raises(CrmlabError):
        dressing_signs(quarters.drop(columns="cash_cny"), invoices)
    with pytest.raises(CrmlabError):
        alarm_table(dressing_signs(quarters, invoices), truth.drop(columns="seasonal"))
    for wrong in ({"n": 0}, {"dressers": 2}, {"strength": -1}, {"seed": None}):
        with pytest.raises(CrmlabError):
            simulate_dressing(**({"n": 5, "seed": 1} | wrong))
