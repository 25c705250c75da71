"""Who may import whom: the grid of topics and verbs, kept as a test."""

import ast
import re
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

PACKAGE = Path(__file__).parents[1] / "crmlab"
VERBS = {"simulate", "measure", "model", "plot", "explore"}
# A folder with one of the verbs is a topic.
TOPICS = {path.parent.name for verb in VERBS for path in PACKAGE.glob(f"*/{verb}*")}
PICTURES = {"matplotlib", "seaborn", "ipywidgets"}

# What a room of a topic may use: outside libraries, its own topic, other topics.
MAY_DRAW = {"plot": {"matplotlib", "seaborn"}, "explore": PICTURES}
INSIDE = {"model": {"measure"}, "explore": VERBS, "__init__": VERBS}
ACROSS = {verb: {verb} for verb in VERBS} | {"model": {"measure", "model"}}
# Who may use a shared room, the command line apart; and what two of them may use of topics.
EVERYONE = {"errors", "_checks", "_shapes", "_shipped", "scale", "__init__"}
EVERYONE |= {
    "_words",
    "_purchases",
    "_regression",
    "_intervals",
    "_groups",
    "_chance",
    "dictionary",
}
USERS = {
    # reading, and the matching of customers
    "_placeholders": {"data", "measure", "_cells", "_dates"},
    "_cells": {"data", "measure", "_dates", "grading"},
    "_dates": {"data", "measure", "grading"},
    "_theme": {"plot", "explore", "report", "teaching", "grading", "_widgets"},
    "_widgets": {"explore"},
    "data": {"report", "classroom", "grading", "teaching"},
    "company": {"classroom", "grading", "teaching"},
    "classroom": {"grading", "teaching"},  # teaching builds what classroom strips
}
USERS |= {room: set() for room in ("report", "grading", "teaching", "__main__")}
USERS["cli"] = {"__main__"}
OF_TOPICS = {
    "company": {"simulate"},
    "report": {"measure", "model", "plot"},
    "cli": {"connection", "migration", "loading"},  # a database is made and filled from the shell
    "scale": {"measure"},  # its measures have the names and errors of their pandas forms
}


def imports(module, tree):
    """Yield (local name, absolute dotted name) of whatever `tree` imports, at any depth."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from ((alias.name, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            above = module.split(".")[: -node.level] if node.level else []
            stem = [*above, node.module] if node.module else above
            for alias in node.names:
                yield alias.asname or alias.name, ".".join([*stem, alias.name])


def resolve(name, trees):
    """Return the module that holds `name`, following what an `__init__` hands on."""
    for module in (name, f"{name}.__init__"):
        if module in trees:
            return module
    parent, _, last = name.rpartition(".")
    module = resolve(parent, trees)
    if module.endswith("__init__"):
        for local, origin in imports(module, trees[module]):
            if local == last and origin != name:
                return resolve(origin, trees)
    return module


def room(module):
    """'crmlab.rfm.measure.scores' -> ('rfm', 'measure'); 'crmlab.report.html' -> ('', 'report')."""
    first, second, *_ = [*module.split(".")[1:], "__init__"]
    return (first, second) if first in TOPICS else ("", first)


def may_import(user, used):
    """Return whether the house plan lets the room `user` import the room `used`."""
    (topic, verb), (other, wanted) = user, used
    if user == used:
        return True
    if not other:
        return wanted in EVERYONE or verb == "cli" or verb in USERS.get(wanted, ())
    if not topic:  # the gallery, in teaching, draws every figure of every topic
        return verb == "teaching" or wanted in OF_TOPICS.get(verb, ())
    if topic == other:  # a room named by a noun serves every verb of its topic
        return wanted in INSIDE.get(verb, ()) or wanted not in {*VERBS, "__init__"}
    return wanted in ACROSS.get(verb, ())


def violations(package):
    """Return every breach of the rules in the folder `package`, as sentences."""
    trees = {}
    # A lazy `__init__` lists its names in the stub beside it, which is read last and wins.
    for path in [*package.rglob("*.py"), *package.rglob("*.pyi")]:
        name = ".".join(path.relative_to(package.parent).with_suffix("").parts)
        trees[name] = ast.parse(path.read_text(encoding="utf-8"))

    found = [f"{name} has no place in the house plan" for name in trees if is_stray(room(name))]
    graph, files = {}, {}
    for module, tree in trees.items():
        user = room(module)
        for _, name in imports(module, tree):
            library = name.split(".")[0]
            origin = resolve(name, trees) if library == package.name else None
            used = room(origin) if origin else None
            # A package's face only hands names on; what it hands on is seen at its origin.
            if origin and not module.endswith("__init__") and origin != module:
                files.setdefault(module, set()).add(origin)
            if used and user[1] != "__init__" and used != user:
                graph.setdefault(user, set()).add(used)
            if used and not may_import(user, used):
                found.append(f"{module} imports {name}, which is in {'/'.join(used).strip('/')}")
            if user[0] and library in PICTURES - MAY_DRAW.get(user[1], set()):
                found.append(f"{module} imports {library}")
    # Rooms in a circle have files in one too; that is said once.
    return found + (circle(graph, lambda node: "/".join(node).strip("/")) or circle(files, str))


def circle(graph, told):
    """Return a circle of `graph` as a sentence, if there is one; `told` names its nodes."""
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as error:
        return ["circle: " + " -> ".join(map(told, error.args[1]))]
    return []


def is_stray(place):
    """Return whether `place` is neither a topic's room nor a shared one."""
    return not place[0] and place[1] not in EVERYONE | {*USERS}


def test_crmlab_keeps_the_rules():
    assert violations(PACKAGE) == []


# What numpy refuses to do with int64 on a machine of 32 bits, such as a browser.
STRAYS = re.compile(r"\bnp\.(bincount|repeat|take)\(|\.repeat\(")


def test_codes_are_counted_and_rows_repeated_by_the_names_that_work_in_a_browser():
    strays = [
        f"{path.relative_to(PACKAGE)}:{number}: use bincount and repeat of crmlab._groups"
        for path in PACKAGE.rglob("*.py")
        if path.name != "_groups.py"
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if STRAYS.search(line) and not line.lstrip().startswith((">>>", "..."))
    ]
    assert strays == []
