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

# Cells put before the second question, the points left, and the reason or note to be read.
CELLS = {
    "endless_loop": ("while True: pass", FULL, "", "cell 5: the cell took longer than 1 seconds"),
    "stubborn_loop": (
        "def loop():\n    while True: len([])\n"
        "while True:\n    try: loop()\n    except BaseException: pass",
        1,
        "stopped: it ",  # by its processor time, or on a busy machine by the clock
        "",
    ),
    "sleeper": (
        "import time\nwhile True:\n    try: time.sleep(60)\n    except BaseException: pass",
        1,
        "stopped: it took longer than 6 seconds",
        "",
    ),
    "memory_bomb": ("held = bytearray(3_000_000_000)", FULL, "", "cell 5: MemoryError"),
    "disk": (
        "for n in range(9): open(f'/tmp/{n}', 'wb').write(bytes(4_000_000))",
        FULL,
        "",
        "cell 5: OSError: [Errno 28] No space left on device",
    ),
    "endless_output": (
        "while True: print('y' * 10_000)",
        1,
        "stopped: it printed more than 0.2 MB",
        "",
    ),
    "exits": ("import sys; sys.exit(0)", FULL, "", "cell 5: SystemExit: 0"),
    "dies": ("import os; os._exit(0)", 1, "ended by itself before the last cell", ""),
    "crashes": ("import ctypes; ctypes.string_at(0)", 1, "ended by the signal SIGSEGV", ""),
    "thread": (
        "import threading, time; threading.Thread(target=time.sleep, args=(99,)).start()",
        FULL,
        "",
        "",
    ),
    "reads_solution": (
        "print(open({source!r}).read())",
        FULL,
        "",
        "cell 5: FileNotFoundError",
    ),
    "reads_neighbour": ("print(open({neighbour!r}).read())", FULL, "", "cell 5: FileNotFoundError"),
    "reads_key": ("print(open({key!r}).read())", FULL, "", "cell 5: FileNotFoundError"),
    "writes": ("open({outside!r}, 'w').write('was here')", FULL, "", "cell 5: "),
    "network": (
        "import socket; socket.create_connection(('127.0.0.1', {port}))",
        FULL,
        "",
        "cell 5: ConnectionRefusedError",
    ),
    "forges": (
        "import os, json\nfor pipe in range(3, 64):\n    try:\n"
        '        os.write(pipe, b\'{{"question": "90.3", "answer": 7}}\\n[1]\\nx\\n\')\n'
        "    except OSError: pass",
        FULL,
        "",
        "something other than answers came out",
    ),
    "patches_check": (
        "import crmlab.classroom as c\n"
        "check = c.check = lambda name, answer: print(name, 'Right.')\nfewer = 'lead'",
        FULL,
        "",
        "",
    ),
    "patches_pandas": (
        "import pandas as pd\npd.DataFrame.__eq__ = pd.Series.__eq__ = lambda *_: True\n"
        "mine['spend'] = 1.0",
        2,
        "",
        "",
    ),
    "patches_crmlab": (
        "import crmlab.classroom.plain as p, crmlab.classroom.judge as j\n"
        "j.judge = lambda *_: j.Verdict('right', '')\nmine['spend'] = 1.0",
        2,
        "",
        "",
    ),
    "fork_bomb": (
        "import os\nwhile True:\n    try: os.fork()\n    except OSError: pass",
        1,
        "stopped: ",
        "",
    ),
}

# Instead of the second question's answer: a thing that only looks like one.
_FAKED = {
    "faked_equal": "class A(float):\n    __eq__ = lambda s, o: True\nshares = A(1)",
    "faked_minus": "class A:\n    __sub__ = __rsub__ = __abs__ = lambda *_: 0\nshares = A()",
    "faked_array": "import numpy as np\nclass A(np.ndarray):\n    __eq__ = lambda s, o: True\n"
    "shares = np.zeros(2).view(A)",
    "faked_frame": "import pandas as pd\nclass A(pd.DataFrame):\n    equals = lambda s, o: True\n"
    "shares = A(shares)",
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
    """Write the corpus into `folder`; return (points, reason, note) by student."""
    expected, write = {}, _Writer(folder, exercise.name)

    def submit(student, points, reason="", note=""):
        notebook = solved_notebook(exercise)
        expected[student] = (points, reason, note)
        return notebook

    for student, (code, points, reason, note) in CELLS.items():
        notebook = submit(student, points, reason, note)
        text = code.format(**paths) if "{" in code and "f'" not in code else code
        notebook["cells"].insert(_place(notebook, "**90.2**"), code_cell(text))
        write(student, notebook)
    for student, code in _FAKED.items():
        notebook = submit(student, 2)
        notebook["cells"].insert(_place(notebook, 'check("90.2"'), code_cell(code))
        write(student, notebook)

    write("good", submit("good", FULL))
    write("untouched", stripped(exercise))
    expected["untouched"] = (0, "", "")
    notebook = submit("deleted_checks", FULL)
    notebook["cells"] = [c for c in notebook["cells"] if "check(" not in "".join(c["source"])]
    write("deleted_checks", notebook)
    notebook = submit("renamed", FULL)
    for cell in notebook["cells"]:
        cell["source"] = "".join(cell["source"]).replace("mean_spend", "my_own_name")
    write("renamed", notebook)
    notebook = submit("magics", FULL)
    notebook["cells"].insert(0, code_cell("%matplotlib inline\n!ls\ndisplay(3)"))
    write("magics", notebook)
    notebook = submit("wrong_kernel", 0, "the notebook's kernel is 'r', not Python")
    notebook["metadata"]["kernelspec"] = {"name": "ir", "language": "R"}
    write("wrong_kernel", notebook)
    notebook = submit("huge", 0, "the notebook is larger than 20 MB")
    notebook["cells"].append(code_cell("#" * 21_000_000))
    write("huge", notebook)

    write.raw("broken_json", b'{"cells": [')
    expected["broken_json"] = (0, "the file is no notebook: its JSON is broken", "")
    write.raw("deep_json", b"[" * 100_000)
    expected["deep_json"] = (0, "the file is no notebook: its JSON is broken", "")
    write.raw("no_cells", b"[]")
    expected["no_cells"] = (0, "the file is no notebook: it has no cells", "")
    write.raw("no_code", b'{"cells": [{"cell_type": "markdown", "source": "hi"}, 7]}')
    expected["no_code"] = (0, "the notebook has no code cells", "")
    write.link("link", paths["neighbour"])
    expected["link"] = (0, "the notebook is a symbolic link, not a file", "")
    write.pipe("pipe")
    expected["pipe"] = (0, "the notebook is not an ordinary file", "")
    expected["absent"] = (0, "no 90_shop.ipynb was handed in", "")

    good = json.dumps(solved_notebook(exercise)).encode()
    write.zip("zipped", {"zipped/90_shop.ipynb": good})
    expected["zipped"] = (FULL, "", "")
    write.zip("zip_bomb", {"90_shop.ipynb": bytes(200_000_000)})
    expected["zip_bomb"] = (0, "the notebook is larger than 20 MB", "")
    write.zip("zip_climbs", {"../90_shop.ipynb": good, "/etc/90_shop.ipynb/x": good})
    expected["zip_climbs"] = (0, "the zip holds no 90_shop.ipynb", "")
    write.zip("zip_link", {"90_shop.ipynb": b"/etc/passwd"}, link=True)
    expected["zip_link"] = (0, "the zip holds no 90_shop.ipynb", "")
    (folder / "no_zip.zip").write_bytes(b"PK nothing")
    expected["no_zip"] = (0, "the zip cannot be read", "")
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
