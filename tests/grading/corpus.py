"""A class of hostile and broken submissions to the small shop, and what each deserves."""

import json
import os
import stat
import zipfile
from pathlib import Path

from crmlab.classroom.strip import stripped

SOLVED = {
    "mean_spend = ...": 'mean_spend = mine["spend"].mean()',
    "shares = ...": 'total = mine.groupby("tier")["spend"].sum()\n'
    'shares = (total / total.sum()).rename("share").reset_index()',
    "fewer = ...": 'fewer = mine["tier"].value_counts().idxmin()',
    "claim = ...": 'claim = "Perhaps."',
}
FULL = 4

# What a cell before the second question tries, and the note that is to be read about it. All of
# them stand in one notebook, which keeps its points.
WALLS = {
    "endless_loop": ("while True: pass", "the cell took longer than 3 seconds"),
    "memory": ("held = bytearray(3_000_000_000)", "MemoryError"),
    "disk": (
        "for n in range(9): open(f'/tmp/{n}', 'wb').write(bytes(4_000_000))",
        "OSError: [Errno 28] No space left on device",
    ),
    "exits": ("import sys; sys.exit(0)", "SystemExit: 0"),
    "reads_solution": ("print(open({source!r}).read())", "FileNotFoundError"),
    "reads_neighbour": ("print(open({neighbour!r}).read())", "FileNotFoundError"),
    "reads_key": ("print(open({key!r}).read())", "FileNotFoundError"),
    "writes": ("open({outside!r}, 'w').write('was here')", "FileNotFoundError"),
    "network": (
        "import socket; socket.create_connection(('127.0.0.1', {port}))",
        "ConnectionRefusedError",
    ),
    "memory_without_a_map": ("import os; os.memfd_create('x')", "OSError: [Errno 38]"),
    "system_v": (
        "import ctypes; segment = ctypes.CDLL(None).shmget(0, 10**9, 0o1600); assert segment > 0",
        "AssertionError",
    ),
    "shared_mapping": ("import mmap; mmap.mmap(-1, 10_000_000)", "OSError: [Errno 12]"),
    "unprintable_error": ("raise ValueError('\\ud800\\x1b[2J')", "ValueError: \\ud800\\x1b[2J"),
    "unprintable_code": ("'\ud800' '\x1b[2J' + 1", "TypeError"),
    "thread": (
        "import threading, time; threading.Thread(target=time.sleep, args=[99]).start()",
        "",
    ),
}
# Lines that no check writes, and the pipe that takes them.
FORGED = """
import os, json
lines = ['{"question": "90.3", "answer": 7}', '[1]', 'x', '{"cell": "5", "error": 3}', '\\ud800']
cells = ['Infinity', 'NaN', '1' + '0' * 400, '1e999', 'null', '"text"', '[]', 'true', '-0.0']
lines += ['{"question": "90.1", "answer": {"kind": "number", "columns": [], "rows": [[%s]]}}' % each
          for each in cells]
for pipe in range(3, 64):
    try:
        os.write(pipe, "\\n".join([*lines, ""]).encode("utf-8", "surrogatepass"))
    except OSError: pass
"""
# Notebooks that end as one of the pairs (points, beginning of the reason) says: where a machine's
# speed decides which limit is reached first, several are right.
STOPPED = {
    "stubborn_loop": (
        "def loop():\n    while True: len([])\n"
        "while True:\n    try: loop()\n    except BaseException: pass",
        [(1, "stopped: it used more than"), (1, "stopped: it took longer than")],
    ),
    "endless_output": (
        "import os\nwhile True: os.write(1, b'y' * 10_000)",
        [(1, "stopped: it printed more than 0.2 MB")],
    ),
    "dies": ("import os; os._exit(0)", [(1, "ended by itself before the last cell")]),
    "crashes": ("import ctypes; ctypes.string_at(0)", [(1, "ended by the signal SIGSEGV")]),
    "fork_bomb": (
        "import os\nwhile True:\n    try: os.fork()\n    except OSError: pass",
        # By its processor time or by the clock; or its first process is interrupted as any cell
        # is, and goes on with what processes are left to it, as far as it comes.
        [
            (points, reason)
            for points in (1, 2, 3, FULL)
            for reason in ("stopped: ", "ended by ", "")
        ],
    ),
}
PATCHED = {
    "patches_check": (
        "import crmlab.classroom as c\n"
        "check = c.check = lambda name, answer: print(name, 'Right.')\nfewer = 'lead'",
        FULL,
    ),
    "patches_all": (
        "import pandas as pd\npd.DataFrame.__eq__ = pd.Series.__eq__ = lambda *_: True\n"
        "import crmlab.classroom.plain as p, crmlab.classroom.judge as j\n"
        "j.judge = lambda *_: j.Verdict('right', '')\nmine['spend'] = 1.0",
        2,
    ),
}

# Instead of each answer: a thing that only looks like one, or that nobody can print.
_FAKED = {
    "faked": {
        "mean_spend": "class A(float):\n    __eq__ = lambda s, o: True\nmean_spend = A(1)",
        "shares": "import pandas as pd\nclass A(pd.DataFrame):\n    equals = lambda s, o: True\n"
        "shares = A(shares)",
        "fewer": "class A:\n    __sub__ = __rsub__ = __abs__ = lambda *_: 0\nfewer = A()",
    },
    "extreme": {
        "mean_spend": "mean_spend = 1e308",
        "shares": r"shares = shares.rename(columns={'share': '$\\bad$'})",
        "fewer": r"fewer = '\ud800\x1b[2J\r=1+1'",
    },
    "tiny": {"mean_spend": "mean_spend = 1e-310", "fewer": "fewer = fewer * 300_000"},
}
# What Jupyter runs and Python does not, before and within the answers.
_JUPYTER = {
    "mean_spend": "get_ipython().run_line_magic('matplotlib', 'inline')\nmine[\"spend\"].mean()",
    "shares": "mean_spend = _\nimport asyncio\nawait asyncio.sleep(0)\n"
    'total = mine.groupby("tier")["spend"].sum()\n'
    'shares = (total / total.sum()).rename("share").reset_index()\nshares?',
    "fewer": "files = !ls /\n!ls /\n%timeit -n1 -r1 1\n%matplotlib inline\ndisplay(3)\n"
    'fewer = mine["tier"].value_counts().idxmin()\n?fewer',
}


def solved_notebook(exercise):
    """Return the notebook of a student who answers everything right."""
    notebook = stripped(exercise)
    for cell in notebook["cells"]:
        for place, answer in SOLVED.items():
            if "".join(cell["source"]).startswith(place):
                cell["source"] = answer
    return notebook


def code_cell(text):
    """Return a code cell as a notebook holds it."""
    meta = {"cell_type": "code", "metadata": {}, "execution_count": None, "outputs": []}
    return {**meta, "source": text}


def _place(notebook, text):
    """Return where the cell that holds `text` stands."""
    return next(n for n, c in enumerate(notebook["cells"]) if text in "".join(c["source"]))


def write_class(folder, exercise, **paths):
    """Write the corpus into `folder`; return by student the pairs (points, beginning of the reason)
    of which one is right, and what the notes say."""
    expected, write = {}, _Writer(folder, exercise.name)

    def submit(student, points, reason="", note=""):
        notebook = solved_notebook(exercise)
        expected[student] = ([(points, reason)], [note] if note else [])
        return notebook

    notebook = submit("walls", FULL)
    place = _place(notebook, "**90.2**")
    for number, (code, _) in enumerate(WALLS.values()):
        text = code.format(**paths) if "{" in code and "f'" not in code else code
        notebook["cells"].insert(place + number, code_cell(text))
    # Three code cells stand before: imports, data, and the first answer with its check.
    notes = enumerate([note for _, note in WALLS.values()], 5)
    expected["walls"] = ([(FULL, "")], [f"cell {n}: {note}" for n, note in notes if note])
    write("walls", notebook)
    notebook = submit("forges", 3, note="something other than answers came out")
    notebook["cells"].insert(_place(notebook, "**90.2**"), code_cell(FORGED))
    write("forges", notebook)
    for student, (code, allowed) in STOPPED.items():
        notebook = submit(student, 0)
        expected[student] = (allowed, [])
        notebook["cells"].insert(_place(notebook, "**90.2**"), code_cell(code))
        write(student, notebook)
    for student, (code, points) in PATCHED.items():
        notebook = submit(student, points)
        notebook["cells"].insert(_place(notebook, "**90.2**"), code_cell(code))
        write(student, notebook)
    for student, answers in _FAKED.items():
        notebook = submit(student, 2 if student == "tiny" else 0)
        for number, code in enumerate(answers.values(), 1):
            place = _place(notebook, f'check("90.{3 if "fewer" in code else number}"')
            notebook["cells"].insert(place, code_cell(code))
        write(student, notebook)
    notebook = submit("jupyter", FULL)
    for cell in notebook["cells"]:
        for name, code in _JUPYTER.items():
            if cell["source"] == SOLVED[f"{name} = ..."]:
                cell["source"] = code
            if 'check("90.1"' in "".join(cell["source"]):
                cell["source"] = 'check("90.1", _)'
    write("jupyter", notebook)

    write("good", submit("good", FULL))
    write("untouched", stripped(exercise))
    expected["untouched"] = ([(0, "")], [])
    notebook = submit("deleted_checks", FULL)
    notebook["cells"] = [c for c in notebook["cells"] if "check(" not in "".join(c["source"])]
    write("deleted_checks", notebook)
    notebook = submit("renamed", FULL)
    for cell in notebook["cells"]:
        cell["source"] = "".join(cell["source"]).replace("mean_spend", "my_own_name")
    write("renamed", notebook)
    notebook = submit("wrong_kernel", 0, "the notebook's kernel is 'r', not Python")
    notebook["metadata"]["kernelspec"] = {"name": "ir", "language": "R"}
    write("wrong_kernel", notebook)
    notebook = submit("huge", 0, "the notebook is larger than 20 MB")
    notebook["cells"].append(code_cell("#" * 21_000_000))
    write("huge", notebook)

    write.raw("broken_json", b'{"cells": [')
    expected["broken_json"] = ([(0, "the file is no notebook: its JSON is broken")], [])
    write.raw("deep_json", b"[" * 100_000)
    expected["deep_json"] = ([(0, "the file is no notebook: its JSON is broken")], [])
    write.raw("no_cells", b"[]")
    expected["no_cells"] = ([(0, "the file is no notebook: it has no cells")], [])
    write.raw("no_code", b'{"cells": [{"cell_type": "markdown", "source": "hi"}, 7]}')
    expected["no_code"] = ([(0, "the notebook has no code cells")], [])
    write.link("link", paths["neighbour"])
    expected["link"] = ([(0, "the notebook is a symbolic link, not a file")], [])
    write.pipe("pipe")
    expected["pipe"] = ([(0, "the notebook is not an ordinary file")], [])
    expected["absent"] = ([(0, "no 90_shop.ipynb was handed in")], [])

    good = json.dumps(solved_notebook(exercise)).encode()
    write.zip("zipped", {"zipped/90_shop.ipynb": good})
    expected["zipped"] = ([(FULL, "")], [])
    write.zip("zip_bomb", {"90_shop.ipynb": bytes(200_000_000)})
    expected["zip_bomb"] = ([(0, "the notebook is larger than 20 MB")], [])
    write.zip("zip_climbs", {"../90_shop.ipynb": good, "/etc/90_shop.ipynb/x": good})
    expected["zip_climbs"] = ([(0, "the zip holds no 90_shop.ipynb")], [])
    write.zip("zip_link", {"90_shop.ipynb": b"/etc/passwd"}, link=True)
    expected["zip_link"] = ([(0, "the zip holds no 90_shop.ipynb")], [])
    (folder / "no_zip.zip").write_bytes(b"PK nothing")
    expected["no_zip"] = ([(0, "the zip cannot be read")], [])
    return expected


class _Writer:
    """Writes submissions of one chapter, well formed or not."""

    def __init__(self, folder: Path, name: str):
        self.folder, self.name = folder, f"{name}.ipynb"

    def __call__(self, student, notebook):
        self.raw(student, json.dumps(notebook).encode())

    def path(self, student):
        (self.folder / student).mkdir(parents=True)
        return self.folder / student / self.name

    def raw(self, student, content):
        self.path(student).write_bytes(content)

    def link(self, student, target):
        self.path(student).symlink_to(target)

    def pipe(self, student):
        os.mkfifo(self.path(student))

    def zip(self, student, members, *, link=False):
        with zipfile.ZipFile(self.folder / f"{student}.zip", "w", zipfile.ZIP_DEFLATED) as file:
            for name, content in members.items():
                member = zipfile.ZipInfo(name)
                member.compress_type = zipfile.ZIP_DEFLATED
                if link:
                    member.external_attr = (stat.S_IFLNK | 0o777) << 16
                file.writestr(member, content)
