"""The world's parameters: what a researcher may change without touching code."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import Field, asdict, dataclass, field, fields
from difflib import get_close_matches
from pathlib import Path
from typing import Any

import numpy as np
import yaml

from crmlab.errors import OutOfRangeError, UnknownNameError, UnreadableFileError

__all__ = ["Scenario"]


def _number(default: float | None, low: float, high: float, meaning: str) -> Any:
    """Return a field that holds a number (or None, where that is the default) in [low, high]."""
    return field(default=default, metadata={"low": low, "high": high, "meaning": meaning})


@dataclass(frozen=True, kw_only=True)
class Scenario:
    """The parameters of a world, each with the range that is allowed.

    `print(Scenario().to_yaml())` lists every parameter with its meaning, range and default. A
    scenario is validated when it is made, and `from_yaml(to_yaml())` gives the same again.
    Shares lie in 0-1. Effects of 0 switch a story off; `Scenario.calm()` switches off whatever
    the firm does that changes purchases. `rolling_churn` takes the
    place of `churn`: the dropout that brings it about is found on a block of customers.
    numpy's numbers and numbers written as text ("1e0") are taken. A subclass may add parameters of
    its own, whose `field(metadata=...)` may hold low, high and meaning; the firm passes them by.

    Raises
    ------
    OutOfRangeError
        If values are of the wrong kind, outside their range, or contradict each other; the message
        names all of them, and what would go.
    UnknownNameError
        If a file names a parameter there is none of.

    Examples
    --------
    >>> Scenario(referral_share=0.5).referral_share
    0.5
    >>> Scenario.from_yaml("churn: 2.0").churn
    2.0
    """

    churn: float = _number(1.0, 0.2, 5.0, "times the usual dropout after each purchase")
    rolling_churn: float | None = _number(
        None, 0.2, 0.8, "share of 2023's buyers not back in 2024; null: by churn, near 0.49"
    )
    concentration: float | None = _number(
        None, 0.72, 0.95, "share of spend of the top 20 %; null: as it comes, near 0.80"
    )
    referral_share: float = _number(0.60, 0, 1, "share of new customers whom another one brought")
    card_rate: float = _number(0.60, 0, 1, "share of new customers who open a card in 2023")
    card_rate_harder: float = _number(0.40, 0, 1, "the same from 2024, under the harder policy")
    consent_share: float = _number(0.80, 0, 1, "share of customers who agree to be contacted")
    promotions: int = _number(48, 0, 200, "promotions in the two years")
    targeted_share: float = _number(0.50, 0, 1, "share of a promotion's audience, for each")
    held_out_share: float = _number(0.25, 0, 1, "share of the targets held out, for comparison")
    promotion_lift: float = _number(
        0.1, 0, 0.3, "chance that a contact makes a living customer buy, an average design"
    )
    spend_loyalty: float = _number(
        0.2, 0, 0.95, "correlation of ticket and staying within a kind of customers"
    )
    income_effect: float = _number(
        0.3, 0, 0.95, "correlation of income and ticket among those of one education"
    )
    contact_limit: int = _number(1, 1, 31, "contacts in a calendar month that do no harm")
    overcontact_dropout: float = _number(0.04, 0, 1, "chance to leave at each contact beyond it")
    failure_rate: float = _number(0.06, 0, 1, "share of purchases whose service fails")
    failure_dropout: float = _number(0.25, 0, 1, "chance to leave after each failure")
    price_elasticity: float = _number(-1.5, -5, 0, "of the choice between brands of a category")
    fan_share: float = _number(0.30, 0, 1, "share of customers who follow a social account")
    seller_share: float = _number(0.03, 0, 0.5, "share of customers who sell to others")
    served_share: float = _number(0.20, 0, 1, "share of the other customers whom they serve")
    organisations_per_1000: int = _number(20, 1, 1_000, "business customers beside 1,000 people")
    default_rate: float = _number(0.10, 0.01, 0.5, "share of a middling firm's loans that default")
    edit_share: float = _number(0.05, 0, 1, "share of a source's fields with one edit")
    stale_share: float = _number(0.05, 0, 1, "share of a source's phones and addresses of old")
    missing_share: float = _number(0.05, 0, 1, "share of a source's fields left empty")
    duplicate_share: float = _number(0.03, 0, 1, "share of a source's people who stand in it twice")
    sensitive: bool = _number(
        False, 0, 1, "fill blood types, medical notes, card numbers and children's data"
    )

    def __post_init__(self) -> None:
        wrong = []
        for spec in fields(self):
            value = _plain(spec, getattr(self, spec.name))
            object.__setattr__(self, spec.name, value)
            wrong += _wrong(spec, value)
        if self.rolling_churn is not None and self.churn != 1:
            wrong.append(
                f"rolling_churn={self.rolling_churn!r} takes the place of churn, so "
                f"churn={self.churn!r} cannot be kept too; leave out one of them"
            )
        if wrong:
            raise OutOfRangeError("; ".join(wrong) + ".")

    @classmethod
    def calm(cls, **changes: Any) -> Scenario:
        """Return the world in which nothing the firm does changes what customers buy."""
        off = {"promotion_lift": 0, "overcontact_dropout": 0, "failure_dropout": 0}
        return cls(**{**off, **changes})

    @classmethod
    def from_yaml(cls, source: str | Path) -> Scenario:
        """Return the scenario of a file (a Path) or of a text; what is not said is the default.

        The `world.json` that stands beside every world that was written is such a file too.
        """
        text = source.read_text(encoding="utf-8") if isinstance(source, Path) else source
        try:
            said = yaml.safe_load(text)
        except yaml.YAMLError as error:
            raise OutOfRangeError(f"the scenario is no YAML: {error}") from error
        said = {} if said is None else said
        if not isinstance(said, dict):
            raise OutOfRangeError(
                f"a scenario is a list of 'parameter: value' lines; got {type(said).__name__}."
            )
        if "scenario" in said and "crmlab" in said:
            said = said["scenario"]
        return cls.from_dict(said)

    @classmethod
    def from_dict(cls, said: Mapping[str, Any]) -> Scenario:
        """Return the scenario of parameters by name; what is not said is the default."""
        known = [spec.name for spec in fields(cls)]
        for name in said:
            if name not in known:
                near = get_close_matches(str(name), known, 1)
                raise UnknownNameError.among("parameter", name, known, near)
        return cls(**said)

    def to_yaml(self) -> str:
        """Return the scenario as YAML, with the meaning and range of each line as a comment."""
        lines = []
        for spec in fields(self):
            value = yaml.safe_dump({spec.name: getattr(self, spec.name)}).strip()
            lines.append(f"{value}  # {spec.metadata.get('meaning', 'yours')}; {_allowed(spec)}")
        return "\n".join(lines) + "\n"

    def as_dict(self) -> dict[str, Any]:
        """Return the parameters by name."""
        return asdict(self)


def scenario_of(said: Scenario | Mapping[str, Any] | str | Path | None) -> Scenario:
    """Return the scenario that is meant: one, its parameters by name, or the path of a file.

    Raises
    ------
    UnreadableFileError
        If there is no such file.
    OutOfRangeError, UnknownNameError
        As `Scenario`.
    """
    if said is None:
        return Scenario()
    if isinstance(said, Scenario):
        return said
    if isinstance(said, Mapping):
        return Scenario.from_dict(said)
    if not isinstance(said, (str, Path)):
        raise OutOfRangeError(
            "scenario must be a Scenario, parameters by name such as {'churn': 1.5}, or the path "
            f"of a file; got {said!r:.60}."
        )
    path = Path(said)
    if not path.is_file():
        raise UnreadableFileError(
            f"there is no scenario {path.name!r}. Write one: crmlab company --show-scenario > "
            "world.yaml"
        )
    return Scenario.from_yaml(path)


def of_firm(scenario: Scenario) -> Scenario:
    """Return what the firm knows of a scenario: a subclass's own parameters are left out."""
    known = {spec.name: getattr(scenario, spec.name) for spec in fields(Scenario)}
    return Scenario(**known)


def changed(scenario: Scenario, said: Iterable[str]) -> Scenario:
    """Return the scenario with some parameters changed, each said as "name=value"."""
    changes = {}
    for one in said:
        name, equals, value = one.partition("=")
        if not equals:
            raise OutOfRangeError(f"a change is name=value, such as churn=1.5; got {one!r}.")
        changes[name.strip()] = yaml.safe_load(value)
    return type(scenario).from_dict({**scenario.as_dict(), **changes})


def _plain(spec: Field, value: Any) -> Any:
    """Return numpy's numbers, and numbers as text, as Python's own; anything else as it is."""
    if isinstance(value, np.generic):
        value = value.item()
    if isinstance(value, str) and not isinstance(spec.default, (bool, str)):
        try:
            value = float(value)
        except ValueError:
            return value
    whole = isinstance(spec.default, int) and not isinstance(spec.default, bool)
    return int(value) if whole and isinstance(value, float) and value.is_integer() else value


def _allowed(spec: Field) -> str:
    """Return the values that are allowed, in words."""
    if isinstance(spec.default, bool):
        return "true or false"
    if "low" not in spec.metadata:
        return "any value"
    kind = "a whole number" if isinstance(spec.default, int) else "a number"
    words = f"{kind} from {spec.metadata['low']:g} to {spec.metadata['high']:g}"
    return words + (" or null" if spec.default is None else "")


def _wrong(spec: Field, value: Any) -> list[str]:
    """Return what is wrong with a field's value and what would go, if anything is."""
    if (spec.default is None and value is None) or "low" not in spec.metadata:
        return []
    wanted: tuple[type, ...] = (int, float)
    if isinstance(spec.default, (bool, int)):
        wanted = (type(spec.default),)
    right = isinstance(value, wanted) and isinstance(value, bool) == isinstance(spec.default, bool)
    if right and spec.metadata["low"] <= value <= spec.metadata["high"]:
        return []
    said = spec.metadata.get("meaning", "yours")
    return [f"{spec.name} ({said}) must be {_allowed(spec)}; got {value!r}"]
