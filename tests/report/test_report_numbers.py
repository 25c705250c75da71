"""The report on CDNOW: every figure on the page is the measure's own."""

import pandas as pd
import pytest

from crmlab.data import load
from crmlab.members import quadrant_summary, quadrants, repurchase, repurchase_summary
from crmlab.pyramid import concentration, pyramid
from crmlab.rfm import rfm, rfm_scores, rfm_segments, segment_summary

# Half of CDNOW's customers bought once; that the page says so is a test below.
pytestmark = pytest.mark.filterwarnings("ignore::crmlab.errors.UninformativeScoreWarning")


@pytest.fixture(scope="module")
def purchases():
    return load("cdnow")


@pytest.fixture(scope="module")
def table(purchases):
    return rfm(purchases)


@pytest.fixture(scope="module")
def spend(purchases):
    return purchases.groupby("customer_id")["amount"].sum()


# by hand


def test_headline_figures_are_those_of_plain_pandas(cdnow_page, purchases, spend):
    paid = purchases[purchases["amount"] > 0]
    again = (paid.groupby("customer_id").size() > 1).sum()
    total = purchases["amount"].sum()
    assert cdnow_page.card("glance", "Customers") == "23,570"
    assert cdnow_page.card("glance", "Purchases") == f"{len(paid):,}"
    assert cdnow_page.card("glance", "Net spend") == f"{total:,.0f}"
    assert cdnow_page.card("glance", "Average ticket") == f"{total / len(paid):,.2f}"
    assert cdnow_page.card("glance", "Bought more than once") == f"{again / len(spend):.0%}"
    assert f"{total:,.0f} within 546 days" in cdnow_page.finding("glance")


def test_the_moves_are_those_of_two_pyramids_of_nine_months_each(cdnow_page, purchases):
    """1997-01-01 to 1998-06-30 is 18 months; a tier ends at floor(cut * n + 1/2)."""
    cut = pd.Timestamp("1997-10-01")
    paid = purchases[purchases["amount"] > 0]  # CDNOW has free items and no refunds
    early = paid[paid["date"] < cut].groupby("customer_id")["amount"].sum()
    late = paid[paid["date"] >= cut].groupby("customer_id")["amount"].sum()
    assert "1 January 1997 to 30 September 1997" in cdnow_page.text("migration")
    assert "1 October 1997 to 30 June 1998" in cdnow_page.text("migration")

    def best(money):
        ranked = money.sort_index().sort_values(ascending=False, kind="stable")
        return {*ranked.index[: int(0.01 * len(money) + 0.5)]}

    moves = cdnow_page.table("Customers by tier")
    assert moves.loc["VIP", "Later: VIP"] == str(len(best(early) & best(late)))
    assert moves.loc["VIP", "Later: lost"] == str(len(best(early) - {*late.index}))
    lost = len({*early.index} - {*late.index})
    assert cdnow_page.card("migration", "Lost") == f"{lost:,}"
    assert f"{lost / len(early):.0%} bought nothing in the later" in cdnow_page.finding("migration")


# against the measures


def test_segments_on_the_page_are_those_of_the_summary(cdnow_page, table):
    summary = segment_summary(rfm_segments(rfm_scores(table))).set_index("segment")
    shown = cdnow_page.table("Segments by net spend")
    assert shown.index.tolist() == summary.index.tolist()
    assert shown["Customers"].tolist() == [f"{n:,}" for n in summary["customers"]]
    assert shown["Mean spend"].str.replace(",", "").astype(float).to_numpy() == pytest.approx(
        summary["mean_spend"].to_numpy(), abs=0.5
    )
    best = summary.iloc[0]
    assert f"{best['share_of_spend']:.0%} of the net spend" in cdnow_page.finding("segments")


def test_the_page_says_that_a_score_tells_little_where_most_customers_are_alike(cdnow_page, table):
    once = int((table["frequency"] == 1).sum())
    words = f"frequency is 1 for {once} of {len(table)} customers, who share one score"
    assert words in cdnow_page.text("segments")


def test_pyramid_and_concentration_are_those_of_the_spend(cdnow_page, spend):
    tiers = pyramid(spend).set_index("tier")
    shown = cdnow_page.table("The pyramid")
    assert shown["Customers"].to_dict() == {t: f"{n:,}" for t, n in tiers["customers"].items()}
    assert shown["Net spend"].to_dict() == {t: f"{m:,.0f}" for t, m in tiers["spend"].items()}
    found = concentration(spend)
    assert cdnow_page.card("pyramid", "Gini coefficient") == f"{found.gini:.2f}"
    assert f"The top 20% of customers bring {found.share_of_top:.0%}" in cdnow_page.finding(
        "pyramid"
    )
    assert f"from {found.customers_for_share:.0%} of them" in cdnow_page.finding("pyramid")


@pytest.mark.curriculum("S82")
@pytest.mark.curriculum("S85")
def test_members_are_those_of_the_last_twelve_months(cdnow_page, purchases):
    members = repurchase(purchases)
    found = repurchase_summary(members)
    assert cdnow_page.card("members", "Returning customers") == f"{found.returning:,}"
    assert cdnow_page.card("members", "Mean repurchase days") == f"{found.mean_gap_days:.0f} days"
    assert cdnow_page.card("members", "Returns per customer") == f"{found.returns_per_member:.2f}"
    summary = quadrant_summary(quadrants(members))
    shown = cdnow_page.table("The four quadrants")
    assert shown["Customers"].tolist() == [f"{n:,}" for n in summary["customers"]]
    assert sum(int(n.replace(",", "")) for n in shown["Customers"]) == len(members)


def test_customers_to_act_on_are_the_biggest_of_their_segment(cdnow_page, purchases, table):
    segments = rfm_segments(rfm_scores(table))
    slipping = segments[segments["segment"] == "slipping away"].nlargest(10, "monetary")
    shown = cdnow_page.table(f"The 10 of {(segments['segment'] == 'slipping away').sum():,}")
    assert shown.index.tolist() == slipping["customer_id"].astype(str).tolist()
    assert shown["Last purchase"].tolist() == [f"{n} days ago" for n in slipping["days_since_last"]]

    first = int(shown.index[0])
    own = purchases[(purchases["customer_id"] == first) & (purchases["amount"] > 0)]
    gap = own["date"].drop_duplicates().sort_values().diff().dt.days.mean()
    assert float(shown["Usual gap"].iloc[0].split()[0]) == pytest.approx(gap, abs=0.5)


def test_alternative_texts_state_the_finding(cdnow_page, purchases, table):
    scores = rfm_scores(table)
    best = ((scores["recency_score"] >= 4) & (scores["frequency_score"] >= 4)).mean()
    heat_map, _ = cdnow_page.alts("segments")
    assert f"{best:.0%} score 4 or 5 on both" in heat_map
    days = purchases[purchases["amount"] > 0].drop_duplicates(["customer_id", "date"])
    gaps = days.sort_values("date").groupby("customer_id")["date"].diff().dropna().dt.days
    interval, _ = cdnow_page.alts("members")
    assert (
        f"within {gaps.median():.0f} days, nine in ten within {gaps.quantile(0.9):.0f}" in interval
    )


def test_an_earlier_day_is_asked_about_and_later_purchases_are_counted(report, purchases):
    page = report(purchases, as_of="1997-12-31")
    known = purchases[purchases["date"] < "1998-01-01"]
    assert page.card("glance", "Net spend") == f"{known['amount'].sum():,.0f}"
    later = len(purchases) - len(known)
    assert f"Left out of every figure: {later:,} purchases after 31 December 1997" in page.text(
        "quality"
    )
