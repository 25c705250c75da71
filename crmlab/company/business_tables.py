"""The tables of a block about business customers, each drawn by its topic."""

from __future__ import annotations

from crmlab.company.offer import Tables
from crmlab.company.world import Makers, World
from crmlab.credit.simulate import draw_loans, draw_statements
from crmlab.customers.simulate import draw_organisations


def _business(world: World) -> Tables:
    block, scenario = world.block, world.scenario
    n = max(1, round(block.customers * scenario.organisations_per_1000 / 1_000))
    data, truth = draw_organisations(
        world.rng("organisations"), n, before=block.before, sensitive=scenario.sensitive
    )
    sizes = truth.assign(annual_sales_cny=data.organisations["annual_sales_cny"])
    statements = draw_statements(world.rng("statements"), sizes, years=3)
    loans = draw_loans(world.rng("loans"), sizes, statements, default_rate=scenario.default_rate)
    return {
        "organisations": data.organisations,
        "offices": data.offices,
        "truth_organisations": truth,
        "statements": statements,
        "loans": loans.loans,
        "repayments": loans.repayments,
        "truth_loans": loans.truth,
    }


OF_BUSINESS: Makers = {
    _business: (
        "organisations", "offices", "statements", "loans", "repayments",
        "truth_organisations", "truth_loans",
    ),
}  # fmt: skip
