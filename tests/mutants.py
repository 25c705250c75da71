"""Break the measures of a topic in small ways, and list the changes that none of its tests notices.

mutmut makes the changes and runs the tests, in a copy of the repository under build/. A change
of a message's words alone is not listed.
"""

import re
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]
SETUP = """[mutmut]
source_paths = crmlab
only_mutate =
    crmlab/{topic}/measure*
    crmlab/{topic}/model*
also_copy =
    crmlab
    docs
    datasets
    notebooks
    exercises
    README.md
pytest_add_cli_args =
    -m
    not slow and not worlds
    -p
    no:cacheprovider
pytest_add_cli_args_test_selection = tests/{topic}
"""
TEXT = re.compile(r"""[rfb]{0,2}("(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')""")


def copied(topic):
    """Return a folder with what git knows of, set up for the topic."""
    place = ROOT / "build" / "mutants" / topic
    shutil.rmtree(place, ignore_errors=True)
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached"], cwd=ROOT, capture_output=True, check=True
    )
    for name in listed.stdout.decode().split("\0")[:-1]:
        if (ROOT / name).is_file():
            (place / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(ROOT / name, place / name)
    (place / "setup.cfg").write_text(SETUP.format(topic=topic), encoding="utf-8")
    return place


def said(change):
    """Return the lines a change takes out and puts in, as text without the words of messages.

    >>> said("--- a\\n+++ b\\n-  f(1, 'a')\\n+  f(2, 'a')")
    (["f(1, '')"], ["f(2, '')"])
    """
    lines = [line for line in change.splitlines() if not line.startswith(("---", "+++"))]
    return tuple(
        [TEXT.sub("''", line[1:].strip()) for line in lines if line.startswith(sign)]
        for sign in "-+"
    )


def main(topic):
    """Run the tests against each change; print the changes that survived, and how many."""
    place = copied(topic)
    program = [str(Path(sys.executable).with_name("mutmut"))]
    subprocess.run([*program, "run"], cwd=place, check=False)
    ended = subprocess.run([*program, "results"], cwd=place, capture_output=True, encoding="utf-8")
    alive = re.findall(r"(\S+): survived", ended.stdout)
    count = 0
    for name in alive:
        shown = subprocess.run(
            [*program, "show", name], cwd=place, capture_output=True, encoding="utf-8", check=False
        )
        before, after = said(shown.stdout)
        if before != after:
            count += 1
            print(
                name,
                *(f"  - {line}" for line in before),
                *(f"  + {line}" for line in after),
                sep="\n",
            )
    print(
        f"{count} changes of {topic} that no test noticed ({len(alive)} with those of words alone)"
    )


if __name__ == "__main__":
    if len(sys.argv) != 2 or not (ROOT / "tests" / sys.argv[1]).is_dir():
        raise SystemExit("Name a topic: make mutants TOPIC=rfm")
    main(sys.argv[1])
