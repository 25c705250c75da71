"""Whom to visit, and which cue brings leads better than chance."""

from __future__ import annotations

import matplotlib.pyplot as plt
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.ticker import PercentFormatter

from crmlab._theme import PALETTE, drawable, drawn, dress
from crmlab._words import N_, _, ngettext
from crmlab.accounts.cues import NO_CUE


@drawn
def plot_visit_plan(
    visit_plan: pd.DataFrame, accounts: pd.DataFrame, *, ax: Axes | None = None
) -> Axes:
    """Draw a plan of visits on the map: every account by its sales, those visited in colour.

    Parameters
    ----------
    visit_plan : DataFrame, as returned by `visit_plan`
        account_id; visits : int64
    accounts : DataFrame, as returned by `crmlab.accounts.simulate_accounts`
        account_id; x_km, y_km, sales_cny : float64

    See Also
    --------
    crmlab.accounts.measure.visit_plan : makes the frame.
    """
    plan = drawable(visit_plan, "account_id", "visits")
    table = drawable(accounts, "account_id", "x_km", "y_km", "sales_cny")

    ax = plt.gca() if ax is None else ax
    count = table["account_id"].map(plan.set_index("account_id")["visits"]).fillna(0).to_numpy()
    size = 20 + 380 * table["sales_cny"].to_numpy() / max(table["sales_cny"].max(), 1e-9)
    x, y = table["x_km"].to_numpy(), table["y_km"].to_numpy()
    rest = count == 0
    ax.scatter(x[rest], y[rest], s=size[rest], color="0.75", label=_("not visited"), linewidth=0)
    for visits, colour in zip((1, 2, 3), (PALETTE[4], PALETTE[0], PALETTE[2]), strict=True):
        mine = count == visits if visits < 3 else count >= 3
        if mine.any():
            words = ngettext("{n} visit", "{n} visits", visits).format(n=visits)
            ax.scatter(
                x[mine], y[mine], s=size[mine], color=colour, label=words, edgecolor="black",
                linewidth=0.8, alpha=0.85,
            )  # fmt: skip
    ax.plot(0, 0, marker="s", color=PALETTE[5], markersize=9, linestyle="", label=_("we"))
    ax.set_aspect("equal", adjustable="box")
    ax.set(xlabel=_("km east of us"), ylabel=_("km north of us (area: our sales)"))
    legend = ax.legend(frameon=False, loc="upper left", bbox_to_anchor=(1.01, 1))
    for handle in legend.legend_handles:
        if hasattr(handle, "set_sizes"):
            handle.set_sizes([60])  # pyright: ignore[reportOptionalMemberAccess, reportAttributeAccessIssue]
    return dress(ax)


CUE_WORDS = {
    "major festivals": N_("major festivals"),
    "government activities": N_("government activities"),
    "local resource strengths": N_("local resource strengths"),
    "the firm's development": N_("the firm's development"),
    "competitors' shortcomings": N_("competitors' shortcomings"),
    "customers' opinions": N_("customers' opinions"),
    "business linkages": N_("business linkages"),
}


@drawn
def plot_cue_hit_rates(cue_hit_rates: pd.DataFrame, *, ax: Axes | None = None) -> Axes:
    """Draw the hit rate of each cue with its interval, beside that of calls at random.

    Parameters
    ----------
    cue_hit_rates : DataFrame, as returned by `cue_hit_rates`
        cue : str; rate, low, high : float64; better : bool

    See Also
    --------
    crmlab.accounts.measure.cue_hit_rates : makes the frame.
    """
    table = drawable(cue_hit_rates, "cue", "rate", "low", "high", "better")

    ax = plt.gca() if ax is None else ax
    lot = table["cue"] == NO_CUE
    chance = table.loc[lot].iloc[0] if lot.any() else None
    if chance is not None:
        ax.axvspan(float(chance["low"]), float(chance["high"]), color="0.9")
        words = _("at random: {rate:.0%}").format(rate=float(chance["rate"]))
        ax.axvline(float(chance["rate"]), color=PALETTE[6], linestyle="--", label=words)
    cues = table.loc[~lot].sort_values("rate", kind="stable").reset_index(drop=True)
    for better, colour, marker, words in (
        (True, PALETTE[2], "o", _("better than chance")),
        (False, PALETTE[5], "s", _("may be chance")),
    ):
        mine = cues[cues["better"].astype("bool") == better]
        if len(mine):
            reach = [mine["rate"] - mine["low"], mine["high"] - mine["rate"]]
            ax.errorbar(
                mine["rate"], mine.index, xerr=reach, linestyle="", marker=marker, color=colour,
                capsize=3, label=words,
            )  # fmt: skip
    ax.set_yticks(
        range(len(cues)), [_(CUE_WORDS.get(str(name), str(name))) for name in cues["cue"]]
    )
    ax.xaxis.set_major_formatter(PercentFormatter(1, decimals=0))
    ax.set(xlabel=_("Hit rate, with 95% interval"), xlim=(0, None))
    ax.legend(frameon=False, loc="lower right")
    return dress(ax)
