"""One question asked of many worlds."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import ProcessPoolExecutor, as_completed
from functools import partial
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import pandas as pd

from crmlab._checks import require_at_least, require_callable
from crmlab.company.firm import Company, CompanyTruth, simulate_company
from crmlab.company.scenario import Scenario, scenario_of
from crmlab.company.streams import WORLDS
from crmlab.errors import AmbiguousError, OutOfRangeError

__all__ = ["over_worlds"]

Answer = Callable[[Company, CompanyTruth], Any]


def over_worlds(
    answer: Answer,
    seeds: Iterable[int],
    *,
    n: int = 1_000,
    scenario: Scenario | Mapping[str, Any] | str | Path | None = None,
    processes: int = 1,
    progress: Callable[[int, int], object] | None = None,
    resume: str | Path | None = None,
) -> pd.DataFrame:
    """Ask every world of some seeds the same question, and return the answers as one tidy frame.

    Parameters
    ----------
    answer : function of (company, truth)
        Returns a number, a dict or Series of them, or a DataFrame. With several processes it must
        stand in a module or at the top of a script.
    seeds : int, each once
    n, scenario
        As in `simulate_company`.
    processes : int
        Worlds that are asked at the same time; the answers are the same.
    progress : callable, optional
        Called with the number of worlds that have answered, and of all.
    resume : path, optional
        A file of JSON lines that keeps each answer as it comes; what it holds is not asked again.

    Returns
    -------
    DataFrame, the rows of each world under its seed, by seed as given
        seed : int64
        and what the answer names; "value" for a number

    Raises
    ------
    OutOfRangeError
        If a seed is none or given twice, `answer` is no function, `n` or `processes` is below 1,
        or a number of the scenario lies outside its range.
    AmbiguousError
        If the file holds answers of other worlds.

    Examples
    --------
    >>> over_worlds(lambda company, truth: len(company.fans), [1, 2], n=100)["value"].gt(0).all()
    np.True_
    """
    require_callable("answer", answer, "of a company and its truth")
    require_at_least("processes", processes, 1)
    wanted, scenario = [*seeds], scenario_of(scenario)
    for seed in wanted:
        require_at_least("a seed", seed, 0)
    if len({*wanted}) < len(wanted):
        raise OutOfRangeError("seeds must be different from each other; one is given twice.")
    file = _Answers(resume, {"n": n, "scenario": scenario.as_dict(), "worlds": WORLDS})
    ask = partial(_ask, answer, n, scenario)
    todo = [seed for seed in wanted if seed not in file.found]
    for done, (seed, rows) in enumerate(_run(ask, todo, processes), 1):
        file.keep(seed, rows)
        if progress:
            progress(len(wanted) - len(todo) + done, len(wanted))
    rows = [{"seed": seed, **row} for seed in wanted for row in file.found[seed]]
    return pd.DataFrame(rows, columns=None if rows else ["seed"])


def _ask(answer: Answer, n: int, scenario: Scenario, seed: int) -> tuple[int, list[dict]]:
    """Return the rows that a world answers."""
    found = answer(*simulate_company(n, seed=seed, scenario=scenario))
    if isinstance(found, pd.DataFrame):
        frame = found
    elif isinstance(found, (pd.Series, Mapping)):
        frame = pd.DataFrame([dict(found)])
    else:
        frame = pd.DataFrame({"value": [found]})
    # As a file would keep it, so that an answer is the same before and after.
    return seed, json.loads(frame.to_json(orient="records", date_format="iso", double_precision=15))


def _run(ask: Callable, seeds: list[int], processes: int) -> Iterator[tuple[int, list[dict]]]:
    """Yield each world's seed and rows as they come."""
    if processes == 1 or len(seeds) < 2:
        yield from map(ask, seeds)
        return
    with ProcessPoolExecutor(processes, mp_context=get_context("spawn")) as pool:
        futures = [pool.submit(ask, seed) for seed in seeds]
        try:
            for future in as_completed(futures):
                yield future.result()
        finally:
            pool.shutdown(wait=True, cancel_futures=True)


class _Answers:
    """Answers by seed, kept in a file of JSON lines where one is named."""

    def __init__(self, path: str | Path | None, world: dict[str, Any]) -> None:
        self.path, self.found = None if path is None else Path(path), {}
        if self.path is None:
            return
        if not self.path.exists():
            self._write(world)
            return
        lines = self.path.read_text(encoding="utf-8").splitlines()
        if not lines or json.loads(lines[0]) != world:
            raise AmbiguousError(
                f"{self.path.name} holds answers of other worlds. Name another file, or ask with "
                "the same n and scenario to go on with it."
            )
        # A line that was being written when the run ended is left out, and asked again.
        whole = [line for line in lines if line.endswith("}")]
        self.path.write_text("\n".join([*whole, ""]), encoding="utf-8")
        self.found = {row["seed"]: row["rows"] for row in map(json.loads, whole[1:])}

    def keep(self, seed: int, rows: list[dict]) -> None:
        """Keep the rows of a world."""
        self.found[seed] = rows
        self._write({"seed": seed, "rows": rows})

    def _write(self, line: dict[str, Any]) -> None:
        if self.path is None:
            return
        with self.path.open("a", encoding="utf-8") as file:
            file.write(json.dumps(line) + "\n")
