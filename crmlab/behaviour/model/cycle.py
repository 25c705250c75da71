"""The loop of three stages: analyse behaviour, discover whom to ask, evaluate what came of it."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
import pandas as pd
from sklearn.base import BaseEstimator
from sklearn.linear_model import LogisticRegression

from crmlab._checks import (
    names_of,
    require_at_least,
    require_callable,
    require_columns,
    require_key,
    require_numbers,
    require_probability,
    require_values,
    stream_of,
)
from crmlab._intervals import Z
from crmlab.errors import BadRowsError, OutOfRangeError

Answer = Callable[[int, np.ndarray], np.ndarray]
Expert = Callable[[int, pd.DataFrame], np.ndarray]


class BehaviourCycle(BaseEstimator):
    """A loop that learns from its own campaigns, with or without a random tenth.

    Each round has three stages. *Analyse* (客户行为分析): behaviour, and how earlier rounds were
    answered, give every customer a score. *Discover* (重点客户发现): the best are shown to the
    experts, who say who gets the letter. *Evaluate* (效能评估): the market answers, and the answers
    are behaviour for the next round.

    With `random_share` of 0 the loop learns from those it chose: the score is the chance to buy
    *after* a letter. It has seen nobody without one, so it cannot tell who buys anyway.
    With a random tenth, that part of the customers is drawn at random each round, half of them get
    the letter, and the score is what the letter *adds*, learned from them alone.

    Parameters
    ----------
    share : float in (0, 1]
        Of the customers who get a letter each round, those drawn at random included.
    random_share : float in [0, 1)
        Of the customers who are drawn at random each round: 0, or a tenth, say.
    seed : int

    Attributes
    ----------
    rounds_ : DataFrame, one row per round
        round : int64
        letters : int64, of the targets and of those at random
        targets : int64
        reported : float64, share of the targets who bought: what the loop says of itself
        measured, low, high : float64, what the letter added among those drawn at random whom the
            score would have chosen, with its 95 % interval; missing without them
    log_ : DataFrame, three rows per round: round, stage, customers, what
    targets_ : list of arrays of ids, by round
    contacted_ : list of arrays of bool beside the customers, by round

    See Also
    --------
    crmlab.behaviour.simulate.simulate_letters : a market that answers.

    Source
    ------
    Learning only from those who were chosen: Swaminathan and Joachims (2015),
    https://jmlr.org/papers/v16/swaminathan15a.html. Score of what a treatment adds: Künzel and
    others (2019), doi:10.1073/pnas.1804597116 (one model with the treatment as a column).

    Examples
    --------
    >>> from crmlab.behaviour.simulate import letter_answers, simulate_letters
    >>> people, truth = simulate_letters(5_000, seed=1)
    >>> rng = np.random.default_rng(1)
    >>> loop = BehaviourCycle(random_share=0.1, seed=1)
    >>> def market(number, contacted):
    ...     return letter_answers(truth, contacted, seed=rng)
    >>> loop.run(people, market, columns=["visits", "interest"], rounds=3).rounds_["round"].tolist()
    [1, 2, 3]
    """

    def __init__(self, *, share: float = 0.2, random_share: float = 0.0, seed: int) -> None:
        self.share = share
        self.random_share = random_share
        self.seed = seed

    def run(
        self,
        customers: pd.DataFrame,
        answer: Answer,
        *,
        columns: Sequence[str],
        rounds: int = 6,
        expert: Expert | None = None,
        customer: str = "customer_id",
    ) -> BehaviourCycle:
        """Go round `rounds` times and return the loop.

        Parameters
        ----------
        customers : DataFrame, one row per customer: `customer` and the numeric `columns`
        answer : function of the round and of who got a letter (array of bool), that returns who
            bought (array of bool)
        columns : list of columns, the behaviour that the loop may look at. To them it adds how
            often each customer has bought in earlier rounds.
        rounds : int, at least 1
        expert : function of the round and of the customers (with a column `score`, best first),
            that returns ids in the order in which they shall get letters; by default as ranked
        customer : str

        Raises
        ------
        MissingColumnsError, BadRowsError
            If a column or a value is missing, or a customer stands twice.
        OutOfRangeError
            If `share` lies outside (0, 1], `random_share` outside [0, 1) or is twice the share or
            more, `rounds` is below 1, or `answer` does not return one truth for each.
        """
        names = self._require(customers, answer, columns, rounds, customer)
        self.rng_ = stream_of(self.seed, "BehaviourCycle")
        self.customers_ = customers[[customer, *names]].reset_index(drop=True)
        self.customer_, self.columns_ = customer, names
        self.bought_, self.contacted_, self.lots_ = [], [], []
        self.targets_, self.designs_, rows, self.log = [], [], [], []
        for number in range(1, rounds + 1):
            score = self.analyse(number)
            target, lot = self.discover(number, score, expert)
            rows.append(self.evaluate(number, score, target, lot, answer))
        names = ["round", "letters", "targets", "reported", "measured", "low", "high"]
        self.rounds_ = pd.DataFrame(rows, columns=names)
        self.log_ = pd.DataFrame(self.log, columns=["round", "stage", "customers", "what"])
        return self

    def analyse(self, number: int) -> np.ndarray:
        """Score every customer by behaviour and the answers of earlier rounds; first at random."""
        self.designs_.append(self._design())
        past = range(len(self.bought_))
        rows = [self.lots_[r] if self.random_share else self.contacted_[r] for r in past]
        known = sum(int(each.sum()) for each in rows)
        self.log.append((number, "analyse", known, "answers of earlier rounds learned from"))
        if not known:
            return self.rng_.random(len(self.customers_))
        seen = np.concatenate([self.designs_[r][rows[r]] for r in past])
        got = np.concatenate([self.contacted_[r][rows[r]] for r in past]).astype(float)
        bought = np.concatenate([self.bought_[r][rows[r]] for r in past])
        if bought.all() or not bought.any():
            return self.rng_.random(len(self.customers_))
        now = self.designs_[-1]
        middle, scale = seen.mean(axis=0), seen.std(axis=0) + 1e-9
        seen, now = (seen - middle) / scale, (now - middle) / scale
        model = LogisticRegression(C=1.0, max_iter=500)
        if not self.random_share:
            return model.fit(seen, bought).predict_proba(now)[:, 1]
        model.fit(_with_letter(seen, got), bought)
        ones = np.ones(len(now))
        with_it, without = (
            model.predict_proba(_with_letter(now, letter))[:, 1] for letter in (ones, 0 * ones)
        )
        return with_it - without

    def discover(
        self, number: int, score: np.ndarray, expert: Expert | None = None
    ) -> tuple[np.ndarray, np.ndarray]:
        """Choose the targets, best score first, and those who are drawn at random instead."""
        n = len(self.customers_)
        lot = self.rng_.permutation(n) < round(self.random_share * n)
        room = max(round(self.share * n) - (int(lot.sum()) + 1) // 2, 0)
        order = np.lexsort((np.arange(n), -score))
        if expert is not None:
            shown = self.customers_.assign(score=score).iloc[order]
            ids = pd.Index(self.customers_[self.customer_])
            order = ids.get_indexer(pd.Index(expert(number, shown)))
            if (order < 0).any():
                raise OutOfRangeError("the expert named customers who are not in the base.")
        target = np.zeros(n, dtype=bool)
        target[order[~lot[order]][:room]] = True
        self.log.append((number, "discover", int(target.sum()), "targets shown to the experts"))
        return target, lot

    def evaluate(
        self, number: int, score: np.ndarray, target: np.ndarray, lot: np.ndarray, answer: Answer
    ) -> tuple:
        """Send the letters, and take down what was bought, by whom, after a letter or without."""
        coin = self.rng_.permutation(lot.sum()) % 2 == 0
        contacted = target.copy()
        contacted[lot] = coin
        bought = np.asarray(answer(number, contacted))
        if bought.shape != contacted.shape or bought.dtype != bool:
            raise OutOfRangeError(f"answer must return {len(contacted)} truth values.")
        self.bought_.append(bought)
        self.contacted_.append(contacted)
        self.lots_.append(lot)
        self.targets_.append(self.customers_[self.customer_].to_numpy()[target])
        # Those drawn at random whom the score would have chosen: an honest test of the choice.
        line = score[target].min() if target.any() else np.inf
        would = lot & (score >= line)
        measured = _difference(bought[would & contacted], bought[would & ~contacted])
        reported = bought[target].mean() if target.any() else np.nan
        self.log.append((number, "evaluate", int(bought.sum()), "purchases, to be learned from"))
        return number, int(contacted.sum()), int(target.sum()), reported, *measured

    def precision(self, truth: pd.DataFrame, *, answers: str = "because_of_letter") -> pd.DataFrame:
        """Return, beside what the loop reports, the true share of targets whom the letter moves.

        Parameters
        ----------
        truth : DataFrame, one row per customer, in the order of the customers
            `answers` : float, the chance that a customer buys because of a letter
        answers : str

        Returns
        -------
        DataFrame, one row per round
            round, letters, targets, reported, measured, low, high : as `rounds_`
            true : float64, mean chance of the targets to buy because of the letter
            won : float64, expected sales that all letters of the round brought

        Raises
        ------
        MissingColumnsError
            If `answers` is missing.
        BadRowsError
            If `truth` has a column of ids, in another order than the customers.
        OutOfRangeError
            If `truth` has not one row for each customer, or the loop has not run.
        """
        require_columns(truth, answers=answers)
        require_numbers(truth, answers)
        if not hasattr(self, "rounds_"):
            raise OutOfRangeError("the loop has not run yet; call run first.")
        if len(truth) != len(self.customers_):
            raise OutOfRangeError(f"truth must have {len(self.customers_)} rows, as the customers.")
        if self.customer_ in truth and [*truth[self.customer_]] != [
            *self.customers_[self.customer_]
        ]:
            raise BadRowsError(
                f"truth has other customers, or the same in another order. Bring it into that of "
                f"the customers first: truth.sort_values({self.customer_!r}), say"
            )
        moved = truth[answers].to_numpy("float64")
        ids = self.customers_[self.customer_]
        true = [moved[ids.isin(target).to_numpy()].mean() for target in self.targets_]
        won = [moved[contacted].sum() for contacted in self.contacted_]
        return self.rounds_.assign(true=true, won=won)

    def _design(self) -> np.ndarray:
        """Return behaviour now: the columns, and how often each has bought in earlier rounds."""
        columns = self.customers_[self.columns_].to_numpy("float64")
        times = np.mean(self.bought_, axis=0) if self.bought_ else np.zeros(len(columns))
        return np.column_stack([columns, times])

    def _require(
        self,
        customers: pd.DataFrame,
        answer: Answer,
        columns: Sequence[str],
        rounds: int,
        customer: str,
    ) -> list[str]:
        names = names_of("columns", columns)
        require_columns(customers, *names, customer=customer)
        require_key(customers, customer)
        require_values(customers, *names)
        require_numbers(customers, *names)
        require_callable("answer", answer, "of the round and of who got a letter")
        require_at_least("rounds", rounds, 1)
        require_probability("share", self.share)
        if not 0 <= self.random_share < 1 or self.random_share / 2 >= self.share:
            raise OutOfRangeError(
                f"random_share must lie in [0, 1) and below twice the share; got "
                f"{self.random_share!r} at a share of {self.share!r}."
            )
        return names


def _with_letter(seen: np.ndarray, got: np.ndarray) -> np.ndarray:
    """Return the design of a model in which the letter acts on each column in its own way."""
    letter = got[:, None]
    return np.column_stack([seen, letter, seen * letter])


def _difference(one: np.ndarray, other: np.ndarray) -> tuple[float, float, float]:
    """Return the difference of two shares and its 95 % interval; missing without both."""
    if not len(one) or not len(other):
        return np.nan, np.nan, np.nan
    more = one.mean() - other.mean()
    reach = Z * np.sqrt(sum(part.mean() * (1 - part.mean()) / len(part) for part in (one, other)))
    return float(more), float(more - reach), float(more + reach)
