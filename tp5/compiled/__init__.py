"""The same step as on the blackboard, told in loops that Numba compiles on first use.

It trains every small network, with the same bits on every processor. ``TP5_COMPILED=0`` in the
environment, or a machine without Numba, leaves everything to the blackboard: same names, slower.
"""

from __future__ import annotations

import os
import warnings
from functools import cache
from importlib.util import find_spec
from typing import Any

from ..threads import in_peace
from .forms import LayerGradient, Layers, describe, of_run

__all__ = ["LayerGradient", "Layers", "available", "core", "describe", "of_run"]


def available() -> bool:
    """Whether there is a compiled core, and nobody has switched it off."""
    wanted = os.environ.get("TP5_COMPILED", "1") != "0"
    return wanted and find_spec("numba") is not None and importable()


@cache
def importable() -> bool:
    """Whether Numba can be imported; it refuses a NumPy that is newer than it knows, say."""
    try:
        core()
    except ImportError as why:
        warnings.warn(
            f"Numba is here and cannot be imported ({why}): every training takes the blackboard, "
            f"which is slower; mend it with: pip install --upgrade numba",
            stacklevel=2,
        )
        return False
    return True


@cache
def core() -> Any:
    """Return the module `tp5.compiled.engine`; it imports Numba, whole even if interrupted."""

    def load() -> Any:
        from . import engine

        return engine

    return in_peace(load)
