"""The denoiser that the class trained.

``python -m tp5.experiments.class_denoiser class_denoiser.npz`` trains again, as the class did, the
one that notebook 04 opens.
"""

from __future__ import annotations

import sys
import warnings

import numpy as np

from ..checks import at_least
from ..datasets.fonts import all_characters, load_fonts
from ..datasets.noise import Noise, noisy_pairs
from ..models.autoencoder import Autoencoder
from ..training.loop import TrainingWarning
from ..training.scipy_methods import Scipy
from .jobs import COURSE

CLASS_CHARACTERS = ("3", "7", "A", "K", "a", "g")  # two of each font
CLASS_LAYERS = (35, 25, 17, 5, 17, 25, 35)


def class_pairs(rng: int | np.random.Generator | None = None) -> tuple[np.ndarray, np.ndarray]:
    """Return the class's training pairs: six characters, four noisy samples each, flip 0.1.

    Returns
    -------
    X_noisy, Y : ndarray, shape (24, 35)
    """
    X, labels = all_characters(load_fonts())
    six = X[[labels.index(label) for label in CLASS_CHARACTERS]]
    return noisy_pairs(six, Noise("flip", 0.1), copies=4, rng=rng)


def class_denoiser(n_runs: int = 3, iterations: int = 20, seed: int = 0) -> Autoencoder:
    """Train as the class did: 35-25-17-5-17-25-35, logistic units, squared error, Powell.

    Every run begins with weights of its own and sees the same 24 pairs, ``class_pairs(seed)``.
    Twenty iterations are about half a million evaluations of the loss a run: half a minute or more.

    Parameters
    ----------
    n_runs, iterations, seed : int

    Returns
    -------
    Autoencoder
    """
    X_noisy, Y = class_pairs(at_least("seed", seed, 0))
    optimizer = Scipy("Powell", maxiter=iterations)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", TrainingWarning)  # it stops at its limit: as told
        return Autoencoder(CLASS_LAYERS, **COURSE).fit(
            X_noisy, Y, optimizer=optimizer, n_runs=n_runs, rng=seed, progress=False
        )


if __name__ == "__main__":
    class_denoiser().save(sys.argv[1])
