"""The box: a process that can compute, and touch nothing else.

On Linux, bubblewrap gives a command a read-only view of Python and crmlab, an empty /tmp of its
own, no network, no other processes, and limits on time, memory, processes, files and output.
"""

from __future__ import annotations

import os
import platform
import shutil
import subprocess
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from crmlab._shipped import shipped
from crmlab.errors import CrmlabError
from crmlab.grading import seccomp
from crmlab.grading.scratch import scratch
from crmlab.grading.watch import Ended, Limits, watch

HOME = "/home/student"
_SYSTEM = ("/usr", "/etc/ld.so.cache", "/etc/fonts", "/etc/alternatives", "/etc/localtime")
_LINKS = ("/bin", "/lib", "/lib64", "/sbin")
UNPROTECTED = (
    "Nothing then keeps a submission from reading your files, keys and other students' work, "
    "from writing or deleting files, from using the network, or from stopping other programs."
)


class NoBoxError(CrmlabError):
    """Submissions cannot be boxed on this machine."""

    @classmethod
    def because(cls, reason: str) -> NoBoxError:
        """Word the error, with the ways out that this machine has."""
        install = "On Debian or Ubuntu install the box: sudo apt install bubblewrap."
        if not sys.platform.startswith("linux"):
            install = "Grade on a machine with Linux."
        return cls(
            f"Submissions cannot be boxed here: {reason}. {install} Or grade without one, at your "
            f"own risk: --unsafe-no-sandbox. {UNPROTECTED}"
        )


@dataclass(frozen=True)
class View:
    """What the box shows: folders of this machine, read only, and what is masked in them."""

    shown: dict[str, str]
    hidden: tuple[str, ...] = ()

    def binds(self, *, staged: bool) -> Iterator[str]:
        """Yield bubblewrap's arguments; `staged` when an outer view has moved the folders."""
        for inside, outside in self.shown.items():
            yield from ("--ro-bind", inside if staged else outside, inside)
        for link in _LINKS:
            if Path(link).is_symlink():
                yield from ("--symlink", str(Path(link).readlink()), link)
        for path in self.hidden:
            yield from ("--tmpfs", path, "--remount-ro", path)

    def parents(self) -> Iterator[str]:
        """Yield arguments that make every folder on the way readable to an ordinary user."""
        folders = {str(above) for path in self.shown for above in Path(path).parents}
        for folder in sorted(folders - {"/"}):
            yield from ("--dir", folder)


def view(folder: Path | None = None, *, hide: Sequence[Path] = ()) -> View:
    """Return the view of one submission: the system, Python, crmlab, its data, its own `folder`.

    Exercise sources, which hold the solutions, are masked wherever they are shown, and so is
    every path of `hide`.
    """
    python = Path(sys.executable).resolve().parents[1]
    wanted = [*_SYSTEM, sys.prefix, sys.base_prefix, str(python), str(Path(__file__).parents[1])]
    wanted += [str(shipped("datasets"))]
    wanted += [link for link in _LINKS if Path(link).is_dir() and not Path(link).is_symlink()]
    shown: dict[str, str] = {}
    for path in sorted(wanted):
        if Path(path).exists() and not any(Path(path).is_relative_to(above) for above in shown):
            shown[path] = path
    secrets = [path.resolve() for path in (shipped("exercises"), *hide)]
    hidden = [str(p) for p in secrets if any(p.is_relative_to(above) for above in shown)]
    if folder is not None:
        shown[HOME] = str(folder)
    return View(shown, tuple(hidden))


def require_system() -> None:
    """Raise NoBoxError where nothing can be graded at all, boxed or not."""
    if sys.platform == "win32":
        raise NoBoxError(
            f"Grading needs Linux, and this is {sys.platform}. On Windows, install WSL "
            "(wsl --install), and type the same command in its terminal, where your files are "
            "under /mnt/c. Releasing exercises works here."
        )


def boxed(command: Sequence[str], seen: View, limits: Limits, filtered: int) -> list[str]:
    """Return `command` wrapped in the box, ready to be started.

    `filtered` is the open file that holds the filter of system calls, see `seccomp`.
    """
    inner = ["bwrap", "--unshare-all", "--unshare-user", "--disable-userns"]
    inner += ["--uid", "1000", "--gid", "1000", "--hostname", "box"]
    inner += ["--proc", "/proc", "--dev", "/dev"]
    for folder in ("/tmp", "/dev/shm"):
        inner += ["--perms", "1777", "--size", str(limits.disk_bytes), "--tmpfs", folder]
    # After /tmp, which would cover a Python or a crmlab that stands below it.
    inner += seen.binds(staged=_is_root())
    # Shared mappings of it hold memory that is in no process's count.
    inner += ["--ro-bind", "/dev/null", "/dev/zero", "--seccomp", str(filtered)]
    inner += ["--remount-ro", "/dev", "--remount-ro", "/", "--die-with-parent", "--new-session"]
    inner += ["--chdir", "/tmp", "--", *limited(command, limits)]
    return [*_drop_root(seen), *inner] if _is_root() else inner


def limited(command: Sequence[str], limits: Limits) -> list[str]:
    """Return `command` under the limits that the kernel keeps for each process."""
    return [
        "prlimit",
        f"--nproc={limits.processes}",
        # Not --as, which counts what libraries reserve and never touch.
        f"--data={limits.memory_bytes}",
        f"--cpu={limits.cpu_seconds}:{limits.cpu_seconds + 1}",
        f"--fsize={limits.disk_bytes}",
        "--nofile=256",
        "--core=0",
        "--",
        *command,
    ]


def _drop_root(seen: View) -> list[str]:
    """Return the command that becomes an ordinary user before the box is made.

    The kernel does not count root's processes, not even those of root under another name in a
    user namespace. The user's number is new for each grading process, since the limit is kept
    per user. An outer view comes first: Python may stand in a folder that only root can read. Its
    own first process takes all along when the grader is killed, since a signal that comes with
    the death of a parent of another user does not arrive.
    """
    user = str(200_000 + os.getpid())
    stage = ["bwrap", "--dir", "/tmp", *seen.parents(), *seen.binds(staged=False)]
    stage += [
        "--dev-bind",
        "/dev",
        "/dev",
        "--bind",
        "/proc",
        "/proc",
        "--unshare-pid",
        "--die-with-parent",
    ]
    stage += ["--cap-add", "CAP_SETUID", "--cap-add", "CAP_SETGID", "--"]
    drop = ["setpriv", "--reuid", user, "--regid", user, "--clear-groups", "--inh-caps=-all"]
    return [*stage, *drop, "--no-new-privs", "--"]


def _is_root() -> bool:
    return hasattr(os, "geteuid") and os.geteuid() == 0


def python(*arguments: str) -> list[str]:
    """Return the command that starts this Python anew, its warnings and user folder set aside."""
    return [sys.executable, "-B", "-P", "-s", "-W", "ignore", *arguments]


def run(
    arguments: Sequence[str],
    job: bytes = b"",
    *,
    folder: Path | None = None,
    hide: Sequence[Path] = (),
    limits: Limits | None = None,
    unsafe: bool = False,
) -> Ended:
    """Run Python with `arguments` in a box, hand it `job`, and return how it ended.

    Parameters
    ----------
    arguments : sequence of str
        What follows `python` on its command line.
    job : bytes
        What the process reads from its standard input.
    folder : Path, optional
        Shown read only as `/home/student`.
    hide : sequence of Path
        Masked, should the view show them.
    limits : Limits, optional
        On time, processor, memory, processes, disk and output.
    unsafe : bool
        Run without a box, under the limits alone. See `UNPROTECTED`.

    Returns
    -------
    Ended
        What the process printed, the lines it sent back, and the reason if it was stopped.

    Raises
    ------
    NoBoxError
        If this machine cannot box a process and `unsafe` is not given.
    """
    limits = limits or Limits()
    command = python(*arguments)
    if not unsafe:
        require_box()
        with seccomp.opened() as filtered:
            whole = boxed(command, view(folder, hide=hide), limits, filtered)
            return watch(whole, job, limits, _environment(), handed=[filtered])
    require_system()
    with scratch() as empty:
        home = str(empty)
        return watch(_unboxed(command, limits), job, limits, _environment(home), cwd=home)


def _unboxed(command: Sequence[str], limits: Limits) -> list[str]:
    """Return `command` with the limits that make sense where its user runs other programs too.

    It ends with the grader, even one that is killed, where the system has a way to say so.
    """
    whole = [*command]
    if shutil.which("prlimit"):
        whole = [part for part in limited(command, limits) if not part.startswith("--nproc")]
    return ["setpriv", "--pdeathsig", "KILL", "--", *whole] if shutil.which("setpriv") else whole


def _environment(home: str = "/tmp") -> dict[str, str]:
    """Return all that the process learns from its environment: nothing of the instructor's."""
    one_core = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"), "1")
    plain = {"PATH": "/usr/bin:/bin", "LANG": "C.UTF-8", "HOME": home, "TMPDIR": home}
    return {**plain, **one_core, "MPLBACKEND": "Agg", "PYTHONHASHSEED": "0", "PYTHONUTF8": "1"}


def require_box() -> None:
    """Raise NoBoxError, with its reason, unless a process can be boxed on this machine."""
    reason = why_not()
    if reason:
        raise NoBoxError.because(reason)


@cache
def why_not() -> str:
    """Return why a process cannot be boxed here, or nothing if one just was."""
    if not sys.platform.startswith("linux"):
        return f"bubblewrap needs Linux, and this is {sys.platform}"
    wanted = ("bwrap", "prlimit", *(("setpriv",) if _is_root() else ()))
    missing = [name for name in wanted if shutil.which(name) is None]
    if missing:
        return f"{' and '.join(missing)} not found"
    if not seccomp.knows():
        return f"the filter of system calls does not know {platform.machine()} processors"
    with seccomp.opened() as filtered:
        command = boxed(python("-c", "import crmlab; print('boxed')"), view(), Limits(), filtered)
        tried = subprocess.run(
            command,
            capture_output=True,
            encoding="utf-8",
            env=_environment(),
            check=False,
            pass_fds=[filtered],
        )
    if tried.stdout.strip() == "boxed":
        return ""
    said = tried.stderr.strip().splitlines() or [f"exit code {tried.returncode}"]
    return f"a trial run of bubblewrap failed: {said[-1]}"
