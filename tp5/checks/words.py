"""Words, lists and mappings: there are as many as are needed, and none twice."""

from __future__ import annotations

import contextlib
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np

from .sentence import shown


def as_labels(name: str, value: object, n: int | None = None) -> list[str]:
    """Return words or numbers as a list of str; raise ValueError unless there are ``n`` of them.

    A word stands for its letters: "ABC" are three labels.
    """
    words = as_sequence(name, list(value) if isinstance(value, str) else value, n)
    return [str(word).encode("utf-8", "replace").decode() for word in words]


def as_mapping(name: str, value: object, least: int = 1) -> dict[str, Any]:
    """Return a dictionary with str as keys; raise ValueError unless it is one, with entries."""
    if not isinstance(value, Mapping) or len(value) < least:
        raise ValueError(
            f"{name} must be a mapping of names to what they stand for, with at least {least} "
            f"entries, not {shown(value)}."
        )
    return {str(key): entry for key, entry in value.items()}


def as_sequence(name: str, values: object, n: int | None = None, least: int = 1) -> list[Any]:
    """Return a list; raise ValueError if there is nothing in it, or not n."""
    if isinstance(values, str | bytes) or not isinstance(values, Iterable):
        raise ValueError(f"{name} must be a sequence, not {shown(values)}.")
    items = list(values)
    if len(items) < least:
        raise ValueError(f"{name} is empty; give at least one.")
    if n is not None and len(items) != n:
        raise ValueError(f"{name} has {len(items)} entries, but {n} are needed, one for each.")
    return items


def as_list(name: str, values: object) -> list[Any]:
    """Return a list; raise ValueError if there is nothing in it, or something twice."""
    items = as_sequence(name, values)
    for number, item in enumerate(items):
        if any(np.array_equal(item, other) for other in items[:number]):
            raise ValueError(f"{name} has {shown(item)} twice; give each once.")
    return items


def place_of(name: str, value: object, options: Sequence[Any]) -> int:
    """Return where a value stands among some; raise ValueError if it is none of them."""
    for place, option in enumerate(options):
        if isinstance(value, str | int | float | np.generic) and value == option:
            return place
    known = ", ".join(map(str, options))
    raise ValueError(f"{name} must be one of {known}, not {shown(value)}.")


def as_dtype(dtype: object) -> np.dtype:
    """Return NumPy's float32 or float64; raise ValueError if something else is meant."""
    kind = None
    with contextlib.suppress(Exception):  # whatever NumPy says of what names no dtype
        kind = None if dtype is None else np.dtype(dtype)  # type: ignore[call-overload]
    if kind not in (np.dtype("float64"), np.dtype("float32")):
        raise ValueError(f"dtype must be 'float64' or 'float32', not {shown(dtype)}.")
    return kind


def one_of(name: str, value: object, options: Iterable[str]) -> str:
    """Return ``value``; raise ValueError unless it is one of some words."""
    options = list(options)
    if not isinstance(value, str) or value not in options:
        raise ValueError(f"{name} must be one of {', '.join(options)}, not {shown(value)}.")
    return value
