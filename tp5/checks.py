"""What every model asks of the arrays it is given; one clear sentence where it is not so."""

from __future__ import annotations

import reprlib

import numpy as np

SHORT = reprlib.Repr()
SHORT.maxstring = SHORT.maxother = SHORT.maxlong = 60


class ModelError(ValueError):
    """A model cannot do what it is asked: not trained yet, or a file that is no model."""


def as_data(name: str, value: object, width: int, dtype: np.typing.DTypeLike = float) -> np.ndarray:
    """Return an array of samples, checked.

    Parameters
    ----------
    name : str
        What the caller calls it, for the message.
    value : array_like, shape (n_samples, width) or (n_runs, n_samples, width)
    width : int
        Features that each sample must have.
    dtype : float32 or float64

    Returns
    -------
    ndarray of ``dtype``, C-contiguous

    Raises
    ------
    ValueError
        If it is not numeric, has other dimensions, no sample, another width, or a value that is
        not finite.
    """
    try:
        raw = np.asarray(value)
    except ValueError:  # rows of unequal length
        raw = np.array(None)
    if raw.dtype.kind not in "biuf":
        kind = type(value).__name__
        raise ValueError(f"{name} must be an array of numbers, not {kind} of {raw.dtype}.")
    with np.errstate(over="ignore"):  # what float32 cannot hold is found below
        array = np.ascontiguousarray(raw, dtype=dtype)
    if array.ndim not in (2, 3) or array.shape[-1] != width:
        raise ValueError(
            f"{name} has shape {array.shape}, but must be (n_samples, {width}), "
            f"or (n_runs, n_samples, {width}) for one data set a run."
        )
    if 0 in array.shape:
        raise ValueError(f"{name} has shape {array.shape}: there is no sample in it.")
    if not np.isfinite(array).all():
        position = tuple(int(i) for i in np.argwhere(~np.isfinite(array))[0])
        raise ValueError(
            f"{name} has a value that is not finite, {array[position]}, at index {position}; "
            f"remove or replace it."
        )
    return array


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
    if isinstance(value, int | float | np.integer | np.floating):
        above = low <= value if interval[0] == "[" else low < value
        below = value <= high if interval[-1] == "]" else value < high
        if above and below:
            return float(value)
    shown = value.item() if isinstance(value, np.generic) else value  # 0.5, not np.float64(0.5)
    raise ValueError(f"{name} must be a number in {interval}, not {shown!r}.")


def at_least(name: str, value: int, low: int = 1) -> int:
    """Return ``value``; raise ValueError unless it is a whole number of at least ``low``."""
    if not isinstance(value, int | np.integer) or value < low:
        raise ValueError(f"{name} must be a whole number of at least {low}, not {value!r}.")
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
    return " ".join(SHORT.repr(plain).split())
