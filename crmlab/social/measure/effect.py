"""What interacting does to buying: as it looks, among fans alike, and at random."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
from scipy.stats import t

from crmlab._checks import (
    names_of,
    require_at_least,
    require_columns,
    require_numbers,
    require_rows,
    require_truths,
    require_values,
)
from crmlab._groups import bincount, class_codes
from crmlab._purchases import as_frame, house_purchases
from crmlab._regression import least_squares
from crmlab.errors import EmptyError
from crmlab.social.measure.known import acts_of, bought_by, known_fans, last_day

WAYS = ("raw", "adjusted", "matched", "at random")


def fan_window(
    fans: pd.DataFrame,
    interactions: pd.DataFrame,
    purchases: pd.DataFrame,
    *,
    days: int = 180,
    before_days: int = 365,
    as_of: str | pd.Timestamp | None = None,
    customer: str = "customer_id",
    date: str = "date",
    amount: str = "amount",
) -> pd.DataFrame:
    """Return what each fan did in the first days of following, and bought in the days before.

    Fans who followed less than `days` before the end are left out: they have not had their time.
    Everybody is watched for the same days, whether they left in them or not, so that nobody has
    more for having stayed longer.

    Parameters
    ----------
    fans : DataFrame, one row per fan
        fan_id; followed_on : datetime64; customer_id and unfollowed_on, optional. Other columns
        are handed on
    interactions : DataFrame: fan_id; on_day : datetime64
    purchases : DataFrame: customer_id; date : datetime64; amount : numbers, optional
        The day of following belongs to the days after it.
    days, before_days : int, at least 1
    as_of : date, default the last day in the data
    customer, date, amount : str
        Names of the columns of `purchases`.

    Returns
    -------
    DataFrame, one row per fan who was watched for `days`, in the order of `fans`
        the columns of `fans`
        bought_before, interactions, bought : int64
        bought_any : int64, 1 if anything was bought in the `days`, else 0
        spend : float64, in the `days`; only where purchases have amounts

    Raises
    ------
    MissingColumnsError, BadRowsError, WrongTypeError, OutOfRangeError
        If a column or value is missing, a fan stands twice, left before following, or acts before
        it, or an act is of nobody in `fans`.
    EmptyError
        If nobody was watched for so many days.

    Examples
    --------
    >>> day = pd.to_datetime(["2024-01-01", "2024-01-05", "2024-02-01"])
    >>> fans = pd.DataFrame({"fan_id": [1], "followed_on": day[:1]})
    >>> interactions = pd.DataFrame({"fan_id": [1, 1], "on_day": day[:2]})
    >>> purchases = pd.DataFrame({"customer_id": [1, 1], "date": day[1:]})
    >>> fan_window(fans, interactions, purchases, days=10)[["interactions", "bought"]]
       interactions  bought
    0             2       1
    """
    require_at_least("days", days, 1)
    require_at_least("before_days", before_days, 1)
    purchases = as_frame(purchases)
    paid = isinstance(purchases, pd.DataFrame) and (amount in purchases or amount != "amount")
    names = {"customer": customer, "date": date} | ({"amount": amount} if paid else {})
    purchases = house_purchases(purchases, **names)
    known = known_fans(fans)
    actor, acted = acts_of(known, interactions)
    place, buyer, bought = bought_by(known, purchases)
    end = last_day(as_of, known, acted, bought)
    seen = np.flatnonzero(known.followed + days - 1 <= end)
    if not seen.size:
        raise EmptyError(
            f"nobody followed {days} days before {np.datetime64(end, 'D')}. Ask for fewer days."
        )
    n = len(known.ids)
    age, act_age = bought - known.followed[buyer], acted - known.followed[actor]
    earlier = (age < 0) & (age >= -before_days)
    inside = (age >= 0) & (age < days)
    found = fans.iloc[seen].reset_index(drop=True)
    counts = {
        "bought_before": bincount(buyer[earlier], minlength=n),
        "interactions": bincount(actor[act_age < days], minlength=n),
        "bought": bincount(buyer[inside], minlength=n),
    }
    found = found.assign(**{name: column[seen] for name, column in counts.items()})
    found["bought_any"] = (found["bought"] > 0).astype("int64")
    if paid:
        spent = purchases["amount"].to_numpy("float64")[place[inside]]
        found["spend"] = bincount(buyer[inside], spent, n)[seen].round(2)
    return found


def interaction_effect(
    window: pd.DataFrame,
    *,
    outcome: str = "bought",
    alike: Sequence[str] = ("motive", "bought_before"),
    invited: str = "invited",
) -> pd.DataFrame:
    """Return by how much one interaction more goes with the outcome, compared in four ways.

    *raw* is the slope over all fans. *adjusted* is the slope once the columns of `alike` are taken
    into account (regression; numbers by a straight line, words as groups). *matched* compares only
    fans who are equal in all of them, and is the slope within these cells. *at random* compares
    those who were invited to interact, at random, with those who were not: what the invitation did
    to the outcome over what it did to interacting. All four are in the same unit, so that they can
    be read beside each other. What `alike` does not hold, no adjusting and no matching can see.

    Parameters
    ----------
    window : DataFrame, as returned by `fan_window`
        interactions : numbers; the column `outcome` : numbers; those of `alike`
        the column `invited` : bool, optional
    outcome : str
        Such as "bought", "bought_any" or "spend".
    alike : names of columns
    invited : str
        Column of who was invited at random; where it is missing that way is left out.

    Returns
    -------
    DataFrame, one row per way
        way : str, "raw", "adjusted", "matched", "at random"
        fans : int64, who were compared; of the matched, those in a cell with somebody else
        effect, low, high : float64, of the outcome per interaction, with a 95 % interval that
            lets the spread differ between fans. NaN where there is nothing to compare

    Raises
    ------
    MissingColumnsError, BadRowsError, OutOfRangeError, EmptyError
        If a column or value is missing or no number, or a column of `alike` repeats another.

    See Also
    --------
    crmlab.social.simulate.simulate_fan_club : worlds in which the effect is known.
    crmlab.social.plot.plot_interaction_effect : draws this frame.

    Source
    ------
    That the slope within cells is a matching estimate, weighted by the spread of each cell:
    Angrist (1998), doi:10.2307/2998558. The ratio of two differences: Wald (1940),
    doi:10.1214/aoms/1177731868; as an effect of encouraging: Holland (1988),
    doi:10.2307/271055. Errors of raw and adjusted: MacKinnon and White (1985), HC3,
    doi:10.1016/0304-4076(85)90158-7.

    Examples
    --------
    >>> window = pd.DataFrame({"interactions": [0, 1, 2, 1, 2, 3],
    ...     "bought_before": [0] * 3 + [5] * 3, "bought": [1, 1, 1, 5, 5, 5]})
    >>> interaction_effect(window, alike=["bought_before"])[["way", "effect"]].round(2)
            way  effect
    0       raw    1.09
    1  adjusted    0.00
    2   matched    0.00
    """
    columns = names_of("alike", alike)
    require_columns(window, "interactions", *columns, outcome=outcome)
    require_rows(window)
    require_values(window, "interactions", *columns, outcome)
    require_numbers(window, "interactions", outcome)
    x, y = (window[name].to_numpy("float64") for name in ("interactions", outcome))
    cells = class_codes(window, columns) if columns else np.zeros(len(window), dtype="int64")
    rows = [
        _slope("raw", x, y, np.ones((len(x), 1))),
        _slope("adjusted", x, y, _design(window, columns)),
        _within("matched", x, y, cells),
    ]
    if invited in window:
        require_values(window, invited)
        require_truths(window, invited)
        rows.append(_at_random(x, y, window[invited].to_numpy("float64")))
    return pd.DataFrame(rows).astype({"way": "str"})


def _design(window: pd.DataFrame, columns: list[str]) -> np.ndarray:
    """Return a column of ones, each number, and each word but the first as 0 and 1."""
    parts = [np.ones(len(window))]
    for name in columns:
        column = window[name]
        if pd.api.types.is_numeric_dtype(column) and not pd.api.types.is_bool_dtype(column):
            parts.append(column.to_numpy("float64"))
        else:
            codes = pd.factorize(column, sort=True)[0]
            parts += [(codes == code).astype("float64") for code in range(1, codes.max() + 1)]
    kept = [parts[0], *(part for part in parts[1:] if np.ptp(part) > 0)]
    return np.column_stack(kept)


def _row(way: str, fans: int, effect: float, error: float, freedom: int) -> dict[str, object]:
    reach = float(t.ppf(0.975, freedom)) * error if freedom > 0 else np.nan
    ends = {"low": effect - reach, "high": effect + reach}
    return {"way": way, "fans": fans, "effect": effect, **ends}


def _slope(way: str, x: np.ndarray, y: np.ndarray, design: np.ndarray) -> dict[str, object]:
    """Return the slope of `y` on `x` beside the design."""
    if len(x) <= design.shape[1] + 1 or np.ptp(x) == 0:
        return _row(way, len(x), np.nan, np.nan, 0)
    names = ["interactions", *map(str, range(design.shape[1]))]
    both = np.column_stack([x, design])
    effect, *rest = least_squares(both, y, names=names).coefficients
    free = 1 - (np.linalg.qr(both)[0] ** 2).sum(axis=1)
    left = y - both @ [effect, *rest]
    # What the line takes of the distance of who lies far out, given back (HC3).
    left = np.divide(left, free, out=np.zeros_like(left), where=free > 1e-9)
    own = x - design @ np.linalg.lstsq(design, x, rcond=None)[0]
    error = float(np.sqrt(((own * left) ** 2).sum()) / (own @ own))
    return _row(way, len(x), float(effect), error, len(x) - design.shape[1] - 1)


def _within(way: str, x: np.ndarray, y: np.ndarray, cells: np.ndarray) -> dict[str, object]:
    """Return the slope within cells of fans alike."""
    size = bincount(cells)
    paired = size[cells] > 1
    x, y, cells = x[paired], y[paired], pd.factorize(cells[paired])[0]
    size = bincount(cells)
    x, y = (one - (bincount(cells, one) / size)[cells] for one in (x, y))
    freedom = len(x) - len(size) - 1
    if freedom < 1 or (x**2).sum() < 1e-12:
        return _row(way, len(x), np.nan, np.nan, 0)
    effect = float((x @ y) / (x @ x))
    left = y - effect * x
    # Cells of two leave each of them half the error it had: made good by their own size.
    left = left * np.sqrt(size / (size - 1))[cells]
    error = float(np.sqrt(((x * left) ** 2).sum()) / (x @ x))
    return _row(way, len(x), effect, error, freedom)


def _at_random(x: np.ndarray, y: np.ndarray, invited: np.ndarray) -> dict[str, object]:
    """Return what the invitation did to `y` over what it did to `x`."""
    lot = invited - invited.mean()
    moved = float(lot @ x)
    if np.ptp(invited) == 0 or abs(moved) < 1e-12 or len(x) < 4:
        return _row("at random", len(x), np.nan, np.nan, 0)
    effect = float(lot @ y) / moved
    left = y - y.mean() - effect * (x - x.mean())
    error = float(np.sqrt(((lot * left) ** 2).sum()) / abs(moved))
    return _row("at random", len(x), effect, error, len(x) - 2)
