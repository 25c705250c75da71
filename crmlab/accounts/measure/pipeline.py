"""What will come of the open offers, whose guesses are true, and what one account's loss costs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from numbers import Real

import numpy as np
import pandas as pd

from crmlab._checks import (
    Seed,
    require_at_least,
    require_columns,
    require_key,
    require_list,
    require_numbers,
    require_rows,
    require_truths,
    require_values,
    stream_of,
)
from crmlab._groups import bincount
from crmlab._intervals import wilson
from crmlab.accounts.measure.known import plain, require_chances
from crmlab.credit.measure.calibration import calibration
from crmlab.errors import BadRowsError, OutOfRangeError


@dataclass(frozen=True)
class PipelineForecast:
    """What a pipeline may bring: not one number.

    expected_cny : float, the weighted pipeline: amounts times chances
    median_cny, low_cny, high_cny : float, the middle of what may come, and its 95 % interval
    reaches : float, chance to reach the goal; missing without one
    largest_share : float, of the weighted pipeline that hangs on one deal
    without_largest_cny : float, the weighted pipeline if that deal is lost
    outcomes : DataFrame, one row per drawn future: sales_cny : float64
    """

    expected_cny: float
    median_cny: float
    low_cny: float
    high_cny: float
    reaches: float
    largest_share: float
    without_largest_cny: float
    outcomes: pd.DataFrame


def win_rates(
    deals: pd.DataFrame, *, stages: Sequence[str] = ("lead", "qualified", "offer", "negotiation")
) -> pd.DataFrame:
    """Win rate of each stage, from deals that are over, with its interval.

    Parameters
    ----------
    deals : DataFrame, one row per deal that is over: stage : str; won : bool
    stages : sequence of str
        In order; a deal at another is refused.

    Returns
    -------
    DataFrame, one row per stage: stage : str; deals, won : int64
        rate, low, high : float64, Wilson's 95 % interval; missing without deals

    Raises
    ------
    MissingColumnsError, BadRowsError
        If a column or a value is missing, or a stage is none of `stages`.
    OutOfRangeError
        If `stages` is no list, or names one twice.

    Examples
    --------
    >>> deals = pd.DataFrame({"stage": ["lead"] * 4 + ["offer"] * 2, "won": [1, 0, 0, 0, 1, 1]})
    >>> win_rates(deals, stages=["lead", "offer"])[["stage", "rate"]]
       stage  rate
    0   lead  0.25
    1  offer  1.00
    """
    require_columns(deals, "stage", "won")
    require_rows(deals)
    require_values(deals, "stage", "won")
    require_list("stages", stages, "['lead', 'offer']")
    if len({*stages}) < len(stages):
        raise OutOfRangeError(f"stages must differ from each other; got {[*stages]}.")
    table = plain(deals, "stage", "won")
    require_truths(table, "won")
    code = _staged(table["stage"], [*stages])
    n = bincount(code, minlength=len(stages))
    won = bincount(code, table["won"].to_numpy("float64"), minlength=len(stages)).astype("int64")
    with np.errstate(invalid="ignore", divide="ignore"):
        rate, (low, high) = won / n, wilson(won, n)
    names = pd.Series([*stages], dtype="str")
    return pd.DataFrame(
        {"stage": names, "deals": n, "won": won, "rate": rate, "low": low, "high": high}
    )


def guess_quality(deals: pd.DataFrame, *, by: str = "owner") -> pd.DataFrame:
    """Whose guesses are true: Brier score of each salesperson, and how they miss.

    The Brier score is the mean square of what was said less what came. The skill compares it with
    saying one's own win rate for every deal: below 0, the guesses are worse than one number.

    Parameters
    ----------
    deals : DataFrame, one row per deal that is over
        `by` : str; said : float64, a chance; won : bool
    by : str

    Returns
    -------
    DataFrame, one row per salesperson, in alphabetical order
        `by` : as given; deals : int64
        said, won : float64, means: what is said above what came is hope
        brier, skill : float64
        slope, slope_error : float64, of log odds that came on those said; below 1 is too sure;
            missing where the deals leave it open: somebody says one chance for all, or 0 or 1, or
            tells what is won from what is lost without a fault

    Raises
    ------
    MissingColumnsError, BadRowsError
        If a column or a value is missing, or a guess lies beyond 0 to 1.
    OutOfRangeError
        If somebody won everything or nothing, so that no slope can be told.

    See Also
    --------
    crmlab.credit.measure.calibration_table : what was said and what came, in groups.

    Source
    ------
    Brier (1950), doi:10.1175/1520-0493(1950)078<0001:VOFEIT>2.0.CO;2.

    Examples
    --------
    >>> deals = pd.DataFrame({"owner": "Lin", "said": [0.9, 0.8, 0.3, 0.2],
    ...     "won": [True, False, True, False]})
    >>> guess_quality(deals)[["brier", "skill"]].round(3).to_numpy().tolist()
    [[0.295, -0.18]]
    """
    require_columns(deals, "said", "won", by=by)
    require_rows(deals)
    require_values(deals, by, "won")
    table = plain(deals, by, "said", "won")
    require_chances(table, "said")
    require_truths(table, "won")
    rows = []
    for name, mine in table.groupby(by, sort=True):
        found = calibration(mine, chance="said", bad="won")
        alone = found.happened * (1 - found.happened)
        told = 1.0 if _has_slope(mine["said"].to_numpy("float64"), mine["won"]) else np.nan
        rows.append(
            {
                by: name,
                "deals": len(mine),
                "said": found.forecast,
                "won": found.happened,
                "brier": found.brier,
                "skill": 1 - found.brier / alone,
                "slope": found.slope * told,
                "slope_error": found.slope_error * told,
            }
        )
    return pd.DataFrame(rows)


def pipeline_forecast(
    open_deals: pd.DataFrame,
    rates: pd.DataFrame,
    *,
    goal: float | None = None,
    draws: int = 10_000,
    seed: Seed,
) -> PipelineForecast:
    """Forecast what the open offers bring, as a distribution.

    The weighted pipeline, amounts times win rates, is a mean, and no deal is won by a part. Here
    futures are drawn: the rate of each stage from what past deals leave open (a beta law, after
    Jeffreys), and then each deal is won or not.

    Parameters
    ----------
    open_deals : DataFrame, one row per open deal: stage : str; amount_cny : float64
    rates : DataFrame, as returned by `win_rates`: stage : str; deals, won : int64
    goal : float, optional
        Of sales.
    draws : int, at least 100
    seed : int, SeedSequence or Generator

    Returns
    -------
    PipelineForecast

    Raises
    ------
    MissingColumnsError, BadRowsError
        If a column or a value is missing, an amount is below 0, all are 0, a stage has no past
        deals or stands twice in rates, or more were won than there were.
    OutOfRangeError
        If there are too few draws, or the goal is no number.

    Source
    ------
    Brown, Cai and DasGupta (2001), doi:10.1214/ss/1009213286, for Jeffreys' law of a share.

    Examples
    --------
    >>> rates = pd.DataFrame({"stage": ["offer"], "deals": [100], "won": [40]})
    >>> deals = pd.DataFrame({"stage": ["offer"] * 2, "amount_cny": [1000.0, 9000.0]})
    >>> found = pipeline_forecast(deals, rates, seed=1)
    >>> found.expected_cny, found.low_cny, found.high_cny, found.largest_share
    (4000.0, 0.0, 10000.0, 0.9)
    """
    require_columns(open_deals, "stage", "amount_cny")
    require_rows(open_deals)
    require_values(open_deals, "stage", "amount_cny")
    require_columns(rates, "stage", "deals", "won")
    require_values(rates, "stage", "deals", "won")
    if goal is not None and not (isinstance(goal, Real) and np.isfinite(goal)):
        raise OutOfRangeError(f"goal must be a number, of sales; got {goal!r}.")
    require_at_least("draws", draws, 100)
    table, past = plain(open_deals, "stage", "amount_cny"), plain(rates, "stage", "deals", "won")
    require_numbers(table, "amount_cny")
    require_numbers(past, "deals", "won")
    amount = table["amount_cny"].to_numpy("float64")
    if (amount < 0).any() or not amount.any():
        raise BadRowsError("amounts must be 0 or more, and one of them above 0.")
    require_key(past, "stage")
    odd = (past["won"] < 0) | (past["won"] > past["deals"])
    if odd.any():
        raise BadRowsError(f"won lies beyond 0 to deals at {past.loc[odd, 'stage'].tolist()}.")
    past = past[past["deals"] > 0]
    code = _staged(table["stage"], past["stage"].tolist(), "a win rate from past deals")
    won, n = (past[name].to_numpy("float64") for name in ("won", "deals"))
    rng = stream_of(seed, "pipeline_forecast")
    chance = rng.beta(won + 0.5, n - won + 0.5, (draws, len(n)))
    outcomes = np.zeros(draws)
    for stage in range(len(n)):
        mine = amount[code == stage]
        outcomes += (rng.random((draws, len(mine))) < chance[:, stage, None]) @ mine
    weighted = amount * (won / n)[code]
    low, median, high = np.quantile(outcomes, [0.025, 0.5, 0.975])
    top = weighted.max()
    return PipelineForecast(
        expected_cny=float(weighted.sum()),
        median_cny=float(median),
        low_cny=float(low),
        high_cny=float(high),
        reaches=float("nan") if goal is None else float((outcomes >= goal).mean()),
        largest_share=float(top / weighted.sum()) if top > 0 else 0.0,
        without_largest_cny=float(weighted.sum() - top),
        outcomes=pd.DataFrame({"sales_cny": outcomes}),
    )


def _has_slope(said: np.ndarray, won: pd.Series) -> bool:
    """Return whether log odds can be fitted: none is infinite, and won and lost overlap."""
    yes, no = said[won.to_numpy("bool")], said[~won.to_numpy("bool")]
    inside = bool(said.min() > 0 and said.max() < 1)
    return inside and bool(yes.min() < no.max() and no.min() < yes.max())


def _staged(
    stages: pd.Series, known: list[str], what: str = "a stage of the pipeline"
) -> np.ndarray:
    """Return the place of each stage among those known, or raise."""
    code = pd.Index(known).get_indexer(pd.Index(stages))
    if (code < 0).any():
        rows = np.flatnonzero(code < 0)
        odd = [*dict.fromkeys(stages.iloc[rows])][:5]
        raise BadRowsError(
            f"{rows.size} row(s) stand at {odd}, which is not {what}: {rows[:10].tolist()}. There "
            f"are {known}."
        )
    return code
