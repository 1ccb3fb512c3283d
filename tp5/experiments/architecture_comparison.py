"""What a comparison of architectures found, as tables and as curves to draw."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ..analysis import mean_interval
from ..checks import position
from ..models.autoencoder import Autoencoder
from ..table import Table


@dataclass(frozen=True, eq=False)
class ArchitectureComparison:
    """What `compare_architectures` found.

    Attributes
    ----------
    architectures : tuple of tuple of int
    momenta : tuple of float
    fonts : tuple of str
    lr : float
    together : bool
        Whether one network learned the characters of all fonts.
    loss : ndarray, shape (n_architectures, n_momenta, n_trained, n_runs, n_epochs + 1)
        Squared error before training and after each epoch, on what was learned: one font after
        the other, or all of them together (then n_trained is 1).
    final : ndarray, shape (n_architectures, n_momenta, n_fonts, n_runs)
        Squared error after the last epoch, on each font's characters.
    mean_image, pca : ndarray, shape (n_fonts,)
        The two baselines, learned from the same characters, on each font's characters.
    """

    architectures: tuple[tuple[int, ...], ...]
    momenta: tuple[float, ...]
    fonts: tuple[str, ...]
    lr: float
    together: bool
    loss: np.ndarray
    final: np.ndarray
    mean_image: np.ndarray
    pca: np.ndarray
    _models: list[Autoencoder]

    def model(self, architecture: int, momentum: int, font: int | None = None) -> Autoencoder:
        """Return the trained runs of one cell of the comparison, by its positions.

        Where one network learned all fonts, a cell has no font.
        """
        n_architectures, n_momenta, n_trained, n_runs, _ = self.loss.shape
        whole = self._models[position("architecture", architecture, n_architectures)]
        position("momentum", momentum, n_momenta)
        if self.together and font is not None:
            raise ValueError("one network learned all fonts together; leave font out.")
        trained = 0 if self.together else position("font", font, n_trained)
        first = int(np.ravel_multi_index((momentum, trained, 0), (n_momenta, n_trained, n_runs)))
        return whole[first : first + n_runs]

    @property
    def names(self) -> list[str]:
        """The architectures as a figure names them: "35-2-35"."""
        return ["-".join(map(str, layers)) for layers in self.architectures]

    def curves(self, momentum: int) -> dict[str, np.ndarray]:
        """Error by epoch of every architecture at one momentum (by its position).

        Returns
        -------
        dict of name to ndarray, shape (n_epochs + 1, n_runs)
            Each run's mean over the fonts.
        """
        momentum = position("momentum", momentum, len(self.momenta))
        means = self.loss[:, momentum].mean(axis=1)  # (n_architectures, n_runs, n_epochs + 1)
        return dict(zip(self.names, means.swapaxes(1, 2), strict=True))

    def errors(self, momentum: int, font: int | None = None) -> dict[str, np.ndarray]:
        """Final error of every architecture at one momentum (by its position).

        Parameters
        ----------
        momentum : int
        font : int, optional
            Position of a font; without it each run's mean over the fonts.

        Returns
        -------
        dict of name to ndarray, shape (n_runs,)
        """
        momentum = position("momentum", momentum, len(self.momenta))
        final = self.final[:, momentum]  # (n_architectures, n_fonts, n_runs)
        if font is not None:
            font = position("font", font, len(self.fonts))
        runs = final.mean(axis=1) if font is None else final[:, font]
        return dict(zip(self.names, runs, strict=True))

    @property
    def table(self) -> Table:
        """One row a cell: final error of each architecture, momentum and font, with interval."""
        names = ("architecture", "momentum", "font", "error", "ci95", "worst", "best")
        rows = []
        for cell in np.ndindex(self.final.shape[:3]):
            errors = self.final[cell]
            mean, half_width = mean_interval(errors)
            about = (self.names[cell[0]], self.momenta[cell[1]])
            numbers = (mean, half_width, errors.max(), errors.min())
            rows.append((*about, self.fonts[cell[2]], *map(float, numbers)))
        return Table.from_rows(names, rows)

    @property
    def summary(self) -> Table:
        """One row an architecture and momentum: each run's mean over the fonts, with interval."""
        names = ("architecture", "momentum", "error", "ci95")
        rows = []
        for place, momentum in enumerate(self.momenta):
            for name, runs in self.errors(place).items():
                rows.append((name, momentum, *map(float, mean_interval(runs))))
        return Table.from_rows(names, rows)

    def to_csv(self, path: str) -> None:
        """Write `table` as CSV."""
        self.table.to_csv(path)

    def __repr__(self) -> str:
        n_runs, rows = self.loss.shape[3:]
        return (
            f"{len(self.architectures)} architectures × momenta {self.momenta} × "
            f"{len(self.fonts)} fonts{' together' * self.together} × {n_runs} runs, "
            f"{rows - 1} epochs, lr {self.lr:g}\n"
            f"{self.summary}"
        )
