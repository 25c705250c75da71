"""What organisations order from us, and when they pay for it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np
import pandas as pd

from crmlab._checks import Seed, require_columns, require_real, stream_of
from crmlab._groups import bincount, repeat
from crmlab._shapes import Simulated
from crmlab.customers.simulate.organisations import simulate_organisations
from crmlab.customers.simulate.words import draw_label, frame_of
from crmlab.errors import OutOfRangeError

CATEGORIES = {"skin care": 0.6, "household": 0.4}
LAST_YEAR = 2024
LEAD_DAYS = 30
ORDERS_LEAST, ORDERS_SHAPE, ORDERS_SCALE = 4.0, 2.0, 4.0
GROWTH, GROWTH_PER_QUALITY, GROWTH_SD = 0.05, 0.05, 0.10
AMOUNT_SHAPE = 4.0
UNIT_CNY, UNIT_SD = 40.0, 0.2
# Log odds of paying late at usual quality, by the record on file; what a unit of quality takes off.
LATE = {"on time": -3.0, "sometimes late": -1.0, "often late": 0.5}
PER_QUALITY = 0.5
EARLY_DAYS, LATE_DAYS = 5, 15.0


class _Years(NamedTuple):
    """One row per organisation and year that has orders: whose, which, how many, for how much."""

    row: np.ndarray
    year: np.ndarray
    orders: np.ndarray
    fen: np.ndarray


def simulate_orders(
    n: int | pd.DataFrame,
    *,
    categories: Mapping[str, float] = CATEGORIES,
    busy: pd.Series | None = None,
    before: int = 0,
    seed: Seed,
) -> Simulated:
    """Simulate the orders of organisations in 2023 and 2024.

    Model
    -----
    With the organisations and hidden quality of `simulate_organisations`, each has hidden
        orders_per_year  = 4 + Gamma(2) * 4, mean 12
        growth           = 0.05 + 0.05 quality + N(0, 0.1), at least -0.5
        late_probability : log odds -3, -1, 0.5 by a payment record of on time, sometimes late,
                           often late; less 0.5 quality
    It places 1 + Poisson(orders_per_year - 1) orders in each year, none if it buys for nothing.
    Those of 2024 amount to its `sales_results_cny` to the fen, those of 2023 to that over
    1 + growth. Amounts within a year are in proportion to independent Gamma(4). An order is for
    one category, and for as many units as its amount buys at a price of 40 CNY, lognormal with
    sigma 0.2. A day is chosen as often as shops are busy 30 days later, since shelves are filled
    before. Payment is due the organisation's `terms_days` after the order. With `late_probability`
    it comes 1 + Exponential(15) whole days late, otherwise 0 to 5 days early, but never before the
    order.

    Parameters
    ----------
    n : int, or DataFrame
        How many organisations; or who they are: organisation_id, sales_results_cny, terms_days,
        payment_record, and the hidden quality.
    categories : dict of their shares of the orders
    busy : Series of float by day, optional
        How busy shops are, until 30 days after 2024; every day alike when omitted.
    before : int
        Orders are numbered from the one after it.
    seed : int, SeedSequence or Generator
        Same seed, same orders.

    Returns
    -------
    data : DataFrame, one row per order, by day and organisation
        order_id, organisation_id, units : int64
        ordered_on : datetime64[us], the day
        paid_on : datetime64[us], the day; NaT when not yet paid at the end of 2024
        category : str
        amount_cny : float64, to the fen
    truth : DataFrame, one row per organisation
        organisation_id : int64
        orders_per_year, growth, late_probability : float64

    Raises
    ------
    MissingColumnsError
        If the frame lacks a column.
    OutOfRangeError
        If `n` is below 1, a payment record is unknown, `busy` lacks a day, or `seed` is no seed.

    Examples
    --------
    >>> orders, truth = simulate_orders(5, seed=1)
    >>> sorted(orders["organisation_id"].unique()) == truth["organisation_id"].to_list()
    True
    """
    require_real(before=before)
    rng = stream_of(seed, "simulate_orders")
    organisations = n if isinstance(n, pd.DataFrame) else _organisations(rng, n)
    columns = ("organisation_id", "sales_results_cny", "terms_days", "payment_record", "quality")
    require_columns(organisations, *columns)
    known = organisations["payment_record"].isin([*LATE])
    if not known.all():
        wrong = organisations.loc[~known, "payment_record"].iloc[0]
        raise OutOfRangeError(f"payment_record must be one of {[*LATE]}; got {wrong!r}.")

    truth = _habits(rng, organisations)
    years = _years(rng, organisations["sales_results_cny"].to_numpy(), truth)
    place = repeat(np.arange(len(years.row)), years.orders)
    row = years.row[place]
    day = _days(rng, years.year[place], busy)
    fen = _amounts(rng, place, years)
    unit = UNIT_CNY * rng.lognormal(0, UNIT_SD, len(row))
    due = day + organisations["terms_days"].to_numpy()[row].astype("m8[D]")
    late = rng.random(len(row)) < truth["late_probability"].to_numpy()[row]
    after = 1 + rng.exponential(LATE_DAYS, len(row)).astype("m8[D]").astype(np.int64)
    early = rng.integers(0, EARLY_DAYS, len(row), endpoint=True)
    paid = np.maximum(due + np.where(late, after, -early).astype("m8[D]"), day)
    end = np.datetime64(f"{LAST_YEAR}-12-31")
    orders = frame_of(
        {
            "organisation_id": organisations["organisation_id"].to_numpy()[row],
            "ordered_on": day.astype("M8[us]"),
            "category": draw_label(rng, categories, len(row)),
            "units": np.maximum(np.rint(fen / 100 / unit), 1).astype(np.int64),
            "amount_cny": fen / 100,
            "paid_on": np.where(paid > end, np.datetime64("NaT", "us"), paid.astype("M8[us]")),
        }
    )
    orders = orders.sort_values(["ordered_on", "organisation_id"], kind="stable", ignore_index=True)
    orders.insert(0, "order_id", before + np.arange(1, len(orders) + 1))
    return Simulated(orders, truth)


def _organisations(rng: np.random.Generator, n: int) -> pd.DataFrame:
    """Return n organisations with their hidden quality."""
    made = simulate_organisations(n, seed=rng)
    return made.data.organisations.assign(quality=made.truth["quality"])


def _habits(rng: np.random.Generator, organisations: pd.DataFrame) -> pd.DataFrame:
    """Return what is hidden of each organisation's orders."""
    quality = organisations["quality"].to_numpy()
    usual = organisations["payment_record"].map(LATE).to_numpy(dtype=float)
    n = len(quality)
    growth = GROWTH + GROWTH_PER_QUALITY * quality + rng.normal(0, GROWTH_SD, n)
    return pd.DataFrame(
        {
            "organisation_id": organisations["organisation_id"].to_numpy(),
            "orders_per_year": ORDERS_LEAST + rng.gamma(ORDERS_SHAPE, ORDERS_SCALE, n),
            "growth": growth.clip(-0.5),
            "late_probability": 1 / (1 + np.exp(PER_QUALITY * quality - usual)),
        }
    )


def _years(rng: np.random.Generator, bought: np.ndarray, truth: pd.DataFrame) -> _Years:
    """Return how many orders each organisation places in each year, and their whole amount."""
    totals = np.stack([bought / (1 + truth["growth"].to_numpy()), bought], axis=1)
    fen = np.rint(totals * 100).astype(np.int64)
    rate = truth["orders_per_year"].to_numpy()[:, None] - 1
    count = np.where(fen > 0, 1 + rng.poisson(np.broadcast_to(rate, fen.shape)), 0)
    row, year = np.indices(fen.shape)
    # Every order is for a fen at least.
    return _Years(row.ravel(), year.ravel(), np.minimum(count, fen).ravel(), fen.ravel())


def _days(rng: np.random.Generator, year: np.ndarray, busy: pd.Series | None) -> np.ndarray:
    """Return the day of each order; `year` is 0 or 1."""
    level, first = rng.random(len(year)), LAST_YEAR - 1
    day = np.empty(len(year), dtype="M8[D]")
    for one in (0, 1):
        days = pd.date_range(f"{first + one}-01-01", f"{first + one}-12-31", freq="D")
        ahead = days + pd.Timedelta(days=LEAD_DAYS)
        weight = np.ones(len(days)) if busy is None else busy.reindex(ahead).to_numpy()
        if np.isnan(weight).any():
            raise OutOfRangeError(f"busy must have every day until {ahead[-1]:%Y-%m-%d}.")
        until = np.cumsum(weight) / weight.sum()
        place = np.minimum(np.searchsorted(until, level[year == one], side="right"), len(days) - 1)
        day[year == one] = days.to_numpy("M8[D]")[place]
    return day


def _amounts(rng: np.random.Generator, place: np.ndarray, years: _Years) -> np.ndarray:
    """Return the amount of each order in fen; those of a year make up its whole."""
    weight = rng.standard_gamma(AMOUNT_SHAPE, len(place))
    n = len(years.row)
    room = years.fen - years.orders
    share = weight / bincount(place, weight, n)[place]
    fen = 1 + np.floor(room[place] * share).astype(np.int64)
    # What rounding down leaves goes to the year's first order.
    first = np.flatnonzero(np.diff(place, prepend=-1))
    fen[first] += (years.fen - bincount(place, fen, n).astype(np.int64))[place[first]]
    return fen
