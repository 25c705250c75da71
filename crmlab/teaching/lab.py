"""The course on a reader's desk: copied into a folder of theirs, opened in JupyterLab."""

from __future__ import annotations

import os
import zipfile
import zlib
from importlib.util import find_spec
from itertools import count
from pathlib import Path

import crmlab
from crmlab._shipped import shipped
from crmlab._words import ENGLISH, language, speaking
from crmlab.classroom.bundle import NAME as BUNDLE
from crmlab.errors import CrmlabError, MissingToolError
from crmlab.teaching.reader import reader_copy
from crmlab.teaching.start import is_ours, page_name, start_page

ROOMS = ("notebooks", "exercises")
# Below this folder stands what was handed out, unchanged: it tells a new version from an old one.
ORIGINALS = ".crmlab"


def course() -> list[Path]:
    """Return the chapters and exercises that ship, translated where they are, else in English."""
    shown: dict[str, Path] = {}
    for file in (file for room in ROOMS for file in sorted(shipped(room).glob("*.ipynb"))):
        chapter, _, spoken = file.stem.partition(".")
        name = f"{file.parent.name}/{chapter}"
        if name not in shown or spoken == language():
            shown[name] = file
    return [*shown.values()]


def copy_course(folder: Path, *, with_outputs: bool = False) -> list[str]:
    """Copy chapters and exercises into `folder`; return a line for each file left as it was.

    Chapters come without outputs, and with a blank where the reader types; with `with_outputs`
    they come as they were built. A file that is there is the reader's work and stays. If crmlab has
    a newer one than it handed out before, that is put beside it, with crmlab's version in its
    name. The start page alone is written anew each time.

    Raises
    ------
    CrmlabError
        If `folder` cannot be written to.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        told = []
        for file in course():
            text = file.read_text(encoding="utf-8")
            if file.parent.name == "notebooks" and not with_outputs:
                with speaking(file.stem.partition(".")[2] or ENGLISH):
                    text = reader_copy(text)
            told += _hand_out(text.encode(), folder, f"{file.parent.name}/{file.name}")
        return told + _start(folder)
    except OSError as error:
        raise CrmlabError(
            f"cannot copy the course into {folder}: {error.strerror}. "
            "Name a folder you may write to: crmlab lab FOLDER"
        ) from error


def unpack(handed_out: Path, folder: Path) -> list[str]:
    """Unpack the zip that a teacher handed out into `folder`; return what to tell the reader.

    A notebook that is there and differs is the reader's work and stays; the one from the zip is
    put beside it under a new name. Data and keys are the teacher's, and are renewed.

    Raises
    ------
    CrmlabError
        If the file is no zip that `crmlab course release` made.
    """
    try:
        with zipfile.ZipFile(handed_out) as packed:
            members = [each for each in packed.infolist() if not each.is_dir()]
            files = {each.filename.replace("\\", "/"): packed.read(each) for each in members}
    except (OSError, RuntimeError, zipfile.BadZipFile, zlib.error) as error:
        raise CrmlabError(f"{handed_out} cannot be unpacked: {error}. Get it once more.") from error
    if not any(name.endswith(f"/{BUNDLE}") for name in files) or not all(map(_stays, files)):
        raise CrmlabError(
            f"{handed_out} holds no {BUNDLE}: it is not what a teacher handed out. Name the zip "
            "that bears your id"
        )
    told = []
    for name, content in files.items():
        there = folder / name
        if name.endswith(".ipynb") and there.exists() and there.read_bytes() != content:
            there = _free(there, content)
            told.append(f"{name} is yours and stays; the new one is {there.name} beside it.")
        _write(content, there)
    return told


def _stays(name: str) -> bool:
    """Return whether a member of a zip stays in the folder it is unpacked into."""
    parts = name.split("/")
    return ".." not in parts and parts[0] != "" and ":" not in parts[0]


def _free(path: Path, content: bytes) -> Path:
    """Return the first numbered name beside `path` that is free, or holds `content`."""
    for number in count(2):
        beside = path.with_name(f"{path.stem} ({number}){path.suffix}")
        if not beside.exists() or beside.read_bytes() == content:
            return beside
    raise AssertionError


def _start(folder: Path) -> list[str]:
    """Write the start page, unless the reader has a file of that name."""
    page = folder / page_name()
    if page.exists() and not is_ours(page):
        return [f"{page.name} is yours and stays; move it away to get crmlab's start page."]
    page.write_text(start_page(folder), encoding="utf-8", newline="\n")
    return []


def _hand_out(file: bytes, folder: Path, name: str) -> list[str]:
    """Write one file to `folder/name`; return what to tell the reader, if anything."""
    theirs, original = folder / name, folder / ORIGINALS / name
    newer = theirs.with_name(f"{theirs.stem}.crmlab-{crmlab.__version__}{theirs.suffix}")
    told = []
    if not theirs.exists():
        _write(file, theirs)
    elif file not in (theirs.read_bytes(), original.read_bytes() if original.exists() else b""):
        told = [f"{name} is yours and stays; the new version is {newer.name} beside it."]
        if not newer.exists():
            _write(file, newer)
    _write(file, original)
    return told


def _write(file: bytes, to: Path) -> None:
    to.parent.mkdir(parents=True, exist_ok=True)
    to.write_bytes(file)


def checkout() -> Path:
    """Return the folder of the checkout that crmlab runs from.

    Raises
    ------
    CrmlabError
        If crmlab is installed: its chapters are not for writing into.
    """
    folder = shipped("notebooks").parent
    if folder.is_relative_to(Path(crmlab.__file__).parent):
        raise CrmlabError("--here is for a checkout of crmlab. Name a folder: crmlab lab FOLDER")
    return folder


def jupyterlab(folder: Path, *, browser: bool = True, port: int | None = None) -> None:
    """Open JupyterLab in `folder` on its start page; return when the reader has closed it.

    Raises
    ------
    MissingToolError
        If JupyterLab is not installed.
    """
    if find_spec("jupyterlab") is None:
        raise MissingToolError.of("JupyterLab", "lab")
    from jupyterlab.labapp import LabApp

    # Our defaults, which the reader's own settings overrule: no questions, no network.
    ours = str(Path(__file__).with_name("jupyter"))
    theirs = os.environ.get("JUPYTER_CONFIG_PATH", "")
    os.environ["JUPYTER_CONFIG_PATH"] = os.pathsep.join(filter(None, [ours, theirs]))
    trust()
    LabApp.launch_instance(arguments(folder, browser=browser, port=port))


def trust() -> None:
    """Let JupyterLab show the widgets of our own notebooks, unchanged ones, before they are run."""
    import nbformat
    from nbformat.sign import NotebookNotary

    notary = NotebookNotary()
    for file in (file for room in ROOMS for file in shipped(room).glob("*.ipynb")):
        notary.sign(nbformat.read(file, as_version=4))


def arguments(folder: Path, *, browser: bool, port: int | None) -> list[str]:
    """Return how JupyterLab is to start in `folder`: on the start page, or the first chapter."""
    pages = [folder / page_name(), *sorted((folder / "notebooks").glob("*.ipynb"))]
    there = [page.relative_to(folder).as_posix() for page in pages if page.exists()]
    page = f"/lab/tree/{there[0]}" if there else "/lab"
    given = [f"--ServerApp.root_dir={folder.resolve()}", f"--LabApp.default_url={page}"]
    if not browser:
        given.append("--no-browser")
    if port is not None:
        given.append(f"--port={port}")
    # JupyterLab refuses to run for root unless told; Windows knows no such user.
    if getattr(os, "geteuid", lambda: None)() == 0:
        given.append("--allow-root")
    return given
