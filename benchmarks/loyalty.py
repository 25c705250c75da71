"""Shapley's shares of 10,000 x 12 answers beside pingouin; 10 million choices beside pandas.

Processor seconds, medians; all contenders take turns in one run, with one thread for the linear
algebra. Both shares are checked against each other to 1e-9, and the counts of switches must be
equal. What must hold: 25 times as fast as pingouin, 20 times as fast as shift and crosstab.
pingouin is under the GPL, so the kit does not ask for it: pip install pingouin
"""

from __future__ import annotations

from collections.abc import Callable
from importlib.util import find_spec
from statistics import median
from time import process_time

import numpy as np
import pandas as pd
from threadpoolctl import threadpool_limits

from crmlab.loyalty import driver_importance, switching_matrix

RUNS, ROWS, DRIVERS = 5, 10_000, 12
CHOICES, CUSTOMERS, BRANDS = 10_000_000, 1_000_000, 8


def race(contenders: dict[str, Callable[[], object]], runs: int) -> pd.DataFrame:
    """Print and return the processor seconds of each contender beside the first."""
    took: dict[str, list[float]] = {name: [] for name in contenders}
    for _ in range(runs):
        for name, run in contenders.items():
            began = process_time()
            run()
            took[name].append(process_time() - began)
    table = pd.DataFrame({"cpu_s": {name: median(times) for name, times in took.items()}})
    table["times_crmlab"] = table["cpu_s"] / table["cpu_s"].iloc[0]
    print(table.round(4).to_string())
    return table


def shapley() -> pd.DataFrame | None:
    """Time the shares without intervals, which pingouin has not."""
    if find_spec("pingouin") is None:
        print("pingouin is not here; type: pip install pingouin")
        return None
    import pingouin

    rng = np.random.default_rng(11)
    x = rng.normal(size=(ROWS, DRIVERS)) + rng.normal(size=(ROWS, 1))
    frame = pd.DataFrame(x, columns=[f"d{one:02d}" for one in range(DRIVERS)])
    frame["overall"] = x @ rng.uniform(0, 1, DRIVERS) + rng.normal(size=ROWS)
    drivers = frame.drop(columns="overall")

    def theirs() -> pd.DataFrame:
        return pingouin.linear_regression(drivers, frame["overall"], relimp=True)

    ours = driver_importance(frame, resamples=0).set_index("driver")["r_squared"]
    other = theirs().set_index("names")["relimp"].drop("Intercept")
    assert np.abs(ours[other.index] - other.astype("float64")).max() < 1e-9
    print(f"Shares of R squared, {ROWS:,} x {DRIVERS}:")
    return race({"crmlab": lambda: driver_importance(frame, resamples=0), "pingouin": theirs}, RUNS)


def switching() -> pd.DataFrame:
    """Time sorted choices; brands are categories, as they are once a file was read."""
    rng = np.random.default_rng(12)
    customer = np.sort(rng.integers(0, CUSTOMERS, CHOICES))
    first = np.r_[True, customer[1:] != customer[:-1]]
    start = np.maximum.accumulate(np.where(first, np.arange(CHOICES), 0))
    names = [f"brand {one}" for one in range(BRANDS)]
    choices = pd.DataFrame(
        {
            "customer_id": customer,
            "occasion": np.arange(CHOICES) - start + 1,
            "brand": pd.Categorical.from_codes(rng.integers(0, BRANDS, CHOICES), names),
        }
    )

    def crosstab() -> pd.DataFrame:
        following = choices.groupby("customer_id")["brand"].shift(-1)
        return pd.crosstab(choices["brand"], following)

    ours = switching_matrix(choices, intervals=False)
    assert ours["steps"].tolist() == crosstab().to_numpy().ravel().tolist()
    print(f"\nSwitching among {BRANDS} brands, {CHOICES:,} sorted choices:")
    return race(
        {
            "crmlab": lambda: switching_matrix(choices, intervals=False),
            "pandas shift and crosstab": crosstab,
            "crmlab, with intervals": lambda: switching_matrix(choices),
        },
        3,
    )


def main() -> None:
    with threadpool_limits(1):
        shapley()
        switching()


if __name__ == "__main__":
    main()
