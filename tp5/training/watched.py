"""What is kept of a minimisation that scipy leads: its best point, its calls, its iterations."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np

from .history import History
from .loop import advance
from .one_run import Losses
from .recorder import Recorder


class Watched:
    """A loss as scipy calls it, watched: it counts the calls and keeps the best point.

    Parameters
    ----------
    losses : Losses
    theta : ndarray, shape (n_params,), float64
        Where it starts.
    bar : iterable
        Takes a step with each iteration.
    """

    def __init__(self, losses: Losses, theta: np.ndarray, bar: Iterable[int]) -> None:
        self.losses, self.bar = losses, bar
        self.n_losses = self.n_gradients = 0
        self.best = losses.loss(theta), theta  # put in place together: an interrupt comes anywhere
        self.record = Recorder(np.array([self.best[0]]))
        advance(bar, 0)

    def loss(self, theta: np.ndarray) -> float:
        """Loss at θ."""
        loss = self.losses.loss(theta)
        self.n_losses += 1
        self._note(loss, theta)
        return loss

    def loss_and_grad(self, theta: np.ndarray) -> tuple[float, np.ndarray]:
        """Loss and gradient at θ."""
        loss, grad = self.losses.loss_and_grad(theta)
        self.n_losses += 1
        self.n_gradients += 1
        self._note(loss, theta)
        return loss, grad

    def _note(self, loss: float, theta: np.ndarray) -> None:
        if loss < self.best[0]:
            self.best = loss, theta.copy()

    def after_iteration(self, *_: Any) -> None:
        """Record an iteration: the best loss so far and what it has cost."""
        evaluations = self.n_losses, self.n_gradients
        self.record.add(np.array([self.best[0]]), evaluations=evaluations)
        advance(self.bar, 1)

    def finish(self, message: str) -> History:
        """Return the record.

        A last iteration that was interrupted, or whose line search has failed, has not been
        recorded: it is now, if it led anywhere.
        """
        if self.best[0] < self.record.rows[-1].loss[0]:
            self.after_iteration()
        advance(self.bar, 0, end=True)
        return self.record.history(message)
