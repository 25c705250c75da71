"""A segment's name is relative; what the page says of it is not."""

import numpy as np
import pandas as pd
import pytest

from crmlab.lifetime.simulate import simulate_purchases


@pytest.fixture
def grocer():
    """Households that come every few days, nearly all of them to the end."""
    rng = np.random.default_rng(12)
    rows = []
    for household in range(300):
        gap = rng.uniform(2, 9)
        days = np.cumsum(rng.exponential(gap, int(900 / gap)))
        rows += [(household, day, 20.0) for day in days[days < 365].astype(int)]
    frame = pd.DataFrame(rows, columns=["customer_id", "date", "amount"])
    return frame.assign(date=pd.Timestamp("2024-01-01") + pd.to_timedelta(frame["date"], "D"))


def test_where_everybody_comes_every_week_nobody_is_given_up(report, grocer):
    page = report(grocer, show_ids=True)
    table = page.table("What silence means in this file")
    usual = table["Silence usual for them"].str.rstrip("%").astype(float)
    back = table["Came back within half a year"].str.rstrip("%").str.removeprefix("over ")
    assert usual.min() >= 50
    assert back[back != "–"].astype(float).min() >= 95
    assert "give none of these up" in page.text("segments")


def test_days_are_those_of_the_segment(report, grocer):
    table = report(grocer, show_ids=True).table("What silence means in this file")
    ends = table["Days since the last purchase"].str.split(" to ", expand=True).astype(int)
    assert (ends[0] <= ends[1]).all()
    assert ends[1].max() < 60


def test_who_is_really_gone_is_not_called_usual(report):
    purchases = simulate_purchases(400, rate=(2.0, 2.0), dropout=(1.0, 3.0), seed=3).data
    table = report(purchases, show_ids=True).table("What silence means in this file")
    usual = table["Silence usual for them"].str.rstrip("%").astype(float)
    assert usual.min() < 50


def test_a_file_too_short_to_look_back_says_no_share(report, grocer):
    short = grocer[grocer["date"] < "2024-03-01"]
    table = report(short, show_ids=True).table("What silence means in this file")
    assert (table["Came back within half a year"] == "–").all()
