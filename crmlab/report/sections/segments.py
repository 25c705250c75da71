"""The RFM map, the segments on it, and what to do for each."""

from __future__ import annotations

import pandas as pd

from crmlab._words import N_, _, sentences
from crmlab.report.blocks import Block, Column, Note, Part, Section, Table, Term, Terms, Text
from crmlab.report.case import Case
from crmlab.report.pictures import picture
from crmlab.report.sections.clock import clock, meaning, silences
from crmlab.report.words import ago, count, share
from crmlab.rfm.measure import rfm_map, segment_guide, segment_summary
from crmlab.rfm.measure.scores import uninformative
from crmlab.rfm.plot import plot_rfm_map, plot_segments

ANCHOR, TITLE = "segments", N_("RFM map and segments")
_FEW = 100


def section(case: Case) -> Section:
    """Return the map of recency by frequency and the eight segments of all customers."""
    if case.is_small:
        return Section(ANCHOR, _(TITLE), case.too_few(_("scores that compare customers")))
    summary, silent = segment_summary(case.segments), clock(case)
    best = summary.iloc[0]
    finding = _("The segment “{segment}” is {share_of_customers} of customers").format(
        segment=_(best["segment"]), share_of_customers=share(best["share_of_customers"])
    )
    if pd.notna(best["share_of_spend"]):
        finding += _(" and brings {share_of_spend} of the net spend").format(
            share_of_spend=share(best["share_of_spend"])
        )
    blocks: list[Block] = [
        _map(case),
        Part(_("Eight segments"), _segments(case, summary)),
        *_clock(silent),
        Part(_("What to do for each"), [_advice(summary, silent)]),
    ]
    if len(case.table) < _FEW:
        note = _(
            "With only {table}, a single purchase can move somebody into another segment."
        ).format(table=count(len(case.table), "customer"))
        blocks.insert(0, Note(note, "Caution"))
    for told in uninformative(case.table):
        blocks.insert(0, Note(told, "Caution"))
    return Section(ANCHOR, _(TITLE), finding + _("."), blocks)


def _map(case: Case) -> Block:
    cells = rfm_map(case.segments)
    recency, frequency = cells["recency_score"], cells["frequency_score"]
    best = cells.loc[(recency >= 4) & (frequency >= 4), "customers"].sum()
    worst = cells.loc[(recency <= 2) & (frequency <= 2), "customers"].sum()
    fullest = cells.nlargest(1, "customers").iloc[0]
    alt = _(
        "Map of customers by recency and frequency score. {best} score 4 or 5 on both, {worst} "
        "score 1 or 2 on both; the fullest cell has recency {recency_score:.0f}, frequency "
        "{frequency_score:.0f} and {customers}."
    ).format(
        best=share(best / len(case.table)),
        worst=share(worst / len(case.table)),
        recency_score=fullest["recency_score"],
        frequency_score=fullest["frequency_score"],
        customers=count(fullest["customers"], "customer"),
    )
    caption = _(
        "Customers in each cell. Upper right: they buy often and bought lately. Upper left: they "
        "used to buy often and have not been seen for long, the costliest to lose. Equal customers "
        "share a score, so a column or row may be empty."
    )
    return picture(lambda ax: plot_rfm_map(cells, ax=ax), alt=alt, caption=caption)


def _segments(case: Case, summary: pd.DataFrame) -> list[Block]:
    columns = [
        Column(_("Segment"), summary["segment"].map(_)),
        Column(_("Customers"), summary["customers"].map(count), "number"),
        Column(_("Share of customers"), summary["share_of_customers"], "share"),
        Column(_("Share of spend"), summary["share_of_spend"], "share"),
        Column(_("Mean spend"), summary["mean_spend"].map(case.money), "number"),
        Column(_("Median last purchase"), summary["median_days_since_last"].map(ago), "number"),
    ]
    empty = [name for name in segment_guide()["segment"] if name not in {*summary["segment"]}]
    return [
        # Without a positive total nobody has a share of it to draw.
        *([] if summary["share_of_spend"].isna().any() else [_shares(summary)]),
        Table(_("Segments by net spend, highest first"), columns),
        *([Note(_("Nobody is in: {empty}.").format(empty=", ".join(empty)))] if empty else []),
    ]


def _clock(silent: pd.DataFrame) -> list[Block]:
    """Return what the names that speak of a silence mean in days."""
    if silent.empty:
        return []
    words = _(
        "A segment compares customers with each other: somebody has to be the longest absent, even "
        "where everybody comes every week. So look at the days, at who came back, and at each "
        "customer's own rhythm, before you give anybody up."
    )
    return [Part(_("The clock behind the names"), [Text([words]), silences(silent)])]


def _advice(summary: pd.DataFrame, silent: pd.DataFrame) -> Block:
    guide = segment_guide().set_index("segment").loc[summary["segment"], ["chinese", "advice"]]
    said = [meaning(silent.loc[name]) if name in silent.index else "" for name in guide.index]
    guide["advice"] = [*map(sentences, guide["advice"].map(_), said)]
    return Terms([Term(*row) for row in guide.itertuples(name=None)])


def _shares(summary: pd.DataFrame) -> Block:
    best, largest = summary.iloc[0], summary.nlargest(1, "customers").iloc[0]
    alt = _(
        "Segments by share of customers and share of net spend. Most customers are “{segment}” "
        "({share_of_customers}), who bring {share_of_spend} of the spend; most spend comes from "
        "“{segment_2}” ({share_of_spend_2})."
    ).format(
        segment=largest["segment"],
        share_of_customers=share(largest["share_of_customers"]),
        share_of_spend=share(largest["share_of_spend"]),
        segment_2=best["segment"],
        share_of_spend_2=share(best["share_of_spend"]),
    )
    caption = _("Where the lower bar is the longer one, few customers bring much of the spend.")
    size = (6.4, 0.5 * len(summary) + 1.2)
    return picture(lambda ax: plot_segments(summary, ax=ax), alt=alt, caption=caption, size=size)
