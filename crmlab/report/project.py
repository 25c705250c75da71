"""A project on one file of purchases: promised first, held out, and told with its evidence."""

from __future__ import annotations

import math
from html import escape
from pathlib import Path
from typing import Any

import pandas as pd

from crmlab._words import _
from crmlab.data.read import read_purchases
from crmlab.errors import NotAllowedError, OutOfRangeError, UnknownNameError
from crmlab.report.findings import (
    Finding,
    cell_of_caller,
    fill,
    findings_frame,
    masked,
    require_found,
)
from crmlab.report.lock import split, told_of
from crmlab.report.page import replace_file, require_writable
from crmlab.report.project_page import deck, page
from crmlab.report.steps import Told, checklist

__all__ = ["Project"]


class Project:
    """One question asked of one file, with its promise, its lock and its evidence.

    The file is read once and split at a day. What lies before is in `seen`; what lies after is
    locked until a question is promised and an outcome forecast. Each number is kept with what it
    is a share of, its window and the cell that made it, and a text may hold no other number. The
    page and the slides show numbers and words only: no row and no id of the file.

    Parameters
    ----------
    purchases : path, open file or DataFrame
        As `crmlab.data.read_purchases` takes it.
    holdout_from : date
        First day that is locked; after the first purchase, and not after the last.
    months : int, optional
        How far the forecast looks, and the lock reaches; to the end of the file when omitted.
    title : str
        Heading of the page.
    **reading
        Handed to `read_purchases`.

    Attributes
    ----------
    reading : PurchaseReport, what reading found wrong: faults of the whole file by their row
        numbers, and totals of what is seen only
    holdout_from, holdout_until : first and last day that is locked
    promised : dict of str: question, decision, measure, smallest_effect; empty before the promise

    Raises
    ------
    CrmlabError
        If the purchases cannot be read.
    OutOfRangeError
        If the split leaves nothing on one of its sides, or fewer than `months` behind the lock.

    See Also
    --------
    crmlab.report.report_page : a page without a question.
    crmlab.privacy.pseudonymise : a copy of the file that names nobody.

    Examples
    --------
    >>> log = pd.DataFrame({"customer_id": [1, 2, 1], "amount": [10.0, 20.0, 30.0],
    ...                     "date": ["2024-01-31", "2024-02-01", "2024-07-01"]})
    >>> project = Project(log, holdout_from="2024-07-01")
    >>> project.promise(question="Who comes back?", decision="Whom to write to",
    ...                 measure="back", smallest_effect="a tenth of them")
    >>> project.find("customers", project.seen["customer_id"].nunique())
    >>> project.predict("back", 0.4, low=0.0, high=0.9, of=2, form=".0%")
    >>> later = project.open_holdout()
    >>> project.outcome("back", later["customer_id"].nunique() / 2, of=2)
    >>> project.say("We thought {back_low} to {back_high}, and {back_outcome} came back.")
    'We thought 0% to 90%, and 50% came back.'
    """

    def __init__(
        self,
        purchases: Any,
        *,
        holdout_from: str | pd.Timestamp,
        months: int | None = None,
        title: str = "",
        **reading: Any,
    ) -> None:
        rows, report = read_purchases(purchases, **reading)
        self._seen, self._lock = split(rows, holdout_from, months)
        self.holdout_from, self.holdout_until = self._lock.first, self._lock.last
        self.reading = told_of(report, self._seen, self.holdout_from)
        self.title = title or _("A customer project")
        self.promised: dict[str, str] = {}
        self._ids = {*rows["customer_id"]}
        self._findings: dict[str, Finding] = {}
        self._forecasts: dict[str, tuple[float, float]] = {}
        self._said: list[str] = []
        self._basis = ""
        self._untold: tuple[str, ...] = ()

    @property
    def seen(self) -> pd.DataFrame:
        """A copy of the purchases before the lock."""
        return self._seen.copy()

    @property
    def findings(self) -> pd.DataFrame:
        """The numbers in order: name, shown, of, first, last, and when they were found."""
        return findings_frame(self._findings.values())

    def promise(self, *, question: str, decision: str, measure: str, smallest_effect: str) -> None:
        """Write down, once and before any number, what is asked and what will count.

        Numbers in it are your own: nothing is counted yet, and the page says that they were typed.

        Parameters
        ----------
        question, decision : str, what is asked, and what will be done differently by the answer
        measure : str, the name under which its outcome will be forecast and found
        smallest_effect : str, the least difference that would change the decision

        Raises
        ------
        OutOfRangeError
            If one of the four is empty.
        NotAllowedError
            If there is a promise, or a number, already.
        """
        said = {"question": question, "decision": decision}
        said |= {"measure": measure, "smallest_effect": smallest_effect}
        if empty := [name for name, text in said.items() if not str(text).strip()]:
            raise OutOfRangeError(f"{empty} is empty. Say it in a few words, before you look.")
        if self.promised:
            raise NotAllowedError("a promise is made once. For another question begin anew.")
        self.promised = {name: str(text).strip() for name, text in said.items()}

    def rest_on(self, basis: str) -> None:
        """Say by what right these data are used for this question, such as a consent."""
        self._basis = basis.strip()

    def find(
        self,
        name: str,
        value: float,
        *,
        of: int | None = None,
        form: str = ",.0f",
        window: tuple[str, str] | None = None,
    ) -> None:
        """Keep a number under a name, with what it is a share of and the window it belongs to.

        Parameters
        ----------
        name : str, letters, digits and "_", not beginning with a digit
        value : number
        of : int, of how many; a share (a `form` that ends in "%") must say it
        form : str, as in `format`
        window : first and last day; by default all days before the lock

        Raises
        ------
        NotAllowedError
            If nothing is promised yet, the window reaches behind the lock, or the number was
            forecast and the lock is open.
        OutOfRangeError
            If the name or the number is none, or a share has no base.
        """
        first, last = window or (self._seen["date"].min(), self._seen["date"].max())
        self._keep(name, value, of, form, pd.Timestamp(first), pd.Timestamp(last))

    def _keep(
        self,
        name: str,
        value: float,
        of: int | None,
        form: str,
        first: pd.Timestamp,
        last: pd.Timestamp,
    ) -> None:
        if not self.promised:
            raise NotAllowedError(
                "nothing is promised yet. Before the first number: project.promise(question=…, "
                "decision=…, measure=…, smallest_effect=…)"
            )
        if last >= self.holdout_from and not self._lock.is_open:
            raise NotAllowedError(
                f"the window of {name!r} ends on {last.date()}, and what lies from "
                f"{self.holdout_from.date()} on is locked. Forecast it: project.predict(…)"
            )
        forecast = next((one for one in self._forecasts if name in _kept(one)), None)
        if self._lock.is_open and forecast is not None:
            raise NotAllowedError(
                f"{name!r} was forecast, and the lock is open: a forecast stays as it was. What "
                f"came goes beside it: project.outcome({forecast!r}, …)"
            )
        if not str(name).isidentifier():
            raise OutOfRangeError(f"{name!r} is no name; take letters and _, such as share_lost.")
        if not math.isfinite(value):
            raise OutOfRangeError(f"{name!r} is {value}; a number that can be told is needed.")
        if form.endswith("%") and not of:
            raise OutOfRangeError(
                f"{name!r} is a share, of whom? Say how many there are: of=len(…)"
            )
        cell = masked(cell_of_caller(), self._ids)
        self._findings[name] = Finding(
            name, float(value), form, of, first, last, cell, self._lock.is_open
        )

    def predict(
        self,
        name: str,
        value: float,
        *,
        low: float,
        high: float,
        of: int | None = None,
        form: str = ",.0f",
    ) -> None:
        """Forecast a number behind the lock, with the interval in which you expect it.

        The ends are kept under the name with `_low` and `_high`, so that a text can tell them.

        Raises
        ------
        NotAllowedError
            If nothing is promised yet, or the lock is open already.
        OutOfRangeError
            As `find`, or if the value does not lie between `low` and `high`.
        """
        if self._lock.is_open:
            raise NotAllowedError("the lock is open: what is known cannot be forecast any more.")
        if not low <= value <= high:
            raise OutOfRangeError(f"{value} does not lie between low={low} and high={high}.")
        for each, number in zip(_kept(name), (value, low, high), strict=True):
            self.find(each, number, of=of, form=form)
        self._forecasts[name] = (float(low), float(high))

    def open_holdout(self) -> pd.DataFrame:
        """Open the lock for good, and return the purchases behind it, to its last day.

        Raises
        ------
        NotAllowedError
            If nothing is promised, or the promised measure is not forecast yet.
        """
        measure = self.promised.get("measure", "")
        if measure not in self._forecasts:
            todo = f'project.predict("{measure}", …)' if measure else "project.promise(…)"
            raise NotAllowedError(f"the lock opens after what was promised is forecast: {todo}")
        return self._lock.open()

    def outcome(self, name: str, value: float, *, of: int | None = None) -> None:
        """Keep what came out beside what was forecast, under the name with `_outcome`.

        Raises
        ------
        NotAllowedError
            If the lock is closed.
        UnknownNameError
            If nothing was forecast under this name.
        """
        self._lock.require_open()
        if name not in self._forecasts:
            raise UnknownNameError(f"{name!r} was not forecast; there are {[*self._forecasts]}.")
        form = self._findings[name].form
        self._keep(f"{name}_outcome", value, of, form, self.holdout_from, self.holdout_until)

    def cannot_tell(self, question: str, *, because: str) -> None:
        """Name a question that these data cannot answer, and why; its numbers are your own."""
        self._untold = (question.strip(), because.strip())

    def say(self, text: str) -> str:
        """Add a paragraph to the page, with numbers by their names in braces, and return it.

        What was said already, word for word, is not said twice.

        Raises
        ------
        BadRowsError
            If a number is typed and not found.
        UnknownNameError
            If nothing was found under a name.
        """
        require_found(text, self._findings)
        if text not in self._said:
            self._said.append(text)
        return fill(text, self._findings)

    def unsay(self) -> None:
        """Take back all that was said, so that the text begins anew; what was found stays."""
        self._said.clear()

    def checklist(self) -> pd.DataFrame:
        """Return the steps of an honest project, ticked by what was done: step, done, why."""
        return checklist(self._told())

    def _told(self) -> Told:
        """Return all that was said and found so far."""
        return Told(
            title=self.title,
            promised=self.promised,
            basis=self._basis,
            untold=self._untold,
            said=tuple(self._said),
            findings=self._findings,
            forecasts=self._forecasts,
            first=self._seen["date"].min(),
            holdout_from=self.holdout_from,
            last=self.holdout_until,
        )

    def __repr__(self) -> str:
        done = self.checklist()["done"]
        return f"Project({self.title!r}, {done.sum()} of {len(done)} steps done)"

    def _repr_html_(self) -> str:
        """Return the page in a frame, as a notebook shows it; before a word is said, the steps."""
        if not (self.promised and self._said):
            return self.checklist().to_html(index=False)
        inside = escape(page(self._told()), quote=True)
        style = "width:100%;min-width:38em;height:36em;border:1px solid #999"
        return f'<iframe title="{escape(self.title)}" style="{style}" srcdoc="{inside}"></iframe>'

    def write(self, folder: str | Path = ".", *, force: bool = False) -> list[Path]:
        """Write `project.html` and `project-slides.html` into a folder, made where it is not there.

        Both open from disk, fetch nothing, and show no row of the file. Their paths come back.

        Raises
        ------
        NotAllowedError
            If nothing was promised or said.
        CrmlabError
            If a file cannot, or must not, be written.
        """
        if not (self.promised and self._said):
            raise NotAllowedError("there is nothing to show: promise, find, and say it first.")
        told = self._told()
        Path(folder).mkdir(parents=True, exist_ok=True)
        paths = []
        for name, text in {"project.html": page(told), "project-slides.html": deck(told)}.items():
            path = Path(folder) / name
            require_writable(path, None, force)
            replace_file(path, text)
            paths.append(path)
        return paths


def _kept(name: str) -> tuple[str, str, str]:
    """Return the names under which a forecast and the ends of its interval are kept."""
    return name, f"{name}_low", f"{name}_high"
