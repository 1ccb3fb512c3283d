"""What a refusal says: one short line, whatever the value is."""

from __future__ import annotations

import reprlib

import numpy as np

SHORT = reprlib.Repr()
SHORT.maxstring = SHORT.maxother = SHORT.maxlong = 60


class ModelError(ValueError):
    """A model cannot do what it is asked: not trained yet, or a file that is no model."""


def shown(value: object) -> str:
    """Return how a message shows a bad value: short, in one line, whatever its ``repr`` does."""
    if isinstance(value, np.ndarray):
        return f"an array of shape {value.shape}"
    plain = value.item() if isinstance(value, np.generic) else value  # 0.5, not np.float64(0.5)
    try:
        return " ".join(SHORT.repr(plain).split())
    except ValueError:  # a whole number of more digits than Python prints
        return f"this {type(value).__name__}"
