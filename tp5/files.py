"""Where the course's data lie, and how a file is written: whole or not at all."""

from __future__ import annotations

import errno
import os
import stat
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

PART = ".part"  # how the name of an unfinished file ends
OLD = 3600.0  # seconds after which an unfinished file has nobody who still writes it

# What a full or failing disk says while a file is being written.
DISK = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EIO, errno.EROFS}


def data_path(name: str) -> Path:
    """Path of a file that the course ships, in a checkout and in an installed wheel alike.

    Parameters
    ----------
    name : str
        Path below ``data/``, for example ``"font.h"``.

    Returns
    -------
    pathlib.Path

    Raises
    ------
    FileNotFoundError
        If the file is in neither place.
    """
    package = Path(__file__).resolve().parent
    for folder in (package / "data", package.parent / "data"):  # wheel, checkout
        if (folder / name).exists():
            return folder / name
    raise FileNotFoundError(
        f"data/{name} is missing beside {package}; clone the repository again or reinstall tp5."
    )


@contextmanager
def atomic_write(path: str | os.PathLike[str]) -> Iterator[IO[bytes]]:
    """Open a file for writing that replaces ``path`` only when everything is on disk.

    The bytes go to a temporary file in the same folder, which takes the name in one step
    (``os.replace``). A crash, a full disk or an interrupt leaves the old file as it was. A link
    stays a link, and a file keeps its permissions.

    Parameters
    ----------
    path : path
        The file to write. Its folder must exist.

    Yields
    ------
    binary file

    Raises
    ------
    ValueError
        If it is no path.
    OSError
        If the folder does not exist, or the system does not let us write: no permission, no
        space, a folder of that name, a file that is write-protected.

    Examples
    --------
    >>> with atomic_write("model.npz") as file:  # doctest: +SKIP
    ...     np.savez(file, theta=theta)
    """
    given, path = path, writable(path)
    sweep(path)
    temporary = ""
    try:
        handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.", suffix=PART)
        with os.fdopen(handle, "wb") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        Path(temporary).chmod(rights_of(path))
        Path(temporary).replace(path)
    except BaseException as error:
        if temporary:
            Path(temporary).unlink(missing_ok=True)
        if isinstance(error, OSError) and is_ours(error, temporary):
            raise type(error)(f"cannot write {given}: {why(error)}.") from None
        raise


def writable(path: object) -> Path:
    """Return where to write, behind all links; raise OSError, or ValueError, if one cannot."""
    if not isinstance(path, str | os.PathLike) or not isinstance(os.fspath(path), str):
        raise ValueError(f'path must be the name of a file, such as "model.npz", not {path!r}.')
    if not os.fspath(path) or "\0" in os.fspath(path):
        raise ValueError(f'{os.fspath(path)!r} names no file; give a name, such as "model.npz".')
    target = Path(os.path.realpath(path))
    if target.is_dir():
        raise IsADirectoryError(f"cannot write {path}: it is a folder; add the name of a file.")
    if not target.parent.is_dir():
        raise FileNotFoundError(
            f"cannot write {target.name}: the folder {target.parent} does not exist; make it first."
        )
    if os.path.lexists(target) and not target.is_file():
        raise OSError(f"cannot write {path}: it is not a file but a device, or a link to itself.")
    # Replacing a file asks for no permission to write it, so we ask (root may do everything).
    if target.exists() and not (os.access(target, os.W_OK) and target.stat().st_mode & 0o222):
        raise PermissionError(
            f"cannot write {path}: it is write-protected; choose another name, or lift that."
        )
    return target


def rights_of(path: Path) -> int:
    """Return the permissions of a file, or those that open() would give to a new one."""
    if path.exists():
        return stat.S_IMODE(path.stat().st_mode)
    umask = os.umask(0)  # mkstemp makes files private (0600)
    os.umask(umask)
    return 0o666 & ~umask


def sweep(path: Path) -> None:
    """Remove what a killed `atomic_write` of the same file left behind, if it is old."""
    begins = f".{path.name}."
    for left in path.parent.iterdir() if os.access(path.parent, os.R_OK) else ():
        ours = left.name.startswith(begins) and left.name.endswith(PART)
        try:
            if ours and left.lstat().st_mtime < time.time() - OLD:
                left.unlink()
        except OSError:  # somebody else was faster, or may and we may not
            continue


def is_ours(error: OSError, temporary: str) -> bool:
    """Whether an error is of the file that we write, and not of one that the caller reads."""
    if error.filename in (None, ""):
        return error.errno in DISK
    return not temporary or error.filename == temporary


def why(error: OSError) -> str:
    """Say in words what the system said in numbers."""
    words = {
        **dict.fromkeys(
            (errno.ENOSPC, errno.EDQUOT), "the disk is full; make room, or choose another"
        ),
        **dict.fromkeys((errno.EACCES, errno.EPERM), "you have no permission for its folder"),
        errno.EROFS: "that disk is read-only; choose another folder",
        errno.ENAMETOOLONG: "its name is too long",
    }
    return words.get(error.errno or 0, str(error.strerror or error))
