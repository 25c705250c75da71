"""Histories drawn by the models' own stories: times are real numbers, money is not rounded."""

import numpy as np
import pandas as pd


def exact_history(n, rng, *, rate, dropout, ticket=(6.25, 3.74, 15.44), ages):
    """Customers of BG/NBD and gamma-gamma, with ages spread evenly between two numbers of weeks."""
    per_week, leaves = rng.gamma(rate[0], 1 / rate[1], n), rng.beta(*dropout, n)
    age = rng.uniform(*ages, n)
    made, until = rng.poisson(per_week * age), rng.geometric(leaves)
    x = np.minimum(made, until)
    # The x-th of so many even times: the last one, or the one after which the customer left.
    last = np.where(x > 0, age * rng.beta(np.maximum(x, 1), made - x + 1), 0)
    p, q, v = ticket
    mean = rng.gamma(np.maximum(p * x, 1)) / rng.gamma(q, 1 / v, n) / np.maximum(x, 1)
    mean = np.where(x > 0, mean, np.nan)
    return pd.DataFrame({"repeats": x, "age_at_last": last, "age": age, "mean_repeat": mean})
