"""The course's files are found; a file is written whole or not at all."""

from __future__ import annotations

import os
import stat
import sys
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tp5 import files
from tp5.files import atomic_write, data_path


def everything_in(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


# --- data_path ------------------------------------------------------------------------------------


def test_the_course_ships_its_font():
    assert data_path("font.h").is_file()


def test_a_wheel_carries_its_data_inside_the_package_and_a_checkout_beside_it(
    tmp_path, monkeypatch
):
    monkeypatch.setattr(files, "__file__", str(tmp_path / "tp5" / "files.py"))
    for folder in (tmp_path / "data", tmp_path / "tp5" / "data"):  # the wheel's goes first
        folder.mkdir(parents=True)
        (folder / "font.h").touch()
        assert data_path("font.h").parent == folder.resolve()


def test_a_missing_file_is_an_error_with_a_remedy():
    with pytest.raises(FileNotFoundError, match=r"data/nothing\.h is missing.*clone"):
        data_path("nothing.h")


# --- atomic_write ---------------------------------------------------------------------------------


@given(content=st.binary(max_size=300))
@settings(
    deadline=None, max_examples=20, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_what_was_written_is_what_is_there_and_nothing_else(tmp_path, content):
    with atomic_write(tmp_path / "model.npz") as file:
        file.write(content)
    assert everything_in(tmp_path) == {"model.npz": content}


def test_a_path_may_be_a_string(tmp_path):
    with atomic_write(str(tmp_path / "a b.npz")) as file:
        file.write(b"new")
    assert everything_in(tmp_path) == {"a b.npz": b"new"}


def test_the_old_file_stands_until_the_end(tmp_path):
    path = tmp_path / "model.npz"
    path.write_bytes(b"old")
    with atomic_write(path) as file:
        file.write(b"new")
        file.flush()
        assert path.read_bytes() == b"old"
    assert path.read_bytes() == b"new"


@pytest.mark.parametrize("failure", [OSError("disk full"), KeyboardInterrupt(), ValueError("bug")])
def test_a_failure_leaves_the_old_file_and_no_other(tmp_path, failure):
    path = tmp_path / "model.npz"
    path.write_bytes(b"old")

    def write_half() -> None:
        with atomic_write(path) as file:
            file.write(b"half of the n")
            raise failure

    with pytest.raises(type(failure)):
        write_half()
    assert everything_in(tmp_path) == {"model.npz": b"old"}


@pytest.mark.parametrize("step", ["fsync", "replace"])
def test_a_failure_of_the_system_leaves_the_old_file_and_no_other(tmp_path, monkeypatch, step):
    path = tmp_path / "model.npz"
    path.write_bytes(b"old")

    def fail(*_):
        raise OSError("no space left on device")

    monkeypatch.setattr(*{"fsync": (os, "fsync"), "replace": (Path, "replace")}[step], fail)
    with pytest.raises(OSError, match="no space left"), atomic_write(path) as file:
        file.write(b"new")
    assert everything_in(tmp_path) == {"model.npz": b"old"}


def test_a_missing_folder_is_an_error_with_a_remedy(tmp_path):
    with (
        pytest.raises(FileNotFoundError, match=r"cannot write model\.npz: the folder .* make it"),
        atomic_write(tmp_path / "none" / "model.npz"),
    ):
        pass


@pytest.mark.skipif(sys.platform == "win32", reason="POSIX permissions")
@pytest.mark.parametrize(("umask", "rights"), [(0o022, 0o644), (0o077, 0o600), (0o002, 0o664)])
def test_a_file_has_the_rights_that_open_would_give(tmp_path, umask, rights):
    before = os.umask(umask)
    try:
        with atomic_write(tmp_path / "model.npz") as file:
            file.write(b"new")
        assert os.umask(umask) == umask  # looking at the umask did not change it
    finally:
        os.umask(before)
    assert stat.S_IMODE((tmp_path / "model.npz").stat().st_mode) == rights
