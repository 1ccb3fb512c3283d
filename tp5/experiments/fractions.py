"""Trained on some of the characters: what becomes of them, and of the others?

``python -m tp5.experiments.fractions data/studies`` repeats the study that notebook 03 reads, with
the same numbers: a table, and the trained networks of each fraction.
"""

from __future__ import annotations

import sys
import warnings
from collections.abc import Sequence
from concurrent.futures import Executor
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np

from ..analysis import mean_interval
from ..checks import as_data, as_executor, as_list, as_rng, at_least, place_of
from ..models.autoencoder import Autoencoder
from ..models.baselines import mean_image_error
from ..networks.losses import SquaredError
from ..table import Table
from ..training.loop import TrainingWarning
from ..training.optimizers import Optimizer
from ..training.scipy_methods import Scipy
from .held_out import count_training
from .jobs import COURSE, local_processes, run_jobs
from .optimizers import join_runs

LAYERS = (35, 25, 17, 2, 17, 25, 35)
STUDY_RUNS, STUDY_RNG = 10, 3  # of the stored study


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
        names = ("fraction", "characters", "run", "train", "test", "train_mean", "test_mean")
        errors = (self.train, self.test, self.train_mean, self.test_mean)
        rows = []
        for k, run in np.ndindex(self.train.shape):
            numbers = (round(float(error[k, run]), 9) for error in errors)
            learned = " ".join(map(str, self.learned[k][run]))
            rows.append((self.fractions[k], self.n_train[k], run, *numbers, learned))
        return Table.from_rows((*names, "learned"), rows)

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
            self.model(fraction).save(f"{folder}/fractions_{100 * fraction:g}.npz")

    def __repr__(self) -> str:
        return f"{len(self.fractions)} fractions × {self.train.shape[1]} runs\n{self.summary}"


def compare_fractions(
    X: np.ndarray,
    fractions: Sequence[float] = (0.3, 0.5, 0.7),
    layers: Sequence[int] = LAYERS,
    optimizer: Optimizer | Scipy | None = None,
    epochs: int = 20,
    n_runs: int = 5,
    rng: int | np.random.Generator | None = None,
    executor: Executor | None = None,
    progress: bool | None = None,
    **model: Any,
) -> FractionComparison:
    """Train on a random part of the characters, ``n_runs`` times each; test on the others.

    The course's way: logistic units, squared error, weights from U(−1, 1), Powell with 20
    iterations. Each run draws characters of its own, and its own starting weights.

    Parameters
    ----------
    X : ndarray, shape (n_samples, n_features)
    fractions : sequence of float in (0, 1)
        Share of the characters that is trained with.
    layers : sequence of int
    optimizer : Optimizer or Scipy, optional
        By default ``Scipy("Powell")``.
    epochs : int
        Iterations, where the optimizer is a `Scipy`.
    n_runs : int
        At least 2 for an interval.
    rng : int or numpy.random.Generator, optional
    executor : concurrent.futures.Executor, optional
        Trains in parallel; the numbers are the same with and without.
    progress : bool, optional
    **model
        More of `Autoencoder`'s arguments, in place of the course's.

    Returns
    -------
    FractionComparison

    Raises
    ------
    ValueError
        If a fraction leaves no character to train with, or none to test with.
    """
    X = as_data("X", X, ("n_samples", "n_features"))
    fractions = as_list("fractions", fractions)
    n_train = [count_training(fraction, len(X)) for fraction in fractions]
    at_least("n_runs", n_runs)
    at_least("epochs", epochs)
    layers = Autoencoder(layers, **(COURSE | model)).layers
    optimizer = Scipy("Powell") if optimizer is None else optimizer
    generators = as_rng(rng).spawn(len(n_train) * n_runs)
    # Run by run, each through all fractions: with more runs the first ones stay what they were.
    jobs = [
        (layers, COURSE | model, X, n, optimizer, epochs, generator)
        for n, generator in zip(n_train * n_runs, generators, strict=True)
    ]
    results = run_jobs(train_on_part, jobs, as_executor(executor), progress)
    by_fraction = [results[position :: len(n_train)] for position in range(len(n_train))]
    errors = np.array([[run.errors for run in runs] for runs in by_fraction])
    train, test, train_mean, test_mean = np.moveaxis(errors, 2, 0)
    models = []
    for runs in by_fraction:
        models.append(Autoencoder(layers, **(COURSE | model)))
        join_runs(models[-1], [run.model for run in runs])
    return FractionComparison(
        tuple(fractions),
        tuple(n_train),
        train,
        test,
        train_mean,
        test_mean,
        learned=tuple(np.array([run.learned for run in runs]) for runs in by_fraction),
        _models=tuple(models),
    )


class Part(NamedTuple):
    """What became of one run: its errors, in the order of `FractionComparison`."""

    errors: tuple[float, ...]
    learned: np.ndarray
    model: Autoencoder


def train_on_part(
    layers: tuple[int, ...],
    model: dict[str, Any],
    X: np.ndarray,
    n_train: int,
    optimizer: Optimizer | Scipy,
    epochs: int,
    rng: np.random.Generator,
) -> Part:
    """Train with some samples drawn at random and test with the others (a job)."""
    order = rng.permutation(len(X))
    part, rest = X[order[:n_train]], X[order[n_train:]]
    ae = Autoencoder(layers, **model)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", TrainingWarning)  # it stops at its limit: as told
        ae.fit(part, optimizer=optimizer, epochs=epochs, rng=rng, progress=False)
    mean = np.broadcast_to(part.mean(axis=0), rest.shape)
    errors = (
        ae.error(part),
        ae.error(rest),
        mean_image_error(part),
        SquaredError().value(mean, rest),
    )
    return Part(tuple(map(float, errors)), np.sort(order[:n_train]), ae)


def main(folder: str) -> None:
    """Repeat the study of notebook 03: Powell, 20 iterations, 10 runs of each fraction."""
    from ..datasets.fonts import all_characters, load_fonts

    X, _ = all_characters(load_fonts())
    with local_processes() as executor:
        result = compare_fractions(
            X, n_runs=STUDY_RUNS, rng=STUDY_RNG, executor=executor, progress=True
        )
    result.save(folder)
    print(result)


if __name__ == "__main__":
    main(sys.argv[1])
