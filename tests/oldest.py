"""Print the oldest version of each library that pyproject.toml allows, as constraints for pip."""

import tomllib
from pathlib import Path

ROOT = Path(__file__).parents[1]
EXTRAS = ("lab", "scale", "build", "dev")


def oldest(project):
    """Return a line such as 'pandas==3.0' for each requirement of the package and its tests."""
    extras = project["optional-dependencies"]
    wanted = [*project["dependencies"], *(name for extra in EXTRAS for name in extras[extra])]
    return [name.replace(">=", "==") for name in wanted if not name.startswith("crmlab[")]


if __name__ == "__main__":
    text = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    print(*oldest(tomllib.loads(text)["project"]), sep="\n")
