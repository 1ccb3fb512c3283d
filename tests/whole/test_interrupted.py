"""Wherever an interrupt comes, what is left can be saved and loaded, weights and history alike."""

from __future__ import annotations

import signal
import subprocess
import sys
import threading
import time
import warnings
from pathlib import Path

import numpy as np
import pytest

import tp5
from tp5 import SGD, Adam, Autoencoder, Scipy, TrainingWarning
from tp5.threads import in_peace
from tp5.training import History

HOME = Path(tp5.__file__).parent
X = (np.random.default_rng(8).random((5, 4)) > 0.5).astype(float)
LAYERS, EPOCHS = (4, 2, 4), 2
STRIDE = 19  # a prime: 1 tries every bytecode, for half a minute
BOOKKEEPING = {str(file) for room in ("training", "models") for file in (HOME / room).glob("*.py")}


class InterruptAt:
    """Raises KeyboardInterrupt at one of the bytecodes of the bookkeeping's files.

    Parameters
    ----------
    position : int
        Which one; beyond the last there is no interrupt, and ``count`` says how many there are.
    """

    def __init__(self, position: int) -> None:
        self.position, self.count = position, 0

    def __enter__(self) -> InterruptAt:
        sys.settrace(self.called)
        return self

    def __exit__(self, *_: object) -> None:
        sys.settrace(None)

    def called(self, frame, event, arg):
        """Follow each bytecode of our files, and nothing else."""
        if frame.f_code.co_filename not in BOOKKEEPING:
            return None
        frame.f_trace_lines, frame.f_trace_opcodes = False, True
        return self.executed

    def executed(self, frame, event, arg):
        """Count, and interrupt when it is time."""
        if event == "opcode":
            self.count += 1
            if self.count == self.position:
                sys.settrace(None)
                raise KeyboardInterrupt
        return self.executed


@pytest.fixture
def stored(monkeypatch):
    """Let the many small files of a test not wait for the disk."""
    monkeypatch.setattr("os.fsync", lambda *_: None)


def train(model: Autoencoder, **options) -> None:
    model.fit(X, **{"epochs": EPOCHS, "rng": 0, "progress": False, **options})


def assert_whole(model: Autoencoder, path: Path | None) -> None:
    """Compare the loss of the weights with the last row of what a file would hold, or holds."""
    history, theta = History.from_arrays(*model.history.to_arrays()), model.theta
    if path is not None:
        model.save(path)
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            again = Autoencoder.load(path)
        np.testing.assert_array_equal(again.theta, theta)
        history = again.history
    loss, _ = model.loss_and_grad(theta, X)
    np.testing.assert_allclose(history.loss[-1], loss, rtol=1e-12)


WAYS = {
    "compiled": ("1", {"optimizer": Adam(0.05), "batch_size": 1}),
    "blackboard, callback": (
        "0",
        {"optimizer": SGD(0.1), "batch_size": 3, "callbacks": [lambda *_: None]},
    ),
    "scipy": ("1", {"optimizer": Scipy("L-BFGS-B")}),
}


@pytest.mark.parametrize(("core", "way"), WAYS.values(), ids=WAYS)
def test_wherever_an_interrupt_comes_weights_and_history_are_of_one_epoch(
    way, core, tmp_path, stored, monkeypatch
):
    """At any bytecode: fit returns with both, or raises with both, or all is as it was."""
    monkeypatch.setenv("TP5_COMPILED", core)
    before = Autoencoder(LAYERS)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", TrainingWarning)
        train(before, epochs=1)
        train(Autoencoder(LAYERS), **way)  # what is loaded once is loaded
        kept, returned, position = before.theta.copy(), 0, 0
        while True:
            position += STRIDE
            model = Autoencoder(LAYERS)
            model.theta, model.history = before.theta.copy(), before.history
            try:
                with InterruptAt(position) as interrupt:
                    train(model, **way)
            except KeyboardInterrupt:
                if model.history is before.history:
                    np.testing.assert_array_equal(model.theta, kept)
                else:  # it came when all was done
                    assert_whole(model, None)
            else:
                returned += 1
                assert_whole(model, tmp_path / "model.npz" if returned % 10 == 0 else None)
            if interrupt.count < position:
                break
            if position % 50 == 0:
                train(model, **way)  # nothing is busy, or stopped for ever
    assert returned > 20


# --- Importing and compiling in peace -------------------------------------------------------------


def interrupt_main_soon(begun: threading.Event) -> threading.Thread:
    """Send this process a real SIGINT once ``begun`` is set."""

    def interrupt() -> None:
        begun.wait(20)
        time.sleep(0.05)
        signal.raise_signal(signal.SIGINT)

    thread = threading.Thread(target=interrupt)
    thread.start()
    return thread


def test_what_is_called_in_peace_ends_before_the_interrupt_comes_out():
    begun, ended = threading.Event(), []

    def slow() -> None:
        begun.set()
        time.sleep(0.5)
        ended.append(True)

    thread = interrupt_main_soon(begun)
    with pytest.raises(KeyboardInterrupt):
        in_peace(slow)
    thread.join()
    assert ended == [True]


def test_in_peace_returns_what_the_function_returns_and_raises_what_it_raises():
    assert in_peace(lambda: 7) == 7
    for error in (TimeoutError("late"), ZeroDivisionError()):
        with pytest.raises(type(error)):
            in_peace(lambda error=error: (_ for _ in ()).throw(error))


INTERRUPTED_IMPORT = """
import os, signal, sys, threading, time
import numpy as np
from tp5 import Adam, Autoencoder, Scipy

def interrupt():
    while {module!r} not in sys.modules:
        time.sleep(0.001)
    os.kill(os.getpid(), signal.SIGINT)

X = np.eye(4)
threading.Thread(target=interrupt, daemon=True).start()
try:
    Autoencoder((4, 2, 4)).fit(X, optimizer={optimizer}, epochs=2, rng=0, progress=False)
    print("no interrupt")
except KeyboardInterrupt:
    print("interrupted")
model = Autoencoder((4, 2, 4)).fit(X, optimizer={optimizer}, epochs=2, rng=0, progress=False)
print(model.history.n_epochs)
"""


@pytest.mark.parametrize(
    ("module", "optimizer"), [("scipy", "Scipy('BFGS')"), ("numba", "Adam(0.1)")]
)
def test_an_import_that_is_interrupted_is_finished_and_the_next_fit_works(module, optimizer):
    code = INTERRUPTED_IMPORT.format(module=module, optimizer=optimizer)
    asked = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", code],
        capture_output=True,
        text=True,
        timeout=600,
        check=False,
    )
    assert asked.stdout.split() == ["interrupted", "2"], asked.stdout + asked.stderr
