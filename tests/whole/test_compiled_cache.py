"""Where the machine code is kept, who may write there, and what Ctrl-C does to a long call."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time

import pytest

TRAIN = """
import sys
import numpy as np
from tp5 import Autoencoder, SGD
from tp5.compiled.jit import cache_folder
model = Autoencoder((4, 2, 4)).fit(np.eye(4), optimizer=SGD(0.1), epochs=3, batch_size=1, rng=0)
print(model.theta.tobytes().hex()[:32], cache_folder())
"""


def start(code: str, **environment: str) -> subprocess.Popen[str]:
    """Run Python with no cache folder but those that the test says."""
    plain = {name: value for name, value in os.environ.items() if name != "NUMBA_CACHE_DIR"}
    return subprocess.Popen(
        [sys.executable, "-W", "error::RuntimeWarning", "-c", code],
        env=plain | environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def said_by(process: subprocess.Popen[str]) -> list[str]:
    out, err = process.communicate(timeout=1200)
    assert process.returncode == 0, err
    return out.split()


def test_who_says_where_the_code_is_kept_gets_it_there(tmp_path):
    said_by(start(TRAIN, NUMBA_CACHE_DIR=str(tmp_path)))
    assert list(tmp_path.rglob("*.nbi"))


# Trainings of every kind; says what had to be compiled for them.
EVERYTHING = """
import numpy as np
from tp5 import Adam, Autoencoder, Scipy, SGD, VariationalAutoencoder
from tp5.compiled import batch, coordinate, elementary, elementwise, epochs, online, optimizers
X = (np.random.default_rng(0).random((7, 6)) < 0.5).astype(float)
for dtype in ("float32", "float64"):
    model = Autoencoder((6, 3, 2, 3, 6), dtype=dtype)
    ways = (SGD(0.1, clip_norm=1), 1), (Adam(0.1, weight_decay=0.1), 2), (SGD(0.1), 7)
    for optimizer, batch_size in ways:
        options = dict(optimizer=optimizer, batch_size=batch_size, rng=0, progress=False)
        model.fit(X, epochs=5, n_runs=3, **options)
        model.fit(X, epochs=2, noise=lambda X, rng: 1 - X, **options)
    VariationalAutoencoder((6, 3, 2), dtype=dtype).fit(X, epochs=2, rng=0, progress=False)
for method in ("Powell", "L-BFGS-B"):
    Autoencoder((6, 2, 6)).fit(X, optimizer=Scipy(method, maxiter=1), rng=0, progress=False)
for module in (batch, coordinate, elementary, elementwise, epochs, online, optimizers):
    for name, value in vars(module).items():
        if hasattr(value, "stats") and value.stats.cache_misses:
            print(module.__name__, name)
"""


def test_what_make_lab_compiles_is_all_that_trainings_need(tmp_path):
    """An order of the samples that lay otherwise in memory had all loops compiled a second time."""
    here = {"NUMBA_CACHE_DIR": str(tmp_path)}
    said_by(start("from tp5.tools.compiling import compile_all; print(compile_all())", **here))
    quiet = "import warnings; warnings.simplefilter('ignore')\n" + EVERYTHING
    assert said_by(start(quiet, **here)) == []


def test_two_processes_that_compile_at_once_end_with_the_same_numbers(tmp_path):
    both = [start(TRAIN, NUMBA_CACHE_DIR=str(tmp_path)) for _ in range(2)]
    assert said_by(both[0])[0] == said_by(both[1])[0]
    assert said_by(start(TRAIN, NUMBA_CACHE_DIR=str(tmp_path)))  # what they left can be loaded


# Nobody can write: as root, permissions refuse nothing, so the folder cannot even be made.
NOWHERE = "import sys; sys.prefix = '/dev/null/nowhere'\n" + TRAIN


def test_where_no_cache_can_be_written_it_is_compiled_for_the_session(tmp_path):
    nowhere = {"XDG_CACHE_HOME": "/dev/null/cache", "TMPDIR": str(tmp_path)}
    said = said_by(start(NOWHERE, **nowhere))
    assert said[1].startswith(str(tmp_path))


def test_a_read_only_environment_leaves_the_cache_to_the_user(tmp_path):
    said = said_by(start(NOWHERE, XDG_CACHE_HOME=str(tmp_path)))
    assert said[1].startswith(str(tmp_path / "tp5"))
    assert list(tmp_path.rglob("*.nbi"))


def test_importing_tp5_loads_no_numba():
    assert said_by(start("import tp5, sys; print('numba' in sys.modules)")) == ["False"]


INTERRUPTED = """
import json, signal, sys, time, warnings
signal.signal(signal.SIGINT, signal.default_int_handler)  # a shell's background job ignores it
import numpy as np
from tp5 import Autoencoder, Adam
X = np.random.default_rng(0).random((400, 35))
model = Autoencoder((35, 25, 17, 2, 17, 25, 35))
model.fit(X[:9], optimizer=Adam(0.001), epochs=2, batch_size=1, n_runs={n_runs}, progress=False)
print("ready", flush=True)
with warnings.catch_warnings(record=True) as seen:
    warnings.simplefilter("always")
    model.fit(X, optimizer=Adam(0.001), epochs=10**6, batch_size=1, n_runs={n_runs}, rng=0,
              progress=False)
ended = time.time()
loss, _ = model.loss_and_grad(model.theta, X)
print(json.dumps({{
    "ended": ended, "epochs": model.history.n_epochs, "message": model.history.message,
    "warned": len(seen), "apart": float(np.abs(loss / model.history.loss[-1] - 1).max()),
}}))
"""


@pytest.mark.skipif(os.name == "nt", reason="os.kill sends no Ctrl-C there")
@pytest.mark.parametrize("n_runs", [1, 2])
def test_ctrl_c_ends_a_long_call_and_keeps_weights_and_history_of_one_epoch(n_runs):
    process = start(INTERRUPTED.format(n_runs=n_runs))
    assert process.stdout.readline().strip() == "ready"
    time.sleep(3)
    process.send_signal(signal.SIGINT)
    sent = time.time()
    out, err = process.communicate(timeout=300)
    assert process.returncode == 0, err
    said = json.loads(out)
    assert said["ended"] - sent < 120  # milliseconds on an idle machine, and not a day
    assert said["message"] == f"interrupted after epoch {said['epochs']} of 1000000"
    assert said["epochs"] > 0
    assert said["warned"] == 1
    assert said["apart"] < 1e-12
