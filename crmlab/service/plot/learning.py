"""What suggestions hit, what learning costs, what another rule is worth, how far to tailor."""

from __future__ import annotations

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.ticker import PercentFormatter

from crmlab._theme import PALETTE, drawable, drawn, dress
from crmlab._words import N_, _
from crmlab.errors import EmptyError

_WAYS = {
    "matching": N_("mean where both agree"),
    "ips": N_("inverse propensity"),
    "snips": N_("self-normalised"),
    "doubly robust": N_("doubly robust"),
}
_POLICIES = {"thompson": N_("Thompson"), "epsilon": N_("epsilon-greedy"), "even": N_("even test")}
_DEGREES = {
    "mass": N_("all alike"),
    "segment": N_("by segment"),
    "customer_id": N_("by customer"),
}


@drawn
def plot_recommenders(quality: pd.DataFrame, *, ax: Axes | None = None) -> Axes:
    """Draw the share of customers who were hit, against the share of products that were shown.

    Parameters
    ----------
    quality : DataFrame, as returned by `compare_recommenders`
        model, hit_rate, low, high, coverage

    See Also
    --------
    crmlab.service.model.compare_recommenders : makes the frame.
    """
    quality = drawable(quality, "model", "hit_rate", "low", "high", "coverage")

    ax = plt.gca() if ax is None else ax
    for place, row in enumerate(quality.to_dict("records")):
        reach = [[row["hit_rate"] - row["low"]], [row["high"] - row["hit_rate"]]]
        colour, marker = PALETTE[place % 6], "osD^vP"[place % 6]
        at = row["coverage"], row["hit_rate"]
        ax.errorbar(*at, yerr=reach, color=colour, marker=marker, markersize=9, capsize=4)
        # By turns above and below, so that neighbours can be read.
        words, apart = str(row["model"]), (0, 16 if place % 2 else -26)
        ax.annotate(words, at, apart, textcoords="offset points", ha="center")
    for axis in (ax.xaxis, ax.yaxis):
        axis.set_major_formatter(PercentFormatter(1))
    ax.set(xlabel=_("Products that anybody was shown"), ylabel=_("Customers with a hit"))
    ax.set(xlim=(0, 1.02), ylim=(0, 1))
    return dress(ax)


@drawn
def plot_regret(curves: dict[str, pd.DataFrame], *, ax: Axes | None = None) -> Axes:
    """Draw the sales lost by learning, summed up over the steps, for each policy.

    Parameters
    ----------
    curves : dict of DataFrames by policy, each as returned by `regret`
        step, total, low, high

    See Also
    --------
    crmlab.service.measure.regret : makes the frames.
    """
    if not isinstance(curves, dict) or not curves:
        raise EmptyError("hand over a dict of at least one curve, such as {'thompson': regret(…)}.")
    drawn = {}
    for name, curve in curves.items():
        drawn[name] = drawable(curve, "step", "total", "low", "high")

    ax = plt.gca() if ax is None else ax
    for place, (name, curve) in enumerate(drawn.items()):
        curve = curve.sort_values("step")
        colour, style = PALETTE[place % 6], ("-", "--", ":", "-.")[place % 4]
        label = _(_POLICIES.get(name, str(name)))
        steps = curve["step"] + 1
        ax.plot(steps, curve["total"], style, color=colour, label=label)
        ax.fill_between(steps, curve["low"], curve["high"], color=colour, alpha=0.2, linewidth=0)
    ax.set(xlabel=_("Customers"), ylabel=_("Regret: sales lost so far"))
    ax.set(xlim=(0, None), ylim=(0, None))
    ax.legend(frameon=False, loc="upper left")
    return dress(ax)


@drawn
def plot_off_policy(
    values: pd.DataFrame, *, truth: float | None = None, ax: Axes | None = None
) -> Axes:
    """Draw what a new rule would have brought by each way, with intervals, beside the truth.

    Parameters
    ----------
    values : DataFrame, as returned by `off_policy_value`
        way, value, low, high
    truth : float, optional
        A line where the truth lies, if somebody knows it.

    See Also
    --------
    crmlab.service.measure.off_policy_value : makes the frame.
    """
    values = drawable(values, "way", "value", "low", "high")

    ax = plt.gca() if ax is None else ax
    at = -np.arange(len(values))
    if truth is not None:
        ax.axvline(truth, color=PALETTE[5], linestyle="--", label=_("truth"))
        ax.legend(frameon=False, loc="upper right")
    reach = [values["value"] - values["low"], values["high"] - values["value"]]
    ax.errorbar(values["value"], at, xerr=reach, fmt="o", color=PALETTE[0], capsize=4)
    names = values["way"].astype("str").tolist()
    ax.set_yticks(at, [_(_WAYS.get(name, name)) for name in names])
    ax.xaxis.set_major_formatter(PercentFormatter(1, decimals=0))
    ax.set(xlabel=_("Offers taken under the new rule"), ylim=(-len(names) + 0.4, 0.9))
    return dress(ax)


@drawn
def plot_tailoring(
    tailored: pd.DataFrame, *, version_cost: float = 0.0, ax: Axes | None = None
) -> Axes:
    """Draw the profit per customer by degree of tailoring: promised, expected, and after its cost.

    Parameters
    ----------
    tailored : DataFrame, as returned by `tailoring`
        degree, customers, groups, promised, expected
    version_cost : float
        What each version costs: there is one for each group.

    See Also
    --------
    crmlab.service.measure.tailoring : makes the frame.
    """
    columns = ("degree", "customers", "groups", "promised", "expected")
    tailored = drawable(tailored, *columns)

    ax = plt.gca() if ax is None else ax
    at = np.arange(len(tailored))
    net = tailored["expected"] - version_cost * tailored["groups"] / tailored["customers"]
    best = int(np.argmax(net))
    ax.plot(at, tailored["promised"], ":s", color=PALETTE[1], label=_("promised"))
    ax.plot(at, tailored["expected"], "--o", color=PALETTE[4], label=_("expected"))
    ax.plot(at, net, "-o", color=PALETTE[0], label=_("expected, less the cost of versions"))
    ax.plot(best, net.iloc[best], "o", markersize=15, color=PALETTE[2], markerfacecolor="none",
            label=_("best degree"))  # fmt: skip
    names = [_(_DEGREES.get(str(name), str(name))) for name in tailored["degree"]]
    ticks = [
        f"{name}\n({groups:,.0f})" for name, groups in zip(names, tailored["groups"], strict=True)
    ]
    ax.set_xticks(at, ticks)
    ax.set(xlabel=_("Degree of tailoring (versions)"), ylabel=_("Profit per customer"))
    ax.set_xlim(-0.3, len(at) - 0.7)
    low, high = ax.get_ylim()
    ax.set_ylim(low, high + 0.35 * (high - low))
    ax.legend(frameon=False, loc="upper left", ncols=2)
    return dress(ax)
