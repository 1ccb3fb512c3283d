"""The square (■) while a library loads: what was begun is finished, and the next training works.

A C++ module of scipy's that is imported by halves cannot be imported again in the same process, and
neither can Numba's. Here each of many imports is interrupted, each in an interpreter of its own.
"""

from __future__ import annotations

import subprocess
import sys

import pytest

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="it sends itself a SIGINT")

# Sends an interrupt as the AT-th module of a library is about to be imported.
CODE = """
import os, signal, sys, time
import numpy as np
from tp5 import Adam, Autoencoder, Scipy, TrainingWarning
import warnings

signal.signal(signal.SIGINT, signal.default_int_handler)  # a shell's background job ignores it

class Interrupting:
    seen = 0
    def find_spec(self, name, path=None, target=None):
        if name.split(".")[0] == {library!r}:
            self.seen += 1
            if self.seen == {at}:
                os.kill(os.getpid(), signal.SIGINT)
                time.sleep(0.05)

def train():
    X = (np.random.default_rng(0).random((8, 6)) < 0.5).astype(float)
    model = Autoencoder((6, 2, 6))
    model.fit(X, optimizer={optimizer}, epochs=5, rng=0, progress=False)
    return model.theta

warnings.simplefilter("ignore")
watch = Interrupting()
sys.meta_path.insert(0, watch)
told = "nothing"
try:
    train()
except KeyboardInterrupt:
    told = "interrupted"
again = train()
print(told, watch.seen, np.isfinite(again).all(), np.array_equal(again, train()))
"""
LIBRARIES = {"scipy": "Scipy('L-BFGS-B')", "numba": "Adam()"}


def trained(library, at):
    """Return what a process says whose ``at``-th import from a library was interrupted."""
    code = CODE.format(library=library, at=at, optimizer=LIBRARIES[library])
    run = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=False, timeout=300
    )
    assert run.returncode == 0, run.stderr
    told, seen, finite, same = run.stdout.split()
    assert (finite, same) == ("True", "True")
    return told, int(seen)


@pytest.mark.parametrize("library", LIBRARIES)
def test_an_import_is_finished_before_a_training_can_be_interrupted(library):
    told, n_modules = trained(library, 0)
    assert told == "nothing"
    assert n_modules > 20, "it is loaded when it is first needed"
    for at in range(1, n_modules, max(1, n_modules // 3)):
        told, seen = trained(library, at)
        assert told == "interrupted", at
        assert seen >= at
