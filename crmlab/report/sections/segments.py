"""The RFM map, the segments on it, and what to do for each."""

from __future__ import annotations

import pandas as pd

from crmlab.report.blocks import Block, Column, Note, Part, Section, Table, Term, Terms, Text
from crmlab.report.case import Case
from crmlab.report.pictures import picture
from crmlab.report.sections.clock import clock, meaning, silences
from crmlab.report.words import ago, count, share
from crmlab.rfm.measure import rfm_map, segment_guide, segment_summary
from crmlab.rfm.measure.scores import uninformative
from crmlab.rfm.plot import plot_rfm_map, plot_segments

ANCHOR, TITLE = "segments", "RFM map and segments"
_FEW = 100


def section(case: Case) -> Section:
    """Return the map of recency by frequency and the eight segments of all customers."""
    if case.is_small:
        return Section(ANCHOR, TITLE, case.too_few("scores that compare customers"))
    summary, silent = segment_summary(case.segments), clock(case)
    best = summary.iloc[0]
    finding = f"The segment “{best['segment']}” is {share(best['share_of_customers'])} of customers"
    if pd.notna(best["share_of_spend"]):
        finding += f" and brings {share(best['share_of_spend'])} of the net spend"
    blocks: list[Block] = [
        _map(case),
        Part("Eight segments", _segments(case, summary)),
        *_clock(silent),
        Part("What to do for each", [_advice(summary, silent)]),
    ]
    if len(case.table) < _FEW:
        note = (
            f"With only {count(len(case.table), 'customer')}, a single purchase can move somebody "
            "into another segment."
        )
        blocks.insert(0, Note(note, "Caution"))
    for told in uninformative(case.table):
        blocks.insert(0, Note(told, "Caution"))
    return Section(ANCHOR, TITLE, f"{finding}.", blocks)


def _map(case: Case) -> Block:
    cells = rfm_map(case.segments)
    recency, frequency = cells["recency_score"], cells["frequency_score"]
    best = cells.loc[(recency >= 4) & (frequency >= 4), "customers"].sum()
    worst = cells.loc[(recency <= 2) & (frequency <= 2), "customers"].sum()
    fullest = cells.nlargest(1, "customers").iloc[0]
    alt = (
        f"Map of customers by recency and frequency score. {share(best / len(case.table))} score "
        f"4 or 5 on both, {share(worst / len(case.table))} score 1 or 2 on both; the fullest cell "
        f"has recency {fullest['recency_score']:.0f}, frequency "
        f"{fullest['frequency_score']:.0f} and {count(fullest['customers'], 'customer')}."
    )
    caption = (
        "Customers in each cell. Upper right: they buy often and bought lately. Upper left: they "
        "used to buy often and have not been seen for long, the costliest to lose. Equal "
        "customers share a score, so a column or row may be empty."
    )
    return picture(lambda ax: plot_rfm_map(cells, ax=ax), alt=alt, caption=caption)


def _segments(case: Case, summary: pd.DataFrame) -> list[Block]:
    columns = [
        Column("Segment", summary["segment"]),
        Column("Customers", summary["customers"].map(count), "number"),
        Column("Share of customers", summary["share_of_customers"], "share"),
        Column("Share of spend", summary["share_of_spend"], "share"),
        Column("Mean spend", summary["mean_spend"].map(case.money), "number"),
        Column("Median last purchase", summary["median_days_since_last"].map(ago), "number"),
    ]
    empty = [name for name in segment_guide()["segment"] if name not in {*summary["segment"]}]
    return [
        # Without a positive total nobody has a share of it to draw.
        *([] if summary["share_of_spend"].isna().any() else [_shares(summary)]),
        Table("Segments by net spend, highest first", columns),
        *([Note(f"Nobody is in: {', '.join(empty)}.")] if empty else []),
    ]


def _clock(silent: pd.DataFrame) -> list[Block]:
    """Return what the names that speak of a silence mean in days."""
    if silent.empty:
        return []
    words = (
        "A segment compares customers with each other: somebody has to be the longest absent, even "
        "where everybody comes every week. So look at the days, at who came back, and at each "
        "customer's own rhythm, before you give anybody up."
    )
    return [Part("The clock behind the names", [Text([words]), silences(silent)])]


def _advice(summary: pd.DataFrame, silent: pd.DataFrame) -> Block:
    guide = segment_guide().set_index("segment").loc[summary["segment"], ["chinese", "advice"]]
    said = [meaning(silent.loc[name]) if name in silent.index else "" for name in guide.index]
    guide["advice"] = (guide["advice"] + " " + said).str.strip()
    return Terms([Term(*row) for row in guide.itertuples(name=None)])


def _shares(summary: pd.DataFrame) -> Block:
    best, largest = summary.iloc[0], summary.nlargest(1, "customers").iloc[0]
    alt = (
        f"Segments by share of customers and share of net spend. Most customers are “"
        f"{largest['segment']}” ({share(largest['share_of_customers'])}), who bring "
        f"{share(largest['share_of_spend'])} of the spend; most spend comes from “"
        f"{best['segment']}” ({share(best['share_of_spend'])})."
    )
    caption = "Where the lower bar is the longer one, few customers bring much of the spend."
    size = (6.4, 0.5 * len(summary) + 1.2)
    return picture(lambda ax: plot_segments(summary, ax=ax), alt=alt, caption=caption, size=size)
