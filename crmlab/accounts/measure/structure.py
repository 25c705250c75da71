"""Who our accounts are, which are key, what is open with them, and what they need."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from crmlab._checks import (
    require_alike,
    require_columns,
    require_numbers,
    require_probability,
    require_truths,
    require_values,
)
from crmlab._groups import bincount
from crmlab._purchases import plain_ids
from crmlab.accounts.measure.known import known_accounts, plain, require_chances, require_owner
from crmlab.accounts.measure.visits import visit_plan
from crmlab.errors import BadRowsError


@dataclass(frozen=True)
class AccountReview:
    """The five outputs of an analysis of key accounts (大客户分析): one frame each.

    structure : customer structure, by industry
    key : who is key, and which of them are at risk or have room
    opportunities : open ones, the largest expected value first
    needs : how many accounts have each need on file
    visits : whom to visit, in the hours there are
    """

    structure: pd.DataFrame
    key: pd.DataFrame
    opportunities: pd.DataFrame
    needs: pd.DataFrame
    visits: pd.DataFrame


def structure_report(accounts: pd.DataFrame, *, by: str = "industry") -> pd.DataFrame:
    """Return the customer structure (客户结构): accounts, sales and room to grow of each kind.

    Parameters
    ----------
    accounts : DataFrame, one row per account
        account_id; `by`; sales_cny, estimated_potential_cny : float64
    by : str
        Column of kinds.

    Returns
    -------
    DataFrame, one row per kind, the largest sales first
        `by` : as given; accounts : int64; sales_cny : float64
        share_of_sales, share_of_wallet : float64; the latter is sales over estimated potential, or
            over sales where an account's estimate is less
        top_share : float64, of the kind's sales made by its largest account

    Raises
    ------
    MissingColumnsError, BadRowsError
        If a column or a value is missing, an id stands twice, or money is below 0.

    Examples
    --------
    >>> accounts = pd.DataFrame({"account_id": [1, 2, 3], "industry": ["spa", "spa", "hotel"],
    ...     "sales_cny": [60.0, 20.0, 20.0], "estimated_potential_cny": [100.0, 60.0, 80.0]})
    >>> structure_report(accounts)[["industry", "accounts", "share_of_sales", "top_share"]]
      industry  accounts  share_of_sales  top_share
    0      spa         2             0.8       0.75
    1    hotel         1             0.2       1.00
    """
    table = known_accounts(accounts, "sales_cny", "estimated_potential_cny")
    require_columns(table, by=by)
    require_values(table, by)
    # Nobody sells to an account more than it buys: an estimate below sales is too low.
    potential = table[["estimated_potential_cny", "sales_cny"]].max(axis=1)
    groups = table.assign(potential=potential).groupby(by, observed=True, sort=True)
    found = groups.agg(
        accounts=("account_id", "size"),
        sales_cny=("sales_cny", "sum"),
        potential=("potential", "sum"),
        top=("sales_cny", "max"),
    ).reset_index()
    whole = found["sales_cny"].sum()
    found = found.assign(
        share_of_sales=found["sales_cny"] / whole if whole > 0 else np.nan,
        share_of_wallet=found["sales_cny"] / found["potential"].where(found["potential"] > 0),
        top_share=found["top"] / found["sales_cny"].where(found["sales_cny"] > 0),
    ).drop(columns=["potential", "top"])
    return found.sort_values(
        ["sales_cny", by], ascending=[False, True], kind="stable", ignore_index=True
    )


def key_accounts(
    accounts: pd.DataFrame, people: pd.DataFrame | None = None, *, share: float = 0.5
) -> pd.DataFrame:
    """Key accounts (重点客户): the fewest that make a share of sales, and those with most room.

    "Large" and "could be large" are two lists. The first holds the fewest accounts whose sales
    reach `share` of all; the second as many accounts, or fewer, with most estimated potential that
    we do not have. Where `people` is given, an account is *critical* (关键) if its decider is not
    known.

    Parameters
    ----------
    accounts : DataFrame, one row per account
        account_id; sales_cny, estimated_potential_cny : float64
    people : DataFrame, optional: account_id; role : str; known : bool
    share : float in (0, 1]

    Returns
    -------
    DataFrame, one row per account on either list, the largest sales first
        account_id : int64 or str
        sales_cny, room_cny : float64, the latter estimated potential less sales
        large, room : bool, on which list; ties are broken by account_id
        critical : bool, only where people are given

    Raises
    ------
    MissingColumnsError, BadRowsError, OutOfRangeError
        As `structure_report`; if `share` is none, or of people a value is missing or `known` is
        neither True nor False.

    Examples
    --------
    >>> accounts = pd.DataFrame({"account_id": [1, 2, 3], "sales_cny": [60.0, 20.0, 20.0],
    ...     "estimated_potential_cny": [70.0, 60.0, 25.0]})
    >>> key_accounts(accounts)
       account_id  sales_cny  room_cny  large   room
    0           1       60.0      10.0   True  False
    1           2       20.0      40.0  False   True
    """
    table = known_accounts(accounts, "sales_cny", "estimated_potential_cny")
    require_probability("share", share)
    table["room_cny"] = (table["estimated_potential_cny"] - table["sales_cny"]).clip(lower=0)
    table = table[["account_id", "sales_cny", "room_cny"]].sort_values("account_id", kind="stable")
    by_sales = table.sort_values("sales_cny", ascending=False, kind="stable")
    reached = by_sales["sales_cny"].cumsum().to_numpy()
    # Adding up rounds, so a sum that is the share on paper counts as the share.
    few = int(np.searchsorted(reached, share * reached[-1] * (1 - 1e-12)) + 1)
    by_room = table[table["room_cny"] > 0]
    by_room = by_room.sort_values("room_cny", ascending=False, kind="stable")
    large, room = by_sales["account_id"].head(few), by_room["account_id"].head(few)
    found = by_sales.assign(
        large=by_sales["account_id"].isin(large), room=by_sales["account_id"].isin(room)
    )
    found = found[found["large"] | found["room"]].reset_index(drop=True)
    if people is None:
        return found
    require_columns(people, "account_id", "role", "known")
    require_values(people, "account_id", "role", "known")
    people = plain(people, "account_id", "role", "known")
    require_truths(people, "known")
    who = plain_ids(people["account_id"]) if len(people) else people["account_id"]
    require_alike("account_id", who, found["account_id"])
    known = who[(people["role"] == "decider") & people["known"].astype("bool")]
    return found.assign(critical=~found["account_id"].isin(known))


def account_review(
    accounts: pd.DataFrame,
    people: pd.DataFrame,
    needs: pd.DataFrame,
    opportunities: pd.DataFrame,
    *,
    hours: float,
    share: float = 0.5,
) -> AccountReview:
    """Return the five outputs: structure, key accounts, opportunities, needs, whom to visit.

    Parameters
    ----------
    accounts, people, needs, opportunities : DataFrames, as `simulate_accounts` returns them
    hours : float above 0
        Time for visits.
    share : float in (0, 1]
        As in `key_accounts`.

    Returns
    -------
    AccountReview

    Raises
    ------
    MissingColumnsError, BadRowsError, OutOfRangeError
        As the measures it is made of; also if an account has no owner, a need or an opportunity
        names an account that is not there, or a chance lies beyond 0 to 1.

    See Also
    --------
    structure_report, key_accounts, visit_plan

    Examples
    --------
    >>> accounts = pd.DataFrame({"account_id": [1, 2], "industry": ["spa", "hotel"],
    ...     "owner": ["Lin", "Wu"], "sales_cny": [60.0, 40.0], "visit_hours": [2.0, 3.0],
    ...     "estimated_potential_cny": [100.0, 90.0]})
    >>> people = pd.DataFrame({"account_id": [1], "role": ["decider"], "known": [True]})
    >>> needs = pd.DataFrame({"account_id": [1, 2], "need": ["training", "training"]})
    >>> deals = pd.DataFrame({"account_id": [2], "value_cny": [10.0], "chance": [0.5]})
    >>> account_review(accounts, people, needs, deals, hours=2).visits["account_id"].tolist()
    [1]
    """
    require_owner(accounts)
    table = known_accounts(accounts, "sales_cny", "estimated_potential_cny")
    ids = table["account_id"]
    require_columns(opportunities, "account_id", "value_cny", "chance")
    require_columns(needs, "account_id", "need")
    for name, frame in (("needs", needs), ("opportunities", opportunities)):
        lost = sorted({*plain_ids(frame["account_id"])} - {*ids}) if len(frame) else []
        if lost:
            raise BadRowsError(f"{name} names account(s) {lost[:10]}, which accounts has not.")
    require_chances(opportunities, "chance")
    require_values(opportunities, "value_cny")
    require_numbers(opportunities, "value_cny")
    require_values(needs, "need")
    # A need that is on file twice is one need.
    needs = needs.drop_duplicates(["account_id", "need"])
    expected = opportunities["value_cny"] * opportunities["chance"]
    deals = opportunities.assign(expected_cny=expected)
    deals = deals.sort_values(["expected_cny", "account_id"], ascending=[False, True])
    names, code = np.unique(needs["need"].astype("str"), return_inverse=True)
    asked = pd.DataFrame({"need": pd.Series(names, dtype="str"), "accounts": bincount(code)})
    asked = asked.assign(share_of_accounts=asked["accounts"] / len(table))
    asked = asked.sort_values(["accounts", "need"], ascending=[False, True], ignore_index=True)
    return AccountReview(
        structure=structure_report(accounts),
        key=key_accounts(accounts, people, share=share),
        opportunities=deals.reset_index(drop=True),
        needs=asked,
        visits=visit_plan(accounts, hours=hours),
    )
