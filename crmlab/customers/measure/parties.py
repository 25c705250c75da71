"""Who is a consumer, a customer, a client: one label for every party, and what readings change."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd

from crmlab._checks import (
    require_columns,
    require_key,
    require_one_of,
    require_rows,
    require_truths,
    require_values,
)
from crmlab._words import N_
from crmlab.credit.measure import weighted_kappa
from crmlab.errors import BadRowsError, EmptyError, OutOfRangeError

FLAGS = ("need", "means", "transacted", "internal", "resells", "public_body")
LABELS = {
    "status": (N_("actual"), N_("potential"), N_("none")),
    "side": (N_("external"), N_("internal")),
    "client_type": (
        N_("intermediate"),
        N_("public-interest"),
        N_("consumer"),
        N_("enterprise"),
    ),
}
KINDS = ("person", "organisation")
CIRCLES = ("consumer", "customer", "client")


@dataclass(frozen=True)
class Reading:
    """How somebody reads the definitions where the course leaves them open.

    potential : which of need and means, without a trade, make a potential customer
    trade_needs_need : whether a trade without a need of one's own (a gift) makes no customer
    staff : on which side an employee stands who buys in the firm's own shop
    both : what a public body is that sells on: "public-interest" or "intermediate"
    """

    potential: Literal["need or means", "need", "need and means"] = "need or means"
    trade_needs_need: bool = False
    staff: Literal["internal", "external"] = "internal"
    both: Literal["public-interest", "intermediate"] = "public-interest"

    def __post_init__(self) -> None:
        """Refuse words that nobody knows."""
        require_one_of("potential", self.potential, ("need or means", "need", "need and means"))
        require_one_of("trade_needs_need", self.trade_needs_need, (True, False))
        require_one_of("staff", self.staff, ("internal", "external"))
        require_one_of("both", self.both, ("public-interest", "intermediate"))


def classify_party(parties: pd.DataFrame, *, reading: Reading | None = None) -> pd.DataFrame:
    """Three labels of every party, and in which of three circles (消费者, 顾客, 客户) it stands.

    The rules, so that each combination of flags has exactly one label of each kind:

        status       actual      it has traded with us (现实顾客)
                     potential   it has not, and has the need or the means (潜在顾客)
                     none        anything else
        side         internal    a part of the firm (内部顾客); external otherwise (外部顾客)
        client_type  public-interest (公利客户) a public body; else intermediate (中间客户) if it
                     sells on; else consumer (消费客户) a person, enterprise (企业客户) an
                     organisation

    The circles: a *consumer* is a person who needs goods for living and does not sell them on,
    whoever paid for them; a *customer* is actual or potential; a *client* of the firm's CRM is an
    outside party that has traded with it, or a public body outside. `reading` turns the four
    switches at which people part.

    Parameters
    ----------
    parties : DataFrame, one row per party
        party_id
        kind : str, "person" (or household) or "organisation"
        need, means, transacted, internal, resells, public_body : bool
    reading : Reading, optional
        The course's own when omitted.

    Returns
    -------
    DataFrame, one row per party, as in `parties`
        party_id
        status, side, client_type : str
        is_consumer, is_customer, is_client : bool

    Raises
    ------
    MissingColumnsError, BadRowsError, WrongTypeError
        If a column or value is missing, a party stands twice, or a flag is neither True nor False.
    BadRowsError
        If a kind is another word.

    See Also
    --------
    crmlab.customers.simulate.simulate_parties : makes such parties, plain and messy.
    party_sets : counts the regions of the three circles.

    Examples
    --------
    >>> mill = {"party_id": 1, "kind": "organisation", "need": True, "means": True}
    >>> mill |= {"transacted": False, "internal": False, "resells": True, "public_body": False}
    >>> classify_party(pd.DataFrame([mill]))[["status", "side", "client_type"]].to_numpy().tolist()
    [['potential', 'external', 'intermediate']]
    """
    reading = reading or Reading()
    require_columns(parties, "kind", *FLAGS)
    require_key(parties, "party_id")
    require_values(parties, "kind", *FLAGS)
    require_truths(parties, *FLAGS)
    odd = np.flatnonzero(~parties["kind"].isin(KINDS))
    if odd.size:
        raise BadRowsError(
            f"{len(odd)} row(s) have a kind other than {[*KINDS]}: {odd[:10].tolist()}. "
            "A household counts as a person, a firm, office or association as an organisation."
        )

    need, means, traded, inside, resells, public = (
        parties[name].to_numpy().astype(bool) for name in FLAGS
    )
    person = (parties["kind"] == "person").to_numpy().astype(bool)
    could = {"need": need, "need or means": need | means, "need and means": need & means}
    actual = traded & (need | (not reading.trade_needs_need))
    potential = ~traded & could[reading.potential]
    outside = ~inside | (person & traded & (reading.staff == "external"))
    sells_on = resells & ~(public & (reading.both == "public-interest"))
    return pd.DataFrame(
        {
            "party_id": parties["party_id"].to_numpy(),
            "status": np.select([actual, potential], ["actual", "potential"], "none"),
            "side": np.where(outside, "external", "internal"),
            "client_type": np.select(
                [sells_on, public, person],
                ["intermediate", "public-interest", "consumer"],
                "enterprise",
            ),
            "is_consumer": person & need & ~resells,
            "is_customer": actual | potential,
            "is_client": outside & (actual | public),
        }
    ).astype(dict.fromkeys(LABELS, "str"))


def party_sets(labels: pd.DataFrame) -> pd.DataFrame:
    """Count the parties in each region of the three circles consumer, customer and client.

    Parameters
    ----------
    labels : DataFrame, as returned by `classify_party`
        is_consumer, is_customer, is_client : bool

    Returns
    -------
    DataFrame, one row for each of the eight regions
        is_consumer, is_customer, is_client : bool
        parties : int64
        share : float64, of all parties

    Raises
    ------
    MissingColumnsError, WrongTypeError, EmptyError
        If a column is missing or holds no truth values, or there are no rows.

    See Also
    --------
    crmlab.customers.plot.plot_party_sets : draws this frame.

    Examples
    --------
    >>> labels = pd.DataFrame({"is_consumer": [True, True], "is_customer": [True, False],
    ...                        "is_client": [False, False]})
    >>> party_sets(labels)["parties"].tolist()
    [0, 0, 0, 0, 1, 0, 1, 0]
    """
    names = [f"is_{name}" for name in CIRCLES]
    require_columns(labels, *names)
    require_rows(labels)
    require_values(labels, *names)
    require_truths(labels, *names)

    every = pd.MultiIndex.from_product([[False, True]] * 3, names=names)
    counts = labels[names].astype(bool).value_counts().reindex(every, fill_value=0)
    table = counts.rename("parties").astype("int64").reset_index()
    return table.assign(share=table["parties"] / len(labels))


def count_by_reading(parties: pd.DataFrame, readings: Mapping[str, Reading]) -> pd.DataFrame:
    """Count customers and clients by each reading of the definitions, and whom it labels anew.

    Parameters
    ----------
    parties : DataFrame, as `classify_party` takes it
    readings : mapping of name to Reading
        The first one is what the others are compared with.

    Returns
    -------
    DataFrame, one row per reading, in their order
        reading : str
        actual, customers, external_customers, clients : int64; customers are actual or potential
        against_first : float64, customers over those of the first reading, less 1
        relabelled : int64, parties that get another status, side or type than by the first

    Raises
    ------
    EmptyError
        If there are no parties or no readings.
    MissingColumnsError, BadRowsError, WrongTypeError
        As `classify_party`.

    Examples
    --------
    >>> one = {"party_id": 1, "kind": "person", "need": False, "means": True, "transacted": True}
    >>> one |= {"internal": False, "resells": False, "public_body": False}
    >>> readings = {"any trade": Reading(), "no gifts": Reading(trade_needs_need=True)}
    >>> count_by_reading(pd.DataFrame([one]), readings)["customers"].tolist()
    [1, 0]
    """
    require_columns(parties, "party_id")
    require_rows(parties)
    if not readings:
        raise EmptyError("readings is empty; name at least one: {'course': Reading()}.")
    found = {name: classify_party(parties, reading=one) for name, one in readings.items()}
    first = next(iter(found.values()))
    rows = []
    for name, one in found.items():
        outside = one["side"] == "external"
        customers = int(one["is_customer"].sum())
        base = int(first["is_customer"].sum())
        changed = (one[[*LABELS]] != first[[*LABELS]]).any(axis=1)
        rows.append(
            {
                "reading": name,
                "actual": int((one["status"] == "actual").sum()),
                "customers": customers,
                "external_customers": int((one["is_customer"] & outside).sum()),
                "clients": int(one["is_client"].sum()),
                "against_first": customers / base - 1 if base else np.nan,
                "relabelled": int(changed.sum()),
            }
        )
    return pd.DataFrame(rows).astype({"reading": "str"})


def rater_kappa(first: pd.DataFrame, second: pd.DataFrame) -> pd.DataFrame:
    """Agreement of two raters on each label, beyond chance: Cohen's kappa.

    Parameters
    ----------
    first, second : DataFrame, one row per party, the same parties
        party_id
        status, side, client_type : str, or those of them that both have

    Returns
    -------
    DataFrame, one row per label
        label : str
        parties, disagree : int64
        agree : float64, share of parties with the same label
        kappa, low, high : float64, 95 % interval; NaN where both give one same label to all

    Raises
    ------
    MissingColumnsError, BadRowsError
        If there is no label in both, a value is missing, or the parties differ.

    Source
    ------
    Cohen (1960), Educational and Psychological Measurement 20, 37-46,
    doi:10.1177/001316446002000104; the interval is that of `crmlab.credit.measure.weighted_kappa`.

    Examples
    --------
    >>> first = pd.DataFrame({"party_id": range(4), "status": ["actual"] * 2 + ["none"] * 2})
    >>> second = first.assign(status=["actual", "none", "none", "none"])
    >>> rater_kappa(first, second)[["label", "disagree", "kappa"]].to_numpy().tolist()
    [['status', 1, 0.5]]
    """
    for frame in (first, second):
        require_key(frame, "party_id")
    names = [name for name in LABELS if name in first and name in second]
    if not names:
        require_columns(first, *LABELS)
        require_columns(second, *LABELS)
    left, right = (frame.set_index("party_id")[names] for frame in (first, second))
    if not left.index.sort_values().equals(right.index.sort_values()):
        only = [*left.index.symmetric_difference(right.index)][:10]
        raise BadRowsError(
            f"the raters labelled different parties: {only} stand with one of them only. "
            "Keep those that both labelled."
        )
    require_values(first, *names)
    require_values(second, *names)
    right = right.reindex(left.index)
    return pd.DataFrame([_kappa_of(name, left[name], right[name]) for name in names])


def _kappa_of(name: str, left: pd.Series, right: pd.Series) -> dict[str, object]:
    """Return a row of agreement on one label."""
    code, _ = pd.factorize(np.concatenate([left.to_numpy(object), right.to_numpy(object)]))
    one, other = pd.Series(code[: len(left)]), pd.Series(code[len(left) :])
    row: dict[str, object] = {"label": name, "parties": len(left)}
    row |= {"disagree": int((one != other).sum()), "agree": float((one == other).mean())}
    try:
        found = weighted_kappa(one, other, weights="none")
    except OutOfRangeError:  # one word for all: agreement beyond chance has no meaning
        return row | dict.fromkeys(("kappa", "low", "high"), np.nan)
    return row | {"kappa": found.kappa, "low": found.low, "high": found.high}
