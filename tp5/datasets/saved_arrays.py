"""Arrays out of ``.npy`` and ``.npz`` files, without pickle, and no larger than they may be."""

from __future__ import annotations

import zipfile
from typing import IO

import numpy as np

ARRAYS = (b"\x93NUMPY", b"PK\x03\x04")  # how such files begin


def read_arrays(file: IO[bytes], most: int) -> dict[str, np.ndarray]:
    """Read the arrays of an open file; the names of a ``.npz``, or "".

    Parameters
    ----------
    file : binary file
    most : int
        Values in all arrays together, at most. The headers tell before anything is unfolded.

    Raises
    ------
    ValueError
        If it is damaged, too large, or holds something else than numbers and texts.
    """
    try:
        if file.read(2) != b"PK":
            file.seek(0)
            return {"": _read(file, most)}
        with zipfile.ZipFile(file) as archive:
            arrays: dict[str, np.ndarray] = {}
            for name in archive.namelist():
                with archive.open(name) as member:
                    array = _read(member, most - sum(array.size for array in arrays.values()))
                arrays[name.removesuffix(".npy")] = array
            return arrays
    except ValueError:
        raise
    except Exception as error:  # on damaged bytes a decoder may raise anything
        raise ValueError(f"the array is damaged ({type(error).__name__}: {error})") from error


def _read(file: IO[bytes], most: int) -> np.ndarray:
    """Read one array whose header is found reasonable."""
    major, _ = np.lib.format.read_magic(file)
    shape, in_columns, dtype = getattr(np.lib.format, f"read_array_header_{major}_0")(file)
    if dtype.kind not in "biufU":
        raise ValueError(f"it holds {dtype}, not numbers, in shape {shape}")
    if np.prod(shape, dtype=float) > most:
        raise ValueError(f"an array of shape {shape} is too large")
    size = int(np.prod(shape)) * dtype.itemsize
    content = file.read(size)
    if len(content) < size:
        raise ValueError("the array is damaged: it ends too early")
    flat = np.frombuffer(content, dtype)
    return flat.reshape(shape, order="F" if in_columns else "C")
