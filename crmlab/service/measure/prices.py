"""How sales answer to prices, and what promotions borrow from the weeks after them."""

from __future__ import annotations

import numpy as np
import pandas as pd
from scipy.stats import t

from crmlab._checks import (
    require_columns,
    require_numbers,
    require_rows,
    require_truths,
    require_values,
)
from crmlab._groups import bincount
from crmlab._purchases import as_frame, plain_values
from crmlab._regression import least_squares
from crmlab.errors import BadRowsError, OutOfRangeError

_AFTER = (1, 2, 3)
_EFFECTS = ["in the week", "1 week after", "2 weeks after", "3 weeks after", "in all"]
# From so many products on, weeks of one product go together in errors. Fewer clusters, or fewer
# promotions, tell too little of how far they scatter.
_CLUSTERS = 10


def price_elasticity(
    weeks: pd.DataFrame,
    *,
    product: str = "product",
    price: str = "price",
    units: str = "units",
    cost: str | None = "cost",
    promoted: str | None = "promoted",
) -> pd.DataFrame:
    """Percent more units for one percent more price, by plain regression and by the cost.

    Both compare weeks of the same product, in logs. Where prices follow demand, dear weeks are
    those in which much would be sold anyway, and the plain regression is too near to 0. What the
    *cost* of a week moves in the price has nothing to do with demand: two-stage least squares use
    that part alone.

    Parameters
    ----------
    weeks : DataFrame, one row per product and week
        `product`; `price` and `units`, above 0; `cost`, above 0; `promoted`, True or False
    product, price, units : str
    cost : str or None
        None where there is none: then the plain way alone.
    promoted : str or None
        Weeks of promotions, and the three after them, are left out; None keeps all weeks. With it
        the frame needs the column week.

    Returns
    -------
    DataFrame, one row per way
        way : str, "plain" and "by cost"
        elasticity, standard_error, low, high : float64, with a 95% interval, clustered by product
            where there are ten or more
        first_stage : float64, F of the cost in the price (missing for plain): below 10 the cost
            hardly moves the price, and the interval cannot be trusted
        weeks : int64

    Raises
    ------
    MissingColumnsError, BadRowsError
        If a column or a value is missing, or a price, cost or number of units is not above 0.
    OutOfRangeError
        If there are too few weeks, or a price never moves.

    Source
    ------
    Villas-Boas and Winer (1999), doi:10.1287/mnsc.45.10.1324; the rule of 10: Staiger and Stock
    (1997), doi:10.2307/2171753.

    Examples
    --------
    >>> from crmlab.service.simulate import simulate_prices
    >>> weeks, _ = simulate_prices(20, follows=0.0, seed=1)
    >>> price_elasticity(weeks)["elasticity"].round(1).tolist()
    [-2.0, -2.0]
    """
    weeks = as_frame(weeks)
    positive = [price, units] + ([] if cost is None else [cost])
    also = [] if promoted is None else [promoted, "week"]
    require_columns(weeks, product, *also, price=price, units=units, **_named(cost))
    require_rows(weeks)
    require_values(weeks, product, *positive, *also)
    weeks = weeks.assign(**{name: plain_values(weeks[name]) for name in (*positive, *also)})
    require_numbers(weeks, *positive)
    if promoted is not None:
        require_numbers(weeks, "week")
        weeks = weeks[_quiet(weeks, product, promoted)]
    wrong = np.flatnonzero((weeks[positive] <= 0).any(axis=1))
    if wrong.size:
        raise BadRowsError(
            f"{wrong.size} row(s) have a price, cost or number of units of 0 or less, which has no "
            f"logarithm: {wrong[:10].tolist()}. Set them aside, or take longer weeks."
        )
    code = pd.factorize(plain_values(weeks[product]))[0]
    logs = {name: _within(np.log(weeks[name].to_numpy("float64")), code) for name in positive}
    ways = [("plain", logs[price])]
    if cost is not None:
        ways.append(("by cost", logs[cost]))
    rows = []
    for way, instrument in ways:
        found = _two_stages(logs[units], logs[price], instrument, code)
        rows.append((way, *found[:2], found[2] if way != "plain" else np.nan))
    products = int(code.max()) + 1
    freedom = products - 1 if products >= _CLUSTERS else len(weeks) - products - 1
    table = pd.DataFrame(rows, columns=["way", "elasticity", "standard_error", "first_stage"])
    reach = t.ppf(0.975, freedom) * table["standard_error"]
    table.insert(3, "low", table["elasticity"] - reach)
    table.insert(4, "high", table["elasticity"] + reach)
    return table.assign(weeks=len(weeks))


def _named(cost: str | None) -> dict[str, str]:
    return {} if cost is None else {"cost": cost}


def _quiet(weeks: pd.DataFrame, product: str, promoted: str) -> np.ndarray:
    """Return which weeks had no promotion, then or in the three weeks before."""
    require_truths(weeks, promoted)
    keys = [product, "week"]
    on = weeks.loc[weeks[promoted].astype(bool), keys]
    touched = [on.assign(week=on["week"] + later) for later in (0, *_AFTER)]
    busy = pd.MultiIndex.from_frame(pd.concat(touched))
    return ~pd.MultiIndex.from_frame(weeks[keys]).isin(busy)


def _within(values: np.ndarray, code: np.ndarray) -> np.ndarray:
    """Return values less the mean of their product."""
    return values - (bincount(code, values) / bincount(code))[code]


def _two_stages(
    y: np.ndarray, x: np.ndarray, z: np.ndarray, code: np.ndarray
) -> tuple[float, float, float]:
    """Return slope and standard error of y on what z moves in x, and F of that first stage."""
    products = int(code.max()) + 1
    free = len(y) - products - 1
    if free < 1 or (z @ z) < 1e-12 or abs(z @ x) < 1e-12:
        raise OutOfRangeError(
            f"{len(y)} quiet weeks of {products} product(s) in which the price moves are too few. "
            "Gather more weeks, or a price that changes."
        )
    slope = (z @ y) / (z @ x)

    def variance(residual: np.ndarray) -> float:
        if products < _CLUSTERS:
            return float((residual @ residual) / free * (z @ z))
        sums = bincount(code, z * residual, products)
        return float((sums @ sums) * products / (products - 1))

    error = np.sqrt(variance(y - slope * x)) / abs(z @ x)
    first = (z @ x) / (z @ z)
    strength = first**2 * (z @ z) ** 2 / max(variance(x - first * z), 1e-300)
    return float(slope), float(error), float(strength)


def promotion_effect(
    weeks: pd.DataFrame,
    *,
    product: str = "product",
    week: str = "week",
    units: str = "units",
    promoted: str = "promoted",
    price: str | None = "price",
) -> pd.DataFrame:
    """Units more in the week of a promotion, and fewer in the three weeks after: pulled forward.

    Each week is compared with other weeks of its product, prices held equal; units are counted as
    a share of the product's mean in weeks that no promotion touched.

    Parameters
    ----------
    weeks : DataFrame, one row per product and week: `product`, `week` (a whole number), `units`,
        `promoted`, and `price` (above 0) where it is not None
    product, week, units, promoted : str
    price : str or None

    Returns
    -------
    DataFrame, one row per effect
        effect : str: "in the week", "1 week after", "2 weeks after", "3 weeks after", "in all"
        share, standard_error, low, high : float64, of a quiet week's units, with a 95% interval; in
            errors, weeks of one product go together where ten or more products have promotions;
            else promoted weeks may scatter more, where there are ten or more of them
        promotions : int64

    Raises
    ------
    MissingColumnsError, BadRowsError
        If a column or a value is missing, a price is not above 0, or a week of a product stands
        twice.
    OutOfRangeError
        If there is no promotion or nothing else, a product sells nothing else, or there are too few
        weeks.

    Source
    ------
    van Heerde, Leeflang and Wittink (2004), doi:10.1287/mksc.1040.0061; errors of weeks that
    scatter unlike: White (1980), doi:10.2307/1912934.

    Examples
    --------
    >>> from crmlab.service.simulate import simulate_prices
    >>> weeks, _ = simulate_prices(40, promotion=0.4, pulled=0.5, seed=1)
    >>> promotion_effect(weeks)["share"].head(3).round(1).tolist()
    [0.4, -0.1, -0.1]
    """
    weeks = as_frame(weeks)
    also = [] if price is None else [price]
    require_columns(weeks, product, week, units, promoted, *also)
    require_rows(weeks)
    require_values(weeks, product, week, units, promoted, *also)
    weeks = weeks.assign(**{name: plain_values(weeks[name]) for name in (week, units, *also)})
    require_numbers(weeks, week, units, *also)
    require_truths(weeks, promoted)
    if weeks.duplicated([product, week]).any():
        raise BadRowsError("a week of a product stands twice; add its rows up first.")
    if price is not None and (weeks[price] <= 0).any():
        raise BadRowsError(f"{int((weeks[price] <= 0).sum())} row(s) have a {price} of 0 or less.")
    weeks = weeks.rename(columns={week: "week"})
    code = pd.factorize(plain_values(weeks[product]))[0]
    on = weeks[promoted].astype(bool).to_numpy()
    quiet = _quiet(weeks, product, promoted)
    many = bincount(code[quiet], minlength=int(code.max()) + 1)
    if not on.any() or (many == 0).any():
        raise OutOfRangeError(
            f"{int(on.sum())} promoted weeks, and {int((many == 0).sum())} product(s) without a "
            "quiet week: there is nothing to compare. Take more weeks."
        )
    y = weeks[units].to_numpy("float64")
    mean = bincount(code[quiet], y[quiet], len(many)) / many
    if (mean <= 0).any():
        raise OutOfRangeError(
            f"{int((mean <= 0).sum())} product(s) sell nothing in their quiet weeks, so there is "
            "nothing to take a share of. Leave them out."
        )
    y = y / mean[code]
    columns = [_later(weeks, product, on, later) for later in (0, *_AFTER)]
    if price is not None:
        # What a price does is no straight line: its log and the square of that.
        log = _within(np.log(weeks[price].to_numpy("float64")), code)
        columns += [log, log**2]
    share, covariance, free = _fitted(np.stack(columns, axis=1), y, code, on)
    add = np.zeros((5, len(share)))
    add[:4, :4], add[4, :4] = np.eye(4), 1
    error = np.sqrt(np.einsum("ij,jk,ik->i", add, covariance, add))
    reach = error * t.ppf(0.975, free)
    return pd.DataFrame(
        {
            "effect": pd.Series(_EFFECTS, dtype="str"),
            "share": add @ share,
            "standard_error": error,
            "low": add @ share - reach,
            "high": add @ share + reach,
            "promotions": int(on.sum()),
        }
    )


def _later(weeks: pd.DataFrame, product: str, on: np.ndarray, later: int) -> np.ndarray:
    """Return 1 for weeks so many after a promotion of their product, else 0."""
    keys = [product, "week"]
    shifted = weeks.loc[on, keys].assign(week=lambda one: one["week"] + later)
    here = pd.MultiIndex.from_frame(weeks[keys])
    return here.isin(pd.MultiIndex.from_frame(shifted)).astype("float64")


def _fitted(
    x: np.ndarray, y: np.ndarray, code: np.ndarray, on: np.ndarray
) -> tuple[np.ndarray, np.ndarray, int]:
    """Return slopes within products, their covariance and its degrees of freedom."""
    x = np.stack([_within(column, code) for column in x.T], axis=1)
    (rows, slopes), products = x.shape, int(code.max()) + 1
    names = [*_EFFECTS[:-1], "the log of the price", "its square"][:slopes]
    clusters, scale, free = None, 1.0, rows - products - slopes
    if len(np.unique(code[on])) >= _CLUSTERS:
        clusters, free = code, products - 1
    elif on.sum() >= _CLUSTERS:
        # Each week stands for itself; residuals are fewer than weeks by what was fitted.
        clusters, scale = np.arange(rows), (rows - 1) / max(free, 1)
    fit = least_squares(x, _within(y, code), names=names, clusters=clusters, absorbed=products)
    return fit.coefficients, scale * fit.covariance, free
