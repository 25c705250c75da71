"""crmlab.grading.submission: names, zips and notebooks as they really come."""

import io
import json
import shutil
import zipfile
from pathlib import Path

import pytest

from crmlab.grading.submission import LONGEST_CODE, MOST_CELLS, code_cells, find_all, strangers

GOOD = json.dumps({"cells": [{"cell_type": "code", "source": "x = 1"}]}).encode()


def found(folder, name="00_tour", others=("00_tour", "06_rfm")):
    (only,) = find_all(folder, {"ann"}, name, others=others)
    return only


def put(folder, name, content=GOOD):
    path = folder / "ann" / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    return path


def packed(members, method=zipfile.ZIP_DEFLATED):
    whole = io.BytesIO()
    with zipfile.ZipFile(whole, "w", method) as file:
        for name, content in members.items():
            file.writestr(name, content)
    return whole.getvalue()


# names


@pytest.mark.parametrize(
    "name",
    [
        *("00_tour (1).ipynb", "00_tour-1.ipynb", "Copy of 00_tour.ipynb", "00_Tour.ipynb"),
        *("00.ipynb", "tour.ipynb", "00_tour.ipynb.txt", "ann/00_tour_final.ipynb"),
        "homework.ipynb",
    ],
)
@pytest.mark.parametrize("zipped", [False, True])
def test_a_notebook_under_another_name_is_named(tmp_path, name, zipped):
    if zipped:
        (tmp_path / "ann.zip").write_bytes(packed({name: GOOD}))
    else:
        put(tmp_path, name)
    last = name.rpartition("/")[2]
    reason = found(tmp_path).reason
    assert reason.startswith(("no 00_tour.ipynb was handed in", "the zip holds no 00_tour.ipynb"))
    assert reason.endswith(f"there is '{last}': rename it to 00_tour.ipynb to have it graded")
    assert found(tmp_path).other == (last,)


def test_the_notebook_of_another_chapter_is_not_taken_for_it(tmp_path):
    put(tmp_path, "06_rfm.ipynb")
    put(tmp_path, "06_rfm (2).ipynb")
    put(tmp_path, ".ipynb_checkpoints")
    assert (found(tmp_path).reason, found(tmp_path).other) == ("no 00_tour.ipynb was handed in", ())
    other = found(tmp_path, "06_rfm")
    assert (other.cells, other.other) == (("x = 1",), ("06_rfm (2).ipynb",))


def test_a_chapter_with_a_letter_is_another_chapter(tmp_path):
    put(tmp_path, "04b_identity (1).ipynb")
    put(tmp_path, "04 final.ipynb")
    assert found(tmp_path, "04_database").other == ("04 final.ipynb",)
    assert found(tmp_path, "04b_identity").other == ("04b_identity (1).ipynb",)


def test_many_names_are_counted_and_none_acts_on_the_terminal(tmp_path):
    for number in range(5):
        put(tmp_path, f"00_tour\x1b[2J ({number}).ipynb")
    reason = found(tmp_path).reason
    assert r"there is '00_tour\\x1b[2J (0).ipynb'" in reason
    assert ", 2 more: rename" in reason


def test_a_name_that_is_no_text_is_a_stranger_like_others(tmp_path):
    (tmp_path / "\udcff").mkdir()
    (tmp_path / ".hidden").mkdir()
    (tmp_path / "bob.zip").touch()
    assert strangers(tmp_path, {"ann"}) == ["bob", "\udcff"]


# zips


@pytest.mark.parametrize(
    "method", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA]
)
def test_every_way_of_packing_is_read(tmp_path, method):
    (tmp_path / "ann.zip").write_bytes(packed({"ann/00_tour.ipynb": GOOD}, method))
    assert found(tmp_path).cells == ("x = 1",)


@pytest.mark.parametrize(
    "method", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA]
)
def test_a_damaged_stream_is_a_reason_and_no_crash(tmp_path, method):
    whole = packed({"00_tour.ipynb": GOOD * 50}, method)
    start = 30 + len("00_tour.ipynb")
    for place in range(start, start + 20):
        damaged = whole[:place] + bytes([whole[place] ^ 0xFF]) + whole[place + 1 :]
        (tmp_path / "ann.zip").write_bytes(damaged)
        submission = found(tmp_path)
        assert submission.reason.startswith(("the zip cannot be read: ", "the file is no notebook"))


def test_a_name_in_a_zip_that_is_no_utf_8_is_a_reason_and_no_crash(tmp_path):
    whole = packed({"00_tour_é.ipynb": GOOD})
    (tmp_path / "ann.zip").write_bytes(whole.replace("é".encode(), b"\xff\xfe"))
    assert found(tmp_path).reason.startswith("the zip cannot be read: 'utf-8' codec")


def test_a_zip_of_windows_is_read(tmp_path):
    whole = packed({"ann/00_tour.ipynb": GOOD}).replace(b"ann/00_tour", b"ann\\00_tour")
    (tmp_path / "ann.zip").write_bytes(whole)
    assert found(tmp_path).cells == ("x = 1",)


def test_a_zip_whose_contents_alone_would_fill_the_memory_is_refused(tmp_path):
    with (tmp_path / "ann.zip").open("wb") as file:
        file.truncate(50_000_001)
    assert found(tmp_path).reason == "the zip is larger than 50 MB"


# notebooks


def test_what_is_cut_off_is_said():
    code = {"cell_type": "code", "source": "x = 1"}
    cells, cut = code_cells(json.dumps({"cells": [code] * (MOST_CELLS + 7)}).encode())
    assert len(cells) == MOST_CELLS
    assert cut == (
        "its last 7 code cells were left out: 2,000 code cells and 1,000,000 characters of code "
        "are run at most"
    )
    long = {"cell_type": "code", "source": ["#", "x" * LONGEST_CODE]}
    cells, cut = code_cells(json.dumps({"cells": [code, long, code]}).encode())
    assert cells == ("x = 1",)
    assert cut.startswith("its last 2 code cells were left out")
    markdown = {"cell_type": "markdown", "source": "y" * LONGEST_CODE}
    assert code_cells(json.dumps({"cells": [markdown, code]}).encode()) == (("x = 1",), "")


def test_a_lone_surrogate_in_a_cell_can_be_written(tmp_path):
    put(tmp_path, "00_tour.ipynb", GOOD.replace(b"x = 1", b"x = '\\\\ud800\\ud800'"))
    assert found(tmp_path).cells == ("x = '\\ud800?'",)


# what cannot be read


def test_a_folder_that_cannot_be_entered_is_a_reason_and_no_crash(tmp_path, monkeypatch):
    put(tmp_path, "00_tour.ipynb")
    real = Path.lstat

    def lstat(path):
        if path.name == "00_tour.ipynb":
            raise PermissionError(13, "Permission denied")
        return real(path)

    monkeypatch.setattr(Path, "lstat", lstat)
    assert found(tmp_path).reason == "the folder cannot be read: Permission denied"


def test_whatever_a_library_does_costs_one_student(tmp_path, monkeypatch):
    put(tmp_path, "00_tour.ipynb")

    def fail(_):
        raise MemoryError

    monkeypatch.setattr("crmlab.grading.submission.code_cells", fail)
    assert found(tmp_path).reason == "the submission cannot be read: MemoryError: "


def test_a_link_is_no_notebook(tmp_path):
    elsewhere = tmp_path / "elsewhere"
    put(elsewhere, "00_tour.ipynb")
    submissions = tmp_path / "in"
    for link, target in (
        (submissions / "ann" / "00_tour.ipynb", elsewhere / "ann" / "00_tour.ipynb"),
        (submissions / "ann", elsewhere / "ann"),
        (submissions / "ann", elsewhere),  # which holds a folder of the same name
    ):
        link.parent.mkdir(parents=True, exist_ok=True)
        link.symlink_to(target)
        assert found(submissions).reason == "the notebook is a symbolic link, not a file"
        shutil.rmtree(submissions)


def test_a_folder_is_no_notebook(tmp_path):
    (tmp_path / "ann" / "00_tour.ipynb").mkdir(parents=True)
    assert found(tmp_path).reason == "the notebook is not an ordinary file"
