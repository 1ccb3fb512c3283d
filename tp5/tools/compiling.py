"""Compile the training loops once, for both dtypes, so that no class waits for it.

``python -m tp5 compile``, which ``make lab`` calls. Compiling takes seconds; afterwards the code is
loaded from the disk in a fraction of one.
"""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path

import numpy as np

from .. import compiled
from ..models import Autoencoder, VariationalAutoencoder
from ..training import SGD, Adam
from ..training.one_run import losses_of

DTYPES = ("float32", "float64")


def compile_all() -> str:
    """Compile for both dtypes, each in a process of its own; return a sentence about it."""
    if not compiled.available():
        return "no Numba here: every training takes the blackboard, which is slower."
    started = time.perf_counter()
    code = "from tp5.tools.compiling import compile_one; compile_one({!r})"
    processes = [subprocess.Popen([sys.executable, "-c", code.format(dtype)]) for dtype in DTYPES]
    codes = [process.wait() for process in processes]
    if any(codes):
        return "compiling failed; see above, or: python -m tp5 doctor"
    compile_here()  # both wrote Numba's one index: what one has lost of the other's is made good
    seconds = time.perf_counter() - started
    return f"the training loops are compiled ({seconds:.0f} s); the code is kept in {kept_in()}."


def compile_here() -> float:
    """Compile, or load, what there is for both dtypes; return the seconds that it took."""
    started = time.perf_counter()
    for dtype in DTYPES:
        compile_one(dtype)
    return time.perf_counter() - started


def compile_one(dtype: str) -> None:
    """Train a tiny network in every way that there is a loop for."""
    X = np.eye(4)
    model = Autoencoder((4, 2, 4), dtype=dtype)
    for optimizer, batch_size in ((SGD(0.1), 1), (Adam(0.1), 2)):
        model.fit(X, optimizer=optimizer, epochs=1, batch_size=batch_size, rng=0, progress=False)
    vae = VariationalAutoencoder((400, 128, 2), dtype=dtype)  # one that is large
    vae.fit(np.eye(2, 400), optimizer=Adam(0.1), epochs=1, rng=0, progress=False)
    assert model.theta is not None
    if dtype == "float64":  # what scipy's methods ask for
        losses = losses_of(model.objective(X, X, model.theta), run=0)
        losses.loss(model.theta[0])
        losses.loss_and_grad(model.theta[0])


def kept_in() -> str:
    """Say where the compiled code is, without naming a folder of this machine."""
    from ..compiled.jit import cache_folder

    folder = cache_folder()
    for place, name in ((Path(sys.prefix), "this environment"), (Path.home(), "your home")):
        if folder.is_relative_to(place):
            return f"{name}, in {folder.parent.relative_to(place).as_posix()}"
    return "a folder for this session only, for no other can be written"
