"""The built package: installed in an empty environment, it brings its data and its chapters."""

import ast
import os
import re
import subprocess
import sys
import sysconfig
import tomllib
import venv
from importlib.metadata import packages_distributions
from pathlib import Path
from zipfile import ZipFile

import pytest

import crmlab

ROOT = Path(__file__).parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]


def run(*command, cwd, **options):
    """Run a command in `cwd` and return what it prints; show all of it if it fails."""
    done = subprocess.run(
        [*map(str, command)], cwd=cwd, capture_output=True, encoding="utf-8", **options
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout.strip()


@pytest.fixture(scope="module")
def wheel(tmp_path_factory):
    """The wheel, built from the source distribution as an index would hand it out."""
    out = tmp_path_factory.mktemp("dist")
    run(sys.executable, "-m", "build", "--no-isolation", "--outdir", out, cwd=ROOT)
    (path,) = out.glob("*.whl")
    return path


@pytest.fixture(scope="module")
def programs(wheel, tmp_path_factory):
    """The programs of an environment that has the wheel, and its libraries from ours."""
    home = tmp_path_factory.mktemp("home")
    venv.create(home)
    programs = home / ("Scripts" if os.name == "nt" else "bin")
    python = programs / "python"
    install = ["--no-deps", "--no-index", "--quiet", "--disable-pip-version-check"]
    run(sys.executable, "-m", "pip", "--python", python, "install", *install, wheel, cwd=home)
    theirs = run(python, "-c", "import sysconfig; print(sysconfig.get_path('purelib'))", cwd=home)
    # A plain line adds our libraries behind its own; our checkout's own .pth file is not read.
    libraries = sysconfig.get_path("purelib")
    (Path(theirs) / "libraries.pth").write_text(f"{libraries}\n", encoding="utf-8")
    return programs


def shipped(folder, pattern):
    paths = (path for path in (ROOT / folder).glob(pattern) if path.is_file())
    return {path.relative_to(ROOT).as_posix() for path in paths}


def test_the_wheel_holds_data_chapters_and_exercises(wheel):
    names = {name.removeprefix("crmlab/shipped/") for name in ZipFile(wheel).namelist()}
    wanted = shipped("datasets", "**/*") | shipped("notebooks", "*.ipynb")
    wanted |= shipped("exercises", "*.ipynb") | shipped("exercises", "*/*.*")
    assert {"datasets/catalogue.csv", "notebooks/00_tour.ipynb"} <= wanted
    assert wanted <= names


def test_the_wheel_holds_every_file_of_the_package_and_none_of_the_tests(wheel):
    names = {*ZipFile(wheel).namelist()}
    files = {path for path in (ROOT / "crmlab").rglob("*") if path.is_file()}
    files = {path for path in files if "__pycache__" not in path.parts}
    assert {path.relative_to(ROOT).as_posix() for path in files} <= names
    assert not [name for name in names if name.startswith(("tests/", "benchmarks/"))]


def test_the_command_is_there_and_knows_its_version(programs, tmp_path):
    said = run(programs / "crmlab", "--version", cwd=tmp_path)
    assert said == f"crmlab, version {crmlab.__version__}"
    assert PROJECT["version"] == crmlab.__version__


def test_data_comes_from_inside_the_package(programs, tmp_path):
    code = "import crmlab.data as d; print(d.__file__); print(len(d.load('cdnow')))"
    file, rows = run(programs / "python", "-c", code, cwd=tmp_path).split("\n")
    assert Path(file).is_relative_to(programs.parent)
    assert rows == "69659"


@pytest.mark.parametrize(("language", "page"), [("en", "START.ipynb"), ("zh", "START.zh.ipynb")])
def test_chapters_and_exercises_are_copied_into_the_readers_folder(
    language, page, programs, tmp_path
):
    run(programs / "crmlab", "lab", "mine", "--copy-only", "--lang", language, cwd=tmp_path)
    copied = {path.relative_to(tmp_path / "mine").as_posix() for path in tmp_path.rglob("*.ipynb")}
    every = shipped("notebooks", "*.ipynb") | shipped("exercises", "*.ipynb")
    chinese = {name for name in every if name.endswith(".zh.ipynb")}
    if language == "zh":
        wanted = every - {name.replace(".zh.", ".") for name in chinese}
    else:
        wanted = every - chinese
    assert wanted | {page} == {name for name in copied if not name.startswith(".crmlab/")}


def test_slides_and_plans_are_written_without_a_checkout(programs, tmp_path):
    # What a library puts beside its code, which is lent here as the libraries are.
    lent = {"cwd": tmp_path, "env": {**os.environ, "JUPYTER_PATH": f"{sys.prefix}/share/jupyter"}}
    slides = run(programs / "crmlab", "course", "slides", "00", "--lang", "en", **lent)
    assert slides == str(Path("slides", "00_tour.slides.html"))
    plan = run(programs / "crmlab", "course", "plans", "00", **lent)
    text = (tmp_path / plan).read_text(encoding="utf-8")
    assert "| from | minutes | section | runs |" in text
    assert text.count("**Ask.**") > 1


# The rooms that need more than every reader has, and the extras that bring it.
EXTRAS = {
    "teaching": ("lab", "build"),
    "words.py": ("dev",),  # only who changes the words gathers them
    "font.py": ("dev",),  # and only they make the font anew
    "scale": ("scale",),
    "company": ("scale",),
    "tests": ("lab", "build", "scale", "dev", "proof"),
}


def test_every_library_that_is_imported_is_declared():
    providers = packages_distributions()
    undeclared = {
        f"{path.relative_to(ROOT)} imports {name}"
        for path in [*(ROOT / "crmlab").rglob("*.py"), *(ROOT / "tests").rglob("*.py")]
        for name in libraries(path) - {"crmlab", "tests", *sys.stdlib_module_names}
        if declared(path).isdisjoint(plain(one) for one in providers.get(name, [name]))
    }
    assert undeclared == set()


def declared(path):
    """Return the libraries that the room of a module may count on."""
    extras = [extra for room in EXTRAS if room in path.parts for extra in EXTRAS[room]]
    brought = [name for extra in extras for name in PROJECT["optional-dependencies"][extra]]
    return {plain(requirement) for requirement in [*PROJECT["dependencies"], *brought]}


def plain(requirement):
    """'Jinja2>=3.1' -> 'jinja2', spelt as the package index compares names."""
    return re.match(r"[\w.-]+", requirement)[0].lower().replace("_", "-")


def libraries(path):
    """Return the top-level names that a module imports, relative ones apart."""
    found, within = [], [ast.parse(path.read_text(encoding="utf-8"))]
    for node in within:
        if isinstance(node, ast.Import):
            found += [each.name for each in node.names]
        elif isinstance(node, ast.ImportFrom):
            found += [node.module] if node.module and not node.level else []
        elif not isinstance(node, ast.expr):  # which holds no import, and most of a tree
            within += ast.iter_child_nodes(node)
    return {name.split(".")[0] for name in found}
