"""Where the folders that travel with the kit are: data sets, chapters, exercises."""

from __future__ import annotations

from pathlib import Path

_PACKAGE = Path(__file__).parent


def shipped(folder: str) -> Path:
    """Return the path of a shipped `folder`: inside an installed package, beside a checkout's."""
    inside = _PACKAGE / "shipped" / folder
    return inside if inside.is_dir() else _PACKAGE.parent / folder
