"""Whether to switch doors: counted in games, and by Bayes."""

from __future__ import annotations

import numpy as np
import pandas as pd

from crmlab._checks import (
    require_at_least,
    require_columns,
    require_key,
    require_one_of,
    require_rows,
    require_truths,
    require_values,
)
from crmlab._intervals import wilson
from crmlab._purchases import as_frame
from crmlab.errors import BadRowsError, OutOfRangeError


def door_rates(games: pd.DataFrame, prizes: pd.DataFrame) -> pd.DataFrame:
    """Share of games that who stays and who switches wins, where no prize was shown.

    Parameters
    ----------
    games : DataFrame, one row per game: game, chosen, left; prize_shown : bool
    prizes : DataFrame, one row per game: game, prize

    Returns
    -------
    DataFrame, two rows
        strategy : str; "stay", "switch"
        games, wins : int64, games in which no prize was shown
        share, low, high : float64, with Wilson's 95% interval

    Raises
    ------
    MissingColumnsError, BadRowsError
        If a column or a value is missing, a game stands twice, or has no prize.
    OutOfRangeError
        If a prize was shown in every game.

    See Also
    --------
    door_chances : what the shares tend to.
    crmlab.campaigns.plot.plot_doors : draws how they settle.

    Examples
    --------
    >>> games = pd.DataFrame({"game": [1, 2], "chosen": [1, 1], "left": [2, 3],
    ...                       "prize_shown": False})
    >>> door_rates(games, pd.DataFrame({"game": [1, 2], "prize": [1, 3]}))["wins"].tolist()
    [1, 1]
    """
    won = _won(games, prizes)
    n = len(won)
    if not n:
        raise OutOfRangeError("a prize was shown in every game, so there was nothing to choose.")
    wins = won.to_numpy().sum(axis=0)
    low, high = wilson(wins, n)
    return pd.DataFrame(
        {
            "strategy": pd.Series(["stay", "switch"], dtype="str"),
            "games": np.array([n, n], dtype=np.int64),
            "wins": wins.astype(np.int64),
            "share": wins / n,
            "low": low,
            "high": high,
        }
    )


def door_chances(doors: int = 3, *, host: str = "knows") -> pd.DataFrame:
    """Bayes' table (贝叶斯表): where the prize is, given that door 1 was chosen and door 2 is left.

    Parameters
    ----------
    doors : int, at least 3
    host : "knows" or "random"

    Returns
    -------
    DataFrame, one row per door that may hold the prize
        prize : int64
        prior : float64, 1 / doors
        likelihood : float64, chance that a host with the prize there leaves door 2, showing none
        joint : float64, prior times likelihood
        posterior : float64, joint over the sum of all: door 1 for who stays, 2 for who switches

    Raises
    ------
    OutOfRangeError
        If `doors` is below 3 or `host` is unknown.

    Examples
    --------
    >>> door_chances(host="knows")[["prize", "likelihood", "posterior"]].round(2)
       prize  likelihood  posterior
    0      1         0.5       0.33
    1      2         1.0       0.67
    2      3         0.0       0.00
    """
    require_at_least("doors", doors, 3)
    require_one_of("host", host, ("knows", "random"))
    likelihood = np.zeros(doors)
    likelihood[0] = 1 / (doors - 1)  # any other door is left, all alike
    likelihood[1] = 1.0 if host == "knows" else 1 / (doors - 1)
    joint = likelihood / doors
    return pd.DataFrame(
        {
            "prize": np.arange(1, doors + 1),
            "prior": np.full(doors, 1 / doors),
            "likelihood": likelihood,
            "joint": joint,
            "posterior": joint / joint.sum(),
        }
    )


def door_course(games: pd.DataFrame, prizes: pd.DataFrame) -> pd.DataFrame:
    """Share of games won so far, game by game, by who stays and by who switches.

    Parameters
    ----------
    games, prizes : DataFrames, as in `door_rates`

    Returns
    -------
    DataFrame, one row per game in which no prize was shown, by its number
        game : int64; played : int64, from 1; stay, switch : float64

    Raises
    ------
    MissingColumnsError, BadRowsError
        As `door_rates`.

    Examples
    --------
    >>> games = pd.DataFrame({"game": [1, 2], "chosen": [1, 1], "left": [2, 3],
    ...                       "prize_shown": False})
    >>> door_course(games, pd.DataFrame({"game": [1, 2], "prize": [1, 3]}))["stay"].tolist()
    [1.0, 0.5]
    """
    won = _won(games, prizes)
    played = np.arange(1, len(won) + 1)
    shares = won.to_numpy().cumsum(axis=0) / played[:, None]
    table = pd.DataFrame({"game": won.index.to_numpy("int64"), "played": played})
    return table.assign(stay=shares[:, 0], switch=shares[:, 1])


def _won(games: pd.DataFrame, prizes: pd.DataFrame) -> pd.DataFrame:
    """Return whether who stays and who switches wins each game without a prize shown, by game."""
    games, prizes = as_frame(games), as_frame(prizes)
    require_columns(games, "game", "chosen", "left", "prize_shown")
    require_columns(prizes, "game", "prize")
    require_rows(games)
    require_values(games, "game", "chosen", "left", "prize_shown")
    require_values(prizes, "game", "prize")
    require_truths(games, "prize_shown")
    require_key(games, "game")
    require_key(prizes, "game")
    open_ = games.loc[~games["prize_shown"].to_numpy().astype(bool)]
    prize = open_["game"].map(prizes.set_index("game")["prize"])
    lacking = np.flatnonzero(prize.isna())
    if lacking.size:
        raise BadRowsError(
            f"{lacking.size} game(s) have no prize: {open_['game'].iloc[lacking[:10]].tolist()}."
        )
    won = {name: (open_[name] == prize).to_numpy(dtype=bool) for name in ("chosen", "left")}
    table = pd.DataFrame({"stay": won["chosen"], "switch": won["left"]})
    return table.set_index(pd.Index(open_["game"].to_numpy(), name="game")).sort_index()
