"""What goes from one process to another: numbers, words and lists as JSON, which runs nothing.

A pickle may run code when it is opened. So what a student's process hands back is never one: here
arrays become bytes, everything else that is not plain becomes the name of its kind.
"""

from __future__ import annotations

import base64
import io
from dataclasses import dataclass
from typing import Any

import numpy as np

DEPTH = 6  # lists in lists
ENTRIES = 100_000  # of all lists together, and characters of a word
BYTES = 2**26  # of an array
PLAIN = (bool, int, float, str)


@dataclass(frozen=True)
class Other:
    """In place of something that is no number, word or list: what kind of thing it is."""

    kind: str


class TooMuch(Exception):
    """A list is too long, too deep, or contains itself."""


def pack(value: Any) -> Any:
    """Return a value as JSON knows it; never raises, whatever the value does when it is asked.

    Parameters
    ----------
    value : Any
        None, a number, a word, an array of numbers (or what NumPy turns into one), or a list,
        tuple or dict of these. Anything else becomes an `Other`.
    """
    try:
        return _pack(value, DEPTH, [ENTRIES])
    except TooMuch:
        return {"other": f"{kind_of(value)} that is too long, too deep, or contains itself"}
    except BaseException:  # an evil __array__, __iter__ or __class__; the process is the student's
        return {"other": kind_of(value)}


def _pack(value: Any, depth: int, left: list[int]) -> Any:
    left[0] -= 1
    if not depth or not left[0]:
        raise TooMuch
    if type(value) is str and len(value) > ENTRIES:
        raise TooMuch
    if value is None or type(value) in PLAIN:
        return {"plain": value} if type(value) is not int or abs(value) < 2**63 else _big(value)
    if type(value) in (list, tuple):
        return {type(value).__name__: [_pack(one, depth - 1, left) for one in value]}
    if value is Ellipsis:
        return {"other": "ellipsis"}
    if hasattr(type(value), "__array__"):
        return pack_array(value)
    return {"other": kind_of(value)}


def _big(value: int) -> dict[str, Any]:
    return {"plain": float(value) if abs(value) < 2**1000 else float("inf")}


def pack_array(value: Any) -> dict[str, str]:
    """Pack an array, or what NumPy turns into one."""
    array = np.asarray(value)
    if array.dtype.kind not in "biufc":
        known = isinstance(value, np.ndarray)
        return {"other": f"an array of {array.dtype}" if known else kind_of(value)}
    if array.nbytes > BYTES:
        raise TooMuch
    buffer = io.BytesIO()
    np.save(buffer, array, allow_pickle=False)
    return {"array": base64.b64encode(buffer.getvalue()).decode()}


def kind_of(value: Any) -> str:
    """Return the name of its type, with an article: "a str"."""
    return f"a {str(type.__dict__['__name__'].__get__(type(value)))[:60]}"


def unpack(parcel: Any) -> Any:
    """Return what `pack` packed; raise ValueError at anything else."""
    ((kind, content),) = parcel.items()
    if kind == "plain" and (content is None or type(content) in PLAIN):
        return content
    if kind == "other":
        return Other(str(content))
    if kind in ("list", "tuple"):
        return {"list": list, "tuple": tuple}[kind](map(unpack, content))
    if kind == "array":
        return np.load(io.BytesIO(base64.b64decode(content)), allow_pickle=False)[()]
    if kind == "model":
        return unpack_model(content)
    raise ValueError(f"a parcel of kind {kind!r}")


# --- Models: as the file that they would be saved in ----------------------------------------------


def pack_model(model: Any) -> dict[str, Any]:
    """Pack a trained model of the course."""
    from ..models.storage import contents

    buffer = io.BytesIO()
    np.savez(buffer, **contents(model, compact=False))
    content = base64.b64encode(buffer.getvalue()).decode()
    return {"model": {"kind": model.kind, "file": content}}


def unpack_model(content: dict[str, str]) -> Any:
    """Return a model from what `pack_model` packed, made by this process's own classes."""
    import tempfile
    from pathlib import Path

    from .. import models

    cls: dict[str, Any] = {
        "Autoencoder": models.Autoencoder,
        "VariationalAutoencoder": models.VariationalAutoencoder,
    }
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "model.npz"
        path.write_bytes(base64.b64decode(content["file"]))
        return cls[content["kind"]].load(path)
