"""The tables of a block about business customers and sellers, each drawn by its topic."""

from __future__ import annotations

import numpy as np
import pandas as pd

from crmlab.company.calendar import WINDOW
from crmlab.company.log import CATEGORIES
from crmlab.company.offer import Tables
from crmlab.company.world import Makers, World
from crmlab.credit.simulate import simulate_loans, simulate_statements
from crmlab.customers.simulate import simulate_orders
from crmlab.social.simulate import simulate_sellers


def _organisations(world: World) -> Tables:
    return _together(
        world,
        [
            {
                "organisations": data.organisations,
                "offices": data.offices,
                "truth_organisations": truth,
            }
            for data, truth in world.organisations
        ],
    )


def _finances(world: World) -> Tables:
    parts, rate = [], world.scenario.default_rate
    for batch, (data, truth) in enumerate(world.organisations):
        sizes = truth.assign(annual_sales_cny=data.organisations["annual_sales_cny"])
        statements = simulate_statements(sizes, seed=world.rng(f"statements {batch}"))
        rng = world.rng(f"loans {batch}")
        loans = simulate_loans(sizes, statements=statements, default_rate=rate, seed=rng)
        parts.append(
            {
                "statements": statements,
                "loans": loans.loans,
                "repayments": loans.repayments,
                "truth_loans": loans.truth,
            }
        )
    return _together(world, parts)


def _orders(world: World) -> Tables:
    parts = []
    for batch, (data, truth) in enumerate(world.organisations):
        orders, habits = simulate_orders(
            data.organisations.assign(quality=truth["quality"]),
            categories=CATEGORIES,
            busy=world.firm.season,
            seed=world.rng(f"orders {batch}"),
        )
        parts.append({"orders": orders, "truth_orders": habits})
    tables = _together(world, parts)
    orders = tables["orders"].sort_values(["ordered_on", "organisation_id"], kind="stable")
    number = world.block.first_id + np.arange(1, len(orders) + 1)
    return {**tables, "orders": orders.assign(order_id=number)}


def _together(world: World, parts: list[Tables]) -> Tables:
    """Return the tables of all batches, as far as the block has organisations."""
    last, made = world.block.before + world.n_organisations, {}
    for name in parts[0]:
        table = pd.concat([part[name] for part in parts], ignore_index=True)
        # A loan has the number of its organisation.
        key = "organisation_id" if "organisation_id" in table else "loan_id"
        made[name] = table.loc[table[key] <= last]
    return made


def _sellers(world: World) -> Tables:
    drawn = simulate_sellers(
        world.buying.customers,
        share=world.scenario.seller_share,
        served_share=world.scenario.served_share,
        last_day=WINDOW["last_day"],
        seed=world.rng("sellers"),
    )
    recruits = drawn.sellers[["seller_id", "recruited_by"]].dropna()
    return {
        "sellers": drawn.sellers.drop(columns="recruited_by"),
        "recruits": recruits.astype("int64"),
        "seller_customers": drawn.seller_customers,
        "truth_sellers": drawn.truth,
    }


OF_BUSINESS: Makers = {
    _organisations: ("organisations", "offices", "truth_organisations"),
    _finances: ("statements", "loans", "repayments", "truth_loans"),
    _orders: ("orders", "truth_orders"),
    _sellers: ("sellers", "recruits", "seller_customers", "truth_sellers"),
}
