"""One block of customers: what several of its tables need, made once."""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property

import numpy as np
import pandas as pd

from crmlab._chance import Chance
from crmlab._groups import bincount
from crmlab.company.buying import Buying, draw_buying, ways_of
from crmlab.company.calendar import FIRST_DAY, LAST_DAY
from crmlab.company.log import CATEGORIES, texts
from crmlab.company.offer import HARDER_CARD_FROM, Firm, Tables
from crmlab.company.streams import Block, stream
from crmlab.customers.simulate import (
    simulate_organisations,
    simulate_people,
)
from crmlab.customers.simulate.organisations import SimulatedOrganisations
from crmlab.members.simulate import Cards, simulate_cards
from crmlab.service.simulate import AfterSales, simulate_aftersales
from crmlab.social.simulate import Fans, simulate_fans

CHINESE_SHARE = 0.95
# Organisations that are drawn together.
AT_ONCE = 200


class World:
    """One block; whatever draws one of its tables asks here for the rest."""

    def __init__(self, firm: Firm, block: Block) -> None:
        self.firm, self.scenario, self.block = firm, firm.scenario, block

    def rng(self, table: str) -> np.random.Generator:
        """Return the stream of a table in this block."""
        return stream(self.firm.seed, table, self.block.number)

    @cached_property
    def buying(self) -> Buying:
        """Who buys what until when."""
        firm = self.firm
        return draw_buying(
            firm.seed,
            firm.scenario,
            self.block,
            firm.promotions,
            churn=firm.churn,
            spread=firm.spread,
        )

    @cached_property
    def log(self) -> pd.DataFrame:
        """Purchases and refunds within the window."""
        log = self.buying.purchases
        return log.iloc[: log["date"].searchsorted(LAST_DAY, side="right")]

    @cached_property
    def bought(self) -> pd.DataFrame:
        """Purchases within the window, refunds apart, with sent_after and under_way (days)."""
        bought = self.log.loc[self.log["amount"] > 0].reset_index(drop=True)
        online = bought["channel"].cat.codes.to_numpy()
        return bought.assign(
            **ways_of(Chance(self.rng("buying")), bought["key"].to_numpy(), online)
        )

    @cached_property
    def customers(self) -> pd.DataFrame:
        """One row per customer with what the window shows of them."""
        people, log, bought = self.buying.customers, self.log, self.bought
        row = self.row(bought["customer_id"])
        spend = bincount(self.row(log["customer_id"]), log["amount"], len(people))
        years = ((LAST_DAY - people["joined_on"]).dt.days / 365.25).clip(lower=0.25)
        kinds = len(CATEGORIES)
        cell = row * kinds + bought["category"].cat.codes
        count = bincount(cell, minlength=len(people) * kinds).reshape(-1, kinds)
        last = np.full(len(people), np.datetime64("1900-01-01", "us"))
        np.maximum.at(last, row, bought["date"].to_numpy("M8[us]"))
        return people.assign(
            spend_cny_per_year=spend / years,
            favourite_category=texts(CATEGORIES, count.argmax(axis=1)),
            is_lost=(LAST_DAY.to_datetime64() - last).astype("m8[D]").astype(int) > 365,
        )

    @cached_property
    def people(self) -> tuple[Tables, pd.DataFrame]:
        """Tables of the people, and the truth about their purses."""
        data, truth = simulate_people(
            self.customers,
            consents=self.buying.consents,
            income_effect=self.scenario.income_effect,
            chinese_share=CHINESE_SHARE,
            sensitive=self.scenario.sensitive,
            seed=self.rng("people"),
        )
        return dict(vars(data)), truth

    @cached_property
    def aftersales(self) -> AfterSales:
        """Ratings, complaints and contacts within the window."""
        bought = self.bought
        way = (bought["sent_after"] + bought["under_way"]).to_numpy()
        data, _ = simulate_aftersales(
            bought.assign(arrived_on=bought["date"] + way.astype("m8[D]")),
            failed=bought["failed"].to_numpy(),
            calls=self.buying.customers["per_purchase"].to_numpy()[self.row(bought["customer_id"])],
            before=self.block.first_id,
            seed=self.rng("aftersales"),
        )
        days = {"ratings": "rated_on", "complaints": "complained_on", "contacts": "contacted_on"}
        found = vars(data)
        seen = {name: found[name].loc[found[name][day] <= LAST_DAY] for name, day in days.items()}
        return AfterSales(**seen)

    @cached_property
    def fans(self) -> Fans:
        """Fans, who follow and interact while they are customers."""
        return simulate_fans(
            self.customers,
            share=self.scenario.fan_share,
            n_days=(LAST_DAY - FIRST_DAY).days + 1,
            seed=self.rng("fans"),
        )

    @cached_property
    def cards(self) -> Cards:
        """Cards, opened with the first purchase, in its store."""
        first = self.bought.drop_duplicates("customer_id").sort_values("customer_id")
        return simulate_cards(
            self.customers[["customer_id", "joined_on"]].assign(store=first["store"].to_numpy()),
            rates=(self.scenario.card_rate, self.scenario.card_rate_harder),
            harder_from=HARDER_CARD_FROM,
            seed=self.rng("cards"),
        )

    @property
    def n_organisations(self) -> int:
        """How many business customers the block has."""
        return max(1, round(self.block.customers * self.scenario.organisations_per_1000 / 1_000))

    @cached_property
    def organisations(self) -> list[SimulatedOrganisations]:
        """Business customers, and their hidden quality, by batches, the last one of which is whole.

        Each batch has streams of its own, so that more organisations leave the others as they are.
        """
        return [
            simulate_organisations(
                AT_ONCE,
                before=self.block.before + first,
                sensitive=self.scenario.sensitive,
                seed=self.rng(f"organisations from {first}"),
            )
            for first in range(0, self.n_organisations, AT_ONCE)
        ]

    def row(self, customer_id: pd.Series) -> np.ndarray:
        """Return the place of each customer in the block, from 0."""
        return customer_id.to_numpy() - self.block.before - 1


Makers = dict[Callable[[World], Tables], tuple[str, ...]]
