"""Pictures of who is alive, who will buy, and whether the forecast came true."""

from __future__ import annotations

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.ticker import MaxNLocator, PercentFormatter

from crmlab._theme import PALETTE, SHADES, drawable, drawn, dress, luminance
from crmlab._words import _, heading


@drawn
def plot_cohorts(
    cohorts: pd.DataFrame,
    *,
    value: str = "retention",
    incomplete: bool = False,
    ax: Axes | None = None,
) -> Axes:
    """Heat map of cohorts by age; what is not yet known stays white.

    Parameters
    ----------
    cohorts : DataFrame, as returned by `cohort_table`
        cohort, age, complete, and the column `value`
    value : str
        "retention" is written in percent, any other column as a whole number. Age 0 is left out
        of the scale of colours, since everybody is there.
    incomplete : bool
        Show the age whose period is not over too.
    """
    cohorts = drawable(cohorts, "cohort", "age", "complete", value=value)

    ax = plt.gca() if ax is None else ax
    rows = cohorts if incomplete else cohorts[cohorts["complete"]]
    grid = rows.pivot(index="cohort", columns="age", values=value)
    later = grid.to_numpy()[:, grid.columns.to_numpy() > 0]
    seen = later[np.isfinite(later)] if later.size else grid.to_numpy()
    top = float(seen.max()) if seen.size else 1.0
    image = ax.imshow(grid, aspect="auto", cmap=SHADES, vmin=0, vmax=top or 1.0)
    share = value == "retention"
    if grid.size <= 200:
        for (i, j), number in np.ndenumerate(grid.to_numpy()):
            if np.isfinite(number):
                text = f"{number:.0%}" if share else f"{number:,.0f}"
                # Black and white read equally well on a luminance of 0.179.
                ink = "black" if luminance(tuple(image.to_rgba(number))) > 0.179 else "white"
                ax.text(j, i, text, ha="center", va="center", fontsize="x-small", color=ink)
    ax.set_xticks(range(len(grid.columns)), [str(age) for age in grid.columns])
    names = [f"{day:%Y-%m}" for day in grid.index]
    every = max(1, len(names) // 14)
    ax.set_yticks(range(0, len(names), every), names[::every])
    ax.figure.colorbar(
        image,
        ax=ax,
        format=PercentFormatter(1, decimals=0) if share else None,
        label=heading(value),
    )
    ax.set(
        xlabel=_("Age of the cohort (periods)"), ylabel=_("Cohort: period of the first purchase")
    )
    return dress(ax)


@drawn
def plot_calibration(table: pd.DataFrame, *, ax: Axes | None = None) -> Axes:
    """Share for whom a forecast came true against the chance that was forecast.

    Parameters
    ----------
    table : DataFrame, as returned by `calibration`
        forecast, share, low, high
    """
    table = drawable(table, "forecast", "share", "low", "high")

    ax = plt.gca() if ax is None else ax
    ax.plot([0, 1], [0, 1], color="0.5", ls="--", lw=1, label=_("as forecast"))
    share, low, high = (table[c].to_numpy() for c in ("share", "low", "high"))
    bars = [np.maximum(share - low, 0), np.maximum(high - share, 0)]
    ax.errorbar(
        table["forecast"], share, bars, fmt="o", color=PALETTE[0], capsize=3, label=_("seen, 95%")
    )
    for axis in (ax.xaxis, ax.yaxis):
        axis.set_major_formatter(PercentFormatter(1, decimals=0))
    ax.set(xlabel=_("Chance that was forecast (%)"), ylabel=_("Share for whom it came true (%)"))
    ax.set_xlim(-0.02, 1.02)
    ax.set_ylim(-0.02, 1.02)
    ax.legend(frameon=False, loc="upper left")
    ax.spines[["top", "right"]].set_visible(False)
    return dress(ax)


@drawn
def plot_holdout(table: pd.DataFrame, *, ax: Axes | None = None) -> Axes:
    """Purchases made after the forecast, beside those expected, by repeats before it.

    Parameters
    ----------
    table : DataFrame, as returned by `holdout_table`
        repeats, customers, expected, bought, low, high
    """
    columns = ["repeats", "customers", "expected", "bought", "low", "high"]
    table = drawable(table, *columns)

    ax = plt.gca() if ax is None else ax
    place, bought = np.arange(len(table)), table["bought"].to_numpy()
    bars = np.abs(np.nan_to_num(np.array([bought - table["low"], table["high"] - bought])))
    ax.errorbar(place, bought, bars, fmt="o", color=PALETTE[6], capsize=3, label=_("bought, 95%"))
    ax.plot(place, table["expected"], color=PALETTE[0], marker="D", ms=5, label=_("expected"))
    names = [f"{n}" for n in table["repeats"]]
    names[-1] += "+"
    heads = [f"{name}\n{n:,}" for name, n in zip(names, table["customers"], strict=True)]
    ax.set_xticks(place, heads)
    ax.set_ylim(0)
    ax.set(
        xlabel=_("Repeats before the forecast; customers"),
        ylabel=_("Purchases since, per customer"),
    )
    ax.legend(frameon=False, loc="upper left")
    ax.spines[["top", "right"]].set_visible(False)
    return dress(ax)


@drawn
def plot_alive(histories: pd.DataFrame, *, by: str | None = None, ax: Axes | None = None) -> Axes:
    """Chance to be alive of one customer, or several, as it was known week by week.

    Parameters
    ----------
    histories : DataFrame, as returned by `alive_over_time`
        week, p_alive, purchase
    by : str, optional
        Column that tells several customers apart.
    """
    histories = drawable(histories, "week", "p_alive", "purchase", **({"by": by} if by else {}))

    ax = plt.gca() if ax is None else ax
    groups = histories.groupby(by) if by else [(_("chance to be alive"), histories)]
    for k, (name, part) in enumerate(groups):
        color, mark = PALETTE[k % len(PALETTE)], "osD^v"[k % 5]
        ax.plot(part["week"], part["p_alive"], color=color, ls=["-", "--", "-."][k % 3], label=name)
        bought = part[part["purchase"]]
        ax.plot(bought["week"], bought["p_alive"], mark, color=color, ms=6, mec=PALETTE[6])
    ax.plot([], [], "o", color="white", mec=PALETTE[6], label=_("a purchase"))
    ax.set_ylim(0, 1.05)
    ax.set_xlim(0, histories["week"].max())
    ax.yaxis.set_major_formatter(PercentFormatter(1, decimals=0))
    ax.set(xlabel=_("Weeks since the first purchase"), ylabel=_("Chance to be alive (%)"))
    ax.legend(frameon=False, loc="lower left")
    ax.spines[["top", "right"]].set_visible(False)
    return dress(ax)


@drawn
def plot_frequency_recency(
    grid: pd.DataFrame, *, value: str = "p_alive", ax: Axes | None = None
) -> Axes:
    """Heat map of every history that customers of one age could have.

    Parameters
    ----------
    grid : DataFrame, as returned by `frequency_recency`
        repeats, age_at_last, and the column `value`
    value : {"p_alive", "expected_purchases"}
    """
    grid = drawable(grid, "repeats", "age_at_last", value=value)

    ax = plt.gca() if ax is None else ax
    table = grid.pivot(index="age_at_last", columns="repeats", values=value).sort_index()
    edges = (0.5, grid["repeats"].max() + 0.5, 0.5, grid["age_at_last"].max() + 0.5)
    share = value == "p_alive"
    image = ax.imshow(
        table,
        origin="lower",
        aspect="auto",
        cmap=SHADES,
        extent=edges,
        vmin=0,
        vmax=1 if share else None,
    )
    label = _("Chance to be alive (%)") if share else _("Expected purchases")
    ax.figure.colorbar(
        image, ax=ax, label=label, format=PercentFormatter(1, decimals=0) if share else None
    )
    ax.xaxis.set_major_locator(MaxNLocator(integer=True))
    ax.set(xlabel=_("Repeat purchases"), ylabel=_("Age at the last one (weeks)"))
    return dress(ax)
