"""A stall's queue of 10 million orders beside simpy, and the referral tree of a million people.

Processor seconds, medians. simpy walks one order at a time, so it gets 100,000 of the orders and
its time is scaled up; its waits must be those of crmlab. What must hold: 10 million orders in
seconds, and 50 times as fast as simpy per order; a tree of a million people in seconds.
"""

from __future__ import annotations

from importlib.util import find_spec
from statistics import median
from time import process_time

import numpy as np
import pandas as pd

from crmlab.customers.measure import referral_tree
from crmlab.social.measure import queue_waits, referral_k
from crmlab.social.measure.ties import pairs_of
from crmlab.social.passing import joined
from crmlab.social.simulate import simulate_fan_club, simulate_friends, simulate_stall

RUNS, ORDERS, FEW, PEOPLE = 3, 10_000_000, 100_000, 1_000_000


def with_simpy(orders: pd.DataFrame) -> np.ndarray:
    """Return when each order is ready, by a process for each of them."""
    import simpy

    comes, work = (orders[name].to_numpy() for name in ("ordered_at", "service_minutes"))
    ready = np.empty(len(orders))
    env = simpy.Environment()
    server = simpy.Resource(env, capacity=1)

    def one(k: int):
        yield env.timeout(comes[k] - env.now)
        with server.request() as turn:
            yield turn
            yield env.timeout(work[k])
        ready[k] = env.now

    for k in range(len(orders)):
        env.process(one(k))
    env.run()
    return ready


def seconds(run) -> float:
    took = []
    for _ in range(RUNS):
        began = process_time()
        run()
        took.append(process_time() - began)
    return median(took)


def people() -> pd.DataFrame:
    """Return a million fans, of whom six in ten were brought by an earlier one."""
    rng = np.random.default_rng(3)
    number = np.arange(PEOPLE)
    by = np.floor(rng.random(PEOPLE) * number).astype("int64")
    brought = (rng.random(PEOPLE) < 0.6) & (number > 0)
    day = np.sort(rng.integers(0, 3_000, PEOPLE))
    return pd.DataFrame(
        {
            "fan_id": number,
            "referred_by": pd.Series(by, dtype="Int64").mask(~brought),
            "referral_reason": pd.Series("content", number).where(brought),
            "followed_on": (np.datetime64("2015-01-01") + day).astype("M8[us]"),
        }
    )


def parts() -> None:
    """Print how long it takes to part a network of 100,000 friendships, by SciPy and networkx."""
    import networkx

    friends = simulate_friends(40_000, mean_friends=5, seed=3).friends
    ids, one, other = pairs_of(friends)
    rng = np.random.default_rng(3)

    def walk() -> int:
        graph = networkx.from_pandas_edgelist(friends, "one", "other")
        return networkx.number_connected_components(graph)

    assert walk() == len(np.unique(joined(rng, one, other, len(ids), 1.0)))
    ours, theirs = seconds(lambda: joined(rng, one, other, len(ids), 1.0)), seconds(walk)
    print(f"parts of {len(friends):,} friendships: {ours:.3f} s, networkx {theirs:.2f} s")


def main() -> None:
    orders, _ = simulate_stall(ORDERS, preorder_share=0.5, seed=35)
    rows = {"crmlab, 10 million orders": (seconds(lambda: queue_waits(orders)), ORDERS)}
    if find_spec("simpy"):
        few = orders.head(FEW)
        np.testing.assert_allclose(with_simpy(few), queue_waits(few)["ready_at"], rtol=1e-9)
        rows["simpy, 100,000 of them"] = (seconds(lambda: with_simpy(few)), FEW)
    else:
        print("simpy is not installed; type: .venv/bin/pip install simpy")
    table = pd.DataFrame(rows, index=["cpu_s", "orders"]).T
    table["us_per_order"] = 1e6 * table["cpu_s"] / table["orders"]
    table["times_crmlab"] = table["us_per_order"] / table["us_per_order"].iloc[0]
    print(table.round(3).to_string())

    if find_spec("networkx"):
        parts()
    fans = people()
    tree = fans.rename(columns={"fan_id": "customer_id"})
    print(f"referral tree of a million people: {seconds(lambda: referral_tree(tree)):.2f} s")
    print(f"k of a million fans: {seconds(lambda: referral_k(fans)):.2f} s")
    club = seconds(lambda: simulate_fan_club(100_000, seed=3))
    print(f"a club of 100,000 fans, with all that they do: {club:.1f} s")


if __name__ == "__main__":
    main()
