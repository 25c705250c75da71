"""Business customers' statements, which balance, and their loans, which are repaid or not."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import pandas as pd

from crmlab._checks import Seed, require_at_least, require_columns, require_real, stream_of
from crmlab._groups import repeat
from crmlab.errors import OutOfRangeError

GROSS_MARGIN, MARGIN_PER_QUALITY = 0.30, 0.03
EXPENSES, DEPRECIATION, INTEREST, TAX, DIVIDENDS = 0.23, 0.10, 0.06, 0.25, 0.30
RECEIVABLE_DAYS, INVENTORY_DAYS, PAYABLE_DAYS = 45, 60, 40
FIXED_ASSETS, CASH = 0.30, 0.05
# Log odds of default: what a unit of quality takes off, and what all debts beside assets add.
PER_QUALITY, PER_LEVERAGE, USUAL_LEVERAGE = 1.0, 2.0, 0.645
# Yearly rates: without risk, for each unit of the chance of default, and of luck at most.
RISKLESS, PER_CHANCE, HAGGLED = 0.03, 0.25, 0.02
WARNING_MONTHS = 3
BORROWS = 0.7
PURPOSES = ("production", "repaying debt or tax", "replacing equity")
ASSETS = ("cash", "receivables", "inventory", "fixed_assets")
CLAIMS = ("payables", "short_debt", "long_debt", "equity")


class Loans(NamedTuple):
    """Loans, what fell due and was paid, and who defaults (truth)."""

    loans: pd.DataFrame
    repayments: pd.DataFrame
    truth: pd.DataFrame


def simulate_statements(
    n: int | pd.DataFrame, *, years: int = 3, last_year: int = 2024, seed: Seed
) -> pd.DataFrame:
    """Statements of organisations that balance in every year.

    Model
    -----
    quality ~ N(0, 1); sales of the first year are lognormal (16, 1) and grow by N(0.05, 0.1).
        gross margin = 0.30 + 0.03 quality + N(0, 0.02); operating expenses = 0.23 of sales
        depreciation = 0.10 of opening fixed assets; interest = 0.06 of opening debt
        tax = 0.25 of a profit; dividends = 0.30 of a net profit
        receivables, inventory, payables = 45 days of sales, 60 and 40 days of cost, times a
        lognormal of sigma 0.2; fixed assets 0.30 and cash at least 0.05 of sales
    Debt, half of it short, takes up what is missing and is paid back where money is left. So for
    every organisation and year, to the fen,
        cash + receivables + inventory + fixed assets = payables + debts + equity
        closing cash = opening cash + operating + investing + financing cash flow
        closing equity = opening equity + net profit - dividends

    Parameters
    ----------
    n : int, or DataFrame with organisation_id, quality, annual_sales_cny
        How many organisations, or those whose statements are wanted.
    years, last_year : int
        At least 1, and the last of them.
    seed : int, SeedSequence or Generator
        Same seed, same statements.

    Returns
    -------
    DataFrame, one row per organisation and year, by both; money in CNY, float64 to the fen
        organisation_id, year : int64
        sales, cost_of_sales, expenses, depreciation, interest, tax, net_profit, dividends
        cash, receivables, inventory, fixed_assets, payables, short_debt, long_debt, equity
        operating_cash, investing_cash, financing_cash, opening_cash
        each of them with the ending _cny

    Raises
    ------
    OutOfRangeError
        If `n` or `years` is below 1, or `seed` is no seed.
    MissingColumnsError
        If the frame lacks a column.

    Examples
    --------
    >>> table = simulate_statements(2, seed=1)
    >>> assets = table[["cash_cny", "receivables_cny", "inventory_cny", "fixed_assets_cny"]]
    >>> claims = table[["payables_cny", "short_debt_cny", "long_debt_cny", "equity_cny"]]
    >>> bool((assets.sum(axis=1) - claims.sum(axis=1)).abs().max() < 0.01)
    True
    """
    require_real(last_year=last_year)
    rng = stream_of(seed, "simulate_statements")
    organisations = _organisations(rng, n)
    require_at_least("years", years, 1)
    sales = organisations["annual_sales_cny"].to_numpy()
    quality = organisations["quality"].to_numpy()
    before = _opening(rng, sales)
    tables = []
    for year in range(last_year - years + 1, last_year + 1):
        sales = sales * (1 + rng.normal(0.05, 0.1, len(sales)).clip(-0.5))
        before = _year(rng, sales, quality, before)
        frame = pd.DataFrame({f"{name}_cny": fen / 100 for name, fen in before.items()})
        frame.insert(0, "organisation_id", organisations["organisation_id"].to_numpy())
        frame.insert(1, "year", year)
        tables.append(frame)
    table = pd.concat(tables, ignore_index=True)
    return table.sort_values(["organisation_id", "year"], ignore_index=True)


def _organisations(rng: np.random.Generator, n: int | pd.DataFrame) -> pd.DataFrame:
    """Return the organisations, or n of a hidden quality and a size where none are given."""
    if isinstance(n, pd.DataFrame):
        require_columns(n, "organisation_id", "quality", "annual_sales_cny")
        return n
    require_at_least("n", n, 1)
    number, quality = np.arange(1, n + 1), rng.normal(size=n)
    sales = np.exp(rng.normal(16.0, 1.0, n))
    return pd.DataFrame({"organisation_id": number, "quality": quality, "annual_sales_cny": sales})


def _fen(money: np.ndarray) -> np.ndarray:
    """Return money in whole fen, so that sums are exact."""
    return np.rint(money * 100).astype(np.int64)


def _working(rng: np.random.Generator, sales: np.ndarray, cost: np.ndarray) -> dict:
    """Return what is owed to and by the firm at a year's end, and its stock."""
    days = {"receivables": RECEIVABLE_DAYS, "inventory": INVENTORY_DAYS, "payables": PAYABLE_DAYS}
    base = {"receivables": sales, "inventory": cost, "payables": cost}
    return {
        name: _fen(base[name] * count / 365 * rng.lognormal(0, 0.2, len(sales)))
        for name, count in days.items()
    }


def _opening(rng: np.random.Generator, sales: np.ndarray) -> dict[str, np.ndarray]:
    """Return the balance sheet before the first year: 10 to 60 % of the assets are equity."""
    sheet = _working(rng, sales, (1 - GROSS_MARGIN) * sales)
    sheet |= {"cash": _fen(CASH * sales), "fixed_assets": _fen(FIXED_ASSETS * sales)}
    assets = sum(sheet[name] for name in ASSETS)
    owed = assets * rng.uniform(0.4, 0.9, len(sales))
    debt = np.maximum(_fen((owed - sheet["payables"]) / 100), 0)
    short = debt // 2
    equity = assets - sheet["payables"] - debt
    return sheet | {"short_debt": short, "long_debt": debt - short, "equity": equity}


def _year(
    rng: np.random.Generator, sales: np.ndarray, quality: np.ndarray, before: dict[str, np.ndarray]
) -> dict[str, np.ndarray]:
    """Return a year's statements in fen, from the sheet before it."""
    margin = GROSS_MARGIN + MARGIN_PER_QUALITY * quality + rng.normal(0, 0.02, len(sales))
    old_debt = before["short_debt"] + before["long_debt"]
    income = {
        "sales": _fen(sales),
        "cost_of_sales": _fen((1 - margin) * sales),
        "expenses": _fen(EXPENSES * sales),
        "depreciation": _fen(DEPRECIATION * before["fixed_assets"] / 100),
        "interest": _fen(INTEREST * old_debt / 100),
    }
    profit = income["sales"] - sum(income[name] for name in [*income][1:])
    income["tax"] = _fen(TAX * profit.clip(0) / 100)
    net = profit - income["tax"]
    income |= {"net_profit": net, "dividends": _fen(DIVIDENDS * net.clip(0) / 100)}

    sheet = _working(rng, sales, (1 - margin) * sales)
    sheet["fixed_assets"] = _fen(FIXED_ASSETS * sales)
    bound = {name: sheet[name] - before[name] for name in ("receivables", "inventory")}
    operating = net + income["depreciation"] + sheet["payables"] - before["payables"]
    operating -= bound["receivables"] + bound["inventory"]
    investing = before["fixed_assets"] - income["depreciation"] - sheet["fixed_assets"]
    left = before["cash"] + operating + investing - income["dividends"]
    debt = np.maximum(old_debt + _fen(CASH * sales) - left, 0)
    financing = debt - old_debt - income["dividends"]
    sheet |= {"cash": before["cash"] + operating + investing + financing}
    sheet |= {"short_debt": debt // 2, "long_debt": debt - debt // 2}
    sheet["equity"] = before["equity"] + net - income["dividends"]
    flows = {"operating_cash": operating, "investing_cash": investing, "financing_cash": financing}
    flows["opening_cash"] = before["cash"]
    return income | {name: sheet[name] for name in (*ASSETS, *CLAIMS)} | flows


def simulate_loans(
    n: int | pd.DataFrame,
    *,
    statements: pd.DataFrame | None = None,
    default_rate: float = 0.1,
    seed: Seed,
) -> Loans:
    """Simulate loans to organisations, seven in ten of which borrow, in 2023.

    Model
    -----
    With p0 = `default_rate` and leverage = payables and debts over assets at the end of 2022,
        logit P(default) = logit p0 - quality + 2 (leverage - 0.645)
    independently: p0 is the chance of a firm of usual quality at the usual leverage of these
    organisations. A loan of 5 to 15 % of a year's sales bears 3 % a year, a quarter of the chance
    of default and up to 2 % of luck, and is repaid in 12 equal instalments, 30 days apart, which
    hold the interest (an annuity at a twelfth of the yearly rate). Who defaults stops in one of
    the months, all equally likely, and pays nothing from there on; the others, and defaulters
    until then, pay 0 to 10 days after the due date, and defaulters 5 to 20 days later still in the
    three months before they stop.

    Parameters
    ----------
    n : int, or DataFrame with organisation_id, quality, annual_sales_cny
        How many organisations, or those that may borrow.
    statements : DataFrame of `simulate_statements`, optional
        Those of the organisations, 2022 among them; drawn too when omitted.
    default_rate : float in [0.01, 0.5]
    seed : int, SeedSequence or Generator
        Same seed, same loans.

    Returns
    -------
    loans : DataFrame: loan_id (its organisation's number), organisation_id, opened_on,
        amount_cny, months, yearly_rate, purpose
    repayments : DataFrame, one row per loan and month until the end of 2024: loan_id, month,
        due_on, due_cny, paid_on (NaT when not paid), paid_cny
    truth : DataFrame: loan_id, default_probability, leverage, defaults (bool), stops_in_month
        (0 when the loan is repaid)

    Raises
    ------
    OutOfRangeError
        If `n` is below 1, `default_rate` lies outside [0.01, 0.5], or `seed` is no seed.
    MissingColumnsError
        If the frame lacks a column.

    Examples
    --------
    >>> loans, repayments, truth = simulate_loans(200, seed=1)
    >>> len(loans) == len(truth), len(repayments) == 12 * len(loans)
    (True, True)
    """
    require_real(default_rate=default_rate)
    rng = stream_of(seed, "simulate_loans")
    organisations = _organisations(rng, n)
    if statements is None:
        statements = simulate_statements(organisations, seed=rng)
    if not 0.01 <= default_rate <= 0.5:
        raise OutOfRangeError(f"default_rate must lie in [0.01, 0.5]; got {default_rate!r}.")
    borrows = rng.random(len(organisations)) < BORROWS
    firms = organisations.loc[borrows].reset_index(drop=True)
    n, number = len(firms), firms["organisation_id"].to_numpy()
    first = statements.loc[statements["year"] == 2022].set_index("organisation_id").loc[number]
    claims = first[["payables_cny", "short_debt_cny", "long_debt_cny"]].sum(axis=1)
    leverage = (claims / (claims + first["equity_cny"])).to_numpy()
    odds = np.log(default_rate / (1 - default_rate)) - PER_QUALITY * firms["quality"].to_numpy()
    chance = 1 / (1 + np.exp(-odds - PER_LEVERAGE * (leverage - USUAL_LEVERAGE)))
    defaults = rng.random(n) < chance
    stops = np.where(defaults, rng.integers(1, 13, n), 0)
    opened = np.datetime64("2023-01-01") + rng.integers(0, 330, n).astype("m8[D]")
    share = rng.uniform(0.05, 0.15, n)
    loans = pd.DataFrame(
        {
            "loan_id": number,
            "organisation_id": number,
            "opened_on": opened.astype("M8[us]"),
            "amount_cny": (firms["annual_sales_cny"].to_numpy() * share).round(2),
            "months": 12,
            "yearly_rate": (RISKLESS + PER_CHANCE * chance + rng.uniform(0, HAGGLED, n)).round(4),
            "purpose": pd.Series(rng.choice(PURPOSES, n, p=[0.7, 0.2, 0.1]), dtype="str"),
        }
    ).round({"amount_cny": 2})
    truth = pd.DataFrame({"loan_id": number, "default_probability": chance, "leverage": leverage})
    truth = truth.assign(defaults=defaults, stops_in_month=stops)
    return Loans(loans, _repayments(rng, loans, stops), truth)


def _repayments(rng: np.random.Generator, loans: pd.DataFrame, stops: np.ndarray) -> pd.DataFrame:
    """Return the twelve months of each loan, and when each was paid."""
    row = repeat(np.arange(len(loans)), 12)
    month = np.tile(np.arange(1, 13), len(loans))
    due_on = loans["opened_on"].to_numpy()[row] + (30 * month).astype("m8[D]")
    paid = (stops[row] == 0) | (month < stops[row])
    monthly = loans["yearly_rate"].to_numpy() / 12
    instalment = loans["amount_cny"].to_numpy() * monthly / (1 - (1 + monthly) ** -12)
    due = instalment[row].round(2)
    late = rng.integers(0, 11, len(row))
    warns = paid & (stops[row] > 0) & (month >= stops[row] - WARNING_MONTHS)
    late = late + np.where(warns, rng.integers(5, 21, len(row)), 0)
    paid_on = due_on + late.astype("m8[D]")
    return pd.DataFrame(
        {
            "loan_id": loans["loan_id"].to_numpy()[row],
            "month": month,
            "due_on": due_on,
            "due_cny": due,
            "paid_on": np.where(paid, paid_on, np.datetime64("NaT", "us")),
            "paid_cny": np.where(paid, due, 0.0),
        }
    )
