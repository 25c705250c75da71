"""Customers some of whom buy anyway, and some because of a letter."""

from __future__ import annotations

import numpy as np
import pandas as pd
from scipy.special import expit

from crmlab._checks import Seed, require_at_least, require_columns, require_numbers, stream_of
from crmlab._shapes import Simulated
from crmlab.errors import OutOfRangeError

_LETTER = 0.3


def simulate_letters(n: int, *, seed: Seed) -> Simulated:
    """Simulate the customers of a firm that sends letters, before the first one.

    Model
    -----
    v, i, h ~ N(0, 1) are a customer's visits (seen), interest in the new (seen) and habit (not
    seen). In each round a customer buys
        anyway                  with chance b = expit(-1.6 + v + 0.8 h)
        because of the letter   with chance c = 0.3 expit(i - 1.5 v - 0.8 h) (1 - b)
    and with a letter b + c in all. Who buys anyway is whom a letter moves least. So the share of
    letters that were *followed* by a purchase is the mean of b + c over the targets, and the share
    *answered* that of c: a list may raise the first and lower the second.

    Parameters
    ----------
    n : int, at least 1
    seed : int, SeedSequence or Generator

    Returns
    -------
    data : DataFrame, one row per customer
        customer_id : int64
        visits, interest : float64, standardised
    truth : DataFrame, one row per customer
        customer_id : int64
        buys_anyway, because_of_letter : float64, the chances b and c of a round

    Raises
    ------
    OutOfRangeError
        If `n` is below 1, or `seed` is no seed.

    See Also
    --------
    letter_answers : what happens in a round.
    crmlab.behaviour.model.BehaviourCycle : the loop that sends them.

    Examples
    --------
    >>> data, truth = simulate_letters(10_000, seed=1)
    >>> truth[["buys_anyway", "because_of_letter"]].corr().iloc[0, 1] < 0
    np.True_
    """
    require_at_least("n", n, 1)
    rng = stream_of(seed, "simulate_letters")

    visits, interest, habit = rng.normal(size=(3, n))
    anyway = expit(-1.6 + visits + 0.8 * habit)
    caused = _LETTER * expit(interest - 1.5 * visits - 0.8 * habit) * (1 - anyway)
    ids = np.arange(1, n + 1)
    data = pd.DataFrame({"customer_id": ids, "visits": visits, "interest": interest})
    truth = {"customer_id": ids, "buys_anyway": anyway, "because_of_letter": caused}
    return Simulated(data, pd.DataFrame(truth))


def letter_answers(truth: pd.DataFrame, contacted: np.ndarray, *, seed: Seed) -> np.ndarray:
    """Return who buys in one round, when these customers get a letter.

    Parameters
    ----------
    truth : DataFrame, as returned by `simulate_letters`
        buys_anyway, because_of_letter
    contacted : array of bool, beside the rows of `truth`
    seed : int, SeedSequence or Generator

    Returns
    -------
    array of bool, who buys, beside the rows of `truth`

    Raises
    ------
    MissingColumnsError
        If a column is missing.
    OutOfRangeError
        If a chance is no number, `contacted` is not one truth value for each row, or `seed` is no
        seed.

    Examples
    --------
    >>> sure = pd.DataFrame({"buys_anyway": [0.0, 0, 1], "because_of_letter": [1.0, 1, 0]})
    >>> letter_answers(sure, np.array([True, False, False]), seed=1).tolist()
    [True, False, True]
    """
    require_columns(truth, "buys_anyway", "because_of_letter")
    require_numbers(truth, "buys_anyway", "because_of_letter")
    got = np.asarray(contacted)
    if got.dtype != bool or got.shape != (len(truth),):
        raise OutOfRangeError(f"contacted must be {len(truth)} truth values, one for each row.")
    rng = stream_of(seed, "letter_answers")

    chance = truth["buys_anyway"].to_numpy("float64")
    chance = chance + got * truth["because_of_letter"].to_numpy("float64")
    return rng.random(len(truth)) < chance
