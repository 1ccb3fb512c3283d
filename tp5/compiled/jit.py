"""How the loops of this room are compiled, and where the machine code is kept.

Numba would keep it beside the source, where a read-only installation has no room, an uninstallation
leaves files behind, and a change in one file does not renew what was compiled of another that uses
it. So it goes to a folder of its own, named after all sources of this room together.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import sys
import tempfile
import time
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import numba
import numpy as np
from numba.core import config as numba_config
from numba.core.options import DefaultOptions

KEPT = 30 * 24 * 3600  # seconds for which the code of other sources is left alone


def compiled(function: Callable[..., Any]) -> Any:
    """Compile a function of loops on first use, once for each dtype.

    No ``fastmath``: additions stay in the order in which they stand, and no multiplication is
    fused with one, so that every processor gets the same bits. No ``parallel``: threads are given
    whole runs. ``nogil``: they run at the same time. ``error_model="numpy"``: x/0 is infinite.
    """
    with Place():
        return numba.njit(
            cache=True, nogil=True, error_model="numpy", forceinline=True, **NO_COUNTING
        )(function)


# A function that is given an array counts who refers to it, in case it must be freed: in loops as
# small as these that is a sixth of the time. No function here makes an array, so none needs
# counting. (Numba has no public name for this; without it an array made here is an error.)
NO_COUNTING: Any = {"_nrt": False} if hasattr(DefaultOptions, "_nrt") else {}

config: Any = numba_config  # its settings are made at run time


class Place:
    """Tells Numba where to keep what is decorated in a ``with`` statement, and nothing else."""

    def __enter__(self) -> None:
        self.before = config.CACHE_DIR
        if not os.environ.get("NUMBA_CACHE_DIR"):  # who says so gets it
            config.CACHE_DIR = str(cache_folder())

    def __exit__(self, *_: object) -> None:
        config.CACHE_DIR = self.before


@cache
def cache_folder() -> Path:
    """Return the folder of the machine code: in the environment, or else in the user's cache.

    An environment (venv, conda) takes it along when it is deleted; a system's Python is often
    read-only. Where neither can be written, it is compiled anew in every session.
    """
    home = Path(os.environ.get("XDG_CACHE_HOME") or os.environ.get("LOCALAPPDATA") or "~/.cache")
    for place in (Path(sys.prefix) / "var" / "cache", home.expanduser()):
        folder = place / "tp5" / fingerprint_of_sources()
        try:
            folder.mkdir(parents=True, exist_ok=True)
            with tempfile.TemporaryFile(dir=folder):
                pass
        except (OSError, RuntimeError):
            continue
        sweep(folder)
        return folder
    return Path(tempfile.mkdtemp(prefix="tp5-"))


def fingerprint_of_sources() -> str:
    """Return a name that changes when a file of this room changes, or Numba, or NumPy."""
    versions = f"{numba.__version__} {np.__version__} {sys.version}"
    digest = hashlib.sha256(versions.encode())
    for path in sorted(Path(__file__).parent.glob("*.py")):
        digest.update(path.read_bytes())
    return digest.hexdigest()[:16]


def sweep(folder: Path) -> None:
    """Remove the code of sources that are long gone from beside ``folder``."""
    os.utime(folder)
    for other in folder.parent.iterdir():
        try:
            if time.time() - other.stat().st_mtime > KEPT:
                shutil.rmtree(other)
        except OSError:  # another process was quicker, or it is not ours
            continue
