"""How many agents a call centre needs."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import pandas as pd

from crmlab._checks import (
    require_at_least,
    require_columns,
    require_list,
    require_numbers,
    require_positive,
    require_real,
    require_rows,
    require_values,
)
from crmlab._purchases import as_frame, plain_values
from crmlab.campaigns.queue import over_rates
from crmlab.errors import BadRowsError, OutOfRangeError

MOST = 1_000_000


def staffing(
    *,
    calls: float,
    handle_minutes: float,
    agents: Iterable[int] | None = None,
    within_seconds: float = 20.0,
    target: float = 0.8,
    patience_minutes: float | None = None,
    unlike_hours: float = 0.0,
) -> pd.DataFrame:
    """Service level by number of agents (坐席配置), by Erlang C, or Erlang A with patience.

    Parameters
    ----------
    calls : float above 0
        Per hour, at random (Poisson).
    handle_minutes : float above 0
        Mean length of a call with what is to be done after it (exponential).
    agents : whole numbers of 1 or more, optional
        By default from the fewest that keep up to a little more than the `target` needs.
    within_seconds : float of 0 or more
    target : float in (0, 1)
        Share of the calls to be answered within so many seconds.
    patience_minutes : float above 0, optional
        Mean time after which who waits gives up (exponential: Erlang A). Without it callers wait
        as long as it takes (Erlang C).
    unlike_hours : float in [0, 4]
        Variance of the factor, of mean 1, by which an hour's rate differs from `calls`. With 0 the
        number of calls in an hour is Poisson; real ones differ more.

    Returns
    -------
    DataFrame, one row per number of agents, as given
        agents : int64
        occupancy : float64, share of their time on calls; 1 where they cannot keep up
        waits : float64, chance that a call waits
        mean_wait_seconds : float64, of all calls; infinite where they cannot keep up, be it
            in some hours
        service_level : float64, share answered within `within_seconds`
        give_up : float64, share of the calls that give up
        meets : bool, whether the service level reaches the target

    Raises
    ------
    OutOfRangeError
        If `calls`, `handle_minutes` or `patience_minutes` is not above 0, a number of `agents` is
        below 1, `within_seconds` is below 0, `target` lies outside (0, 1), `unlike_hours` outside
        [0, 4], or more than a million agents would be needed.

    See Also
    --------
    agents_needed : the fewest that meet the target.
    crmlab.campaigns.plot.plot_staffing : draws this frame.
    crmlab.campaigns.simulate.simulate_calls : the same by simulation.

    Source
    ------
    Erlang (1917); Palm (1957); both in Gans, Koole and Mandelbaum (2003), Telephone call centers:
    tutorial, review, and research prospects, doi:10.1287/msom.5.2.79.16071.

    Examples
    --------
    >>> staffing(calls=200, handle_minutes=3, agents=[13, 14])[["agents", "service_level"]].round(3)
       agents  service_level
    0      13          0.796
    1      14          0.888
    """
    require_real(within_seconds=within_seconds, target=target, unlike_hours=unlike_hours)
    limits = (within_seconds, target, patience_minutes, unlike_hours)
    _require_load(calls, handle_minutes, *limits)
    load = calls * handle_minutes / 60
    if agents is None:
        most = _needed(calls, handle_minutes, *limits)
        agents = range(min(int(load) + 1, most), most + max(3, int(0.5 * load**0.5)) + 1)
    require_list("agents", agents, "[13, 14]")
    many = [*agents]
    require_at_least("the number of teams in agents", len(many), 1)
    for one in many:
        require_at_least("every number of agents", one, 1)
    within = within_seconds / 60
    met = [
        over_rates(load, one, handle_minutes, within, patience_minutes, unlike_hours)
        for one in many
    ]
    table = pd.DataFrame(met)
    busy = load * (1 - table["give_up"]) / np.array(many, dtype="float64")
    return pd.DataFrame(
        {
            "agents": np.array(many, dtype=np.int64),
            "occupancy": np.minimum(busy, 1.0),
            "waits": table["waits"],
            "mean_wait_seconds": 60 * table["mean_wait"],
            "service_level": table["in_time"],
            "give_up": table["give_up"],
            "meets": table["in_time"] >= target,
        }
    )


def agents_needed(
    *,
    calls: float,
    handle_minutes: float,
    within_seconds: float = 20.0,
    target: float = 0.8,
    patience_minutes: float | None = None,
    unlike_hours: float = 0.0,
) -> int:
    """Return the fewest agents that answer the target share of calls in time.

    Parameters
    ----------
    calls, handle_minutes, within_seconds, target, patience_minutes, unlike_hours
        As in `staffing`.

    Raises
    ------
    OutOfRangeError
        As `staffing`.

    Examples
    --------
    >>> agents_needed(calls=200, handle_minutes=3)
    14
    >>> agents_needed(calls=200, handle_minutes=3, unlike_hours=0.1)
    17
    """
    require_real(within_seconds=within_seconds, target=target, unlike_hours=unlike_hours)
    limits = (within_seconds, target, patience_minutes, unlike_hours)
    _require_load(calls, handle_minutes, *limits)
    return _needed(calls, handle_minutes, *limits)


def _needed(
    calls: float,
    handle: float,
    within_seconds: float,
    target: float,
    patience: float | None,
    unlike: float,
) -> int:
    """Return the fewest agents that meet the target, by halving."""
    load = calls * handle / 60
    low, high = 0, int(load) + 1

    def meets(agents: int) -> bool:
        met = over_rates(load, agents, handle, within_seconds / 60, patience, unlike)
        return met.in_time >= target

    while not meets(high):
        low, high = high, 2 * high
        if high > MOST:
            raise OutOfRangeError(f"more than {MOST:,} agents would be needed; are units right?")
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if meets(middle) else (middle, high)
    return high


def process_plan(
    processes: pd.DataFrame,
    *,
    within_seconds: float = 300.0,
    target: float = 0.8,
    process: str = "process",
    owner: str = "owner",
    calls: str = "cases_per_hour",
    handle_minutes: str = "handle_minutes",
) -> pd.DataFrame:
    """People whom each process needs at its own desk, and all of them at one desk together.

    Parameters
    ----------
    processes : DataFrame, one row per process
        `process`, `owner`; `calls` per hour and `handle_minutes`, numbers above 0
    within_seconds, target : float
        As in `staffing`.
    process, owner, calls, handle_minutes : str

    Returns
    -------
    DataFrame, one row per process as given, and "all together" last
        process, owner : str
        load : float64, people who would be busy without a pause
        people : int64, at a desk of its own
        occupancy : float64

    Raises
    ------
    MissingColumnsError, BadRowsError
        If a column or a value is missing, a process stands twice, or one has no owner.
    OutOfRangeError
        If a `calls` or `handle_minutes` is not above 0, or as `staffing`.

    Source
    ------
    Pooling: Smith and Whitt (1981), doi:10.1002/j.1538-7305.1981.tb00221.x.

    Examples
    --------
    >>> desks = pd.DataFrame({"process": ["counter", "call centre"], "owner": ["Li", "Wu"],
    ...                       "cases_per_hour": [30, 30], "handle_minutes": 4})
    >>> process_plan(desks)["people"].tolist()
    [3, 3, 5]
    """
    frame = as_frame(processes)
    columns = {"process": process, "owner": owner, "calls": calls, "handle_minutes": handle_minutes}
    require_columns(frame, **columns)
    require_rows(frame)
    lacking = frame[owner].isna() | (frame[owner].astype("str").str.strip() == "")
    if lacking.any():
        raise BadRowsError(
            f"{int(lacking.sum())} process(es) have no {owner}: "
            f"{frame.loc[lacking, process].astype('str').tolist()[:10]}. Name one person for each: "
            "what belongs to all is done by nobody."
        )
    require_values(frame, process, calls, handle_minutes)
    if frame[process].duplicated().any():
        twice = frame.loc[frame[process].duplicated(), process].tolist()
        raise BadRowsError(f"{twice[:10]} stand more than once; keep one row of each {process}.")
    numbers = frame[[calls, handle_minutes]].apply(plain_values)
    require_numbers(numbers, calls, handle_minutes)
    many, minutes = numbers[calls].to_numpy("float64"), numbers[handle_minutes].to_numpy("float64")
    each = [*zip(many, minutes, strict=True), (many.sum(), many @ minutes / many.sum())]
    limits = {"within_seconds": within_seconds, "target": target}
    people = [agents_needed(calls=c, handle_minutes=m, **limits) for c, m in each]
    load = np.array([c * m / 60 for c, m in each])
    return pd.DataFrame(
        {
            "process": pd.Series([*frame[process].astype("str"), "all together"], dtype="str"),
            "owner": pd.Series([*frame[owner].astype("str"), "everybody"], dtype="str"),
            "load": load,
            "people": np.array(people, dtype=np.int64),
            "occupancy": load / people,
        }
    )


def _require_load(
    calls: float,
    handle_minutes: float,
    within: float,
    target: float,
    patience: float | None,
    unlike: float,
) -> None:
    """Raise OutOfRangeError unless these describe a call centre."""
    require_positive("calls", calls)
    require_positive("handle_minutes", handle_minutes)
    if not 0 <= within < np.inf:
        raise OutOfRangeError(f"within_seconds must be 0 or more; got {within!r}.")
    if not 0 < target < 1:
        raise OutOfRangeError(f"target must lie between 0 and 1, not a percent; got {target!r}.")
    if patience is not None:
        require_positive("patience_minutes", patience)
    if not 0 <= unlike <= 4:
        raise OutOfRangeError(f"unlike_hours must lie between 0 and 4; got {unlike!r}.")
