"""Pictures of trials: effects, power, looks, doors."""

from __future__ import annotations

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.ticker import PercentFormatter, StrMethodFormatter

from crmlab._theme import PALETTE, drawable, drawn, dress
from crmlab._words import N_, _
from crmlab.errors import EmptyError

_WAYS = {
    "difference": N_("plain difference"),
    "cuped": N_("less what was before (CUPED)"),
    "strata": N_("within strata"),
    "store": N_("store by store"),
}
# What curves are called most often; any other name stands in the legend as it is.
_NAMES = {
    "usual": N_("1.96 at each look"),
    "pocock": N_("Pocock's bound"),
    "obrien-fleming": N_("O'Brien and Fleming's bound"),
    "plain": N_("plain difference"),
    "cuped": N_("less what was before (CUPED)"),
}


@drawn
def plot_treatment_effect(
    effect: pd.DataFrame,
    *,
    truth: float | None = None,
    unit: str | None = None,
    ax: Axes | None = None,
) -> Axes:
    """Draw the effect of a campaign by each way, with intervals, beside no effect and the truth.

    Parameters
    ----------
    effect : DataFrame, as returned by `treatment_effect`
        way, effect, low, high
    truth : float, optional
        A line where the truth lies, if somebody knows it.
    unit : str, optional
        Of the outcome; "per customer" when omitted.

    See Also
    --------
    crmlab.campaigns.measure.treatment_effect : makes the frame.
    """
    table = drawable(effect, "way", "effect", "low", "high")

    ax = plt.gca() if ax is None else ax
    at = -np.arange(len(table))
    ax.axvline(0, color="grey", linewidth=0.8)
    if truth is not None:
        ax.axvline(truth, color=PALETTE[5], linestyle="--", label=_("truth"))
        ax.legend(frameon=False, loc="upper right")
    reach = [table["effect"] - table["low"], table["high"] - table["effect"]]
    ax.errorbar(table["effect"], at, xerr=reach, fmt="o", color=PALETTE[0], capsize=4)
    names = table["way"].astype("str").tolist()
    ax.set_yticks(at, [_(_WAYS.get(name, name)) for name in names])
    ax.set(xlabel=unit or _("Effect per customer"), ylim=(-len(names) + 0.4, 0.9))
    return dress(ax)


@drawn
def plot_power_curve(power: pd.DataFrame, *, wanted: float = 0.8, ax: Axes | None = None) -> Axes:
    """Draw the chance to find an effect against the number of customers in the trial.

    Parameters
    ----------
    power : DataFrame, as returned by `power_curve`; with a column `plan`, a line for each
        customers, power
    wanted : float
        A line at the power one asks for.

    See Also
    --------
    crmlab.campaigns.measure.power_curve : makes the frame.
    """
    table = drawable(power, "customers", "power")
    plans = table["plan"].astype("str") if "plan" in table else pd.Series("", index=table.index)

    ax = plt.gca() if ax is None else ax
    ax.axhline(wanted, color="grey", linestyle=":", linewidth=1)
    for place, (name, part) in enumerate(table.groupby(plans, sort=False)):
        part = part.sort_values("customers")
        style = ("-", "--", "-.", ":")[place % 4]
        ax.plot(
            part["customers"], part["power"], style, color=PALETTE[place % 6], label=_named(name)
        )
    if "plan" in table:
        ax.legend(frameon=False, loc="lower right")
    ax.xaxis.set_major_formatter(StrMethodFormatter("{x:,.0f}"))
    ax.yaxis.set_major_formatter(PercentFormatter(1))
    ax.set(xlabel=_("Customers in the trial"), ylabel=_("Chance to find the effect"), ylim=(0, 1))
    return dress(ax)


@drawn
def plot_peeking(alarms: dict[str, pd.DataFrame], *, ax: Axes | None = None) -> Axes:
    """Draw the share of tests without any effect that were called a success, look by look.

    Parameters
    ----------
    alarms : dict of DataFrames by name, each as returned by `alarms_by_look`
        look, share

    See Also
    --------
    crmlab.campaigns.measure.alarms_by_look : makes the frames.
    """
    drawn = {}
    for name, alarm in named_frames(alarms).items():
        drawn[name] = drawable(alarm, "look", "share")

    ax = plt.gca() if ax is None else ax
    ax.axhline(0.05, color="grey", linestyle=":", linewidth=1, label=_("5%, as promised"))
    for place, (name, curve) in enumerate(drawn.items()):
        curve = curve.sort_values("look")
        style = ("-", "--", "-.")[place % 3]
        colour = PALETTE[(5, 0, 2)[place % 3]]
        ax.step(
            curve["look"], curve["share"], style, where="post", color=colour, label=_named(name)
        )
    ax.yaxis.set_major_formatter(PercentFormatter(1, decimals=0))
    ax.set(xlabel=_("Looks so far"), ylabel=_("Tests called a success"), ylim=(0, None))
    ax.legend(frameon=False, loc="best")
    return dress(ax)


@drawn
def plot_doors(course: pd.DataFrame, *, ax: Axes | None = None) -> Axes:
    """Draw the share of games won so far, by who stays and by who switches.

    Parameters
    ----------
    course : DataFrame, as returned by `door_course`
        played, stay, switch

    See Also
    --------
    crmlab.campaigns.measure.door_course : makes the frame.
    """
    table = drawable(course, "played", "stay", "switch").sort_values("played")

    ax = plt.gca() if ax is None else ax
    names = {"switch": (_("who switches"), "-", 0), "stay": (_("who stays"), "--", 1)}
    for name, (label, style, colour) in names.items():
        ax.plot(table["played"], table[name], style, color=PALETTE[colour], label=label)
    ax.set_xscale("log")
    ax.xaxis.set_major_formatter(StrMethodFormatter("{x:,.0f}"))
    ax.yaxis.set_major_formatter(PercentFormatter(1))
    ax.set(xlabel=_("Games played"), ylabel=_("Games won so far"), ylim=(0, 1))
    ax.legend(frameon=False, loc="upper right")
    return dress(ax)


def named_frames(frames: object) -> dict:
    """Return frames by name, at least one; a single frame has no name."""
    if isinstance(frames, dict) and not frames:
        raise EmptyError("hand over a dict of at least one frame, such as {'plain': …}.")
    return frames if isinstance(frames, dict) else {"": frames}


def _named(name: object) -> str:
    """Return what the legend says of a curve."""
    return _(_NAMES[str(name)]) if name in _NAMES else str(name)
