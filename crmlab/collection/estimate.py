"""One number of a survey with what it leaves open."""

from __future__ import annotations

from dataclasses import dataclass
from math import inf

__all__ = ["Estimate"]


@dataclass(frozen=True)
class Estimate:
    """A mean or share, and how far it can be trusted.

    value, standard_error, low, high : float; low and high are a 95% interval
    answers : int, how many were used
    design_effect : float, how many times the variance of that many independent, equal answers
    """

    value: float
    standard_error: float
    low: float
    high: float
    answers: int
    design_effect: float

    @property
    def effective_answers(self) -> float:
        """Return how many independent, equal answers would be worth the same.

        Infinite where nothing varies any more, since all is known from the margins, say.
        """
        return self.answers / self.design_effect if self.design_effect else inf
