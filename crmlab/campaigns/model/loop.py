"""The loop of six steps, run on a market, with one step left out if one wants to know its worth."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
import pandas as pd
from sklearn.base import BaseEstimator

from crmlab._checks import (
    names_of,
    require_at_least,
    require_callable,
    require_columns,
    require_key,
    require_numbers,
    require_one_of,
    require_positive,
    require_probability,
    require_values,
)
from crmlab.campaigns.management import STEPS
from crmlab.campaigns.model.uplift import UpliftModel
from crmlab.errors import MissingColumnsError, OutOfRangeError

Answer = Callable[[int, np.ndarray], np.ndarray]


class CampaignLoop(BaseEstimator):
    """The six-step loop (CRM六步流程), round after round on one market, with its log and profit.

    Each round: *record* the customers as they are; *analyse* what a contact would add to each, by
    all that was learned; *organise* a list of whom a contact earns more than it costs; *implement*
    it; *measure* by a test part of the customers, drawn at random, half of whom are contacted;
    *improve* what was learned. Of a step that is skipped this remains:

    record      half of the customers have another one's record, as in a file of long ago
    analyse     a list of the same share, drawn at random
    organise    no list: everybody is contacted
    implement   nobody is contacted but the test part
    measure     no control group: learned from those who were contacted, by whether they bought
    improve     what the first round taught is used for ever

    Parameters
    ----------
    margin, contact, discount : float
        What a purchase earns, a contact costs, and a purchase after a contact is reduced by.
    test_share : float in (0, 1]
        Of the customers who are in the test part each round.
    skip : str, optional
        The step to leave out.
    seed : int

    Attributes
    ----------
    log_ : DataFrame, six rows per round
        round, step : int64; name : str; customers : int64, whom the step was about; done : bool
    rounds_ : DataFrame, one row per round
        round : int64; contacted : int64
        reported : float64, money: buyers among the contacted times margin less discount, and
            contacts paid: what a firm without a control group would report

    See Also
    --------
    crmlab.behaviour.BehaviourCycle : a loop of three stages that fools itself.

    Examples
    --------
    >>> from crmlab.campaigns.simulate import campaign_answers, simulate_uplift
    >>> people, truth = simulate_uplift(2_000, seed=1)
    >>> loop = CampaignLoop(seed=1)
    >>> loop = loop.run(people, lambda k, who: campaign_answers(truth, who, seed=k),
    ...                 ["visits", "on_sale", "tenure_months"], rounds=2)
    >>> loop.log_["name"].tolist()[:7]
    ['record', 'analyse', 'organise', 'implement', 'measure', 'improve', 'record']
    """

    def __init__(
        self,
        *,
        margin: float = 40.0,
        contact: float = 2.0,
        discount: float = 8.0,
        test_share: float = 0.1,
        skip: str | None = None,
        seed: int = 0,
    ) -> None:
        self.margin, self.contact, self.discount = margin, contact, discount
        self.test_share, self.skip, self.seed = test_share, skip, seed

    def run(
        self,
        customers: pd.DataFrame,
        answers: Answer,
        features: Sequence[str],
        *,
        rounds: int = 5,
        customer: str = "customer_id",
    ) -> CampaignLoop:
        """Go round the loop.

        Parameters
        ----------
        customers : DataFrame, one row per customer: `customer`, and the columns of `features`
        answers : function of the round (from 1) and whom was contacted (array of bool)
            Returns who bought, an array of bool in the same order.
        features : list of str
        rounds : int, at least 1
        customer : str

        Raises
        ------
        MissingColumnsError, BadRowsError, WrongTypeError
            If a column or a value is missing, or a customer stands twice.
        OutOfRangeError
            If `rounds` is below 1, `test_share` lies outside (0, 1], `margin` is not above 0,
            `contact` or `discount` is below 0, `skip` is no step, or an answer has another length.
        """
        names = self._checked(customers, answers, features, rounds, customer)
        rng = np.random.default_rng(self.seed)
        recorded, n = customers[names].reset_index(drop=True), len(customers)
        model, learned, log, told = None, [], [], []
        self.contacts_: list[np.ndarray] = []
        for number in range(1, rounds + 1):
            seen = self._record(recorded, rng)
            in_test = rng.random(n) < self.test_share
            lot = rng.random(n) < 0.5
            worth = self._analyse(model, seen, rng)
            chosen = self._organise(worth)
            contacted = np.where(in_test, lot, chosen & (self.skip != "implement"))
            bought = np.asarray(answers(number, contacted), dtype=bool)
            if bought.shape != (n,):
                raise OutOfRangeError(f"answers must return {n} values; got {bought.shape}.")
            part = in_test if self.skip != "measure" else contacted
            learned.append(
                seen[part].assign(
                    treated=contacted[part], bought=bought[part], in_test=in_test[part]
                )
            )
            if self._learns(number):
                model = self._improve(learned, names)
            counts = (n, n, int(chosen.sum()), int(contacted.sum()), int(part.sum()), n)
            log += [
                (number, step, name, count, name != self.skip)
                for step, (name, count) in enumerate(zip(STEPS, counts, strict=True), 1)
            ]
            earned = bought[contacted].sum() * (self.margin - self.discount)
            told.append((number, counts[3], earned - self.contact * counts[3]))
            self.contacts_.append(contacted)
        self.log_ = pd.DataFrame(log, columns=["round", "step", "name", "customers", "done"])
        self.rounds_ = pd.DataFrame(told, columns=["round", "contacted", "reported"])
        return self

    def profit(self, truth: pd.DataFrame) -> pd.DataFrame:
        """Return what each round earned in truth, beside what was reported.

        Parameters
        ----------
        truth : DataFrame, one row per customer, in the order of `run`: uplift, chance

        Returns
        -------
        DataFrame, `rounds_` with profit : float64, expected in truth, as against no campaign

        Raises
        ------
        MissingColumnsError
            If `truth` lacks a column.
        OutOfRangeError
            If the loop has not run, or `truth` has another length.
        """
        if not hasattr(self, "rounds_"):
            raise OutOfRangeError("the loop has not run yet; call run(customers, …) first.")
        require_columns(truth, "uplift", "chance")
        if len(truth) != len(self.contacts_[0]):
            raise OutOfRangeError(
                f"truth has {len(truth)} rows for {len(self.contacts_[0])} customers."
            )
        uplift, chance = (truth[name].to_numpy("float64") for name in ("uplift", "chance"))
        each = uplift * self.margin - (chance + uplift) * self.discount - self.contact
        return self.rounds_.assign(profit=[float(each[who].sum()) for who in self.contacts_])

    def _record(self, customers: pd.DataFrame, rng: np.random.Generator) -> pd.DataFrame:
        """Return the customers' records, half of them another one's if nobody keeps them."""
        wrong = np.flatnonzero(rng.random(len(customers)) < 0.5)
        if self.skip != "record":
            return customers
        place = np.arange(len(customers))
        place[wrong] = rng.permutation(wrong)
        return customers.iloc[place].reset_index(drop=True)

    def _analyse(
        self, model: UpliftModel | None, seen: pd.DataFrame, rng: np.random.Generator
    ) -> np.ndarray:
        """Return what a contact with each customer is expected to earn."""
        luck = rng.random(len(seen)) - 0.7  # a list of 30% while nothing is known
        if model is None or self.skip == "analyse":
            return luck
        chance = model.predict_chance(seen)
        if self.skip == "measure":  # every purchase counts as won
            return chance * (self.margin - self.discount) - self.contact
        return model.predict(seen) * self.margin - chance * self.discount - self.contact

    def _organise(self, worth: np.ndarray) -> np.ndarray:
        """Return whom the list holds."""
        return np.ones(len(worth), dtype=bool) if self.skip == "organise" else worth > 0

    def _learns(self, number: int) -> bool:
        """Return whether this round teaches: without analysis or a list nobody asks the model."""
        return self.skip not in ("analyse", "organise") and (self.skip != "improve" or number == 1)

    def _improve(self, learned: list[pd.DataFrame], names: list[str]) -> UpliftModel:
        """Return what all rounds so far have taught."""
        known = pd.concat(learned, ignore_index=True)
        if self.skip == "measure":  # nobody was left out: the treated teach both halves
            known = pd.concat([known, known.assign(treated=False)], ignore_index=True)
        return UpliftModel().fit(known, names)

    def _checked(
        self,
        customers: pd.DataFrame,
        answers: Answer,
        features: Sequence[str],
        rounds: int,
        customer: str,
    ) -> list[str]:
        """Return the features, after every guard."""
        names = names_of("features", features)
        if not names:
            raise MissingColumnsError("features names no column; name one at least.")
        require_columns(customers, *names, customer=customer)
        require_key(customers, customer)
        require_values(customers, *names)
        require_numbers(customers, *names)
        require_callable("answers", answers, "of a round and whom was contacted")
        require_at_least("rounds", rounds, 1)
        require_probability("test_share", self.test_share)
        require_positive("margin", self.margin)
        if self.skip is not None:
            require_one_of("skip", self.skip, [*STEPS])
        for name in ("contact", "discount"):
            if not 0 <= getattr(self, name) < np.inf:
                raise OutOfRangeError(f"{name} must be a finite number of 0 or more.")
        return names
