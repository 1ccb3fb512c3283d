"""The noise that denoisers are tested on, and what the baselines make of it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ..analysis import best_guess, nearest_lookup
from ..checks import as_rng, at_least
from ..datasets.noise import Noise


@dataclass(frozen=True)
class NoisyTests:
    """The noise that denoisers are tested on: for each run its own, at each level.

    Parameters
    ----------
    kind : str
    levels : tuple of float in [0, 1]
    n_runs : int
    copies : int
        Noisy copies of each character.
    seed : int

    Raises
    ------
    ValueError
        If the test would be empty, or kind or level is none.
    """

    kind: str
    levels: tuple[float, ...]
    n_runs: int
    copies: int
    seed: int

    def __post_init__(self) -> None:
        at_least("test_copies", self.copies)
        for level in self.levels:
            Noise(self.kind, level)

    def draw(self, X: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Return noisy and clean pictures.

        Returns
        -------
        X_noisy : ndarray, shape (n_levels, n_runs, copies·n_samples, n_features)
        Y : ndarray, shape (copies·n_samples, n_features)
        """
        rng = as_rng(self.seed)
        Y = np.tile(X, (self.copies, 1))
        everything = np.broadcast_to(Y, (self.n_runs, *Y.shape))
        return np.array([Noise(self.kind, level)(everything, rng) for level in self.levels]), Y

    def baselines(self, X: np.ndarray) -> np.ndarray:
        """Wrong pixels of doing nothing, of the nearest lookup and of the best guess.

        Returns
        -------
        ndarray, shape (3, n_runs, n_levels)
            The best guess is known for flip noise only, and NaN elsewhere.
        """
        X_noisy, Y = self.draw(X)
        before = wrong_pixels(X_noisy, Y)  # (n_levels, n_runs)
        nearest = wrong_pixels(nearest_lookup(X_noisy, X), Y)
        best = np.full_like(before, np.nan)
        if self.kind == "flip":
            guesses = [best_guess(x, X, p) for x, p in zip(X_noisy, self.levels, strict=True)]
            best = wrong_pixels(np.array(guesses), Y)
        return np.array([before.T, nearest.T, best.T])


def wrong_pixels(X_hat: np.ndarray, Y: np.ndarray) -> np.ndarray:
    """Wrong pixels a picture after rounding at ½, mean over samples, shape (...)."""
    return ((X_hat > 0.5) != (Y > 0.5)).sum(axis=-1).mean(axis=-1)
