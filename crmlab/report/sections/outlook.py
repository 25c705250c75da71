"""What comes next: cohorts as they age, the next year with intervals, and who is overdue."""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from typing import Literal

import pandas as pd

from crmlab._words import N_, _, pgettext
from crmlab.errors import CrmlabError, WeakFitWarning
from crmlab.lifetime.measure import buying_history, cohort_table
from crmlab.lifetime.model import BGNBD, GammaGamma, base_value, customer_value
from crmlab.lifetime.plot import plot_cohorts
from crmlab.report.blocks import Block, Card, Cards, Column, Note, Part, Section, Table, Text
from crmlab.report.case import Case
from crmlab.report.pictures import picture
from crmlab.report.words import count, day, days, share
from crmlab.rfm.measure import frequency_gap

ANCHOR, TITLE = "outlook", N_("The year ahead")
# A forecast is shown if, tried on the last quarter of the file, it was off by less than this.
MOST_OFF = 0.25
ENOUGH_REPEATERS, ENOUGH_WEEKS = 50, 26
_MOST = 10  # rows of a list
_LOST = 0.05  # chance to be there, below which a customer is lost rather than at risk
_SEED = 10  # the same purchases always give the same page


def section(case: Case) -> Section:
    """Return cohorts, the forecast of a year where it can be trusted, and customers overdue."""
    if case.is_small:
        return Section(ANCHOR, _(TITLE), case.too_few(_("a look ahead")))

    ahead = _forecast(case)
    finding = (
        _(
            "In the next twelve months {purchases} purchases are to be expected, {worth} in all, "
            "if nothing changes."
        ).format(purchases=count(round(ahead.purchases)), worth=case.money(ahead.worth))
        if isinstance(ahead, _Forecast)
        else _("From this file the year ahead cannot be foretold.")
    )
    blocks: list[Block] = []
    if isinstance(ahead, _Forecast):
        blocks += [
            _cards(case, ahead),
            Part(_("The ten largest risks in money"), _risks(case, ahead)),
        ]
    else:
        blocks.append(Note(_("No forecast: {reason}").format(reason=ahead)))
    blocks.append(Part(_("Overdue by their own rhythm"), _overdue(case)))
    blocks.append(Part(_("Cohorts: who comes back as time passes"), _cohorts(case)))
    return Section(ANCHOR, _(TITLE), finding, blocks)


@dataclass(frozen=True)
class _Forecast:
    """What is to be expected, and how the same forecast fared when tried.

    base : `base_value` of the outcome, its rows by quantity
    each : `customer_value`
    off : error of the trial, a share of what was bought
    """

    base: dict[str, dict[str, float]]
    each: pd.DataFrame
    off: float

    @property
    def purchases(self) -> float:
        return self.base["purchases"]["estimate"]

    @property
    def worth(self) -> float:
        return self.base["value"]["estimate"]


def _forecast(case: Case) -> _Forecast | str:
    """Return the forecast, or in words why there is none."""
    weeks = (case.as_of - case.first).days / 7
    if weeks < ENOUGH_WEEKS:
        return _("the file covers {weeks}, and it takes {least}.").format(
            weeks=days(weeks * 7), least=ENOUGH_WEEKS * 7
        )
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", WeakFitWarning)
            history = buying_history(case.purchases, as_of=case.as_of)
            repeaters = int((history["repeats"] > 0).sum())
            if repeaters < ENOUGH_REPEATERS:
                return _("{repeaters} came back on another day, and it takes {least}.").format(
                    repeaters=count(repeaters, "customer"), least=ENOUGH_REPEATERS
                )
            off = _tried(case)
            if abs(off) > MOST_OFF:
                return _(
                    "tried on the last quarter of the file, it was off by {off}. A season, a "
                    "campaign or new customers may be the reason."
                ).format(off=share(abs(off)))
            model, spend = BGNBD().fit(history), GammaGamma().fit(history)
            terms = {"model": model, "spend": spend, "discount": 0.0}
            rows = base_value(history, of="outcome", seed=_SEED, **terms).set_index("quantity")
            base = {
                str(name): {str(column): float(row[column]) for column in rows.columns}
                for name, row in rows.iterrows()
            }
            each = customer_value(history, **terms)
    except WeakFitWarning:
        return _("the purchases leave the pace or the loyalty of the customers open.")
    except CrmlabError as refusal:
        return f"{str(refusal).partition('. ')[0].rstrip('.')}."
    return _Forecast(base, each, off)


def _tried(case: Case) -> float:
    """Return by which share the forecast from the first three quarters missed the last one."""
    length = case.as_of - case.first
    cut = (case.first + 0.75 * length).normalize()
    purchases = case.purchases
    early, late = purchases[purchases["date"] <= cut], purchases[purchases["date"] > cut]
    history = buying_history(early, as_of=cut)
    ahead = BGNBD().fit(history).predict(history, weeks=(case.as_of - cut).days / 7)
    later = late[late["customer_id"].isin(history["customer_id"]) & (late["amount"] > 0)]
    bought = len(
        later.assign(day=later["date"].dt.normalize()).drop_duplicates(["customer_id", "day"])
    )
    return float(ahead["expected_purchases"].sum() / max(bought, 1) - 1)


def _cards(case: Case, ahead: _Forecast) -> Cards:
    purchases, value = ahead.base["purchases"], ahead.base["value"]
    known = _("of the customers there are; new ones come on top")
    return Cards(
        [
            Card(_("Expected purchases"), count(round(purchases["estimate"])), known),
            Card(
                _("In 95 of 100 such years"),
                _("{low} to {high}").format(
                    low=count(round(purchases["low"])), high=count(round(purchases["high"]))
                ),
                _("purchases on different days"),
            ),
            Card(_("Expected spend"), case.money(value["estimate"]), _("not discounted")),
            Card(
                _("In 95 of 100 such years"),
                _("{low} to {high}").format(
                    low=case.money(value["low"]), high=case.money(value["high"])
                ),
                _("tried on the last quarter, the forecast was off by {off}").format(
                    off=share(abs(ahead.off))
                ),
            ),
        ]
    )


def _risks(case: Case, ahead: _Forecast) -> list[Block]:
    doubtful = ahead.each[ahead.each["p_alive"] > _LOST]
    worst = doubtful.nlargest(_MOST, "at_risk")
    columns = [
        Column(_("Customer"), worst["customer_id"].map(case.name), "name"),
        Column(_("Money at risk"), worst["at_risk"].map(case.money), "number"),
        Column(_("Chance to be gone"), 1 - worst["p_alive"], "share"),
        Column(_("Expected spend"), worst["value"].map(case.money), "number"),
    ]
    text = _(
        "Money at risk is what the customer would bring in a year if surely still there, times the "
        "chance to be gone. Of customers whose chance to be there is above {least}; the others are "
        "lost rather than at risk. All these together: {at_risk}."
    ).format(least=share(_LOST), at_risk=case.money(doubtful["at_risk"].sum()))
    return [Table(_("Where most money would be lost"), columns), Text([text])]


def _overdue(case: Case) -> list[Block]:
    gaps = frequency_gap(case.purchases, as_of=case.as_of)
    late = gaps[gaps["reading"] == "churn"]
    if late.empty:
        return [Text([_("Nobody who came back before has been silent for unusually long.")])]
    spend = late["customer_id"].map(case.spend)
    worst = late.assign(spend=spend).nlargest(_MOST, "spend")
    columns = [
        Column(_("Customer"), worst["customer_id"].map(case.name), "name"),
        Column(_("Spend so far"), worst["spend"].map(case.money), "number"),
        Column(_("Usual gap"), worst["usual_gap_days"].map(days), "number"),
        Column(_("Silent for"), worst["days_since_last"].map(days), "number"),
    ]
    text = _(
        "Silent for longer than 19 of 20 would be who still bought at the same pace: {late}. Below "
        "are those who had spent most by {as_of}."
    ).format(late=count(len(late), "customer"), as_of=day(case.as_of))
    return [Text([text]), Table(_("Silent for unusually long"), columns)]


def _cohorts(case: Case) -> list[Block]:
    quarters = (case.as_of - case.first).days > 550
    period: Literal["quarter", "month"] = "quarter" if quarters else "month"
    said = pgettext("cohort", "quarter") if quarters else pgettext("cohort", "month")
    cohorts = cohort_table(case.purchases, period=period, as_of=case.as_of)
    known = cohorts[cohorts["complete"]]
    later = known[known["age"] > 0]
    if later.empty:
        return [
            Text([_("The file holds no whole {period} after the first one.").format(period=said)])
        ]
    first = known[known["age"] == 1]
    back = first["active"].sum() / max(first["customers"].sum(), 1)
    alt = _(
        "Share of each cohort that buys again, by {period}s since the first purchase; a {period} "
        "later it is {back} over all cohorts. What is not yet known is white."
    ).format(period=said, back=share(back))
    caption = _(
        "A row is the customers of one {period}; read it from left to right as they age. A cohort "
        "that is paler than those above it at the same age comes back less."
    ).format(period=said)
    size = (6.4, 2.4 + 0.26 * min(known["cohort"].nunique(), 20))
    return [picture(lambda ax: plot_cohorts(cohorts, ax=ax), alt=alt, caption=caption, size=size)]
