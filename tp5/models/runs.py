"""One θ for each run: what a trained model holds, and how a run is taken out of it."""

from __future__ import annotations

import copy
from typing import Any, Self

import numpy as np

from ..checks import ModelError, as_runs
from ..training import History


class Runs:
    """A model's runs: their weights and their record.

    Attributes
    ----------
    theta : ndarray, shape (n_runs, n_params), or None before training
    history : History, or None before training
    """

    def __init__(self) -> None:
        self.theta: np.ndarray | None = None
        self.history: History | None = None

    @property
    def results_(self) -> list[Any]:
        """What scipy returned for each run, when the optimizer was a `Scipy`."""
        return self.history.results if self.history else []

    @property
    def n_runs(self) -> int:
        """Runs trained; 0 before training."""
        return 0 if self.theta is None else len(self.theta)

    def __len__(self) -> int:
        return self.n_runs

    def __bool__(self) -> bool:
        return True  # a model that is not trained is still a model

    def __getitem__(self, run: int | slice) -> Self:
        """Return one run, or some, as a model of its own: ``model[3]``, ``model[10:20]``."""
        theta = self.trained_theta()
        run = as_runs(run, len(theta))
        part = copy.copy(self)
        part.theta = theta[run].copy()
        part.history = self.history.run(run) if self.history else None
        return part

    @property
    def best(self) -> Self:
        """The run with the smallest training loss."""
        self.trained_theta()
        if self.history is None:
            raise ModelError(
                "this model has no history, so its best run is unknown; take one by [i]."
            )
        loss = self.history.final_loss
        if np.isnan(loss).all():
            raise ModelError(
                "no run of this model has a finite loss, so none is the best; take one by [i]."
            )
        return self[int(np.nanargmin(loss))]

    def trained_theta(self) -> np.ndarray:
        """Return θ, shape (n_runs, n_params).

        Raises
        ------
        ModelError
            If the model is not trained.
        """
        if self.theta is None:
            raise ModelError(f"this {type(self).__name__} is not trained yet; call fit(X) first.")
        return self.theta

    def theta_for(self, name: str, array: np.ndarray) -> np.ndarray:
        """Return θ as samples meet it: without its runs axis where there is one run only.

        Raises
        ------
        ModelError
            If the model is not trained.
        ValueError
            If ``array``, whose name is for the message, has another number of runs.
        """
        theta = self.trained_theta()
        if array.ndim == 3 and len(theta) > 1 and len(array) != len(theta):
            raise ValueError(
                f"{name} is for {len(array)} runs, and this model has {len(theta)} runs."
            )
        return theta[0] if len(theta) == 1 else theta

    def describe_training(self) -> str:
        """Return ", 5 runs, trained 150 epochs, loss 4.71 ± 0.32", or ", not trained"."""
        if self.theta is None:
            return ", not trained"
        runs = "" if self.n_runs == 1 else f", {self.n_runs} runs"
        if self.history is None:
            return runs
        loss = self.history.final_loss
        spread = f" ± {np.nanstd(loss, ddof=1):.2f}" if self.n_runs > 1 else ""
        n_epochs = self.history.n_epochs
        epochs = f", trained {n_epochs} epoch" + ("" if n_epochs == 1 else "s")
        return f"{runs}{epochs}, loss {np.nanmean(loss):.2f}{spread}"


def thousands(number: int) -> str:
    """Return 2789 as "2 789", with a narrow no-break space."""
    return f"{number:,}".replace(",", "\N{NARROW NO-BREAK SPACE}")
