"""explore_cuts and explore_tariffs: sliders move the picture; the pictures are pure functions."""

import matplotlib.pyplot as plt
import pytest

from crmlab.errors import OutOfRangeError, UnknownNameError
from crmlab.pyramid import (
    cuts_picture,
    explore_cuts,
    explore_tariffs,
    simulate_concentrated,
    simulate_service,
    tariff_picture,
)

SPEND = simulate_concentrated(1_000, seed=1).data.set_index("customer_id")["spend"]
SERVICE = simulate_service(300, seed=1).data
BOOKS = (SERVICE.accounts, SERVICE.events, SERVICE.tariff)


def words(figure):
    return [text.get_text() for text in figure.axes[0].texts]


def test_the_slider_sets_net_tiers_and_the_cuts_add_them_up():
    figure = cuts_picture(SPEND, vip=0.02, major=0.03, ordinary=0.25)
    heads = words(figure)[::2]
    assert heads == ["20 (2.0%)", "30 (3.0%)", "250 (25.0%)", "700 (70.0%)"]
    assert plt.get_fignums() == []


def test_a_tier_of_nothing_is_no_tier():
    with pytest.raises(OutOfRangeError, match="cuts must be cumulative"):
        cuts_picture(SPEND, vip=0.02, major=0, ordinary=0.25)


def test_moving_a_cut_redraws_the_picture_and_its_alternative_text():
    *sliders, picture = explore_cuts(SPEND).children
    assert [slider.description for slider in sliders] == ["vip", "major", "ordinary"]
    before = picture.value
    sliders[2].value = 0.30
    assert picture.value != before
    assert "tiers of vip 1.0%, major 4.0%, ordinary 30.0% and the rest" in picture.value


def test_the_sliders_at_their_ends_leave_a_small_tier():
    *sliders, picture = explore_cuts(SPEND).children
    for slider in sliders:
        slider.value = slider.max
    assert "img" in picture.value


def test_free_service_has_no_hump_before_the_upkeep():
    free = dict.fromkeys(SERVICE.tariff["event"], 0.0)
    accounts = SERVICE.accounts.assign(upkeep=0.0, acquisition_cost=0.0)
    figure = tariff_picture(accounts, SERVICE.events, SERVICE.tariff, costs=free)
    assert "= 100% of the total" in words(figure)[0]
    assert words(figure)[1] == f"total {SERVICE.accounts['margin'].sum():,.0f}"
    assert plt.get_fignums() == []


def test_costs_that_are_not_named_stay_as_they_are():
    one = tariff_picture(*BOOKS, costs={})
    other = tariff_picture(*BOOKS, costs={"enquiry": 40.0})
    assert words(one) == words(other)
    assert words(one) != words(tariff_picture(*BOOKS, costs={"enquiry": 41.0}))


def test_an_unknown_event_has_no_cost():
    with pytest.raises(UnknownNameError, match="no event 'visit'"):
        tariff_picture(*BOOKS, costs={"visit": 3.0})


def test_moving_a_tariff_redraws_the_whale():
    *sliders, picture = explore_tariffs(*BOOKS).children
    assert [slider.value for slider in sliders] == SERVICE.tariff["cost"].tolist()
    before = picture.value
    sliders[0].value = 34.0
    assert picture.value != before
    assert "Whale curve at 34 per branch transaction, 40 per enquiry" in picture.value


def test_a_free_event_has_a_slider_too():
    tariff = SERVICE.tariff.assign(cost=[17.0, 40.0, 0.0])
    *sliders, _ = explore_tariffs(SERVICE.accounts, SERVICE.events, tariff).children
    assert sliders[2].max == 1
