"""Trained on some of the characters: what becomes of them, and of the others?

``python -m tp5.experiments.fractions data/studies`` repeats the study that notebook 03 reads, with
the same numbers: a table, and the trained networks of each fraction.
"""

from __future__ import annotations

import sys
import warnings
from collections.abc import Sequence
from concurrent.futures import Executor
from typing import Any, NamedTuple

import numpy as np

from ..checks import as_data, as_executor, as_layers, as_list, as_progress, as_rng, at_least, shown
from ..models.autoencoder import Autoencoder
from ..models.baselines import mean_image_error
from ..networks.losses import SquaredError
from ..training.loop import TrainingWarning
from ..training.optimizers import Optimizer
from ..training.scipy_methods import Scipy
from .fraction_comparison import FractionComparison
from .held_out import count_training
from .jobs import COURSE, local_processes, run_jobs
from .optimizers import join_runs

LAYERS = (35, 25, 17, 2, 17, 25, 35)
STUDY_RUNS, STUDY_RNG = 10, 3  # of the stored study


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
    layers = Autoencoder(as_layers("layers", layers), **(COURSE | model)).layers
    optimizer = Scipy("Powell") if optimizer is None else optimizer
    if not isinstance(optimizer, Optimizer | Scipy):
        raise ValueError(f"optimizer must be one of the course's or Scipy, not {shown(optimizer)}.")
    generators = as_rng(rng).spawn(len(n_train) * n_runs)
    # Run by run, each through all fractions: with more runs the first ones stay what they were.
    jobs = [
        (layers, COURSE | model, X, n, optimizer, epochs, generator)
        for n, generator in zip(n_train * n_runs, generators, strict=True)
    ]
    results = run_jobs(train_on_part, jobs, as_executor(executor), as_progress(progress))
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
