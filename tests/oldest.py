"""Print the oldest version of each library that pyproject.toml allows, as constraints for pip."""

import re
import tomllib
from pathlib import Path

ROOT = Path(__file__).parents[1]
EXTRAS = ("lab", "scale", "build", "dev")


def oldest(project):
    """Return a line such as 'pandas==3.0' for each requirement of the package and its tests."""
    extras = project["optional-dependencies"]
    wanted = [*project["dependencies"], *(name for extra in EXTRAS for name in extras[extra])]
    # pip refuses a constraint with an extra: 'psycopg[binary]>=3.2' -> 'psycopg==3.2'.
    bounds = [name for name in wanted if not name.startswith("crmlab[")]
    return [re.sub(r"\[.*\]", "", name).replace(">=", "==") for name in bounds]


if __name__ == "__main__":
    text = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    print(*oldest(tomllib.loads(text)["project"]), sep="\n")
