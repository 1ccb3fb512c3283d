"""The training loop: epochs of batches, one update of θ a batch."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any

import numpy as np

from ..checks import at_least
from .history import History, Recorder
from .objective import Objective
from .optimizers import Optimizer, match

# Called after each epoch with the epochs done and the loss of each run; True ends the training.
EpochCallback = Callable[[int, np.ndarray], bool | None]


class TrainingWarning(UserWarning):
    """A training ended otherwise than hoped: interrupted, diverged, or not converged."""


@np.errstate(over="ignore", invalid="ignore")  # divergence is looked for, and told in words
def train(
    objective: Objective,
    optimizer: Optimizer,
    epochs: int,
    batch_size: int | None,
    rngs: Sequence[np.random.Generator],
    callbacks: Iterable[EpochCallback] = (),
    progress: bool | None = None,
    before_epoch: Callable[[], None] | None = None,
) -> History:
    """Minimise an objective; its ``theta`` is changed in place.

    Parameters
    ----------
    objective : Objective
        With ``theta`` of shape (n_runs, n_params).
    optimizer : Optimizer
    epochs : int >= 0
    batch_size : int or None
        Samples a step: 1 is online learning, None is full batch.
    rngs : sequence of numpy.random.Generator
        One for each run: it draws that run's order of the samples, anew every epoch.
    callbacks : iterable of callable
        Called as ``callback(epoch, loss)`` after every epoch; True ends the training.
    progress : bool or None
        Progress bar: always, never, or (None) once a training has taken longer than a second.
    before_epoch : callable, optional
        Called as each epoch begins, such as to give the objective fresh noise. The loss of an
        epoch is then the loss on that epoch's noise.

    Returns
    -------
    History

    Warns
    -----
    TrainingWarning
        If the training is interrupted (θ is then that of the last whole epoch), or if a run
        diverges (its θ is then the last one with a finite loss; the other runs go on).
    """
    update = optimizer.start(objective.theta, objective.grad)
    lr: Any = match("learning rate", optimizer.schedule.lr, objective.theta)
    callbacks = list(callbacks)
    record = Recorder(objective.loss(), objective.parts)
    safe = SafeWeights(objective.theta)
    message = f"{epochs} epochs done"
    try:
        for epoch in progress_bar(epochs, progress):
            lr = optimizer.schedule.next(lr, epoch, epochs, record.losses)
            lr = match("learning rate", lr, objective.theta)
            if before_epoch:
                before_epoch()
            objective.start_epoch(epoch)
            for rows in batches(objective.n_samples, batch_size, rngs):
                objective.gradient(rows)
                update(lr)
            loss = safe.keep(objective.loss(), epoch + 1, lr)
            record.add(loss, lr, parts=objective.parts)
            if np.isnan(loss).all():
                message = f"every run has diverged after epoch {epoch + 1}"
                break
            answers = [callback(epoch + 1, loss) for callback in callbacks]
            if any(answers):
                message = f"ended by a callback after epoch {epoch + 1}"
                break
    except KeyboardInterrupt:
        safe.restore()
        message = f"interrupted after epoch {record.epoch} of {epochs}"
        warnings.warn(f"{message}; what was learned is kept.", TrainingWarning, stacklevel=4)
    return record.history(message)


def batches(
    n_samples: int, batch_size: int | None, rngs: Sequence[np.random.Generator]
) -> Iterator[np.ndarray | None]:
    """Cut one epoch into batches: every sample once, in an order drawn anew for each run.

    Yields
    ------
    ndarray of int, shape (n_runs, n_batch), or None for a batch of all samples
        The last batch of an epoch may be smaller.
    """
    if batch_size is None or batch_size >= n_samples:
        yield None
        return
    order = np.array([rng.permutation(n_samples) for rng in rngs])
    for start in range(0, n_samples, batch_size):
        yield order[:, start : start + batch_size]


class SafeWeights:
    """Keeps, for each run, the weights of the last epoch that ended with a finite loss.

    Parameters
    ----------
    theta : ndarray, shape (n_runs, n_params)
        The weights in training, changed in place.
    """

    def __init__(self, theta: np.ndarray) -> None:
        self.theta, self.kept = theta, theta.copy()
        self.alive = np.ones(len(theta), dtype=bool)

    def keep(self, loss: np.ndarray, epoch: int, lr: Any) -> np.ndarray:
        """Keep the runs whose loss is finite and put the others back; return the loss, NaN there.

        A run that has diverged stays where it was: it is put back after every epoch.
        """
        # A saturated unit hides infinite weights: a finite loss is not enough.
        diverged = self.alive & ~(np.isfinite(loss) & np.isfinite(self.theta.sum(axis=-1)))
        self.alive &= ~diverged
        if diverged.any():
            runs = ", ".join(map(str, np.flatnonzero(diverged)))
            rates = np.unique(np.broadcast_to(np.ravel(lr), loss.shape)[diverged])
            warnings.warn(
                f"run {runs} diverged in epoch {epoch} at learning rate "
                f"{', '.join(f'{rate:g}' for rate in rates)}: its loss is no longer finite. "
                f"The weights of epoch {epoch - 1} are kept; try a smaller learning rate.",
                TrainingWarning,
                stacklevel=5,
            )
        if self.alive.all():
            self.kept[:] = self.theta
            return loss
        self.kept[self.alive] = self.theta[self.alive]
        self.restore(~self.alive)
        return np.where(self.alive, loss, np.nan)

    def restore(self, runs: slice | np.ndarray = slice(None)) -> None:
        """Put runs back to what was kept."""
        self.theta[runs] = self.kept[runs]


def progress_bar(total: int, progress: bool | None, **labels: Any) -> Iterable[int]:
    """Count from 0 to ``total`` with a bar: always, never, or (None) after the first second."""
    if progress is False:
        return range(total)
    from tqdm.auto import tqdm  # loaded when used: `import tp5` imports numpy alone

    return tqdm(range(total), delay=0 if progress else 1, leave=bool(progress), **labels)


class StopBelow:
    """Callback of ``fit`` that ends a training once the loss of every run is at most ``target``.

    Parameters
    ----------
    target : float
    """

    def __init__(self, target: float) -> None:
        self.target = target

    def __call__(self, model: object, epoch: int, loss: np.ndarray) -> bool:
        """Return whether every run that has not diverged is there."""
        return bool((loss[np.isfinite(loss)] <= self.target).all())


class StopWhenFlat:
    """Callback of ``fit`` that ends a training once no run has improved for ``patience`` epochs.

    Parameters
    ----------
    patience : int > 0
    tolerance : float >= 0
        An improvement is a loss below the best so far by more than this.
    """

    def __init__(self, patience: int, tolerance: float = 0.0) -> None:
        self.patience, self.tolerance = at_least("patience", patience), tolerance
        self.best: float | np.ndarray = np.inf
        self.since = 0

    def __call__(self, model: object, epoch: int, loss: np.ndarray) -> bool:
        """Return whether it is time to end."""
        if epoch == 1:  # a new training
            self.best = np.inf
        better = loss < self.best - self.tolerance  # False where NaN
        self.best = np.where(better, loss, self.best)
        self.since = epoch if epoch == 1 or np.any(better) else self.since
        return epoch - self.since >= self.patience
