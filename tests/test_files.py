"""The course's files are found; a file is written whole or not at all."""

from __future__ import annotations

import errno
import os
import stat
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tp5 import files
from tp5.files import atomic_write, data_path

POSIX = pytest.mark.skipif(sys.platform == "win32", reason="POSIX permissions and links")


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


def written(path) -> None:
    """Write a file, all of it "new"."""
    with atomic_write(path) as file:
        file.write(b"new")


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
    with pytest.raises(FileNotFoundError, match=r"cannot write model\.npz: the folder .* make it"):
        written(tmp_path / "none" / "model.npz")


@POSIX
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


# --- What stands in the way ----------------------------------------------------------------------


@pytest.mark.parametrize("path", ["", "a\0b", 5, None, b"model.npz", ["model.npz"]])
def test_what_is_no_path_is_refused(path):
    with pytest.raises(ValueError, match=r'such as "model\.npz"'):
        written(path)


def test_a_folder_is_no_file(tmp_path):
    with pytest.raises(IsADirectoryError, match=r"it is a folder; add the name of a file\.$"):
        written(tmp_path)
    assert everything_in(tmp_path) == {}


@POSIX
def test_a_write_protected_file_is_not_replaced(tmp_path):
    path = tmp_path / "model.npz"
    path.write_bytes(b"old")
    path.chmod(0o444)
    with pytest.raises(PermissionError, match=r"model\.npz: it is write-protected; choose"):
        written(path)
    assert everything_in(tmp_path) == {"model.npz": b"old"}


@POSIX
@pytest.mark.parametrize("rights", [0o600, 0o640, 0o644, 0o666])
def test_a_file_keeps_its_rights(tmp_path, rights):
    path = tmp_path / "model.npz"
    path.write_bytes(b"old")
    path.chmod(rights)
    written(path)
    assert path.read_bytes() == b"new"
    assert stat.S_IMODE(path.stat().st_mode) == rights


@POSIX
def test_a_link_stays_a_link(tmp_path):
    (tmp_path / "there").mkdir()
    path, target = tmp_path / "model.npz", tmp_path / "there" / "old.npz"
    path.symlink_to(target)
    for _ in range(2):  # it points to nothing at first, then to a file
        written(path)
        assert path.is_symlink()
        assert everything_in(tmp_path / "there") == {"old.npz": b"new"}


@POSIX
def test_a_link_to_itself_and_a_pipe_are_no_files(tmp_path):
    (tmp_path / "round").symlink_to("round")
    os.mkfifo(tmp_path / "pipe")
    for path in (tmp_path / "round", tmp_path / "pipe", "/dev/null"):
        with pytest.raises(OSError, match=f"cannot write {path}: it is not a file but"):
            written(path)
    assert Path("/dev/null").is_char_device()


@pytest.mark.parametrize(
    ("number", "said"),
    [
        (errno.ENOSPC, "the disk is full; make room, or choose another."),
        (errno.EROFS, "that disk is read-only; choose another folder."),
        (errno.EACCES, "you have no permission for its folder."),
        (errno.EIO, f"{os.strerror(errno.EIO)}."),
    ],
)
def test_a_folder_that_takes_no_file_says_so_without_the_temporary_name(
    tmp_path, monkeypatch, number, said
):
    def refuse(dir, prefix, suffix):
        raise OSError(number, os.strerror(number), str(dir / f"{prefix}abc{suffix}"))

    monkeypatch.setattr(tempfile, "mkstemp", refuse)
    with pytest.raises(OSError, match="cannot write") as error:
        written(tmp_path / "model.npz")
    assert str(error.value) == f"cannot write {tmp_path / 'model.npz'}: {said}"


def test_a_disk_that_is_full_half_way_says_so(tmp_path):
    def fill() -> None:
        with atomic_write(tmp_path / "model.npz") as file:
            file.write(b"half")
            raise OSError(errno.ENOSPC, "No space left on device")

    with pytest.raises(OSError, match=r"model\.npz: the disk is full; make room"):
        fill()
    assert everything_in(tmp_path) == {}


@POSIX
@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no /dev/full on this system")
def test_a_disk_that_is_really_full(tmp_path, monkeypatch):
    full = os.open("/dev/full", os.O_WRONLY)
    temporary = tmp_path / ".model.npz.x.part"
    temporary.touch()
    monkeypatch.setattr(tempfile, "mkstemp", lambda **_: (full, str(temporary)))
    with pytest.raises(OSError, match=r"model\.npz: the disk is full; make room"):
        written(tmp_path / "model.npz")
    assert everything_in(tmp_path) == {}


def test_an_error_of_another_file_keeps_its_words(tmp_path):
    def copy() -> None:
        with atomic_write(tmp_path / "model.npz") as file:
            file.write((tmp_path / "none").read_bytes())

    with pytest.raises(FileNotFoundError, match=r"No such file or directory: .*none"):
        copy()


def test_a_name_that_is_too_long_says_so(tmp_path):
    with pytest.raises(OSError, match="its name is too long"):
        written(tmp_path / ("n" * 255))


def test_what_a_killed_save_left_is_swept_by_the_next_one(tmp_path):
    code = (
        "import os; from tp5.files import atomic_write\n"
        "with atomic_write('model.npz') as file: file.write(b'half'); file.flush(); os._exit(9)"
    )
    environment = os.environ | {"PYTHONPATH": str(Path(files.__file__).parents[1])}
    for _ in range(2):
        subprocess.run([sys.executable, "-c", code], cwd=tmp_path, env=environment, check=False)
    left = sorted(everything_in(tmp_path))
    assert len(left) == 2, "the first one is young: somebody may still be writing it"
    os.utime(tmp_path / left[0], (0, 0))
    for name in (".other.npz.1234.part", ".model.npz.notes", "model.npz.part"):
        (tmp_path / name).touch()
        os.utime(tmp_path / name, (0, 0))  # old, and not ours
    written(tmp_path / "model.npz")
    kept = {".other.npz.1234.part", ".model.npz.notes", "model.npz.part", "model.npz", left[1]}
    assert set(everything_in(tmp_path)) == kept
