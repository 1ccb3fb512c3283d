"""The loss on data that are held out, epoch by epoch, and the weights of the best one."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np

from ..training import History
from ..training.one_run import losses_of

if TYPE_CHECKING:
    from .model import LatentModel


class Validation:
    """Callback of ``fit``: computes the validation loss of each run after every epoch.

    Parameters
    ----------
    model : LatentModel
    data : ndarray of shape (n_samples, n_features), or a pair (X, Y) of such
        What the training does not see.
    theta : ndarray, shape (n_runs, n_params)
        The weights in training.
    rng : numpy.random.Generator
        For what a variational autoencoder draws.

    Raises
    ------
    ValueError
        If the data do not fit the model.
    """

    def __init__(
        self, model: LatentModel, data: Any, theta: np.ndarray, rng: np.random.Generator
    ) -> None:
        X, Y = data if isinstance(data, tuple) and len(data) == 2 else (data, None)
        X, Y = model.check_training_data(X, Y)
        for name, array in (("X", X), ("Y", Y)):
            if array.ndim == 3 and len(array) != len(theta):
                raise ValueError(
                    f"the validation's {name} is for {len(array)} runs, and there are {len(theta)}."
                )
        self.objective = model.objective(X, Y, theta, rng.spawn(len(theta)))
        # The compiled losses, where there are: they have the same bits on every processor.
        self.alone: list[Any] = []
        if self.objective.deterministic and X.ndim == Y.ndim == 2:  # the same data for all runs
            self.alone = [losses_of(self.objective, 0)] * len(theta)
        elif self.objective.deterministic:
            self.alone = [losses_of(self.objective, run) for run in range(len(theta))]
        self.losses = [self.loss()]
        self.best = self.losses[0], theta.copy(), np.zeros(len(theta), int)

    def loss(self) -> np.ndarray:
        """Loss of each run as it is now, shape (n_runs,)."""
        theta = self.objective.theta
        if self.alone:
            return np.array(
                [one.loss(theta[run].astype(float)) for run, one in enumerate(self.alone)]
            )
        self.objective.start_epoch(2**31)  # forget the draws of before; any warm-up is over
        return self.objective.loss()

    def __call__(self, model: object, epoch: int, loss: np.ndarray) -> None:
        """Note the loss, and keep the weights of runs that have never been better."""
        now = np.where(np.isfinite(loss), self.loss(), np.nan)
        self.losses.append(now)
        best, theta, since = self.best
        better = now < best  # False where NaN
        theta = np.where(better[:, None], self.objective.theta, theta)
        # All at once: an interrupt may come.
        self.best = np.where(better, now, best), theta, np.where(better, epoch, since)

    def into(self, history: History) -> History:
        """Return the history with the validation loss as one of its ``parts``."""
        rows = np.full(history.loss.shape, np.nan)  # NaN where an interrupt came between
        known = self.losses[: len(rows)]
        rows[: len(known)] = known
        return replace(history, parts=history.parts | {"validation": rows})

    def give_back(self, history: History) -> tuple[History, np.ndarray]:
        """Return the history and θ of the epochs that were best."""
        _, theta, epochs = self.best
        return replace(history, kept=epochs), theta
