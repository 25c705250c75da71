"""The game of doors, played by hand: choose one, see what the host leaves, stay or switch."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

import numpy as np
import pandas as pd
from ipywidgets import HTML, Button, Dropdown, HBox, VBox

from crmlab._checks import Seed, require_at_least, require_list, require_one_of
from crmlab._words import _
from crmlab.campaigns.measure import door_chances
from crmlab.campaigns.simulate import simulate_doors
from crmlab.errors import OutOfRangeError

_MANY = 500


def doors_by_hand(
    switches: Sequence[bool], *, host: str = "knows", doors: int = 3, seed: Seed = 14
) -> pd.DataFrame:
    """Return what became of games in which you stayed or switched, one choice for each game.

    Games in which the host showed the prize are void and were not put to you.

    Parameters
    ----------
    switches : list of bool
        Whether you switched, game by game; at most 500.
    host : "knows" or "random"
    doors : int, at least 3
    seed : int, SeedSequence or Generator
        Which games.

    Returns
    -------
    DataFrame, two rows: strategy ("stay", "switch"); games, wins : int64, of yours; expected :
        float64, the share that wins in the long run

    Raises
    ------
    OutOfRangeError
        If there are more choices than games, or `host` is unknown.

    Examples
    --------
    >>> doors_by_hand([True, True, False])["games"].tolist()
    [1, 2]
    """
    require_at_least("doors", doors, 3)
    require_one_of("host", host, ("knows", "random"))
    require_list("switches", switches, "[True, False]")
    mine = np.asarray([*switches], dtype=bool)
    if len(mine) > _MANY:
        raise OutOfRangeError(f"there are {_MANY} games; got {len(mine)} choices.")
    games, prizes = simulate_doors(4 * _MANY * doors, doors=doors, host=host, seed=seed)
    played = ~games["prize_shown"].to_numpy()
    prize = prizes["prize"].to_numpy()[played][: len(mine)]
    taken = np.where(mine, games["left"].to_numpy()[played][: len(mine)],
                     games["chosen"].to_numpy()[played][: len(mine)])  # fmt: skip
    rows = []
    for strategy, which in (("stay", ~mine), ("switch", mine)):
        rows.append((strategy, int(which.sum()), int((taken == prize)[which].sum())))
    table = pd.DataFrame(rows, columns=["strategy", "games", "wins"]).astype({"strategy": "str"})
    return table.assign(expected=door_chances(doors, host=host)["posterior"].iloc[:2].to_numpy())


def explore_doors() -> VBox:
    """Return two buttons, stay and switch, a choice of host, and what came of your games."""
    choices: list[bool] = []
    host = Dropdown(
        options=[(_("a host who knows"), "knows"), (_("a host at random"), "random")],
        description=_("host"),
    )
    stay, switch, ten = (
        Button(description=word) for word in (_("stay"), _("switch"), _("the last, 10 times"))
    )
    ten.disabled = True
    told = HTML()

    def redraw() -> None:
        told.value = _told(doors_by_hand(choices, host=str(host.value)))

    def play(does_switch: bool | None, times: int, button: object) -> None:
        again = choices[-1] if does_switch is None else does_switch
        choices.extend([again] * min(times, _MANY - len(choices)))
        ten.disabled = False
        redraw()

    def begin(change: object) -> None:
        choices.clear()
        ten.disabled = True
        redraw()

    stay.on_click(partial(play, False, 1))
    switch.on_click(partial(play, True, 1))
    ten.on_click(partial(play, None, 10))
    host.observe(begin, names="value")
    redraw()
    return VBox([host, HBox([stay, switch, ten]), told])


def _told(played: pd.DataFrame) -> str:
    """Return the games as an HTML table."""
    names = {"stay": _("stay"), "switch": _("switch")}
    head = "".join(
        f'<th scope="col" style="padding:2px 12px">{word}</th>'
        for word in ("", _("games"), _("won"), _("share won"))
    )
    body = ""
    for row in played.to_dict("records"):
        share = f"{row['wins'] / row['games']:.0%}" if row["games"] else ""
        cells = "".join(
            f'<td style="text-align:center">{one}</td>'
            for one in (row["games"], row["wins"], share)
        )
        body += f'<tr><th scope="row">{names[row["strategy"]]}</th>{cells}</tr>'
    said = _("You chose door 1; the host left one other door closed. Stay or switch?")
    return f"<p>{said}</p><table><tr>{head}</tr>{body}</table>"
