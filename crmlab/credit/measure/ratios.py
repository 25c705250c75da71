"""What statements say: the thirteen ratios, DuPont's tree, common size, trends and peers."""

from __future__ import annotations

from typing import Literal

import numpy as np
import pandas as pd

from crmlab._checks import require_columns
from crmlab.credit.lines import (
    ASSETS,
    COSTS,
    CURRENT_ASSETS,
    CURRENT_LIABILITIES,
    KEYS,
    LIABILITIES,
    NAMES,
    Statements,
    amounts_of,
)
from crmlab.credit.measure.statements import require_sound
from crmlab.errors import UnknownNameError

# group, ratio, Chinese, formula; the formulas are the standard ones, the names the course's.
_GUIDE = (
    ("solvency", "current_ratio", "流动比率", "current assets / current liabilities"),
    ("solvency", "quick_ratio", "速动比率", "(current assets - stock) / current liabilities"),
    ("solvency", "cash_flow_ratio", "现金流动负债比率", "operating cash / current liabilities"),
    ("solvency", "debt_to_assets", "资产负债率", "total liabilities / total assets"),
    ("operations", "receivable_turnover", "应收账款周转率", "sales / average receivables"),
    ("operations", "inventory_turnover", "存货周转率", "cost of sales / average inventory"),
    ("operations", "current_asset_turnover", "流动资产周转率", "sales / average current assets"),
    ("operations", "fixed_asset_turnover", "固定资产周转率", "sales / average fixed assets"),
    ("operations", "total_asset_turnover", "总资产周转率", "sales / average total assets"),
    ("profitability", "profit_margin", "销售利润率", "net profit / sales"),
    ("profitability", "profit_on_cost", "成本费用利润率", "total profit / (costs + expenses)"),
    ("profitability", "asset_profit_rate", "总资产利润率", "total profit / average total assets"),
    ("profitability", "return_on_assets", "资产收益率", "net profit / average total assets"),
)
RATIOS = tuple(ratio for _, ratio, _, _ in _GUIDE)
DAYS = 365


def ratio_guide() -> pd.DataFrame:
    """Return the thirteen ratios: group, ratio, ratio_zh and formula, all str.

    Total profit is profit before tax. The course's 资产收益率 repeats its 总资产利润率; here it
    takes net profit, and `financial_ratios` adds the return on equity.
    """
    return pd.DataFrame(_GUIDE, columns=["group", "ratio", "ratio_zh", "formula"]).astype("str")


def financial_ratios(
    statements: pd.DataFrame, *, unit: str = "cny", faults: Literal["refuse", "keep"] = "refuse"
) -> pd.DataFrame:
    """Return the thirteen ratios of every firm and year, and the days of two turnovers.

    An average is (opening + closing) / 2; the opening balance is the closing one of the year
    before, so turnovers of a firm's first year are missing. So is whatever would be divided by
    zero. Sales stand for credit sales, which statements do not tell apart.

    Parameters
    ----------
    statements : DataFrame, as `statement_faults` reads it
    unit : str
        Ending of the columns; "" for none.
    faults : "refuse" or "keep"
        What to do with statements that `statement_faults` finds wrong.

    Returns
    -------
    DataFrame, one row per firm and year, by both
        organisation_id : int64 or str; year : int64
        the ratios of `ratio_guide` : float64; turnovers in times a year, the others as shares
        return_on_equity : float64, net profit / average equity
        receivable_days, inventory_days : float64, 365 / turnover

    Raises
    ------
    MissingColumnsError
        If a line is missing.
    BadRowsError
        If the statements have faults and `faults` is "refuse"; its `table` lists all of them.
    UnknownNameError
        If `faults` is neither word.

    See Also
    --------
    ratio_guide : the formulas.

    Source
    ------
    Penman (2013), Financial Statement Analysis and Security Valuation, 5th ed., McGraw-Hill,
    ISBN 978-0-07-802531-0.

    Examples
    --------
    >>> from crmlab.credit import simulate_statements
    >>> financial_ratios(simulate_statements(1, seed=1))[["year", "current_ratio"]].round(2)
       year  current_ratio
    0  2022           1.42
    1  2023           1.24
    2  2024           1.11
    """
    if faults not in ("refuse", "keep"):
        raise UnknownNameError.among("way to treat faults", faults, ["refuse", "keep"])
    if faults == "refuse":
        require_sound(statements, unit=unit)
    book = Statements(statements, unit=unit)
    current, assets = book.total(*CURRENT_ASSETS), book.total(*ASSETS)
    due, sales = book.total(*CURRENT_LIABILITIES), book["sales"]
    profit, cost = book["net_profit"] + book["tax"], book.total(*COSTS)
    per = {
        "current_ratio": (current, due),
        "quick_ratio": (current - book["inventory"], due),
        "cash_flow_ratio": (_or_missing(book, "operating_cash"), due),
        "debt_to_assets": (book.total(*LIABILITIES), assets),
        "receivable_turnover": (sales, book.average(book["receivables"])),
        "inventory_turnover": (book["cost_of_sales"], book.average(book["inventory"])),
        "current_asset_turnover": (sales, book.average(current)),
        "fixed_asset_turnover": (sales, book.average(book["fixed_assets"])),
        "total_asset_turnover": (sales, book.average(assets)),
        "profit_margin": (book["net_profit"], sales),
        "profit_on_cost": (profit, cost),
        "asset_profit_rate": (profit, book.average(assets)),
        "return_on_assets": (book["net_profit"], book.average(assets)),
        "return_on_equity": (book["net_profit"], book.average(book["equity"])),
    }
    table = book.frame[[*KEYS]].copy()
    for name, (top, bottom) in per.items():
        table[name] = divided(top, bottom)
    for what in ("receivable", "inventory"):
        table[f"{what}_days"] = divided(DAYS, table[f"{what}_turnover"])
    return table


def dupont(
    statements: pd.DataFrame, *, unit: str = "cny", faults: Literal["refuse", "keep"] = "refuse"
) -> pd.DataFrame:
    """Return DuPont's tree: what makes up the return on equity of each firm and year.

    return on equity = (net profit / sales) (sales / assets) (assets / equity), the last two with
    averages, and net profit / sales = (net / total profit) (total profit / EBIT) (EBIT / sales).

    Parameters
    ----------
    statements, unit, faults : as for `financial_ratios`

    Returns
    -------
    DataFrame, one row per firm and year
        organisation_id : int64 or str; year : int64
        return_on_equity, profit_margin, asset_turnover, equity_multiplier : float64
        tax_burden, interest_burden, operating_margin : float64, whose product is the margin

    Raises
    ------
    MissingColumnsError, BadRowsError, UnknownNameError
        As `financial_ratios`.

    Examples
    --------
    >>> from crmlab.credit import simulate_statements
    >>> tree = dupont(simulate_statements(1, seed=1)).iloc[-1]
    >>> product = tree["profit_margin"] * tree["asset_turnover"] * tree["equity_multiplier"]
    >>> bool(abs(product - tree["return_on_equity"]) < 1e-12)
    True
    """
    ratios = financial_ratios(statements, unit=unit, faults=faults)
    book = Statements(statements, unit=unit)
    total_profit = book["net_profit"] + book["tax"]
    ebit = total_profit + book["interest"]
    assets, equity = (book.average(one) for one in (book.total(*ASSETS), book["equity"]))
    return ratios[[*KEYS, "return_on_equity", "profit_margin"]].assign(
        asset_turnover=ratios["total_asset_turnover"],
        equity_multiplier=divided(assets, equity),
        tax_burden=divided(book["net_profit"], total_profit),
        interest_burden=divided(total_profit, ebit),
        operating_margin=divided(ebit, book["sales"]),
    )


def common_size(statements: pd.DataFrame, *, unit: str = "cny") -> pd.DataFrame:
    """Return each line as a share: flows of the year's sales, balances of total assets.

    Parameters
    ----------
    statements : DataFrame, as `statement_faults` reads it
    unit : str, ending of the columns; "" for none

    Returns
    -------
    DataFrame, one row per firm, year and line
        organisation_id, year; line : str; share : float64, missing where the base is zero
        growth : float64, of the amount since the year before; missing in the first year

    Raises
    ------
    MissingColumnsError
        If a line is missing.

    Examples
    --------
    >>> from crmlab.credit.simulate import simulate_statements
    >>> statements = simulate_statements(20, seed=1)
    >>> common_size(statements)[["line", "share"]].head(3).round(2)
                line  share
    0          sales   1.00
    1  cost_of_sales   0.74
    2       expenses   0.23
    """
    book = Statements(statements, unit=unit)
    balances = {*ASSETS, *LIABILITIES, "equity", "retained_earnings"}
    base = {True: book.total(*ASSETS), False: book["sales"]}
    tables = []
    for line in NAMES:
        if line in KEYS or not book.has(line):
            continue
        amount = book[line]
        share = divided(amount, base[line in balances])
        growth = divided(amount, book.before(amount)) - 1
        tables.append(book.frame[[*KEYS]].assign(line=line, share=share, growth=growth))
    whole = pd.concat(tables, ignore_index=True)
    return whole.sort_values([*KEYS], ignore_index=True, kind="stable")


def peer_percentiles(ratios: pd.DataFrame) -> pd.DataFrame:
    """Return where each firm stands among all firms of the same year, ratio by ratio.

    Parameters
    ----------
    ratios : DataFrame, as returned by `financial_ratios`

    Returns
    -------
    DataFrame, one row per firm, year and ratio
        organisation_id, year; ratio : str; value : float64
        percentile : float64 in (0, 1), the share of firms with a smaller value, equal ones half
        median : float64, of the firms of that year

    Raises
    ------
    MissingColumnsError
        If a column is missing.

    Examples
    --------
    >>> from crmlab.credit import simulate_statements
    >>> ratios = financial_ratios(simulate_statements(99, seed=1))
    >>> float(peer_percentiles(ratios)["percentile"].median())
    0.5
    """
    require_columns(ratios, *KEYS, *RATIOS)
    numbers = ratios[[*KEYS]].assign(**{name: amounts_of(ratios, name) for name in RATIOS})
    rows = numbers.melt([*KEYS], [*RATIOS], var_name="ratio", value_name="value")
    rows = rows.astype({"ratio": "str"})
    by = rows.groupby(["year", "ratio"])["value"]
    rows["percentile"] = (by.rank(method="average") - 0.5) / by.transform("count")
    rows["median"] = by.transform("median")
    return rows.sort_values([*KEYS], ignore_index=True, kind="stable")


def divided(top: pd.Series | float, bottom: pd.Series) -> pd.Series:
    """Return a quotient, missing where it would be divided by zero."""
    return top / bottom.where(bottom != 0, np.nan)


def _or_missing(book: Statements, line: str) -> pd.Series:
    """Return a line, or nothing but missing values where the statements have none."""
    return book[line] if book.has(line) else pd.Series(np.nan, book.frame.index)
