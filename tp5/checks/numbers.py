"""Numbers and seeds, in their intervals."""

from __future__ import annotations

import contextlib
import sys

import numpy as np

from .sentence import shown
from .words import as_sequence


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
    if value > sys.maxsize:
        raise ValueError(f"{name} must be at most {sys.maxsize}, not {shown(value)}.")
    return int(value)


def position(name: str, value: object, n: int) -> int:
    """Return a position among n, counted from 0; raise ValueError if there is none like it."""
    whole = isinstance(value, int | np.integer) and not isinstance(value, bool)
    if not whole or not 0 <= value < n:  # type: ignore[operator]
        raise ValueError(f"{name} must be a position from 0 to {n - 1}, not {shown(value)}.")
    return int(value)  # type: ignore[call-overload]


def as_runs(which: object, n: int) -> slice:
    """Return one run, or some, as a slice of n; one may be counted from the end, as -1.

    Raises
    ------
    IndexError
        If there is none.
    """
    runs = which
    if isinstance(which, int | np.integer) and not isinstance(which, bool) and -n <= which < n:
        runs = slice(int(which) % n, int(which) % n + 1)
    try:
        found = isinstance(runs, slice) and len(range(n)[runs]) > 0
    except (TypeError, ValueError):  # slice("a"), or with a step of 0
        found = False
    if not found or not isinstance(runs, slice):
        raise IndexError(f"there is no run {shown(which)}: there are {n}, counted from 0.")
    return runs


def as_layers(name: str, value: object) -> tuple[int, ...]:
    """Return the widths of layers; raise ValueError unless they are whole numbers from 1."""
    return tuple(at_least(f"each of {name}", width) for width in as_sequence(name, value))


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
