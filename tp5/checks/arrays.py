"""The door through which every array comes in."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from .sentence import shown


def as_data(
    name: str,
    value: object,
    shape: int | Sequence[Any],
    dtype: np.typing.DTypeLike | None = float,
    finite: bool = True,
) -> np.ndarray:
    """Return an array of floats, checked: the door through which every array comes in.

    Parameters
    ----------
    name : str
        What the caller calls it, for the message.
    value : array_like
    shape : int, or sequence of int, str or ...
        An int is the features that each sample must have: (n_samples, shape), or one data set a
        run, (n_runs, n_samples, shape). A sequence says what each axis is: a number is its length,
        a word names one that may have any; `...` in front stands for any number of axes.
    dtype : float32, float64 or None
        None leaves float32 as it is and makes float64 of everything else.
    finite : bool
        Whether NaN and infinities are refused.

    Returns
    -------
    ndarray of ``dtype``, C-contiguous

    Raises
    ------
    ValueError
        If it is not numeric, has another shape, nothing in it, masked values, or a value that is
        not finite.
    """
    raw = as_numbers(name, value)
    if dtype is None:
        dtype = raw.dtype if raw.dtype == np.float32 else float
    with np.errstate(over="ignore"):  # what float32 cannot hold is found below
        array = np.asarray(raw, dtype=dtype, order="C")
    check_shape(name, array.shape, shape)
    if finite and not np.isfinite(array).all():
        position = tuple(int(i) for i in np.argwhere(~np.isfinite(array))[0])
        raise ValueError(
            f"{name} has a value that is not finite, {array[position]}, at index {position}; "
            f"remove or replace it."
        )
    return array


def as_numbers(name: str, value: object) -> np.ndarray:
    """Return an array as NumPy reads it; raise ValueError unless it holds numbers, none masked."""
    try:
        raw = np.asarray(value)
    except Exception:  # rows of unequal length, or whatever an object's __array__ raises
        raw = np.array(None)
    if raw.dtype.kind not in "biuf":
        kind = type(value).__name__
        raise ValueError(f"{name} must be an array of numbers, not {kind} of {raw.dtype}.")
    if np.ma.is_masked(value):
        raise ValueError(
            f"{name} has masked values, and nothing here knows masks; leave those samples out, or "
            f"fill them with numpy.ma.filled."
        )
    return raw


def check_shape(name: str, shape: tuple[int, ...], wanted: int | Sequence[Any]) -> None:
    """Raise ValueError unless a shape is the one that is wanted (see `as_data`)."""
    if isinstance(wanted, int | np.integer):
        right = len(shape) in (2, 3) and shape[-1] == wanted
        asked = f"(n_samples, {wanted}), or (n_runs, n_samples, {wanted}) for one data set a run"
    else:
        axes = [axis for axis in wanted if axis is not ...]
        spare = len(shape) - len(axes)  # axes in front, which only `...` allows
        fits = [isinstance(a, str) or a == n for a, n in zip(axes[::-1], shape[::-1], strict=False)]
        right = all(fits) and (spare == 0 or (spare > 0 and ... in wanted))
        names = ["..." if axis is ... else str(axis) for axis in wanted]
        asked = f"({', '.join(names)}{',' if len(names) == 1 else ''})"
    if not right:
        many = "n_samples" in asked and len(shape) == 3
        hint = "; of several runs take one, such as model.best" if many else ""
        raise ValueError(f"{name} has shape {shape}, but must be {asked}{hint}.")
    if 0 in shape:
        raise ValueError(f"{name} has shape {shape}: there is no sample in it.")


def as_pictures(
    name: str,
    value: object,
    shape: int | Sequence[Any],
    dtype: np.typing.DTypeLike | None = float,
) -> np.ndarray:
    """Return pictures as floats: what `as_data` asks, and that 1 is ink or white, not 255.

    An answer of PCA may spill over [0, 1]; whole numbers above 1 are a picture that nobody scaled.
    """
    array = as_data(name, value, shape, dtype)
    if array.max() >= 2 and np.array_equal(array, np.round(array)):
        raise ValueError(
            f"{name} has whole numbers up to {array.max():g}, but a picture's values lie in "
            f"[0, 1]; divide it by {255 if array.max() > 15 else array.max():g}."
        )
    return array


def picture_shape(
    shape: object, n_pixels: int | None = None, colour: bool = False
) -> tuple[int, ...]:
    """Return (height, width); raise ValueError unless it is that, and has so many pixels.

    With ``colour`` it may also be (height, width, 3).
    """
    sides = tuple(shape) if isinstance(shape, tuple | list) else ()
    if len(sides) != 2 and not (colour and len(sides) == 3 and sides[2] == 3):
        sides = (0,)
    if not all(isinstance(side, int | np.integer) and side >= 1 for side in sides):
        asked = "(height, width), two whole numbers of at least 1"
        asked += ", or (height, width, 3) in colour" if colour else ""
        raise ValueError(f"shape must be {asked}, not {shown(shape)}.")
    if n_pixels is not None and np.prod(sides) != n_pixels:
        raise ValueError(f"pictures of {n_pixels} pixels are not {'×'.join(map(str, sides))}.")
    return tuple(int(side) for side in sides)


def as_probabilities(name: str, array: np.ndarray) -> np.ndarray:
    """Return ``array``; raise ValueError unless every value lies in [0, 1]."""
    if array.min() < 0 or array.max() > 1:
        raise ValueError(
            f"{name} has values from {array.min():g} to {array.max():g}, but binary cross-entropy "
            f"needs them in [0, 1]; scale the data."
        )
    return array
