"""How well does a denoising autoencoder clean, and does it beat doing nothing, or looking up?

``python -m tp5.experiments.noise class_denoiser.npz`` trains again, as the class did, the denoiser
that notebook 04 opens.
"""

from __future__ import annotations

import sys
import warnings
from collections.abc import Sequence
from concurrent.futures import Executor
from dataclasses import dataclass
from typing import Any

import numpy as np

from ..analysis.intervals import mean_interval
from ..checks import as_data, at_least
from ..datasets.fonts import all_characters, load_fonts
from ..datasets.noise import Noise, best_guess, nearest_lookup, noisy_pairs
from ..models.autoencoder import Autoencoder
from ..table import Table
from ..training.loop import TrainingWarning
from ..training.scipy_methods import Scipy
from .jobs import COURSE, run_jobs

LEVELS = (0.0, 0.05, 0.1, 0.2, 0.3, 0.4, 0.5)
NAMES = ("noise", "latent", "trained_at", "tested_at", "before", "after", "ci95", "nearest", "best")


@dataclass(frozen=True, eq=False)
class NoiseComparison:
    """What `compare_noise` found: wrong pixels a character, after rounding at ½, on fresh noise.

    Attributes
    ----------
    kinds : tuple of str
    latent_sizes : tuple of int
    train_levels, test_levels : tuple of float
    copies : int or None
        Noisy copies of each character in a fixed training set; None: fresh noise every epoch.
    after : ndarray, shape (n_kinds, n_latent_sizes, n_train_levels, n_runs, n_test_levels)
        What the denoisers leave. Each run is tested on a noise of its own.
    before, nearest, best : ndarray, shape (n_kinds, n_runs, n_test_levels)
        Doing nothing; `nearest_lookup`; `best_guess` (NaN where the noise is no flip noise).
    mean_image : float
        Wrong pixels of the mean image, the answer of one who does not look.
    """

    kinds: tuple[str, ...]
    latent_sizes: tuple[int, ...]
    train_levels: tuple[float, ...]
    test_levels: tuple[float, ...]
    copies: int | None
    after: np.ndarray
    before: np.ndarray
    nearest: np.ndarray
    best: np.ndarray
    mean_image: float
    _models: list[Autoencoder]

    def model(self, kind: str, n_latent: int, level: float) -> Autoencoder:
        """Return the trained runs of one kind of noise, latent size and training level."""
        row = self.kinds.index(kind) * len(self.latent_sizes) + self.latent_sizes.index(n_latent)
        whole, n_runs = self._models[row], self.after.shape[3]
        assert whole.theta is not None
        assert whole.history is not None
        first = self.train_levels.index(level) * n_runs
        part = Autoencoder(**whole.config())
        part.theta = whole.theta[first : first + n_runs]
        part.history = whole.history.run(slice(first, first + n_runs))
        return part

    def kept(self, kind: str, n_latent: int) -> np.ndarray:
        """Share of the wrong pixels that is left, after/before, the mean of the runs.

        Returns
        -------
        ndarray, shape (n_train_levels, n_test_levels)
            Below 1 the denoiser beats doing nothing; NaN at test level 0, where nothing is wrong.
        """
        row = self.kinds.index(kind)
        after = self.after[row, self.latent_sizes.index(n_latent)].mean(axis=1)
        before = self.before[row].mean(axis=0)
        return after / np.where(before > 0, before, np.nan)

    @property
    def table(self) -> Table:
        """One row for each kind, latent size, training and test level, with a 95 % interval."""
        rows = []
        for kind, latent, train, test in np.ndindex(*self.after.shape[:3], self.after.shape[-1]):
            mean, half_width = mean_interval(self.after[kind, latent, train, :, test])
            baselines = [a[kind, :, test].mean() for a in (self.nearest, self.best)]
            numbers = (self.before[kind, :, test].mean(), mean, half_width, *baselines)
            levels = (self.train_levels[train], self.test_levels[test])
            about = (self.kinds[kind], self.latent_sizes[latent], *levels)
            rows.append((*about, *map(float, numbers)))
        return Table(dict(zip(NAMES, zip(*rows, strict=True), strict=True)))

    def to_csv(self, path: str) -> None:
        """Write `table` as CSV."""
        self.table.to_csv(path)

    def __repr__(self) -> str:
        noise = "fresh noise every epoch" if self.copies is None else f"{self.copies} noisy copies"
        latents = ", ".join(map(str, self.latent_sizes))
        return (
            f"{', '.join(self.kinds)} × {latents} latent units × {len(self.train_levels)} training "
            f"levels × {self.after.shape[3]} runs ({noise}), tested at {len(self.test_levels)}"
        )


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
    X = as_data("X", X, np.shape(X)[-1])
    at_least("n_runs", n_runs)
    check_lists(
        kinds=kinds, latent_sizes=latent_sizes, train_levels=train_levels, test_levels=test_levels
    )
    rng = np.random.default_rng(rng)
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
            copies,
            epochs,
            generator,
            test,
        )
        for (test, n_latent), generator in zip(cells, rng.spawn(len(cells)), strict=True)
    ]
    results = run_jobs(train_and_test, jobs, executor, progress)
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
        if self.copies == 0:
            raise ValueError("test_copies is 0, so the test set would be empty; make it 1 or more.")
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
        rng = np.random.default_rng(self.seed)
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


def wrong_pixels(X_hat: np.ndarray, Y: np.ndarray) -> np.ndarray:
    """Wrong pixels a picture after rounding at ½, mean over samples, shape (...)."""
    return ((X_hat > 0.5) != (Y > 0.5)).sum(axis=-1).mean(axis=-1)


def check_lists(**lists: Sequence[Any]) -> None:
    """Raise ValueError where there is nothing in one of the lists."""
    for name, values in lists.items():
        if len(values) == 0:
            raise ValueError(f"{name} is empty; give at least one.")


# --- The class's own denoiser -----------------------------------------------------------------

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
    X_noisy, Y = class_pairs(seed)
    optimizer = Scipy("Powell", maxiter=iterations)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", TrainingWarning)  # it stops at its limit: as told
        return Autoencoder(CLASS_LAYERS, **COURSE).fit(
            X_noisy, Y, optimizer=optimizer, n_runs=n_runs, rng=seed, progress=False
        )


if __name__ == "__main__":
    class_denoiser().save(sys.argv[1])
