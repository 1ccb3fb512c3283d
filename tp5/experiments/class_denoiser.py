"""The denoiser that the class trained: two characters of each font, Powell."""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from concurrent.futures import Executor

import numpy as np

from ..checks import as_data, as_executor, as_labels, as_progress, as_rng, at_least
from ..datasets.noise import Noise, noisy_pairs
from ..models.autoencoder import Autoencoder
from ..training.loop import TrainingWarning
from ..training.scipy_methods import Scipy
from .jobs import COURSE, run_jobs
from .optimizers import join_runs

CLASS_CHARACTERS = ("3", "7", "A", "K", "a", "g")  # two of each font
CLASS_LAYERS = (35, 25, 17, 5, 17, 25, 35)


def class_characters(labels: Sequence[str]) -> list[str]:
    """Return the class's six characters; of a font that lacks one, six spread over all it has."""
    labels = as_labels("labels", labels)
    if set(CLASS_CHARACTERS) <= set(labels):
        return list(CLASS_CHARACTERS)
    places = np.linspace(0, len(labels), len(CLASS_CHARACTERS) + 2)[1:-1].astype(int)
    return [labels[place] for place in places]


def class_pairs(
    X: np.ndarray, labels: Sequence[str], rng: int | np.random.Generator | None = None
) -> tuple[np.ndarray, np.ndarray]:
    """Return the class's training pairs: six characters, four noisy samples each, flip 0.1.

    Parameters
    ----------
    X : ndarray, shape (n_samples, n_features)
        The characters of all fonts; see `tp5.datasets.all_characters`.
    labels : sequence of str
        `class_characters` chooses among them.
    rng : int or numpy.random.Generator, optional

    Returns
    -------
    X_noisy, Y : ndarray, shape (24, n_features)
    """
    X = as_data("X", X, ("n_samples", "n_features"))
    labels = as_labels("labels", labels, len(X))
    six = X[[labels.index(label) for label in class_characters(labels)]]
    return noisy_pairs(six, Noise("flip", 0.1), copies=4, rng=rng)


def class_denoiser(
    X_noisy: np.ndarray,
    Y: np.ndarray,
    n_runs: int = 3,
    iterations: int = 20,
    rng: int | np.random.Generator | None = None,
    executor: Executor | None = None,
    progress: bool | None = None,
) -> Autoencoder:
    """Train as the class did: 35-25-17-5-17-25-35, logistic units, squared error, Powell.

    Every run begins with weights of its own and sees the same pairs. A run asks for the loss one
    or two hundred thousand times: some seconds.

    Parameters
    ----------
    X_noisy, Y : ndarray, shape (n_pairs, 35)
        Such as `class_pairs` returns.
    n_runs, iterations : int
    rng : int or numpy.random.Generator, optional
    executor : concurrent.futures.Executor, optional
        Trains in parallel; the numbers are the same with and without.
    progress : bool, optional

    Returns
    -------
    Autoencoder
    """
    at_least("iterations", iterations)
    generators = as_rng(rng).spawn(at_least("n_runs", n_runs))
    jobs = [(X_noisy, Y, iterations, generator) for generator in generators]
    denoiser = Autoencoder(CLASS_LAYERS, **COURSE)
    join_runs(
        denoiser, run_jobs(train_denoiser, jobs, as_executor(executor), as_progress(progress))
    )
    return denoiser


def train_denoiser(
    X_noisy: np.ndarray, Y: np.ndarray, iterations: int, rng: np.random.Generator
) -> Autoencoder:
    """Train one run (a job)."""
    optimizer = Scipy("Powell", maxiter=iterations)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", TrainingWarning)  # it stops at its limit: as told
        return Autoencoder(CLASS_LAYERS, **COURSE).fit(
            X_noisy, Y, optimizer=optimizer, rng=rng, progress=False
        )
