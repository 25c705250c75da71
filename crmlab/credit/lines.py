"""Lines of a financial statement: what they are called here, in English and in Chinese."""

from __future__ import annotations

from typing import Any

import pandas as pd

from crmlab._checks import require_alike, require_columns, require_once, require_values
from crmlab._purchases import plain_ids, plain_numbers
from crmlab.errors import EmptyError, MissingColumnsError, WrongTypeError

# The first name is ours; the others are what readers' files call the same line.
NAMES = {
    "organisation_id": ["organisation", "organization id", "company", "firm", "企业编号", "公司"],
    "year": ["fiscal year", "period", "年度", "年份", "会计年度"],
    "sales": ["revenue", "net sales", "turnover", "营业收入", "主营业务收入", "销售收入"],
    "cost_of_sales": ["cost of goods sold", "cogs", "营业成本", "主营业务成本", "销售成本"],
    "expenses": [
        "operating expenses",
        "selling and administrative expenses",
        "期间费用",
        "营业费用",
    ],
    "depreciation": ["depreciation and amortisation", "折旧", "折旧与摊销"],
    "interest": ["interest expense", "finance cost", "利息支出", "财务费用"],
    "tax": ["income tax", "所得税", "所得税费用"],
    "net_profit": ["net income", "profit after tax", "净利润"],
    "dividends": ["dividends paid", "股利", "分配股利"],
    "cash": ["cash and equivalents", "货币资金", "现金"],
    "receivables": ["accounts receivable", "trade receivables", "应收账款"],
    "inventory": ["inventories", "stock", "存货"],
    "other_current_assets": ["其他流动资产"],
    "fixed_assets": ["property plant and equipment", "ppe", "net fixed assets", "固定资产"],
    "other_assets": ["其他资产", "非流动资产其他"],
    "payables": ["accounts payable", "trade payables", "应付账款"],
    "short_debt": ["short term debt", "short term loans", "短期借款"],
    "other_current_liabilities": ["其他流动负债"],
    "long_debt": ["long term debt", "long term loans", "长期借款"],
    "equity": ["shareholders equity", "total equity", "所有者权益", "股东权益"],
    "retained_earnings": ["留存收益", "未分配利润"],
    "operating_cash": ["operating cash flow", "经营活动现金流量净额"],
    "investing_cash": ["investing cash flow", "投资活动现金流量净额"],
    "financing_cash": ["financing cash flow", "筹资活动现金流量净额"],
    "opening_cash": ["cash at beginning", "期初现金"],
}
KEYS = ("organisation_id", "year")
CURRENT_ASSETS = ("cash", "receivables", "inventory", "other_current_assets")
ASSETS = (*CURRENT_ASSETS, "fixed_assets", "other_assets")
CURRENT_LIABILITIES = ("payables", "short_debt", "other_current_liabilities")
LIABILITIES = (*CURRENT_LIABILITIES, "long_debt")
COSTS = ("cost_of_sales", "expenses", "depreciation", "interest")
CASH_FLOWS = ("operating_cash", "investing_cash", "financing_cash")
# A firm that has none of these leaves the column out.
OPTIONAL = {"other_current_assets", "other_assets", "other_current_liabilities", "dividends"}


class Statements:
    """A frame of statements, sorted by firm and year, whose lines are asked for by name."""

    def __init__(self, frame: pd.DataFrame, *, unit: str = "cny") -> None:
        require_columns(frame, *KEYS)
        require_values(frame, *KEYS)
        if frame.empty:
            raise EmptyError("there are no statements; at least one row is needed.")
        self.unit = unit
        keys = {"organisation_id": plain_ids(frame["organisation_id"]), "year": _years(frame)}
        frame = frame.assign(**keys)
        self.frame = frame.sort_values([*KEYS], ignore_index=True, kind="stable")

    def column(self, line: str) -> str:
        """Return the name of a line's column."""
        return f"{line}_{self.unit}" if self.unit else line

    def has(self, line: str) -> bool:
        """Return whether the frame has the line."""
        return self.column(line) in self.frame

    def require(self, *lines: str) -> None:
        """Raise MissingColumnsError unless every line is there that may not be left out."""
        missing = [self.column(one) for one in lines if one not in OPTIONAL and not self.has(one)]
        if missing:
            raise MissingColumnsError.among(missing, self.frame.columns, ["unit"])

    def __getitem__(self, line: str) -> pd.Series:
        if line in OPTIONAL and not self.has(line):
            return pd.Series(0.0, self.frame.index)
        self.require(line)
        return amounts_of(self.frame, self.column(line))

    def total(self, *lines: str) -> pd.Series:
        """Return the sum of several lines."""
        amounts: Any = sum(self[line] for line in lines)
        return amounts

    def before(self, values: pd.Series) -> pd.Series:
        """Return the values of the same firm a year earlier; missing where that year is."""
        firm, year = (self.frame[key] for key in KEYS)
        earlier = values.shift()
        return earlier.where((firm == firm.shift()) & (year == year.shift() + 1))

    def average(self, values: pd.Series) -> pd.Series:
        """Return (opening + closing) / 2."""
        return (self.before(values) + values) / 2


def amounts_of(frame: pd.DataFrame, name: str) -> pd.Series:
    """Return a column as float64, missing values as such; text is refused."""
    require_columns(frame, name)
    amounts = plain_numbers(frame[name])
    if not pd.api.types.is_numeric_dtype(amounts) or pd.api.types.is_bool_dtype(amounts):
        raise WrongTypeError(
            f"{name} must hold numbers; got {amounts.dtype}. Convert it first: "
            f"pd.to_numeric(frame[{name!r}]), or read the file with read_statements."
        )
    return amounts.astype("float64")


def with_truth(frame: pd.DataFrame, truth: pd.DataFrame, *columns: str) -> pd.DataFrame:
    """Return the rows of firms that are in both, with what became of each firm."""
    require_columns(truth, "organisation_id", *columns)
    require_values(truth, "organisation_id", *columns)
    require_once(truth, "organisation_id", "the truth")
    key = "organisation_id"
    require_alike(key, frame[key], truth[key])
    both = frame.merge(truth[[key, *columns]], on=key)
    if both.empty:
        raise EmptyError(f"no {key} is in both frames; look at what each of them calls a firm.")
    return both


def _years(frame: pd.DataFrame) -> pd.Series:
    """Return the years as int64."""
    years = plain_numbers(frame["year"])
    if not pd.api.types.is_numeric_dtype(years) or (years % 1 != 0).any():
        raise WrongTypeError(
            f"year must hold whole numbers such as 2024; got {years.dtype}. Convert it first: "
            "frame['year'].astype('int64'), or frame['year'].dt.year of dates."
        )
    return years.astype("int64")
