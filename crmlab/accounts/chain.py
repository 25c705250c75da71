"""A value chain (价值链): the steps that something runs through, and what leads to what."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from graphlib import CycleError, TopologicalSorter

import numpy as np
import pandas as pd

from crmlab._checks import (
    require_columns,
    require_key,
    require_numbers,
    require_rows,
    require_values,
)
from crmlab._purchases import plain_values
from crmlab._words import N_
from crmlab.errors import BadRowsError, UnknownNameError

__all__ = ["Chain", "ok_chains"]

NUMBERS = ("hours", "spread", "servers", "cost_cny", "error")
# step, mean hours, spread of hours, servers (0: nobody waits), cost, share lost. The deck names
# the steps; every number here is ours.
DIRECT_MAIL = (
    (N_("market database"), 0.05, 1.0, 1, 0.10, 0.02),
    (N_("direct-mail bureau"), 0.02, 1.0, 1, 0.30, 0.0),
    (N_("printing office"), 0.04, 1.0, 1, 0.50, 0.005),
    (N_("post"), 48.0, 0.3, 0, 0.80, 0.01),
    (N_("customer response"), 96.0, 1.0, 0, 0.0, 0.9),
    (N_("sales department"), 2.0, 1.0, 2, 12.0, 0.0),
    (N_("information mailed"), 48.0, 0.3, 0, 1.50, 0.01),
)
BILLING = (
    (N_("database"), 0.05, 1.0, 1, 0.05, 0.0),
    (N_("bill"), 0.09, 1.0, 1, 0.10, 0.005),
    (N_("OK print room"), 0.10, 1.0, 1, 0.20, 0.0),
    (N_("mail room"), 0.115, 1.0, 1, 0.30, 0.001),
    (N_("post"), 48.0, 0.3, 0, 0.80, 0.005),
    (N_("customer pays at post office"), 168.0, 0.7, 0, 0.0, 0.02),
    (N_("postal bank transfers"), 72.0, 0.2, 0, 0.10, 0.0),
)
GREEN_CARD = (
    *BILLING[:6],
    (N_("collected at head or regional office"), 120.0, 0.8, 0, 2.0, 0.003),
)


@dataclass(frozen=True)
class Chain:
    """Steps of a value chain and the links between them.

    steps : DataFrame, one row per step
        step : str
        hours : float64 above 0, mean working time; spread : float64, its standard deviation over
            the mean: 1 is an exponential law, 0 always the same
        servers : int64, who work at once; 0 where nobody has to wait, as in the post
        cost_cny : float64, each time; error : float64 in [0, 1], share that gets lost here
    links : DataFrame: source, target : str. A step begins when all that lead to it are done.

    Raises
    ------
    MissingColumnsError, BadRowsError
        If a column or a value is missing, or a step stands twice; if `hours` is not above 0,
        `spread` or `cost_cny` is below 0, `servers` is no whole number of 0 or more, or `error`
        lies outside [0, 1]; if a link names no step, or the links run in a circle, which is told
        step by step.

    Examples
    --------
    >>> chain = Chain.in_line([("print", 2.0, 1.0, 1, 0.5, 0.0), ("post", 48.0, 0.3, 0, 0.8, 0.01)])
    >>> chain.order, round(chain.mean_cost_cny, 1)
    (['print', 'post'], 1.3)
    """

    steps: pd.DataFrame
    links: pd.DataFrame

    def __post_init__(self) -> None:
        require_columns(self.steps, "step", *NUMBERS)
        require_rows(self.steps)
        require_key(self.steps, "step")
        names = ["step", *NUMBERS]
        steps = pd.DataFrame({name: plain_values(self.steps[name]) for name in names})
        require_values(steps, *NUMBERS)
        require_numbers(steps, *NUMBERS)
        rules = {
            "hours": (steps["hours"] > 0, "above 0"),
            "spread": (steps["spread"] >= 0, "0 or more"),
            "servers": ((steps["servers"] >= 0) & (steps["servers"] % 1 == 0), "0, 1, 2, …"),
            "cost_cny": (steps["cost_cny"] >= 0, "0 or more"),
            "error": (steps["error"].between(0, 1), "a chance from 0 to 1"),
        }
        for name, (good, words) in rules.items():
            if not good.all():
                bad = steps.loc[~good].set_index("step")[name].to_dict()
                raise BadRowsError(f"{name} must be {words}; it is not in {bad}.")
        require_columns(self.links, "source", "target")
        require_values(self.links, "source", "target")
        links = pd.DataFrame(
            {name: plain_values(self.links[name]) for name in ("source", "target")}
        )
        lost = sorted({*links["source"], *links["target"]} - {*steps["step"]})
        if lost:
            raise BadRowsError(f"links name {lost}; the steps are {[*steps['step']]}.")
        object.__setattr__(self, "steps", steps.astype({"servers": "int64", "step": "str"}))
        object.__setattr__(self, "links", links.drop_duplicates(ignore_index=True).astype("str"))
        _ = self.order

    @classmethod
    def in_line(cls, steps: list[tuple] | tuple[tuple, ...]) -> Chain:
        """Return a chain in which each step leads to the next: (step, hours, spread, …) each."""
        table = pd.DataFrame([*steps], columns=["step", *NUMBERS])
        names = table["step"].tolist()
        return cls(table, pd.DataFrame({"source": names[:-1], "target": names[1:]}, dtype="str"))

    @cached_property
    def before(self) -> dict[str, list[str]]:
        """The steps that lead to each step directly."""
        found: dict[str, list[str]] = {name: [] for name in self.steps["step"]}
        for source, target in self.links.itertuples(index=False):
            found[target].append(source)
        return found

    @cached_property
    def order(self) -> list[str]:
        """The steps, each after all that lead to it."""
        try:
            return [*TopologicalSorter(self.before).static_order()]
        except CycleError as error:
            circle = " -> ".join(reversed(error.args[1]))
            raise BadRowsError(
                f"the chain runs in a circle: {circle}. Nothing would ever arrive; leave out one "
                "of these links."
            ) from error

    @property
    def mean_cost_cny(self) -> float:
        """What an item that is never lost costs."""
        return float(self.steps["cost_cny"].sum())

    def without(self, step: str) -> Chain:
        """Return the chain without a step: what led to it leads to what it led to.

        Raises UnknownNameError if there is no such step.
        """
        names = self.steps["step"].tolist()
        if step not in names:
            raise UnknownNameError.among("step", step, names)
        after = self.links.loc[self.links["source"] == step, "target"]
        bridged = [(source, target) for source in self.before[step] for target in after]
        kept = self.links[(self.links["source"] != step) & (self.links["target"] != step)]
        links = pd.concat(
            [kept, pd.DataFrame(bridged, columns=["source", "target"])], ignore_index=True
        )
        return Chain(self.steps[self.steps["step"] != step], links)

    def changed(self, step: str, **values: float) -> Chain:
        """Return the chain with other numbers of one step: `changed("mail room", servers=2)`.

        Raises UnknownNameError if there is no such step or number.
        """
        names = self.steps["step"].tolist()
        if step not in names:
            raise UnknownNameError.among("step", step, names)
        steps = self.steps.astype(dict.fromkeys(NUMBERS, "float64"))
        for name, value in values.items():
            if name not in NUMBERS:
                raise UnknownNameError.among("number of a step", name, NUMBERS)
            steps.loc[np.array(names) == step, name] = value
        return Chain(steps, self.links)


def ok_chains() -> dict[str, Chain]:
    """Return the three information-flow value chains of OK; the deck has no numbers, ours are.

    Returns
    -------
    dict
        "direct mail", "billing" and "green card" to their Chain

    Examples
    --------
    >>> [*ok_chains()], len(ok_chains()["billing"].steps)
    (['direct mail', 'billing', 'green card'], 7)
    """
    names = ("direct mail", "billing", "green card")
    return {
        name: Chain.in_line(steps)
        for name, steps in zip(names, (DIRECT_MAIL, BILLING, GREEN_CARD), strict=True)
    }
