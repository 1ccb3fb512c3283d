"""What a comparison of fractions found, as a table, as networks, and as files."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ..analysis import mean_interval
from ..checks import place_of
from ..files import data_path
from ..models.autoencoder import Autoencoder
from ..table import Table
from .studies import ERRORS, read_study


@dataclass(frozen=True, eq=False)
class FractionComparison:
    """What `compare_fractions` found: squared errors a character (sum over pixels).

    Attributes
    ----------
    fractions : tuple of float
    n_train : tuple of int
        Characters that each fraction is.
    train, test : ndarray, shape (n_fractions, n_runs)
        Error on the characters that were trained with, and on those held out.
    train_mean, test_mean : ndarray, shape (n_fractions, n_runs)
        Error, on the same characters, of the mean image of those trained with.
    learned : tuple of ndarray of int, each of shape (n_runs, n_train)
        The samples that each run was trained with, by their positions.
    """

    fractions: tuple[float, ...]
    n_train: tuple[int, ...]
    train: np.ndarray
    test: np.ndarray
    train_mean: np.ndarray
    test_mean: np.ndarray
    learned: tuple[np.ndarray, ...]
    _models: tuple[Autoencoder, ...]

    def model(self, fraction: float) -> Autoencoder:
        """Return the trained runs of one fraction."""
        return self._models[place_of("fraction", fraction, self.fractions)]

    @property
    def table(self) -> Table:
        """One row a run; errors to nine digits, since BLAS rounds the sixteenth as it likes."""
        errors = (self.train, self.test, self.train_mean, self.test_mean)
        rows = []
        for k, run in np.ndindex(self.train.shape):
            numbers = (round(float(error[k, run]), 9) for error in errors)
            learned = " ".join(map(str, self.learned[k][run]))
            rows.append((self.fractions[k], self.n_train[k], run, *numbers, learned))
        return Table.from_rows(("fraction", "characters", "run", *ERRORS, "learned"), rows)

    @property
    def summary(self) -> Table:
        """One row a fraction: means with 95 % intervals."""
        train, train_ci = mean_interval(self.train)
        test, test_ci = mean_interval(self.test)
        return Table(
            {
                "fraction": self.fractions,
                "characters": self.n_train,
                "train": train.tolist(),
                "train_ci95": train_ci.tolist(),
                "test": test.tolist(),
                "test_ci95": test_ci.tolist(),
                "mean image, test": self.test_mean.mean(axis=1).tolist(),
            }
        )

    def to_csv(self, path: str) -> None:
        """Write `table` as CSV."""
        self.table.to_csv(path)

    def save(self, folder: str) -> None:
        """Write ``fractions.csv``, and the networks as ``fractions_30.npz`` for each percentage."""
        self.to_csv(f"{folder}/fractions.csv")
        for fraction in self.fractions:
            self.model(fraction).save(f"{folder}/fractions_{percent(fraction)}.npz")

    @classmethod
    def shipped(cls) -> FractionComparison:
        """Return the study that the course ships: Powell, 10 runs of each fraction, our font.

        Raises
        ------
        StudyError
            If its table is not the one that the course shipped.
        """
        table = read_study("fractions")
        fractions = tuple(dict.fromkeys(table["fraction"]))
        parts = [table.where(fraction=fraction) for fraction in fractions]
        files = [data_path(f"studies/fractions_{percent(fraction)}.npz") for fraction in fractions]
        train, test, train_mean, test_mean = (
            np.array([part[name] for part in parts]) for name in ERRORS
        )
        return cls(
            fractions,
            tuple(part["characters"][0] for part in parts),
            train,
            test,
            train_mean,
            test_mean,
            learned=tuple(
                np.array([line.split() for line in part["learned"]], dtype=int) for part in parts
            ),
            _models=tuple(map(Autoencoder.load, files)),
        )

    def __repr__(self) -> str:
        return f"{len(self.fractions)} fractions × {self.train.shape[1]} runs\n{self.summary}"


def percent(fraction: float) -> str:
    """Return 0.3 as "30", for the name of a file."""
    return f"{100 * fraction:g}"
