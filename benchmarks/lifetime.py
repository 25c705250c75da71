"""Survival, buying models and customer value, beside statsmodels, lifetimes and others.

All contenders run in one process and take turns; processor seconds, medians. What they find must
agree. lifetimes needs setuptools below 81 for its data sets, which are not used here.
pymc-marketing goes to the top of a posterior and finds nearly what the others do.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable
from statistics import median
from time import process_time

import numpy as np
import pandas as pd

ROUNDS = 3
MILLION = 1_000_000
# work -> (peer, how many times as fast as it at least)
GOALS = {
    "Kaplan-Meier, 1 million days": {"statsmodels": 5},
    "log-rank, 1 million days": {"statsmodels": 5},
    "BG/NBD, CDNOW": {"lifetimes": 15},
    "BG/NBD, 1 million customers": {"lifetimes": 30},
    "Pareto/NBD, CDNOW": {"lifetimes": 10},
    "value of 1 million customers": {"lifetimes": 50},
}


def _orders() -> pd.DataFrame:
    from crmlab.data import load

    orders = load("cdnow_sample")
    return orders[orders["date"] <= "1997-09-30"]


def _cdnow() -> pd.DataFrame:
    from crmlab.lifetime import buying_history

    return buying_history(_orders(), amount="cds")


def by_clvkit() -> Callable:
    """Return clvkit's fit to CDNOW; its summary of the log is made beforehand, as ours is."""
    from clvkit import BGNBD, CustomerBase

    # Several purchases of a day are one, as in our histories.
    base = CustomerBase.from_transactions(_orders(), amount_col="cds", time_unit="D", collapse="D")
    return lambda: float(BGNBD().fit(base).params_["r"])


def by_pymc(history: pd.DataFrame) -> Callable:
    """Return pymc-marketing's fit with its own priors, the making of its model included."""
    from pymc_marketing.clv import BetaGeoModel

    names = {"repeats": "frequency", "age_at_last": "recency", "age": "T"}
    data = history.rename(columns=names)[["customer_id", *names.values()]].astype(
        {"frequency": "float64"}
    )

    def theirs() -> float:
        model = BetaGeoModel(data=data)
        model.fit(method="map", progressbar=False)
        return model.fit_result["r"].item()

    return theirs


def _many(n: int) -> pd.DataFrame:
    from crmlab.lifetime import buying_history, simulate_purchases

    return buying_history(simulate_purchases(n, n_days=364, seed=1).data)


def survival() -> dict[str, Callable]:
    from statsmodels.api import SurvfuncRight

    from crmlab.lifetime import kaplan_meier

    rng = np.random.default_rng(1)
    days, ended = rng.integers(1, 730, MILLION), rng.random(MILLION) < 0.6
    frame = pd.DataFrame({"duration": days, "ended": ended})

    def ours() -> float:
        return float(kaplan_meier(frame)["survival"].iloc[-1])

    return {"crmlab": ours, "statsmodels": lambda: float(SurvfuncRight(days, ended).surv_prob[-1])}


def comparison() -> dict[str, Callable]:
    from statsmodels.duration.api import survdiff

    from crmlab.lifetime import log_rank

    rng = np.random.default_rng(1)
    days, ended = rng.integers(1, 730, MILLION), rng.random(MILLION) < 0.6
    group = rng.integers(0, 2, MILLION)
    frame = pd.DataFrame({"duration": days, "ended": ended, "card": group})
    return {
        "crmlab": lambda: log_rank(frame, by="card").statistic,
        "statsmodels": lambda: float(survdiff(days, ended, group)[0]),
    }


def bgnbd(history: pd.DataFrame) -> dict[str, Callable]:
    from crmlab.lifetime import BGNBD

    columns = [history["repeats"], history["age_at_last"], history["age"]]

    def theirs() -> float:
        from lifetimes import BetaGeoFitter

        fitted = BetaGeoFitter().fit(*columns)
        return float(fitted.params_["r"])

    return {"crmlab": lambda: float(BGNBD().fit(history).parameters_[0]), "lifetimes": theirs}


def pareto(history: pd.DataFrame) -> dict[str, Callable]:
    from crmlab.lifetime import ParetoNBD

    def theirs() -> float:
        from lifetimes import ParetoNBDFitter

        columns = [history["repeats"], history["age_at_last"], history["age"]]
        return float(ParetoNBDFitter().fit(*columns).params_["r"])

    return {"crmlab": lambda: float(ParetoNBD().fit(history).parameters_[0]), "lifetimes": theirs}


def value(history: pd.DataFrame) -> dict[str, Callable]:
    from crmlab.lifetime import BGNBD, GammaGamma, customer_value

    law = {"r": 0.243, "alpha": 4.414, "a": 0.793, "b": 2.426}
    ticket = {"p": 6.25, "q": 3.74, "v": 15.44}
    model, spend = BGNBD.known(**law), GammaGamma.known(**ticket)

    def theirs() -> float:
        from lifetimes import BetaGeoFitter, GammaGammaFitter

        one, other = BetaGeoFitter(), GammaGammaFitter()
        one.params_, other.params_ = pd.Series(law), pd.Series(ticket)
        one.predict = one.conditional_expected_number_of_purchases_up_to_time
        money = history["mean_repeat"].fillna(0)
        columns = (history["repeats"], history["age_at_last"], history["age"], money)
        monthly = 1.1 ** (1 / 12) - 1
        found = other.customer_lifetime_value(
            one, *columns, time=12, discount_rate=monthly, freq="W"
        )
        return float(found.sum())

    ours = lambda: float(customer_value(history, model=model, spend=spend)["value"].sum())  # noqa: E731
    return {"crmlab": ours, "lifetimes": theirs}


def race(runs: dict[str, Callable], rounds: int) -> pd.DataFrame:
    """Run the contenders in turns; return median processor seconds, and what each found."""
    seconds: dict[str, list[float]] = {name: [] for name in runs}
    found: dict[str, object] = {}
    for turn in range(rounds):
        for name, run in runs.items():
            if turn and sum(seconds[name]) > 20:
                continue
            began = process_time()
            try:
                found[name] = round(run(), 3)
            except (
                Exception
            ) as error:  # a peer that does not run here says so, and the race goes on
                found[name] = f"{type(error).__name__}: {error}"[:60]
                continue
            seconds[name].append(process_time() - began)
    table = pd.DataFrame({"cpu_s": {k: median(v) if v else np.nan for k, v in seconds.items()}})
    table["found"] = pd.Series(found)
    table["times_crmlab"] = table["cpu_s"] / table.loc["crmlab", "cpu_s"]
    return table


def main() -> dict[str, pd.DataFrame]:
    """Print and return one table per kind of work, with what must hold and whether it does."""
    warnings.simplefilter("ignore")
    cdnow, many = _cdnow(), _many(MILLION)
    works = {
        "Kaplan-Meier, 1 million days": (survival(), 5),
        "log-rank, 1 million days": (comparison(), 5),
        "BG/NBD, CDNOW": (
            bgnbd(cdnow) | {"clvkit": by_clvkit(), "pymc-marketing": by_pymc(cdnow)},
            7,
        ),
        "BG/NBD, 1 million customers": (bgnbd(many) | {"pymc-marketing": by_pymc(many)}, ROUNDS),
        "Pareto/NBD, CDNOW": (pareto(cdnow), 5),
        "value of 1 million customers": (value(many), ROUNDS),
    }
    tables = {}
    for work, (runs, rounds) in works.items():
        table = race(runs, rounds)
        table["must_be"] = pd.Series(GOALS[work])
        table["holds"] = (table["times_crmlab"] >= table["must_be"]).where(table["must_be"] > 0)
        print(f"{work}\n{table.to_string(float_format='{:.4f}'.format)}\n", flush=True)
        tables[work] = table
    return tables


if __name__ == "__main__":
    main()
