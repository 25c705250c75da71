"""Every sentence of the auditor can be broken: a fault planted for it is found, and only it."""

import numpy as np
import pandas as pd
import pytest

from crmlab.company import Scenario, simulate_tables
from crmlab.company.audit.books import Books
from crmlab.company.audit.check import LAWS, RULES, check_tables
from crmlab.company.calendar import LAST_DAY
from crmlab.company.export import ALL_TABLES

SCENARIO = Scenario(sensitive=True, organisations_per_1000=100)
SENTENCES = {one.said: one for one in (*RULES, *LAWS)}
DAY = pd.Timedelta(days=1)
YEAR = pd.Timedelta(days=365.25)


class Firm:
    """The tables of a world, each copied before it is changed, and what an auditor sees."""

    def __init__(self, tables):
        self.tables = dict(tables)
        self.books = Books(tables, SCENARIO)

    def __getattr__(self, name):
        return getattr(self.books, name)

    def put(self, table, mask, **values):
        """Write values into the first row that the mask lets through."""
        frame = self.tables[table].copy()
        row = frame.index[np.asarray(mask, dtype=bool)][0]
        for column, value in values.items():
            frame.loc[row, column] = value
        self.tables[table] = frame

    def keep(self, table, mask):
        """Leave out the rows that the mask does not let through."""
        self.tables[table] = self.tables[table].loc[np.asarray(mask, dtype=bool)]

    def add(self, table, mask, **values):
        """Add a copy of the first row that the mask lets through, with other values."""
        frame = self.tables[table]
        row = frame.loc[np.asarray(mask, dtype=bool)].iloc[:1].assign(**values)
        self.tables[table] = pd.concat([frame, row], ignore_index=True)

    def of(self, keys, table):
        """What a table says at each key."""
        return table.reindex(keys).set_axis(keys.index)

    def join(self):
        """Day on which each of the people joined."""
        return self.of(self.people["customer_id"], self.first)

    def years(self):
        """Age of each of the people at the end."""
        return self.of(self.people["customer_id"], self.age)


@pytest.fixture(scope="module")
def tables():
    return simulate_tables(400, seed=2, scenario=SCENARIO, tables=ALL_TABLES)


def all_of(frame):
    return np.ones(len(frame), dtype=bool)


def once(keys):
    """Whether each key stands there once only."""
    return ~keys.duplicated(keep=False)


# Each sentence with the faults planted for it, and how many rows break it then.
PLANTED = []


def breaks(said, rows=1):
    def add(plant):
        PLANTED.append((said, rows, plant))
        return plant

    return add


# people


@breaks("Everybody is 18 to 80 years old on joining.")
def _too_young(f):
    f.put("people", all_of(f.people), birth_date=f.join().iloc[0] - 17.9 * YEAR)


@breaks("Everybody is 18 to 80 years old on joining.")
def _too_old(f):
    f.put("people", all_of(f.people), birth_date=f.join().iloc[0] - 80.1 * YEAR)


@breaks("No hundredth of the customers has one and the same age on joining.", rows=6)
def _one_age(f):
    born = f.join() - 40 * YEAR
    f.tables["people"] = f.people.assign(
        birth_date=born.dt.floor("D").where(f.people.index < 6, f.people["birth_date"])
    )


@breaks("Nobody retired is under 55.")
def _retired_early(f):
    f.put("people", f.years() < 54, job_type="retired")


@breaks("The retired, and only they, have no employer, post or tenure.")
def _no_employer(f):
    f.put("people", f.people["job_type"] != "retired", employer=None)


@breaks("The retired, and only they, have no employer, post or tenure.")
def _retired_with_a_post(f):
    f.put("people", f.people["job_type"] == "retired", post="clerk")


@breaks("Nobody has worked since before the age of 18.")
def _worked_as_a_child(f):
    works = f.people["job_type"] != "retired"
    f.put("people", works, tenure_years=f.years()[works].iloc[0] - 17.9)


@breaks("Nobody under 21 has been to college.")
def _college_at_20(f):
    f.put("people", all_of(f.people), birth_date=LAST_DAY - 20.9 * YEAR, education="college")


@breaks("Nobody under 25 leads or directs.")
def _leads_at_24(f):
    f.put("people", all_of(f.people), birth_date=LAST_DAY - 24.9 * YEAR, post="director")


@breaks("Nobody married is under 22.")
def _married_at_21(f):
    married = f.people["marital_status"] == "married"
    f.put("people", married, birth_date=LAST_DAY - 21.9 * YEAR)


@breaks("At most two customers live in one home, and they are married.", rows=3)
def _three_in_a_home(f):
    home = f.people["household_id"]
    f.put("people", once(home), household_id=home[~once(home)].iloc[0])


@breaks("At most two customers live in one home, and they are married.")
def _two_who_are_not_married(f):
    f.put("people", ~once(f.people["household_id"]), marital_status="single")


@breaks("Spouses are born within twenty years of each other.")
def _spouses_far_apart(f):
    head = f.people.set_index("customer_id")["birth_date"]
    away = f.households["spouse_birth_date"].notna()
    mine = f.of(f.households["household_id"], head)[away].iloc[0]
    f.put("households", away, spouse_birth_date=mine + 20.1 * YEAR)


@breaks("The income of a home is that of its customers.")
def _income_of_nobody(f):
    income = f.households["income_cny"].iloc[0]
    f.put("households", all_of(f.households), income_cny=income + 0.02)


@breaks("Homes have as many members as their couple, children and parents make.")
def _one_member_more(f):
    f.put("households", all_of(f.households), members=f.households["members"].iloc[0] + 1)


@breaks("Who has children lives with a spouse and is 20 or older.")
def _single_with_children(f):
    head = f.of(f.people["customer_id"], f.households.set_index("household_id")["children"])
    f.put("people", head > 0, marital_status="single")


@breaks("Who has children lives with a spouse and is 20 or older.")
def _a_parent_of_19(f):
    head = f.of(f.people["customer_id"], f.households.set_index("household_id")["children"])
    f.put("people", head > 0, birth_date=LAST_DAY - 19.9 * YEAR)


@breaks("Children are under 19, and their parents were 18 or older at their birth.")
def _a_child_of_20(f):
    home = f.people["household_id"]
    old = f.of(f.children["household_id"], f.people.groupby(home)["birth_date"].max())
    f.put("children", old < LAST_DAY - 50 * YEAR, birth_date=LAST_DAY - 19.1 * YEAR)


@breaks("Children are under 19, and their parents were 18 or older at their birth.")
def _a_parent_at_17(f):
    home = f.people["household_id"]
    old = f.of(f.children["household_id"], f.people.groupby(home)["birth_date"].max())
    f.put("children", old > LAST_DAY - 36 * YEAR, birth_date=old[old > LAST_DAY - 36 * YEAR].iloc[0]
          + 17.9 * YEAR)  # fmt: skip


@breaks("Siblings are born nine months apart or more.")
def _siblings_too_near(f):
    home = f.children["household_id"]
    two = home.groupby(home).transform("size") == 2
    youngest = f.children[two].groupby("household_id")["birth_date"].max()
    late = f.children["birth_date"] == f.of(home, youngest)
    early = f.children[two & ~late].iloc[0]
    f.put("children", late & (home == early["household_id"]),
          birth_date=early["birth_date"] + 269 * DAY)  # fmt: skip


@breaks("Consents are given on joining and withdrawn later, if at all.")
def _given_later(f):
    never = f.consents["withdrawn_on"].isna()
    f.put("consents", never, given_on=f.consents.loc[never, "given_on"].iloc[0] + DAY)


@breaks("Consents are given on joining and withdrawn later, if at all.")
def _withdrawn_at_once(f):
    f.put("consents", all_of(f.consents), withdrawn_on=f.consents["given_on"].iloc[0])


@breaks("Cards are opened with the first purchase, in its store, under its policy.")
def _a_card_the_day_after(f):
    f.put("cards", all_of(f.cards), opened_on=f.cards["opened_on"].iloc[0] + DAY)


@breaks("Cards are opened with the first purchase, in its store, under its policy.")
def _a_card_elsewhere(f):
    f.put("cards", all_of(f.cards), store="Lhasa")


@breaks("Cards are opened with the first purchase, in its store, under its policy.")
def _a_card_of_a_later_policy(f):
    last = f.policies.sort_values("valid_from")["policy_id"].iloc[-1]
    f.put("cards", f.cards["policy_id"] != last, policy_id=last)


@breaks("What customers say to spend in the category is at least what they spend with us.")
def _more_than_all(f):
    f.put("people", all_of(f.people), loyalty_index=1.01)


@breaks("The loyalty and potential indices add up to 1.")
def _not_one(f):
    f.put("people", all_of(f.people), potential_index=f.people["potential_index"].iloc[0] + 0.001)


@breaks("Who bought within the last year is not called lost, and the others are.")
def _called_lost(f):
    f.put("people", f.people["customer_type"] != "lost", customer_type="lost")


@breaks("Who bought within the last year is not called lost, and the others are.")
def _not_called_lost(f):
    f.put("people", f.people["customer_type"] == "lost", customer_type="loyal")


# trade


@breaks("Every customer has bought.")
def _has_not_bought(f):
    f.keep("purchases", f.purchases["customer_id"] != 7)


@breaks("All purchases lie within the window.")
def _too_early(f):
    f.put("purchases", all_of(f.purchases), date=pd.Timestamp("2022-12-31"))


@breaks("All purchases lie within the window.")
def _too_late(f):
    f.put("purchases", all_of(f.purchases), date=LAST_DAY + DAY)


@breaks("Nothing in any table happens after the window.")
def _after_the_window(f):
    f.put("ratings", all_of(f.ratings), rated_on=LAST_DAY + DAY)


@breaks("Online purchases stand at the web shop, the others in a city's shop.")
def _shop_on_the_web(f):
    f.put("purchases", f.purchases["channel"] == "shop", store="web shop")


@breaks("Online purchases stand at the web shop, the others in a city's shop.")
def _web_in_a_shop(f):
    f.put("purchases", f.purchases["channel"] == "online", store="Wuhan")


@breaks("Lines add up to the amount of their purchase.")
def _a_fen_too_much_of_the_dearest(f):
    dearest = f.bought.loc[f.bought["amount"].idxmax(), "purchase_id"]
    mine = f.lines["purchase_id"] == dearest
    f.put("lines", mine, amount_cny=f.lines.loc[mine, "amount_cny"].iloc[0] + 0.01)


@breaks("Lines add up to the amount of their purchase.")
def _without_lines(f):
    f.keep("lines", f.lines["purchase_id"] != f.lines["purchase_id"].iloc[0])


@breaks("A line's amount is its quantity times the list price, less the discount.")
def _a_fen_of_discount(f):
    f.put("lines", all_of(f.lines), discount_cny=f.lines["discount_cny"].iloc[0] + 0.01)


@breaks("Lines are of their purchase's category, at the list price of that day.")
def _another_list_price(f):
    f.put("lines", all_of(f.lines), list_price_cny=f.lines["list_price_cny"].iloc[0] + 0.01)


@breaks("Lines are of their purchase's category, at the list price of that day.")
def _another_category(f):
    one = f.lines.loc[once(f.lines["purchase_id"]), "purchase_id"].iloc[0]
    mine = f.purchases["purchase_id"] == one
    kind = f.purchases.loc[mine, "category"].iloc[0]
    f.put("purchases", mine, category=next(c for c in f.products["category"] if c != kind))


@breaks("Prices are above 0 and no dearer than twice the quarter before.")
def _twice_as_dear(f):
    rows = f.prices.sort_values(["product_id", "valid_from"])
    before = rows.groupby("product_id")["price_cny"].shift().reindex(f.prices.index)
    last = f.prices["valid_from"] == f.prices["valid_from"].max()
    f.put("prices", last, price_cny=2.01 * before[last].iloc[0])


@breaks("Prices are above 0 and no dearer than twice the quarter before.")
def _for_nothing(f):
    f.put("prices", f.prices["valid_from"] == f.prices["valid_from"].max(), price_cny=0.0)


@breaks("Everything bought or given back is paid on its day, to the fen.")
def _paid_the_day_after(f):
    f.put("payments", all_of(f.payments), paid_on=f.payments["paid_on"].iloc[0] + DAY)


@breaks("Everything bought or given back is paid on its day, to the fen.")
def _paid_a_fen_too_much(f):
    f.put("payments", all_of(f.payments), amount_cny=f.payments["amount_cny"].iloc[0] + 0.01)


@breaks("Everything bought or given back is paid on its day, to the fen.")
def _not_paid(f):
    f.keep("payments", f.payments.index > 0)


@breaks("Nobody pays cash online.")
def _cash_online(f):
    channel = f.of(f.payments["purchase_id"], f.purchases.set_index("purchase_id")["channel"])
    f.put("payments", channel == "online", method="cash")


@breaks("Refunds go back the way they came.")
def _back_another_way(f):
    f.put("payments", f.payments["purchase_id"] == f.returns["refund_id"].iloc[0], method="post")


@breaks("Online purchases, and only they, are delivered, to the customer's home.")
def _to_another_home(f):
    f.put("deliveries", all_of(f.deliveries), address_id=f.deliveries["address_id"].iloc[0] + 1)


@breaks("Online purchases, and only they, are delivered, to the customer's home.")
def _from_a_shop(f):
    one = f.bought[f.bought["channel"] == "shop"].iloc[0]
    home = f.people.set_index("customer_id").loc[one["customer_id"], "household_id"]
    f.add("deliveries", all_of(f.deliveries), purchase_id=one["purchase_id"], address_id=home)


@breaks("Parcels are sent after the purchase and arrive after they were sent.")
def _sent_before(f):
    f.put("deliveries", all_of(f.deliveries), sent_on=pd.Timestamp("2022-12-30"))


@breaks("Parcels are sent after the purchase and arrive after they were sent.")
def _there_at_once(f):
    f.put("deliveries", all_of(f.deliveries), arrived_on=f.deliveries["sent_on"].iloc[0])


@breaks("All that was bought online a fortnight before the end was sent.")
def _never_sent(f):
    f.keep("deliveries", f.deliveries.index > 0)


@breaks("Nothing is given back before it has arrived.")
def _back_on_arrival(f):
    came = f.of(f.returns["purchase_id"], f.arrival)
    f.put("returns", all_of(f.returns), returned_on=came.iloc[0])


@breaks("A purchase is given back once, in full, by who bought it.")
def _back_in_part(f):
    f.put("returns", all_of(f.returns), amount_cny=f.returns["amount_cny"].iloc[0] - 0.01)


@breaks("A purchase is given back once, in full, by who bought it.")
def _back_by_another(f):
    f.put("returns", all_of(f.returns), customer_id=f.returns["customer_id"].iloc[0] + 1)


@breaks("A purchase is given back once, in full, by who bought it.")
def _back_twice(f):
    f.add("returns", all_of(f.returns))


@breaks("Every refund is a return, and every return a refund.")
def _a_refund_for_nothing(f):
    f.keep("returns", f.returns.index > 0)


@breaks("Every refund is a return, and every return a refund.")
def _a_return_without_money(f):
    f.add("returns", all_of(f.returns), refund_id=f.bought["purchase_id"].iloc[0])


@breaks("Nobody rates what has not arrived.")
def _rated_before(f):
    came = f.of(f.ratings["purchase_id"], f.arrival)
    f.put("ratings", all_of(f.ratings), rated_on=came.iloc[0] - DAY)


@breaks("Nobody complains of what has not arrived.")
def _complained_before(f):
    came = f.of(f.complaints["purchase_id"], f.arrival)
    f.put("complaints", all_of(f.complaints), complained_on=came.iloc[0] - DAY)


@breaks("Nobody complains that goods carried home came late.")
def _late_from_a_shop(f):
    channel = f.of(f.complaints["purchase_id"], f.purchases.set_index("purchase_id")["channel"])
    f.put("complaints", channel == "shop", cause="late")


@breaks("Nobody complains of a purchase whose service held.")
def _no_reason_to_complain(f):
    one = f.complaints.loc[once(f.complaints["purchase_id"]), "purchase_id"].iloc[0]
    f.put("truth_purchases", f.truth_purchases["purchase_id"] == one, failed=False)


@breaks("Every complaint is a contact of its customer on that day.")
def _nobody_was_called(f):
    on = f.complaints["complained_on"].iloc[0]
    f.put("complaints", all_of(f.complaints), complained_on=on + DAY)


@pytest.mark.parametrize("table", ["ratings", "complaints", "contacts"])
def test_what_comes_after_a_purchase_is_of_who_bought(table, tables):
    said = "Ratings, complaints and contacts are of the customer who bought."
    firm = Firm(tables)
    number = firm.tables[table]["customer_id"].iloc[0]
    firm.put(table, all_of(firm.tables[table]), customer_id=number + 1)
    assert len(SENTENCES[said].look(Books(firm.tables, SCENARIO))) == 1


@breaks("Ratings, complaints and contacts are of the customer who bought.")
def _called_for_another(f):
    f.put("contacts", all_of(f.contacts), customer_id=f.contacts["customer_id"].iloc[0] + 1)


@breaks("Contacts cost what their channel costs, and never precede the purchase.")
def _a_dear_call(f):
    f.put("contacts", all_of(f.contacts), cost_cny=f.contacts["cost_cny"].iloc[0] + 1)


@breaks("Contacts cost what their channel costs, and never precede the purchase.")
def _called_before(f):
    bought = f.of(f.contacts["purchase_id"], f.purchases.set_index("purchase_id")["date"])
    f.put("contacts", all_of(f.contacts), contacted_on=bought.iloc[0] - DAY)


@breaks("Who has left buys no more, but may send back.")
def _bought_after_leaving(f):
    last = f.bought.groupby("customer_id")["date"].max()
    alone = f.bought.groupby(["customer_id", "date"]).size().groupby("customer_id").last() == 1
    one = alone.index[alone][0]
    f.put("truth_customers", f.truth_customers["customer_id"] == one,
          dropped_out_on=last[one] - DAY)  # fmt: skip


@breaks("Who left for a failure left on the day of a purchase that failed.")
def _left_for_no_failure(f):
    left = f.truth_customers["left_for"] == "own will"
    f.put("truth_customers", left, left_for="service failure")


# the firm


@breaks("A promotion's type fits its medium: no print on the radio.")
def _print_on_the_radio(f):
    f.put("promotions", f.promotions["medium"] == "radio", type="print")


@breaks("A promotion's fixed cost is at most 10 CNY for each customer of the firm.")
def _a_dear_promotion(f):
    f.put("promotions", all_of(f.promotions), fixed_cost_cny=10 * 400 + 0.01)


@breaks("Answers to every promotion end within the window.")
def _a_late_promotion(f):
    f.put("promotions", all_of(f.promotions), starts_at=LAST_DAY - 12 * DAY)


@breaks("Nobody is drawn for a promotion without a standing consent to marketing.")
def _without_consent(f):
    one = f.targets[once(f.targets["customer_id"])].iloc[0]
    mine = (f.consents["customer_id"] == one["customer_id"]) & (
        f.consents["purpose"] == "marketing"
    )
    f.keep("consents", ~mine)


@breaks("Nobody is drawn for a promotion without a standing consent to marketing.")
def _after_it_was_withdrawn(f):
    one = f.targets[once(f.targets["customer_id"])].iloc[0]
    mine = (f.consents["customer_id"] == one["customer_id"]) & (
        f.consents["purpose"] == "marketing"
    )
    f.put("consents", mine, withdrawn_on=one["starts_at"])


def audience(f, whom):
    design = f.promotions.set_index("promotion_id")["audience"]
    return f.of(f.targets["promotion_id"], design) == whom


@breaks("Promotions for new customers reach those who joined within 180 days.")
def _no_longer_new(f):
    new = audience(f, "new customers")
    first = f.of(f.targets["customer_id"], f.first)[new].iloc[0]
    f.put("targets", new, starts_at=first + 181 * DAY)


@breaks("Promotions for lapsed customers reach nobody who bought within 90 days.")
def _not_lapsed(f):
    lapsed = audience(f, "lapsed customers")
    last = f.of(f.targets["customer_id"], f.bought.groupby("customer_id")["date"].max())
    f.put("targets", lapsed, starts_at=last[lapsed].iloc[0] + 90 * DAY)


@breaks("Promotions for big spenders reach nobody who has spent less than 800 CNY.")
def _no_big_spender(f):
    big = audience(f, "big spenders")
    first = f.of(f.targets["customer_id"], f.first)
    few = f.of(f.targets["customer_id"],
               f.bought.groupby("customer_id").first()["amount"]) < 800  # fmt: skip
    f.put("targets", big & few, starts_at=first[big & few].iloc[0] + DAY)


@breaks("Contacts are answered within 14 days, by the customer's own purchase.")
def _answered_on_another_day(f):
    f.put("responses", all_of(f.responses), bought_on=f.responses["bought_on"].iloc[0] + DAY)


@breaks("Contacts are answered within 14 days, by the customer's own purchase.")
def _answered_too_late(f):
    one = f.responses.iloc[0]
    mine = f.targets[["promotion_id", "customer_id"]].eq(
        one[["promotion_id", "customer_id"]]
    ).all(axis=1)  # fmt: skip
    f.put("targets", mine, starts_at=one["bought_on"] - 14 * DAY)


@breaks("Contacts are answered within 14 days, by the customer's own purchase.")
def _answered_by_another(f):
    one = f.responses.iloc[0]
    f.put("purchases", f.purchases["purchase_id"] == one["purchase_id"],
          customer_id=one["customer_id"] + 1)  # fmt: skip


@breaks("Who was held out, or had left, cannot have been moved by the promotion.")
def _moved_though_held_out(f):
    f.put("truth_targets", f.targets["held_out"], response_probability=0.01)


@breaks("Who was held out, or had left, cannot have been moved by the promotion.")
def _moved_though_gone(f):
    gone = f.of(f.targets["customer_id"], f.gone)
    f.put("truth_targets", gone < f.targets["starts_at"].dt.floor("D"), caused=True)


@breaks("Every purchase that a promotion caused is of a contact that did.")
def _caused_by_no_contact(f):
    own = f.truth_purchases["promotion_id"] == 0
    f.put("truth_purchases", own, promotion_id=1)


@breaks("Every purchase that a promotion caused is of a contact that did.")
def _a_contact_that_caused_nothing(f):
    caused = f.truth_targets["caused"]
    f.put("truth_targets", caused, caused=False)


@breaks("Fans follow after joining, and while they are customers.")
def _followed_before(f):
    first = f.of(f.fans["customer_id"], f.first)
    f.put("fans", all_of(f.fans), followed_on=first.iloc[0] - DAY)


@breaks("Fans follow after joining, and while they are customers.")
def _followed_when_gone(f):
    gone = f.of(f.fans["customer_id"], f.gone)
    f.put("fans", gone.notna(), followed_on=gone.dropna().iloc[0] + DAY)


@breaks("Fans follow first, leave later and return after that.")
def _left_before_following(f):
    left = f.follows["event"] == "unfollow"
    f.put("follows", left, on_day=pd.Timestamp("2022-12-31"))


@breaks("Fans follow first, leave later and return after that.")
def _returned_when_leaving(f):
    back = f.follows["event"] == "return"
    fan = f.follows.loc[back, "fan_id"].iloc[0]
    left = (f.follows["event"] == "unfollow") & (f.follows["fan_id"] == fan)
    f.put("follows", back, on_day=f.follows.loc[left, "on_day"].iloc[0])


@breaks("Fans follow first, leave later and return after that.")
def _never_followed(f):
    f.keep("follows", f.follows.index != f.follows.index[f.follows["event"] == "follow"][0])


@breaks("Fans follow first, leave later and return after that.")
def _returned_without_leaving(f):
    fan = f.follows.loc[f.follows["event"] == "return", "fan_id"].iloc[0]
    f.keep("follows", ~((f.follows["event"] == "unfollow") & (f.follows["fan_id"] == fan)))


@breaks("Fans interact only while they follow and are customers.")
def _spoke_before_following(f):
    f.put("interactions", all_of(f.interactions), on_day=pd.Timestamp("2022-12-31"))


@breaks("Fans interact only while they follow and are customers.")
def _spoke_while_away(f):
    days = f.follows.pivot(index="fan_id", columns="event", values="on_day")
    left = f.of(f.interactions["fan_id"], days["unfollow"])
    f.put("interactions", left.notna(), on_day=left.dropna().iloc[0])


@breaks("Fans interact only while they follow and are customers.")
def _spoke_when_gone(f):
    days = f.follows.pivot(index="fan_id", columns="event", values="on_day")
    fan = f.interactions["fan_id"]
    gone = f.of(fan, f.gone).where(f.of(fan, days["unfollow"]).isna())
    f.put("interactions", gone.notna(), on_day=gone.dropna().iloc[0] + DAY)


@breaks("Nobody is brought by themselves, or by who joined later.")
def _brought_by_oneself(f):
    f.put("referrals", all_of(f.referrals), referred_by=f.referrals["customer_id"].iloc[0])


@breaks("Nobody is brought by themselves, or by who joined later.")
def _brought_by_a_later_one(f):
    f.put("referrals", all_of(f.referrals), referred_by=400)


@breaks("Customers are referred on the day they join.")
def _referred_the_day_after(f):
    on = f.referrals["referred_on"].iloc[0]
    f.put("referrals", all_of(f.referrals), referred_on=on + DAY)


@breaks("Who refers somebody is a customer on that day.")
def _referred_when_gone(f):
    one = f.referrals[once(f.referrals["referred_by"])].iloc[0]
    f.put("truth_customers", f.truth_customers["customer_id"] == one["referred_by"],
          dropped_out_on=one["referred_on"] - DAY)  # fmt: skip


@breaks("Whoever was brought for content was brought by a fan.")
def _content_of_no_fan(f):
    fan = f.referrals["referred_by"].isin(f.fans["customer_id"])
    f.put("referrals", ~fan, reason="content")


@breaks("Sellers are customers who began after joining.")
def _sold_before_joining(f):
    first = f.of(f.sellers["customer_id"], f.first)
    f.put("sellers", all_of(f.sellers), started_on=first.iloc[0] - DAY)


@breaks("Sellers begin, and serve whom they do, while both are customers.")
def _began_when_gone(f):
    who = f.truth_customers["customer_id"] == f.sellers["customer_id"].iloc[-1]
    f.put("truth_customers", who, dropped_out_on=f.sellers["started_on"].iloc[-1] - DAY)
    f.keep("seller_customers", f.seller_customers["seller_id"] != f.sellers["seller_id"].iloc[-1])


@breaks("Sellers begin, and serve whom they do, while both are customers.")
def _served_when_gone(f):
    one = f.seller_customers.iloc[0]
    who = f.truth_customers["customer_id"] == one["customer_id"]
    f.put("truth_customers", who, dropped_out_on=one["since"] - DAY)


@breaks("Recruits began after who recruited them, and the chain has no circle.")
def _recruited_by_oneself(f):
    f.put("recruits", all_of(f.recruits), recruited_by=f.recruits["seller_id"].iloc[0])


@breaks("Recruits began after who recruited them, and the chain has no circle.", rows=2)
def _recruited_in_a_circle(f):
    one, other = f.recruits["seller_id"].iloc[:2]
    start = f.sellers["started_on"].min()
    for mine, theirs in ((one, other), (other, one)):
        f.put("recruits", f.recruits["seller_id"] == mine, recruited_by=theirs)
        f.put("sellers", f.sellers["seller_id"] == mine, started_on=start)
    f.keep("recruits", f.recruits["seller_id"].isin([one, other]))


@breaks("Recruits began after who recruited them, and the chain has no circle.")
def _recruited_by_a_later_one(f):
    f.keep("recruits", f.recruits.index == 0)
    late = f.sellers["started_on"] == f.sellers["started_on"].max()
    f.put("recruits", [True], recruited_by=f.sellers.loc[late, "seller_id"].iloc[0])
    f.put("sellers", f.sellers["seller_id"] == f.recruits["seller_id"].iloc[0],
          started_on=f.sellers["started_on"].max() - DAY)  # fmt: skip


@breaks("Nobody who sells is served by another seller, and service begins after both.")
def _a_seller_served(f):
    taken = f.seller_customers["customer_id"].iloc[0]
    f.put("sellers", f.sellers["customer_id"] != f.seller_customers["seller_id"].iloc[0],
          customer_id=taken)  # fmt: skip


@breaks("Nobody who sells is served by another seller, and service begins after both.")
def _served_before_joining(f):
    first = f.of(f.seller_customers["customer_id"], f.first)
    f.put("seller_customers", all_of(first), since=first.iloc[0] - DAY)


@breaks("Assets are liabilities and equity, to the fen.")
def _out_of_balance(f):
    f.put("statements", all_of(f.statements), cash_cny=f.statements["cash_cny"].iloc[0] + 0.01)


@breaks("Cash flows tie opening to closing cash, and one year to the next.")
def _cash_from_nowhere(f):
    flow = f.statements["operating_cash_cny"].iloc[0]
    f.put("statements", all_of(f.statements), operating_cash_cny=flow + 0.03)


@breaks("Cash flows tie opening to closing cash, and one year to the next.")
def _another_opening(f):
    last = f.statements["year"] == f.statements["year"].max()
    opening, flow = (
        f.statements.loc[last, name].iloc[0] for name in ("opening_cash_cny", "operating_cash_cny")
    )
    f.put("statements", last, opening_cash_cny=opening + 1, operating_cash_cny=flow - 1)


@breaks("Profit is sales less all costs, to the fen.")
def _profit_from_nowhere(f):
    profit = f.statements["net_profit_cny"].iloc[0]
    f.put("statements", all_of(f.statements), net_profit_cny=profit + 0.03)


@breaks("Loans bear interest: what falls due is more than what was lent.")
def _without_interest(f):
    due = f.repayments.groupby("loan_id")["due_cny"].sum()
    f.put("loans", f.loans["loan_id"] == due.index[0], amount_cny=due.iloc[0])


@breaks("Instalments are paid when due or later, in full or not at all.")
def _paid_early(f):
    paid = f.repayments["paid_on"].notna()
    f.put("repayments", paid, paid_on=f.repayments.loc[paid, "due_on"].iloc[0] - DAY)


@breaks("Instalments are paid when due or later, in full or not at all.")
def _paid_in_part(f):
    paid = f.repayments["paid_on"].notna()
    f.put("repayments", paid, paid_cny=f.repayments.loc[paid, "due_cny"].iloc[0] - 0.01)


@breaks("Who defaults pays nothing from that month on; the others pay all.")
def _did_not_pay(f):
    paid = f.repayments["paid_on"].notna() & (f.repayments["due_on"] < "2024-10-01")
    f.put("repayments", paid, paid_on=pd.NaT)


@breaks("Organisations order for what their file says they bought in 2024.")
def _ordered_otherwise(f):
    said = f.organisations["sales_results_cny"].iloc[0]
    f.put("organisations", all_of(f.organisations), sales_results_cny=said + 0.02)


@breaks("Orders are paid after they were placed.")
def _paid_before(f):
    paid = f.orders["paid_on"].notna()
    f.put("orders", paid, paid_on=f.orders.loc[paid, "ordered_on"].iloc[0] - DAY)


@breaks("No record was written before its customer joined.")
def _written_before(f):
    f.put("records", all_of(f.records), updated_on=pd.Timestamp("2022-12-31"))


def without_records(f, system, who):
    mine = f.truth_records.loc[f.truth_records["customer_id"] == who, "record_id"]
    f.keep("records", ~(f.records["record_id"].isin(mine) & (f.records["system"] == system)))


@breaks("Who has bought online stands in the web shop's records.")
def _not_in_the_web_shop(f):
    online = f.bought[f.bought["channel"] == "online"]
    without_records(f, "web shop", online["customer_id"].iloc[0])


@breaks("Who has called stands in the service desk's records.")
def _not_at_the_service_desk(f):
    without_records(f, "service desk", f.contacts["customer_id"].iloc[0])


@breaks("A person stands in a system at most twice.", rows=3)
def _three_times(f):
    number = f.records["record_id"].max() + 1
    one = f.records["record_id"].iloc[0]
    size = f.records.merge(f.truth_records).groupby(["customer_id", "system"]).size()
    assert size.max() == 2
    who, system = size.index[size == 2][0]
    mine = f.truth_records["customer_id"] == who
    kind = f.of(f.truth_records["record_id"], f.records.set_index("record_id")["system"])
    one = f.truth_records.loc[mine & (kind == system), "record_id"].iloc[0]
    f.add("records", f.records["record_id"] == one, record_id=number)
    f.add("truth_records", f.truth_records["record_id"] == one, record_id=number)


@breaks("A field that is missing is empty, and only such a one.")
def _emptied(f):
    there = f.records["phone"].notna()
    f.put("records", there, phone=None)


@breaks("A field that is missing is empty, and only such a one.")
def _said_to_be_missing(f):
    none = f.truth_records["missing"] == "none"
    f.put("truth_records", none, missing="email")


# laws


@breaks("The share of failed purchases is the scenario's.")
def _more_fail(f):
    more = f.truth_purchases.index % 20 == 0
    f.tables["truth_purchases"] = f.truth_purchases.assign(
        failed=f.truth_purchases["failed"] | more
    )


@breaks("The share of failures that customers leave for is the scenario's.")
def _more_leave(f):
    f.tables["truth_purchases"] = f.truth_purchases.assign(leaves=f.truth_purchases["failed"])


@breaks("The share who consent to marketing is the scenario's.")
def _fewer_consent(f):
    f.keep("consents", (f.consents["purpose"] != "marketing") | (f.consents.index % 4 > 0))


@breaks("The share of targets held out is the scenario's.")
def _more_held_out(f):
    held = f.targets["held_out"] | (f.targets.index % 10 == 0)
    f.tables["targets"] = f.targets.assign(held_out=held)


@breaks("The share of customers of 2023 with a card is the scenario's.")
def _fewer_cards_early(f):
    f.keep("cards", (f.cards["opened_on"] >= "2024-01-01") | (f.cards.index % 3 > 0))


@breaks("The share of customers of 2024 with a card is the scenario's.")
def _fewer_cards_late(f):
    f.keep("cards", f.cards["opened_on"] < "2024-01-01")


@breaks("The share of new customers whom another one brought is the scenario's.")
def _fewer_brought(f):
    f.keep("referrals", f.referrals.index > 3)


@breaks("Contacts cause as many purchases as their probabilities add up to.")
def _twice_as_probable(f):
    p = 2 * f.truth_targets["response_probability"]
    f.tables["truth_targets"] = f.truth_targets.assign(response_probability=p)


@breaks("Those contacted buy more often than those held out, by what the truth says.")
def _contacted_in_vain(f):
    keys = ["promotion_id", "customer_id"]
    found = f.responses.merge(f.targets, on=keys)
    f.keep("responses", found["held_out"] | (found.index % 3 > 0))


@breaks("Promotions lift as their colour, medium and hour say.")
def _lift_of_nothing(f):
    lift = f.truth_promotions["lift"].iloc[0]
    f.put("truth_promotions", all_of(f.truth_promotions), lift=lift + 1e-6)


@breaks("The mean rating of the service is 4.16 where it held.")
def _worse_stars(f):
    stars = f.ratings["service"].where(f.ratings.index % 20 > 0, 1)
    f.tables["ratings"] = f.ratings.assign(service=stars)


@breaks("Seven in ten failures lead to a complaint.")
def _fewer_complain(f):
    f.keep("complaints", f.complaints.index % 2 == 0)


@breaks("Loans default as often as their probabilities add up to.")
def _all_default(f):
    f.tables["truth_loans"] = f.truth_loans.assign(defaults=True)


@breaks("Fields of records are edited as often as the scenario says.")
def _nothing_edited(f):
    f.tables["truth_records"] = f.truth_records.assign(edited="none")


@breaks("Fields of records are missing as often as the scenario says.")
def _nothing_missing(f):
    f.tables["truth_records"] = f.truth_records.assign(missing="none")


@breaks("Saturdays are as much busier than Tuesdays as the week's rhythm says.")
def _no_saturdays(f):
    day = f.purchases["date"]
    saturday = (day.dt.day_of_week == 5) & (f.purchases.index % 2 == 0)
    f.tables["purchases"] = f.purchases.assign(date=day.where(~saturday, day + 3 * DAY))


def test_every_sentence_has_a_fault_planted_for_it():
    assert {said for said, _, _ in PLANTED} == {*SENTENCES}


@pytest.mark.parametrize(
    ("said", "rows", "plant"), PLANTED, ids=[plant.__name__[1:] for *_, plant in PLANTED]
)
def test_a_planted_fault_breaks_its_sentence_by_as_many_rows(said, rows, plant, tables):
    firm, sentence = Firm(tables), SENTENCES[said]
    before = {name: len(frame) for name, frame in tables.items()}
    plant(firm)
    found = sentence.look(Books(firm.tables, SCENARIO))
    whole = sentence.look(Books(tables, SCENARIO))
    if isinstance(found, pd.DataFrame):
        assert len(found) == rows
        assert len(whole) == 0
    else:
        assert abs(found.z) > 3 > abs(whole.z)
    assert {name: len(frame) for name, frame in tables.items()} == before


@pytest.mark.parametrize("name", ALL_TABLES)
def test_a_table_that_does_not_keep_to_the_dictionary_is_told(name, tables):
    said = f"The table {name} keeps to the dictionary: keys, references, types and ranges."
    frame = tables[name]
    key = next(c for c in frame if c.endswith("_id") or c in ("channel", "category", "brand"))
    for broken in (frame.drop(columns=key), frame.assign(**{key: b"?"})):
        assert said in check_tables({name: broken}).broken


@pytest.mark.parametrize("name", ["people", "purchases", "responses", "follows"])
def test_rows_that_stand_there_twice_are_told_and_the_rest_is_read(name, tables):
    frame = tables[name]
    audit = check_tables({**tables, name: pd.concat([frame, frame.iloc[:1]])})
    assert not audit
    assert len(audit.unread) < 60


def test_a_world_past_reading_is_told_and_a_bug_of_ours_is_not_hidden(tables, monkeypatch):
    people = tables["people"].assign(birth_date="long ago")
    audit = check_tables({**tables, "people": people})
    assert not audit
    assert "Everybody is 18 to 80 years old on joining." in audit.unread

    def bug(books):
        raise TypeError("ours")

    monkeypatch.setattr("crmlab.company.audit.check._look", lambda one, books: bug(books))
    with pytest.raises(TypeError, match="ours"):
        check_tables(tables)
