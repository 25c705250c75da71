"""Examples of the pictures of the topic social."""

from __future__ import annotations

from matplotlib.axes import Axes

from crmlab.database.simulate import simulate_direct_selling
from crmlab.social import measure, plot
from crmlab.social.simulate import (
    simulate_fan_club,
    simulate_friends,
    simulate_launch,
    simulate_stall,
)


def plot_seller_tree(ax: Axes) -> Axes:
    """Draw the sellers of a small town."""
    data, _ = simulate_direct_selling(800, seed=7)
    return plot.plot_seller_tree(measure.seller_tree(data.sellers, data.sales), ax=ax)


def plot_interaction_effect(ax: Axes) -> Axes:
    """Draw a world in which something unseen drives both interacting and buying."""
    club = simulate_fan_club(2_000, hidden=0.4, seed=3)
    window = measure.fan_window(club.fans, club.interactions, club.purchases)
    return plot.plot_interaction_effect(measure.interaction_effect(window), truth=0, ax=ax)


def plot_fan_funnel(ax: Axes) -> Axes:
    """Draw what five hundred fans and their friends did, by motive."""
    club = simulate_fan_club(500, seed=3)
    return plot.plot_fan_funnel(
        measure.fan_funnel(club.fans, club.interactions, club.purchases), ax=ax
    )


def plot_referral_k(ax: Axes) -> Axes:
    """Draw the friends whom the fans of a year bring."""
    club = simulate_fan_club(2_000, n_days=365, seed=3)
    return plot.plot_referral_k(measure.referral_k(club.fans), ax=ax)


def plot_line(ax: Axes) -> Axes:
    """Draw the line of one break without pre-orders."""
    orders, _ = simulate_stall(60, seed=4)
    return plot.plot_line(measure.queue_waits(orders, collects="collects_at"), ax=ax)


def plot_entry_game(ax: Axes) -> Axes:
    """Draw whether a giant comes, up to a market of two thousand portions."""
    return plot.plot_entry_game(measure.entry_game(range(50, 2_001, 50)), ax=ax)


def plot_event_study(ax: Axes) -> Axes:
    """Draw a shop in which following causes nothing."""
    launch = simulate_launch(4_000, seed=6)
    return plot.plot_event_study(measure.event_study(launch.customers, launch.purchases), ax=ax)


def plot_follow_effect(ax: Axes) -> Axes:
    """Draw what five ways make of a shop in which following causes nothing."""
    launch = simulate_launch(4_000, seed=6)
    table = measure.follow_effect(launch.customers, launch.purchases)
    return plot.plot_follow_effect(table, truth=0, ax=ax)


def plot_fee_curve(ax: Axes) -> Axes:
    """Draw what a group of 100 a month earns."""
    return plot.plot_fee_curve(measure.fee_curve(fee=100, margin=3.0), ax=ax)


def plot_friends(ax: Axes) -> Axes:
    """Draw the friendships of eighty fans."""
    return plot.plot_friends(simulate_friends(80, mean_friends=4, seed=3).friends, ax=ax)
