"""The direct seller's card, with what is sensitive masked."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pandas as pd
import sqlalchemy as sa

from crmlab.database.archives import home_query
from crmlab.database.cards.fields import card_fields
from crmlab.database.cards.shape import Card, card_of
from crmlab.database.features import relationship_view
from crmlab.database.page import MASK, NOTHING, shown
from crmlab.database.query.person import consent, day_asked, person
from crmlab.database.query.reading import run_query
from crmlab.database.query.wording import unknown
from crmlab.database.schema import metadata
from crmlab.errors import NotAllowedError, OutOfRangeError

_T = metadata.tables
# Where the firm's tables have what the direct seller's card asks for; they have no more of it.
STORED = {
    "name": "people.name",
    "phone": "people.phone",
    "address": "addresses.line",
    "birth_date": "people.birth_date",
    "education": "people.education",
    "income_cny": "people.income_cny",
    "marital_status": "people.marital_status",
    "family_members": "households.members",
    "spouse_birth_date": "households.spouse_birth_date",
    "spouse_hobby": "households.spouse_hobby",
    "medical_history": "people.medical_history",
    "habits": "people.hobby",
    "personality": "people.personality",
    "what_matters": "people.motive",
}
CHANNELS = ("salespeople", "referrals", "web site")


def selling_card(
    engine: sa.Engine,
    customer_id: int,
    *,
    contents: int = 5,
    reveal: Sequence[str] | None = None,
    purpose: str | None = None,
    who: str | None = None,
    audit: list[dict[str, Any]] | None = None,
    as_of: str | pd.Timestamp | None = None,
) -> Card:
    """Return the direct seller's card (顾客资料卡), with what is sensitive hidden.

    The card has the fields of `card_fields`. Sensitive ones are masked, whether known or not.
    Each is revealed by name only, to somebody named, for a purpose to which the customer's consent
    stands; the question and the answer go to `audit`, refused or not.

    Parameters
    ----------
    engine : Engine, from `open_database`
    customer_id : int
    contents : 5, or 7 where education and income stand alone and not with what is basic
    reveal : masked fields to show, such as "medical_history"
    purpose, who : str, for what and by whom it is asked
    audit : list, to which a dict is added per field: who, customer_id, field, purpose, allowed, why
    as_of : date of the consent, by default the day of the last purchase there is

    Raises
    ------
    UnknownNameError
        If there is no such customer, purpose, or masked field.
    NotAllowedError
        If nobody asks, for no purpose, without a list for the audit, or without the consent.
    OutOfRangeError
        If `contents` is neither 5 nor 7, or `as_of` no date.

    See Also
    --------
    crmlab.database.cards.card_fields : the fields, and what a seller needs each for
    """
    if contents not in (5, 7):
        raise OutOfRangeError(f"the card has 5 contents or 7; got {contents!r}.")
    name, day = person(engine, customer_id)["name"], day_asked(engine, as_of)
    asked = [reveal] if isinstance(reveal, str) else [*(reveal or ())]
    layout = card_fields()
    hidden = layout.loc[layout["is_sensitive"], "field"].tolist()
    for one in asked:
        if one not in hidden:
            raise unknown("masked field", one, hidden)
    if asked:
        _permit(engine, customer_id, asked, purpose, who, audit, day)

    home = run_query(engine, home_query(int(customer_id))).iloc[0]
    known = {one: shown(home[column]) for one, column in STORED.items()}
    ties = relationship_view(engine, customer_id)
    friends = ties.loc[ties["relation"].isin(["brought by", "brought"]), "name"]
    known["friends_named"] = shown(len(friends))
    rows = []
    for line in layout.to_dict("records"):
        block = "basic" if line["stands_alone"] and contents == 5 else line["block"]
        masked = line["is_sensitive"] and line["field"] not in asked
        value = MASK if masked else known.get(line["field"], NOTHING)
        words = line["field"].removesuffix("_cny").replace("_", " ")
        rows.append((block, f"{words} {line['meaning_zh']}", value, masked))
    rows.sort(key=lambda row: [*layout["block"]].index(row[0]))
    told = ", ".join(_channels(engine, int(customer_id))) or NOTHING
    return card_of(customer_id, name, f"Direct seller's card 顾客资料卡; known by: {told}", rows)


def _permit(
    engine: sa.Engine,
    customer_id: int,
    fields: list[str],
    purpose: str | None,
    who: str | None,
    audit: list[dict[str, Any]] | None,
    day: pd.Timestamp,
) -> None:
    """Write down who asks for which masked fields, and raise NotAllowedError unless they may."""
    if not isinstance(audit, list):
        raise NotAllowedError("what is masked is shown only where it is written down: audit=[]")
    if not who or not str(who).strip():
        allowed, why = False, "nobody says who asks; name a person with who=…"
    elif purpose is None:
        allowed, why = False, "nobody says what for; name a purpose with purpose=…"
    else:
        allowed, why = consent(engine, customer_id, purpose, day)
    entry = {"who": who, "customer_id": int(customer_id), "purpose": purpose}
    audit += [entry | {"field": one, "allowed": allowed, "why": why} for one in fields]
    if not allowed:
        raise NotAllowedError(f"{fields} of customer {customer_id} stay masked: {why}.")


def _channels(engine: sa.Engine, customer_id: int) -> list[str]:
    """Return by which of the three channels the firm knows the customer."""
    bought, referrals, served = _T["purchases"].c, _T["referrals"].c, _T["seller_customers"].c
    own, came = bought.customer_id == customer_id, served.customer_id == customer_id
    brought = referrals.customer_id == customer_id
    # The staff of a shop are salespeople too.
    ways = {
        "salespeople": [(own, bought.channel == "shop"), (came, served.channel == "salesperson")],
        "referrals": [(brought,), (came, served.channel == "referral")],
        "web site": [(own, bought.channel == "online"), (came, served.channel == "web site")],
    }
    found = {name: sa.or_(*(sa.exists().where(*met) for met in one)) for name, one in ways.items()}
    answer = run_query(engine, sa.select(*(one.label(name) for name, one in found.items())))
    return [name for name in CHANNELS if bool(answer.loc[0, name])]
