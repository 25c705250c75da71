"""crmlab.grading.box: a process that can compute, and touch nothing else."""

import os
import socket
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

import pytest

from crmlab.grading import box, seccomp, watch
from crmlab.grading.watch import Limits, memory_of, processor_of, waited_of

# Small enough to be safe on a shared machine, should a wall of the box be missing.
SMALL = Limits(
    seconds=5,
    cpu_seconds=2,
    memory_bytes=300_000_000,
    processes=20,
    disk_bytes=10_000_000,
    printed_bytes=100_000,
    answered_bytes=100_000,
)
FORTY_SLEEPERS = """
import os, time
started = 0
for _ in range(40):
    try:
        child = os.fork()
    except OSError:
        break
    if child == 0:
        time.sleep(30)
        os._exit(0)
    started += 1
print(started, flush=True)
"""


def run(code, **changes):
    return box.run(["-c", code], limits=replace(SMALL, **changes))


def said(code, **changes):
    ended = run(code, **changes)
    return ended.printed.decode().strip()


@pytest.fixture(scope="module")
def _processes_are_limited():
    """Refuse to try a bomb unless forty sleepers were held to the limit just now."""
    assert 0 < int(said(FORTY_SLEEPERS)) < SMALL.processes


def test_what_is_shown_may_stand_below_tmp_as_a_checkout_may(tmp_path):
    (tmp_path / "shown.txt").write_text("seen", encoding="utf-8")
    tmp_path.chmod(0o755)  # the box reads as an ordinary user
    code = f"print(open({str(tmp_path / 'shown.txt')!r}).read()); open('/tmp/theirs.txt', 'w')"
    seen = box.view()
    seen = replace(seen, shown={**seen.shown, str(tmp_path): str(tmp_path)})
    with seccomp.opened() as filtered:
        command = box.boxed(box.python("-c", code), seen, SMALL, filtered)
        tried = subprocess.run(
            command, capture_output=True, encoding="utf-8", check=True, pass_fds=[filtered]
        )
    assert tried.stdout == "seen\n"
    assert not Path("/tmp/theirs.txt").exists()


def living(status):
    """Return the lines of a process's status file, none if it is gone or only not yet counted."""
    try:
        lines = status.read_text(encoding="utf-8").splitlines()
    except OSError:
        return []
    return [] if any(line.startswith("State:\tZ") for line in lines) else lines


def nothing_is_left(seconds=2):
    """Return whether, in a moment, no process is left of the user that these boxes run as."""
    mine = f"Uid:\t{200_000 + os.getpid()}" if os.geteuid() == 0 else "Name:\tbwrap"
    until = time.monotonic() + seconds
    while True:
        each = [living(status) for status in Path("/proc").glob("[0-9]*/status")]
        if not any(line.startswith(mine) for lines in each for line in lines):
            return True
        if time.monotonic() > until:
            return False
        time.sleep(0.02)


# what it can do


def test_ordinary_code_runs_with_pandas_and_crmlab():
    code = "import pandas as pd, crmlab; print(pd.Series([1, 2]).sum(), crmlab.__name__)"
    ended = run(code, memory_bytes=2_000_000_000, seconds=20)
    assert (ended.printed, ended.reason) == (b"3 crmlab\n", "")


def test_a_job_goes_in_and_answers_come_out():
    code = "import os, sys; os.write(int(os.environ['CRMLAB_ANSWERS']), sys.stdin.buffer.read())"
    ended = box.run(["-c", code], b"forty-two", limits=SMALL)
    assert (ended.answered, ended.printed, ended.reason) == (b"forty-two", b"", "")


def test_its_own_folder_is_shown_and_cannot_be_written(tmp_path):
    (tmp_path / "data.csv").write_text("seen", encoding="utf-8")
    tmp_path.chmod(0o755)
    code = f"print(open('{box.HOME}/data.csv').read()); open('{box.HOME}/data.csv', 'w')"
    ended = box.run(["-c", code], folder=tmp_path, limits=SMALL)
    assert b"seen" in ended.printed
    assert b"Read-only file system" in ended.printed
    assert (tmp_path / "data.csv").read_text(encoding="utf-8") == "seen"


# what it cannot


def test_of_forty_sleepers_fewer_than_the_limit_run():
    assert 0 < int(said(FORTY_SLEEPERS)) < SMALL.processes
    assert nothing_is_left()


@pytest.mark.usefixtures("_processes_are_limited")
def test_a_fork_bomb_stays_in_the_box_and_dies_with_it():
    bomb = "import os\nwhile True:\n    try: os.fork()\n    except OSError: pass"
    ended = run(bomb, seconds=1)
    assert ended.reason
    assert nothing_is_left()


def test_an_endless_loop_is_stopped_by_the_clock_when_it_sleeps():
    ended = run("import time; time.sleep(60)", seconds=0.5)
    assert (ended.reason, ended.busy) == ("stopped: it took longer than 0.5 seconds", False)


def test_on_a_busy_machine_the_clock_waits_and_then_says_so(monkeypatch):
    monkeypatch.setattr(watch, "waited_of", lambda _: 60.0)
    ended = run("import time; time.sleep(60)", seconds=0.2)
    assert ended.reason == "stopped: it took longer than 0.6 seconds on a busy machine"
    assert ended.busy


def test_processor_time_of_all_processes_together_is_limited():
    bomb = "import os\nfor _ in range(3): os.fork()\nwhile True: pass"
    ended = run(bomb, cpu_seconds=1, seconds=60)
    assert ended.reason == "stopped: it used more than 1 seconds of processor time"
    assert nothing_is_left()


def test_an_endless_loop_is_stopped_by_its_processor_time():
    ended = run("while True: pass", cpu_seconds=1)
    assert ended.reason == "stopped: it used more than 1 seconds of processor time"


def test_memory_of_one_process_is_limited():
    ended = run("held = bytearray(400_000_000)")
    assert b"MemoryError" in ended.printed


@pytest.mark.usefixtures("_processes_are_limited")
def test_memory_of_all_processes_together_is_limited():
    code = """
import os, time
for _ in range(3):
    if os.fork() == 0:
        break
held = bytearray(b"x" * 120_000_000)
time.sleep(30)
"""
    assert run(code, seconds=60).reason == "stopped: it used more than 300 MB memory"
    assert nothing_is_left()


def test_pages_that_processes_share_count_once():
    code = """
import os, time
held = b"x" * 120_000_000
children = []
for _ in range(3):
    child = os.fork()
    if child == 0:
        time.sleep(1)
        os._exit(0)
    children.append(child)
print(sum(os.waitpid(child, 0)[1] for child in children))
"""
    ended = run(code, seconds=60)
    assert (ended.printed, ended.reason) == (b"0\n", "")


@pytest.mark.parametrize(
    ("code", "said_why"),
    [
        ("import os; os.memfd_create('x')", "[Errno 38]"),
        (
            "import ctypes as c; l = c.CDLL(None); assert l.shmget(0, 10**9, 0o1600) > 0",
            "Assertion",
        ),
        ("import mmap; mmap.mmap(-1, 1000)", "[Errno 12]"),
        ("import mmap; mmap.mmap(open('/dev/zero', 'r+b').fileno(), 1000)", "PermissionError"),
    ],
)
def test_there_is_no_memory_that_no_process_is_seen_to_hold(code, said_why):
    assert said_why in said(code)


def test_what_is_reserved_and_never_touched_is_not_held():
    code = "import mmap; held = mmap.mmap(-1, 2_000_000_000, flags=34, prot=1); print('there')"
    assert said(code) == "there"


def test_the_filter_denies_other_tongues_of_the_processor_and_knows_three_processors():
    for machine in ("x86_64", "aarch64", "riscv64"):
        assert len(seccomp.program(machine)) % 8 == 0
    assert not seccomp.knows("sparc")


@pytest.mark.parametrize("folder", ["/tmp", "/dev/shm"])
def test_the_disk_is_small_and_in_memory_only(folder):
    code = f"""
for n in range(4):
    open(f"{folder}/crmlab-box-{{n}}", "wb").write(bytes(4_000_000))
"""
    assert "No space left on device" in said(code)
    assert not list(Path(folder).glob("crmlab-box-*"))


def test_one_file_is_limited_too():
    assert "File too large" in said("open('/tmp/x', 'wb').write(bytes(20_000_000))")


def test_endless_output_is_cut_and_stopped():
    ended = run("while True: print('y' * 10_000)")
    assert ended.reason == "stopped: it printed more than 0.1 MB"
    assert len(ended.printed) == SMALL.printed_bytes


def test_endless_answers_are_cut_and_stopped():
    code = "import os\nwhile True: os.write(int(os.environ['CRMLAB_ANSWERS']), b'y' * 10_000)"
    ended = run(code)
    assert ended.reason == "stopped: its answers pass 0.1 MB"
    assert len(ended.answered) == SMALL.answered_bytes


def test_no_network_not_even_to_this_machine():
    with socket.create_server(("127.0.0.1", 0)) as listener:
        listener.settimeout(0.2)
        port = listener.getsockname()[1]
        assert "refused" in said(f"import socket; socket.create_connection(('127.0.0.1', {port}))")
        with pytest.raises(TimeoutError):
            listener.accept()


def test_no_process_outside_is_seen():
    seen = said("import os; print(*[name for name in os.listdir('/proc') if name.isdigit()])")
    assert {*seen.split()} <= {"1", "2", "3"}


@pytest.mark.parametrize("path", ["/usr/x", "/etc/x", "/home/x", "/dev/x", "/x", sys.prefix + "/x"])
def test_nothing_outside_its_tmp_can_be_written(path):
    assert "Error" in said(f"open({path!r}, 'w')")
    assert not Path(path).exists()


def test_no_solution_key_or_neighbour_is_seen(tmp_path):
    (tmp_path / "key").write_text("secret", encoding="utf-8")
    repo = Path(__file__).parents[2]
    for path in (tmp_path / "key", repo / "exercises" / "source", repo / ".git", repo / "tests"):
        assert said(f"import os; print(os.path.exists({str(path)!r}))") == "False"


def test_a_secret_inside_a_shown_folder_is_masked():
    shown = Path(box.__file__).parents[1]
    code = f"import os; print(os.listdir({str(shown / 'grading')!r}))"
    ended = box.run(["-c", code], limits=SMALL, hide=[shown / "grading"])
    assert ended.printed.strip() == b"[]"
    assert "box.py" in said(code)


def test_it_learns_nothing_from_the_environment(monkeypatch):
    monkeypatch.setenv("COURSE_SECRET", "sesame")
    assert "sesame" not in said("import os; print(dict(os.environ))")


def test_it_cannot_make_a_namespace_of_its_own():
    code = "import os; print(os.system('unshare --user --map-root-user true 2>/dev/null'))"
    assert said(code) != "0"


# how it ends


@pytest.mark.parametrize(
    ("code", "reason"),
    [
        ("import os; os._exit(3)", "ended by itself with exit code 3"),
        ("import os; os.abort()", "ended by the signal SIGABRT"),
        ("import ctypes; ctypes.string_at(0)", "ended by the signal SIGSEGV"),
        ("pass", ""),
    ],
)
def test_every_end_has_its_reason(code, reason):
    assert run(code).reason == reason


def test_a_thread_left_running_is_gone():
    code = "import os, threading, time; threading.Thread(target=time.sleep, args=(30,)).start()"
    ended = run(code + "; os._exit(0)", seconds=25)
    assert ended.reason == ""
    assert nothing_is_left()


def test_the_reason_holds_the_last_line_that_was_printed():
    ended = run("print('hello', flush=True); raise ValueError('no \\x1b[2J such thing')")
    assert ended.reason == r"ended by itself with exit code 1: ValueError: no \x1b[2J such thing"


def test_the_memory_of_a_process_that_is_gone_is_zero():
    assert memory_of(os.getpid()) > 10_000_000
    assert memory_of(os.getpid(), fairly=True) <= memory_of(os.getpid()) * 1.1
    assert processor_of(os.getpid()) > 0
    assert waited_of(os.getpid()) >= 0
    gone = 2**22 + 1
    assert memory_of(gone) == processor_of(gone) == waited_of(gone) == 0


# without a box


def test_refuses_and_says_what_would_not_be_protected(monkeypatch):
    monkeypatch.setattr(box.shutil, "which", lambda name: None)
    box.why_not.cache_clear()
    try:
        with pytest.raises(box.NoBoxError, match=r"bwrap .* not found.*--unsafe-no-sandbox.*keys"):
            run("pass")
    finally:
        box.why_not.cache_clear()


def test_refuses_on_another_system(monkeypatch):
    monkeypatch.setattr(sys, "platform", "darwin")
    assert box.why_not.__wrapped__() == "bubblewrap needs Linux, and this is darwin"


WITHOUT_POSIX = """
import os, signal, sys
sys.modules |= dict.fromkeys(["fcntl", "resource", "pwd", "grp", "termios", "pty"])
for room, names in {signal: ["SIGALRM", "SIGXCPU", "SIGKILL"], os: ["killpg", "geteuid"]}.items():
    for name in names:
        delattr(room, name)
from click.testing import CliRunner
from crmlab.grading import box, cli, course, grade, release, reports, study
sys.platform = "win32"
ended = CliRunner().invoke(cli.course, ["grade", "."])
print(repr(ended.exception))
"""


def test_off_linux_it_says_what_is_needed_before_anything_else():
    tried = subprocess.run(
        [sys.executable, "-c", WITHOUT_POSIX], capture_output=True, encoding="utf-8", check=False
    )
    said = "NoBoxError('Grading needs Linux, and this is win32. On Windows, install WSL"
    assert tried.stdout.startswith(said), tried.stderr


def test_off_linux_the_ways_out_are_those_of_the_machine(monkeypatch):
    monkeypatch.setattr(sys, "platform", "darwin")
    said = str(box.NoBoxError.because("bubblewrap needs Linux"))
    assert "apt" not in said
    assert "Grade on a machine with Linux. Or grade without one" in said


def test_a_processor_without_a_filter_has_no_box(monkeypatch):
    monkeypatch.setattr(box.platform, "machine", lambda: "sparc64")
    assert (
        box.why_not.__wrapped__() == "the filter of system calls does not know sparc64 processors"
    )


def test_refuses_where_bubblewrap_is_there_but_does_not_work(monkeypatch, tmp_path):
    false = tmp_path / "bwrap"
    false.write_text("#!/bin/sh\necho no namespaces here >&2; exit 1\n", encoding="utf-8")
    false.chmod(0o755)
    monkeypatch.setattr(box, "_environment", lambda: {"PATH": f"{tmp_path}:/usr/bin:/bin"})
    monkeypatch.setenv("PATH", f"{tmp_path}:{os.environ['PATH']}")
    assert box.why_not.__wrapped__() == "a trial run of bubblewrap failed: no namespaces here"


def test_when_asked_it_runs_without_a_box_under_the_limits_that_are_left():
    command = ["-c", "import os; print(os.getcwd()); open('x', 'w'); bytearray(400_000_000)"]
    ended = box.run(command, limits=SMALL, unsafe=True)
    assert b"crmlab-" in ended.printed
    assert b"MemoryError" in ended.printed


def test_without_a_box_what_it_leaves_behind_is_killed_too():
    code = "import subprocess; print(subprocess.Popen(['sleep', '37']).pid)"
    ended = box.run(["-c", code], limits=SMALL, unsafe=True)
    time.sleep(0.1)
    assert not living(Path("/proc", ended.printed.decode().strip(), "status"))
