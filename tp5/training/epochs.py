"""Ways to run epochs: on the blackboard, layer by layer in threads, and compiled, many a call."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np

from .. import compiled
from ..threads import one_blas_thread
from .objective import CHUNK, LayeredObjective, Objective
from .schedules import match

if TYPE_CHECKING:
    from .optimizers import Optimizer

# From so many weights on, BLAS's products are quicker than loops, except one sample at a time.
LARGE = 100_000


class Epochs(Protocol):
    """What the training loop asks for."""

    def loss(self) -> np.ndarray:
        """Loss of each run over all samples, shape (n_runs,)."""

    def run(self, lr: np.ndarray) -> np.ndarray:
        """Train for ``len(lr)`` epochs, shape (n_epochs, n_runs); return the losses, likewise."""


def epochs_of(
    objective: Objective,
    optimizer: Optimizer,
    batch_size: int,
    rngs: Sequence[np.random.Generator],
) -> tuple[Epochs, bool]:
    """Return the quickest way to run epochs, and whether it takes many in a call."""
    rule, layers = optimizer.rule(), objective.layers
    if rule is not None:
        match("momentum", rule[1], objective.theta)  # refuses those of another number of runs
    if rule is None or not compiled.available():
        return BlackboardEpochs(objective, optimizer, batch_size, rngs), False
    small = objective.theta.shape[-1] < LARGE or batch_size == 1
    if layers is not None and small:
        arrays: Any = objective  # one that says its layers has X and Y
        epochs: Epochs = compiled.core().CompiledEpochs(
            layers, optimizer, arrays.theta, arrays.X, arrays.Y, batch_size, rngs
        )
        return epochs, objective.deterministic and optimizer.schedule.foreseen
    if (
        small
        or optimizer.clip_norm < math.inf  # it needs the whole gradient
        or not isinstance(objective, LayeredObjective)
        or min(batch_size, objective.n_samples) * objective.width > CHUNK
    ):
        return BlackboardEpochs(objective, optimizer, batch_size, rngs), False
    return EpochsByLayers(objective, optimizer, batch_size, rngs), False


class BlackboardEpochs:
    """Epochs as the equations have them: a gradient, and a change of θ, for each batch.

    Parameters
    ----------
    objective : Objective
    optimizer : Optimizer
    batch_size : int
        Samples a step: 1 is online learning, n_samples or more is the full batch.
    rngs : sequence of numpy.random.Generator
        One for each run: it draws that run's order of the samples, anew every epoch.
    """

    def __init__(
        self,
        objective: Objective,
        optimizer: Optimizer,
        batch_size: int,
        rngs: Sequence[np.random.Generator],
    ) -> None:
        self.objective, self.batch_size, self.rngs = objective, batch_size, rngs
        rule, theta = optimizer.rule(), objective.theta
        self.kept, self.alive = theta.copy(), np.ones(len(theta), dtype=bool)
        one_pass = rule is not None and compiled.available()  # the same step
        kind: Any = compiled.core().CompiledUpdate if one_pass else Update
        self.update = kind(optimizer, theta)

    def loss(self) -> np.ndarray:
        """Loss of each run over all samples, shape (n_runs,)."""
        return self.objective.loss()

    def run(self, lr: np.ndarray) -> np.ndarray:
        """Train for one epoch, with learning rates of shape (1, n_runs); return its losses."""
        rates = match("learning rate", lr[0][:, None], self.objective.theta)
        for rows in batches(self.objective.n_samples, self.batch_size, self.rngs):
            self._step(rows, rates)
        return self._keep(self.loss())[None]

    def _step(self, rows: np.ndarray | None, rates: Any) -> None:
        self.update(self.objective.gradient(rows), rates)

    def _keep(self, loss: np.ndarray) -> np.ndarray:
        """Keep the weights of runs whose loss is finite, put the others back; NaN is their loss.

        A run that has diverged stays where it was: it is put back after every epoch.
        """
        theta = self.objective.theta
        # A saturated unit hides infinite weights: a finite loss is not enough.
        self.alive &= np.isfinite(loss) & np.isfinite(theta.sum(axis=-1))
        for run, alive in enumerate(self.alive):  # no copy of a copy: a VAE has millions of weights
            target, source = (self.kept, theta) if alive else (theta, self.kept)
            target[run] = source[run]
        return np.where(self.alive, loss, np.nan)


class EpochsByLayers(BlackboardEpochs):
    """The same for a large network, whose gradient is never there as a whole: see `compiled.large`.

    Each thread multiplies for itself: BLAS's own threads wait for their next product so eagerly
    that they would keep others from computing.
    """

    objective: LayeredObjective

    def loss(self) -> np.ndarray:
        """Loss of each run over all samples, shape (n_runs,)."""
        with one_blas_thread():
            return self.objective.loss_in_threads(self.update.count)

    def run(self, lr: np.ndarray) -> np.ndarray:
        """Train for one epoch, with learning rates of shape (1, n_runs); return its losses."""
        with one_blas_thread():
            return super().run(lr)

    def _step(self, rows: np.ndarray | None, rates: Any) -> None:
        lr = np.broadcast_to(np.ravel(rates), len(self.objective.theta))
        for run, its_lr in enumerate(lr):
            layers = self.objective.by_layers(run, rows, self.update.count)
            self.update.by_layers(run, layers, float(its_lr))


class Update:
    """A training's changes of θ by an optimizer, and what it remembers of them."""

    def __init__(self, optimizer: Optimizer, theta: np.ndarray) -> None:
        self.optimizer, self.theta, self.t = optimizer, theta, 0
        self.memory = tuple(np.zeros_like(theta) for _ in range(optimizer.memories))

    def __call__(self, grad: np.ndarray, lr: Any) -> None:
        """Take a step: θ ← θ − lr·weight_decay·θ + change."""
        self.t += 1
        change, self.memory = self.optimizer.change(self._clip(grad), self.memory, lr, self.t)
        self.theta *= 1 - lr * self.optimizer.weight_decay
        self.theta += change

    def _clip(self, g: np.ndarray) -> np.ndarray:
        """Shorten the gradients that are too long: g ← g·clip_norm/‖g‖."""
        if self.optimizer.clip_norm == math.inf:
            return g
        norm = np.linalg.norm(g, axis=-1, keepdims=True)
        norm = np.maximum(norm, np.finfo(g.dtype).tiny)
        return g * np.minimum(1, self.optimizer.clip_norm / norm)


def batches(
    n_samples: int, batch_size: int, rngs: Sequence[np.random.Generator]
) -> Iterator[np.ndarray | None]:
    """Cut one epoch into batches: every sample once, in an order drawn anew for each run.

    Yields
    ------
    ndarray of int, shape (n_runs, n_batch), or None for a batch of all samples
        The last batch of an epoch may be smaller.
    """
    if batch_size >= n_samples:
        yield None
        return
    order = np.array([rng.permuted(np.arange(n_samples)) for rng in rngs])
    for start in range(0, n_samples, batch_size):
        yield order[:, start : start + batch_size]
