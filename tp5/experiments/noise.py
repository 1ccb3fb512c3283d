"""How well does a denoising autoencoder clean, and does it beat doing nothing, or looking up?"""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import Executor
from typing import Any

import numpy as np

from ..checks import (
    as_data,
    as_executor,
    as_list,
    as_progress,
    as_rng,
    as_sequence,
    at_least,
)
from ..datasets.noise import Noise, noisy_pairs
from ..models.autoencoder import Autoencoder
from .jobs import run_jobs
from .noise_comparison import NoiseComparison
from .noisy_tests import NoisyTests, wrong_pixels

LEVELS = (0.0, 0.05, 0.1, 0.2, 0.3, 0.4, 0.5)


def compare_noise(
    X: np.ndarray,
    kinds: Sequence[str] = ("flip", "salt_and_pepper", "gaussian", "masking"),
    latent_sizes: Sequence[int] = (2, 5, 10, 20),
    train_levels: Sequence[float] = LEVELS,
    test_levels: Sequence[float] = LEVELS,
    hidden: Sequence[int] = (64, 32),
    copies: int | None = None,
    n_runs: int = 5,
    epochs: int = 1000,
    test_copies: int = 50,
    rng: int | np.random.Generator | None = None,
    executor: Executor | None = None,
    progress: bool | None = None,
    **model: Any,
) -> NoiseComparison:
    """Train denoisers on each kind of noise, at each level, through each latent size; test them.

    All levels and runs of one kind and latent size train together on the runs axis. Every run is
    tested at every level, on noise of its own that no denoiser has seen.

    Parameters
    ----------
    X : ndarray, shape (n_samples, n_features)
        Clean characters, values 0 or 1.
    kinds : sequence of {"flip", "salt_and_pepper", "gaussian", "masking"}
    latent_sizes : sequence of int
    train_levels, test_levels : sequence of float in [0, 1]
    hidden : sequence of int
        Widths between input and latent layer; the decoder mirrors them.
    copies : int, optional
        Train on a fixed set with so many noisy copies of each character, instead of noise drawn
        anew every epoch.
    n_runs : int
        At least 2 for an interval.
    epochs : int
    test_copies : int
        Noisy copies of each character in the test of each run and level, at least 1.
    rng : int or numpy.random.Generator, optional
    executor : concurrent.futures.Executor, optional
        Trains in parallel; the numbers are the same with and without.
    progress : bool, optional
    **model
        More of `Autoencoder`'s arguments.

    Returns
    -------
    NoiseComparison

    Raises
    ------
    ValueError
        If the test set would be empty, a list is empty, a kind is unknown, a level lies outside
        [0, 1], or X does not fit.
    """
    X = as_data("X", X, ("n_samples", "n_features"))
    at_least("n_runs", n_runs)
    kinds, latent_sizes = as_list("kinds", kinds), as_list("latent_sizes", latent_sizes)
    latent_sizes = [at_least("each of latent_sizes", size) for size in latent_sizes]
    train_levels = as_list("train_levels", train_levels)
    test_levels = as_list("test_levels", test_levels)
    hidden = [at_least("each of hidden", width) for width in as_sequence("hidden", hidden, least=0)]
    rng = as_rng(rng)
    # The tests of a kind come from one seed: every denoiser of that kind sees the same noise.
    tests = [
        NoisyTests(kind, tuple(test_levels), n_runs, test_copies, int(rng.integers(2**31)))
        for kind in kinds
    ]
    cells = [(test, n_latent) for test in tests for n_latent in latent_sizes]
    jobs = [
        (
            (X.shape[1], *hidden, n_latent, *reversed(hidden), X.shape[1]),
            {"dtype": "float32"} | model,
            X,
            [Noise(test.kind, level) for level in train_levels for _ in range(n_runs)],
            None if copies is None else at_least("copies", copies),
            at_least("epochs", epochs),
            generator,
            test,
        )
        for (test, n_latent), generator in zip(cells, rng.spawn(len(cells)), strict=True)
    ]
    results = run_jobs(train_and_test, jobs, as_executor(executor), as_progress(progress))
    shape = (len(kinds), len(latent_sizes), len(train_levels), n_runs, len(test_levels))
    before, nearest, best = np.stack([test.baselines(X) for test in tests], axis=1)
    return NoiseComparison(
        kinds=tuple(kinds),
        latent_sizes=tuple(latent_sizes),
        train_levels=tuple(train_levels),
        test_levels=tuple(test_levels),
        copies=copies,
        after=np.array([wrong for _, wrong in results]).reshape(shape),
        before=before,
        nearest=nearest,
        best=best,
        mean_image=float(wrong_pixels(np.broadcast_to(X.mean(axis=0), X.shape), X)),
        _models=[denoiser for denoiser, _ in results],
    )


def train_and_test(
    layers: tuple[int, ...],
    model: dict[str, Any],
    X: np.ndarray,
    noises: list[Noise],
    copies: int | None,
    epochs: int,
    rng: np.random.Generator,
    tests: NoisyTests,
) -> tuple[Autoencoder, np.ndarray]:
    """Train the denoisers of one kind and latent size, and test them all (a job).

    Returns
    -------
    denoiser : Autoencoder
        A run for each of ``noises``: all runs of the first level, then of the next.
    wrong : ndarray, shape (n_train_levels·n_runs, n_test_levels)
    """
    denoiser = Autoencoder(layers, **model)
    if copies is None:
        denoiser.fit(X, noise=noises, n_runs=len(noises), epochs=epochs, rng=rng, progress=False)
    else:
        pairs = [noisy_pairs(X, noise, copies, rng) for noise in noises]
        X_noisy, Y = (np.array(side) for side in zip(*pairs, strict=True))
        denoiser.fit(X_noisy, Y, epochs=epochs, rng=rng, progress=False)
    X_noisy, Y = tests.draw(X)
    # Run r of every training level meets the test noise of run r.
    repeats = len(noises) // tests.n_runs
    wrong = [wrong_pixels(denoiser.reconstruct(np.tile(x, (repeats, 1, 1))), Y) for x in X_noisy]
    return denoiser, np.array(wrong).T
