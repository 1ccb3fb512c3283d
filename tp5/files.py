"""Where the course's data lie, and how a file is written: whole or not at all."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO


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
    (``os.replace``). A crash, a full disk or an interrupt leaves the old file as it was.

    Parameters
    ----------
    path : path
        The file to write. Its folder must exist.

    Yields
    ------
    binary file

    Raises
    ------
    FileNotFoundError
        If the folder does not exist.

    Examples
    --------
    >>> with atomic_write("model.npz") as file:  # doctest: +SKIP
    ...     np.savez(file, theta=theta)
    """
    path = Path(path)
    if not path.parent.is_dir():
        raise FileNotFoundError(
            f"cannot write {path.name}: the folder {path.parent} does not exist; make it first."
        )
    # mkstemp makes files private (0600); a finished file gets the rights open() would have given.
    umask = os.umask(0)
    os.umask(umask)
    handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(handle, "wb") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        Path(temporary).chmod(0o666 & ~umask)
        Path(temporary).replace(path)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise
