"""A budget of epsilon: what may be learned about any one person, spent once."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pandas as pd

from crmlab._checks import require_positive, stream_of
from crmlab.errors import NotAllowedError

__all__ = ["Budget"]


class Budget:
    """Epsilon to spend on noisy answers, the stream that makes their noise, and what was asked.

    Answers about the same people add up (sequential composition): ten answers at epsilon 0.1 tell
    as much as one at 1. When the budget is spent no further answer is given, ever; a second budget
    for the same people would be a way around the promise.

    Parameters
    ----------
    epsilon : float, above 0
        All that may be spent. As written: ten times 0.1 are exactly 1.
    seed : int, optional
        For lessons and tests, where everybody should see the same noise. Whoever knows the seed can
        take the noise off again; without it the noise comes from the machine's own randomness.

    Attributes
    ----------
    rng : numpy Generator that noise is drawn from

    Raises
    ------
    OutOfRangeError
        If `epsilon` is not a finite number above 0, or `seed` not a whole number from 0.

    Source
    ------
    Dwork, C. and Roth, A. (2014). The algorithmic foundations of differential privacy. Foundations
    and Trends in Theoretical Computer Science 9(3-4), 211-407. doi:10.1561/0400000042

    Examples
    --------
    >>> budget = Budget(1.0, seed=5)
    >>> budget.spend(0.75, "customers in Wuhan")
    >>> budget.left
    0.25
    >>> budget.spend(0.5, "customers in Xi'an")  # doctest: +ELLIPSIS
    Traceback (most recent call last):
    ...
    crmlab.errors.NotAllowedError: ...would cost epsilon 0.5; 0.25 of 1 is left. ...
    """

    def __init__(self, epsilon: float, *, seed: int | None = None) -> None:
        require_positive("epsilon", epsilon)
        self._all = self._left = _exact(epsilon)
        self._answers: list[tuple[str, float, float]] = []
        # Without a seed nobody can foretell the noise; with one, a chapter shows it again.
        self.rng = np.random.default_rng() if seed is None else stream_of(seed)

    def __repr__(self) -> str:
        return f"Budget({self.left:g} of {float(self._all):g} left)"

    @property
    def left(self) -> float:
        """Epsilon that is not spent yet."""
        return float(self._left)

    @property
    def answers(self) -> pd.DataFrame:
        """One row per answer: question (str), epsilon and left (float64, after it)."""
        return pd.DataFrame(self._answers, columns=["question", "epsilon", "left"]).astype(
            {"question": "str", "epsilon": "float64", "left": "float64"}
        )

    def require(self, epsilon: float, question: str) -> None:
        """Raise NotAllowedError unless `epsilon` is left; nothing is taken off."""
        require_positive("epsilon", epsilon)
        if _exact(epsilon) > self._left:
            raise NotAllowedError(
                f'"{question}" would cost epsilon {epsilon:g}; {self.left:g} of '
                f"{float(self._all):g} is left. Ask less precisely, or not at all: more "
                "answers would tell more about single people than was promised to them."
            )

    def spend(self, epsilon: float, question: str) -> None:
        """Take `epsilon` off, or raise NotAllowedError and leave the budget as it was."""
        self.require(epsilon, question)
        self._left -= _exact(epsilon)
        self._answers.append((question, float(epsilon), self.left))


def _exact(epsilon: float) -> Fraction:
    """Return `epsilon` as it is written, so that 0.1 is a tenth."""
    return Fraction(repr(float(epsilon)))
