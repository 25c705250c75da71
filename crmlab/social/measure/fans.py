"""Who the fans are: where they came from, what they do, what they spend, and whom they bring."""

from __future__ import annotations

import numpy as np
import pandas as pd
from scipy.stats import chi2, t

from crmlab._checks import require_alike, require_at_least
from crmlab._groups import bincount
from crmlab._intervals import Z, wilson
from crmlab._purchases import house_purchases, plain_ids
from crmlab.errors import BadRowsError
from crmlab.social.measure.known import KnownFans, acts_of, bought_by, known_fans, last_day

STEPS = ("followed", "interacted", "bought", "brought a friend", "still following")


def fan_funnel(
    fans: pd.DataFrame,
    interactions: pd.DataFrame,
    purchases: pd.DataFrame,
    *,
    by: str = "motive",
    as_of: str | pd.Timestamp | None = None,
    customer: str = "customer_id",
    date: str = "date",
) -> pd.DataFrame:
    """Return how many fans of each group did each thing: where fans come from, and what for.

    Steps need not follow from each other: who buys need not have interacted.

    Parameters
    ----------
    fans : DataFrame, one row per fan
        fan_id, followed_on, the column `by`; customer_id, unfollowed_on, referred_by, optional
    interactions : DataFrame: fan_id, on_day
    purchases : DataFrame: customer_id, date; those on the day of following or later count
    by : str
        Such as "motive" or "source".
    as_of : date, default the last day in the data
    customer, date : str
        Names of the columns of `purchases`.

    Returns
    -------
    DataFrame, one row per group and step, groups with most fans first
        the column `by`; step : str, in this order: "followed", "interacted", "bought",
            "brought a friend" (where fans have referred_by), "still following"
        fans : int64
        share, low, high : float64, of the group's fans, with Wilson's 95 % interval

    Raises
    ------
    MissingColumnsError, BadRowsError, WrongTypeError, OutOfRangeError, EmptyError
        As `fan_window`; also if somebody referred themselves, or was referred by no fan.

    Examples
    --------
    >>> day = pd.to_datetime(["2024-01-01", "2024-01-05"])
    >>> fans = pd.DataFrame({"fan_id": [1, 2], "followed_on": day, "motive": "offer"})
    >>> interactions = pd.DataFrame({"fan_id": [1], "on_day": day[1:]})
    >>> purchases = pd.DataFrame({"customer_id": [7], "date": day[1:]})
    >>> fan_funnel(fans, interactions, purchases)["fans"].tolist()
    [2, 1, 0, 2]
    """
    purchases = house_purchases(purchases, customer=customer, date=date)
    known = known_fans(fans, by)
    actor, acted = acts_of(known, interactions)
    _, buyer, bought = bought_by(known, purchases)
    end = last_day(as_of, known, acted, bought)
    n, there = len(known.ids), known.followed <= end
    done = {
        "followed": there,
        "interacted": bincount(actor[acted <= end], minlength=n) > 0,
        "bought": bincount(buyer[(bought >= known.followed[buyer]) & (bought <= end)], minlength=n)
        > 0,
        "brought a friend": bincount(bringers_of(known, fans, there), minlength=n) > 0,
        "still following": there & (known.left > end),
    }
    steps = [step for step in STEPS if step != "brought a friend" or "referred_by" in fans]
    group, names = pd.factorize(fans[by], sort=True)
    size = bincount(group[there], minlength=len(names))
    rows = []
    for place in np.lexsort([np.arange(len(names)), -size]):
        for step in steps:
            count = int((done[step] & there & (group == place)).sum())
            rows.append({by: names[place], "step": step, "fans": count, "of": size[place]})
    table = pd.DataFrame(rows).astype({"fans": "int64", "step": "str"})
    table = table[table["of"] > 0].reset_index(drop=True)
    low, high = wilson(table["fans"], table["of"])
    return table.drop(columns="of").assign(share=table["fans"] / table["of"], low=low, high=high)


def interaction_rates(
    fans: pd.DataFrame,
    interactions: pd.DataFrame,
    *,
    by: str = "motive",
    as_of: str | pd.Timestamp | None = None,
) -> pd.DataFrame:
    """Return interactions a week *of following*, by group: which type, or which fan, does most.

    Totals favour who followed long ago; a rate does not. `by="fan_id"` ranks single fans, whose
    intervals say how little a short time tells.

    Parameters
    ----------
    fans : DataFrame: fan_id, followed_on, the column `by`; unfollowed_on, optional
    interactions : DataFrame: fan_id, on_day
    by : str
    as_of : date, default the last day in the data

    Returns
    -------
    DataFrame, one row per group, the highest rate first
        the column `by`
        fans, interactions : int64
        weeks : float64, of following, summed over the fans
        per_week, low, high : float64, with a 95 % interval by the spread between fans, on the
            scale of ratios; of a single fan, and of no interactions, by their number (Poisson)

    Raises
    ------
    MissingColumnsError, BadRowsError, WrongTypeError, OutOfRangeError, EmptyError
        As `fan_window`.

    Source
    ------
    The error of a ratio of sums: Cochran (1977), Sampling Techniques, section 2.11, each fan's
    distance divided by one less its part, as the jackknife has it (MacKinnon and White 1985,
    doi:10.1016/0304-4076(85)90158-7). Of a count:
    Garwood (1936), doi:10.1093/biomet/28.3-4.437, by chi-squares.

    Examples
    --------
    >>> fans = pd.DataFrame({"fan_id": [1, 2], "followed_on": pd.to_datetime(["2024-01-01"] * 2),
    ...     "motive": "offer"})
    >>> interactions = pd.DataFrame({"fan_id": [1, 1], "on_day": pd.to_datetime(
    ...     ["2024-01-03", "2024-01-07"])})
    >>> interaction_rates(fans, interactions)[["weeks", "per_week"]]
       weeks  per_week
    0    2.0       1.0
    """
    known = known_fans(fans, by)
    actor, acted = acts_of(known, interactions)
    end = last_day(as_of, known, acted)
    weeks = np.clip(np.minimum(known.left, end + 1) - known.followed, 0, None) / 7
    count = bincount(actor[acted <= end], minlength=len(weeks)).astype("float64")
    group, names = pd.factorize(fans[by], sort=True)
    fans_of, time, total = (
        bincount(group, weight, len(names)) for weight in (weeks > 0, weeks, count)
    )
    rate, reach = ratio_of_sums(count, weeks, group, len(names))
    with np.errstate(divide="ignore", invalid="ignore"):
        fewest, most = _garwood(total)
        counted = (fans_of <= 1) | (total == 0)
        low, high = (
            np.where(counted, ends / time, spread)
            for ends, spread in ((fewest, rate / reach), (most, rate * reach))
        )
    table = pd.DataFrame(
        {
            by: names,
            "fans": fans_of.astype("int64"),
            "interactions": total.astype("int64"),
            "weeks": time,
            "per_week": rate,
            "low": low,
            "high": high,
        }
    )
    table = table[table["weeks"] > 0].sort_values(["per_week", by], ascending=[False, True])
    return table.reset_index(drop=True)


def spend_since_following(
    fans: pd.DataFrame,
    purchases: pd.DataFrame,
    *,
    period_days: int = 90,
    periods: int = 8,
    as_of: str | pd.Timestamp | None = None,
    customer: str = "customer_id",
    date: str = "date",
    amount: str = "amount",
) -> pd.DataFrame:
    """Return spend per fan in each period since following, of all fans and of those who bought.

    Only fans who were watched for the whole of a period count in it. The mean of those who *bought*
    in a period leaves out whoever buys less often, so it says little about change.

    Parameters
    ----------
    fans : DataFrame: fan_id, followed_on; customer_id, optional
    purchases : DataFrame: customer_id, date, amount
    period_days, periods : int, at least 1
        Length and number; period 0 begins on the day of following.
    as_of : date, default the last day in the data
    customer, date, amount : str
        Names of the columns of `purchases`.

    Returns
    -------
    DataFrame, one row per period in which two fans or more were watched
        period : int64, from 0
        fans, buyers : int64
        spend_per_fan, low, high : float64, mean of all fans, with its 95 % interval
        spend_per_buyer : float64, mean of those who bought; NaN without any

    Raises
    ------
    MissingColumnsError, BadRowsError, WrongTypeError, OutOfRangeError, EmptyError
        As `fan_window`; also if `period_days` or `periods` is below 1.

    Examples
    --------
    >>> fans = pd.DataFrame({"fan_id": [1, 2], "followed_on": pd.to_datetime(["2024-01-01"] * 2)})
    >>> purchases = pd.DataFrame({"customer_id": [1, 1], "amount": [10.0, 30.0],
    ...     "date": pd.to_datetime(["2024-01-02", "2024-01-20"])})
    >>> found = spend_since_following(fans, purchases, period_days=10, periods=2)
    >>> found[["spend_per_fan", "spend_per_buyer"]].values.tolist()
    [[5.0, 10.0], [15.0, 30.0]]
    """
    require_at_least("period_days", period_days, 1)
    require_at_least("periods", periods, 1)
    purchases = house_purchases(purchases, customer=customer, date=date, amount=amount)
    known = known_fans(fans)
    place, buyer, bought = bought_by(known, purchases)
    end = last_day(as_of, known, bought)
    period = (bought - known.followed[buyer]) // period_days
    paid = purchases["amount"].to_numpy("float64")[place]
    rows, n = [], len(known.ids)
    for one in range(periods):
        watched = known.followed + (one + 1) * period_days - 1 <= end
        if watched.sum() < 2:
            break
        here = period == one
        spend = bincount(buyer[here], paid[here], n)[watched]
        some = bincount(buyer[here], minlength=n)[watched] > 0
        reach = Z * spend.std(ddof=1) / np.sqrt(len(spend))
        row = {"period": one, "fans": len(spend), "buyers": int(some.sum())}
        row |= {"spend_per_fan": spend.mean(), "low": spend.mean() - reach}
        row |= {"high": spend.mean() + reach}
        rows.append(row | {"spend_per_buyer": spend[some].mean() if some.any() else np.nan})
    names = ("period", "fans", "buyers", "spend_per_fan", "low", "high", "spend_per_buyer")
    return pd.DataFrame(rows, columns=[*names]).astype(dict.fromkeys(names[:3], "int64"))


def bringers_of(known: KnownFans, fans: pd.DataFrame, there: np.ndarray) -> np.ndarray:
    """Return the row of who brought each fan that is `there`; refuse strangers and oneself."""
    if "referred_by" not in fans or fans["referred_by"].isna().all():
        return np.empty(0, dtype="int64")
    brought = np.flatnonzero(fans["referred_by"].notna())
    by = fans["referred_by"].iloc[brought]
    require_alike("referred_by", pd.Series(known.ids), by)
    row = known.ids.get_indexer(pd.Index(plain_ids(by)))
    strange, own = brought[row < 0], brought[row == brought]
    if strange.size:
        raise BadRowsError(
            f"{strange.size} row(s) were referred by nobody among the fans: "
            f"{strange[:10].tolist()}. Add who referred them, or clear referred_by in these rows."
        )
    if own.size:
        raise BadRowsError(
            f"{own.size} row(s) referred themselves: {own[:10].tolist()} (fans "
            f"{known.ids[own[:10]].tolist()}). Clear referred_by in these rows: nobody brings "
            "themselves."
        )
    return row[there[brought]]


def ratio_of_sums(
    count: np.ndarray, weeks: np.ndarray, group: np.ndarray, groups: int
) -> tuple[np.ndarray, np.ndarray]:
    """Return the rate of each group, and by what its 95 % interval divides and multiplies it.

    The second is missing of fewer than two fans, and where nothing was counted.
    """
    fans = bincount(group, weeks > 0, groups)
    total, time = (bincount(group, each, groups) for each in (count, weeks))
    with np.errstate(divide="ignore", invalid="ignore"):
        rate = total / time
        # What the rate takes of each fan's own distance from it, given back.
        rest = 1 - weeks / time[group]
        off = np.where(rest > 1e-9, (count - rate[group] * weeks) / rest, 0.0)
        error = np.sqrt(bincount(group, off**2, groups)) / time
        reach = np.exp(t.ppf(0.975, np.maximum(fans - 1, 1)) * error / rate)
    return rate, np.where(fans > 1, reach, np.nan)


def _garwood(count: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return the exact 95 % interval of Poisson counts."""
    low = np.where(count > 0, chi2.ppf(0.025, 2 * np.maximum(count, 0.5)) / 2, 0)
    return low, chi2.ppf(0.975, 2 * count + 2) / 2
