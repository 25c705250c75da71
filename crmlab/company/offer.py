"""What is the same for every block of customers: the firm, its promotions, goods and policies."""

from __future__ import annotations

import pandas as pd

from crmlab.behaviour.simulate import Assortment, simulate_assortment
from crmlab.company.calendar import WINDOW, rhythm
from crmlab.company.churning import promotions_of, solved
from crmlab.company.log import CATEGORIES
from crmlab.company.scenario import Scenario, of_firm
from crmlab.company.streams import stream
from crmlab.members.simulate import simulate_cards
from crmlab.service.simulate import tariffs

HARDER_CARD_FROM = "2024-01-01"
Tables = dict[str, pd.DataFrame]


class Firm:
    """What is the same for every block: promotions, products, prices, policies and tariffs."""

    def __init__(self, seed: int, scenario: Scenario, n: int) -> None:
        self.seed, self.scenario, self.n, self.season = seed, of_firm(scenario), n, rhythm()
        self.promotions = promotions_of(seed, self.scenario, n)
        self.churn, self.spread = solved(seed, self.scenario, n)
        self.goods: Assortment = simulate_assortment(
            [*CATEGORIES],
            elasticity=scenario.price_elasticity,
            seed=stream(seed, "assortment"),
            **WINDOW,
        )

    def tables(self) -> Tables:
        """Return the tables of the firm itself."""
        scenario = self.scenario
        nobody = pd.DataFrame({"customer_id": [], "joined_on": [], "store": []})
        cards = simulate_cards(
            nobody.astype({"customer_id": "int64", "joined_on": "M8[us]", "store": "str"}),
            rates=(scenario.card_rate, scenario.card_rate_harder),
            harder_from=HARDER_CARD_FROM,
            seed=stream(self.seed, "policies"),
        )
        return {
            "promotions": self.promotions.data,
            "truth_promotions": self.promotions.truth,
            "products": self.goods.products,
            "prices": self.goods.prices,
            "truth_brands": self.goods.brands,
            "policies": cards.policies,
            "tariffs": tariffs(),
        }
