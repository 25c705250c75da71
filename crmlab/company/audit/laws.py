"""Sentences about shares and means: within three standard errors of what the scenario says.

By luck one of 370 of these is broken in a world whose scenario is kept.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from crmlab.company.audit.books import Books, Law, at, share, teller
from crmlab.company.calendar import FIRST_DAY, LAST_DAY, rhythm
from crmlab.company.scenario import Scenario

SENTENCES, says = teller()


def _said(b: Books) -> Scenario:
    """Return the scenario; a KeyError tells that a law cannot be checked without it."""
    if b.scenario is None:
        raise KeyError("scenario")
    return b.scenario


@says("The share of failed purchases is the scenario's.", "purchases")
def _(b: Books) -> Law:
    return share(b.truth_purchases["failed"], _said(b).failure_rate)


@says("The share of failures that customers leave for is the scenario's.", "purchases")
def _(b: Books) -> Law:
    sore = b.truth_purchases[b.truth_purchases["failed"]]
    return share(sore["leaves"], _said(b).failure_dropout)


@says("The share who consent to marketing is the scenario's.", "consents")
def _(b: Books) -> Law:
    said = b.consents[b.consents["purpose"] == "marketing"]["customer_id"]
    return share(b.people["customer_id"].isin(said), _said(b).consent_share)


@says("The share of targets held out is the scenario's.", "targets")
def _(b: Books) -> Law:
    return share(b.targets["held_out"], _said(b).held_out_share)


@says("The share of customers of 2023 with a card is the scenario's.", "cards")
def _(b: Books) -> Law:
    early = b.first.index[b.first < "2024-01-01"]
    return share(early.isin(b.cards["customer_id"]), _said(b).card_rate)


@says("The share of customers of 2024 with a card is the scenario's.", "cards")
def _(b: Books) -> Law:
    late = b.first.index[b.first >= "2024-01-01"]
    return share(late.isin(b.cards["customer_id"]), _said(b).card_rate_harder)


@says("The share of new customers whom another one brought is the scenario's.", "referrals")
def _(b: Books) -> Law | None:
    # Rounded in each block of customers, and the first of a block has nobody before.
    n = len(b.people)
    blocks = -(-n // 8_192)
    return Law(len(b.referrals) / n, _said(b).referral_share, blocks / n)


@says("Contacts cause as many purchases as their probabilities add up to.", "targets")
def _(b: Books) -> Law:
    p = b.truth_targets["response_probability"]
    return Law(b.truth_targets["caused"].sum(), p.sum(), float(np.sqrt((p * (1 - p)).sum())))


@says("Those contacted buy more often than those held out, by what the truth says.", "targets")
def _(b: Books) -> Law:
    keys = ["promotion_id", "customer_id"]
    found = b.targets[keys].merge(b.responses, on=keys, how="left")["purchase_id"].notna()
    held = b.targets["held_out"].to_numpy()
    one, other = found[~held], found[held]
    if not len(one) or not len(other):
        return Law(0.0, 0.0, 0.0)
    truth = b.truth_targets[~held]
    expected = (truth["response_probability"] * ~truth["buys_anyway"]).mean()
    # Whom the contact drove away would else have bought like those held out.
    left = b.truth_customers[b.truth_customers["left_for"] == "too many contacts"]
    day = at(b.targets["customer_id"], left.set_index("customer_id")["dropped_out_on"])
    expected -= (day == b.targets["starts_at"].dt.floor("D"))[~held].mean() * other.mean()
    # Customers are drawn again and again: errors by customer, not by contact.
    return Law(one.mean() - other.mean(), float(expected), _clustered(b, found))


def _clustered(b: Books, found: pd.Series) -> float:
    """Return the standard error of the difference of two shares, by customer."""
    held, total = b.targets["held_out"].to_numpy(), 0.0
    for side in (held, ~held):
        off = found[side] - found[side].mean()
        total += (off.groupby(b.targets["customer_id"][side]).sum() ** 2).sum() / side.sum() ** 2
    return float(np.sqrt(total))


@says("Promotions lift as their colour, medium and hour say.", "promotions")
def _(b: Books) -> Law:
    rows = b.promotions.merge(b.truth_promotions)
    own = {"network": 0.2, "newspaper": -0.2}
    hour, hue = {9: -0.3, 20: 0.3}, {"red": 0.4, "green": -0.4}
    design = zip(rows["colour"], rows["medium"], rows["starts_at"].dt.hour, strict=True)
    said = [1 + hue.get(c, 0) + own.get(m, 0) + hour.get(h, 0) for c, m, h in design]
    expected = _said(b).promotion_lift * sum(said)
    return Law(rows["lift"].sum(), expected, 1e-9 * (1 + len(rows)))


@says("The mean rating of the service is 4.16 where it held.", "ratings")
def _(b: Books) -> Law:
    stars = b.ratings.merge(b.truth_purchases).query("not failed")["service"]
    return Law(stars.mean(), 4.16, 0.977 / np.sqrt(max(len(stars), 1)))


@says("Seven in ten failures lead to a complaint.", "complaints")
def _(b: Books) -> Law:
    # Of those so long ago that the complaint would have been seen.
    day = b.bought.set_index("purchase_id")["date"]
    sore = b.truth_purchases[b.truth_purchases["failed"]]
    sore = sore[at(sore["purchase_id"], day) < "2024-12-01"]
    return share(sore["purchase_id"].isin(b.complaints["purchase_id"]), 0.7)


@says("Loans default as often as their probabilities add up to.", "loans")
def _(b: Books) -> Law:
    p = b.truth_loans["default_probability"]
    return Law(b.truth_loans["defaults"].sum(), p.sum(), float(np.sqrt((p * (1 - p)).sum())))


def _named(said: pd.Series) -> np.ndarray:
    """Return how many fields each text names; "none" is none."""
    count = said.str.count(" ").to_numpy(dtype=float) + 1
    return np.where(said == "none", 0.0, count)


@says("Fields of records are edited as often as the scenario says.", "records")
def _(b: Books) -> Law:
    s, rows = _said(b), b.truth_records
    edited = _named(rows["edited"])
    # Three fields of five cannot be of old; an empty or an old one is not edited.
    right = (1 - s.missing_share) * s.edit_share
    expected = (3 * right + 2 * right * (1 - s.stale_share)) / 5
    return Law(edited.sum() / (5 * len(rows)), expected, np.sqrt(expected / (5 * len(rows))))


@says("Fields of records are missing as often as the scenario says.", "records")
def _(b: Books) -> Law:
    none = _named(b.truth_records["missing"])
    expected, n = _said(b).missing_share, 5 * len(none)
    return Law(none.sum() / n, expected, np.sqrt(expected * (1 - expected) / n))


@says("Saturdays are as much busier than Tuesdays as the week's rhythm says.", "purchases")
def _(b: Books) -> Law:
    own = b.bought[b.bought["purchase_id"].isin(
        b.truth_purchases.loc[b.truth_purchases["promotion_id"] == 0, "purchase_id"])]  # fmt: skip
    own = own[own.duplicated("customer_id")]
    count = own["date"].dt.day_of_week.value_counts().reindex(range(7), fill_value=0)
    if count[1] == 0 or count[5] == 0:
        return Law(0.0, 0.0, 0.0)
    days = rhythm()[FIRST_DAY:LAST_DAY]
    busy = days.groupby(pd.DatetimeIndex(days.index).day_of_week).sum()
    error = np.sqrt(1 / count[5] + 1 / count[1])
    return Law(np.log(count[5] / count[1]), np.log(busy[5] / busy[1]), float(error))
