"""statement_faults, financial_ratios, dupont, altman_z and read_statements."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crmlab.credit import (
    altman_z,
    common_size,
    dupont,
    financial_ratios,
    peer_percentiles,
    ratio_guide,
    read_statements,
    simulate_loans,
    simulate_statements,
    statement_faults,
    warning_by_year,
)
from crmlab.errors import (
    AmbiguousError,
    BadRowsError,
    CrmlabError,
    EmptyError,
    MissingColumnsError,
    UnknownNameError,
    UnreadableFileError,
)

# Two years of one firm, in round numbers: assets 200 = current 200; half of what is owed is due.
YEAR = {
    "sales": 1_000.0, "cost_of_sales": 800.0, "expenses": 120.0, "depreciation": 10.0,
    "interest": 10.0, "tax": 10.0, "net_profit": 50.0, "dividends": 0.0,
    "cash": 20.0, "receivables": 100.0, "inventory": 80.0, "fixed_assets": 0.0,
    "payables": 60.0, "short_debt": 40.0, "long_debt": 20.0, "equity": 80.0,
}  # fmt: skip


def firm(*changes, unit="", **both):
    rows = [{**YEAR, **both, **change} for change in (changes or ({}, {}))]
    table = pd.DataFrame(rows)
    table = table.rename(columns=lambda name: f"{name}_{unit}" if unit else name)
    table.insert(0, "organisation_id", 7)
    table.insert(1, "year", range(2023, 2023 + len(table)))
    return table


LAST = financial_ratios(firm(), unit="").iloc[-1]

# by hand


@pytest.mark.curriculum("S90")
def test_current_200_inventory_80_due_100_make_2_and_1_2_and_debt_60_of_100_is_60_percent():
    assert LAST["current_ratio"] == 2.0
    assert LAST["quick_ratio"] == 1.2
    assert LAST["debt_to_assets"] == 0.6
    half = firm(fixed_assets=100.0, cash=0.0, receivables=0.0, inventory=0.0,
                payables=60.0, short_debt=0.0, long_debt=0.0, equity=40.0)  # fmt: skip
    assert financial_ratios(half, unit="")["debt_to_assets"].tolist() == [0.6, 0.6]


@pytest.mark.curriculum("S91")
def test_sales_1000_on_average_receivables_of_100_turn_ten_times_in_36_5_days():
    table = financial_ratios(
        firm({"receivables": 80.0, "cash": 40.0}, {"receivables": 120.0, "cash": 0.0}), unit=""
    )
    assert table["receivable_turnover"].tolist()[1:] == [10.0]
    assert table["receivable_days"].tolist()[1:] == [36.5]
    names = ratio_guide().query("group == 'operations'")["ratio"]
    assert len(names) == 5
    assert table.loc[0, names].isna().all()  # no opening balance
    assert LAST[["inventory_turnover", "total_asset_turnover"]].tolist() == [10.0, 5.0]
    assert LAST[["current_asset_turnover"]].tolist() == [5.0]
    assert np.isnan(LAST["fixed_asset_turnover"])  # nothing to divide by


@pytest.mark.curriculum("S92")
def test_a_profit_of_50_on_sales_of_1000_is_5_percent():
    assert LAST["profit_margin"] == 0.05
    names = ratio_guide().query("group == 'profitability'")["ratio"]
    assert len(names) == 4
    # I35: total profit 60 on costs of 940, and on assets of 200; ROA takes the net profit.
    assert LAST[names].tolist() == [0.05, 60 / 940, 0.3, 0.25]
    assert LAST["return_on_equity"] == 50 / 80


def test_thirteen_ratios_have_names_in_both_languages():
    guide = ratio_guide()
    assert len(guide) == 13
    assert guide["ratio_zh"].is_unique
    assert set(guide["ratio"]) <= set(LAST.index)


def test_the_branches_of_duponts_tree_multiply_to_its_root():
    tree = dupont(simulate_statements(50, seed=12)).dropna()
    root = tree["profit_margin"] * tree["asset_turnover"] * tree["equity_multiplier"]
    np.testing.assert_allclose(root, tree["return_on_equity"])
    margin = tree["tax_burden"] * tree["interest_burden"] * tree["operating_margin"]
    np.testing.assert_allclose(margin, tree["profit_margin"])


def test_common_size_is_of_sales_or_of_assets_and_growth_of_the_year_before():
    table = common_size(firm({}, {"sales": 1_100.0}), unit="").set_index(["year", "line"])
    assert table.loc[(2023, "net_profit"), "share"] == 0.05
    assert table.loc[(2023, "receivables"), "share"] == 0.5
    assert table.loc[(2024, "sales"), "growth"] == pytest.approx(0.1)


def test_percentiles_put_a_firm_among_those_of_its_year():
    ratios = pd.concat(
        [financial_ratios(firm().assign(organisation_id=i), unit="") for i in (1, 2, 3)]
    )
    ratios["current_ratio"] = [1.0, 1.0, 2.0, 2.0, 3.0, 3.0]
    table = peer_percentiles(ratios).query("ratio == 'current_ratio' and year == 2024")
    np.testing.assert_allclose(table["percentile"], [1 / 6, 1 / 2, 5 / 6])
    assert table["median"].unique().tolist() == [2.0]


# against the formula


def test_z_is_that_of_altman_1968():
    one = firm({}, market=240.0).assign(retained_earnings=40.0)
    row = altman_z(one, variant="1968", market_value="market", unit="").iloc[0]
    # 1.2 x .5 + 1.4 x .2 + 3.3 x 70/200 + .6 x 240/120 + 1.0 x 5
    assert row["z"] == pytest.approx(1.2 * 0.5 + 1.4 * 0.2 + 3.3 * 0.35 + 0.6 * 2 + 5)
    assert row["zone"] == "safe"


@pytest.mark.parametrize(("sales", "zone"), [(200.0, "distress"), (400.0, "grey"), (600.0, "safe")])
def test_the_cuts_of_1968_are_1_81_and_2_99(sales, zone):
    bare = dict.fromkeys(YEAR, 0.0) | {"sales": sales, "fixed_assets": 200.0, "equity": 0.0}
    bare |= {"long_debt": 200.0, "expenses": sales}
    row = altman_z(firm({}, **bare, market=0.0), variant="1968", market_value="market", unit="")
    assert (row["z"].item(), row["zone"].item()) == (sales / 200, zone)


def test_a_firm_without_debts_has_no_z():
    free = firm({}, payables=0.0, short_debt=0.0, long_debt=0.0, equity=200.0)
    assert altman_z(free, unit="")["zone"].tolist() == ["unknown"]


def test_the_warning_decays_with_the_years_before():
    """Debts move the simulated risk, and they change from year to year: older ones tell less."""
    early, late = [], []
    for seed in range(20):
        firms = pd.DataFrame({"organisation_id": np.arange(1_500)})
        rng = np.random.default_rng(seed)
        firms["quality"] = rng.normal(size=1_500)
        firms["annual_sales_cny"] = np.exp(rng.normal(16, 1, 1_500))
        books = simulate_statements(firms, years=5, last_year=2024, seed=seed)
        loans = simulate_loans(firms, statements=books, default_rate=0.1, seed=seed)
        truth = loans.truth.rename(columns={"loan_id": "organisation_id"})
        found = warning_by_year(altman_z(books), truth).set_index("year")["auc"]
        early.append(found[2020])
        late.append(found[2022])
    gap = np.array(late) - np.array(early)
    assert gap.mean() > 3 * gap.std(ddof=1) / np.sqrt(20)


# for any data


@settings(max_examples=15)
@given(st.integers(1, 30), st.integers(1, 5), st.integers(0, 10_000))
def test_simulated_statements_have_no_fault_and_one_moved_amount_is_found(n, years, seed):
    table = simulate_statements(n, years=years, seed=seed)
    assert statement_faults(table).empty
    row = seed % len(table)
    table.loc[row, "receivables_cny"] += 1_000
    faults = statement_faults(table)
    assert faults[["organisation_id", "year", "line", "fault"]].to_numpy().tolist() == [
        [*table.loc[row, ["organisation_id", "year"]], "total assets", "balance"]
    ]


@settings(max_examples=10)
@given(st.permutations(range(6)))
def test_the_order_of_the_rows_never_matters(order):
    table = simulate_statements(2, seed=1)
    pd.testing.assert_frame_equal(financial_ratios(table.iloc[order]), financial_ratios(table))


@pytest.mark.parametrize("zero", ["sales", "receivables", "inventory", "equity", "payables"])
def test_division_by_zero_is_a_missing_value_and_never_infinite(zero):
    table = financial_ratios(firm().assign(**{zero: 0.0}), unit="", faults="keep")
    assert not np.isinf(table.drop(columns=["organisation_id", "year"])).to_numpy().any()


@pytest.mark.parametrize(
    ("changes", "fault", "words"),
    [
        ({"cash": np.nan}, "missing", "firm 7, 2023, cash: there is no value"),
        (
            {"cash": -5.0, "equity": 55.0},
            "negative",
            "cash: -5.00 cannot be negative",
        ),
        (
            {"equity": 81.0},
            "balance",
            "200.00, against 201.00 by liabilities and equity",
        ),
        ({"tax": 11.0}, "income", "net_profit: 50.00, against 49.00 by sales less costs and tax"),
        (dict.fromkeys(("payables", "short_debt", "long_debt", "equity"), 0.05), "balance", "万元"),
    ],
)
def test_each_fault_names_firm_year_and_line(changes, fault, words):
    faults = statement_faults(firm(changes, {}), unit="")
    assert words in faults.query(f"fault == '{fault}'")["message"].iloc[0]


def test_years_that_are_missing_twice_there_or_in_another_unit_are_faults():
    table = firm({}, {}, {})
    assert statement_faults(table.drop(1), unit="")["fault"].tolist() == ["gap"]
    assert statement_faults(table.assign(year=2023), unit="")["fault"].tolist() == ["twice"] * 2
    thousand = table.copy()
    thousand.iloc[2, 2:] /= 1_000
    assert "unit" in statement_faults(thousand, unit="")["fault"].tolist()


# a reader's own file

CHINESE = (
    "年度,营业收入,营业成本,期间费用,折旧,财务费用,所得税费用,净利润,货币资金,应收账款,存货,固定资产,"
    "应付账款,短期借款,长期借款,股东权益,备注\n"
    '2023年,"1,000",800,120,10,10,10,50,20,100,80,-,60,40,20,80,好\n'
)


@pytest.mark.parametrize("coding", ["utf-8", "utf-8-sig", "gb18030"])
def test_chinese_lines_are_read_in_every_usual_coding(coding, tmp_path):
    path = tmp_path / "报表.csv"
    path.write_bytes(CHINESE.replace("-", "0").encode(coding))
    table = read_statements(path, unit="")
    assert table.loc[0, ["organisation_id", "year"]].tolist() == [1, 2023]
    assert statement_faults(table, unit="").empty
    assert table["sales"].tolist() == [1_000.0]


def test_english_lines_from_excel_with_units_and_brackets(tmp_path):
    path = tmp_path / "book.xlsx"
    headings = {"sales": "Revenue (CNY)", "receivables": "Accounts Receivable",
                "fixed_assets": "Property, plant and equipment", "tax": "Income tax"}  # fmt: skip
    table = firm().rename(columns=headings).astype({"Income tax": "str"})
    table["Income tax"] = "(10)"
    table.to_excel(path, index=False)
    read = read_statements(path)
    assert read["tax_cny"].tolist() == [-10.0, -10.0]
    assert read["sales_cny"].tolist() == [1_000.0, 1_000.0]
    assert read["organisation_id"].tolist() == [7, 7]


def test_what_is_read_goes_straight_into_every_measure(tmp_path):
    path = tmp_path / "own.csv"
    table = simulate_statements(3, seed=1)
    table.to_csv(path, index=False)
    pd.testing.assert_frame_equal(financial_ratios(read_statements(path)), financial_ratios(table))


def test_an_own_heading_can_be_named(tmp_path):
    path = tmp_path / "own.csv"
    firm().rename(columns={"cash": "Kasse"}).to_csv(path, index=False)
    with pytest.raises(MissingColumnsError, match=r"missing \['cash'\].*names="):
        read_statements(path)
    assert "cash" in read_statements(path, unit="", names={"Kasse": "cash"})
    with pytest.raises(UnknownNameError):
        read_statements(path, names={"Kasse": "money"})


# when misused


def test_faulty_statements_are_refused_and_all_faults_are_handed_over():
    with pytest.raises(BadRowsError, match="List all of them") as caught:
        financial_ratios(firm({"equity": 81.0}, {"equity": 82.0}), unit="")
    assert len(caught.value.table) == 2
    assert len(financial_ratios(firm({"equity": 81.0}, {}), unit="", faults="keep")) == 2


@pytest.mark.parametrize(
    ("text", "error"),
    [
        ("", CrmlabError),
        (CHINESE.splitlines()[0] + "\n", EmptyError),
        (CHINESE.replace("2023年", "last"), BadRowsError),
        (CHINESE.replace("800", "many"), BadRowsError),
        (CHINESE.replace("备注", "存货"), AmbiguousError),
        (CHINESE.replace("备注", "库存").replace("年度", "nothing"), MissingColumnsError),
        (CHINESE.replace("备注", "Inventories"), AmbiguousError),
    ],
)
def test_files_that_cannot_be_read_are_refused(text, error, tmp_path):
    path = tmp_path / "bad.csv"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(error):
        read_statements(path)


def test_other_things_are_refused(tmp_path):
    with pytest.raises(UnreadableFileError):
        read_statements(tmp_path / "absent.csv")
    (tmp_path / "a.pdf").write_bytes(b"%PDF")
    with pytest.raises(UnreadableFileError, match="unknown"):
        read_statements(tmp_path / "a.pdf")
    (tmp_path / "a.xlsx").write_bytes(b"no workbook")
    with pytest.raises(UnreadableFileError):
        read_statements(tmp_path / "a.xlsx")
    with pytest.raises(MissingColumnsError):
        financial_ratios(firm())  # in another unit
    with pytest.raises(EmptyError):
        statement_faults(firm().iloc[:0], unit="")
    with pytest.raises(UnknownNameError):
        altman_z(firm(), variant="1977", unit="")
    with pytest.raises(UnknownNameError):
        financial_ratios(firm(), unit="", faults="ignore")
    with pytest.raises(MissingColumnsError):
        altman_z(firm(), variant="1968", unit="")
