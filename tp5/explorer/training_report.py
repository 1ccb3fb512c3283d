"""What is said and shown of a training while it goes on: in words, and as a latent map."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from ..analysis.intervals import mean_interval
from ..checks import at_least, number_in
from ..networks.activations import Logistic, Tanh


@dataclass(frozen=True)
class Target:
    """What a training is to reach: a mean error of the runs below ``goal`` in ``within`` epochs.

    A run that has diverged has no error, and with it the runs have no mean.

    Parameters
    ----------
    goal : float > 0
    within : int >= 1

    Raises
    ------
    ValueError
        If they are not.
    """

    goal: float
    within: int

    def __post_init__(self) -> None:
        number_in("a target's error", "(0, ∞)", self.goal)
        at_least("a target's number of epochs", self.within)

    def reached_after(self, losses: np.ndarray) -> int | None:
        """Return the first epoch after which the mean was below, from 1; None if there is none.

        Parameters
        ----------
        losses : ndarray, shape (n_epochs, n_runs)
            After the first epoch, the second, and so on.
        """
        below = np.flatnonzero(losses[: self.within].mean(axis=-1) < self.goal)
        return int(below[0]) + 1 if len(below) else None

    def verdict(self, losses: np.ndarray, ended: bool) -> tuple[bool | None, str]:
        """Return whether it is reached (None: not decided yet), and the same in words."""
        epoch = self.reached_after(losses)
        if epoch is not None:
            return True, f"✓ Reached after {counted(epoch, 'epoch')}: {self}"
        if ended or len(losses) >= self.within:
            return False, f"✗ Not reached: {self}"
        return None, f"… Target: {self}"

    def __str__(self) -> str:
        return f"a mean error below {self.goal:g} within {counted(self.within, 'epoch')}"


def describe_error(loss: np.ndarray) -> str:
    """Say what the error of the runs is now: mean, interval, and how many have diverged.

    Parameters
    ----------
    loss : ndarray, shape (n_runs,)
        NaN where a run has diverged.
    """
    alive = loss[np.isfinite(loss)]
    lost = len(loss) - len(alive)
    if len(alive) == 0:
        return "every run has diverged, its error is no number any more: try a smaller step"
    mean, half_width = mean_interval(alive) if len(alive) > 1 else (alive[0], np.nan)
    words = f"error {mean:.2f}" + (f" ± {half_width:.2f}" if len(alive) > 1 else "")
    if lost:
        words += f" without {lost} of {counted(len(loss), 'run')}: diverged"
    return words


def best_codes(model: Any, X: np.ndarray, loss: np.ndarray) -> np.ndarray:
    """Return the codes of the run with the smallest loss, shape (n_samples, n_latent).

    Parameters
    ----------
    model : Autoencoder
        Trained, or in training.
    X : ndarray, shape (n_samples, n_features)
    loss : ndarray, shape (n_runs,)
    """
    best = int(np.where(np.isfinite(loss), loss, np.inf).argmin())
    return model[best].encode(X)


def map_box(model: Any, codes: np.ndarray) -> list[float]:
    """Return the smallest and largest z1, and those of z2, that a map of the codes should show.

    Where latent units are bounded, it is all that they can say: the map does not move while it
    trains.
    """
    if isinstance(model.latent_activation, Logistic | Tanh):
        least = 0.0 if isinstance(model.latent_activation, Logistic) else -1.0
        return [least, 1.0, least, 1.0]
    low, high = codes.min(axis=0), codes.max(axis=0)
    return np.stack([low, np.where(high > low, high, low + 1)], axis=1).ravel().tolist()


def counted(number: int, noun: str) -> str:
    """Return "1 epoch", "2 epochs"."""
    return f"{number} {noun}" + ("" if number == 1 else "s")
