"""Many pictures in one file: IDX (MNIST's own), CSV of pixels, saved arrays."""

from __future__ import annotations

import gzip
import math
import zlib
from pathlib import Path
from typing import IO, Any

import numpy as np

from .saved_arrays import ARRAYS, read_arrays

MAX_VALUES = 400_000_000
"""More pixels in one file are refused; 60,000 pictures of 28×28 are 47 million."""

Pixels = tuple[np.ndarray, list[str] | None]  # (n, height·width) or (n, height, width[, 3]); labels


def read_pixels(path: Path) -> Pixels | None:
    """Read a file of many pictures, perhaps gzipped; None if it is none.

    Parameters
    ----------
    path : Path

    Returns
    -------
    pixels : ndarray, shape (n, height, width), (n, height, width, 3) or (n, n_pixels)
    labels : list of str, or None

    Raises
    ------
    ValueError
        If it is one, and damaged or too large.
    """
    try:
        with path.open("rb") as raw:
            is_packed = raw.read(2) == b"\x1f\x8b"
            raw.seek(0)
            file: Any = gzip.GzipFile(fileobj=raw) if is_packed else raw
            start = file.read(6)
            file.seek(0)
            if start.startswith(b"\0\0") and start[2:3] in IDX_TYPES:
                return _idx(file), None
            if start.startswith(ARRAYS):
                return _arrays(file)
            is_table = path.suffix.lower() == ".csv" or path.name.lower().endswith(".csv.gz")
            return _table(file) if is_table else None
    except (EOFError, OSError, zlib.error) as error:
        if isinstance(error, PermissionError):
            raise
        raise ValueError(f"{path.name} is damaged ({error}); fetch it again.") from error
    except ValueError as error:
        raise ValueError(f"{path.name} is no file of pictures: {error}.") from error


IDX_TYPES = {b"\x08": "u1", b"\x09": "i1", b"\x0b": ">i2", b"\x0c": ">i4", b"\x0d": ">f4"}


def _idx(file: IO[bytes]) -> np.ndarray:
    """Read what yann.lecun.com/exdb/mnist describes: a type, the sizes, the values."""
    _, _, kind, n_axes = file.read(4)
    sizes = np.frombuffer(file.read(4 * n_axes), ">u4").tolist()
    if n_axes not in (3, 4):
        raise ValueError(f"it has {n_axes} axes, as labels have 1; pictures have 3")
    if math.prod(sizes) > MAX_VALUES:
        raise ValueError(f"{sizes} are too many pixels")
    dtype = np.dtype(IDX_TYPES[bytes([kind])])
    content = file.read(math.prod(sizes) * dtype.itemsize)
    if len(content) < math.prod(sizes) * dtype.itemsize:
        raise ValueError("it ends too early")
    return np.frombuffer(content, dtype).reshape(sizes)


def _arrays(file: IO[bytes]) -> Pixels:
    """Take the array of pictures out of a saved file, and the labels, if one array is as long."""
    arrays = read_arrays(file, MAX_VALUES)
    pictures = {name: array for name, array in arrays.items() if array.ndim >= 2}
    if len(pictures) != 1:
        names = ", ".join(pictures) or "none"
        raise ValueError(f"one array of pictures is wanted, and there are: {names}")
    ((_, pixels),) = pictures.items()
    labels = [array for array in arrays.values() if array.shape == (len(pixels),)]
    return pixels, [str(label) for label in labels[0]] if len(labels) == 1 else None


def _table(file: IO[bytes]) -> Pixels:
    """Read lines of pixels, with or without a header and a column of labels, the first or last."""
    first = file.readline().decode("utf-8-sig", "replace").strip()
    delimiter = ";" if first.count(";") > first.count(",") else ","
    cells = first.split(delimiter)
    try:
        np.array(cells, dtype=float)
        skip = 0
    except ValueError:
        skip = 1
    label = _label_column(cells, bool(skip))
    columns = [i for i in range(len(cells)) if i != label]
    read: dict[str, Any] = {"delimiter": delimiter, "skiprows": skip, "ndmin": 2, "comments": None}
    file.seek(0)
    pixels = np.loadtxt(file, np.float32, usecols=columns, encoding="utf-8-sig", **read)
    if label is None:
        return pixels, None
    file.seek(0)
    labels = np.loadtxt(file, str, usecols=[label], encoding="utf-8-sig", **read)
    return pixels, labels[:, 0].tolist()


def _label_column(cells: list[str], is_header: bool) -> int | None:
    """Return which column is not pixels: the one that is called so, or the one too many."""
    if is_header:
        names = [cell.strip("\"' ").lower() for cell in cells]
        for name in ("label", "class", "target", "y", "digit", "name"):
            if name in names:
                return names.index(name)
    n = len(cells)
    if math.isqrt(n) ** 2 != n and math.isqrt(n - 1) ** 2 == n - 1:
        return 0
    return None
