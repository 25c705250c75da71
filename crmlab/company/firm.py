"""Hehua, the one firm of the course, simulated whole: its tables, and the truth behind them."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

import pandas as pd

from crmlab._checks import Seed, require_at_least
from crmlab.company.block import OF_BLOCKS, TRUTH, draw_block
from crmlab.company.log import plain
from crmlab.company.offer import Firm
from crmlab.company.scenario import Scenario, scenario_of
from crmlab.company.streams import blocks, key_of
from crmlab.customers.simulate import People
from crmlab.errors import UnknownNameError

__all__ = ["Company", "CompanyTruth", "simulate_company", "simulate_tables"]


@dataclass(frozen=True)
class Company(People):
    """What the firm's own people can see, one frame for each table.

    Every column of every table has its type, unit, meaning and Chinese name in
    `datasets/company/datapackage.json`, which `crmlab.dictionary` gives as a frame, and
    with which `crmlab.dictionary.faults` checks a table. Tables share their keys: customer_id,
    purchase_id, promotion_id, product_id, organisation_id, household_id, loan_id, fan_id,
    seller_id.
    """

    policies: pd.DataFrame
    cards: pd.DataFrame
    purchases: pd.DataFrame
    lines: pd.DataFrame
    products: pd.DataFrame
    prices: pd.DataFrame
    payments: pd.DataFrame
    deliveries: pd.DataFrame
    returns: pd.DataFrame
    ratings: pd.DataFrame
    complaints: pd.DataFrame
    contacts: pd.DataFrame
    tariffs: pd.DataFrame
    promotions: pd.DataFrame
    targets: pd.DataFrame
    responses: pd.DataFrame
    fans: pd.DataFrame
    follows: pd.DataFrame
    interactions: pd.DataFrame
    referrals: pd.DataFrame
    organisations: pd.DataFrame
    offices: pd.DataFrame
    statements: pd.DataFrame
    loans: pd.DataFrame
    repayments: pd.DataFrame
    orders: pd.DataFrame
    sellers: pd.DataFrame
    recruits: pd.DataFrame
    seller_customers: pd.DataFrame
    records: pd.DataFrame


@dataclass(frozen=True)
class CompanyTruth:
    """What nobody at the firm knows.

    customers      persona, hidden rates and traits, day and reason of leaving, the future
    purchases      whether the service failed, who left for it, which promotion caused it (0: none)
    promotions     lift: chance that a contact makes an average customer buy
    targets        response_probability of each contact, whether it caused a purchase, and whether
                   the customer buys within the 14 days without it too. Those contacted buy more
                   often than those held out by the mean of the probabilities where nobody buys
                   without it, less the purchases of those whom the contact drives away
    brands         appeal: log odds of being chosen at equal prices
    fans           weekly interactions, and when a fan leaves; interactions cause nothing
    organisations  quality
    loans          default probability, and who defaults when
    orders         of each organisation: orders a year, growth, chance of paying late
    sellers        activity: how many each one recruits and serves beside the others
    records        whose record it is, and which of its fields are edited, of old or missing
    """

    customers: pd.DataFrame
    purchases: pd.DataFrame
    promotions: pd.DataFrame
    targets: pd.DataFrame
    brands: pd.DataFrame
    fans: pd.DataFrame
    organisations: pd.DataFrame
    loans: pd.DataFrame
    orders: pd.DataFrame
    sellers: pd.DataFrame
    records: pd.DataFrame


TABLES = tuple(spec.name for spec in fields(Company))
TRUTHS = tuple(TRUTH + spec.name for spec in fields(CompanyTruth))


def simulate_company(
    n: int = 1_000, *, seed: Seed, scenario: Scenario | Mapping[str, Any] | str | Path | None = None
) -> tuple[Company, CompanyTruth]:
    """Two years of Hehua (2023 and 2024) in coherent tables, and the truth behind them.

    Model
    -----
    Customers come in blocks of 8,192, each table of a block with a random stream of its own
    (`crmlab.company.streams`), so a world is the same however it is made. Customers shop as in
    `crmlab.company.simulate_hehua`, in weeks with a rhythm besides, so that their purchases are not
    those of `hehua_purchases`. What the firm does then changes who buys what until when:
        promotions      a contact makes a living customer buy within 14 days, with probability
                        lift * sensitivity (`crmlab.campaigns.simulate`). At 1,000 customers all
                        promotions together show their effect, about 5 points with a standard
                        error of 1.5, and each alone does not
        over-contact    each contact of a month beyond the limit makes them leave with probability
                        `overcontact_dropout`
        failures        each purchase fails with `failure_rate`, and each failure makes them leave
                        with `failure_dropout` (`crmlab.service.simulate`)
        prices          brands are chosen with `price_elasticity` (`crmlab.behaviour.simulate`)
    Who leaves buys no more; refunds of what was bought still come. The other tables are those of
    `crmlab.customers`, `members`, `social`, `credit`, `database` (who sells to friends) and
    `collection`, whose simulators say how.

    Parameters
    ----------
    n : int
        Customers who ever join; each makes a first purchase within the two years. For worlds
        that do not fit into memory see `write_company`.
    seed : int, SeedSequence or Generator
        Same seed, same world.
    scenario : Scenario, dict, or path of a YAML file or of a world.json, optional
        Parameters of the world; `Scenario()` when omitted.

    Returns
    -------
    company : Company
    truth : CompanyTruth

    Raises
    ------
    OutOfRangeError
        If `n` is below 1, or the scenario's concentration cannot be had.

    Examples
    --------
    >>> company, truth = simulate_company(200, seed=1)
    >>> len(company.people), len(company.referrals) / len(company.people)
    (200, 0.6)
    """
    made = simulate_tables(n, seed=seed, scenario=scenario, tables=(*TABLES, *TRUTHS))
    company = Company(**{name: made[name] for name in TABLES})
    return company, CompanyTruth(**{name.removeprefix(TRUTH): made[name] for name in TRUTHS})


def simulate_tables(
    n: int,
    *,
    seed: Seed,
    scenario: Scenario | Mapping[str, Any] | str | Path | None = None,
    tables: Collection[str],
) -> dict[str, pd.DataFrame]:
    """Return some tables of a world by name, each the same as with all the others.

    Parameters
    ----------
    n, seed, scenario
        As in `simulate_company`.
    tables : names of tables
        Those of `Company`; and of `CompanyTruth`, with "truth_" before.

    Returns
    -------
    dict of DataFrame, those of the firm first

    Raises
    ------
    OutOfRangeError
        As `simulate_company`.
    UnknownNameError
        If there is no such table.

    Examples
    --------
    >>> [*simulate_tables(10, seed=1, tables=["purchases", "truth_customers"])]
    ['truth_customers', 'purchases']
    """
    for name in tables:
        if name not in (*TABLES, *TRUTHS):
            raise UnknownNameError.among("table", name, (*TABLES, *TRUTHS))
    require_at_least("n", n, 1)
    firm = Firm(key_of(seed), scenario_of(scenario), n)
    parts = [draw_block(firm, block, tables=tables) for block in blocks(n)]
    made = {name: frame for name, frame in firm.tables().items() if name in tables}
    for name in OF_BLOCKS:
        if name in tables:
            made[name] = plain(pd.concat([part[name] for part in parts], ignore_index=True))
    return made
