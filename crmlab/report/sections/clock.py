"""The clock behind the names: how long the silence of a segment is here, and who comes back."""

from __future__ import annotations

import warnings

import pandas as pd

from crmlab._checks import months_before
from crmlab._words import _
from crmlab.errors import CrmlabError, LaterRowsWarning, UninformativeScoreWarning
from crmlab.report.blocks import Column, Table
from crmlab.report.case import Case
from crmlab.report.words import count, share
from crmlab.rfm.measure import frequency_gap, holdout_response, rfm_scores, rfm_segments

# The segments whose names speak of a silence, which they only compare with the others'.
SILENT = ("slipping away", "lost big spenders", "fading regulars", "asleep")
_MONTHS = 6
_FEW = 30  # customers, below which a share says little
_USUAL = 0.05  # chance of so long a silence at the customer's own pace


def clock(case: Case) -> pd.DataFrame:
    """Return what each silent segment that has customers means in days, indexed by its name.

    Returns
    -------
    DataFrame
        customers, usual : int64; `usual` are silent no longer than their own rhythm makes likely
        least, most : int64, days since the last purchase
        back : float64, share of such customers half a year before the end who bought in it;
            missing where the file is too short or they were fewer than 30
    """
    rows = case.segments[case.segments["segment"].isin(SILENT)]
    pace = frequency_gap(case.purchases, as_of=case.as_of).set_index("customer_id")
    usual = pace["silence_chance"].reindex(rows["customer_id"]).ge(_USUAL).to_numpy()
    found = rows.assign(usual=usual).groupby("segment")
    table = found.agg(
        customers=("usual", "size"),
        usual=("usual", "sum"),
        least=("days_since_last", "min"),
        most=("days_since_last", "max"),
    )
    return (
        table.astype("int64")
        .join(_came_back(case))
        .reindex([s for s in SILENT if s in table.index])
    )


def meaning(row: pd.Series) -> str:
    """Return what a silent segment means here, in a sentence or two."""
    silence = _("{least:,.0f} to {most}").format(least=row["least"], most=count(row["most"], "day"))
    said = _("Here that is a last purchase {silence} ago.").format(silence=silence)
    if pd.notna(row["back"]):
        said += _(" Of such customers half a year ago, {back} have bought since.").format(
            back=share(row["back"])
        )
    if row["usual"]:
        of_all = _("{usual} of {customers}").format(
            usual=count(row["usual"]), customers=count(row["customers"], "customer")
        )
        said += _(
            " {of_all} are silent no longer than is usual for them: give none of these up."
        ).format(of_all=of_all)
    return said


def silences(table: pd.DataFrame) -> Table:
    """Return the table of silences as a block."""
    columns = [
        Column(_("Segment"), table.index.to_series().map(_)),
        Column(_("Customers"), table["customers"].map(count), "number"),
        Column(_("Days since the last purchase"), _range(table), "number"),
        Column(_("Came back within half a year"), table["back"], "share"),
        Column(_("Silence usual for them"), table["usual"] / table["customers"], "share"),
    ]
    return Table(_("What silence means in this file"), columns)


def _range(table: pd.DataFrame) -> pd.Series:
    spell = _("{least:,.0f} to {most}")
    return table.apply(
        lambda row: spell.format(least=row["least"], most=f"{row['most']:,.0f}"), axis=1
    )


def _came_back(case: Case) -> pd.Series:
    """Return the share of each segment of half a year before the end who bought in that time."""
    split = months_before(case.as_of.to_numpy().astype("M8[D]"), _MONTHS)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", UninformativeScoreWarning)
            warnings.simplefilter("ignore", LaterRowsWarning)
            known = holdout_response(case.purchases, split=str(split), until=case.as_of)
            placed = rfm_segments(rfm_scores(known))
    except CrmlabError:  # the file does not reach back so far
        return pd.Series(dtype="float64", name="back")
    back = placed.groupby("segment")["responded"].agg(["mean", "size"])
    return back["mean"].where(back["size"] >= _FEW).rename("back")
