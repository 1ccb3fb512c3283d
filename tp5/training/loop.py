"""The training loop: epochs, what is recorded of them, and when they end."""

from __future__ import annotations

import time
import warnings
from collections.abc import Callable, Iterable, Sequence
from math import gcd
from typing import TYPE_CHECKING, Any

import numpy as np

from ..progress import progress_bar
from .checkpoint import Checkpoint
from .epochs import epochs_of
from .history import History
from .objective import Objective
from .recorder import Recorder
from .schedules import match

if TYPE_CHECKING:
    from .optimizers import Optimizer

# Called after each epoch with the model in training, the epochs done and the loss of each run;
# True ends the training. Its attributes, if it has them: ``every``, after how many epochs it is
# called (and after the last), and ``from_start``, whether before the first one, too.
Callback = Callable[[Any, int, np.ndarray], bool | None]

CALL_SECONDS = 0.03  # that a call for many epochs should take: progress is told as often
FIRST_CALL = 3 * 10**7  # samples times weights in the first one, before a call has been timed


class TrainingWarning(UserWarning):
    """A training ended otherwise than hoped: interrupted, diverged, or not converged."""


@np.errstate(over="ignore", invalid="ignore")  # divergence is looked for, and told in words
def train(
    objective: Objective,
    optimizer: Optimizer,
    epochs: int,
    batch_size: int,
    rngs: Sequence[np.random.Generator],
    callbacks: Iterable[Callback] = (),
    progress: bool | None = None,
    model: Any = None,
) -> History:
    """Minimise an objective; its ``theta`` is changed in place.

    Parameters
    ----------
    objective : Objective
        With ``theta`` of shape (n_runs, n_params).
    optimizer : Optimizer
    epochs : int >= 0
    batch_size : int
        Samples a step: 1 is online learning, n_samples or more is the full batch.
    rngs : sequence of numpy.random.Generator
        One for each run: it draws that run's order of the samples, anew every epoch.
    callbacks : iterable of callable
        Called as ``callback(model, epoch, loss)`` after every epoch; True ends the training. One
        that has an attribute ``every`` is called after so many epochs each, and after ``epochs``;
        one whose ``from_start`` is true also before the first, as epoch 0.
    progress : bool or None
        Progress bar: always, never, or (None) once a training has taken longer than a second.
    model : object
        For the callbacks.

    Returns
    -------
    History
        Epochs that were computed in one call share its time evenly.

    Warns
    -----
    TrainingWarning
        If the training is interrupted (θ is then that of the last epoch in the history), or if a
        run diverges (its θ is then the last one with a finite loss; the other runs go on).
    """
    runner, many = epochs_of(objective, optimizer, batch_size, rngs)
    training = Training(objective, optimizer, epochs, runner.loss())
    callbacks = list(callbacks)
    stride = gcd(*(getattr(callback, "every", 1) for callback in callbacks)) or epochs
    count = 1 + FIRST_CALL // (objective.n_samples * objective.theta.size) if many else 1
    bar: Any = progress_bar(epochs, progress)
    message = f"{epochs} epochs done"
    try:
        ended = tell(callbacks, model, 0, epochs, training.record.losses[0])
        while training.epoch < epochs and not ended:
            objective.start_epoch(training.epoch)
            until = min(epochs, training.epoch + stride - training.epoch % stride)
            lr = training.rates(min(count, until - training.epoch))
            before = time.perf_counter()
            losses = runner.run(lr)
            training.add(losses, lr)
            advance(bar, len(losses))
            if many:
                quick = CALL_SECONDS / max(time.perf_counter() - before, 1e-6)
                count = max(1, int(len(losses) * min(quick, 10)))
            if np.isnan(losses[-1]).all():
                message = f"every run has diverged after epoch {training.epoch}"
                break
            ended = tell(callbacks, model, training.epoch, epochs, losses[-1])
        if ended:
            message = f"ended by a callback after epoch {training.epoch}"
    except KeyboardInterrupt:
        message = f"interrupted after epoch {training.checkpoint.restore()} of {epochs}"
        warnings.warn(f"{message}; what was learned is kept.", TrainingWarning, stacklevel=5)
    finally:
        advance(bar, 0, end=True)
    return training.record.history(message, training.checkpoint.kept[0])


def tell(
    callbacks: Iterable[Callback], model: Any, epoch: int, epochs: int, loss: np.ndarray
) -> bool:
    """Call those callbacks whose turn it is; return whether one ends the training."""

    def its_turn(callback: Callback) -> bool:
        if epoch == 0:
            return bool(getattr(callback, "from_start", False))
        return epoch == epochs or epoch % getattr(callback, "every", 1) == 0

    answers = [callback(model, epoch, loss) for callback in callbacks if its_turn(callback)]
    return any(answers)  # each is called, whatever the one before has said


def advance(bar: Any, steps: int, end: bool = False) -> None:
    """Move a progress bar on, or close it; where there is none do nothing."""
    if hasattr(bar, "update"):
        bar.update(steps)
        if end:
            bar.close()


class Training:
    """What is known of a training so far: its record, its checkpoint, its learning rate.

    Parameters
    ----------
    objective : Objective
    optimizer : Optimizer
    epochs : int
    loss : ndarray, shape (n_runs,)
        Before training.
    """

    def __init__(
        self, objective: Objective, optimizer: Optimizer, epochs: int, loss: np.ndarray
    ) -> None:
        self.objective, self.schedule, self.epochs = objective, optimizer.schedule, epochs
        self.lr: Any = match("learning rate", self.schedule.lr, objective.theta)
        self.record = Recorder(loss, objective.parts)
        self.checkpoint = Checkpoint(objective.theta)

    @property
    def epoch(self) -> int:
        """Epochs done."""
        return self.record.epoch

    def rates(self, count: int) -> np.ndarray:
        """Return the learning rates of the next epochs, shape (count, n_runs)."""
        rates = np.empty((count, len(self.objective.theta)))
        losses = [] if self.schedule.foreseen else self.record.losses
        for row in range(count):
            lr = self.schedule.next(self.lr, self.epoch + row, self.epochs, losses)
            self.lr = match("learning rate", lr, self.objective.theta)
            rates[row] = np.ravel(self.lr)
        return rates

    def add(self, losses: np.ndarray, lr: np.ndarray) -> None:
        """Record epochs, and keep the weights that belong to the last of them."""
        since, now = self.record.rows[-1].seconds, self.record.seconds
        every_is_finite = not np.isnan(losses).any()
        for row, loss in enumerate(losses):
            if not every_is_finite:
                self._tell_of_divergence(loss, lr[row])
            seconds = since + (now - since) * (row + 1) / len(losses)
            self.record.add(loss, lr[row], parts=self.objective.parts, seconds=seconds)
            if not every_is_finite and np.isnan(loss).all():
                break
        self.checkpoint.keep(self.record.epoch)

    def _tell_of_divergence(self, loss: np.ndarray, lr: np.ndarray) -> None:
        diverged = np.isnan(loss) & ~np.isnan(self.record.rows[-1].loss)
        if not diverged.any():
            return
        runs = ", ".join(map(str, np.flatnonzero(diverged)))
        rates = ", ".join(f"{rate:g}" for rate in np.unique(lr[diverged]))
        warnings.warn(
            f"run {runs} diverged in epoch {self.epoch + 1} at learning rate {rates}: its loss is "
            f"no longer finite. The weights of epoch {self.epoch} are kept; try a smaller learning "
            f"rate.",
            TrainingWarning,
            stacklevel=7,
        )
