"""Make offers by hand, and see what Thompson sampling would have made of the same customers."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from string import ascii_uppercase

import numpy as np
import pandas as pd
from ipywidgets import HTML, Button, HBox, VBox

from crmlab._checks import Seed, numbers_of, require_list, stream_of
from crmlab._groups import bincount
from crmlab._words import _
from crmlab.errors import OutOfRangeError

# Offers to the first customers, in whatever order the rates stand.
_RATES = (0.08, 0.25, 0.12)
_MANY = 20


def played_by_hand(
    choices: Sequence[int], *, rates: Sequence[float] = _RATES, seed: Seed = 15
) -> pd.DataFrame:
    """Return what your offers brought, and what Thompson's to the same customers would have.

    Each customer has a level of reluctance drawn beforehand, and takes an offer whose rate is above
    it: so both players meet the same luck.

    Parameters
    ----------
    choices : list of int
        The offer made to each customer in turn, from 0.
    rates : shares, one per offer
    seed : int, SeedSequence or Generator

    Returns
    -------
    DataFrame, one row per player ("you", "Thompson") and offer: player, offer, made, taken, regret

    Raises
    ------
    OutOfRangeError
        If a choice is no offer.

    Examples
    --------
    >>> played_by_hand([0, 1, 1]).groupby("player")["made"].sum().to_dict()
    {'Thompson': 3, 'you': 3}
    """
    require_list("rates", rates, "[0.1, 0.2]")
    require_list("choices", choices, "[0, 1]")
    rate = numbers_of("rates", rates)
    mine = numbers_of("choices", choices).astype(np.int64)
    if len(mine) and not ((mine >= 0) & (mine < len(rate))).all():
        raise OutOfRangeError(
            f"offers are numbered from 0 to {len(rate) - 1}; got {sorted({*mine.tolist()})}."
        )
    rng = stream_of(seed, "played_by_hand")
    luck, draws = rng.random(10_000), rng.spawn(1)[0]
    known, theirs = np.ones((2, len(rate))), []
    for turn in range(len(mine)):
        one = int(draws.beta(known[1], known[0]).argmax())
        theirs.append(one)
        known[int(luck[turn % len(luck)] < rate[one]), one] += 1
    rows = []
    for player, made in (("you", mine), ("Thompson", np.asarray(theirs, dtype=np.int64))):
        took = luck[np.arange(len(made)) % len(luck)] < rate[made]
        many = bincount(made, minlength=len(rate))
        rows.append(
            pd.DataFrame(
                {
                    "player": pd.Series([player] * len(rate), dtype="str"),
                    "offer": np.arange(len(rate)),
                    "made": many,
                    "taken": bincount(made[took], minlength=len(rate)),
                    "regret": many * (rate.max() - rate),
                }
            )
        )
    return pd.concat(rows, ignore_index=True)


def explore_bandit() -> VBox:
    """Return a button for each offer, above what came of them and of Thompson's choices."""
    choices: list[int] = []
    words = [_("offer {letter}").format(letter=letter) for letter in ascii_uppercase[: len(_RATES)]]
    buttons = [Button(description=word) for word in words]
    more = Button(description=_("the last, {n} times").format(n=_MANY), disabled=True)
    table = HTML()

    def redraw() -> None:
        table.value = _told(played_by_hand(choices), words)

    def make(offer: int, times: int, button: object) -> None:
        choices.extend([choices[-1] if offer < 0 else offer] * times)
        more.disabled = False
        redraw()

    for offer, button in enumerate(buttons):
        button.on_click(partial(make, offer, 1))
    more.on_click(partial(make, -1, _MANY))
    redraw()
    return VBox([HBox([*buttons, more]), table])


def _told(played: pd.DataFrame, words: Sequence[str]) -> str:
    """Return both players' offers as an HTML table."""
    heads = [_("player"), *words, _("taken"), _("regret")]
    names = {"you": _("you"), "Thompson": _("Thompson")}
    lines = []
    for player in ("you", "Thompson"):
        own = played[played["player"] == player]
        cells = [f"{taken} / {made}" for taken, made in zip(own["taken"], own["made"], strict=True)]
        lines.append([names[player], *cells, str(own["taken"].sum()), f"{own['regret'].sum():.1f}"])
    head = "".join(f'<th scope="col" style="padding:2px 12px">{one}</th>' for one in heads)
    body = "".join(
        f'<tr><th scope="row">{first}</th>'
        + "".join(f'<td style="text-align:center">{cell}</td>' for cell in rest)
        + "</tr>"
        for first, *rest in lines
    )
    many = int(played.loc[played["player"] == "you", "made"].sum())
    said = _("Taken / made, after {n} customers:").format(n=many)
    return f"<p>{said}</p><table><tr>{head}</tr>{body}</table>"
