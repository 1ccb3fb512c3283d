"""Python's side of the compiled core: runs in threads, calls that can be stopped, a loss alone."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import partial
from typing import Any

import numpy as np

from ..checks import as_data
from ..threads import at_once, in_peace, n_threads
from .coordinate import coordinate_loss
from .epochs import mean_loss, train_batches, train_online
from .forms import Layers, Run, n_params, of_run, remembered, rules, space
from .large import CompiledUpdate, value_and_gradient

__all__ = ["CompiledEpochs", "CompiledLosses", "CompiledUpdate", "value_and_gradient"]

BLOCK = 128  # samples side by side, at the most: their outputs should stay in the cache
WORTH_A_THREAD = 2**17  # multiplications: with fewer, handing them over costs more
SOON_DONE = 10**8  # multiplications: nobody who interrupts them would wait
FEW_SAMPLES = 4096  # for which the coordinate loss keeps all outputs
FLOAT64 = np.dtype(float)
GO_ON = np.zeros(1, np.int8)  # what says to loops that nobody has stopped them
LOADED: set[tuple[str, bool]] = set()  # loops that this process has, by dtype and online or not


class Room:
    """Where one thread's passes write: one sample's outputs and errors, or a block's."""

    def __init__(self, layers: Layers, n_block: int, theta: np.ndarray) -> None:
        self.space = space(layers, n_block, theta.dtype)
        self.h, self.delta = np.zeros((2, *self.space.H.shape[:2]), theta.dtype)
        self.grad = np.empty(theta.shape[1], theta.dtype)


class CompiledEpochs:
    """Epochs of all runs of one training, many in a call.

    Parameters
    ----------
    layers : Layers
    optimizer : Optimizer
        One whose ``rule()`` says something.
    theta : ndarray, shape (n_runs, n_params)
        Changed in place.
    X, Y : ndarray, shape (n_samples, width) or (n_runs, n_samples, width)
        May change between two calls.
    batch_size : int
    rngs : sequence of numpy.random.Generator
        One for each run: it draws that run's order of the samples, anew every epoch.
    """

    def __init__(
        self,
        layers: Layers,
        optimizer: Any,
        theta: np.ndarray,
        X: np.ndarray,
        Y: np.ndarray,
        batch_size: int,
        rngs: Sequence[np.random.Generator],
    ) -> None:
        self.layers, self.rules = layers, rules(optimizer, len(theta))
        # Numba would compile anew for arrays that are read-only.
        self.X, self.Y = (np.require(data, requirements=["C", "W"]) for data in (X, Y))
        self.theta, self.kept = theta, theta.copy()
        self.m, self.v = remembered(theta, optimizer.memories)
        self.powers = np.ones((len(theta), 2))
        self.batch_size, self.rngs, self.n_samples = batch_size, rngs, X.shape[-2]
        self.alive = np.ones(len(theta), dtype=bool)
        self.stop = np.zeros(1, np.int8)
        self.rooms: dict[int, Room] = {}  # of each thread
        self.threads = n_threads()
        self._load()

    def _load(self) -> None:
        """Compile, or load, the loops for this dtype, before the first epoch is timed."""
        kind = self.theta.dtype.name, self.batch_size == 1
        if kind not in LOADED:
            nothing = np.empty((len(self.theta), 0)), np.empty((0, len(self.theta)))
            in_peace(partial(self._train, 0, [0], *nothing, self._orders(0)))
            in_peace(self.loss)
            LOADED.add(kind)

    def loss(self) -> np.ndarray:
        """Loss of each run over all samples, shape (n_runs,)."""
        room = space(self.layers, min(BLOCK, self.n_samples), self.theta.dtype)
        losses = [
            mean_loss(
                self.layers,
                theta,
                theta[:0],
                of_run(self.X, run),
                of_run(self.Y, run),
                room,
                self.stop,
            )
            for run, theta in enumerate(self.theta)
        ]
        return np.array(losses)

    def run(self, lr: np.ndarray) -> np.ndarray:
        """Train for ``len(lr)`` epochs.

        Parameters
        ----------
        lr : ndarray, shape (n_epochs, n_runs)

        Returns
        -------
        ndarray, shape (n_epochs, n_runs)
            Loss after each epoch; NaN once a run has diverged, whose θ is then the last good one.

        Raises
        ------
        KeyboardInterrupt
            Within milliseconds, with θ in the middle of an epoch.
        """
        losses = np.full((len(self.theta), len(lr)), np.nan)
        orders = self._orders(len(lr))
        runs = np.flatnonzero(self.alive).tolist()
        work = len(lr) * len(runs) * self.n_samples * self.theta.shape[1]
        waiting = iter(runs)  # each thread takes the next one
        calls = [
            partial(self._train, thread, waiting, losses, lr, orders)
            for thread in range(min(self.threads, len(runs), 1 + work // WORTH_A_THREAD))
        ]
        if len(calls) == 1 and work < SOON_DONE:
            calls[0]()
        else:
            at_once(calls, self._stop)
        self.alive &= np.isfinite(losses).all(axis=1)
        return losses.T

    def _stop(self) -> None:
        self.stop[0] = 1

    def _train(
        self,
        thread: int,
        runs: Iterable[int],
        losses: np.ndarray,
        lr: np.ndarray,
        orders: Sequence[np.ndarray],
    ) -> None:
        """Train some runs, one after another, in a room that this thread keeps."""
        if thread not in self.rooms:
            self.rooms[thread] = Room(self.layers, min(BLOCK, self.n_samples), self.theta)
        room = self.rooms[thread]
        for run in runs:
            theta, kept, m, v = (array[run] for array in (self.theta, self.kept, self.m, self.v))
            changed = Run(theta, kept, m, v, self.powers[run], room.grad)
            X, Y = of_run(self.X, run), of_run(self.Y, run)
            given = (self.layers, self.rules[run], changed, X, Y, orders[run])
            rates = np.ascontiguousarray(lr[:, run])
            if self.batch_size == 1:
                single = room.h, room.delta
                train_online(*given, rates, losses[run], self.stop, *single, room.space)
            else:
                train_batches(*given, self.batch_size, rates, losses[run], self.stop, room.space)

    def _orders(self, n_epochs: int) -> Sequence[np.ndarray]:
        """Draw for each run an order of the samples for each epoch; none where all go at once."""
        natural = np.tile(np.arange(self.n_samples), (n_epochs, 1))  # in C's order: Numba has
        if self.batch_size >= self.n_samples:  # compiled the loops for that
            return [natural] * len(self.rngs)
        return [rng.permuted(natural, axis=1) for rng in self.rngs]


class CompiledLosses:
    """The loss of one run at any θ, in float64, alone or with its gradient: what scipy asks for.

    Parameters
    ----------
    layers : Layers
    X, Y : ndarray, shape (n_samples, width)
    """

    def __init__(self, layers: Layers, X: np.ndarray, Y: np.ndarray) -> None:
        self.layers, self.X, self.Y = layers, np.ascontiguousarray(X), np.ascontiguousarray(Y)
        self.space = space(layers, min(BLOCK, len(X)), float)
        self.all: Any = None
        self.n_params = n_params(layers)
        if ("losses", False) not in LOADED:
            theta = np.zeros(self.n_params)
            in_peace(partial(self.loss, theta))
            in_peace(partial(self.loss_and_grad, theta))
            LOADED.add(("losses", False))

    def loss_and_grad(self, theta: np.ndarray) -> tuple[float, np.ndarray]:
        """Loss and gradient at θ, shape (n_params,)."""
        theta = self._checked(theta)
        grad = np.empty_like(theta)
        loss = mean_loss(self.layers, theta, grad, self.X, self.Y, self.space, GO_ON)
        return loss, grad

    def loss(self, theta: np.ndarray) -> float:
        """Loss at θ; quick when θ differs in one weight from the θ of the last call."""
        theta = self._checked(theta)
        if len(self.X) > FEW_SAMPLES:
            nothing = theta[:0]
            return mean_loss(self.layers, theta, nothing, self.X, self.Y, self.space, GO_ON)
        if self.all is None:
            room = space(self.layers, len(self.X), float)
            room.H[0, : self.X.shape[1]] = self.X.T
            room.Y[:] = self.Y.T
            self.all = np.full(theta.shape, np.nan), room.H, room.D, room.Y
        return float(coordinate_loss(self.layers, theta, *self.all))

    def _checked(self, theta: np.ndarray) -> np.ndarray:
        """Return θ as the loops need it: they look at no length, and would read beyond it."""
        fits = isinstance(theta, np.ndarray) and theta.shape == (self.n_params,)
        # Powell asks often; `==` and `flags` would take longer. What this misses, as_data looks at.
        if fits and theta.dtype is FLOAT64 and theta.strides == (8,):
            return theta
        return as_data("theta", theta, (self.n_params,), finite=False)
