"""Sliders over the pure functions of this topic."""

from __future__ import annotations

from functools import partial

import pandas as pd
from ipywidgets import FloatSlider, VBox
from matplotlib.figure import Figure

from crmlab._widgets import under
from crmlab._words import _
from crmlab.errors import UnknownNameError
from crmlab.pyramid.measure import cost_to_serve, net_value, pyramid, whale_curve
from crmlab.pyramid.plot import plot_pyramid, plot_whale_curve

__all__ = ["cuts_picture", "explore_cuts", "explore_tariffs", "tariff_picture"]


def cuts_picture(spend: pd.Series, *, vip: float, major: float, ordinary: float) -> Figure:
    """Return the pyramid whose three upper tiers hold these net shares of the customers.

    Tiers are net, cuts cumulative: tiers of 1, 4 and 15 % are cuts at 1, 5 and 20 %.
    The figure is not registered with pyplot, so a notebook shows it once, where asked.

    Parameters
    ----------
    spend : Series, one value per customer
    vip, major, ordinary : float, shares of the customers in the three upper tiers, below 1 in
        all
    """
    figure = Figure(figsize=(8, 4), layout="constrained")
    # Rounded as written: 0.01 + 0.04 + 0.15 is not quite 0.2 in binary.
    cuts = [round(cut, 6) for cut in (vip, vip + major, vip + major + ordinary)]
    plot_pyramid(pyramid(spend, cuts=cuts), ax=figure.subplots())
    return figure


def explore_cuts(spend: pd.Series) -> VBox:
    """Return three sliders for the sizes of the upper tiers, above the pyramid they cut.

    Parameters
    ----------
    spend : Series, one value per customer
    """
    names = {"vip": _("vip"), "major": _("major"), "ordinary": _("ordinary")}
    sizes = {"vip": (0.01, 0.005, 0.05), "major": (0.04, 0.01, 0.15), "ordinary": (0.15, 0.05, 0.5)}
    sliders = {
        name: FloatSlider(
            start, min=least, max=most, step=least, description=names[name], readout_format=".1%"
        )
        for name, (start, least, most) in sizes.items()
    }

    def said(**shares: float) -> str:
        words = _(", ").join(f"{names[name]} {share:.1%}" for name, share in shares.items())
        alt = _("Pyramid of headcount and spend, tiers of {words} and the rest")
        return alt.format(words=words)

    return under(sliders, partial(cuts_picture, spend), said)


def tariff_picture(
    accounts: pd.DataFrame, events: pd.DataFrame, tariff: pd.DataFrame, *, costs: dict[str, float]
) -> Figure:
    """Return the whale curve of these accounts when events cost what `costs` says.

    Parameters
    ----------
    accounts, events, tariff : DataFrame, as `service_profit` takes them
    costs : dict of str to float, kind of event to its new cost; the others keep that of the
        tariff
    """
    moved = tariff.astype({"cost": "float64"})
    for event, cost in costs.items():
        if event not in {*tariff["event"]}:
            raise UnknownNameError.among("event", event, tariff["event"])
        moved.loc[moved["event"] == event, "cost"] = cost

    figure = Figure(figsize=(8, 4), layout="constrained")
    net = net_value(accounts, cost_to_serve(events, moved))
    value = pd.Series(net["net_value"].to_numpy(), net["customer_id"])
    plot_whale_curve(whale_curve(value), ax=figure.subplots())
    return figure


def explore_tariffs(accounts: pd.DataFrame, events: pd.DataFrame, tariff: pd.DataFrame) -> VBox:
    """Return a slider per kind of event for its cost, above the whale curve they bend.

    Parameters
    ----------
    accounts, events, tariff : DataFrame, as `service_profit` takes them
    """
    sliders = {
        event: FloatSlider(
            cost,
            min=0,
            max=3 * cost or 1,
            step=cost / 10 or 0.1,
            description=_(event),
            style={"description_width": f"{0.6 * max(map(len, tariff['event'])):.1f}em"},
        )
        for event, cost in zip(tariff["event"], tariff["cost"], strict=True)
    }

    def draw(**costs: float) -> Figure:
        return tariff_picture(accounts, events, tariff, costs=costs)

    def said(**costs: float) -> str:
        each = _("{cost:g} per {event}")
        words = (each.format(cost=cost, event=_(event)) for event, cost in costs.items())
        return _("Whale curve at {words}").format(words=_(", ").join(words))

    return under(sliders, draw, said)
