"""What a comparison of denoisers found, as a table and as numbers to draw."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ..analysis import mean_interval
from ..checks import place_of
from ..models.autoencoder import Autoencoder
from ..table import Table

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
        size = place_of("n_latent", n_latent, self.latent_sizes)
        row = place_of("kind", kind, self.kinds) * len(self.latent_sizes) + size
        whole, n_runs = self._models[row], self.after.shape[3]
        first = place_of("level", level, self.train_levels) * n_runs
        return whole[first : first + n_runs]

    def kept(self, kind: str, n_latent: int) -> np.ndarray:
        """Share of the wrong pixels that is left, after/before, the mean of the runs.

        Returns
        -------
        ndarray, shape (n_train_levels, n_test_levels)
            Below 1 the denoiser beats doing nothing; NaN at test level 0, where nothing is wrong.
        """
        row = place_of("kind", kind, self.kinds)
        after = self.after[row, place_of("n_latent", n_latent, self.latent_sizes)].mean(axis=1)
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
        return Table.from_rows(NAMES, rows)

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
