"""How long a queue is: waits of real orders, and what theory says of orders by pure chance."""

from __future__ import annotations

import numpy as np
import pandas as pd

from crmlab._checks import (
    require_columns,
    require_numbers,
    require_positive,
    require_real,
    require_rows,
    require_values,
)
from crmlab.errors import BadRowsError, OutOfRangeError


def queue_waits(
    orders: pd.DataFrame,
    *,
    ordered: str = "ordered_at",
    service: str = "service_minutes",
    collects: str | None = None,
) -> pd.DataFrame:
    """Return when each order of one queue is begun and ready, and how long its customer waits.

    First come, first served, by one server. An order is begun when it has come and the one before
    is ready; all at once, without a loop:
        ready_n = S_n + max over k <= n of (ordered_k - S_(k-1)),    S_n = service_1 + … + service_n
    which is Lindley's recursion written out. Orders of one moment are served in the order of rows.

    Parameters
    ----------
    orders : DataFrame, one row per order, rows in any order
        `ordered` : minutes from any beginning, when the order reaches the queue
        `service` : minutes of work, 0 or more
        `collects` : minutes, when the customer comes for it
    ordered, service : str
    collects : str, optional
        By default the customer stands there from the order on.

    Returns
    -------
    DataFrame: the columns of `orders`, in the same order of rows, and
        begins_at, ready_at : float64, minutes
        in_line_minutes : float64, from the order to its beginning
        wait_minutes : float64, from when the customer is there until the order is ready; 0 if it
            was ready before

    Raises
    ------
    MissingColumnsError, BadRowsError, OutOfRangeError, EmptyError
        If a column or value is missing or no number, a service is below 0, or somebody collects
        before ordering.

    See Also
    --------
    expected_wait : what theory says.

    Source
    ------
    Lindley (1952), The theory of queues with a single server, doi:10.1017/S0305004100027638.

    Examples
    --------
    >>> orders = pd.DataFrame({"ordered_at": [0.0, 1.0, 9.0], "service_minutes": [3.0, 2.0, 1.0]})
    >>> queue_waits(orders)[["begins_at", "ready_at", "in_line_minutes"]].values.tolist()
    [[0.0, 3.0, 0.0], [3.0, 5.0, 2.0], [9.0, 10.0, 0.0]]
    """
    named = {"ordered": ordered, "service": service}
    named |= {"collects": collects} if collects else {}
    require_columns(orders, **named)
    require_rows(orders)
    require_values(orders, *named.values())
    require_numbers(orders, *named.values())
    comes, work = (orders[name].to_numpy("float64") for name in (ordered, service))
    below = np.flatnonzero(work < 0)
    if below.size:
        raise OutOfRangeError(
            f"{service} must be 0 or more; row(s) {below[:10].tolist()} are below."
        )
    there = comes if collects is None else orders[collects].to_numpy("float64")
    early = np.flatnonzero(there < comes)
    if early.size:
        raise BadRowsError(
            f"{early.size} row(s) collect before they order: {early[:10].tolist()}. Mend "
            f"{collects} in these rows."
        )
    if (np.diff(comes) >= 0).all():
        ready = _ready(comes, work)
    else:
        order = np.argsort(comes, kind="stable")
        ready = np.empty(len(comes))
        ready[order] = _ready(comes[order], work[order])
    begins = ready - work
    return orders.assign(
        begins_at=begins,
        ready_at=ready,
        # What sums of many minutes leave behind is no wait.
        in_line_minutes=np.maximum(begins - comes, 0.0),
        wait_minutes=np.maximum(ready - there, 0.0),
    )


def expected_wait(
    *, per_minute: float, service_minutes: float, spread: float = 1.0, batch: int = 1
) -> float:
    """Return the mean minutes in line when orders come by pure chance, at a constant rate.

        rate (m^2 + s^2) / (2 (1 - load)) + (batch - 1) m / (2 (1 - load)),    load = rate m
    where m is the mean and s = spread * m the standard deviation of the service, and `rate` counts
    orders, that come `batch` at a time. With a spread of 1 and no batches this is M/M/1,
    load m / (1 - load); with 0 M/D/1, half of it.

    Parameters
    ----------
    per_minute : float, above 0
        Orders a minute, each of a batch counted.
    service_minutes : float, above 0
    spread : float, 0 or more
        Standard deviation of the service over its mean.
    batch : int, at least 1

    Returns
    -------
    float, minutes from the order to its beginning

    Raises
    ------
    OutOfRangeError
        If `per_minute` or `service_minutes` is not above 0, `spread` is below 0, `batch` below 1,
        or the load is 1 or more: the queue grows for ever.

    See Also
    --------
    queue_waits : the waits of given orders.

    Source
    ------
    Pollaczek (1930), doi:10.1007/BF01194620, and Khinchine (1932); batches: Burke (1975), Delays in
    single-server queues with batch input, doi:10.1287/opre.23.4.830.

    Examples
    --------
    >>> expected_wait(per_minute=0.5, service_minutes=1.0)
    1.0
    >>> expected_wait(per_minute=0.5, service_minutes=1.0, spread=0)
    0.5
    """
    require_real(spread=spread)
    require_positive("per_minute", per_minute)
    require_positive("service_minutes", service_minutes)
    if not 0 <= spread < np.inf:
        raise OutOfRangeError(f"spread must be 0 or more; got {spread!r}.")
    if not isinstance(batch, (int, np.integer)) or batch < 1:
        raise OutOfRangeError(f"batch must be a whole number, 1 or more; got {batch!r}.")
    load = per_minute * service_minutes
    if load >= 1:
        raise OutOfRangeError(
            f"{per_minute:g} orders a minute of {service_minutes:g} minutes are more work than one "
            "server has time for: the line grows without end. Lower one of the two."
        )
    one = per_minute * service_minutes**2 * (1 + spread**2) / (2 * (1 - load))
    return float(one + (batch - 1) * service_minutes / (2 * (1 - load)))


def _ready(comes: np.ndarray, work: np.ndarray) -> np.ndarray:
    """Return when each order is ready, where rows stand in the order of coming."""
    done = np.cumsum(work)
    slack = comes - done
    slack += work
    np.maximum.accumulate(slack, out=slack)
    slack += done
    return slack
