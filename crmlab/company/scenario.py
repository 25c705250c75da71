"""The world's parameters: what a researcher may change without touching code."""

from __future__ import annotations

from dataclasses import Field, asdict, dataclass, field, fields
from difflib import get_close_matches
from pathlib import Path
from typing import Any

import yaml

from crmlab.errors import OutOfRangeError, UnknownNameError


def _number(default: float | None, low: float, high: float, meaning: str) -> Any:
    """Return a field that holds a number (or None, where that is the default) in [low, high]."""
    return field(default=default, metadata={"low": low, "high": high, "meaning": meaning})


@dataclass(frozen=True, kw_only=True)
class Scenario:
    """The parameters of a world, each with the range that is allowed.

    `print(Scenario().to_yaml())` lists every parameter with its meaning, range and default. A
    scenario is validated when it is made, and `from_yaml(to_yaml())` gives the same again.
    Shares lie in 0-1. Effects of 0 switch a story off; `Scenario.calm()` switches off whatever
    changes purchases, which leaves the purchases of the first chapters. `rolling_churn` takes the
    place of `churn`: the dropout that brings it about is found on a block of customers.

    Raises
    ------
    OutOfRangeError
        If a value is of the wrong kind or outside its range; the message names both.
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
    targeted_share: float = _number(0.40, 0, 1, "share of those who may be contacted, for each")
    held_out_share: float = _number(0.20, 0, 1, "share of the targets held out, for comparison")
    promotion_lift: float = _number(
        0.06, 0, 0.3, "chance that a contact makes a living customer buy, an average design"
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
        for spec in fields(self):
            _require_allowed(spec, getattr(self, spec.name))

    @classmethod
    def calm(cls, **changes: Any) -> Scenario:
        """Return the world in which nothing the firm does changes what customers buy."""
        off = {"promotion_lift": 0, "overcontact_dropout": 0, "failure_dropout": 0}
        return cls(**{**off, **changes})

    @classmethod
    def from_yaml(cls, source: str | Path) -> Scenario:
        """Return the scenario of a file (a Path) or of a text; what is not said is the default."""
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
            lines.append(f"{value}  # {spec.metadata['meaning']}; {_allowed(spec)}")
        return "\n".join(lines) + "\n"

    def as_dict(self) -> dict[str, Any]:
        """Return the parameters by name."""
        return asdict(self)


def _allowed(spec: Field) -> str:
    """Return the values that are allowed, in words."""
    if isinstance(spec.default, bool):
        return "true or false"
    kind = "a whole number" if isinstance(spec.default, int) else "a number"
    words = f"{kind} from {spec.metadata['low']:g} to {spec.metadata['high']:g}"
    return words + (" or null" if spec.default is None else "")


def _require_allowed(spec: Field, value: Any) -> None:
    """Raise OutOfRangeError unless the field may hold `value`."""
    if spec.default is None and value is None:
        return
    wanted: tuple[type, ...] = (int, float)
    if isinstance(spec.default, (bool, int)):
        wanted = (type(spec.default),)
    right = isinstance(value, wanted) and isinstance(value, bool) == isinstance(spec.default, bool)
    if not right or not spec.metadata["low"] <= value <= spec.metadata["high"]:
        raise OutOfRangeError(
            f"{spec.name} ({spec.metadata['meaning']}) must be {_allowed(spec)}; got {value!r}."
        )
