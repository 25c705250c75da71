"""One block of customers with all its tables, each drawn by its topic from a stream of its own."""

from __future__ import annotations

from collections.abc import Callable, Collection
from functools import cached_property

import numpy as np
import pandas as pd

from crmlab.behaviour.simulate import (
    Assortment,
    draw_assortment,
    draw_deliveries,
    draw_lines,
    draw_payments,
)
from crmlab.campaigns.simulate import draw_promotions
from crmlab.collection.simulate import draw_records
from crmlab.company.buying import Buying, draw_buying
from crmlab.company.calendar import FIRST_DAY, LAST_DAY
from crmlab.company.log import CATEGORIES, texts
from crmlab.company.scenario import Scenario
from crmlab.company.streams import Block, stream
from crmlab.credit.simulate import draw_loans, draw_statements
from crmlab.customers.simulate import draw_organisations, draw_people
from crmlab.members.simulate import Cards, draw_cards
from crmlab.service.simulate import REASONS, draw_aftersales, tariffs
from crmlab.social.simulate import draw_fans, draw_referrals

HARDER_CARD_FROM = "2024-01-01"
RESPONSE_DAYS = 14
CHINESE_SHARE = 0.95
WINDOW = {"first_day": f"{FIRST_DAY:%Y-%m-%d}", "last_day": f"{LAST_DAY:%Y-%m-%d}"}
Tables = dict[str, pd.DataFrame]
TRUTH = "truth_"


class Firm:
    """What is the same for every block: promotions, products, prices, policies and tariffs."""

    def __init__(self, seed: int, scenario: Scenario) -> None:
        self.seed, self.scenario = seed, scenario
        self.promotions = draw_promotions(
            stream(seed, "promotions"), scenario.promotions, lift=scenario.promotion_lift, **WINDOW
        )
        self.goods: Assortment = draw_assortment(
            stream(seed, "assortment"),
            [*CATEGORIES],
            elasticity=scenario.price_elasticity,
            **WINDOW,
        )

    def tables(self) -> Tables:
        """Return the tables of the firm itself."""
        scenario = self.scenario
        nobody = pd.DataFrame({"customer_id": [], "joined_on": [], "store": []})
        cards = draw_cards(
            stream(self.seed, "policies"),
            nobody.astype({"customer_id": "int64", "joined_on": "M8[us]", "store": "str"}),
            rates=(scenario.card_rate, scenario.card_rate_harder),
            harder_from=HARDER_CARD_FROM,
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


class World:
    """The tables of one block; what several of them need is made once."""

    def __init__(self, firm: Firm, block: Block) -> None:
        self.firm, self.scenario, self.block = firm, firm.scenario, block

    def rng(self, table: str) -> np.random.Generator:
        """Return the stream of a table in this block."""
        return stream(self.firm.seed, table, self.block.number)

    @cached_property
    def buying(self) -> Buying:
        """Who buys what until when."""
        return draw_buying(self.firm.seed, self.scenario, self.block, self.firm.promotions)

    @cached_property
    def log(self) -> pd.DataFrame:
        """Purchases and refunds within the window."""
        log = self.buying.purchases
        return log.iloc[: log["date"].searchsorted(LAST_DAY, side="right")]

    @cached_property
    def bought(self) -> pd.DataFrame:
        """Purchases within the window, refunds apart."""
        return self.log.loc[self.log["amount"] > 0].reset_index(drop=True)

    @cached_property
    def customers(self) -> pd.DataFrame:
        """One row per customer with what the window shows of them."""
        people, log, bought = self.buying.customers, self.log, self.bought
        row = bought["customer_id"].to_numpy() - self.block.before - 1
        spend = np.bincount(log["customer_id"] - self.block.before - 1, log["amount"], len(people))
        years = ((LAST_DAY - people["joined_on"]).dt.days / 365.25).clip(lower=0.25)
        kinds = len(CATEGORIES)
        cell = row * kinds + bought["category"].cat.codes
        count = np.bincount(cell, minlength=len(people) * kinds).reshape(-1, kinds)
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
        data, truth = draw_people(
            self.rng("people"),
            self.customers,
            consents=self.buying.consents,
            chinese_share=CHINESE_SHARE,
            sensitive=self.scenario.sensitive,
        )
        return dict(vars(data)), truth

    def _make_business(self) -> Tables:
        block, scenario = self.block, self.scenario
        n = max(1, round(block.customers * scenario.organisations_per_1000 / 1_000))
        data, truth = draw_organisations(
            self.rng("organisations"), n, before=block.before, sensitive=scenario.sensitive
        )
        sizes = truth.assign(annual_sales_cny=data.organisations["annual_sales_cny"])
        statements = draw_statements(self.rng("statements"), sizes, years=3)
        loans = draw_loans(self.rng("loans"), sizes, statements, default_rate=scenario.default_rate)
        return {
            "organisations": data.organisations,
            "offices": data.offices,
            "truth_organisations": truth,
            "statements": statements,
            "loans": loans.loans,
            "repayments": loans.repayments,
            "truth_loans": loans.truth,
        }

    def _make_purchases(self) -> Tables:
        columns = ["purchase_id", "customer_id", "date", "amount", "channel", "store", "category"]
        return {"purchases": self.log[columns]}

    def _make_truth_of_purchases(self) -> Tables:
        hidden = self.bought[["purchase_id", "failed", "leaves", "promotion_id"]]
        return {"truth_purchases": hidden}

    def _make_people(self) -> Tables:
        tables = self.people[0]
        consents = tables["consents"]
        withdrawn = consents["withdrawn_on"].where(consents["withdrawn_on"] <= LAST_DAY)
        return {**tables, "consents": consents.assign(withdrawn_on=withdrawn)}

    def _make_truth(self) -> Tables:
        people = self.customers
        later = self.buying.purchases.loc[self.buying.purchases["date"] > LAST_DAY]
        row = later["customer_id"].to_numpy() - self.block.before - 1
        is_bought = (later["amount"] > 0).to_numpy()
        in_window = people["dropped_out_on"] <= LAST_DAY
        columns = ["customer_id", "persona", "rate_per_week", "dropout_probability"]
        truth = people[columns].assign(
            mean_ticket_cny=people["mean_ticket"],
            sensitivity=people["sensitivity"],
            wallet_share=self.people[1]["wallet_share"].to_numpy(),
            reluctance=self.cards.truth["reluctance"].to_numpy(),
            dropped_out_on=people["dropped_out_on"].where(in_window),
            left_for=people["left_for"].where(in_window),
            future_purchases=np.bincount(row[is_bought], minlength=len(people)),
            future_spend_cny=np.bincount(row, later["amount"], len(people)).round(2),
        )
        return {"truth_customers": truth}

    @cached_property
    def cards(self) -> Cards:
        """Cards, opened with the first purchase, in its store."""
        first = self.bought.drop_duplicates("customer_id").sort_values("customer_id")
        return draw_cards(
            self.rng("cards"),
            self.customers[["customer_id", "joined_on"]].assign(store=first["store"].to_numpy()),
            rates=(self.scenario.card_rate, self.scenario.card_rate_harder),
            harder_from=HARDER_CARD_FROM,
        )

    def _make_cards(self) -> Tables:
        return {"cards": self.cards.cards}

    def _make_lines(self) -> Tables:
        before = self.block.first_id
        lines = draw_lines(self.rng("lines"), self.firm.goods, self.bought, before=before)
        return {"lines": lines}

    def _make_payments(self) -> Tables:
        return {"payments": draw_payments(self.rng("payments"), self.log)}

    def _make_deliveries(self) -> Tables:
        sent = self.bought.loc[self.bought["channel"] == "online"]
        home = self.people[0]["people"]["household_id"].to_numpy()
        address = home[sent["customer_id"].to_numpy() - self.block.before - 1]
        table = draw_deliveries(self.rng("deliveries"), sent, address_id=address)
        table["arrived_on"] = table["arrived_on"].where(table["arrived_on"] <= LAST_DAY)
        return {"deliveries": table.loc[table["sent_on"] <= LAST_DAY]}

    def _make_returns(self) -> Tables:
        back = self.log.loc[self.log["amount"] < 0]
        reason = self.rng("returns").choice(REASONS, len(back))
        returns = {
            "refund_id": back["purchase_id"].to_numpy(),
            "purchase_id": back["bought_id"].to_numpy(),
            "customer_id": back["customer_id"].to_numpy(),
            "returned_on": back["date"].to_numpy(),
            "reason": pd.Series(reason, dtype="str"),
            "amount_cny": -back["amount"].to_numpy(),
        }
        return {"returns": pd.DataFrame(returns)}

    def _make_aftersales(self) -> Tables:
        row = self.bought["customer_id"].to_numpy() - self.block.before - 1
        data = draw_aftersales(
            self.rng("aftersales"),
            self.bought,
            failed=self.bought["failed"].to_numpy(),
            calls=self.buying.customers["per_purchase"].to_numpy()[row],
            before=self.block.first_id,
        )
        days = {"ratings": "rated_on", "complaints": "complained_on", "contacts": "contacted_on"}
        found = vars(data)
        return {name: found[name].loc[found[name][day] <= LAST_DAY] for name, day in days.items()}

    def _make_targets(self) -> Tables:
        targets = self.buying.targets
        keys = ["promotion_id", "customer_id"]
        drawn = targets[[*keys, "starts_at", "held_out"]]
        return {
            "targets": drawn,
            "truth_targets": targets[[*keys, "response_probability", "caused"]],
            "responses": _responses(drawn, self.bought),
        }

    def _make_social(self) -> Tables:
        fans = draw_fans(
            self.rng("fans"),
            self.customers,
            share=self.scenario.fan_share,
            last_day=WINDOW["last_day"],
        )
        tables = fans._asdict()
        tables["truth_fans"] = tables.pop("truth")
        referrals = draw_referrals(
            self.rng("referrals"), self.customers, share=self.scenario.referral_share
        )
        return {**tables, "referrals": referrals}

    def _make_records(self) -> Tables:
        tables = self.people[0]
        homes = tables["addresses"].rename(columns={"address_id": "household_id"})
        homes = homes[["household_id", "line"]].rename(columns={"line": "address"})
        scenario = self.scenario
        records = draw_records(
            self.rng("records"),
            tables["people"].merge(homes, on="household_id", how="left"),
            edit_share=scenario.edit_share,
            stale_share=scenario.stale_share,
            missing_share=scenario.missing_share,
            duplicate_share=scenario.duplicate_share,
            before=self.block.first_id,
        )
        return {"records": records.data, "truth_records": records.truth}


# Which maker gives which tables.
MAKERS: dict[Callable[[World], Tables], tuple[str, ...]] = {
    World._make_people: ("people", "households", "addresses", "children", "consents"),
    World._make_truth: ("truth_customers",),
    World._make_cards: ("cards",),
    World._make_purchases: ("purchases",),
    World._make_truth_of_purchases: ("truth_purchases",),
    World._make_lines: ("lines",),
    World._make_payments: ("payments",),
    World._make_deliveries: ("deliveries",),
    World._make_returns: ("returns",),
    World._make_aftersales: ("ratings", "complaints", "contacts"),
    World._make_targets: ("targets", "responses", "truth_targets"),
    World._make_social: ("fans", "follows", "interactions", "referrals", "truth_fans"),
    World._make_business: (
        "organisations", "offices", "statements", "loans", "repayments",
        "truth_organisations", "truth_loans",
    ),
    World._make_records: ("records", "truth_records"),
}  # fmt: skip
OF_BLOCKS = tuple(name for names in MAKERS.values() for name in names)
OF_FIRM = ("promotions", "products", "prices", "policies", "tariffs")
OF_FIRM += ("truth_promotions", "truth_brands")


def draw_block(firm: Firm, block: Block, *, tables: Collection[str] = OF_BLOCKS) -> Tables:
    """Return those of `tables` that the block has rows of."""
    world, made = World(firm, block), {}
    for maker, names in MAKERS.items():
        if {*names} & {*tables}:
            made |= maker(world)
    return {name: made[name].reset_index(drop=True) for name in OF_BLOCKS if name in tables}


def _responses(drawn: pd.DataFrame, bought: pd.DataFrame) -> pd.DataFrame:
    """Return for each target the first purchase within 14 days, where there is one."""
    log = bought.sort_values(["customer_id", "date", "purchase_id"])
    day = log["date"].to_numpy("M8[D]").astype(np.int64)
    key = log["customer_id"].to_numpy() * 100_000 + day
    start = drawn["starts_at"].to_numpy("M8[D]").astype(np.int64)
    wanted = drawn["customer_id"].to_numpy() * 100_000 + start
    place = np.minimum(np.searchsorted(key, wanted), len(key) - 1)
    within = (key[place] >= wanted) & (key[place] < wanted + RESPONSE_DAYS)
    found = log.iloc[place[within]]
    return pd.DataFrame(
        {
            "promotion_id": drawn["promotion_id"].to_numpy()[within],
            "customer_id": drawn["customer_id"].to_numpy()[within],
            "purchase_id": found["purchase_id"].to_numpy(),
            "bought_on": found["date"].to_numpy(),
        }
    )
