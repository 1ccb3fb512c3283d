"""What every model asks of the arrays it is given; one clear sentence where it is not so."""

from __future__ import annotations

import contextlib
import reprlib
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np

SHORT = reprlib.Repr()
SHORT.maxstring = SHORT.maxother = SHORT.maxlong = 60


class ModelError(ValueError):
    """A model cannot do what it is asked: not trained yet, or a file that is no model."""


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


def picture_shape(shape: object, n_pixels: int | None = None) -> tuple[int, int]:
    """Return (height, width); raise ValueError unless it is that, and has so many pixels."""
    height, width = shape if isinstance(shape, tuple | list) and len(shape) == 2 else (0, 0)
    for side in (height, width):
        if not isinstance(side, int | np.integer) or side < 1:
            raise ValueError(
                f"shape must be (height, width), two whole numbers of at least 1, not "
                f"{shown(shape)}."
            )
    if n_pixels is not None and height * width != n_pixels:
        raise ValueError(f"pictures of {n_pixels} pixels are not {height}×{width}.")
    return int(height), int(width)


def as_labels(name: str, value: object, n: int | None = None) -> list[str]:
    """Return words or numbers as a list of str; raise ValueError unless there are ``n`` of them."""
    words = as_sequence(name, value, n)
    return [str(word).encode("utf-8", "replace").decode() for word in words]


def position(name: str, value: object, n: int) -> int:
    """Return a position among n, counted from 0; raise ValueError if there is none like it."""
    whole = isinstance(value, int | np.integer) and not isinstance(value, bool)
    if not whole or not 0 <= value < n:  # type: ignore[operator]
        raise ValueError(f"{name} must be a position from 0 to {n - 1}, not {shown(value)}.")
    return int(value)  # type: ignore[call-overload]


def place_of(name: str, value: object, options: Sequence[Any]) -> int:
    """Return where a value stands among some; raise ValueError if it is none of them."""
    for place, option in enumerate(options):
        if isinstance(value, str | int | float | np.generic) and value == option:
            return place
    known = ", ".join(map(str, options))
    raise ValueError(f"{name} must be one of {known}, not {shown(value)}.")


def as_mapping(name: str, value: object) -> dict[str, Any]:
    """Return a dictionary with str as keys; raise ValueError unless it is one, not empty."""
    if not isinstance(value, Mapping) or not value:
        raise ValueError(
            f"{name} must be a mapping of names to what they stand for, with at least one entry, "
            f"not {shown(value)}."
        )
    return {str(key): entry for key, entry in value.items()}


def as_sequence(name: str, values: object, n: int | None = None) -> list[Any]:
    """Return a list; raise ValueError if there is nothing in it, or not n."""
    if isinstance(values, str | bytes) or not isinstance(values, Iterable):
        raise ValueError(f"{name} must be a sequence, not {shown(values)}.")
    items = list(values)
    if not items:
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


def as_executor(executor: Any) -> Any:
    """Return an executor or None; raise ValueError if it is something that cannot run jobs."""
    if executor is not None and not callable(getattr(executor, "submit", None)):
        raise ValueError(
            f"executor must be a concurrent.futures.Executor, such as local_processes(), not "
            f"{shown(executor)}."
        )
    return executor


def one_of(name: str, value: object, options: Iterable[str]) -> str:
    """Return ``value``; raise ValueError unless it is one of some words."""
    options = list(options)
    if not isinstance(value, str) or value not in options:
        raise ValueError(f"{name} must be one of {', '.join(options)}, not {shown(value)}.")
    return value


def as_probabilities(name: str, array: np.ndarray) -> np.ndarray:
    """Return ``array``; raise ValueError unless every value lies in [0, 1]."""
    if array.min() < 0 or array.max() > 1:
        raise ValueError(
            f"{name} has values from {array.min():g} to {array.max():g}, but binary cross-entropy "
            f"needs them in [0, 1]; scale the data."
        )
    return array


def number_in(name: str, interval: str, value: object) -> float:
    """Return a number as a float, checked.

    Parameters
    ----------
    name : str
        What the caller calls it, for the message.
    interval : str
        As in mathematics: "(0, 1]" is without 0 and with 1, "[0, ∞)" has no upper end.
    value : object

    Raises
    ------
    ValueError
        If it is no number, or not in the interval.
    """
    low, high = (float(end.replace("∞", "inf")) for end in interval[1:-1].split(","))
    number = np.nan
    if isinstance(value, int | float | np.integer | np.floating) and not isinstance(value, bool):
        with contextlib.suppress(OverflowError):  # an int that is beyond every float
            number = float(value)
    above = low <= number if interval[0] == "[" else low < number
    below = number <= high if interval[-1] == "]" else number < high
    if above and below:
        return number
    raise ValueError(f"{name} must be a number in {interval}, not {shown(value)}.")


def at_least(name: str, value: int, low: int = 1) -> int:
    """Return ``value``; raise ValueError unless it is a whole number of at least ``low``."""
    whole = isinstance(value, int | np.integer) and not isinstance(value, bool)
    if not whole or value < low:
        raise ValueError(f"{name} must be a whole number of at least {low}, not {shown(value)}.")
    return int(value)


def as_rng(rng: object = None) -> np.random.Generator:
    """Return the source of chance that every ``rng`` argument of the course means.

    Parameters
    ----------
    rng : int, numpy.random.Generator or None
        A seed of 0 or more; a generator, which is used and advances; or None: another each time.

    Raises
    ------
    ValueError
        If it is anything else, as a word, a fraction, or NumPy's old ``RandomState``.
    """
    if isinstance(rng, np.random.Generator):
        return rng
    whole = isinstance(rng, int | np.integer) and not isinstance(rng, bool)
    if rng is not None and not (whole and rng >= 0):  # type: ignore[operator]
        raise ValueError(
            f"rng must be a whole number of at least 0, a numpy.random.Generator or None, "
            f"not {shown(rng)}."
        )
    return np.random.default_rng(rng)  # type: ignore[arg-type]


def shown(value: object) -> str:
    """Return how a message shows a bad value: short, in one line, whatever its ``repr`` does."""
    if isinstance(value, np.ndarray):
        return f"an array of shape {value.shape}"
    plain = value.item() if isinstance(value, np.generic) else value  # 0.5, not np.float64(0.5)
    try:
        return " ".join(SHORT.repr(plain).split())
    except ValueError:  # a whole number of more digits than Python prints
        return f"this {type(value).__name__}"
