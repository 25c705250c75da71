"""The tables of a block about business customers and sellers, each drawn by its topic."""

from __future__ import annotations

from crmlab.company.calendar import WINDOW
from crmlab.company.log import CATEGORIES
from crmlab.company.offer import Tables
from crmlab.company.world import Makers, World
from crmlab.credit.simulate import simulate_loans, simulate_statements
from crmlab.customers.simulate import simulate_orders
from crmlab.social.simulate import simulate_sellers


def _organisations(world: World) -> Tables:
    data, truth = world.organisations
    return {
        "organisations": data.organisations,
        "offices": data.offices,
        "truth_organisations": truth,
    }


def _finances(world: World) -> Tables:
    data, truth = world.organisations
    sizes = truth.assign(annual_sales_cny=data.organisations["annual_sales_cny"])
    statements = simulate_statements(sizes, seed=world.rng("statements"))
    rate = world.scenario.default_rate
    loans = simulate_loans(sizes, statements=statements, default_rate=rate, seed=world.rng("loans"))
    return {
        "statements": statements,
        "loans": loans.loans,
        "repayments": loans.repayments,
        "truth_loans": loans.truth,
    }


def _orders(world: World) -> Tables:
    data, truth = world.organisations
    orders, habits = simulate_orders(
        data.organisations.assign(quality=truth["quality"]),
        categories=CATEGORIES,
        busy=world.firm.season,
        before=world.block.first_id,
        seed=world.rng("orders"),
    )
    return {"orders": orders, "truth_orders": habits}


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
