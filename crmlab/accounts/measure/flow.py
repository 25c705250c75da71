"""How long items take through a value chain, where they wait, and what is lost on the way."""

from __future__ import annotations

from dataclasses import dataclass
from math import exp, lgamma, log
from numbers import Real

import numpy as np
import pandas as pd

from crmlab._checks import (
    numbers_of,
    require_at_least,
    require_columns,
    require_numbers,
    require_positive,
    require_rows,
    require_truths,
    require_values,
)
from crmlab._groups import bincount
from crmlab.accounts.measure.known import plain
from crmlab.errors import BadRowsError, OutOfRangeError

DAYS_A_YEAR = 365
TIMES = ("arrived_h", "begun_h", "done_h")


@dataclass(frozen=True)
class WaitingLine:
    """A queue M/M/c at rest: items come and are served at random, first come first served.

    busy : float, share of the time that each server works
    waits : float, share of the items that have to wait (Erlang's C)
    wait, time : float, mean hours before the work, and in all
    queue, inside : float, mean number of items that wait, and that are there in all
    """

    busy: float
    waits: float
    wait: float
    time: float
    queue: float
    inside: float


def waiting_line(*, per_hour: float, hours: float, servers: int = 1) -> WaitingLine:
    """Return the queue M/M/c (排队模型) of so many items an hour, each of so much work.

    Parameters
    ----------
    per_hour, hours : float above 0
        Items that come, and mean work on each.
    servers : int, at least 1

    Returns
    -------
    WaitingLine

    Raises
    ------
    OutOfRangeError
        If `per_hour` or `hours` is not above 0, `servers` is below 1, or more work comes than can
        be done: such a line grows without end.

    Source
    ------
    Erlang (1917), Solution of some problems in the theory of probabilities of significance in
    automatic telephone exchanges, Elektroteknikeren 13; Little (1961), doi:10.1287/opre.9.3.383.

    Examples
    --------
    >>> line = waiting_line(per_hour=8, hours=0.1)
    >>> round(line.busy, 2), round(line.wait, 2), round(line.inside, 1)
    (0.8, 0.4, 4.0)
    """
    require_positive("per_hour", per_hour)
    require_positive("hours", hours)
    require_at_least("servers", servers, 1)
    load = per_hour * hours
    if load >= servers:
        least = int(load) + 1
        raise OutOfRangeError(
            f"{per_hour:g} an hour of {hours:g} hours each are {load:g} servers' work, and there "
            f"are {servers}: the line never comes to rest. It needs {least} servers or more."
        )
    # Terms load^k / k!, on the log scale, since both outgrow a float.
    terms = [exp(k * log(load) - lgamma(k + 1) - load) for k in range(servers + 1)]
    last = terms[-1] * servers / (servers - load)
    waits = last / (sum(terms[:-1]) + last)
    wait = waits * hours / (servers - load)
    return WaitingLine(
        busy=load / servers,
        waits=waits,
        wait=wait,
        time=wait + hours,
        queue=per_hour * wait,
        inside=per_hour * (wait + hours),
    )


def step_report(flow: pd.DataFrame) -> pd.DataFrame:
    """Wait, work and loss at each step of a chain; the bottleneck (瓶颈) is where they wait most.

    Little's law says that the mean number of items at a step is what comes in an hour times the
    hours each spends there. One side is found by looking at the step all the time, the other by
    asking each item; in a log that begins and ends empty, as here, they are the same.

    Parameters
    ----------
    flow : DataFrame, as returned by `simulate_flow`, or a log of one's own
        item_id; step : str; arrived_h, begun_h, done_h : float64; lost : bool

    Returns
    -------
    DataFrame, one row per step, in the order in which items come to them
        step : str; items : int64
        wait_h, work_h : float64, means
        inside : float64, mean number there, looked at all the time
        by_littles_law : float64, items per hour times mean hours, of the items that came
        lost : float64, share of the items that got lost here
        bottleneck : bool, for the one with the longest wait, if there is any wait

    Raises
    ------
    MissingColumnsError, BadRowsError
        If a column or a value is missing, or something is done before it begins.
    EmptyError
        If there are no rows.

    See Also
    --------
    waiting_line : what the wait should be in the long run.

    Examples
    --------
    >>> flow = pd.DataFrame({"item_id": [1, 2], "step": "print", "arrived_h": [0.0, 1.0],
    ...     "begun_h": [0.0, 2.0], "done_h": [2.0, 4.0], "lost": False})
    >>> step_report(flow)[["wait_h", "work_h", "inside", "bottleneck"]].to_numpy().tolist()
    [[0.5, 2.0, 1.25, True]]
    """
    table = _known_flow(flow)
    names, code = _steps(table)
    arrived, begun, done = (table[name].to_numpy("float64") for name in TIMES)
    n = bincount(code)
    wait, work = (bincount(code, value) / n for value in (begun - arrived, done - begun))
    first, last = (how.at for how in (np.minimum, np.maximum))
    since, until = np.full(len(names), np.inf), np.full(len(names), -np.inf)
    first(since, code, arrived)
    last(until, code, done)
    span = until - since
    inside = np.array(
        [_mean_inside(arrived[code == one], done[code == one]) for one in range(len(names))]
    )
    lost = bincount(code, table["lost"].to_numpy("float64")) / n
    return pd.DataFrame(
        {
            "step": pd.Series(names, dtype="str"),
            "items": n,
            "wait_h": wait,
            "work_h": work,
            "inside": inside,
            # Where all come and leave in one moment, all are there in it.
            "by_littles_law": np.divide(n, span, out=n * 1.0, where=span > 0)
            * np.where(span > 0, wait + work, 1.0),
            "lost": lost,
            "bottleneck": (wait == wait.max()) & (wait > 0),
        }
    )


def lead_times(flow: pd.DataFrame) -> pd.DataFrame:
    """Lead time (前置时间) of each item, from its coming to its last step, and what it cost.

    Parameters
    ----------
    flow : DataFrame, as `step_report` takes it; cost_cny : float64, optional

    Returns
    -------
    DataFrame, one row per item, by item_id
        item_id : as given
        lead_days : float64; of a lost item, until it got lost
        waited_days : float64, of these spent in lines; lines side by side are added
        lost : bool
        cost_cny : float64, only where `flow` has it

    Raises
    ------
    MissingColumnsError, BadRowsError, EmptyError
        As `step_report`.

    Examples
    --------
    >>> flow = pd.DataFrame({"item_id": [1, 1], "step": ["print", "post"], "lost": False,
    ...     "arrived_h": [0.0, 12.0], "begun_h": [6.0, 12.0], "done_h": [12.0, 48.0]})
    >>> lead_times(flow)[["lead_days", "waited_days"]].to_numpy().tolist()
    [[2.0, 0.25]]
    """
    table = _known_flow(flow)
    table = table.assign(wait=table["begun_h"] - table["arrived_h"])
    found = table.groupby("item_id", sort=True).agg(
        came=("arrived_h", "min"),
        left=("done_h", "max"),
        wait=("wait", "sum"),
        lost=("lost", "max"),
    )
    result = pd.DataFrame(
        {
            "item_id": found.index,
            "lead_days": ((found["left"] - found["came"]) / 24).to_numpy(),
            "waited_days": (found["wait"] / 24).to_numpy(),
            "lost": found["lost"].to_numpy("bool"),
        }
    )
    if "cost_cny" not in flow.columns:
        return result
    require_values(flow, "cost_cny")
    money = plain(flow, "item_id", "cost_cny")
    require_numbers(money, "cost_cny")
    money = money.groupby("item_id")["cost_cny"].sum()
    return result.assign(cost_cny=money.reindex(result["item_id"]).to_numpy("float64"))


def interest_lost(
    amount: float | pd.Series | np.ndarray,
    *,
    rate: float,
    days: float | pd.Series | np.ndarray,
) -> float | pd.Series | np.ndarray:
    """Return the interest lost (利息损失) while money is on its way: amount * rate * days / 365.

    Parameters
    ----------
    amount : float, or one number for each bill
    rate : float
        Interest of a year, as a share.
    days : float, or one number for each bill

    Raises
    ------
    OutOfRangeError
        If an amount is no number, or the rate or a number of days is below 0, or none.

    Examples
    --------
    >>> interest_lost(36_500, rate=0.10, days=10)
    100.0
    """
    if not isinstance(rate, Real) or not 0 <= rate < np.inf:
        raise OutOfRangeError(f"rate must be a share of 0 or more, such as 0.1; got {rate!r}.")
    waits = numbers_of("days", days)
    if not (np.isfinite(waits) & (waits >= 0)).all():
        raise OutOfRangeError("days must be numbers of 0 or more.")
    if isinstance(amount, (list, tuple)):
        amount = np.asarray(amount)
    kind = np.asarray(amount).dtype.kind
    if kind not in "iuf" or not np.isfinite(np.asarray(amount, dtype="float64")).all():
        raise OutOfRangeError(f"amount must be a number, or one for each bill; got {amount!r:.60}.")
    days = waits if isinstance(days, (list, tuple)) else days
    return amount * rate * days / DAYS_A_YEAR


def _known_flow(flow: pd.DataFrame) -> pd.DataFrame:
    """Return a log whose items are done after they begin, and begin after they come."""
    columns = ("item_id", "step", *TIMES, "lost")
    require_columns(flow, *columns)
    require_rows(flow)
    require_values(flow, *columns)
    table = plain(flow, *columns)
    require_numbers(table, *TIMES)
    require_truths(table, "lost")
    bad = np.flatnonzero(
        (table["begun_h"] < table["arrived_h"]) | (table["done_h"] < table["begun_h"])
    )
    if bad.size:
        raise BadRowsError(
            f"{bad.size} row(s) are begun before they come, or done before they begin: "
            f"{bad[:10].tolist()}."
        )
    return table


def _steps(table: pd.DataFrame) -> tuple[np.ndarray, np.ndarray]:
    """Return the steps in the order in which items come to them, and the place of each row's."""
    mean = table.groupby("step")["arrived_h"].mean().reset_index()
    names = mean.sort_values(["arrived_h", "step"])["step"].to_numpy(dtype=object)
    return names, pd.Index(names).get_indexer(pd.Index(table["step"]))


def _mean_inside(arrived: np.ndarray, done: np.ndarray) -> float:
    """Return the mean number of items there, from the first coming to the last leaving."""
    times = np.r_[arrived, done]
    change = np.r_[np.ones(len(arrived)), -np.ones(len(done))]
    order = np.argsort(times, kind="stable")
    there, at = np.cumsum(change[order]), times[order]
    span = at[-1] - at[0]
    return float((there[:-1] * np.diff(at)).sum() / span) if span > 0 else float(len(arrived))
